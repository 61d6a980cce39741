//! Which application a middleware belongs to.
//!
//! When a middleware starts, actix does not tell it what it is wrapped around. It can only be an
//! application that is starting on the same thread, and there is nearly always just one: the middleware
//! claims it. The first request shows whether that was right, since the resource map of its application
//! has the probes of that application.

use std::{cmp::Reverse, rc::Rc};

use actix_web::HttpRequest;

use super::{
    numbers::ValueNumbers,
    registry::{App, apps},
};

/// The applications that a starting middleware may be wrapped around, the one whose router was built
/// last first.
///
/// `value` is the middleware's. It was made before its application registered any service, so an
/// application with a smaller number is not its own.
pub(crate) fn candidates(value: ValueNumbers) -> Vec<Rc<App>> {
    let is_candidate = |app: &Rc<App>| app.is_starting() && app.is_younger_than(value);
    let mut starting: Vec<_> = apps().into_iter().filter(is_candidate).collect();
    // one that another middleware has claimed may have been claimed by mistake
    if starting.len() > 1 {
        for app in &starting {
            app.contest();
        }
    }
    starting.retain(|app| !app.is_claimed());
    starting.sort_by_key(|app| Reverse(app.built()));
    starting
}

/// The application that a request has come to, if it has annotated handlers.
pub(crate) fn of_request(request: &HttpRequest) -> Option<Rc<App>> {
    apps().into_iter().find(|app| app.has_probe(|probe| probe.is_known_to(request)))
}
