//! The part of an application whose policies a middleware merges: all of it, or what is in the scope that it is
//! wrapped around.

use cors_core::{RouteEntry, ScopeEntry, is_below};

use super::position::Extent;
use crate::{
    routing::{Ownership, ScopeTree},
    startup::{Inside, Mount, Registration},
};

pub(super) enum Part {
    All,
    Scopes(OwnScopes),
}

/// The scopes that a middleware may be wrapped around; there is at least one.
pub(super) struct OwnScopes {
    pub(super) numbers: Vec<usize>,
    /// Their full prefixes, mostly a single one.
    pub(super) prefixes: Vec<String>,
}

impl Part {
    /// That of a middleware which was told that it is around a scope.
    pub(super) fn in_scope(extent: &Extent, tree: Option<&ScopeTree>) -> Self {
        let (Extent::Scopes(numbers), Some(tree)) = (extent, tree) else { return Self::All };
        let prefixes = numbers.iter().map(|own| tree.prefix(*own).to_owned()).collect();
        Self::Scopes(OwnScopes { numbers: numbers.clone(), prefixes })
    }

    pub(super) fn scopes(&self) -> Option<&OwnScopes> {
        match self {
            Self::All => None,
            Self::Scopes(own) => Some(own),
        }
    }

    /// Whether a probe of this name is in it.
    pub(super) fn has_probe(&self, name: &str, tree: &ScopeTree) -> Inside {
        let Self::Scopes(own) = self else { return Inside::Surely };
        let has = |scope: &usize| tree.has_probe(*scope, name);
        Inside::of(own.numbers.iter().all(has), own.numbers.iter().any(has))
    }

    /// Whether an entry is for a route in it.
    pub(super) fn has_route(&self, entry: &RouteEntry) -> bool {
        self.scopes().is_none_or(|own| own.have_below(entry.pattern()))
    }

    /// Whether an entry for a scope is for a part of it, or for what is around it.
    pub(super) fn has_scope(&self, entry: &ScopeEntry) -> bool {
        let path = entry.path();
        let is_around = |own: &OwnScopes| own.prefixes.iter().any(|own| is_below(own, path));
        self.scopes().is_none_or(|own| own.have_below(path) || is_around(own))
    }
}

impl OwnScopes {
    /// Their full prefix for messages.
    pub(super) fn prefix(&self) -> &str {
        self.prefixes.first().map_or("", String::as_str)
    }

    fn have_below(&self, pattern: &str) -> bool {
        self.prefixes.iter().any(|own| is_below(pattern, own))
    }

    /// The handlers of the application, each with what is known of whether it is in the scope.
    pub(super) fn mounts(
        &self,
        registrations: &[Registration],
        tree: &ScopeTree,
        ownership: &Ownership,
    ) -> Vec<Mount> {
        let resources = || self.numbers.iter().map(|own| tree.resources(*own));
        let surely: Vec<_> = resources().map(|own| ownership.surely_among(own)).collect();
        let perhaps: Vec<_> = resources().map(|own| ownership.among(own)).collect();
        let mut mounts = ownership.mounts(registrations);
        for (number, mount) in mounts.iter_mut().enumerate() {
            mount.inside = Inside::of(
                surely.iter().all(|own| own.contains(&number)),
                perhaps.iter().any(|own| own.contains(&number)),
            );
            mount.prefixes.retain(|prefix| self.have_below(prefix));
        }
        mounts
    }
}
