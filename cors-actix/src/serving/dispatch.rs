//! Annotated routes as services of actix: how they are registered, and how they say which of them made a
//! response.
//!
//! `#[cors]` adds a `wrap` to the handler's resource, the tag. It is outermost there, so it is called as
//! soon as actix's router has chosen the route. It puts the route's mark on the request, and on the
//! response that the route makes. A middleware may call the router twice, answer by itself or send other
//! requests; the mark on a response still says which route made that one.

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
    startup::{App, Endpoint, RouteMark, TaggedRoute},
};

thread_local! {
    /// The routes of the handler that is being registered.
    static REGISTERING: RefCell<Vec<Rc<TaggedRoute>>> = const { RefCell::new(Vec::new()) };
}

/// Registers an annotated handler with actix by calling `register_service`, and remembers it for the
/// middleware. Not generic, so that it is compiled once for all handlers.
pub fn register(
    register_service: fn(&mut AppService),
    handler: &'static Handler,
    config: &mut AppService,
) {
    let app = App::of(config);
    let routes = app.tag_routes(handler);
    let outer = REGISTERING.replace(routes.clone());
    register_service(config);
    REGISTERING.set(outer);
    app.add(handler, &routes, config);
}

/// Which route has made a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MadeBy {
    /// An annotated one.
    Route(Endpoint),
    /// No annotated route, since the request has not reached any.
    Another,
    /// The request has reached an annotated route, but something else may have answered.
    Unknown,
}

impl MadeBy {
    /// Reads the marks of a response that comes back, and of its request.
    #[inline]
    pub(super) fn of<B>(response: &mut ServiceResponse<B>, app: &App) -> Self {
        let entered = response.request().app_data::<Rc<RouteMark>>();
        let entered = entered.filter(|own| own.endpoint.app == app.number).cloned();
        match endpoint_of(response.response_mut(), entered.as_deref(), app) {
            Some(endpoint) => Self::Route(endpoint),
            None if entered.is_none() => Self::Another,
            None => Self::Unknown,
        }
    }

    /// Reads the mark of a response that was made from an error, which has no request any more.
    pub(super) fn of_error<B>(response: &mut HttpResponse<B>, app: &App) -> Self {
        endpoint_of(response, None, app).map_or(Self::Unknown, Self::Route)
    }
}

/// Takes a mark away where it does not matter whose it is.
#[inline]
pub(super) fn clear_mark<B>(response: &mut ServiceResponse<B>, app: &App) {
    let head = response.response_mut().head_mut();
    let Some(phrase) = head.reason else { return };
    // nobody sees a difference where the phrase is the usual one
    let is_usual = head.status.canonical_reason() == Some(phrase);
    if is_usual || app.endpoint_of_phrase(phrase).is_some() {
        head.reason = None;
    }
}

/// The place of the route that has marked a response; most often it is the one that was entered last.
/// The mark is taken away.
#[inline]
fn endpoint_of<B>(
    response: &mut HttpResponse<B>,
    entered: Option<&RouteMark>,
    app: &App,
) -> Option<Endpoint> {
    let Some(phrase) = response.head().reason else { return extension(response, app) };
    let entered = entered.filter(|own| own.is_on(phrase)).map(|own| own.endpoint);
    let Some(endpoint) = entered.or_else(|| app.endpoint_of_phrase(phrase)) else {
        return extension(response, app);
    };
    // without a phrase of its own, a response gets the same text by its status
    response.head_mut().reason = None;
    Some(endpoint)
}

/// Reads the mark of a response that has another reason phrase.
fn extension<B>(response: &HttpResponse<B>, app: &App) -> Option<Endpoint> {
    let extensions = response.extensions();
    extensions.get::<Endpoint>().copied().filter(|endpoint| endpoint.app == app.number)
}

/// The `wrap` of an annotated handler's resource, which marks requests and responses.
#[derive(Debug)]
pub struct RouteTag(Option<Rc<TaggedRoute>>);

impl RouteTag {
    /// The tag of a route of the handler that is being registered.
    #[must_use]
    pub fn of_registering(route: usize) -> Self {
        Self(REGISTERING.with_borrow(|routes| routes.get(route).cloned()))
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
        if let Some(route) = &self.0 {
            route.app.note_built();
        }
        let (known, is_looked_at) = (Cell::new(None), Cell::new(false));
        ok(TaggedService { route: self.0.clone(), service, known, is_looked_at })
    }
}

/// The service made by [`RouteTag`].
#[derive(Debug)]
pub struct TaggedService<S> {
    route: Option<Rc<TaggedRoute>>,
    service: S,
    /// Where it stands, as long as there are so many middlewares.
    known: Cell<Option<(usize, Position)>>,
    /// Whether it has been looked at without a middleware around it, and said if that is a mistake.
    is_looked_at: Cell<bool>,
}

/// Where a route stands among the middlewares of its application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Position {
    Inside,
    /// Inside, and it is not certain which pattern the route has.
    InDoubt,
    /// Some middleware stands around a part of the application.
    Perhaps {
        is_in_doubt: bool,
    },
}

impl<S> TaggedService<S> {
    /// The route and where it stands, if there is any middleware that reads marks.
    #[inline]
    fn position(&self) -> Option<(&TaggedRoute, Position)> {
        let route = self.route.as_ref()?;
        let count = route.app.count_middlewares();
        match self.known.get() {
            // nothing has changed
            None if count == 0 && self.is_looked_at.get() => None,
            Some((known, position)) if known == count => Some((route, position)),
            _ => self.find_position(route, count).map(|position| (&**route, position)),
        }
    }

    #[cold]
    fn find_position(&self, route: &TaggedRoute, count: usize) -> Option<Position> {
        route.app.note_served();
        let position = match (route.app.is_wrapped_whole(), route.is_in_doubt()) {
            (true, false) => Position::Inside,
            (true, true) => Position::InDoubt,
            (false, is_in_doubt) => Position::Perhaps { is_in_doubt },
        };
        let is_new = !route.is_wrapped() && !self.is_looked_at.replace(true);
        if is_new && !route.app.is_unwrapped_on_purpose() {
            log::warn(&Misuse::NotWrapped { handler: route.handler.location });
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
        let mark = self.position().map(|(route, position)| {
            let (container, mark) = route.container(request.method().as_str());
            if matches!(position, Position::InDoubt | Position::Perhaps { is_in_doubt: true }) {
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
    // a handler may pass on a response that another route of the application has made
    if head.reason.is_some_and(RouteMark::is_any) {
        head.reason = None;
    }
    // a phrase has to be taken away before the response leaves the application
    if head.reason.is_none() && matches!(position, Position::Inside | Position::InDoubt) {
        head.reason = mark.phrase(head.status);
        if head.reason.is_some() {
            return;
        }
    }
    // or the handler has a phrase of its own, or the status has none
    response.extensions_mut().insert(mark.endpoint);
}
