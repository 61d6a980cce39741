//! The rows, a file for each topic, and for each file a fresh browser of every engine.

mod cache;
mod credentials;
mod elements;
mod exposed;
pub(crate) mod headers;
mod interfaces;
mod methods;
mod origins;
mod redirects;
mod scopes;
mod statuses;
mod worker;
