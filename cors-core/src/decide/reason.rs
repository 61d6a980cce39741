//! Why a request was decided the way it was.

use std::fmt;

use crate::setting::Key;

/// Why a request was decided the way it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The request has no `Origin`, so CORS does not apply.
    NoOrigin,
    /// The policy is open to any origin.
    AnyOrigin,
    /// The policy lists the origin.
    OriginAllowed,
    /// A preflight asked for nothing the policy does not allow.
    PreflightGranted,
    /// CORS is off for the route.
    Disabled,
    /// CORS is left to another layer: the response stays as it is, and a preflight gets an ok status.
    External,
    /// CORS is left to another layer for some of the routes that could serve the request, and not for
    /// others, so that nothing is allowed.
    ExternalInPart,
    /// `Origin` is not the serialisation of an origin. Said of preflights; for actual requests it is one
    /// that is not allowed.
    OriginMalformed,
    /// There are several `Origin` lines.
    OriginRepeated,
    /// The policy does not list the origin.
    OriginNotAllowed,
    /// `Access-Control-Request-Method` is no token, or a method browsers never send.
    MethodMalformed,
    /// There are several `Access-Control-Request-Method` lines.
    MethodRepeated,
    /// The path is longer than the adapter looks up: see
    /// [`PathMatch::OVER_LIMIT`](crate::PathMatch::OVER_LIMIT).
    PathOverLimit,
    /// The adapter has named a route of another table.
    RouteUnknown,
    /// No route is known at the path, and only known ones count.
    PathNotRouted,
    /// No route of the path serves the method.
    MethodNotRouted,
    /// The method is not allowed.
    MethodNotAllowed,
    /// `Access-Control-Request-Headers` is no list of tokens.
    HeadersMalformed,
    /// `Access-Control-Request-Headers` has more than the policy could need: what it lists once, and 64 names
    /// in 4096 bytes at least.
    HeadersOverLimit,
    /// A requested header is not allowed.
    HeaderNotAllowed,
    /// Credentials are for other origins. Said of handshakes, which have cookies.
    CredentialsNotAllowed,
}

impl Reason {
    /// The setting that a refusal is about.
    #[must_use]
    pub const fn key(self) -> Option<Key> {
        match self {
            Self::OriginNotAllowed => Some(Key::AllowOrigins),
            Self::MethodNotAllowed => Some(Key::AllowMethods),
            Self::HeaderNotAllowed => Some(Key::AllowHeaders),
            Self::CredentialsNotAllowed => Some(Key::AllowCredentials),
            _ => None,
        }
    }

    /// Whether it lets scripts of the request's origin have a response.
    pub(crate) const fn is_shared(self) -> bool {
        matches!(self, Self::AnyOrigin | Self::OriginAllowed)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOrigin => "no origin",
            Self::AnyOrigin => "any origin is allowed",
            Self::OriginAllowed => "the origin is allowed",
            Self::PreflightGranted => "the preflight is granted",
            Self::Disabled => "CORS is disabled for the route",
            Self::External => "CORS is left to another layer",
            Self::ExternalInPart => "CORS is left to another layer for a part of the routes",
            Self::OriginMalformed => "the origin is malformed",
            Self::OriginRepeated => "there are several Origin headers",
            Self::OriginNotAllowed => "the origin is not allowed",
            Self::MethodMalformed => "the requested method is malformed",
            Self::MethodRepeated => "there are several requested methods",
            Self::PathOverLimit => "the path is too long",
            Self::RouteUnknown => "a route of another table was named",
            Self::PathNotRouted => "no route is known at the path",
            Self::MethodNotRouted => "no route at the path serves the requested method",
            Self::MethodNotAllowed => "the requested method is not allowed",
            Self::HeadersMalformed => "the requested headers are malformed",
            Self::HeadersOverLimit => "there are too many requested headers",
            Self::HeaderNotAllowed => "a requested header is not allowed",
            Self::CredentialsNotAllowed => "the origin has no credentials",
        })
    }
}
