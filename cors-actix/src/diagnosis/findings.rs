//! What became of the applications that a middleware stands around.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use cors_core::Report;

use super::{log, warning::Misuse};
use crate::startup::StartError;

/// What all workers have found.
#[derive(Default)]
pub(crate) struct Findings(Mutex<Found>);

#[derive(Default)]
struct Found {
    tables: Vec<Table>,
    error: Option<StartError>,
    misuses: Vec<Misuse>,
}

/// A merged table.
struct Table {
    report: Report,
    /// How many applications have it, one for each worker.
    count: usize,
    /// The resources of those applications that have been looked at, hashed.
    reviewed: HashSet<u64>,
}

impl Found {
    fn table(&mut self, report: &Report) -> Option<&mut Table> {
        self.tables.iter_mut().find(|own| own.report == *report)
    }
}

impl Findings {
    pub(crate) fn reports(&self) -> Vec<Report> {
        self.with(|found| found.tables.iter().map(|own| own.report.clone()).collect())
    }

    pub(crate) fn error(&self) -> Option<StartError> {
        self.with(|found| found.error.clone())
    }

    pub(crate) fn misuses(&self) -> Vec<Misuse> {
        self.with(|found| found.misuses.clone())
    }

    /// Keeps what is misused, and says it in the log, once.
    pub(crate) fn say(&self, misuse: &Misuse) {
        // whoever reads the log may ask for all misuses
        if self.keep_misuse(misuse) {
            log::warn(misuse);
        }
    }

    /// Keeps what another middleware says in the log; whether it is new.
    pub(crate) fn keep_misuse(&self, misuse: &Misuse) -> bool {
        self.with(|found| {
            let is_new = !found.misuses.contains(misuse);
            found.misuses.extend(is_new.then(|| misuse.clone()));
            is_new
        })
    }

    /// Keeps the table of a start, and says what is odd about a new one.
    pub(crate) fn keep(&self, report: &Report, say_lints: bool) {
        let is_new = self.with(|found| {
            if let Some(own) = found.table(report) {
                own.count += 1;
                return false;
            }
            let report = report.clone();
            found.tables.push(Table { report, count: 1, reviewed: HashSet::new() });
            true
        });
        if is_new && say_lints {
            for lint in report.lints() {
                tracing::warn!("CORS: [{}] {lint}", lint.code());
            }
        }
    }

    /// Drops the table of a start that is known better now.
    pub(crate) fn forget(&self, report: &Report) {
        self.with(|found| {
            if let Some(own) = found.table(report) {
                own.count -= 1;
            }
            found.tables.retain(|own| own.count > 0);
        });
    }

    /// Whether nobody has looked at an application with this table and these resources yet; every
    /// worker finds the same.
    pub(crate) fn is_first_look(&self, report: &Report, resources: u64) -> bool {
        self.with(|found| found.table(report).is_some_and(|own| own.reviewed.insert(resources)))
    }

    /// Keeps why an application did not start, and says it in the log, once.
    pub(crate) fn fail(&self, error: &StartError) {
        if self.keep_error(error) {
            log::start_error(error);
        }
    }

    /// Keeps what is wrong with merged policies; whether it is new.
    pub(crate) fn keep_error(&self, error: &StartError) -> bool {
        self.with(|found| found.error.replace(error.clone()).is_none_or(|known| known != *error))
    }

    fn with<T>(&self, read: impl FnOnce(&mut Found) -> T) -> T {
        read(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
