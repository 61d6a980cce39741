//! Routes as an adapter describes them, and their numbers.

use std::collections::BTreeSet;

use crate::{methods::Method, policy::Policy};

/// A route with a policy of its own, as an adapter describes it.
#[derive(Debug, Clone)]
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

/// A route in a [`RouteTable`](super::RouteTable): its place in the list the table was built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteId(u32);

impl RouteId {
    /// The place in the list of [`RouteSpec`]s.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(super) fn at(index: usize) -> Self {
        // no application has as many
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}
