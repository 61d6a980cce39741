//! Which policy answers which path and method.
//!
//! - In: the base policy, the routes and scopes with policies of their own, and for each request the routes
//!   whose pattern matches its path, in the order in which the framework's router tries them.
//! - Out: a [`Decision`](crate::Decision).
//! - Invariant: paths are matched by the framework, never here. If more than one route could serve the
//!   request, every one of them must allow it.

mod actual;
mod candidates;
mod path;
mod patterns;
mod preflight;
mod refusal;
mod sharing;
mod spec;
mod table;

pub use path::{PathMatch, Step};
pub use spec::{RouteId, RouteSpec, ScopeId};
pub use table::{Reached, RouteTable};
