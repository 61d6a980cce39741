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

/// A method as a request names it. Those that interfaces use most are told apart by a bit, so that
/// no text is compared for them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named<'r> {
    name: &'r str,
    /// None for other methods.
    bit: u8,
}

/// GET, HEAD and POST.
const SAFELISTED: u8 = 0b111;

impl Named<'static> {
    #[inline]
    const fn usual(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"GET" => Self { name: "GET", bit: 1 },
            b"HEAD" => Self { name: "HEAD", bit: 1 << 1 },
            b"POST" => Self { name: "POST", bit: 1 << 2 },
            b"PUT" => Self { name: "PUT", bit: 1 << 3 },
            b"DELETE" => Self { name: "DELETE", bit: 1 << 4 },
            b"PATCH" => Self { name: "PATCH", bit: 1 << 5 },
            b"OPTIONS" => Self { name: "OPTIONS", bit: 1 << 6 },
            b"QUERY" => Self { name: "QUERY", bit: 1 << 7 },
            _ => return None,
        })
    }
}

impl<'r> Named<'r> {
    #[inline]
    pub(crate) fn new(name: &'r str) -> Self {
        Named::usual(name.as_bytes()).unwrap_or(Self { name, bit: 0 })
    }

    /// Reads the value of `Access-Control-Request-Method`, if a browser could have sent it.
    #[inline]
    pub(crate) fn read(line: &'r [u8]) -> Option<Self> {
        Named::usual(line).or_else(|| {
            let name = std::str::from_utf8(line).ok()?;
            // the name `*` would be understood as any method when it comes back
            let is_sent = is_token(line) && !is_forbidden(name) && name != "*";
            is_sent.then_some(Self { name, bit: 0 })
        })
    }

    /// Whether browsers send the method cross-origin without asking whether it is allowed.
    ///
    /// Source: Fetch `#cors-safelisted-method`.
    pub(crate) const fn is_safelisted(self) -> bool {
        self.bit & SAFELISTED != 0
    }
}

/// Methods as a lookup.
#[derive(Debug)]
pub(crate) struct MethodSet {
    usual: u8,
    others: Box<[Box<str>]>,
}

impl MethodSet {
    #[inline]
    pub(crate) fn contains(&self, method: Named<'_>) -> bool {
        if method.bit == 0 {
            self.others.iter().any(|own| **own == *method.name)
        } else {
            self.usual & method.bit != 0
        }
    }
}

impl<'a> FromIterator<&'a Method> for MethodSet {
    fn from_iter<I: IntoIterator<Item = &'a Method>>(methods: I) -> Self {
        let (mut usual, mut others) = (0, Vec::new());
        for name in methods.into_iter().map(Method::as_str) {
            match Named::usual(name.as_bytes()) {
                Some(method) => usual |= method.bit,
                None => others.push(name.into()),
            }
        }
        Self { usual, others: others.into() }
    }
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
