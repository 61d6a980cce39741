//! What can be said of a pattern and the paths that start in some way.

use actix_web::dev::ResourceDef;

use crate::index::is_literal;

/// Whether a pattern matches the paths that start in some way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It depends on what follows.
    Open,
    /// As the last [`Open`](Self::Open) one before, which is the same pattern.
    AsBefore,
    Always,
    /// If nothing follows.
    Alone,
    Never,
}

impl Verdict {
    /// Of a pattern and a start. Where the pattern is literal and the start longer, one more byte makes
    /// no difference.
    pub(crate) fn of(pattern: &ResourceDef, start: &str) -> Self {
        let text = pattern.pattern().unwrap_or_default();
        if !is_literal(text) || start.len() < text.len() {
            return Self::Open;
        }
        match (pattern.is_match(start), start.len() > text.len()) {
            (true, true) => Self::Always,
            (true, false) if pattern.is_prefix() => Self::Open,
            (true, false) => Self::Alone,
            (false, _) => Self::Never,
        }
    }
}
