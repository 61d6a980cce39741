//! Which policy answers which path and method.
//!
//! - In: the base policy, the routes with policies of their own, and for each request the routes
//!   whose pattern matches its path, in the order in which the framework's router tries them.
//! - Out: a [`Decision`](crate::Decision).
//! - Kept: paths are matched by the framework, never here; where several policies may apply, all of
//!   them must allow what is granted.

mod actual;
mod candidates;
mod path;
mod patterns;
mod preflight;
mod sharing;
mod spec;
mod table;

pub use path::{PathMatch, Step};
pub use spec::{RouteId, RouteSpec};
pub use table::RouteTable;
