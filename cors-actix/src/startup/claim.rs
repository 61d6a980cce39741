//! Which application a middleware belongs to.
//!
//! When a middleware starts, actix does not say what it stands around. The applications that are
//! starting on its thread may be meant: nearly always that is one. The first request decides, since
//! the application's own resource map says whose probes are in it.

use std::{cmp::Reverse, rc::Rc};

use actix_web::HttpRequest;

use super::registry::{App, apps};

/// The applications that a starting middleware may stand around, the one whose router was built last
/// first.
///
/// The middleware was `made` before the application that it was given to registered its services, so
/// that none of those that had done so by then can be meant.
pub(crate) fn candidates(made: u64) -> Vec<Rc<App>> {
    let is_candidate = |app: &Rc<App>| app.is_starting() && app.number > made;
    let mut starting: Vec<_> = apps().into_iter().filter(is_candidate).collect();
    starting.sort_by_key(|app| Reverse(app.built()));
    if starting.len() > 1 {
        for app in &starting {
            app.contest();
        }
    }
    starting
}

/// The application that a request has come to, if it has annotated handlers.
pub(crate) fn of_request(request: &HttpRequest) -> Option<Rc<App>> {
    apps().into_iter().find(|app| app.has_probe(|probe| probe.is_known_to(request)))
}
