//! What can be wrong with a policy: one error type for builder, attribute, environment and merge.

mod message;

use std::{fmt, str::FromStr};

use crate::{
    origin::OriginPattern,
    policy::{Key, Source},
};

/// One thing that is wrong with a policy.
///
/// The text is for people; [`code`](Self::code) is for programs and search engines and stays the
/// same from release to release. [`codes`](crate::codes) has an example of each.
///
/// ```
/// use cors_core::Policy;
///
/// let errors = Policy::builder().allow_origins(["https://app.example.com/"]).build().unwrap_err();
/// let error = errors.first();
/// assert_eq!(error.code(), "CORS005");
/// assert_eq!(
///     error.to_string(),
///     "origin `https://app.example.com/` has a trailing slash; write `https://app.example.com`",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// The layer that holds the value.
    pub source: Source,
    /// The setting the value was given for, where there is one.
    pub key: Option<Key>,
    /// The offending value, as it was written.
    pub value: Box<str>,
    /// What is wrong with it.
    pub problem: Problem,
    /// Where in a list the value stands, counted from zero.
    pub element: Option<usize>,
}

impl ConfigError {
    pub(crate) fn new(value: impl Into<Box<str>>, problem: Problem) -> Self {
        Self { source: Source::Base, key: None, value: value.into(), problem, element: None }
    }

    pub(crate) fn of_key(key: Key, value: impl Into<Box<str>>, problem: Problem) -> Self {
        Self { key: Some(key), ..Self::new(value, problem) }
    }

    pub(crate) fn in_layer(mut self, source: &Source) -> Self {
        self.source = source.clone();
        self
    }

    pub(crate) fn at(mut self, element: usize) -> Self {
        self.element = Some(element);
        self
    }

    /// The stable code of the problem, such as `CORS005`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.problem.code()
    }

    /// The message without the place: what is wrong and what to write instead.
    #[must_use]
    pub fn message(&self) -> String {
        self.problem.describe(self.key, &self.value, &self.source)
    }

    /// The spelling of the value that would be accepted, where one is known.
    ///
    /// ```
    /// use cors_core::Policy;
    ///
    /// let errors = Policy::builder().allow_origins(["http://127.1:3000/"]).build().unwrap_err();
    /// assert_eq!(errors.first().correction().as_deref(), Some("http://127.0.0.1:3000"));
    /// ```
    #[must_use]
    pub fn correction(&self) -> Option<String> {
        self.problem.correction(&self.value)
    }

    /// The error of a layer that holds `disable` and settings beside it.
    #[must_use]
    pub fn disable_beside_others() -> Self {
        Self::new("disable", Problem::DisableBesideOthers)
    }

    /// The error of a layer that holds a setting twice.
    #[must_use]
    pub fn key_twice(key: &str) -> Self {
        Self::new(key, Problem::KeyTwice)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.source != Source::Base {
            write!(f, "{}: ", self.source)?;
        }
        f.write_str(&self.message())
    }
}

impl std::error::Error for ConfigError {}

/// What is wrong with a value.
///
/// Fields named `write` hold the spelling that would be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The origin is empty or blank.
    OriginEmpty,
    /// The origin is longer than any origin can be.
    OriginTooLong,
    /// `app.example.com` instead of `https://app.example.com`.
    OriginWithoutScheme {
        /// The same host with a scheme.
        write: String,
    },
    /// The scheme is not one of RFC 3986 in lower case.
    OriginScheme,
    /// `https://app.example.com/`.
    OriginTrailingSlash {
        /// The same origin without the slash.
        write: String,
    },
    /// A path, a query or a fragment follows the host.
    OriginPath {
        /// The origin without it.
        write: String,
    },
    /// `user@` stands before the host.
    OriginUserinfo,
    /// Scheme or host hold upper-case letters.
    OriginUpperCase {
        /// The same origin in lower case.
        write: String,
    },
    /// The host holds characters outside ASCII.
    OriginNotAscii {
        /// The same origin with the host's `xn--` form, where that is known.
        write: Option<String>,
    },
    /// The host is no domain name and no IP address in canonical form.
    OriginHost,
    /// The port is no number from 1 to 65535 without leading zeros.
    OriginPort,
    /// `:443` after https or `:80` after http, which browsers never send.
    OriginDefaultPort {
        /// The same origin without the port.
        write: String,
    },
    /// Blanks stand before or after the origin.
    OriginBlanks {
        /// The same origin without them.
        write: String,
    },
    /// An IP address in a form that browsers never send.
    OriginAddress {
        /// The same origin with the address as browsers write it.
        write: String,
    },
    /// A `*` that is neither the first label of the host nor the whole port.
    OriginWildcard,
    /// Browsers send `null` for `file:` pages.
    OriginFile,
    /// `null` without the builder's consent.
    OriginNull,
    /// `null` in a policy with credentials.
    OriginNullWithCredentials {
        /// Where the origins were set.
        origins: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// A plain-http origin in a policy with credentials.
    OriginInsecure {
        /// Where the origins were set.
        origins: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// Subdomains of a public suffix, such as `https://*.github.io`, in a policy with credentials.
    OriginPublicSuffix {
        /// Where the origins were set.
        origins: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// `*` in one list with other values.
    WildcardBesideOthers,
    /// Any origin in a policy with credentials.
    AnyOriginWithCredentials {
        /// Where the origins were set.
        origins: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// `expose_headers = ["*"]` in a policy with credentials.
    ExposeAnyWithCredentials {
        /// Where the exposed headers were set.
        exposed: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// Not a method token of RFC 9110.
    MethodToken,
    /// CONNECT, TRACE or TRACK, which browsers never send.
    MethodForbidden,
    /// Not a field name of RFC 9110.
    HeaderToken,
    /// A request header that scripts cannot set.
    RequestHeaderForbidden,
    /// A response header that scripts can never read.
    ResponseHeaderForbidden,
    /// A header of the CORS protocol itself.
    HeaderOfProtocol,
    /// Not a duration in whole seconds.
    MaxAge,
    /// Not `true` or `false`.
    Flag,
    /// `disable`, or one of the settings whose names start with `dangerously_`, is not a flag.
    Switch,
    /// No such setting.
    UnknownKey {
        /// The setting with the closest name.
        did_you_mean: Option<Key>,
    },
    /// The setting was given twice.
    KeyTwice,
    /// `+=` or `-=` on a setting that holds a single value.
    Operator,
    /// A list where a single value belongs, or the other way round.
    ValueKind,
    /// `+= ["*"]` or `-= ["*"]`.
    WildcardChange,
    /// `-=` from an inherited `*`, which has no members to take away.
    TakeFromAny {
        /// Where the `*` came from.
        inherited: Source,
    },
    /// `disable` beside other settings.
    DisableBesideOthers,
    /// A route entry with an empty list of methods.
    EntryWithoutMethods,
    /// An environment variable that is not UTF-8.
    NotUnicode,
    /// Two environment variables for one setting, with different values.
    VariableTwice {
        /// The other variable.
        other: &'static str,
    },
}

impl Problem {
    /// The spelling of the value that would be accepted, where one is known.
    fn correction(&self, value: &str) -> Option<String> {
        match self {
            Self::OriginWithoutScheme { write }
            | Self::OriginTrailingSlash { write }
            | Self::OriginPath { write }
            | Self::OriginUpperCase { write }
            | Self::OriginDefaultPort { write }
            | Self::OriginBlanks { write }
            | Self::OriginAddress { write }
            | Self::OriginNotAscii { write: Some(write) } => Some(write.clone()),
            Self::OriginInsecure { .. } => OriginPattern::from_str(value).ok()?.over_https(),
            _ => None,
        }
    }

    /// The stable code, such as `CORS005`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OriginEmpty => "CORS001",
            Self::OriginTooLong => "CORS002",
            Self::OriginWithoutScheme { .. } => "CORS003",
            Self::OriginScheme => "CORS004",
            Self::OriginTrailingSlash { .. } => "CORS005",
            Self::OriginPath { .. } => "CORS006",
            Self::OriginUserinfo => "CORS007",
            Self::OriginUpperCase { .. } => "CORS008",
            Self::OriginNotAscii { .. } => "CORS009",
            Self::OriginHost => "CORS010",
            Self::OriginPort => "CORS011",
            Self::OriginDefaultPort { .. } => "CORS012",
            Self::OriginWildcard => "CORS013",
            Self::OriginFile => "CORS014",
            Self::OriginNull => "CORS015",
            Self::OriginNullWithCredentials { .. } => "CORS016",
            Self::OriginInsecure { .. } => "CORS017",
            Self::OriginPublicSuffix { .. } => "CORS021",
            Self::OriginBlanks { .. } => "CORS022",
            Self::OriginAddress { .. } => "CORS023",
            Self::WildcardBesideOthers => "CORS018",
            Self::AnyOriginWithCredentials { .. } => "CORS019",
            Self::ExposeAnyWithCredentials { .. } => "CORS020",
            Self::MethodToken => "CORS030",
            Self::MethodForbidden => "CORS031",
            Self::HeaderToken => "CORS040",
            Self::RequestHeaderForbidden => "CORS041",
            Self::ResponseHeaderForbidden => "CORS042",
            Self::HeaderOfProtocol => "CORS043",
            Self::MaxAge => "CORS050",
            Self::Flag => "CORS051",
            Self::Switch => "CORS052",
            Self::UnknownKey { .. } => "CORS060",
            Self::KeyTwice => "CORS061",
            Self::Operator => "CORS062",
            Self::ValueKind => "CORS063",
            Self::WildcardChange => "CORS064",
            Self::TakeFromAny { .. } => "CORS065",
            Self::DisableBesideOthers => "CORS066",
            Self::EntryWithoutMethods => "CORS067",
            Self::NotUnicode => "CORS070",
            Self::VariableTwice { .. } => "CORS071",
        }
    }
}

/// Everything that is wrong with a policy, in the order it was written; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(Vec<ConfigError>);

impl ConfigErrors {
    /// `Ok(value)` if `errors` is empty.
    ///
    /// # Errors
    ///
    /// Fails with all of `errors` if there are any.
    pub fn check<T>(value: T, errors: Vec<ConfigError>) -> Result<T, Self> {
        if errors.is_empty() { Ok(value) } else { Err(Self(errors)) }
    }

    /// The first of the errors.
    #[must_use]
    pub fn first(&self) -> &ConfigError {
        &self.0[0]
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, ConfigError> {
        self.0.iter()
    }
}

impl IntoIterator for ConfigErrors {
    type Item = ConfigError;
    type IntoIter = std::vec::IntoIter<ConfigError>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a ConfigErrors {
    type Item = &'a ConfigError;
    type IntoIter = std::slice::Iter<'a, ConfigError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "\n" };
            write!(f, "{separator}[{}] {error}", error.code())?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
