//! What routes and middlewares leave behind, so that the oracle knows what a request has run.

use std::{cell::RefCell, mem};

use actix_web::HttpResponse;

/// The response header that names what made the response.
pub(super) const RAN: &str = "x-ran";

/// What plain routes say that they are.
pub(super) const PLAIN: &str = "plain";

/// What default services of scopes and of the application say that they are.
pub(super) const DEFAULT: &str = "default";

/// What services for all paths below theirs say that they are.
pub(super) const PREFIX: &str = "prefix";

/// What services that actix leaves out of its resource map say that they are.
pub(super) const UNMAPPED: &str = "unmapped";

/// The response header that says where that is registered, if it is known.
pub(super) const PLACE: &str = "x-place";

/// Where something is registered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Its full pattern, if it knows it.
    pub(super) pattern: Option<String>,
    /// Whether it is in something that answers GET and HEAD alone.
    pub(super) only_reads: bool,
}

/// Something that happened to a request inside of the middleware.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// It has come to a route or a service of this name.
    Ran(&'static str, Place),
    /// A middleware has made another request of it, whose preflight would have been another one.
    Moved,
}

thread_local! {
    /// Requests come one after the other.
    static STEPS: RefCell<Vec<Step>> = const { RefCell::new(Vec::new()) };
    /// The pattern of what an error has taken the place of, since an error has no request.
    static PATTERN: RefCell<Option<String>> = const { RefCell::new(None) };
}

pub(super) fn note_pattern(pattern: Option<String>) {
    PATTERN.set(pattern);
}

/// The pattern that was noted since this was asked last.
pub(super) fn take_pattern() -> Option<String> {
    PATTERN.take()
}

pub(super) fn note(step: Step) {
    STEPS.with_borrow_mut(|steps| steps.push(step));
}

/// What has happened since this was asked last.
pub(super) fn take() -> Vec<Step> {
    STEPS.take()
}

/// Takes out what happens until the end of a request to another application.
pub(super) async fn apart<T>(request: impl Future<Output = T>) -> T {
    let own = take();
    let answer = request.await;
    STEPS.with_borrow_mut(|steps| drop(mem::replace(steps, own)));
    answer
}

/// What a route answers: that it ran.
pub(super) fn ran(name: &'static str) -> HttpResponse {
    ran_at(name, Place::default())
}

/// The same with the place where it is registered.
pub(super) fn ran_at(name: &'static str, place: Place) -> HttpResponse {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((RAN, name));
    if let Some(pattern) = &place.pattern {
        answer.insert_header((PLACE, pattern.as_str()));
    }
    note(Step::Ran(name, place));
    answer.finish()
}
