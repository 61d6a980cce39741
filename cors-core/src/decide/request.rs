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

/// Where a request was sent to, as far as its headers tell: what is needed to know whether that was the page's own
/// origin.
#[derive(Debug, Clone, Copy, Default)]
pub struct SentTo<'r> {
    /// The value of `Host`.
    pub host: Option<&'r [u8]>,
    /// The value of `Sec-Fetch-Site`, which the browser itself sets, and no proxy changes.
    pub fetch_site: Option<&'r [u8]>,
}

/// Whether a browser has surely sent a preflight before this request, as far as the method tells:
/// one that is not safelisted, to another origin than the page's.
///
/// Source: Fetch `#main-fetch`, `#cors-safelisted-method`; Fetch Metadata `#sec-fetch-site-header`.
#[inline]
pub fn needs_preflight<'r, R: RequestHead>(
    request: &'r R,
    sent_to: impl FnOnce() -> SentTo<'r>,
) -> bool {
    !Named::new(request.method()).is_safelisted() && is_of_another_origin(request, sent_to)
}

/// Not inlined: most requests have a safelisted method.
#[inline(never)]
fn is_of_another_origin<'r, R: RequestHead>(
    request: &'r R,
    sent_to: impl FnOnce() -> SentTo<'r>,
) -> bool {
    let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
    let Presented::One(origin) = origin else { return false };
    let SentTo { host, fetch_site } = sent_to();
    match fetch_site {
        Some(b"same-origin" | b"none") => false,
        Some(b"same-site" | b"cross-site") => true,
        _ => is_of_another_host(origin, host),
    }
}

/// Whether an origin has a host, and that is not this value of `Host`.
fn is_of_another_host(origin: &[u8], host: Option<&[u8]>) -> bool {
    // no scheme is longer, and the rest may be anything
    let start = &origin[..origin.len().min(70)];
    let Some(end) = start.windows(3).position(|part| part == b"://") else { return false };
    let (scheme, own) = (&origin[..end], &origin[end + 3..]);
    // an origin leaves out the port that the scheme has anyway
    let default_port: &[u8] = match scheme {
        b"https" => b":443",
        b"http" => b":80",
        _ => b"",
    };
    host.is_none_or(|host| host != own && host.strip_suffix(default_port) != Some(own))
}
