//! Request methods: `allow_methods` and `Access-Control-Request-Method`.

use std::{collections::BTreeSet, fmt};

use crate::{
    error::{ConfigError, Problem},
    token::{has_sign_of_a_list, is_token},
};

/// A request method, case-sensitive as RFC 9110 §9.1 has it.
///
/// ```
/// use cors_core::Method;
///
/// assert!("PUT".parse::<Method>().is_ok());
/// assert!("PU T".parse::<Method>().is_err());
/// assert!("TRACE".parse::<Method>().is_err());
/// // a list is set to any by `["*"]`, which is no method
/// assert!("*".parse::<Method>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Method(Box<str>);

impl Method {
    /// The method as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_safelisted(&self) -> bool {
        Named::new(&self.0).is_safelisted()
    }
}

impl std::str::FromStr for Method {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        if !is_token(text.as_bytes()) {
            return Err(ConfigError::new(text, Problem::MethodToken));
        }
        if has_sign_of_a_list(text) {
            return Err(ConfigError::new(text, Problem::MethodCharacter));
        }
        if is_forbidden(text.as_bytes()) || text == "*" {
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
    name: &'r [u8],
    /// None for other methods.
    bit: u8,
}

/// GET, HEAD and POST.
const SAFELISTED: u8 = 0b111;

/// Their names.
pub(crate) const SAFELISTED_NAMES: [&str; 3] = ["GET", "HEAD", "POST"];

#[expect(
    clippy::inline_always,
    reason = "each request has a method, and a call costs more than the comparison"
)]
#[inline(always)]
const fn bit_of(name: &[u8]) -> u8 {
    match name {
        b"GET" => 1,
        b"HEAD" => 1 << 1,
        b"POST" => 1 << 2,
        b"PUT" => 1 << 3,
        b"DELETE" => 1 << 4,
        b"PATCH" => 1 << 5,
        b"OPTIONS" => 1 << 6,
        b"QUERY" => 1 << 7,
        _ => 0,
    }
}

impl<'r> Named<'r> {
    #[inline]
    pub(crate) const fn new(name: &'r str) -> Self {
        Self { name: name.as_bytes(), bit: bit_of(name.as_bytes()) }
    }

    /// Reads the value of `Access-Control-Request-Method`, if a browser could have sent it.
    #[inline]
    pub(crate) fn read(name: &'r [u8]) -> Option<Self> {
        let bit = bit_of(name);
        (bit != 0 || is_sent(name)).then_some(Self { name, bit })
    }

    /// Whether browsers send the method cross-origin without asking whether it is allowed.
    ///
    /// Source: Fetch `#cors-safelisted-method`.
    pub(crate) const fn is_safelisted(self) -> bool {
        self.bit & SAFELISTED != 0
    }
}

/// A value of `Access-Control-Allow-Methods` that names these, and the safelisted ones: Firefox looks for HEAD
/// there before it finds a preflight in its cache.
pub(crate) fn listed<'m>(methods: impl IntoIterator<Item = &'m str>) -> String {
    let names: BTreeSet<&str> = methods.into_iter().chain(SAFELISTED_NAMES).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Whether a browser could have sent the method.
fn is_sent(name: &[u8]) -> bool {
    // the name `*` would be understood as any method when it comes back
    is_token(name) && !is_forbidden(name) && name != b"*"
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
            self.others.iter().any(|own| own.as_bytes() == method.name)
        } else {
            self.usual & method.bit != 0
        }
    }
}

impl<'a> FromIterator<&'a Method> for MethodSet {
    fn from_iter<I: IntoIterator<Item = &'a Method>>(methods: I) -> Self {
        let (mut usual, mut others) = (0, Vec::new());
        for name in methods.into_iter().map(Method::as_str) {
            match bit_of(name.as_bytes()) {
                0 => others.push(name.into()),
                bit => usual |= bit,
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
pub(crate) fn is_forbidden(method: &[u8]) -> bool {
    ["CONNECT", "TRACE", "TRACK"].iter().any(|name| name.as_bytes().eq_ignore_ascii_case(method))
}
