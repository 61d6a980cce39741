//! One error for builder, attribute, file, environment and merge, and a list of them.

use std::{fmt, io};

use super::Problem;
use crate::{
    setting::{Key, Off, Value},
    source::Source,
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
#[derive(Clone, PartialEq, Eq)]
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
    pub element: Option<u32>,
}

impl ConfigError {
    pub(crate) fn new(value: impl Into<Box<str>>, problem: Problem) -> Self {
        Self { source: Source::Base, key: None, value: value.into(), problem, element: None }
    }

    pub(crate) fn of_key(key: Key, value: impl Into<Box<str>>, problem: Problem) -> Self {
        Self { key: Some(key), ..Self::new(value, problem) }
    }

    /// The error of a value that is of another kind than the setting's.
    pub(crate) fn of_kind(key: Key, value: &Value<'_>) -> Self {
        Self::of_key(key, value.to_string(), Problem::ValueKind)
    }

    /// The error of an element that is no text.
    pub(crate) fn of_element(key: Key, found: &str) -> Self {
        Self::of_key(key, found, Problem::ElementKind)
    }

    pub(crate) fn in_layer(mut self, source: &Source) -> Self {
        self.source = source.clone();
        self
    }

    pub(crate) fn at(mut self, element: usize) -> Self {
        // no list is longer, and the error stays small enough to be returned
        self.element = u32::try_from(element).ok();
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

    /// The error of an override that turns CORS off and holds settings beside that.
    #[must_use]
    pub fn off_beside_others(off: Off) -> Self {
        Self::new(off.as_str(), Problem::OffBesideOthers)
    }

    /// The error of a layer that turns CORS off in both ways.
    #[must_use]
    pub fn both_off() -> Self {
        Self::new(Off::External.as_str(), Problem::BothOff)
    }

    /// The error of a route whose pattern has more named groups than the framework's router takes.
    #[must_use]
    pub fn pattern_groups(pattern: &str, limit: usize, route: &Source) -> Self {
        Self::new(pattern, Problem::PatternGroups { limit }).in_layer(route)
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

/// As `Display`, since it is what `unwrap` and a `main` that returns the error print.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigError {}

/// Everything that is wrong with a policy, in the order it was written; never empty.
///
/// It prints a line for each, with its code. `Debug` prints the same, since that is what a `main` that returns the
/// error shows, and it becomes an [`io::Error`], so that `?` works in a `main` that returns one.
///
/// ```
/// use cors_core::Policy;
///
/// fn main() -> std::io::Result<()> {
///     let policy = Policy::builder().allow_origins(["https://app.example.com"]).build()?;
///     assert!(!policy.allow_origins().is_any());
///     Ok(())
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
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

    pub(crate) fn one(error: ConfigError) -> Self {
        Self(vec![error])
    }

    pub(crate) fn map(self, change: impl FnMut(ConfigError) -> ConfigError) -> Self {
        Self(self.0.into_iter().map(change).collect())
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

impl fmt::Debug for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigErrors {}

impl From<ConfigErrors> for io::Error {
    fn from(errors: ConfigErrors) -> Self {
        Self::new(io::ErrorKind::InvalidInput, errors)
    }
}
