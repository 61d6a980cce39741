//! The settings of a policy by name, the two ways of off, what can be done to an inherited setting, and
//! a setting as it is written.

use std::fmt;

/// A setting of a policy, by the name it has in builder, attribute and messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Key {
    /// Origins whose scripts may read responses.
    AllowOrigins,
    /// Methods a preflight may announce.
    AllowMethods,
    /// Request headers a preflight may announce.
    AllowHeaders,
    /// Response headers scripts may read beside the safelisted ones.
    ExposeHeaders,
    /// Whether, or for which origins, responses to requests with cookies or HTTP authentication may be read.
    AllowCredentials,
    /// How long browsers may remember a preflight.
    MaxAge,
    /// Whether scripts may read whatever headers a response has, beside credentials too.
    ExposeAnyHeader,
}

impl Key {
    /// All settings, in the order in which reports list them.
    pub const ALL: &'static [Self] = &[
        Self::AllowOrigins,
        Self::AllowMethods,
        Self::AllowHeaders,
        Self::ExposeHeaders,
        Self::AllowCredentials,
        Self::MaxAge,
        Self::ExposeAnyHeader,
    ];

    /// The name, such as `allow_origins`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AllowOrigins => "allow_origins",
            Self::AllowMethods => "allow_methods",
            Self::AllowHeaders => "allow_headers",
            Self::ExposeHeaders => "expose_headers",
            Self::AllowCredentials => "allow_credentials",
            Self::MaxAge => "max_age",
            Self::ExposeAnyHeader => "dangerously_expose_any_header",
        }
    }

    /// The setting of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.as_str() == name)
    }

    /// Whether the setting holds a list, which can be added to and taken from.
    #[must_use]
    pub const fn is_list(self) -> bool {
        matches!(
            self,
            Self::AllowOrigins | Self::AllowMethods | Self::AllowHeaders | Self::ExposeHeaders
        )
    }

    /// What the setting holds, in words, with an example.
    #[must_use]
    pub fn expects(self) -> &'static str {
        match self {
            Self::AllowOrigins => r#"a list, such as `["https://app.example.com"]`"#,
            Self::AllowMethods => r#"a list, such as `["PUT"]`"#,
            Self::AllowHeaders | Self::ExposeHeaders => r#"a list, such as `["X-Request-Id"]`"#,
            Self::AllowCredentials => {
                r#"`true`, `false` or a list, such as `["https://app.example.com"]`"#
            }
            Self::ExposeAnyHeader => "`true` or `false`",
            Self::MaxAge => r#"seconds or a text with a unit, such as `600` or `"10m"`"#,
        }
    }
}

/// The name that is closest to a misspelt one.
pub(crate) fn closest(
    name: &str,
    known: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    let length = name.chars().count();
    known
        .into_iter()
        // what is much longer is not near, and would take long to compare
        .filter(|own| length.abs_diff(own.len()) <= own.len() / 3)
        .map(|own| (strsim::damerau_levenshtein(own, name), own))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, own)| *distance <= own.len() / 3)
        .map(|(_, own)| own)
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A way in which CORS is off, by the name that it has in builder, attribute, file and environment.
///
/// The larger one is stricter, and counts where both are said of a route.
///
/// ```
/// use cors_core::Off;
///
/// assert!(Off::External < Off::Disable);
/// assert_eq!(Off::parse("external"), Some(Off::External));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Off {
    /// `external`: another layer answers, such as a proxy. Nothing is added to responses, and every
    /// preflight gets an ok status, since a layer can add headers and cannot mend a status.
    External,
    /// `disable`: nobody may call. Preflights are refused.
    Disable,
}

impl Off {
    /// Both.
    pub const ALL: [Self; 2] = [Self::External, Self::Disable];

    /// The name, such as `external`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::External => "external",
            Self::Disable => "disable",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|off| off.as_str() == name)
    }
}

impl fmt::Display for Off {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an override does to an inherited setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`: replaces it.
    Set,
    /// `+=`: adds to the list.
    Add,
    /// `-=`: takes from the list.
    Remove,
}

impl Operator {
    /// The operator as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Set => "=",
            Self::Add => "+=",
            Self::Remove => "-=",
        }
    }
}

/// One setting as it is written: key, operator, value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting<'a> {
    /// The name of the setting.
    pub key: &'a str,
    /// What to do with the inherited value.
    pub operator: Operator,
    /// The value, not yet checked.
    pub value: Value<'a>,
}

/// A value as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// `["a", "b"]`
    List(&'a [&'a str]),
    /// `"10m"`
    Text(&'a str),
    /// `600`
    Number(u64),
    /// `true`
    Flag(bool),
    /// A list with elements that are no text, of which it is known how they read.
    Mixed(&'a [Result<&'a str, &'a str>]),
    /// Anything else, which no setting takes, and how it reads.
    Other(&'a str),
}

/// As it is written, but for what a list holds.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(_) | Self::Mixed(_) => f.write_str("[…]"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Other(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
        }
    }
}
