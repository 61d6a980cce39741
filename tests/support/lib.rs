//! What tests and examples share: a client that sees every header line, a model of what a browser
//! does with them, and the demo as a running program.

pub mod browser;
pub mod client;
pub mod demo;
