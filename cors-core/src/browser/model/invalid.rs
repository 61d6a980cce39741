//! What a script on a page cannot ask for, with the reason and what to write.

use std::fmt;

/// A part of a [`Fetch`](super::Fetch) that no browser would send as it is written.
///
/// Printed, it is a sentence with the value, the reason and the fix:
///
/// ```
/// use cors_core::browser::{Fetch, Reason};
///
/// let fetch = Fetch::new("PUT", "lots/1").from("https://desk.example/");
/// let problems = fetch.check().unwrap_err();
/// assert_eq!(problems[0].reason, Reason::NoSlash);
/// assert_eq!(problems[0].to_string(), "path `lots/1` has no slash at its start; write `/lots/1`");
/// assert_eq!(
///     problems[1].to_string(),
///     "origin `https://desk.example/` has a path; write `https://desk.example`"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidFetch {
    /// What is wrong with the value.
    pub reason: Reason,
    /// The value as it was given.
    pub value: String,
    /// What to do instead.
    pub fix: String,
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The method is no token.
    MethodIsNoToken,
    /// The method is CONNECT, TRACE or TRACK.
    ForbiddenMethod,
    /// The URL is empty.
    EmptyUrl,
    /// The path has no slash at its start.
    NoSlash,
    /// The path starts with two slashes, so that browsers take it for a host.
    PathIsHost,
    /// The URL has no scheme.
    UrlWithoutScheme,
    /// The scheme of the URL is not HTTP.
    UrlScheme,
    /// The URL has a user name or a password in it.
    UrlCredentials,
    /// The URL is malformed.
    Url,
    /// The origin is empty.
    EmptyOrigin,
    /// The origin is a pattern.
    OriginIsPattern,
    /// The origin has no scheme.
    OriginWithoutScheme,
    /// No page has an origin with such a scheme.
    OriginScheme,
    /// The origin has a user name or a password in it.
    OriginCredentials,
    /// The origin has a path, perhaps only a slash, or a query.
    OriginPath,
    /// Browsers write the origin in another way.
    OriginSpelling,
    /// The origin is malformed.
    Origin,
    /// The name of the header is no token.
    HeaderIsNoToken,
    /// No script can set the header.
    ForbiddenHeader,
    /// The value of the header has a line end or another control character.
    ControlInHeader,
    /// The value of the header has a character that is not one byte.
    WideHeader,
    /// The header follows from other parts of the call.
    HeaderFollows,
    /// Browsers do not set such a header by themselves.
    NotOfBrowsers,
    /// The request has a method that has no body.
    BodyOfGet,
    /// A cookie's name or value cannot be stored.
    Cookie,
}

impl InvalidFetch {
    pub(super) fn new(reason: Reason, value: &str, fix: impl Into<String>) -> Self {
        Self { reason, value: value.to_owned(), fix: fix.into() }
    }
}

impl Reason {
    /// What the value is, and what is wrong with it.
    fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::MethodIsNoToken => ("method", "is no token"),
            Self::ForbiddenMethod => ("method", "is forbidden to scripts"),
            Self::EmptyUrl => ("path", "is empty"),
            Self::NoSlash => ("path", "has no slash at its start"),
            Self::PathIsHost => ("path", "is read as a host by browsers"),
            Self::UrlWithoutScheme => ("URL", "has no scheme"),
            Self::UrlScheme => ("URL", "is not HTTP"),
            Self::UrlCredentials => ("URL", "has a user name or password, for which fetch throws"),
            Self::Url => ("URL", "is malformed"),
            Self::EmptyOrigin => ("origin", "is empty"),
            Self::OriginIsPattern => ("origin", "is a pattern, and a page has one origin"),
            Self::OriginWithoutScheme => ("origin", "has no scheme"),
            Self::OriginScheme => ("origin", "has a scheme that no page has"),
            Self::OriginCredentials => ("origin", "has a user name or password"),
            Self::OriginPath => ("origin", "has a path"),
            Self::OriginSpelling => ("origin", "is not spelled as browsers send it"),
            Self::Origin => ("origin", "is malformed"),
            Self::HeaderIsNoToken => ("header name", "is no token"),
            Self::ForbiddenHeader => ("header", "cannot be set by scripts"),
            Self::ControlInHeader => ("header value", "has a control character"),
            Self::WideHeader => {
                ("header value", "has a character beyond U+00FF, for which fetch throws")
            }
            Self::HeaderFollows => ("header", "follows from the rest of the call"),
            Self::NotOfBrowsers => ("header", "is not set by browsers themselves"),
            Self::BodyOfGet => ("method", "has no body, and fetch throws if there is one"),
            Self::Cookie => ("cookie", "cannot be stored"),
        }
    }
}

impl fmt::Display for InvalidFetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (thing, problem) = self.reason.text();
        write!(f, "{thing} `{}` {problem}; {}", visible(&self.value), self.fix)
    }
}

/// As `Display`, since `unwrap` prints it.
impl fmt::Debug for InvalidFetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for InvalidFetch {}

/// The value with its control characters escaped, so that it stays on its line.
fn visible(value: &str) -> String {
    let escaped = |char: char| {
        if char.is_control() { char.escape_default().to_string() } else { char.to_string() }
    };
    value.chars().map(escaped).collect()
}
