//! What is read of a request, and what kind of request that makes it.

use crate::{fields::RequestHeader, methods::Named};

/// What a decision needs to know of a request. Adapters implement it for their request type.
pub trait RequestHead {
    /// The method, as it was sent.
    fn method(&self) -> &str;

    /// The values of all lines of a header.
    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]>;
}

/// How the values of a header of the request look: most decisions accept exactly one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented<T> {
    /// The header is missing.
    Absent,
    /// One line.
    One(T),
    /// Several lines, which no browser sends.
    Several,
}

impl<T> Presented<T> {
    /// Reads the lines of a header.
    pub fn from_lines(lines: impl IntoIterator<Item = T>) -> Self {
        let mut lines = lines.into_iter();
        match (lines.next(), lines.next()) {
            (None, _) => Self::Absent,
            (Some(line), None) => Self::One(line),
            (Some(_), Some(_)) => Self::Several,
        }
    }

    /// The same with another view of the line.
    pub fn as_deref(&self) -> Presented<&[u8]>
    where
        T: AsRef<[u8]>,
    {
        match self {
            Self::Absent => Presented::Absent,
            Self::One(line) => Presented::One(line.as_ref()),
            Self::Several => Presented::Several,
        }
    }
}

impl<T: Clone> Presented<&T> {
    /// The same with a line of its own.
    #[must_use]
    pub fn cloned(self) -> Presented<T> {
        match self {
            Self::Absent => Presented::Absent,
            Self::One(line) => Presented::One(line.clone()),
            Self::Several => Presented::Several,
        }
    }
}

/// Whether the request is a preflight: OPTIONS with `Origin` and `Access-Control-Request-Method`.
///
/// Every other OPTIONS request belongs to the application.
///
/// Source: Fetch `#cors-preflight-request`.
#[inline]
pub fn is_preflight<R: RequestHead>(request: &R) -> bool {
    request.lines(RequestHeader::Origin).next().is_some()
        && request.lines(RequestHeader::AccessControlRequestMethod).next().is_some()
        && request.method() == "OPTIONS"
}

/// Whether a browser has surely sent a preflight before this request, as far as the method tells:
/// one that is not safelisted, to another origin than the page's. `host` answers the value of `Host`.
///
/// Source: Fetch `#main-fetch`, `#cors-safelisted-method`.
#[inline]
pub fn needs_preflight<'r, R: RequestHead>(
    request: &'r R,
    host: impl FnOnce() -> Option<&'r [u8]>,
) -> bool {
    if Named::new(request.method()).is_safelisted() {
        return false;
    }
    let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
    let Presented::One(origin) = origin else { return false };
    // no scheme is longer, and the rest may be anything
    let start = &origin[..origin.len().min(70)];
    let scheme_end = start.windows(3).position(|part| part == b"://").map(|start| start + 3);
    let origin_host = scheme_end.map(|start| &origin[start..]);
    origin_host.is_some() && origin_host != host()
}
