//! The middleware as an application is given it: the base policy, and what has been found out about the
//! applications that it stands around.

use std::{
    cell::RefCell,
    fmt,
    rc::Rc,
    sync::{Arc, Weak},
    time::Duration,
};

use cors_core::Report;

use super::{
    answers::Answers, application::Application, current::Current, policies::Policies,
    settings::Settings,
};
use crate::{
    diagnosis::{Findings, Misuse, Place, PreflightWatch, log, review},
    startup::{self, Merged, Registered, StartError, ValueNumbers},
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
    /// When it was made: an application that registered its services before cannot have been given it.
    numbers: ValueNumbers,
}

struct Inner {
    current: Current,
    /// Whether the policies may be replaced.
    is_reloadable: bool,
    settings: Settings,
    /// Where it was built.
    place: Place,
    findings: Findings,
    preflights: PreflightWatch,
}

impl Inner {
    /// Whether CORS is off for all of an application.
    fn is_off(&self) -> bool {
        self.current.policies().are_off()
    }
}

impl Clone for Cors {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), numbers: self.numbers.of_clone() }
    }
}

impl Cors {
    /// The merged tables of the applications that have started with this value, each once: method,
    /// full pattern, effective policy, and where each part of it came from.
    ///
    /// Printing a [`Report`] lists all of that.
    #[must_use]
    pub fn reports(&self) -> Vec<Report> {
        self.inner.findings.reports()
    }

    /// Why an application with this value did not start, or allows nothing to other origins, if that is for
    /// its merged policies.
    #[must_use]
    pub fn start_error(&self) -> Option<StartError> {
        self.inner.findings.error()
    }

    /// What was found so far that makes policies come to nothing, and what is surely a mistake in them; see
    /// [`Misuse`].
    ///
    /// Some of it shows only when requests come.
    #[must_use]
    pub fn misuses(&self) -> Vec<Misuse> {
        self.inner.findings.misuses()
    }

    pub(crate) fn new(
        policies: Policies,
        settings: Settings,
        is_reloadable: bool,
        place: Place,
    ) -> Self {
        let (findings, preflights) = (Findings::default(), PreflightWatch::default());
        let current = Current::new(policies);
        let inner = Inner { current, is_reloadable, settings, place, findings, preflights };
        Self { inner: Arc::new(inner), numbers: ValueNumbers::new() }
    }

    /// The same for use in here, which no application is given.
    pub(super) fn handle(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), numbers: self.numbers }
    }

    /// Whether it is a clone of another one.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    #[inline]
    pub(super) fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    #[inline]
    pub(super) fn is_reloadable(&self) -> bool {
        self.inner.is_reloadable
    }

    #[inline]
    pub(super) fn current(&self) -> &Current {
        &self.inner.current
    }

    pub(super) fn is_off(&self) -> bool {
        self.inner.is_off()
    }

    pub(super) fn place(&self) -> Place {
        self.inner.place
    }

    pub(super) fn findings(&self) -> &Findings {
        &self.inner.findings
    }

    /// Says what is misused, once. If CORS is off for all, nothing comes of it.
    pub(super) fn say(&self, misuse: &Misuse) {
        if !self.inner.is_off() {
            self.inner.findings.say(misuse);
        }
    }

    /// Notes a request from an allowed origin that no browser sends without a preflight, which it
    /// remembers no longer than `max_age`.
    pub(super) fn note_preflighted(&self, max_age: Duration) {
        if self.inner.preflights.are_lacking(max_age) {
            self.say(&Misuse::NoPreflights { place: self.inner.place });
        }
    }

    /// Warns of what is surely a mistake in how policies and an application go together, once for all workers.
    pub(super) fn review(&self, application: &Application, policies: &Policies, answers: &Answers) {
        let findings = &self.inner.findings;
        if let (Some(error), Some(own)) = (&answers.merged.doubtful, application.part.scopes())
            && findings.keep_error(error)
        {
            log::handlers_closed(own.prefix(), error);
        }
        for misuse in application.left_out(policies, answers) {
            self.say(&misuse);
        }
        if let Some(resources) = application.fingerprint()
            && findings.is_first_look(&answers.merged.report, resources)
        {
            let paths = answers.paths.as_ref();
            for misuse in paths.map_or_else(Vec::new, |own| review(&answers.merged, own)) {
                self.say(&misuse);
            }
        }
    }

    /// Merges the policies of the application that seems to be starting. Where it is not certain which
    /// that is, and none fits, the first request says which is meant.
    ///
    /// One around a scope merges nothing yet: it is not known which scope that is.
    pub(super) fn start(&self) -> Result<Option<Claim>, StartError> {
        if self.inner.settings.around_scope {
            return Ok(None);
        }
        let claim = self.claim().inspect_err(|error| self.inner.findings.fail(error))?;
        if let Some(claim) = &claim {
            self.inner.findings.keep(&claim.merged.report);
        }
        Ok(claim)
    }

    fn claim(&self) -> Result<Option<Claim>, StartError> {
        let (version, policies) = self.inner.current.numbered();
        let candidates = startup::candidates(self.numbers);
        if candidates.is_empty() {
            let merged = policies.at_start(Registered::default())?;
            return Ok(Some(Claim { app: None, merged, version, started: None }));
        }
        let mut found = Ok(None);
        for app in &candidates {
            let registered = Arc::new(app.registered());
            match policies.at_start((*registered).clone()) {
                Ok(merged) => {
                    if self.inner.is_reloadable
                        && !self.inner.current.note_started(version, &registered)
                    {
                        // others have taken their place
                        return self.claim();
                    }
                    app.claim();
                    let started = self.inner.is_reloadable.then_some(registered);
                    let app = Some(Rc::clone(app));
                    return Ok(Some(Claim { app, merged, version, started }));
                }
                Err(error) if app.is_surely_of(self.numbers) => found = Err(error),
                Err(_) => {}
            }
        }
        found
    }

    /// Notes that it starts, and says so if another one seems to stand inside, of which nothing comes then.
    pub(super) fn note_start(&self, is_around_another: bool) {
        if !self.inner.is_off() {
            startup::note_use(self.numbers);
        }
        let last = LAST_STARTED.replace(Arc::downgrade(&self.inner)).upgrade();
        if let Some(inner) = last.filter(|inner| is_around_another && !inner.is_off()) {
            let misuse = Misuse::Twice { place: inner.place };
            self.inner.findings.say(&misuse);
            inner.findings.keep_misuse(&misuse);
        }
    }

    pub(super) fn note_preflight(&self) {
        self.inner.preflights.note_preflight();
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
    /// The number of the policies that are merged.
    pub(super) version: u64,
    /// What the application has registered. As long as it is there, no policies come that do not fit it.
    #[expect(dead_code, reason = "it is kept alive")]
    started: Option<Arc<Registered>>,
}

impl fmt::Debug for Cors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cors")
            .field("base", &self.inner.current.policies().base)
            .finish_non_exhaustive()
    }
}
