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
    dev::{AppService, HttpServiceFactory, ResourceDef, ServiceRequest, ServiceResponse},
    error::UrlGenerationError,
};

use crate::{
    __private::{Handler, Route},
    marker::Marker,
    paths::leaf_pattern,
    tag::{self, Slot},
};

type DefaultService = BoxServiceFactory<(), ServiceRequest, ServiceResponse<BoxBody>, Error, ()>;

/// The annotated handlers of one application.
pub(crate) struct App {
    default: Weak<DefaultService>,
    registrations: RefCell<Vec<Registration>>,
    /// Whether a middleware has taken the registrations.
    is_claimed: Cell<bool>,
    /// Whether a request has shown that the middleware which took them is this application's.
    is_verified: Cell<bool>,
}

/// One registration of an annotated handler; a handler may have several.
#[derive(Clone)]
pub(crate) struct Registration {
    pub(crate) handler: &'static Handler,
    /// One for each route of the handler.
    pub(crate) slots: Vec<Rc<Slot>>,
    /// `None` at the root of the application.
    pub(crate) scope: Option<Scope>,
}

#[derive(Clone)]
pub(crate) struct Scope {
    pub(crate) marker: Rc<Marker>,
    /// Equal for handlers of one scope that follow each other.
    pub(crate) key: ScopeKey,
}

/// What tells one scope's `AppService` from the next one's: its address, how often the default
/// service is shared so far, and the address of its copy of the host name.
///
/// Two scopes can have the same key only if they follow each other and the second has a default
/// service of its own; the key is therefore used to narrow a choice, never to find a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ScopeKey(usize, usize, usize);

thread_local! {
    static APPS: RefCell<Vec<Rc<App>>> = const { RefCell::new(Vec::new()) };
    static CONSTRUCTED: RefCell<Weak<App>> = const { RefCell::new(Weak::new()) };
}

/// Registers an annotated handler with actix, and remembers it for the middleware.
pub fn register<F>(service: F, handler: &'static Handler, config: &mut AppService)
where
    F: HttpServiceFactory,
{
    let app = app_of(config);
    let slots: Vec<Rc<Slot>> = handler.routes.iter().map(|_| Slot::new(&app)).collect();
    tag::with_slots(&slots, || service.register(config));
    let scope = (!config.is_root())
        .then(|| Scope { key: scope_key(config), marker: Rc::new(Marker::register(config)) });
    app.registrations.borrow_mut().push(Registration { handler, slots, scope });
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
            is_claimed: Cell::new(false),
            is_verified: Cell::new(false),
        });
        apps.push(Rc::clone(&app));
        app
    })
}

fn scope_key(config: &AppService) -> ScopeKey {
    ScopeKey(
        std::ptr::from_ref(config).addr(),
        Rc::strong_count(&config.default_service()),
        config.config().host().as_ptr().addr(),
    )
}

/// Notes that the router of an application has been constructed.
pub(crate) fn constructed(app: &Rc<App>) {
    CONSTRUCTED.set(Rc::downgrade(app));
}

/// Takes the application whose router was constructed last: in the same poll, actix calls the
/// `new_transform` of the middleware around that router.
pub(crate) fn claim() -> Option<Rc<App>> {
    let app = CONSTRUCTED.take().upgrade()?;
    (!app.is_claimed.replace(true)).then_some(app)
}

/// What the first request shows of a claim.
pub(crate) enum Verdict {
    /// It holds.
    Right,
    /// The request's application is another one, or one without annotated handlers.
    Wrong(Option<Rc<App>>),
}

/// Checks a claim by a request: another middleware may have waited between router and [`claim`],
/// and an application without this middleware leaves its handlers unclaimed.
pub(crate) fn verify(claimed: Option<&Rc<App>>, request: &HttpRequest) -> Verdict {
    if let Some(app) = claimed.filter(|app| !app.is_foreign_to(request)) {
        app.is_verified.set(true);
        return Verdict::Right;
    }
    let own = APPS.with_borrow(|apps| {
        let mut unverified = apps.iter().filter(|app| !app.is_verified.get());
        unverified.find(|app| app.is_surely_of(request)).map(Rc::clone)
    });
    match (own, claimed) {
        (None, None) => Verdict::Right,
        (own, _) => {
            if let Some(app) = &own {
                app.is_claimed.set(true);
                app.is_verified.set(true);
            }
            Verdict::Wrong(own)
        }
    }
}

impl App {
    pub(crate) fn registrations(&self) -> Vec<Registration> {
        self.registrations.borrow().clone()
    }

    /// Whether the application is under construction, or its router still holds a tag.
    fn is_needed(self: &Rc<Self>) -> bool {
        let is_held = |slot: &Rc<Slot>| Rc::strong_count(slot) > 1;
        let registrations = self.registrations.borrow();
        self.default.strong_count() > 0
            || registrations.iter().any(|registration| registration.slots.iter().any(is_held))
    }

    /// Whether the request's application lacks a handler of this one.
    fn is_foreign_to(&self, request: &HttpRequest) -> bool {
        let lacks = |name: &str| {
            let url = request.url_for(name, std::iter::empty::<&str>());
            matches!(url, Err(UrlGenerationError::ResourceNotFound))
        };
        self.registrations.borrow().iter().any(|registration| match &registration.scope {
            Some(scope) => lacks(scope.marker.name()),
            None => registration.handler.routes.iter().any(|route| lacks(route.name)),
        })
    }

    /// Whether the request's application has all handlers of this one: markers have unique names;
    /// at the root, name and path of the resource have to do.
    fn is_surely_of(&self, request: &HttpRequest) -> bool {
        let has_path = |route: &Route| {
            let mut path = String::new();
            let pattern = ResourceDef::new(leaf_pattern(route.path));
            pattern.resource_path_from_iter(&mut path, std::iter::repeat("x"));
            let url = request.url_for(route.name, std::iter::repeat("x"));
            url.is_ok_and(|url| url.path() == path)
        };
        let registrations = self.registrations.borrow();
        let mut at_root = registrations.iter().filter(|registration| registration.scope.is_none());
        !registrations.is_empty()
            && !self.is_foreign_to(request)
            && at_root.all(|registration| registration.handler.routes.iter().all(has_path))
    }
}
