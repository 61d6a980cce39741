//! What is said of an application beside its handlers: the base policy, and the entries of scopes and routes.

use std::collections::HashSet;

use cors_core::{LayeredPolicy, RouteEntry, ScopeEntry};

use super::part::Part;
use crate::startup::{Declared, Merged, Registered, StartError};

/// Everything that a builder was told of policies, checked.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    pub(crate) base: LayeredPolicy,
    pub(crate) scopes: Vec<ScopeEntry>,
    pub(crate) entries: Vec<RouteEntry>,
}

impl Policies {
    /// Whether CORS is off for all of an application.
    pub(super) fn are_off(&self) -> bool {
        self.base.policy().off().is_some()
    }

    /// Merges the policies of what is registered, with more entries before those of the builder, of which only those
    /// count that `part` has.
    pub(super) fn merge(
        &self,
        registered: Registered,
        more: &[RouteEntry],
        plain: &HashSet<String>,
        part: &Part,
    ) -> Result<Merged, StartError> {
        let entries = more.iter().chain(&self.entries).filter(|own| part.has_route(own)).cloned();
        let scopes = self.scopes.iter().filter(|own| part.has_scope(own)).cloned();
        let (entries, scopes) = (&entries.collect::<Vec<_>>(), &scopes.collect::<Vec<_>>());
        Merged::new(&self.base, &Declared { scopes, entries, plain }, registered)
    }

    /// Checks whether they fit what an application has registered, before it is known which plain routes it has.
    ///
    /// # Errors
    ///
    /// Fails with everything that does not fit.
    pub(super) fn at_start(&self, registered: Registered) -> Result<Merged, StartError> {
        self.merge(registered, &[], &HashSet::new(), &Part::All)
    }
}
