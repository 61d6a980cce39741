//! Origins: one that a request presents, patterns that a developer writes, and the set of them.
//!
//! - In: the text of a pattern, or the value of an `Origin` header.
//! - Out: an [`OriginPattern`], an [`Origin`], and whether a set of patterns has an origin.
//! - Invariant: one grammar for both, so that what is accepted as a pattern can be sent.

mod address;
mod cover;
mod domain;
mod ending;
mod grammar;
mod host;
mod host_parts;
mod instances;
mod meet;
mod normal;
mod pattern;
mod risks;
mod serialised;
mod set;
mod spelling;
mod wildcards;

pub(crate) use cover::{Covers, covered};
pub(crate) use instances::strangers;
pub use pattern::OriginPattern;
pub use serialised::{Origin, TupleOrigin};
pub(crate) use set::OriginSet;
