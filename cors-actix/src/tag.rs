//! Which annotated route a request was dispatched to, told by the route itself.
//!
//! The tag is the outermost `wrap` of the resource, so it is called as soon as actix's router has
//! chosen. It leaves the route's place in a thread-local, which the middleware swaps in and out
//! around each call into the application: nothing is allocated, and nothing is matched again.

use std::{
    cell::{Cell, RefCell},
    ops::Range,
    rc::{Rc, Weak},
    task::{Context, Poll},
};

use actix_service::{Service, Transform};
use actix_web::{
    Error, HttpMessage,
    dev::{ServiceRequest, ServiceResponse},
};
use cors_core::Location;
use futures_util::future::{Ready, ok};

use crate::{
    collect::{self, App},
    misuse::Misuse,
    start,
};

/// A route of an annotated handler, as its tags know it.
#[derive(Debug)]
pub(crate) struct Slot {
    app: Weak<App>,
    handler: &'static Location,
    methods: &'static [&'static str],
    /// The place of the first method; the others follow.
    first: usize,
    is_said: Cell<bool>,
}

/// A method of a route of an annotated handler: where it stands among those of its application, in
/// the order of registration. What it is in a table, the table knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(usize);

impl Place {
    pub(crate) fn index(self) -> usize {
        self.0
    }
}

impl Slot {
    pub(crate) fn new(
        app: &Rc<App>,
        handler: &'static Location,
        methods: &'static [&'static str],
        first: usize,
    ) -> Rc<Self> {
        let app = Rc::downgrade(app);
        Rc::new(Self { app, handler, methods, first, is_said: Cell::new(false) })
    }

    /// Says that the handler runs outside of the middleware.
    fn say_not_wrapped(&self) {
        if !self.is_said.replace(true) {
            start::warn(&Misuse::NotWrapped { handler: self.handler });
        }
    }

    /// The places of its methods.
    pub(crate) fn places(&self) -> Range<usize> {
        self.first..self.first + self.methods.len()
    }

    #[inline]
    fn place_of(&self, request: &ServiceRequest) -> Place {
        let is_own = |own: &&str| *own == request.method().as_str();
        let position = match self.methods {
            [_] => 0,
            methods => methods.iter().position(is_own).unwrap_or_default(),
        };
        Place(self.first + position)
    }
}

/// What a tag leaves in a request that has come to it outside of the middleware's calls: a middleware
/// further in has moved it to another task, or made a new one of it.
pub(crate) struct Left(Rc<Slot>, Place);

impl Left {
    pub(crate) fn place(&self) -> Place {
        self.1
    }

    pub(crate) fn is_of(&self, slot: &Rc<Slot>) -> bool {
        Rc::ptr_eq(&self.0, slot)
    }
}

/// What tells requests apart as long as they are under way: where their heads are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RequestId(usize);

impl RequestId {
    #[inline]
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        Self(std::ptr::from_ref(request.head()).addr())
    }

    /// Whether the request has passed a middleware.
    #[inline]
    pub(crate) fn is_inside(self) -> bool {
        INSIDE.get() == Some(self)
    }
}

thread_local! {
    static DISPATCHED: Cell<Option<Place>> = const { Cell::new(None) };
    /// The request that is inside of the middleware right now. Its handler may send others, to
    /// whatever application.
    static INSIDE: Cell<Option<RequestId>> = const { Cell::new(None) };
    static REGISTERING: RefCell<Vec<Rc<Slot>>> = const { RefCell::new(Vec::new()) };
}

/// What was inside before a step of a request; put back when the step ends, by a panic too.
struct Outer {
    inside: Option<RequestId>,
    dispatched: Option<Place>,
}

impl Drop for Outer {
    #[inline]
    fn drop(&mut self) {
        INSIDE.set(self.inside);
        DISPATCHED.set(self.dispatched);
    }
}

/// A request under way, and the annotated route it has been dispatched to, if any.
pub(crate) struct Watch {
    request: RequestId,
    dispatched: Option<Place>,
}

impl Watch {
    pub(crate) fn new(request: RequestId) -> Self {
        Self { request, dispatched: None }
    }

    pub(crate) fn dispatched(&self) -> Option<Place> {
        self.dispatched
    }

    /// Runs a step of the application and notes if it dispatches the request. A layer around this one
    /// learns of it too.
    pub(crate) fn step<T>(&mut self, step: impl FnOnce() -> T) -> T {
        let mut outer = Outer {
            inside: INSIDE.replace(Some(self.request)),
            dispatched: DISPATCHED.replace(self.dispatched),
        };
        let result = step();
        self.dispatched = DISPATCHED.get();
        if outer.inside == Some(self.request) {
            outer.dispatched = self.dispatched;
        }
        result
    }
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
            let place = slot.place_of(&request);
            if RequestId::of(&request).is_inside() {
                DISPATCHED.set(Some(place));
            } else if slot.app.upgrade().is_some_and(|app| app.is_wrapped()) {
                request.extensions_mut().insert(Left(Rc::clone(slot), place));
            } else {
                slot.say_not_wrapped();
            }
        }
        self.service.call(request)
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

    use super::{DISPATCHED, INSIDE, Place, RequestId, Watch};

    /// They stayed where later requests on the thread would find them.
    #[test]
    fn a_handler_that_panics_leaves_nothing_behind() {
        let result = catch_unwind(AssertUnwindSafe(|| {
            Watch::new(RequestId(1)).step(|| {
                DISPATCHED.set(Some(Place(2)));
                resume_unwind(Box::new("without a message"))
            })
        }));
        assert!(result.is_err());
        assert_eq!((INSIDE.get(), DISPATCHED.get()), (None, None));
    }

    #[test]
    fn a_layer_around_learns_of_its_own_request_alone() {
        for (inner, expected) in [(1, Some(Place(2))), (3, None)] {
            let mut outer = Watch::new(RequestId(1));
            outer.step(|| {
                let mut own = Watch::new(RequestId(inner));
                own.step(|| DISPATCHED.set(Some(Place(2))));
                assert_eq!(own.dispatched(), Some(Place(2)));
            });
            assert_eq!(outer.dispatched(), expected, "{inner}");
        }
    }
}
