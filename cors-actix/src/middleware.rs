//! The middleware: answers preflights, and adorns every other response.

use std::{
    cell::{OnceCell, RefCell},
    fmt,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use actix_service::{Service, Transform};
use actix_web::{
    Error, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{StatusCode, header},
};
use cors_core::{LayeredPolicy, Report, RequestHeader, RouteEntry, is_preflight};
use futures_util::future::{Ready, ready};

use crate::{
    actual::Actual,
    arrivals::Arrivals,
    builder::{CorsBuilder, Preflights},
    collect::{self, App, Around, Verdict},
    future::CorsFuture,
    introspection::Introspection,
    listing,
    misuse::{Misuse, Place},
    plain::Plain,
    record::Record,
    request::{Entry, Head},
    response::{self, Present},
    start::StartError,
    table::Table,
    tag::{RequestId, Watch},
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
#[derive(Clone)]
pub struct Cors(Arc<Inner>);

struct Inner {
    base: LayeredPolicy,
    entries: Vec<RouteEntry>,
    preflights: Preflights,
    /// Where it was built.
    place: Place,
    record: Record,
    arrivals: Arrivals,
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
        self.0.record.reports()
    }

    /// Why an application with this value did not start, if that was for its merged policies.
    #[must_use]
    pub fn start_error(&self) -> Option<StartError> {
        self.0.record.error()
    }

    /// What was found so far that makes policies come to nothing; see [`Misuse`].
    ///
    /// Some of it shows only when requests come.
    #[must_use]
    pub fn misuses(&self) -> Vec<Misuse> {
        self.0.record.misuses()
    }

    pub(crate) fn new(
        base: LayeredPolicy,
        entries: Vec<RouteEntry>,
        preflights: Preflights,
        place: Place,
    ) -> Self {
        Self(Arc::new(Inner {
            base,
            entries,
            preflights,
            place,
            record: Record::default(),
            arrivals: Arrivals::default(),
        }))
    }

    /// Says what is misused, once.
    pub(crate) fn say(&self, misuse: &Misuse) {
        self.0.record.say(misuse);
    }

    pub(crate) fn has_unguarded_scopes(&self) -> bool {
        self.0.preflights.unguarded_scopes
    }

    pub(crate) fn place(&self) -> Place {
        self.0.place
    }

    /// Notes a request from an allowed origin that no browser sends without a preflight, which it
    /// remembers no longer than `max_age`.
    pub(crate) fn note_preflighted(&self, max_age: Duration) {
        if self.0.arrivals.lack_preflights(max_age) {
            self.say(&Misuse::NoPreflights { place: self.0.place });
        }
    }

    fn table(
        &self,
        app: Option<&Rc<App>>,
        known: Option<&Introspection>,
    ) -> Result<Rc<Table>, StartError> {
        let Inner { base, entries, preflights, .. } = &*self.0;
        let table = Table::new(self, base, entries, *preflights, app.map(Rc::as_ref), known);
        match &table {
            // introspection adds routes of the base policy only
            Ok(table) => self.0.record.keep(&table.report, known.is_none()),
            Err(error) => self.0.record.fail(error),
        }
        table.map(Rc::new)
    }
}

impl fmt::Debug for Cors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cors").field("base", &self.0.base).finish_non_exhaustive()
    }
}

impl<S, B> Transform<S, ServiceRequest> for Cors
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type InitError = ();
    type Transform = CorsService<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        let (app, inner) = collect::claim(self.0.place, around::<S>());
        if let Some(place) = inner {
            self.say(&Misuse::Twice { place });
        }
        ready(self.table(app.as_ref(), None).map_err(|_| ()).map(|table| CorsService {
            service,
            cors: self.clone(),
            app: RefCell::new(app),
            claimed: RefCell::new(table),
            table: OnceCell::new(),
        }))
    }
}

/// What the middleware is about to stand around.
fn around<S>() -> Around {
    let (service, own) = (std::any::type_name::<S>(), std::any::type_name::<CorsService<()>>());
    let has = |name: &str| service.contains(name);
    if has("::ScopeService") || has("::ResourceService") {
        Around::Part
    } else if has(own.strip_suffix("<()>").unwrap_or(own)) {
        Around::Another
    } else {
        Around::Application
    }
}

/// The service made by [`Cors`].
pub struct CorsService<S> {
    service: S,
    cors: Cors,
    app: RefCell<Option<Rc<App>>>,
    /// The table of the application that this seems to stand around.
    claimed: RefCell<Rc<Table>>,
    /// Known from the first request on.
    table: OnceCell<Rc<Table>>,
}

impl<S> fmt::Debug for CorsService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsService").field("cors", &self.cors).finish_non_exhaustive()
    }
}

impl<S> CorsService<S> {
    /// Whether actix's `NormalizePath` stands further in, as long as no scope hides it.
    fn are_paths_normalized() -> bool {
        std::any::type_name::<S>().contains("::NormalizePath")
    }

    /// Makes sure of the application, on which the first request has the last word, and learns its
    /// routes.
    #[cold]
    fn verify(&self, request: &ServiceRequest) -> Rc<Table> {
        let app = self.app.borrow().clone();
        if let Verdict::Wrong(own) = collect::verify(app.as_ref(), request.request()) {
            self.use_app(own);
        }
        let known = Introspection::of(request);
        let is_asked = known.is_some() || self.claimed.borrow().has_routes();
        let services = is_asked.then(|| listing::read(request.resource_map())).flatten();
        let app = self.app.borrow().clone();
        let is_moved = |app: &Rc<App>| services.as_deref().is_some_and(|own| app.correct(own));
        if app.as_ref().is_some_and(is_moved) {
            self.use_app(app);
        }
        if let Some(known) = &known {
            self.use_known(known);
        }
        let table = Rc::clone(&self.claimed.borrow());
        table.learn_paths(services.as_deref(), known.as_ref(), Self::are_paths_normalized());
        if self.cors.0.record.is_first_look(&table.report, services.as_deref()) {
            for misuse in table.review() {
                self.cors.say(&misuse);
            }
        }
        self.look_around(request);
        table
    }

    /// Where the middleware stands, as a request shows it.
    fn look_around(&self, request: &ServiceRequest) {
        let place = self.cors.place();
        if RequestId::of(request).is_inside() {
            self.cors.say(&Misuse::Twice { place });
        } else if request.match_info().unprocessed() != request.match_info().as_str() {
            self.cors.say(&Misuse::InScope { place });
        } else if let Some(app) = &*self.app.borrow() {
            app.wrap();
        }
    }

    /// Takes the routes in that introspection tells of.
    fn use_known(&self, known: &Introspection) {
        let app = self.app.borrow().clone();
        let old = Rc::clone(&self.claimed.borrow());
        if let Ok(table) = self.cors.table(app.as_ref(), Some(known)) {
            self.cors.0.record.forget(&old.report);
            self.claimed.replace(table);
        }
    }

    /// Where its policies turn out not to merge, nothing is shared at all.
    fn use_app(&self, app: Option<Rc<App>>) {
        self.cors.0.record.forget(&self.claimed.borrow().report);
        let table = self.cors.table(app.as_ref(), None);
        self.claimed.replace(table.unwrap_or_else(|_| Rc::new(Table::closed(&self.cors))));
        self.app.replace(app);
    }

    // actual requests would pay for its frame
    #[inline(never)]
    fn answer_preflight<B>(
        &self,
        table: &Table,
        path: &str,
        head: &Head<'_>,
    ) -> HttpResponse<EitherBody<B>> {
        let matches = table.matches(path);
        let decision = table.routes.preflight(matches.as_path_match(), head);
        tracing::debug!(
            ?path,
            origin = head.values(RequestHeader::Origin).next().map(|value| {
                tracing::field::display(value.as_bytes().escape_ascii())
            }),
            reason = %decision.reason(),
            "preflight"
        );
        let status = self.cors.0.preflights.status.code(&decision);
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::FORBIDDEN);
        let mut answer = HttpResponse::with_body(status, EitherBody::right(BoxBody::new(())));
        if status == StatusCode::METHOD_NOT_ALLOWED {
            for methods in table.routes.allow_lines(matches.as_path_match()) {
                answer.headers_mut().append(header::ALLOW, methods.clone());
            }
        }
        response::write(answer.headers_mut(), &decision, |header| head.values(header));
        response::vary(answer.headers_mut(), Present::default(), &decision, &table.routes);
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
        let is_first = self.table.get().is_none();
        let table = Rc::clone(self.table.get_or_init(|| self.verify(&request)));
        let head = Head::new(&request);
        if is_preflight(&head) {
            self.cors.0.arrivals.note_preflight();
            let answer = self.answer_preflight(&table, request.match_info().as_str(), &head);
            let (request, _) = request.into_parts();
            return CorsFuture::answered(ServiceResponse::new(request, answer));
        }
        // the first shows middlewares further in that they are inside of another
        if !is_first && table.is_plain(&head) {
            let watch = table.has_routes().then(|| Watch::new(RequestId::of(&request)));
            let mut plain = Plain::new(&head, watch, table);
            let inner = plain.step(|| self.service.call(request));
            return CorsFuture::passed(inner, plain);
        }
        let watch = Watch::new(RequestId::of(&request));
        let mut actual = Actual::new(Entry::new(&head), watch, table);
        let inner = actual.watch.step(|| self.service.call(request));
        CorsFuture::called(inner, actual)
    }
}
