//! The rows, a file for each topic and a browser for each file.

mod cache;
mod credentials;
mod elements;
mod exposed;
pub(crate) mod headers;
mod interfaces;
mod methods;
mod origins;
mod redirects;
mod statuses;
mod worker;
