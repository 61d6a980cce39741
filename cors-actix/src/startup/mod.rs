//! From registered handlers to merged policies.
//!
//! In: the handlers that actix registers while it builds an application, and the base policy.
//! Out: a [`Merged`] table, or a [`StartError`]; which application it is for, the first request says.
//! Invariant: whatever is wrong or unknown about a handler closes it; nothing is opened by a doubt.

mod claim;
mod merge;
mod registry;
mod route_mark;
mod scope_probe;
mod start_error;

pub(crate) use claim::{candidates, of_request};
pub(crate) use merge::{Merged, PlainRoute};
pub(crate) use registry::{App, Mount, Registration, Slot, number_of_middleware};
pub(crate) use route_mark::{Place, RouteMark};
pub(crate) use scope_probe::is_probe;
pub use start_error::StartError;
