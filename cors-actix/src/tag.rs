//! Which annotated route a request was dispatched to, told by the route itself.
//!
//! The tag is the outermost `wrap` of the resource, so it is called as soon as actix's router has
//! chosen. It leaves the route's number in a thread-local, which the middleware swaps in and out
//! around each call into the application: nothing is allocated, and nothing is matched again.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    task::{Context, Poll},
};

use actix_service::{Service, Transform};
use actix_web::{
    Error,
    dev::{ServiceRequest, ServiceResponse},
};
use cors_core::{Location, Method, RouteId};
use futures_util::future::{Ready, ok};
use smallvec::SmallVec;

use crate::{
    collect::{self, App},
    misuse::Misuse,
    start,
};

/// What a route is in the table of the application it is registered in: one number, or several if
/// its methods have policies of their own.
#[derive(Debug)]
pub(crate) struct Slot {
    routes: RefCell<SmallVec<[MethodsRoute; 1]>>,
    app: Weak<App>,
    handler: &'static Location,
    is_said: Cell<bool>,
}

/// The number under which some of a route's methods are known.
type MethodsRoute = (RouteId, Vec<Method>);

impl Slot {
    pub(crate) fn new(app: &Rc<App>, handler: &'static Location) -> Rc<Self> {
        Rc::new(Self {
            routes: RefCell::default(),
            app: Rc::downgrade(app),
            handler,
            is_said: Cell::new(false),
        })
    }

    /// Says that the handler runs outside of the middleware.
    fn say_not_wrapped(&self) {
        if !self.is_said.replace(true) {
            start::warn(&Misuse::NotWrapped { handler: self.handler });
        }
    }

    pub(crate) fn clear(&self) {
        self.routes.borrow_mut().clear();
    }

    pub(crate) fn add<'m>(&self, route: RouteId, methods: impl Iterator<Item = &'m Method>) {
        self.routes.borrow_mut().push((route, methods.cloned().collect()));
    }

    pub(crate) fn routes(&self) -> Vec<RouteId> {
        self.routes.borrow().iter().map(|(route, _)| *route).collect()
    }

    fn route_of(&self, method: &str) -> Option<RouteId> {
        let routes = self.routes.borrow();
        let serves = |methods: &[Method]| methods.iter().any(|own| own.as_str() == method);
        let own = routes.iter().find(|(_, methods)| routes.len() == 1 || serves(methods));
        own.or_else(|| routes.first()).map(|(route, _)| *route)
    }
}

thread_local! {
    static DISPATCHED: Cell<Option<RouteId>> = const { Cell::new(None) };
    /// The application whose request is inside of the middleware right now.
    static INSIDE: Cell<Option<AppId>> = const { Cell::new(None) };
    static REGISTERING: RefCell<Vec<Rc<Slot>>> = const { RefCell::new(Vec::new()) };
}

/// What tells running applications apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AppId(usize);

impl AppId {
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        Self(std::ptr::from_ref(request.resource_map()).addr())
    }

    /// Whether a request to the application has passed the middleware.
    pub(crate) fn is_inside(self) -> bool {
        INSIDE.get() == Some(self)
    }
}

/// Runs a step of a request; `dispatched` is the route the request has reached, before and after.
/// A layer further out, of the same application, learns of it too.
pub(crate) fn watch<T>(
    app: AppId,
    dispatched: &mut Option<RouteId>,
    step: impl FnOnce() -> T,
) -> T {
    let outer = DISPATCHED.replace(*dispatched);
    let outer_app = INSIDE.replace(Some(app));
    let result = step();
    INSIDE.set(outer_app);
    *dispatched = DISPATCHED.get();
    DISPATCHED.set(dispatched.or(outer));
    result
}

/// Registers a handler whose tags are to use `slots`.
pub(crate) fn with_slots(slots: &[Rc<Slot>], register: impl FnOnce()) {
    let outer = REGISTERING.replace(slots.to_vec());
    register();
    REGISTERING.set(outer);
}

/// Middleware of one resource that says when a request has been dispatched to it.
#[derive(Debug)]
pub struct RouteTag(Option<Rc<Slot>>);

impl RouteTag {
    /// The tag of a route of the handler that is being registered.
    #[must_use]
    pub fn of_registering(route: usize) -> Self {
        Self(REGISTERING.with_borrow(|slots| slots.get(route).cloned()))
    }
}

impl<S, B> Transform<S, ServiceRequest> for RouteTag
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type InitError = ();
    type Transform = TaggedService<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        if let Some(app) = self.0.as_ref().and_then(|slot| slot.app.upgrade()) {
            collect::constructed(&app);
        }
        ok(TaggedService { slot: self.0.clone(), service })
    }
}

/// The service made by [`RouteTag`].
#[derive(Debug)]
pub struct TaggedService<S> {
    slot: Option<Rc<Slot>>,
    service: S,
}

impl<S, B> Service<ServiceRequest> for TaggedService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = S::Future;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        if let Some(slot) = &self.slot {
            DISPATCHED.set(slot.route_of(request.method().as_str()));
            if !AppId::of(&request).is_inside() {
                slot.say_not_wrapped();
            }
        }
        self.service.call(request)
    }
}
