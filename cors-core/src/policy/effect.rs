//! What became of the settings of overrides, so that those without effect can be reported.

use crate::{
    setting::{Key, Off, Operator},
    source::Source,
};

/// What a setting of an override did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effect {
    /// The override.
    pub(crate) source: Source,
    /// The setting; `None` if it turns CORS off.
    pub(crate) key: Option<Key>,
    /// The name, as it is written.
    pub(crate) name: &'static str,
    pub(crate) outcome: Outcome,
    /// What each element did that was added to a list or taken from it, where CORS is on.
    pub(crate) elements: Vec<ElementEffect>,
}

/// What an element did that an override adds to a list or takes from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ElementEffect {
    pub(crate) value: String,
    pub(crate) operator: Operator,
    pub(crate) is_idle: bool,
    /// Where the list came from.
    pub(crate) inherited: Source,
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
    Off(OffBy),
}

/// An override that turns CORS off, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OffBy {
    pub(crate) source: Source,
    pub(crate) off: Off,
}
