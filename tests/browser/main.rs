//! Real browsers: Chromium, Firefox and `WebKitGTK` make the calls, and the servers see what they send.
//!
//! Rows are data (`rows`): a page of some origin makes calls, the script gets something or nothing,
//! and the server has seen these requests, preflights included. A row says what the standard says;
//! engines that do something else are its exceptions, each with the reason, and an engine that comes
//! round fails the row until its exception is gone. Every row whose calls the Fetch standard covers
//! also runs through the model of a browser that the other tests rely on, which follows the standard.
//!
//! An engine is a file in `engine`: its programs, how to get them, and the capabilities of a session.
//! All are driven by `WebDriver`, and find the servers through one SOCKS proxy. What only Chromium
//! tells, its console (`debug`) and how the demo looks (`demo`), is tested in Chromium alone.
//!
//! An origin that policies cannot list yet has a row `unlisted` in `rows/origins.rs`.

mod api;
mod call;
mod debug;
mod demo;
mod engine;
mod proxy;
mod row;
mod rows;
mod run;
mod servers;
mod spy;
mod webdriver;
