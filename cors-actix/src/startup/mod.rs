//! From registered handlers to merged policies.
//!
//! - In: the handlers that actix registers while it builds an application, and the base policy.
//! - Out: a [`Merged`] table, or a [`StartError`]. It is a guess which application the table is for,
//!   until the first request shows it.
//! - Invariant: an application whose policies do not fit, or a handler whose scope is unknown, allows
//!   nothing to other origins; a doubt never allows more.

mod claim;
mod entries;
mod merge;
mod merged;
mod mount;
mod numbers;
mod pattern_groups;
mod read_only;
mod registered_scope;
mod registry;
mod route_mark;
mod scope_item;
mod scope_probe;
mod scopes;
mod start_error;
mod wrapped;

pub(crate) use claim::{candidates, of_request};
pub(crate) use merge::Declared;
pub(crate) use merged::{Merged, PlainRoute};
pub(crate) use mount::{Inside, Mount, Registered};
pub(crate) use numbers::ValueNumbers;
pub(crate) use pattern_groups::has_too_many_groups;
pub use read_only::{ReadOnly, read_only};
pub(crate) use registry::{App, Registration, TaggedRoute, note_use};
pub(crate) use route_mark::{Endpoint, RouteMark};
pub use scope_item::{ScopeItem, for_scope};
pub(crate) use scope_probe::is_probe;
pub(crate) use scopes::Area;
pub use start_error::StartError;
pub(crate) use wrapped::Wrapped;
