//! Messages where somebody will see them: in the log, or on standard error where no log is set up.

use cors_core::{Comparison, ConfigErrors, Lint};

use super::warning::Misuse;
use crate::startup::StartError;

/// What filters of logs know all messages by, wherever they are written.
pub(crate) const TARGET: &str = "cors_actix";

pub(crate) fn warn(misuse: &Misuse) {
    tracing::warn!(target: TARGET, "CORS: [{}] {misuse}", misuse.code());
    if !has_log() {
        eprintln!("CORS: [{}] {misuse}", misuse.code());
    }
}

/// Says lints of merged tables.
pub(crate) fn lints(lints: Vec<Lint>) {
    for lint in lints {
        warn(&Misuse::Setting(lint));
    }
}

/// Says why an application does not start.
pub(super) fn start_error(error: &StartError) {
    error_lines("CORS keeps the application from starting", error);
}

/// Says what has changed with policies that were replaced.
pub(crate) fn reloaded(changes: &[Comparison], is_base_alone: bool) {
    if is_base_alone {
        tracing::info!(target: TARGET, "CORS: policies were replaced before any request; of routes nothing is known yet");
    } else if changes.iter().all(Comparison::is_empty) {
        tracing::info!(target: TARGET, "CORS: policies were read again, and mean what they meant");
    }
    for text in changes.iter().map(Comparison::to_string) {
        for line in text.lines() {
            tracing::info!(target: TARGET, "CORS: policies were replaced: {line}");
        }
    }
}

/// Says why policies were not replaced.
pub(crate) fn not_reloaded(errors: &ConfigErrors) {
    error_lines("CORS goes on by the policies that it has, since others are wrong", errors);
}

/// Says why an application that has started allows nothing to other origins.
pub(crate) fn closed(error: &StartError) {
    error_lines("CORS allows nothing to other origins, because policies do not fit", error);
}

/// The same of a middleware around a scope, of this full prefix.
pub(crate) fn scope_closed(prefix: &str, error: &StartError) {
    let what = format!(
        "CORS allows nothing to other origins below `{prefix}`, because policies do not fit"
    );
    error_lines(&what, error);
}

/// Says why handlers allow nothing to other origins that may be in the scope which a middleware is wrapped around.
pub(crate) fn handlers_closed(prefix: &str, error: &StartError) {
    let what = format!(
        "there are several scopes of the path `{prefix}`, so that CORS allows nothing to other origins where a handler \
         of any of them does not fit"
    );
    error_lines(&what, error);
}

/// Says that nothing is known of the routes of an application.
pub(crate) fn unlisted() {
    error_lines(
        "CORS",
        &"actix-web's list of routes cannot be read, because its version has another, scopes are nested too deep, or a \
          pattern has more named groups than actix's router takes; a preflight is granted only if every #[cors] \
          of the application and the base policy allow it",
    );
}

fn error_lines(what: &str, error: &impl ToString) {
    for line in error.to_string().lines() {
        tracing::error!(target: TARGET, "{what}: {line}");
        if !has_log() {
            eprintln!("{what}: {line}");
        }
    }
}

/// Whether somebody reads what is decided on each preflight.
#[inline]
pub(crate) fn takes_debug() -> bool {
    tracing::enabled!(target: TARGET, tracing::Level::DEBUG)
        || log::log_enabled!(target: TARGET, log::Level::Debug)
}

/// Whether anybody listens to `tracing` or, through it, to `log`.
fn has_log() -> bool {
    tracing::enabled!(target: TARGET, tracing::Level::ERROR)
        || log::log_enabled!(target: TARGET, log::Level::Error)
}
