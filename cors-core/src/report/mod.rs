//! What an application ended up with: which policy each route has, why, and what is odd about it.
//!
//! - In: the base policy and the merged policies of the routes.
//! - Out: a [`Report`] as text and as data, and [`Lint`]s.
//! - Kept: it only reads, so that a report cannot change an answer.

#[cfg(feature = "serde")]
mod data;
mod lint;
mod merged;
mod text;

pub use lint::{Concern, Lint};
pub use merged::{Report, RouteReport};
