//! What can be said of a pattern and the paths that start in some way.

use crate::segments::Rest;

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
    /// Of what has to come after the start, if anything can.
    pub(crate) fn of(rest: Option<Rest<'_>>) -> Self {
        match rest {
            None => Self::Never,
            Some(rest) if rest.takes_anything() => Self::Always,
            Some(rest) if rest.is_over() => Self::Alone,
            Some(_) => Self::Open,
        }
    }
}
