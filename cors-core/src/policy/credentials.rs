//! `allow_credentials`: which of the allowed origins may send cookies.

use super::{
    Allowed,
    listed_origins::{GroupNames, ListedOrigins},
};
use crate::{
    error::{ConfigError, Problem},
    origin::OriginPattern,
    setting::{Key, Setting, Value},
};

/// Whose scripts may read responses to requests with cookies, client certificates or HTTP authentication.
///
/// ```
/// use cors_core::{Credentials, Policy};
///
/// let policy = Policy::builder()
///     .allow_origins(["*"])
///     .allow_credentials(["https://app.example.com"])
///     .build()?;
/// assert!(matches!(policy.allow_credentials(), Credentials::Only(_)));
/// assert_eq!(policy.allow_credentials().to_string(), "https://app.example.com");
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub enum Credentials {
    /// `false`: nobody's.
    #[default]
    Never,
    /// `true`: those of all origins that `allow_origins` admits.
    Always,
    /// Those of the listed origins, as far as `allow_origins` admits them. The list is never empty, and never
    /// `["*"]`.
    Only(Allowed<OriginPattern>),
}

impl Credentials {
    /// Whether no origin may.
    #[must_use]
    pub const fn is_never(&self) -> bool {
        matches!(self, Self::Never)
    }

    /// The listed origins, in order; none for `true` and `false`.
    pub fn listed(&self) -> impl Iterator<Item = &OriginPattern> + Clone {
        let list = if let Self::Only(list) = self { Some(list) } else { None };
        list.into_iter().flat_map(Allowed::members)
    }

    /// Checks a setting of `allow_credentials`, as far as it can be without the others, and without the origins of
    /// the groups that it names.
    pub(super) fn read(
        setting: &Setting<'_>,
        errors: &mut Vec<ConfigError>,
    ) -> Option<(Self, GroupNames)> {
        let error =
            |value: &str, problem| ConfigError::of_key(Key::AllowCredentials, value, problem);
        let of_flag = |flag| {
            let credentials = if flag { Self::Always } else { Self::Never };
            Some((credentials, GroupNames::default()))
        };
        match setting.value {
            Value::Flag(flag) => return of_flag(flag),
            Value::Text("true") => return of_flag(true),
            Value::Text("false") => return of_flag(false),
            Value::List(elements) => return Self::of_list(elements, errors),
            Value::Mixed(elements) => {
                _ = ListedOrigins::read(Key::AllowCredentials, elements, errors);
            }
            Value::Text(text) => errors.push(error(text, Problem::Credentials)),
            _ => errors.push(ConfigError::of_kind(Key::AllowCredentials, &setting.value)),
        }
        None
    }

    fn of_list(elements: &[&str], errors: &mut Vec<ConfigError>) -> Option<(Self, GroupNames)> {
        if let Some(star) = elements.iter().position(|element| *element == "*") {
            let error = ConfigError::of_key(Key::AllowCredentials, "*", Problem::CredentialsOfAny);
            errors.push(error.at(star));
            return None;
        }
        let before = errors.len();
        let elements: Vec<Result<&str, &str>> = elements.iter().map(|own| Ok(*own)).collect();
        let ListedOrigins { origins, groups } =
            ListedOrigins::read(Key::AllowCredentials, &elements, errors);
        if origins.is_empty() {
            return (errors.len() == before).then_some((Self::Never, groups));
        }
        Some((Self::Only(Allowed::only(origins)), groups))
    }
}

/// As it is written in a list or a flag.
impl std::fmt::Display for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Never => f.write_str("false"),
            Self::Always => f.write_str("true"),
            Self::Only(origins) => origins.fmt(f),
        }
    }
}
