//! What two policies, or two tables of them, do differently: compared by what they let through, not by how they are
//! written.
//!
//! - In: two policies, or the [`Report`](crate::Report)s of two starts.
//! - Out: a [`Comparison`], as text and as data: what became wider and what narrower, each with a request that shows it.
//! - Invariant: whatever is said to be let through by one of the two only was asked of both, compiled as they answer
//!   requests.

#[cfg(feature = "serde")]
mod data;
mod difference;
mod few;
mod names;
mod origins;
mod policies;
mod probe;
mod reports;
mod rows;
mod shared;
mod text;
mod way;

pub use difference::{
    Change, Comparison, Difference, Direction, Place, Standing, Subject, Witness,
};
