//! Which annotated route made a response, told by the route itself.
//!
//! The tag is the outermost `wrap` of a handler's resource, so that it is called as soon as actix's
//! router has chosen. It leaves the route's mark on the request, and on the response that the route
//! makes of it. A middleware further in may call the router twice, answer by itself or send other
//! requests: the mark on the response says which route has made just that one.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_service::{Service, Transform};
use actix_web::{
    Error, HttpResponse,
    dev::{AppService, ServiceRequest, ServiceResponse},
};
use futures_util::future::{Ready, ok};
use pin_project_lite::pin_project;

use crate::{
    diagnosis::{Misuse, log},
    handler::Handler,
    startup::{App, Place, RouteMark, Slot},
};

thread_local! {
    /// The slots of the handler that is being registered.
    static REGISTERING: RefCell<Vec<Rc<Slot>>> = const { RefCell::new(Vec::new()) };
}

/// Registers an annotated handler with actix by calling `register_service`, and remembers it for the
/// middleware. Not generic, so that it is compiled once for all handlers.
pub fn register(
    register_service: fn(&mut AppService),
    handler: &'static Handler,
    config: &mut AppService,
) {
    let app = App::of(config);
    let slots = app.slots(handler);
    let outer = REGISTERING.replace(slots.clone());
    register_service(config);
    REGISTERING.set(outer);
    app.add(handler, &slots, config);
}

/// Which route has made a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MadeBy {
    /// An annotated one.
    Route(Place),
    /// None that is annotated: no such route was entered.
    Another,
    /// An annotated one was entered, and something else may have answered.
    Unknown,
}

impl MadeBy {
    /// Tells of a response to a request that has come back from an application.
    #[inline]
    pub(super) fn of<B>(response: &mut ServiceResponse<B>, app: &App) -> Self {
        let entered = response.request().app_data::<Rc<RouteMark>>();
        let entered = entered.filter(|own| own.place.app == app.number).cloned();
        match place_of(response.response_mut(), entered.as_deref(), app) {
            Some(place) => Self::Route(place),
            None if entered.is_none() => Self::Another,
            None => Self::Unknown,
        }
    }

    /// Tells of a response that was made of an error, which has lost its request.
    pub(super) fn of_error<B>(response: &mut HttpResponse<B>, app: &App) -> Self {
        place_of(response, None, app).map_or(Self::Unknown, Self::Route)
    }
}

/// The place of the route that has marked a response; most often it is the one that was entered last.
/// The mark is taken away.
#[inline]
fn place_of<B>(
    response: &mut HttpResponse<B>,
    entered: Option<&RouteMark>,
    app: &App,
) -> Option<Place> {
    let Some(phrase) = response.head().reason else { return extension(response, app) };
    let entered = entered.filter(|own| own.is_on(phrase)).map(|own| own.place);
    let Some(place) = entered.or_else(|| app.place_of_phrase(phrase)) else {
        return extension(response, app);
    };
    // the phrase that a status has without it is the same
    response.head_mut().reason = None;
    Some(place)
}

/// The place of a route that could not mark the response by its phrase.
fn extension<B>(response: &HttpResponse<B>, app: &App) -> Option<Place> {
    let extensions = response.extensions();
    extensions.get::<Place>().copied().filter(|place| place.app == app.number)
}

/// Middleware of one resource that leaves its route's mark.
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
        if let Some(slot) = &self.0 {
            slot.app.note_built();
        }
        ok(TaggedService { slot: self.0.clone(), service, wrapped: Cell::new(Wrapped::Unknown) })
    }
}

/// The service made by [`RouteTag`].
#[derive(Debug)]
pub struct TaggedService<S> {
    slot: Option<Rc<Slot>>,
    service: S,
    wrapped: Cell<Wrapped>,
}

/// Whether a route runs inside of a middleware.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrapped {
    Unknown,
    Not,
    Inside,
    /// The same, and it is not certain which pattern the route has.
    InDoubt,
}

impl<S> TaggedService<S> {
    /// The slot, if there is a middleware that reads marks.
    #[inline]
    fn wrapped_slot(&self) -> Option<&Rc<Slot>> {
        let slot = self.slot.as_ref()?;
        let is_wrapped = match self.wrapped.get() {
            Wrapped::Inside | Wrapped::InDoubt => true,
            Wrapped::Unknown | Wrapped::Not => self.is_wrapped(slot),
        };
        is_wrapped.then_some(slot)
    }

    #[cold]
    fn is_wrapped(&self, slot: &Slot) -> bool {
        slot.app.note_served();
        if slot.is_wrapped() {
            let is_in_doubt = slot.is_in_doubt();
            self.wrapped.set(if is_in_doubt { Wrapped::InDoubt } else { Wrapped::Inside });
            return true;
        }
        if self.wrapped.replace(Wrapped::Not) == Wrapped::Unknown {
            log::warn(&Misuse::NotWrapped { handler: slot.handler.location });
        }
        false
    }
}

impl<S, B> Service<ServiceRequest> for TaggedService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = TaggedFuture<S::Future>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&self, mut request: ServiceRequest) -> Self::Future {
        let mark = self.wrapped_slot().map(|slot| {
            let (container, mark) = slot.container(request.method().as_str());
            if self.wrapped.get() == Wrapped::InDoubt {
                // the router has just said which resource it is
                mark.pattern.get_or_init(|| request.match_pattern());
            }
            request.add_data_container(Rc::clone(container));
            Rc::clone(mark)
        });
        TaggedFuture { inner: self.service.call(request), mark }
    }
}

pin_project! {
    /// The future made by [`TaggedService`].
    #[derive(Debug)]
    pub struct TaggedFuture<F> {
        #[pin]
        inner: F,
        mark: Option<Rc<RouteMark>>,
    }
}

impl<F, B> Future for TaggedFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, Error>>,
{
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let own = self.project();
        let mut polled = own.inner.poll(cx);
        if let (Poll::Ready(result), Some(mark)) = (&mut polled, own.mark.as_ref()) {
            match result {
                Ok(response) => put_mark(mark, response.response_mut()),
                Err(error) => {
                    let mark = Rc::clone(mark);
                    error.add_response_mapper(move |mut response| {
                        put_mark(&mark, &mut response);
                        response
                    });
                }
            }
        }
        polled
    }
}

/// Marks a response as made by a route.
#[inline]
fn put_mark<B>(mark: &RouteMark, response: &mut HttpResponse<B>) {
    let head = response.head_mut();
    if head.reason.is_none() {
        head.reason = mark.phrase(head.status);
        if head.reason.is_some() {
            return;
        }
    }
    // the handler has a phrase of its own, or the status has none
    response.extensions_mut().insert(mark.place);
}
