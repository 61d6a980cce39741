//! What was found in the applications of a middleware: their merged tables, errors and mistakes.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use cors_core::{Lint, Report};

use super::{log, warning::Misuse};
use crate::startup::StartError;

/// What all workers have found.
#[derive(Default)]
pub(crate) struct Findings(Mutex<Found>);

#[derive(Default)]
struct Found {
    kept: Vec<Kept>,
    error: Option<StartError>,
    misuses: Vec<Misuse>,
    /// The lints that are in the log.
    said: HashSet<Lint>,
}

/// A merged table that is in use.
struct Kept {
    report: Report,
    /// How many applications have it, one for each worker.
    count: usize,
    /// The hashes of the resources of those applications that have been reviewed.
    reviewed: HashSet<u64>,
}

impl Kept {
    fn new(report: &Report) -> Self {
        Self { report: report.clone(), count: 1, reviewed: HashSet::new() }
    }
}

impl Found {
    fn kept(&mut self, report: &Report) -> Option<&mut Kept> {
        self.kept.iter_mut().find(|own| own.report == *report)
    }

    /// Counts one more application with a table that is kept. Answers whether it is.
    fn count(&mut self, report: &Report) -> bool {
        self.kept(report).map(|own| own.count += 1).is_some()
    }
}

impl Findings {
    pub(crate) fn reports(&self) -> Vec<Report> {
        self.with(|found| found.kept.iter().map(|own| own.report.clone()).collect())
    }

    pub(crate) fn error(&self) -> Option<StartError> {
        self.with(|found| found.error.clone())
    }

    /// The lints of all merged tables, each once, then what else was found.
    pub(crate) fn misuses(&self) -> Vec<Misuse> {
        self.with(|found| {
            let mut all: Vec<Misuse> = Vec::new();
            let lints = found.kept.iter().flat_map(|own| own.report.lints());
            for misuse in lints.map(Misuse::Setting).chain(found.misuses.iter().cloned()) {
                if !all.contains(&misuse) {
                    all.push(misuse);
                }
            }
            all
        })
    }

    /// Keeps a mistake, and writes it to the log, once.
    pub(crate) fn say(&self, misuse: &Misuse) {
        // kept before it is logged, since a logger may ask for all mistakes
        if self.keep_misuse(misuse) {
            log::warn(misuse);
        }
    }

    /// Keeps a mistake that another middleware writes to the log. Answers whether it is new.
    pub(crate) fn keep_misuse(&self, misuse: &Misuse) -> bool {
        self.with(|found| {
            let is_new = !found.misuses.contains(misuse);
            found.misuses.extend(is_new.then(|| misuse.clone()));
            is_new
        })
    }

    /// Keeps a merged table and its lints, which are written to the log, each once.
    pub(crate) fn keep(&self, report: &Report) {
        if self.with(|found| found.count(report)) {
            return;
        }
        let lints = report.lints();
        let new: Vec<Lint> = self.with(|found| {
            // another worker may have kept it meanwhile
            if found.count(report) {
                return Vec::new();
            }
            found.kept.push(Kept::new(report));
            lints.into_iter().filter(|lint| found.said.insert(lint.clone())).collect()
        });
        log::lints(new);
    }

    /// Drops a merged table that has turned out to be wrong or incomplete.
    pub(crate) fn forget(&self, report: &Report) {
        self.with(|found| {
            if let Some(own) = found.kept(report) {
                own.count -= 1;
            }
            found.kept.retain(|own| own.count > 0);
        });
    }

    /// Whether no application with this table and these resources has been reviewed yet; every worker
    /// would find the same.
    pub(crate) fn is_first_look(&self, report: &Report, resources: u64) -> bool {
        self.with(|found| found.kept(report).is_some_and(|own| own.reviewed.insert(resources)))
    }

    /// Keeps why an application did not start, and writes it to the log, once.
    pub(crate) fn fail(&self, error: &StartError) {
        if self.keep_error(error) {
            log::start_error(error);
        }
    }

    /// Keeps what is wrong with merged policies. Answers whether it is new.
    pub(crate) fn keep_error(&self, error: &StartError) -> bool {
        self.with(|found| found.error.replace(error.clone()).is_none_or(|known| known != *error))
    }

    /// Keeps these merged tables in the place of all others, with which nothing is wrong any more. Answers the lints
    /// that are new.
    pub(crate) fn replace<'a>(&self, reports: impl Iterator<Item = &'a Report>) -> Vec<Lint> {
        let mut kept: Vec<Kept> = Vec::new();
        for report in reports {
            match kept.iter_mut().find(|own| own.report == *report) {
                Some(own) => own.count += 1,
                None => kept.push(Kept::new(report)),
            }
        }
        let lints = kept.iter().flat_map(|own| own.report.lints());
        let lints: Vec<Lint> = lints.collect();
        self.with(|found| {
            (found.kept, found.error) = (kept, None);
            lints.into_iter().filter(|lint| found.said.insert(lint.clone())).collect()
        })
    }

    fn with<T>(&self, read: impl FnOnce(&mut Found) -> T) -> T {
        read(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
