//! Real browsers: headless Chromium makes the calls, and the servers see what it sends.
//!
//! Rows are data (`rows`): a page of some origin makes calls, the script gets something or nothing,
//! and the server has seen these requests, preflights included. Every row whose calls the Fetch
//! standard covers also runs through the model of a browser that the other tests rely on, so that
//! model and browser check each other; where they differ, the row says so and gives a reference.

mod api;
mod call;
mod chromium;
mod debug;
mod demo;
mod row;
mod rows;
mod run;
mod servers;
mod spy;
mod webdriver;
