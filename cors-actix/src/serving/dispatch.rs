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

/// Takes a mark away where it does not matter whose it is.
#[inline]
pub(super) fn clear_mark<B>(response: &mut ServiceResponse<B>, app: &App) {
    let head = response.response_mut().head_mut();
    let Some(phrase) = head.reason else { return };
    // nobody sees a difference where the phrase is the usual one
    if head.status.canonical_reason() == Some(phrase) {
        head.reason = None;
    } else if app.place_of_phrase(phrase).is_some() {
        head.reason = None;
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
        let (known, is_said) = (Cell::new(None), Cell::new(false));
        ok(TaggedService { slot: self.0.clone(), service, known, is_said })
    }
}

/// The service made by [`RouteTag`].
#[derive(Debug)]
pub struct TaggedService<S> {
    slot: Option<Rc<Slot>>,
    service: S,
    /// Where it stands, as long as there are so many middlewares.
    known: Cell<Option<(usize, Position)>>,
    is_said: Cell<bool>,
}

/// Where a route stands among the middlewares of its application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    Inside,
    /// Inside, and it is not certain which pattern the route has.
    InDoubt,
    /// Outside, as far as can be told.
    Outside,
}

impl<S> TaggedService<S> {
    /// The slot and where it stands, if there is any middleware that reads marks.
    #[inline]
    fn position(&self) -> Option<(&Slot, Position)> {
        let slot = self.slot.as_ref()?;
        let count = slot.app.count_middlewares();
        match self.known.get() {
            Some((known, position)) if known == count => Some((slot, position)),
            _ => self.find_position(slot, count).map(|position| (&**slot, position)),
        }
    }

    #[cold]
    fn find_position(&self, slot: &Slot, count: usize) -> Option<Position> {
        slot.app.note_served();
        let position = match (slot.is_wrapped(), slot.is_in_doubt()) {
            (true, false) => Position::Inside,
            (true, true) => Position::InDoubt,
            (false, _) => Position::Outside,
        };
        if position == Position::Outside && !self.is_said.replace(true) {
            log::warn(&Misuse::NotWrapped { handler: slot.handler.location });
        }
        if count == 0 {
            return None;
        }
        self.known.set(Some((count, position)));
        Some(position)
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
        let mark = self.position().map(|(slot, position)| {
            let (container, mark) = slot.container(request.method().as_str());
            if position == Position::InDoubt {
                // the router has just said which resource it is
                mark.pattern.get_or_init(|| request.match_pattern());
            }
            request.add_data_container(Rc::clone(container));
            (Rc::clone(mark), position)
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
        mark: Option<(Rc<RouteMark>, Position)>,
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
        if let (Poll::Ready(result), Some((mark, position))) = (&mut polled, own.mark.as_ref()) {
            match result {
                Ok(response) => put_mark(mark, *position, response.response_mut()),
                Err(error) => {
                    let (mark, position) = (Rc::clone(mark), *position);
                    error.add_response_mapper(move |mut response| {
                        put_mark(&mark, position, &mut response);
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
fn put_mark<B>(mark: &RouteMark, position: Position, response: &mut HttpResponse<B>) {
    let head = response.head_mut();
    // outside, nobody would take the phrase away, should something else change the status
    if head.reason.is_none() && position != Position::Outside {
        head.reason = mark.phrase(head.status);
        if head.reason.is_some() {
            return;
        }
    }
    // or the handler has a phrase of its own, or the status has none
    response.extensions_mut().insert(mark.place);
}
