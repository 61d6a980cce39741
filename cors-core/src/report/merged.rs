//! The merged table.

use crate::{policy::LayeredPolicy, source::Source};

/// What an adapter made of the base policy and all overrides when an application started.
///
/// It prints as text; with `{:#}` the places in the source are left out, so that a snapshot holds
/// when lines move. With the crate feature `serde` it can be written as JSON and the like.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The base policy.
    pub base: LayeredPolicy,
    /// The scopes with a policy of their own: it is that of plain routes in them, and of what no route takes.
    pub scopes: Vec<ScopeReport>,
    /// The routes with a policy of their own, in registration order.
    pub routes: Vec<RouteReport>,
}

/// One scope of a [`Report`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScopeReport {
    /// The full path of the scope.
    pub path: String,
    /// The innermost entry or module that it comes from.
    pub source: Source,
    /// The effective policy.
    pub policy: LayeredPolicy,
    /// Whether it is only that of what no route takes, since it comes from a module, and not that of plain routes.
    pub unrouted_only: bool,
}

impl ScopeReport {
    /// A scope.
    #[must_use]
    pub fn new(path: impl Into<String>, source: Source, policy: LayeredPolicy) -> Self {
        Self { path: path.into(), source, policy, unrouted_only: false }
    }

    /// The same for what no route takes alone.
    #[must_use]
    pub fn of_unrouted_only(self) -> Self {
        Self { unrouted_only: true, ..self }
    }
}

/// One route of a [`Report`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteReport {
    /// The methods it serves.
    pub methods: Vec<String>,
    /// The full pattern of its path, scopes included.
    pub pattern: String,
    /// The handler's attribute, or the route entry or the introspection if no handler has one.
    pub source: Source,
    /// Whether a guard beside the method decides too.
    pub guarded: bool,
    /// The effective policy.
    pub policy: LayeredPolicy,
}

impl RouteReport {
    /// A route without a guard beside the method.
    #[must_use]
    pub fn new(
        pattern: impl Into<String>,
        methods: Vec<String>,
        source: Source,
        policy: LayeredPolicy,
    ) -> Self {
        Self { methods, pattern: pattern.into(), source, guarded: false, policy }
    }

    /// Sets whether a guard beside the method decides too.
    #[must_use]
    pub fn guarded(self, guarded: bool) -> Self {
        Self { guarded, ..self }
    }
}

impl Report {
    /// The table of a base policy and its routes.
    #[must_use]
    pub fn new(base: LayeredPolicy, routes: Vec<RouteReport>) -> Self {
        Self { base, scopes: Vec::new(), routes }
    }

    /// Sets the scopes.
    #[must_use]
    pub fn scopes(self, scopes: Vec<ScopeReport>) -> Self {
        Self { scopes, ..self }
    }
}
