//! Policies that are replaced while requests are served.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use cors_core::{Comparison, ConfigErrors, Report};

use super::{cors::Cors, current::Replaced, policies::Policies};
use crate::{diagnosis::log, startup::StartError};

/// What policies are read from.
#[derive(Clone)]
pub(crate) struct Reading {
    /// Says what they are, each time it is asked.
    pub(crate) read: Arc<dyn Fn() -> Result<Policies, ConfigErrors> + Send + Sync>,
    /// The file among it.
    pub(crate) file: Option<PathBuf>,
}

/// Replaces the policies of a [`Cors`] while it serves: the base policy, and the entries of scopes and routes.
///
/// What has changed is returned, and in the log (target `cors_actix`): each difference in meaning, with a request that is
/// decided differently.
///
/// All of them are checked and merged with the routes of every application first, on the thread that calls; requests
/// go on meanwhile. If anything is wrong, nothing changes, and all of it is returned and in the log. Otherwise all
/// workers answer by the new policies from then on, and what a request has begun with it ends with.
///
/// A browser keeps a granted preflight for up to `max_age`: for so long it may still send what is not allowed any more.
/// Whether its scripts may read the response is decided anew for each.
///
/// How requests are answered beside the policy, such as [`debug`](crate::CorsBuilder::debug), stays as it was built.
///
/// ```
/// use cors_actix::Cors;
///
/// let base = |origin: &str| Cors::builder().allow_origins([origin]);
/// let (cors, handle) = base("https://app.example.com").build_reloadable()?;
/// // `App::new().wrap(cors.clone())`
///
/// handle.replace(&base("https://new.example.com"))?;
/// let errors = handle.replace(&base("new.example.com")).unwrap_err();
/// assert_eq!(errors.first().code(), "CORS003");
/// # Ok::<(), cors_actix::ConfigErrors>(())
/// ```
#[derive(Clone)]
pub struct CorsHandle {
    cors: Arc<Cors>,
    reading: Arc<Mutex<Reading>>,
}

impl CorsHandle {
    /// The middleware and what replaces its policies.
    pub(crate) fn new(cors: &Cors, reading: Reading) -> Self {
        Self { cors: Arc::new(cors.handle()), reading: Arc::new(Mutex::new(reading)) }
    }

    /// Reads again what the policies were read from, such as a file, and replaces them. Answers what has changed by it,
    /// for each application once; where none has had a request yet, nothing is said of routes.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong; then nothing changes.
    pub fn reload(&self) -> Result<Vec<Comparison>, ConfigErrors> {
        self.replace_by(&self.reading())
    }

    /// The file that is read again.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.reading().file
    }

    fn reading(&self) -> Reading {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the policies by these, which are read again by [`reload`](Self::reload) from then on.
    pub(crate) fn replace_reading(
        &self,
        reading: Reading,
    ) -> Result<Vec<Comparison>, ConfigErrors> {
        let changes = self.replace_by(&reading)?;
        *self.reading.lock().unwrap_or_else(PoisonError::into_inner) = reading;
        Ok(changes)
    }

    fn replace_by(&self, reading: &Reading) -> Result<Vec<Comparison>, ConfigErrors> {
        let replaced = (reading.read)().and_then(|policies| {
            self.cors.replace(policies).map_err(|error| error.errors().clone())
        });
        match &replaced {
            Ok(changes) => log::reloaded(changes),
            Err(errors) => log::not_reloaded(errors),
        }
        replaced
    }
}

impl Cors {
    /// Replaces the policies in all applications.
    fn replace(&self, policies: Policies) -> Result<Vec<Comparison>, StartError> {
        let before = self.current().policies();
        let replaced = self.current().replace(policies)?;
        let policies = self.current().policies();
        for Replaced { application, before, now } in &replaced {
            self.findings().keep(&now.merged.report);
            self.findings().forget(&before.merged.report);
            self.review(application, &policies, now);
        }
        self.findings().clear_error();
        Ok(compare(&before, &policies, &replaced))
    }
}

/// What has changed: in each application, those alike once, or else in the base policy.
fn compare(before: &Policies, now: &Policies, replaced: &[Replaced]) -> Vec<Comparison> {
    if replaced.is_empty() {
        return vec![Comparison::of_policies(before.base.policy(), now.base.policy())];
    }
    let mut seen: Vec<[&Report; 2]> = Vec::new();
    for own in replaced {
        let reports = [&own.before.merged.report, &own.now.merged.report];
        if !seen.contains(&reports) {
            seen.push(reports);
        }
    }
    seen.into_iter().map(|[before, now]| Comparison::of_reports(before, now)).collect()
}

impl fmt::Debug for CorsHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CorsHandle").field("cors", &self.cors).finish_non_exhaustive()
    }
}
