//! The middleware: answers preflights, and adorns every other response.

use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    fmt,
    hash::{DefaultHasher, Hash, Hasher},
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
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
    listing::{self, Service as Listed},
    misuse::{Misuse, Place},
    plain::Plain,
    request::{Entry, Head},
    response::{self, Present},
    start::{self, StartError},
    table::Table,
    tag::RequestId,
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
    started: Mutex<Started>,
    arrivals: Arrivals,
}

/// What became of the applications that this value was wrapped around.
#[derive(Default)]
struct Started {
    tables: Vec<StartedTable>,
    error: Option<StartError>,
    misuses: Vec<Misuse>,
}

/// A merged table.
struct StartedTable {
    report: Report,
    /// How many applications have it, one for each worker.
    count: usize,
    /// The services of those applications that have been looked at, hashed.
    reviewed: HashSet<u64>,
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
        self.with_started(|started| started.tables.iter().map(|own| own.report.clone()).collect())
    }

    /// Why an application with this value did not start, if that was for its merged policies.
    #[must_use]
    pub fn start_error(&self) -> Option<StartError> {
        self.with_started(|started| started.error.clone())
    }

    /// What was found so far that makes policies come to nothing; see [`Misuse`].
    ///
    /// Some of it shows only when requests come.
    #[must_use]
    pub fn misuses(&self) -> Vec<Misuse> {
        self.with_started(|started| started.misuses.clone())
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
            started: Mutex::default(),
            arrivals: Arrivals::default(),
        }))
    }

    /// Says what is misused, once.
    pub(crate) fn say(&self, misuse: &Misuse) {
        let is_new = self.with_started(|started| {
            let is_new = !started.misuses.contains(misuse);
            started.misuses.extend(is_new.then(|| misuse.clone()));
            is_new
        });
        // whoever reads the log may ask for all misuses
        if is_new {
            start::warn(misuse);
        }
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

    /// Keeps the table of a start.
    fn keep(&self, report: &Report, say_lints: bool) {
        let is_new = self.with_started(|started| {
            if let Some(own) = started.tables.iter_mut().find(|own| own.report == *report) {
                own.count += 1;
                return false;
            }
            let report = report.clone();
            started.tables.push(StartedTable { report, count: 1, reviewed: HashSet::new() });
            true
        });
        for lint in report.lints().into_iter().filter(|_| is_new && say_lints) {
            tracing::warn!("CORS: [{}] {lint}", lint.code());
        }
    }

    /// Drops the table of a start that is known better now.
    fn forget(&self, report: &Report) {
        self.with_started(|started| {
            if let Some(own) = started.tables.iter_mut().find(|own| own.report == *report) {
                own.count -= 1;
            }
            started.tables.retain(|own| own.count > 0);
        });
    }

    /// Whether nobody has looked at an application with this table and these services yet; every
    /// worker finds the same.
    fn is_first_look(&self, report: &Report, services: Option<&[Listed]>) -> bool {
        let mut hasher = DefaultHasher::new();
        services.hash(&mut hasher);
        let services = hasher.finish();
        self.with_started(|started| {
            let own = started.tables.iter_mut().find(|own| own.report == *report);
            own.is_some_and(|own| own.reviewed.insert(services))
        })
    }

    /// Keeps why an application did not start.
    fn fail(&self, error: &StartError) {
        let is_new = self.with_started(|started| {
            started.error.replace(error.clone()).is_none_or(|known| known != *error)
        });
        if is_new {
            error.announce();
        }
    }

    fn with_started<T>(&self, read: impl FnOnce(&mut Started) -> T) -> T {
        read(&mut self.0.started.lock().unwrap_or_else(PoisonError::into_inner))
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
            Ok(table) => self.keep(&table.report, known.is_none()),
            Err(error) => self.fail(error),
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
            table: RefCell::new(table),
            is_verified: Cell::new(false),
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
    table: RefCell<Rc<Table>>,
    is_verified: Cell<bool>,
}

impl<S> fmt::Debug for CorsService<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsService").field("cors", &self.cors).finish_non_exhaustive()
    }
}

impl<S> CorsService<S> {
    /// Makes sure of the application, on which the first request has the last word, and learns its
    /// routes.
    #[cold]
    fn verify(&self, request: &ServiceRequest) {
        let claimed = self.app.borrow().clone();
        if let Verdict::Wrong(own) = collect::verify(claimed.as_ref(), request.request()) {
            self.use_app(own);
        }
        let known = Introspection::of(request);
        let is_asked = known.is_some() || self.table.borrow().has_routes();
        let services = is_asked.then(|| listing::read(request.resource_map())).flatten();
        let app = self.app.borrow().clone();
        let is_moved = |app: &Rc<App>| services.as_deref().is_some_and(|own| app.correct(own));
        if app.as_ref().is_some_and(is_moved) {
            self.use_app(app);
        }
        if let Some(known) = &known {
            self.use_known(known);
        }
        let table = self.table.borrow();
        table.learn_paths(services.as_deref(), known.as_ref());
        if self.cors.is_first_look(&table.report, services.as_deref()) {
            for misuse in table.review() {
                self.cors.say(&misuse);
            }
        }
        self.look_around(request);
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
        let old = Rc::clone(&self.table.borrow());
        if let Ok(table) = self.cors.table(app.as_ref(), Some(known)) {
            self.cors.forget(&old.report);
            self.table.replace(table);
        }
    }

    /// Where its policies turn out not to merge, nothing is shared at all.
    fn use_app(&self, app: Option<Rc<App>>) {
        self.cors.forget(&self.table.borrow().report);
        let table = self.cors.table(app.as_ref(), None);
        self.table.replace(table.unwrap_or_else(|_| Rc::new(Table::closed(&self.cors))));
        self.app.replace(app);
    }

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
        let is_first = !self.is_verified.replace(true);
        if is_first {
            self.verify(&request);
        }
        let table = Rc::clone(&self.table.borrow());
        let head = Head::new(&request);
        if is_preflight(&head) {
            self.cors.0.arrivals.note_preflight();
            let answer = self.answer_preflight(&table, request.match_info().as_str(), &head);
            let (request, _) = request.into_parts();
            return CorsFuture::answered(ServiceResponse::new(request, answer));
        }
        // the first shows middlewares further in that they are inside of another
        if !table.has_routes() && !is_first {
            let plain = Plain::new(&head, table);
            return CorsFuture::passed(self.service.call(request), plain);
        }
        let mut actual = Actual::new(RequestId::of(&request), Entry::new(&head), table);
        let inner = actual.watch(|| self.service.call(request));
        CorsFuture::called(inner, actual)
    }
}
