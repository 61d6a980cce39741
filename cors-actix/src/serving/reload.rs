//! Policies that are replaced while requests are served.

use std::{
    fmt,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use cors_core::{Comparison, ConfigErrors, Report};

use super::{
    cors::Cors,
    current::{Answering, Replaced},
    policies::Policies,
};
use crate::diagnosis::log;

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
/// An application whose first request is still to come is checked as it is at its start: a middleware around a scope, and
/// entries for plain routes, only then.
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
    /// Held as long as others are read and replaced, so that older ones never take the place of newer ones.
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
        self.replace_by(None)
    }

    /// The file that is read again.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.lock().file.clone()
    }

    /// Replaces the policies by these, which are read again by [`reload`](Self::reload) from then on.
    pub(crate) fn replace_reading(
        &self,
        reading: Reading,
    ) -> Result<Vec<Comparison>, ConfigErrors> {
        self.replace_by(Some(reading))
    }

    fn replace_by(&self, other: Option<Reading>) -> Result<Vec<Comparison>, ConfigErrors> {
        let mut own = self.lock();
        let read = other.as_ref().unwrap_or(&own).read.clone();
        let replaced = read().and_then(|policies| {
            self.cors.current().replace(policies).map_err(|error| error.errors().clone())
        });
        let replaced = match replaced {
            Ok(replaced) => replaced,
            Err(errors) => {
                drop(own);
                log::not_reloaded(&errors);
                return Err(errors);
            }
        };
        if let Some(other) = other {
            *own = other;
        }
        let reports = replaced.applications.iter().map(|own| &own.now.merged.report);
        let lints = self.cors.findings().replace(reports);
        // a logger may want to do something of this as well
        drop(own);
        log::lints(lints);
        for Answering { application, now, .. } in &replaced.applications {
            self.cors.review(application, &replaced.policies, now);
        }
        let changes = compare(&replaced);
        log::reloaded(&changes, replaced.applications.is_empty());
        Ok(changes)
    }

    fn lock(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What has changed: in each application, those alike once, or else in the base policy.
fn compare(replaced: &Replaced) -> Vec<Comparison> {
    if replaced.applications.is_empty() {
        let [before, now] = [&replaced.before, &replaced.policies].map(|own| own.base.policy());
        return vec![Comparison::of_policies(before, now)];
    }
    let mut seen: Vec<[&Report; 2]> = Vec::new();
    for own in &replaced.applications {
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
