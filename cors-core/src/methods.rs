//! Request methods: `allow_methods` and `Access-Control-Request-Method`.

use std::fmt;

use crate::{
    error::{ConfigError, Problem},
    token::is_token,
};

/// A request method, case-sensitive as RFC 9110 §9.1 has it.
///
/// ```
/// use cors_core::Method;
///
/// assert!("PUT".parse::<Method>().is_ok());
/// assert!("PU T".parse::<Method>().is_err());
/// assert!("TRACE".parse::<Method>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Method(Box<str>);

impl Method {
    /// The method as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Method {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        if !is_token(text.as_bytes()) {
            return Err(ConfigError::new(text, Problem::MethodToken));
        }
        if is_forbidden(text) {
            return Err(ConfigError::new(text, Problem::MethodForbidden));
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether browsers send the method cross-origin without asking whether it is allowed.
///
/// Source: Fetch `#cors-safelisted-method`.
pub(crate) fn is_safelisted(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

/// Methods of the IANA registry that interfaces use; all of it is in upper case.
const REGISTERED: [&str; 20] = [
    "ACL",
    "COPY",
    "DELETE",
    "GET",
    "HEAD",
    "LOCK",
    "MKCALENDAR",
    "MKCOL",
    "MOVE",
    "OPTIONS",
    "PATCH",
    "POST",
    "PROPFIND",
    "PROPPATCH",
    "PUT",
    "QUERY",
    "REPORT",
    "SEARCH",
    "UNLOCK",
    "VERSION-CONTROL",
];

/// The registered method that differs from this one in nothing but case.
pub(crate) fn other_case(method: &str) -> Option<&'static str> {
    REGISTERED.into_iter().find(|own| *own != method && own.eq_ignore_ascii_case(method))
}

/// Whether browsers refuse to send the method at all.
///
/// Source: Fetch `#forbidden-method`.
pub(crate) fn is_forbidden(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"].iter().any(|name| name.eq_ignore_ascii_case(method))
}
