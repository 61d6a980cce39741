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

fn error_lines(what: &str, error: &StartError) {
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
