//! What became of the settings of overrides, so that those without effect can be reported.

use crate::{setting::Key, source::Source};

/// What a setting of an override did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effect {
    /// The override.
    pub(crate) source: Source,
    /// The setting; `None` for `disable`.
    pub(crate) key: Option<Key>,
    pub(crate) outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Changed,
    /// The value was the same before.
    Same {
        /// Where it came from.
        inherited: Source,
    },
    /// CORS is off there.
    Off {
        /// Where it was turned off.
        by: Source,
    },
}
