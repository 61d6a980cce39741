//! The mark of an annotated route: on a request it says that the request has reached the route, on a
//! response that the route made it.
//!
//! A request carries the mark in a data container of its own. A response carries it in its reason
//! phrase, since nothing else stays with a response through other middlewares and costs no allocation.
//! The phrase is the usual one of the status, such as `OK`, in a copy whose address belongs to the
//! endpoint. Copies are never freed, so no other text can get their address. There is one for each number
//! of an endpoint and each status that was answered, for the whole process: applications share them, so
//! starting many of them does not leak more. The middleware removes the phrase before the response leaves
//! the application.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    ptr,
    sync::{LazyLock, Mutex, PoisonError},
};

use actix_web::http::StatusCode;

/// One method of one route of an annotated handler: its application, and its number among all that
/// were registered there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Endpoint {
    pub(crate) app: u64,
    pub(crate) index: usize,
}

/// The mark of one endpoint.
#[derive(Debug)]
pub(crate) struct RouteMark {
    pub(crate) endpoint: Endpoint,
    /// The full pattern of the route; set by the first request that reaches it, only if it was in doubt.
    pub(crate) pattern: OnceCell<Option<String>>,
    /// The phrases that responses of the route have had so far.
    phrases: RefCell<Vec<(StatusCode, &'static str)>>,
}

/// The copies of all threads, by the endpoint's number.
static PHRASES: LazyLock<Mutex<HashMap<(usize, StatusCode), &'static str>>> =
    LazyLock::new(Mutex::default);

impl RouteMark {
    pub(crate) fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, pattern: OnceCell::new(), phrases: RefCell::default() }
    }

    /// The phrase for a status; `None` where the status has no usual one.
    #[inline]
    pub(crate) fn phrase(&self, status: StatusCode) -> Option<&'static str> {
        let known = self.phrases.borrow().iter().find(|own| own.0 == status).map(|own| own.1);
        known.or_else(|| self.add_phrase(status))
    }

    #[cold]
    fn add_phrase(&self, status: StatusCode) -> Option<&'static str> {
        let usual = status.canonical_reason()?;
        let mut all = PHRASES.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (self.endpoint.index, status);
        let phrase: &'static str = all.entry(key).or_insert_with(|| Box::leak(usual.into()));
        self.phrases.borrow_mut().push((status, phrase));
        Some(phrase)
    }

    /// Whether a phrase is the mark of any route.
    #[cold]
    pub(crate) fn is_any(phrase: &'static str) -> bool {
        let all = PHRASES.lock().unwrap_or_else(PoisonError::into_inner);
        all.values().any(|own| ptr::eq(*own, phrase))
    }

    /// Whether a response with this phrase was made by the route.
    #[inline]
    pub(crate) fn is_on(&self, phrase: &'static str) -> bool {
        self.phrases.borrow().iter().any(|own| ptr::eq(own.1, phrase))
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, RouteMark, StatusCode};

    #[test]
    fn a_phrase_belongs_to_one_endpoint() {
        let [one, other] = [0, 1].map(|index| RouteMark::new(Endpoint { app: 0, index }));
        let phrase = one.phrase(StatusCode::OK).unwrap();
        assert_eq!(phrase, "OK");
        assert!(std::ptr::eq(phrase, one.phrase(StatusCode::OK).unwrap()), "one copy");
        assert!(one.is_on(phrase));
        _ = other.phrase(StatusCode::OK);
        assert!(!other.is_on(phrase));
        assert!(!one.is_on("OK"), "another text of the same letters");
        assert_eq!(one.phrase(StatusCode::from_u16(299).unwrap()), None);
    }
}
