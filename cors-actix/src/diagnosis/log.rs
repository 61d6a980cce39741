//! Messages where somebody will see them: in the log, or on standard error where no log is set up.

use super::warning::Misuse;
use crate::startup::StartError;

pub(crate) fn warn(misuse: &Misuse) {
    tracing::warn!("CORS: [{}] {misuse}", misuse.code());
    if !has_log() {
        eprintln!("CORS: [{}] {misuse}", misuse.code());
    }
}

/// Says why an application does not start.
pub(super) fn start_error(error: &StartError) {
    error_lines("CORS keeps the application from starting", error);
}

/// Says why an application that has started allows nothing to other origins.
pub(crate) fn closed(error: &StartError) {
    error_lines("CORS allows nothing to other origins, because policies do not fit", error);
}

/// Says that nothing is known of the routes of an application.
pub(crate) fn unlisted() {
    error_lines(
        "CORS",
        &"actix-web's list of routes cannot be read, because its version has another or scopes are nested \
          too deep; a preflight is granted only if every #[cors] of the application and the base policy \
          allow it",
    );
}

fn error_lines(what: &str, error: &impl ToString) {
    for line in error.to_string().lines() {
        tracing::error!("{what}: {line}");
        if !has_log() {
            eprintln!("{what}: {line}");
        }
    }
}

/// Whether anybody listens to `tracing` or, through it, to `log`.
fn has_log() -> bool {
    tracing::enabled!(tracing::Level::ERROR) || log::log_enabled!(log::Level::Error)
}
