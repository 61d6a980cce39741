//! What an application has registered: its handlers, and where they are.

use std::ops::Range;

use cors_core::{ConfigErrors, ScopeEntry};

use crate::handler::Handler;

/// A registered handler with the scope that its routes are in, as far as that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) handler: &'static Handler,
    /// The endpoint of its first method.
    pub(crate) first: usize,
    /// The full prefixes that its scope may have; empty if nothing is known.
    pub(crate) prefixes: Vec<String>,
    pub(crate) inside: Inside,
}

/// Whether a handler is inside of what a middleware is wrapped around.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inside {
    Surely,
    Perhaps,
    No,
}

impl Inside {
    pub(crate) fn of(is_certain: bool, is_possible: bool) -> Self {
        match (is_certain, is_possible) {
            (true, _) => Self::Surely,
            (false, true) => Self::Perhaps,
            (false, false) => Self::No,
        }
    }
}

/// What an application has registered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Registered {
    pub(crate) mounts: Vec<Mount>,
    /// The overrides for scopes, or what is wrong with them.
    pub(crate) scopes: Vec<Result<ScopeEntry, ConfigErrors>>,
}

impl Mount {
    /// The endpoints of the methods of a route.
    pub(crate) fn endpoints(&self, route: usize) -> Range<usize> {
        let before = self.handler.routes[..route].iter().map(|route| route.methods.len());
        let first = self.first + before.sum::<usize>();
        first..first + self.handler.routes[route].methods.len()
    }
}
