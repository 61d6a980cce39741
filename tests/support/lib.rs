//! What tests and examples share: a client that sees every header line, and a model of what a
//! browser does with them.

pub mod browser;
pub mod client;
mod preflight_cache;
mod url;
