//! What can go wrong when an application starts, and how it is said.

use std::fmt;

use cors_core::{ConfigError, ConfigErrors, Location};

use crate::misuse::Misuse;

/// Why an application with this middleware did not start: the merged policies that are invalid.
///
/// Actix keeps the error of a middleware to itself, so it is written to the log, or to standard
/// error where no log is set up, and kept in [`Cors::start_error`](crate::Cors::start_error).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StartError {
    messages: Vec<String>,
}

impl StartError {
    pub(crate) fn unknown_scope(location: &Location) -> Self {
        let message = format!("#[cors] on {location}: actix does not tell the path of its scope");
        Self { messages: vec![message] }
    }

    /// Adds messages, each once: what is wrong with a module is found again at each handler.
    pub(crate) fn join(&mut self, other: Self) {
        for message in other.messages {
            if !self.messages.contains(&message) {
                self.messages.push(message);
            }
        }
    }

    /// `Ok(value)` if nothing went wrong.
    pub(crate) fn or<T>(self, value: T) -> Result<T, Self> {
        if self.messages.is_empty() { Ok(value) } else { Err(self) }
    }

    /// One message for each problem.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.messages.iter().map(String::as_str)
    }

    /// Says it where somebody will see it.
    pub(crate) fn announce(&self) {
        for message in self.messages() {
            tracing::error!("CORS keeps the application from starting: {message}");
            if !has_log() {
                eprintln!("CORS keeps the application from starting: {message}");
            }
        }
    }
}

impl From<ConfigErrors> for StartError {
    fn from(errors: ConfigErrors) -> Self {
        let message = |error: ConfigError| format!("[{}] {error}", error.code());
        Self { messages: errors.into_iter().map(message).collect() }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.messages.join("\n"))
    }
}

impl std::error::Error for StartError {}

/// Says what is misused where somebody will see it.
pub(crate) fn warn(misuse: &Misuse) {
    tracing::warn!("CORS: [{}] {misuse}", misuse.code());
    if !has_log() {
        eprintln!("CORS: [{}] {misuse}", misuse.code());
    }
}

/// Whether anybody listens to `tracing` or, through it, to `log`.
fn has_log() -> bool {
    tracing::enabled!(tracing::Level::ERROR) || log::log_enabled!(log::Level::Error)
}
