//! Where a path leads.
//!
//! In: actix's own list of an application's resources, and the merged table. Out: the services that
//! actix tries for a path, in its order, as steps for the core. Invariant: whether a pattern takes a
//! path is said by actix's [`ResourceDef`](actix_web::dev::ResourceDef) alone; the index leaves out
//! only what cannot match.

mod introspection;
#[cfg(test)]
mod oracle;
mod ownership;
mod pattern;
mod resource_tree;
mod services;
mod slashes;
mod trie;

pub(crate) use introspection::Introspection;
pub(crate) use ownership::Ownership;
pub(crate) use resource_tree::{Node, fingerprint, read};
pub(crate) use services::Services;
pub(crate) use slashes::{Paths, Rewriting, Routed};
