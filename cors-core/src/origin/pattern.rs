//! An origin, or a set of them, as a developer writes it.

use std::fmt;

use super::{
    grammar::{self, split_port},
    spelling,
};
use crate::error::ConfigError;

/// One entry of `allow_origins`.
///
/// | written | stands for |
/// |---|---|
/// | `https://app.example.com` | that origin alone |
/// | `https://*.example.com` | every subdomain of any depth, not `https://example.com` |
/// | `http://localhost:*` | that host at any port, the default one too |
/// | `null` | opaque origins; needs `dangerously_allow_null_origin(true)` |
///
/// The spelling must be the one browsers send, so that what is configured can match; anything else
/// is refused with the corrected spelling.
///
/// ```
/// use cors_core::OriginPattern;
///
/// assert!("https://*.example.com".parse::<OriginPattern>().is_ok());
/// let error = "https://app.example.com:443".parse::<OriginPattern>().unwrap_err();
/// assert!(error.to_string().ends_with("write `https://app.example.com`"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginPattern(Box<str>);

/// What an [`OriginPattern`] stands for, in parts.
pub(crate) enum Parts<'a> {
    Null,
    /// The origin as it is written.
    Exact,
    /// `scheme://host` at any port.
    AnyPort(&'a str),
    /// Hosts that end in a dot and `base`.
    Subdomains {
        scheme: &'a str,
        base: &'a str,
        port: PortPattern,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PortPattern {
    Any,
    Exactly(Option<u16>),
}

impl OriginPattern {
    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_null(&self) -> bool {
        &*self.0 == "null"
    }

    pub(crate) fn parts(&self) -> Parts<'_> {
        let Some((scheme, host, port)) = self.tuple() else {
            return Parts::Null;
        };
        match (host.strip_prefix("*."), port) {
            (Some(base), port) => Parts::Subdomains { scheme, base, port },
            (None, PortPattern::Any) => Parts::AnyPort(&self.0[..self.0.len() - ":*".len()]),
            (None, PortPattern::Exactly(_)) => Parts::Exact,
        }
    }

    /// Scheme, host, perhaps with a leading `*.`, and port.
    pub(crate) fn tuple(&self) -> Option<(&str, &str, PortPattern)> {
        let (scheme, rest) = self.0.split_once("://")?;
        let (host, port) = split_port(rest)?;
        let port = match port {
            Some("*") => PortPattern::Any,
            port => PortPattern::Exactly(port.and_then(grammar::port)),
        };
        Some((scheme, host, port))
    }
}

impl std::str::FromStr for OriginPattern {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        spelling::check(text).map_err(|problem| ConfigError::new(text, problem))?;
        Ok(Self(text.into()))
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PortPattern {
    pub(crate) fn matches(self, port: Option<u16>) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(own) => own == port,
        }
    }

    pub(crate) fn covers(self, other: Self) -> bool {
        self == Self::Any || self == other
    }
}
