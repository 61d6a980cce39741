//! The middleware: answers preflights, and adorns every other response.

use std::{
    any::{self, TypeId},
    cell::{Cell, OnceCell, RefCell},
    fmt,
    rc::Rc,
    sync::{Arc, Weak},
    task::{Context, Poll},
    time::Duration,
};

use actix_service::{Service, ServiceFactory, Transform};
use actix_web::{
    App, Error, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
};
use cors_core::{LayeredPolicy, PreflightStatus, Report, RequestHeader, RouteEntry, is_preflight};
use futures_util::future::{Ready, ready};

use super::{
    exchange::Exchange,
    first_request::FirstRequest,
    future::CorsFuture,
    request::Head,
    response::{self, Present},
    table::Table,
};
use crate::{
    builder::CorsBuilder,
    diagnosis::{Findings, Misuse, Place, PreflightWatch},
    startup::{self, Merged, Mount, StartError},
};

/// CORS for an application: the base policy, ready for [`App::wrap`](actix_web::App::wrap).
///
/// Cloning is cheap, and one value may serve every worker and several applications. Each
/// application merges the `#[cors]` attributes of its own handlers into it when it starts.
///
/// Wrap it last, so that it is outermost: responses of middleware that is outside of it go without
/// CORS headers, and preflights that such middleware refuses never arrive.
///
/// ```
/// use actix_web::{App, HttpResponse, test, web};
/// use cors_actix::Cors;
///
/// # #[actix_web::main]
/// # async fn main() -> Result<(), cors_actix::ConfigErrors> {
/// let cors = Cors::builder().allow_origins(["https://app.example.com"]).build()?;
/// let app = App::new().route("/", web::get().to(HttpResponse::Ok)).wrap(cors.clone());
///
/// let app = test::init_service(app).await;
/// let request = test::TestRequest::get().insert_header(("Origin", "https://app.example.com"));
/// let response = test::call_service(&app, request.to_request()).await;
/// assert_eq!(response.headers().get("access-control-allow-origin").unwrap(), "https://app.example.com");
/// assert_eq!(response.headers().get("vary").unwrap(), "Origin");
/// # Ok(())
/// # }
/// ```
pub struct Cors {
    inner: Arc<Inner>,
    /// The number of this clone, which was made before the application that it is given to registers its
    /// services.
    made: u64,
}

struct Inner {
    base: LayeredPolicy,
    entries: Vec<RouteEntry>,
    settings: Settings,
    /// Where it was built.
    place: Place,
    findings: Findings,
    preflights: PreflightWatch,
}

/// How requests are answered, beside the policy: as the builder's methods of these names say.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub(crate) struct Settings {
    pub(crate) status: PreflightStatus,
    pub(crate) debug: bool,
    pub(crate) strict: bool,
    pub(crate) unguarded_scopes: bool,
    pub(crate) unrewritten_paths: bool,
    pub(crate) introspection: bool,
}

impl Clone for Cors {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), made: startup::number_of_middleware() }
    }
}

impl Cors {
    /// Starts a base policy that allows nothing yet.
    pub fn builder() -> CorsBuilder {
        CorsBuilder::default()
    }

    /// The merged tables of the applications that have started with this value, each once: method,
    /// full pattern, effective policy, and where each part of it came from.
    ///
    /// Printing a [`Report`] lists all of that.
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        self.inner.findings.reports()
    }

    /// Why an application with this value did not start, if that was for its merged policies.
    #[must_use]
    pub fn start_error(&self) -> Option<StartError> {
        self.inner.findings.error()
    }

    /// What was found so far that makes policies come to nothing; see [`Misuse`].
    ///
    /// Some of it shows only when requests come.
    #[must_use]
    pub fn misuses(&self) -> Vec<Misuse> {
        self.inner.findings.misuses()
    }

    pub(crate) fn new(
        base: LayeredPolicy,
        entries: Vec<RouteEntry>,
        settings: Settings,
        place: Place,
    ) -> Self {
        let (findings, preflights) = (Findings::default(), PreflightWatch::default());
        let inner = Inner { base, entries, settings, place, findings, preflights };
        Self { inner: Arc::new(inner), made: startup::number_of_middleware() }
    }

    /// The same for use in here, which no application is given.
    pub(super) fn handle(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), made: self.made }
    }

    pub(super) fn settings(&self) -> Settings {
        self.inner.settings
    }

    pub(super) fn entries(&self) -> &[RouteEntry] {
        &self.inner.entries
    }

    pub(super) fn place(&self) -> Place {
        self.inner.place
    }

    pub(super) fn findings(&self) -> &Findings {
        &self.inner.findings
    }

    /// Says what is misused, once.
    pub(super) fn say(&self, misuse: &Misuse) {
        self.inner.findings.say(misuse);
    }

    /// Notes a request from an allowed origin that no browser sends without a preflight, which it
    /// remembers no longer than `max_age`.
    pub(super) fn note_preflighted(&self, max_age: Duration) {
        if self.inner.preflights.are_lacking(max_age) {
            self.say(&Misuse::NoPreflights { place: self.inner.place });
        }
    }

    /// Merges the policies of handlers, with more entries behind those of the builder.
    pub(super) fn merge(
        &self,
        mounts: Vec<Mount>,
        more: &[RouteEntry],
    ) -> Result<Merged, StartError> {
        let Inner { base, entries, settings, .. } = &*self.inner;
        let merged = if more.is_empty() {
            Merged::new(base, entries, mounts)
        } else {
            Merged::new(base, &[more, entries].concat(), mounts)
        };
        merged.map(|merged| merged.answering(settings.debug, settings.strict))
    }

    /// Merges the policies of the application that seems to be starting. Where it is not certain which
    /// that is, and none fits, the first request says which is meant.
    fn start(&self) -> Result<Option<Claim>, StartError> {
        let candidates = startup::candidates(self.made);
        if candidates.is_empty() {
            let merged = self.merge(Vec::new(), &[])?;
            return Ok(Some(Claim { app: None, merged }));
        }
        let mut found = Ok(None);
        for app in &candidates {
            match self.merge(app.mounts(), &[]) {
                Ok(merged) => {
                    app.claim();
                    return Ok(Some(Claim { app: Some(Rc::clone(app)), merged }));
                }
                Err(error) if app.is_surely_of(self.made) => found = Err(error),
                Err(_) => {}
            }
        }
        found
    }

    /// Says that another stands inside, as the type of the service shows.
    fn note_inner<S>(&self) {
        let (service, own) = (any::type_name::<S>(), any::type_name::<CorsService<()>>());
        if !service.contains(own.strip_suffix("<()>").unwrap_or(own)) {
            return;
        }
        if let Some(inner) = LAST_STARTED.with_borrow(Weak::upgrade) {
            let misuse = Misuse::Twice { place: inner.place };
            self.say(&misuse);
            inner.findings.keep_misuse(&misuse);
        }
    }
}

thread_local! {
    /// The middleware that has started last, for warnings.
    static LAST_STARTED: RefCell<Weak<Inner>> = const { RefCell::new(Weak::new()) };
}

/// What seems to be starting: an application, unless it has no annotated handlers.
pub(super) struct Claim {
    pub(super) app: Option<Rc<startup::App>>,
    pub(super) merged: Merged,
}

impl fmt::Debug for Cors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cors").field("base", &self.inner.base).finish_non_exhaustive()
    }
}

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
        self.note_inner::<S>();
        LAST_STARTED.set(Arc::downgrade(&self.inner));
        let claim = self.start().inspect_err(|error| self.inner.findings.fail(error));
        ready(claim.map_err(|_| ()).map(|claim| {
            if let Some(claim) = &claim {
                self.inner.findings.keep(&claim.merged.report, true);
            }
            let (cors, is_innermost) = (self.handle(), is_router::<S>());
            let (claim, table) = (Cell::new(claim), OnceCell::new());
            CorsService { service, cors, is_innermost, claim, table }
        }))
    }
}

/// Whether a service is an application's router itself, so that no middleware stands in between.
fn is_router<S: 'static>() -> bool {
    fn router_of<T>(_: &App<T>) -> TypeId
    where
        T: ServiceFactory<ServiceRequest, Service: 'static>,
    {
        TypeId::of::<T::Service>()
    }
    TypeId::of::<S>() == router_of(&App::new())
}

/// The service made by [`Cors`].
pub struct CorsService<S> {
    service: S,
    cors: Cors,
    is_innermost: bool,
    /// What has been merged at start.
    claim: Cell<Option<Claim>>,
    /// Known from the first request on.
    table: OnceCell<Rc<Table>>,
}

impl<S> fmt::Debug for CorsService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsService").field("cors", &self.cors).finish_non_exhaustive()
    }
}

impl<S> CorsService<S> {
    #[inline]
    fn table(&self, request: &ServiceRequest) -> Rc<Table> {
        Rc::clone(self.table.get_or_init(|| {
            Rc::new(
                FirstRequest::new(&self.cors, request, self.is_innermost).table(self.claim.take()),
            )
        }))
    }

    // actual requests would pay for its frame
    #[inline(never)]
    fn answer_preflight<B>(
        &self,
        table: &Table,
        request: &ServiceRequest,
        head: &Head<'_>,
    ) -> HttpResponse<EitherBody<B>> {
        let path = request.match_info();
        let found = table.find(path.as_str(), path.as_str().len() - path.unprocessed().len());
        let routes = &table.merged.routes;
        let decision = routes.preflight(found.as_path_match(), head);
        tracing::debug!(
            path = ?path.as_str(),
            origin = head.values(RequestHeader::Origin).next().map(|value| {
                tracing::field::display(value.as_bytes().escape_ascii())
            }),
            reason = %decision.reason(),
            "preflight"
        );
        let status = self.cors.settings().status.code(&decision);
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
        let mut answer = HttpResponse::with_body(status, EitherBody::right(BoxBody::new(())));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            for methods in routes.allow_lines(found.as_path_match()) {
                answer.headers_mut().append(header::ALLOW, methods.clone());
            }
        }
        response::write(answer.headers_mut(), &decision, |header| head.values(header));
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
            self.cors.inner.preflights.note_preflight();
            let answer = self.answer_preflight(&table, &request, &head);
            let (request, _) = request.into_parts();
            return CorsFuture::answered(ServiceResponse::new(request, answer));
        }
        let exchange = Exchange::new(&request, &head, table);
        CorsFuture::called(self.service.call(request), exchange)
    }
}
