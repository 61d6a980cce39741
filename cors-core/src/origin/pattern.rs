//! An origin, or a set of them, as a developer writes it.

use std::fmt;

use super::{
    grammar::{self, split_port},
    host::{HostPattern, LabelPart},
    spelling,
};
use crate::error::ConfigError;

/// One entry of `allow_origins`.
///
/// | written | stands for |
/// |---|---|
/// | `https://app.example.com` | that origin alone |
/// | `https://*.example.com` | every subdomain of any depth, not `https://example.com` |
/// | `https://app-*.example.com` | hosts with one or more of `a` to `z`, `0` to `9` and `-` for the `*` |
/// | `http://localhost:*` | that host at any port, the default one too |
/// | `vscode-webview://*` | whatever an application's scheme has for a host, where it is made up at installation |
/// | `null` | opaque origins; needs `dangerously_allow_null_origin(true)` |
/// | `file://` | pages from disk in some `WebView`s; needs `dangerously_allow_file_origin(true)` |
///
/// Each may have a `*` in its host, and one for its port: subdomains and parts of labels may stand before `:*`.
/// A `*` for a part of a label stands for no dot. It is never in the last label or in an address.
///
/// What a request costs does not grow with the number of origins and patterns, but for two things. Patterns for a
/// part of a label that differ in that label alone, such as `https://a-*.example.com` and `https://bb-*-c.example.com`, cost
/// a hash lookup for each pair of lengths before and after the `*`: one for ten thousand that are as long, 2 015 if somebody lists
/// all lengths there are. And a host is looked up by each of its parent domains, 127 at most.
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
    /// Hosts with something for a part of a label, of http or https.
    Part {
        scheme: &'a str,
        label: LabelPart<'a>,
        port: PortPattern,
    },
    /// All hosts of a scheme, without a port.
    AnyHost {
        scheme: &'a str,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    pub(crate) fn is_file(&self) -> bool {
        &*self.0 == "file://"
    }

    /// Whether it stands for more than one origin.
    pub(crate) fn is_wildcard(&self) -> bool {
        self.0.contains('*')
    }

    pub(crate) fn parts(&self) -> Parts<'_> {
        let Some((scheme, host, port)) = self.tuple() else {
            return Parts::Null;
        };
        match (HostPattern::read(scheme, host), port) {
            (Some(HostPattern::Below(base)), port) => Parts::Subdomains { scheme, base, port },
            (Some(HostPattern::Part(label)), port) => Parts::Part { scheme, label, port },
            (Some(HostPattern::Any), _) => Parts::AnyHost { scheme },
            (_, PortPattern::Any) => Parts::AnyPort(&self.0[..self.0.len() - ":*".len()]),
            (_, PortPattern::Exactly(_)) => Parts::Exact,
        }
    }

    /// Scheme, host, perhaps with a wildcard, and port; `None` for `null`.
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
