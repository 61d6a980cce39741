//! From registered handlers to merged policies.
//!
//! - In: the handlers that actix registers while it builds an application, and the base policy.
//! - Out: a [`Merged`] table, or a [`StartError`]. It is a guess which application the table is for,
//!   until the first request shows it.
//! - Invariant: an application whose policies do not fit, or a handler whose scope is unknown, allows
//!   nothing to other origins; a doubt never allows more.

mod claim;
mod merge;
mod registry;
mod route_mark;
mod scope_probe;
mod start_error;

pub(crate) use claim::{candidates, of_request};
pub(crate) use merge::{Merged, PlainRoute};
pub(crate) use registry::{App, Mount, Registration, TaggedRoute, ValueNumbers};
pub(crate) use route_mark::{Endpoint, RouteMark};
pub(crate) use scope_probe::is_probe;
pub use start_error::StartError;
