//! The result of the merge: which policy each route has, where each setting comes from, and lints.
//!
//! - In: the base policy and the merged policies of the scopes and the routes.
//! - Out: a [`Report`] as text and as data, and [`Lint`]s.
//! - Invariant: it only reads, so that a report cannot change an answer.

#[cfg(feature = "serde")]
mod data;
mod lint;
mod merged;
mod overlap;
mod policy_lints;
mod table_lints;
mod text;

pub use lint::{Concern, Lint};
pub use merged::{Report, RouteReport, ScopeReport};
