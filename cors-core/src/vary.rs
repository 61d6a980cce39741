//! `Vary`: which request headers a cache has to compare before it reuses an answer.
//!
//! Source: RFC 9110 §12.5.5, Fetch `#cors-protocol-and-http-caches`.

use std::ops::BitOr;

use crate::{fields::RequestHeader, headers::trim_ows};

/// A set of the request headers that CORS decisions depend on.
///
/// ```
/// use cors_core::{RequestHeader, Vary};
///
/// let vary = Vary::of(RequestHeader::Origin);
/// assert_eq!(vary.value(), "Origin");
///
/// // what an application already sends is kept and not repeated
/// assert_eq!(vary.missing_from([b"Accept-Encoding".as_slice()]), vary);
/// assert!(vary.missing_from([b"accept-encoding, ORIGIN".as_slice()]).is_empty());
/// assert!(vary.missing_from([b"*".as_slice()]).is_empty());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Vary(u8);

impl Vary {
    /// Depends on nothing: one cached answer serves every request.
    pub const NOTHING: Self = Self(0);

    pub(crate) const COMBINATIONS: usize = 1 << RequestHeader::ALL.len();

    /// The set of this one header.
    #[must_use]
    pub const fn of(header: RequestHeader) -> Self {
        Self(1 << header as u8)
    }

    /// Whether the answer depends on no request header.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The headers in the set, in a fixed order.
    pub fn headers(self) -> impl Iterator<Item = RequestHeader> {
        RequestHeader::ALL.iter().copied().filter(move |header| self.0 & Self::of(*header).0 != 0)
    }

    /// The value of a `Vary` header that names the set.
    #[must_use]
    pub fn value(self) -> String {
        self.headers().map(RequestHeader::name).collect::<Vec<_>>().join(", ")
    }

    /// The part of the set that the `Vary` lines of a response do not name yet.
    #[must_use]
    pub fn missing_from<'a>(self, lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut missing = self;
        for member in lines.into_iter().flat_map(|line| line.split(|byte| *byte == b',')) {
            let member = trim_ows(member);
            if member == b"*" {
                return Self::NOTHING;
            }
            for header in missing.headers() {
                if header.name().as_bytes().eq_ignore_ascii_case(member) {
                    missing.0 &= !Self::of(header).0;
                }
            }
        }
        missing
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..=u8::MAX).take(Self::COMBINATIONS).map(Self)
    }
}

impl BitOr for Vary {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{RequestHeader, Vary};

    #[test]
    fn members_are_added_once_and_a_star_covers_all() {
        let preflight = Vary::of(RequestHeader::Origin)
            | Vary::of(RequestHeader::AccessControlRequestMethod)
            | Vary::of(RequestHeader::AccessControlRequestHeaders);
        let table: [(&[&str], &str); 6] = [
            (&[], "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
            (&["Origin"], "Access-Control-Request-Method, Access-Control-Request-Headers"),
            (
                &["Accept", "Cookie ,\tORIGIN"],
                "Access-Control-Request-Method, Access-Control-Request-Headers",
            ),
            (&["access-control-request-method,access-control-request-headers"], "Origin"),
            (
                &["X-Origin"],
                "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
            ),
            (&["Accept", "*"], ""),
        ];
        for (lines, rest) in table {
            let missing = preflight.missing_from(lines.iter().map(|line| line.as_bytes()));
            assert_eq!(missing.value(), rest, "{lines:?}");
        }
    }
}
