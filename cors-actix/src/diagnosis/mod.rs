//! Mistakes in how an application uses CORS, and how they are reported.
//!
//! - In: merged tables, paths, and what the middleware sees of requests.
//! - Out: the log, and what [`Cors::misuses`](crate::Cors::misuses), [`Cors::reports`](crate::Cors::reports)
//!   and [`Cors::start_error`](crate::Cors::start_error) return.
//! - Invariant: nothing here changes an answer.

mod findings;
pub(crate) mod log;
mod message;
mod preflight_watch;
mod review;
mod warning;

pub(crate) use findings::Findings;
pub(crate) use preflight_watch::PreflightWatch;
pub(crate) use review::{name, review, unmatched};
pub use warning::{Misuse, Place};
