//! Where a path leads.
//!
//! - In: actix's own list of an application's resources, and the merged table.
//! - Out: the services that actix tries for a path, in its order, as [`Step`](cors_core::Step)s for the
//!   core.
//! - Invariant: only actix's [`ResourceDef`](actix_web::dev::ResourceDef) says whether a pattern matches a
//!   path. The index leaves out nothing but what cannot match.

mod areas;
mod builder;
mod introspection;
#[cfg(test)]
mod oracle;
mod own_scopes;
mod ownership;
mod pattern;
mod resource_tree;
mod scope_tree;
mod services;
mod slashes;
mod steps;
mod survey;
mod taken;
mod trie;

pub(crate) use introspection::Introspection;
pub(crate) use ownership::Ownership;
pub(crate) use resource_tree::{Node, fingerprint, read, scope_prefixes};
pub(crate) use scope_tree::ScopeTree;
pub(crate) use services::{Progress, Services};
pub(crate) use slashes::{Paths, Rewriting, Routed};
