//! The middleware's service: answers preflights, and adorns every other response.

use std::{
    any::{self, TypeId},
    cell::{Cell, RefCell},
    fmt,
    rc::Rc,
    task::{Context, Poll},
};

use actix_service::{Service, ServiceFactory, Transform};
use actix_web::{
    App, Error, HttpResponse, Scope,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
    web,
};
use cors_core::{PathMatch, Reason, is_preflight};
use futures_util::future::{Ready, ready};

use super::{
    cors::{Claim, Cors},
    exchange::Exchange,
    first_request::FirstRequest,
    future::CorsFuture,
    handshake, neighbours,
    position::Around,
    request::Head,
    response::{self, Present},
    table::Table,
};
use crate::{diagnosis::log, routing::Routed};

impl<S, B> Transform<S, ServiceRequest> for Cors
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type InitError = ();
    type Transform = CorsService<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        self.note_start(shows_another::<S>());
        ready(self.start().map_err(|_| ()).map(|claim| {
            let (cors, around) = (self.handle(), around::<S>());
            let (claim, table) = (Cell::new(claim), RefCell::default());
            let normalizes = Cell::new(shows_normalization::<S>());
            CorsService { service, cors, around, normalizes, claim, table }
        }))
    }
}

/// Whether the name of a service's type shows another middleware of this kind inside: good enough for a
/// warning.
fn shows_another<S>() -> bool {
    let (service, own) = (any::type_name::<S>(), any::type_name::<CorsService<()>>());
    service.contains(own.strip_suffix("<()>").unwrap_or(own))
}

/// Whether the name of a service's type shows actix's `NormalizePath` inside: for a warning as well.
fn shows_normalization<S>() -> bool {
    any::type_name::<S>().contains("NormalizePath")
}

/// What a service is: the types of actix's own routers are known exactly, whatever they are called.
fn around<S: 'static>() -> Around {
    fn of_app<T>(_: &App<T>) -> TypeId
    where
        T: ServiceFactory<ServiceRequest, Service: 'static>,
    {
        TypeId::of::<T::Service>()
    }
    fn of_scope<T>(_: &Scope<T>) -> TypeId
    where
        T: ServiceFactory<ServiceRequest, Service: 'static>,
    {
        TypeId::of::<T::Service>()
    }
    let own = TypeId::of::<S>();
    if own == of_app(&App::new()) {
        Around::Router
    } else if own == of_scope(&web::scope("")) {
        Around::Scope
    } else {
        Around::Unknown
    }
}

/// The service made by [`Cors`].
pub struct CorsService<S> {
    service: S,
    cors: Cors,
    around: Around,
    /// Whether a middleware inside seems to bring paths into another form.
    normalizes: Cell<bool>,
    /// What was claimed at start; the first request takes it.
    claim: Cell<Option<Claim>>,
    /// Known from the first request on.
    table: RefCell<Option<Rc<Table>>>,
}

impl<S> fmt::Debug for CorsService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsService").field("cors", &self.cors).finish_non_exhaustive()
    }
}

impl<S> CorsService<S> {
    #[inline]
    fn table(&self, request: &ServiceRequest) -> Rc<Table> {
        match &*self.table.borrow() {
            Some(own) if own.version == self.cors.current().version() => return Rc::clone(own),
            _ => {}
        }
        self.make_table(request)
    }

    /// The table of the first request, or that of other policies.
    #[cold]
    fn make_table(&self, request: &ServiceRequest) -> Rc<Table> {
        let before = self.table.take();
        let table = match &before {
            Some(before) => before.replaced().map_or_else(|| Rc::clone(before), Rc::new),
            None => FirstRequest::new(&self.cors, request, self.around).table(self.claim.take()),
        };
        if let Some(before) = &before {
            neighbours::replace(before, &table);
        }
        self.table.replace(Some(Rc::clone(&table)));
        table
    }

    // actual requests would pay for its frame
    #[inline(never)]
    fn answer_preflight<B>(
        &self,
        table: &Table,
        request: &ServiceRequest,
        head: &Head<'_>,
    ) -> HttpResponse<EitherBody<B>> {
        if !table.merged().has_any {
            return self.answer_by(table, request, head, PathMatch::NONE);
        }
        let mut found = Routed::default();
        table.find_ahead(request.match_info(), &mut found);
        let forms;
        let matches = if let Some(only) = found.only_form() {
            only
        } else {
            forms = found.forms();
            forms.as_path_match()
        };
        self.answer_by(table, request, head, matches)
    }

    /// Answers a preflight whose path leads there.
    #[expect(
        clippy::inline_always,
        reason = "what a path leads to is large, and would be passed on"
    )]
    #[inline(always)]
    fn answer_by<B>(
        &self,
        table: &Table,
        request: &ServiceRequest,
        head: &Head<'_>,
        matches: PathMatch<'_>,
    ) -> HttpResponse<EitherBody<B>> {
        let routes = &table.merged().routes;
        let decision = routes.preflight(matches, head);
        if log::takes_debug() {
            table.log_preflight(request.request(), head, matches, decision.reason());
        }
        if decision.reason() == Reason::MethodNotAllowed {
            table.review_refusal(request.request(), head);
        }
        if self.normalizes.get()
            && !decision.is_granted()
            && routes.is_for_another_form(matches, head)
        {
            table.say_rewritten();
            // once is enough
            self.normalizes.set(false);
        }
        let status = self.cors.settings().status.code(&decision);
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
        let mut answer = HttpResponse::with_body(status, EitherBody::right(BoxBody::new(())));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            for methods in routes.allow_lines(matches) {
                answer.headers_mut().append(header::ALLOW, methods.clone());
            }
        }
        response::write(answer.headers_mut(), status, &decision, |header| head.values(header));
        response::vary(answer.headers_mut(), Present::default(), &decision, routes);
        answer
    }
}

impl<S, B> Service<ServiceRequest> for CorsService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = CorsFuture<S::Future, B>;

    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.service.poll_ready(cx)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let table = self.table(&request);
        let head = Head::new(&request);
        if is_preflight(&head) {
            self.cors.note_preflight();
            let answer = self.answer_preflight(&table, &request, &head);
            let (request, _) = request.into_parts();
            return CorsFuture::answered(ServiceResponse::new(request, answer));
        }
        if self.cors.settings().reject_foreign_handshakes
            && let Some(answer) = handshake::refuse(&table, &request, &head)
        {
            let (request, _) = request.into_parts();
            return CorsFuture::answered(ServiceResponse::new(request, answer));
        }
        let exchange = Exchange::new(&request, &head, table);
        CorsFuture::called(self.service.call(request), exchange)
    }
}
