//! `Access-Control-Expose-Headers` with the names of whatever a response carries.

use std::{collections::BTreeSet, fmt::Write};

use crate::{
    headers::{HeaderName, is_of_protocol, is_safelisted_in_response},
    policy::Allowed,
};

/// How many names of a response are exposed at most, beside the listed ones: those first in the alphabet.
const NAMES: usize = 64;

/// How many bytes they have at most, with their separators.
const BYTES: usize = 4096;

/// What a policy with `dangerously_expose_any_header` exposes: the listed names, and those of the response.
///
/// ```
/// use cors_core::{FieldValue, PathMatch, Policy, Presented, RouteTable};
///
/// let policy = Policy::builder()
///     .allow_origins(["https://app.example.com"])
///     .allow_credentials(true)
///     .expose_headers(["ETag"])
///     .dangerously_expose_any_header(true)
///     .build()?;
/// let table = RouteTable::new(&policy, &[], str::to_owned);
/// let origin = Presented::One(b"https://app.example.com".as_slice());
/// let decision = table.actual(PathMatch::NONE, "GET", origin);
/// let names = decision.fields().find_map(|(_, value)| match value {
///     FieldValue::ResponseNames(names) => Some(names),
///     _ => None,
/// });
/// let names = names.expect("the names of the response are exposed");
///
/// let carried = ["content-type", "etag", "x-total", "set-cookie"];
/// assert_eq!(names.value(200, carried).as_deref(), Some("ETag, x-total"));
/// // it would take the place of the list that the browser has stored with the body
/// assert_eq!(names.value(304, ["etag"]), None);
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExposedNames {
    listed: Allowed<HeaderName>,
}

impl ExposedNames {
    pub(super) fn new(listed: &Allowed<HeaderName>) -> Self {
        Self { listed: listed.clone() }
    }

    /// The value of the header for a response of this status that carries headers of these names, as far as they
    /// are known. There is none on a 304: it has fewer headers than the response that the browser has stored, and
    /// its list would take the place of the one that is stored with it (RFC 9111 §3.2, §4.3.4).
    ///
    /// Left out are names that scripts can always read or never, those of the CORS protocol, what is no token, and
    /// what is beyond 64 names or 4096 bytes.
    pub fn value<'a>(
        &self,
        status: u16,
        carried: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        const NOT_MODIFIED: u16 = 304;
        if status == NOT_MODIFIED {
            return None;
        }
        let mut value = self.listed.to_string();
        let mut left = BYTES;
        for name in self.first_of(carried) {
            let Some(rest) = left.checked_sub(name.as_str().len() + ", ".len()) else { break };
            left = rest;
            let separator = if value.is_empty() { "" } else { ", " };
            // writing to a text does not fail
            _ = write!(value, "{separator}{name}");
        }
        (!value.is_empty()).then_some(value)
    }

    /// The names that may be exposed and are not listed, sorted, each once.
    fn first_of<'a>(&self, carried: impl IntoIterator<Item = &'a str>) -> BTreeSet<HeaderName> {
        let mut names = BTreeSet::new();
        for name in carried {
            let Some(name) = readable(name).filter(|own| !self.lists(own)) else { continue };
            names.insert(name);
            if names.len() > NAMES {
                names.pop_last();
            }
        }
        names
    }

    fn lists(&self, name: &HeaderName) -> bool {
        self.listed.members().any(|own| own == name)
    }
}

/// A name that scripts can read once it is exposed, and not before.
fn readable(name: &str) -> Option<HeaderName> {
    // a header of the name `*` would expose all where there are no credentials
    if is_of_protocol(name) || name == "*" || is_safelisted_in_response(name) {
        return None;
    }
    HeaderName::of_response(name).ok()
}

#[cfg(test)]
mod tests {
    use super::{Allowed, ExposedNames, HeaderName};

    fn exposing(listed: &[&str]) -> ExposedNames {
        let names = listed.iter().map(|name| HeaderName::of_response(name).unwrap());
        ExposedNames { listed: Allowed::only(names.collect()) }
    }

    #[test]
    fn names_of_the_response_are_exposed_if_that_makes_them_readable() {
        let rows: [(&[&str], &[&str], Option<&str>); 12] = [
            (&[], &[], None),
            (&[], &["x-b", "x-a"], Some("x-a, x-b")),
            (&["ETag"], &["x-b"], Some("ETag, x-b")),
            (&["ETag"], &[], Some("ETag")),
            (&["X-B", "ETag"], &["etag", "x-b", "x-a"], Some("ETag, X-B, x-a")),
            (&[], &["x-a", "X-A", "x-a"], Some("x-a")),
            (&[], &["content-type", "Cache-Control", "content-length"], None),
            (&[], &["set-cookie", "Set-Cookie2"], None),
            (&[], &["access-control-allow-origin", "Access-Control-New"], None),
            // a proxy may have put it there
            (&[], &["x a", "x,y", "", "*", "x-\u{e9}", "x-a"], Some("x-a")),
            (&[], &["vary", "origin", "location"], Some("location, vary")),
            (&[], &["x-a\r\nset-cookie: a"], None),
        ];
        for (listed, carried, expected) in rows {
            let value = exposing(listed).value(200, carried.iter().copied());
            assert_eq!(value.as_deref(), expected, "{listed:?} {carried:?}");
        }
    }

    #[test]
    fn a_304_has_no_list_and_an_error_has() {
        for (status, is_listed) in
            [(200, true), (206, true), (304, false), (404, true), (500, true)]
        {
            let value = exposing(&["ETag"]).value(status, ["x-a"]);
            assert_eq!(value.is_some(), is_listed, "{status}");
        }
    }

    #[test]
    fn what_is_exposed_is_bounded_by_number_and_size() {
        let names: Vec<String> = (0..100).map(|number| format!("x-{number:03}")).collect();
        let value = |names: &[String]| {
            let names = names.iter().map(String::as_str);
            exposing(&["X-Listed"]).value(200, names).unwrap()
        };
        let reversed: Vec<String> = names.iter().rev().cloned().collect();
        assert_eq!(value(&names), value(&reversed), "whatever their order");
        assert_eq!(value(&names).split(", ").count(), 1 + 64);
        assert!(value(&names).ends_with(", x-063"));
        let long: Vec<String> =
            (0..60).map(|number| format!("x-{number:03}{}", "a".repeat(95))).collect();
        let value = value(&long);
        assert!((3900..4096 + "X-Listed, ".len()).contains(&value.len()), "{}", value.len());
    }
}
