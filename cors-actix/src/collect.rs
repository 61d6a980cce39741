//! Collecting annotated handlers while applications start.
//!
//! `register` runs while actix builds an application, the middleware's `new_transform` after that,
//! on the same thread. In between, a handler's registration waits here. Several applications may be
//! under construction at once (a server bound to two addresses), so that each registration belongs
//! to an [`App`], told apart by the default service that all scopes of an application share.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::{Rc, Weak},
};

use actix_service::boxed::BoxServiceFactory;
use actix_web::{
    Error, HttpRequest,
    body::BoxBody,
    dev::{AppConfig, AppService, ServiceRequest, ServiceResponse},
    error::UrlGenerationError,
    test::TestRequest,
};

use crate::{
    __private::Handler,
    alignment::Alignment,
    listing::Service,
    marker::Marker,
    misuse,
    tag::{self, Slot},
};

type DefaultService = BoxServiceFactory<(), ServiceRequest, ServiceResponse<BoxBody>, Error, ()>;

/// The annotated handlers of one application.
pub(crate) struct App {
    default: Weak<DefaultService>,
    registrations: RefCell<Vec<Registration>>,
    /// The marker that was registered last, and its scope.
    last: RefCell<Option<(ScopeKey, Rc<Marker>)>>,
    /// How many methods its routes have.
    places: Cell<usize>,
    /// The identity of its root, if a handler is registered there.
    root: Cell<Option<usize>>,
    /// When its router was constructed, relative to those of other applications.
    constructed: Cell<usize>,
    /// Where its innermost middleware was built.
    claimed_by: Cell<Option<misuse::Place>>,
    /// Whether its requests come through a middleware around all of it.
    wrapped: Cell<bool>,
}

/// One registration of an annotated handler; a handler may have several.
#[derive(Clone)]
pub(crate) struct Registration {
    pub(crate) handler: &'static Handler,
    /// One for each route of the handler.
    pub(crate) slots: Vec<Rc<Slot>>,
    /// The marker of its scope; `None` at the root of the application.
    marker: Option<Rc<Marker>>,
    /// The full prefix of its scope, if the marker's is another one after all.
    moved_to: Rc<OnceCell<String>>,
}

/// What is the same for handlers of one scope that are registered one after the other: where actix
/// keeps the services of the scope and the configuration, and how many share the default service.
/// Two scopes may have the same; the first request shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ScopeKey {
    services: usize,
    config: usize,
    defaults: usize,
}

impl ScopeKey {
    fn of(config: &AppService) -> Self {
        Self {
            services: std::ptr::from_ref(config).addr(),
            config: identity(config.config()),
            defaults: Rc::strong_count(&config.default_service()),
        }
    }
}

thread_local! {
    static APPS: RefCell<Vec<Rc<App>>> = const { RefCell::new(Vec::new()) };
    static CONSTRUCTIONS: Cell<usize> = const { Cell::new(0) };
}

/// Registers an annotated handler with actix by calling `register_service`, and remembers it for the
/// middleware. Not generic, so that it is compiled once for all handlers.
pub fn register(
    register_service: fn(&mut AppService),
    handler: &'static Handler,
    config: &mut AppService,
) {
    let app = app_of(config);
    let slots: Vec<Rc<Slot>> = handler
        .routes
        .iter()
        .map(|route| {
            let first = app.add_places(route.methods.len());
            Slot::new(&app, handler.location, route.methods, first)
        })
        .collect();
    tag::with_slots(&slots, || register_service(config));
    if config.is_root() {
        app.root.set(Some(identity(config.config())));
    }
    let marker = (!config.is_root()).then(|| app.marker(config));
    let moved_to = Rc::default();
    app.registrations.borrow_mut().push(Registration { handler, slots, marker, moved_to });
}

fn app_of(config: &AppService) -> Rc<App> {
    let default = Rc::downgrade(&config.default_service());
    APPS.with_borrow_mut(|apps| {
        if let Some(app) = apps.iter().find(|app| app.default.ptr_eq(&default)) {
            return Rc::clone(app);
        }
        apps.retain(App::is_needed);
        let app = Rc::new(App {
            default,
            registrations: RefCell::default(),
            last: RefCell::default(),
            places: Cell::new(0),
            root: Cell::new(None),
            constructed: Cell::new(0),
            claimed_by: Cell::new(None),
            wrapped: Cell::new(false),
        });
        apps.push(Rc::clone(&app));
        app
    })
}

/// Notes that a part of an application's router has been constructed.
pub(crate) fn constructed(app: &App) {
    let now = CONSTRUCTIONS.get() + 1;
    CONSTRUCTIONS.set(now);
    app.constructed.set(now);
}

/// What a middleware stands around, as the type of the service shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Around {
    /// A scope or a resource.
    Part,
    /// An application.
    Application,
    /// An application with a middleware of this kind, unless a condition keeps it out.
    Another,
}

/// The application under construction whose router was constructed last: in the same poll, actix
/// calls the `new_transform` of the middleware around that router. One that has a middleware is left
/// to those that stand around another; where that was built is answered too.
pub(crate) fn claim(by: misuse::Place, around: Around) -> (Option<Rc<App>>, Option<misuse::Place>) {
    let last = |is_claimed: bool| {
        APPS.with_borrow(|apps| {
            let started = apps.iter().filter(|app| app.constructed.get() > 0);
            let starting = started.filter(|app| app.is_under_construction());
            let fit = starting.filter(|app| app.claimed_by.get().is_some() == is_claimed);
            fit.max_by_key(|app| app.constructed.get()).map(Rc::clone)
        })
    };
    let claimed = (around == Around::Another).then(|| last(true)).flatten();
    let Some(app) = claimed.or_else(|| last(false)) else { return (None, None) };
    let inner = app.claimed_by.get();
    if around != Around::Part {
        app.claimed_by.set(inner.or(Some(by)));
    }
    (Some(app), inner)
}

/// What the first request shows of a claim.
pub(crate) enum Verdict {
    /// It holds.
    Right,
    /// The request's application is another one, or one without annotated handlers.
    Wrong(Option<Rc<App>>),
}

/// Checks a claim by a request: another middleware may have waited between router and [`claim`].
pub(crate) fn verify(claimed: Option<&Rc<App>>, request: &HttpRequest) -> Verdict {
    if claimed.is_some_and(|app| !app.is_foreign_to(request)) {
        return Verdict::Right;
    }
    let own = APPS.with_borrow(|apps| {
        let mut needed = apps.iter().filter(|app| app.is_needed());
        needed.find(|app| !app.is_foreign_to(request)).map(Rc::clone)
    });
    if own.is_none() && claimed.is_none() { Verdict::Right } else { Verdict::Wrong(own) }
}

impl Registration {
    /// Whether the route's own path is empty, so that its scope consumes all of it.
    pub(crate) fn is_empty_path(&self, route: usize) -> bool {
        self.handler.routes[route].path.is_empty()
    }

    /// The full prefix of its scope, if actix tells it.
    pub(crate) fn prefix(&self) -> Option<String> {
        match (self.moved_to.get(), &self.marker) {
            (Some(prefix), _) => Some(prefix.clone()),
            (None, Some(marker)) => marker.prefix(),
            (None, None) => Some(String::new()),
        }
    }

    /// The name of the service that marks its scope.
    pub(crate) fn marker(&self) -> Option<&str> {
        self.marker.as_ref().map(|marker| marker.service())
    }

    fn correct(&self, prefix: &str) {
        if self.prefix().is_some_and(|own| own != prefix) {
            self.moved_to.get_or_init(|| prefix.to_owned());
        }
    }
}

/// The pattern as `Resource` registers it: with a leading slash, unless it is empty.
pub(crate) fn leaf_pattern(path: &str) -> String {
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

impl App {
    /// Makes room for the methods of a route; the place of the first.
    fn add_places(&self, count: usize) -> usize {
        self.places.replace(self.places.get() + count)
    }

    /// Notes that a middleware stands around all of it.
    pub(crate) fn wrap(&self) {
        self.wrapped.set(true);
    }

    pub(crate) fn is_wrapped(&self) -> bool {
        self.wrapped.get()
    }

    /// The marker of the scope that a handler has been registered in; those before it may have one.
    fn marker(&self, config: &mut AppService) -> Rc<Marker> {
        let key = ScopeKey::of(config);
        let known = self.last.borrow().clone();
        if let Some((_, marker)) = known.filter(|(own, _)| *own == key) {
            return marker;
        }
        let marker = Rc::new(Marker::register(config));
        self.last.replace(Some((key, Rc::clone(&marker))));
        marker
    }

    /// Whether handlers are in other scopes than they seemed to be at start.
    pub(crate) fn correct(&self, services: &[Service]) -> bool {
        let registrations = self.registrations();
        let Some(alignment) = Alignment::new(services, &registrations) else { return false };
        for (number, prefix) in alignment.prefixes() {
            registrations[number].correct(prefix);
        }
        registrations.iter().any(|own| own.moved_to.get().is_some())
    }

    pub(crate) fn registrations(&self) -> Vec<Registration> {
        self.registrations.borrow().clone()
    }

    /// Whether actix still holds what the application is made from.
    fn is_under_construction(&self) -> bool {
        self.default.strong_count() > 0
    }

    /// Whether it is under construction, or its router still holds a tag.
    fn is_needed(self: &Rc<Self>) -> bool {
        let is_held = |slot: &Rc<Slot>| Rc::strong_count(slot) > 1;
        let registrations = self.registrations.borrow();
        self.is_under_construction()
            || registrations.iter().any(|registration| registration.slots.iter().any(is_held))
    }

    /// Whether the request did not arrive at this application: the root is known by its
    /// configuration, scopes by the unique names of their markers.
    fn is_foreign_to(&self, request: &HttpRequest) -> bool {
        let is_other_root = |root| root != identity(request.app_config());
        let resources = request.resource_map();
        // built for this request, because the real one's `Host` is the client's
        let any = TestRequest::default().to_http_request();
        let lacks = |marker: &Rc<Marker>| {
            let url = resources.url_for(&any, marker.name(), std::iter::empty::<&str>());
            matches!(url, Err(UrlGenerationError::ResourceNotFound))
        };
        let registrations = self.registrations.borrow();
        self.root.get().is_some_and(is_other_root)
            || registrations.iter().filter_map(|own| own.marker.as_ref()).any(lacks)
    }
}

/// What is the same for the root of an application while it registers and when it serves: actix
/// moves the configuration, so that the text of the host stays where it is.
fn identity(config: &AppConfig) -> usize {
    config.host().as_ptr().addr()
}
