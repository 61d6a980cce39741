//! Routes as an adapter describes them, and the numbers of routes and scopes.

use std::{collections::BTreeSet, num::NonZeroU32};

use crate::{methods::Method, policy::Policy};

/// A route with a policy of its own, as an adapter describes it.
///
/// ```
/// use cors_core::{Policy, RouteSpec};
///
/// let spec = RouteSpec::new("/users/{id}", Policy::default());
/// let spec = spec.methods(["PUT".parse()?]).guarded(true);
/// assert!(spec.guarded && spec.methods.is_some());
/// # Ok::<(), cors_core::ConfigError>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RouteSpec {
    /// The full pattern of its path. Routes with equal patterns match the same paths.
    pub pattern: String,
    /// The methods it serves; `None` if they are not known, so that it may take any request.
    pub methods: Option<BTreeSet<Method>>,
    /// Its policy, merged.
    pub policy: Policy,
    /// Whether a request that matches path and method may still not reach it, because of a guard.
    pub guarded: bool,
}

impl RouteSpec {
    /// A route without a guard, whose methods are not known.
    #[must_use]
    pub fn new(pattern: impl Into<String>, policy: Policy) -> Self {
        Self { pattern: pattern.into(), methods: None, policy, guarded: false }
    }

    /// Sets the methods that it serves.
    #[must_use]
    pub fn methods(self, methods: impl IntoIterator<Item = Method>) -> Self {
        Self { methods: Some(methods.into_iter().collect()), ..self }
    }

    /// Sets whether a guard may keep requests away from it.
    #[must_use]
    pub fn guarded(self, guarded: bool) -> Self {
        Self { guarded, ..self }
    }
}

/// A route in a [`RouteTable`](super::RouteTable): its place in the list the table was built from. Another
/// table does not take it for one of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteId {
    index: u32,
    table: u64,
}

impl RouteId {
    /// The place in the list of [`RouteSpec`]s.
    #[must_use]
    pub fn index(self) -> usize {
        self.index as usize
    }

    pub(super) fn at(index: usize, table: u64) -> Self {
        // no application has as many
        Self { index: u32::try_from(index).unwrap_or(u32::MAX), table }
    }

    #[inline]
    pub(super) fn is_of(self, table: u64) -> bool {
        self.table == table
    }
}

/// A scope in a [`RouteTable`](super::RouteTable): its place in the list of scopes the table was built from.
/// Another table does not take it for one of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId {
    /// Counted from one, so that a step is no larger for it.
    number: NonZeroU32,
    table: u64,
}

impl ScopeId {
    /// The place in the list of policies.
    #[must_use]
    pub fn index(self) -> usize {
        self.number.get() as usize - 1
    }

    pub(super) fn at(index: usize, table: u64) -> Self {
        // no application has as many
        let number = u32::try_from(index + 1).ok().and_then(NonZeroU32::new);
        Self { number: number.unwrap_or(NonZeroU32::MAX), table }
    }

    #[inline]
    pub(super) fn is_of(self, table: u64) -> bool {
        self.table == table
    }
}
