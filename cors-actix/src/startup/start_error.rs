//! Why an application does not start.

use std::{fmt, io};

use cors_core::{ConfigError, ConfigErrors};

/// Everything that is wrong with the merged policies of an application.
///
/// Each [`ConfigError`] has a code, names the handler, module or entry by its
/// [`source`](ConfigError::source), and both settings that do not go together.
///
/// Such an application does not start. If it was not certain at its start that the middleware is its own,
/// it starts and allows nothing to other origins. Actix drops the error of a middleware, so it is written
/// to the log, or to standard error where no log is set up, and kept in
/// [`Cors::start_error`](crate::Cors::start_error).
#[derive(Clone, PartialEq, Eq)]
pub struct StartError(ConfigErrors);

impl StartError {
    /// Fails if there are errors, each of which is kept once: a module's is found again at every handler.
    pub(super) fn check(found: Vec<ConfigErrors>) -> Result<(), Self> {
        let mut distinct: Vec<ConfigError> = Vec::new();
        for error in found.into_iter().flatten() {
            if !distinct.contains(&error) {
                distinct.push(error);
            }
        }
        ConfigErrors::check((), distinct).map_err(Self)
    }

    /// Fails if there are some, as one.
    pub(crate) fn of_all(errors: Vec<Self>) -> Result<(), Self> {
        Self::check(errors.into_iter().map(|own| own.0).collect())
    }

    /// What is wrong, in the order of the handlers' registration.
    #[must_use]
    pub fn errors(&self) -> &ConfigErrors {
        &self.0
    }
}

/// A line for each problem.
impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// As it is displayed: `unwrap` and `main` print this.
impl fmt::Debug for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for StartError {}

/// For a `main` that returns one.
impl From<StartError> for io::Error {
    fn from(error: StartError) -> Self {
        Self::new(io::ErrorKind::InvalidInput, error)
    }
}
