//! Collecting annotated handlers while applications start.
//!
//! `register` runs while actix builds an application, the middleware's `new_transform` after that,
//! on the same thread. In between, a handler's registration waits here. Several applications may be
//! under construction at once (a server bound to two addresses), so that each registration belongs
//! to an [`App`], told apart by the default service that all scopes of an application share.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use actix_service::boxed::BoxServiceFactory;
use actix_web::{
    Error, HttpRequest,
    body::BoxBody,
    dev::{
        AppService, HttpServiceFactory, ResourceDef, ResourceMap, ServiceRequest, ServiceResponse,
    },
    error::UrlGenerationError,
    test::TestRequest,
};

use crate::{
    __private::{Handler, Route},
    marker::Marker,
    tag::{self, Slot},
};

type DefaultService = BoxServiceFactory<(), ServiceRequest, ServiceResponse<BoxBody>, Error, ()>;

/// The annotated handlers of one application.
pub(crate) struct App {
    default: Weak<DefaultService>,
    registrations: RefCell<Vec<Registration>>,
    /// When its router was constructed, relative to those of other applications.
    constructed: Cell<usize>,
}

/// One registration of an annotated handler; a handler may have several.
#[derive(Clone)]
pub(crate) struct Registration {
    pub(crate) handler: &'static Handler,
    /// One for each route of the handler.
    pub(crate) slots: Vec<Rc<Slot>>,
    /// The marker of its scope; `None` at the root of the application.
    pub(crate) marker: Option<Rc<Marker>>,
}

thread_local! {
    static APPS: RefCell<Vec<Rc<App>>> = const { RefCell::new(Vec::new()) };
    static CONSTRUCTIONS: Cell<usize> = const { Cell::new(0) };
}

/// Registers an annotated handler with actix, and remembers it for the middleware.
pub fn register<F>(service: F, handler: &'static Handler, config: &mut AppService)
where
    F: HttpServiceFactory,
{
    let app = app_of(config);
    let slots: Vec<Rc<Slot>> = handler.routes.iter().map(|_| Slot::new(&app)).collect();
    tag::with_slots(&slots, || service.register(config));
    let marker = (!config.is_root()).then(|| Rc::new(Marker::register(config)));
    app.registrations.borrow_mut().push(Registration { handler, slots, marker });
}

fn app_of(config: &AppService) -> Rc<App> {
    let default = Rc::downgrade(&config.default_service());
    APPS.with_borrow_mut(|apps| {
        if let Some(app) = apps.iter().find(|app| app.default.ptr_eq(&default)) {
            return Rc::clone(app);
        }
        apps.retain(App::is_needed);
        let app =
            Rc::new(App { default, registrations: RefCell::default(), constructed: Cell::new(0) });
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

/// The application under construction whose router was constructed last: in the same poll, actix
/// calls the `new_transform` of the middleware around that router.
pub(crate) fn claim() -> Option<Rc<App>> {
    APPS.with_borrow(|apps| {
        let started = apps.iter().filter(|app| app.constructed.get() > 0);
        let starting = started.filter(|app| app.is_under_construction());
        starting.max_by_key(|app| app.constructed.get()).map(Rc::clone)
    })
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
    let resources = Resources::of(request);
    if claimed.is_some_and(|app| !app.is_foreign_to(&resources)) {
        return Verdict::Right;
    }
    let own = APPS
        .with_borrow(|apps| apps.iter().find(|app| app.is_surely_of(&resources)).map(Rc::clone));
    if own.is_none() && claimed.is_none() { Verdict::Right } else { Verdict::Wrong(own) }
}

/// The named resources of the application that a request arrived at.
struct Resources<'a> {
    map: &'a ResourceMap,
    /// URLs are built for this request, because the real one's `Host` is the client's.
    request: HttpRequest,
}

impl<'a> Resources<'a> {
    fn of(request: &'a HttpRequest) -> Self {
        Self { map: request.resource_map(), request: TestRequest::default().to_http_request() }
    }

    fn lacks(&self, name: &str) -> bool {
        let url = self.map.url_for(&self.request, name, std::iter::empty::<&str>());
        matches!(url, Err(UrlGenerationError::ResourceNotFound))
    }

    /// Whether the resource of a route's name has the route's path.
    fn has(&self, route: &Route) -> bool {
        let segments = || std::iter::repeat("x");
        let Ok(url) = self.map.url_for(&self.request, route.name, segments()) else {
            return false;
        };
        let mut path = String::new();
        let pattern = ResourceDef::new(leaf_pattern(route.path));
        pattern.resource_path_from_iter(&mut path, segments());
        let mut expected = url.clone();
        expected.set_path(&path);
        expected == url
    }
}

impl Registration {
    /// Whether the route's own path is empty, so that its scope consumes all of it.
    pub(crate) fn is_empty_path(&self, route: usize) -> bool {
        self.handler.routes[route].path.is_empty()
    }

    /// The full prefix of its scope, if actix tells it.
    pub(crate) fn prefix(&self) -> Option<String> {
        self.marker.as_ref().map_or_else(|| Some(String::new()), |marker| marker.prefix())
    }
}

/// The pattern as `Resource` registers it: with a leading slash, unless it is empty.
pub(crate) fn leaf_pattern(path: &str) -> String {
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

impl App {
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

    /// Whether an application with these resources lacks a handler of this one.
    fn is_foreign_to(&self, resources: &Resources<'_>) -> bool {
        self.registrations.borrow().iter().any(|registration| match &registration.marker {
            Some(marker) => resources.lacks(marker.name()),
            None => registration.handler.routes.iter().any(|route| resources.lacks(route.name)),
        })
    }

    /// Whether an application with these resources has all handlers of this one: markers have
    /// unique names; at the root, name and path of the resource have to do.
    fn is_surely_of(&self, resources: &Resources<'_>) -> bool {
        let registrations = self.registrations.borrow();
        let mut at_root = registrations.iter().filter(|registration| registration.marker.is_none());
        !registrations.is_empty()
            && !self.is_foreign_to(resources)
            && at_root.all(|own| own.handler.routes.iter().all(|route| resources.has(route)))
    }
}
