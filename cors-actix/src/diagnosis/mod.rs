//! What is odd about an application, and how it is said.
//!
//! In: merged tables, paths, and what the middleware notices of requests. Out: the log, and what
//! [`Cors::misuses`](crate::Cors::misuses), `reports` and `start_error` return. Invariant: nothing here
//! changes an answer.

mod findings;
pub(crate) mod log;
mod preflight_watch;
mod review;
mod warning;

pub(crate) use findings::Findings;
pub(crate) use preflight_watch::PreflightWatch;
pub(crate) use review::{name, review};
pub use warning::{Misuse, Place};
