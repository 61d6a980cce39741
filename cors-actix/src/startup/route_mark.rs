//! What tells of a request that an annotated route was entered, and of a response that this route
//! made it.
//!
//! A request carries the mark in a data container of its own. A response carries it in its reason
//! phrase: the usual phrase of its status, in a copy that belongs to the place of the route. Copies are
//! never freed, so that no other text can ever have their address. There is one for each place and
//! status that was seen; all applications share them, so that starting many leaves nothing behind. The
//! middleware takes the mark away before the response leaves its application.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
    ptr,
    sync::{LazyLock, Mutex, PoisonError},
};

use actix_web::http::StatusCode;

/// A method of a route of an annotated handler: its application, and where it stands among the
/// methods that were registered there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) app: u64,
    pub(crate) index: usize,
}

/// The mark of one place.
#[derive(Debug)]
pub(crate) struct RouteMark {
    pub(crate) place: Place,
    /// The full pattern of the route, told by the first request that came to it where it was in doubt.
    pub(crate) pattern: OnceCell<Option<String>>,
    /// Those that have been used.
    phrases: RefCell<Vec<(StatusCode, &'static str)>>,
}

/// The copies of all threads, by the index of the place.
static PHRASES: LazyLock<Mutex<HashMap<(usize, StatusCode), &'static str>>> =
    LazyLock::new(Mutex::default);

impl RouteMark {
    pub(crate) fn new(place: Place) -> Self {
        Self { place, pattern: OnceCell::new(), phrases: RefCell::default() }
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
        let key = (self.place.index, status);
        let phrase: &'static str = all.entry(key).or_insert_with(|| Box::leak(usual.into()));
        self.phrases.borrow_mut().push((status, phrase));
        Some(phrase)
    }

    /// Whether a response with this phrase was made by the route.
    #[inline]
    pub(crate) fn is_on(&self, phrase: &'static str) -> bool {
        self.phrases.borrow().iter().any(|own| ptr::eq(own.1, phrase))
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, RouteMark, StatusCode};

    #[test]
    fn a_phrase_belongs_to_one_place() {
        let [one, other] = [0, 1].map(|index| RouteMark::new(Place { app: 0, index }));
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
