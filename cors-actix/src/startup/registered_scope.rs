//! Overrides that were registered in a scope.

use std::panic::Location;

use cors_core::{ConfigErrors, OverrideBuilder, ScopeEntry, Source};

use super::scope_probe::ScopeProbe;

/// Overrides for a scope, where they were registered.
#[derive(Debug)]
pub(super) struct RegisteredScope {
    pub(super) overrides: OverrideBuilder,
    pub(super) location: &'static Location<'static>,
    pub(super) probe: ScopeProbe,
}

impl RegisteredScope {
    /// The same as an entry, once actix has linked its resource maps.
    pub(super) fn entry(&self) -> Result<ScopeEntry, ConfigErrors> {
        let prefix = self.probe.prefix().unwrap_or_default();
        ScopeEntry::of_prefix(&prefix, &self.overrides, Source::Scope(self.location))
    }
}
