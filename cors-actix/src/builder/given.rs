//! Entries as they were given, until they are checked.

use cors_core::{OverrideBuilder, Source};

/// A scope entry as it was given.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) path: String,
    pub(super) overrides: OverrideBuilder,
    pub(super) source: Source,
}

/// A route entry as it was given.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) pattern: String,
    pub(super) methods: Vec<String>,
    pub(super) overrides: OverrideBuilder,
    pub(super) source: Source,
}
