//! The model of a browser: whole calls, with redirects, cookies and remembered preflights.
//!
//! - In: a [`Fetch`], and the answers to what it makes the browser send.
//! - Out: the requests to send, one after the other, and the [`Outcome`] for the script.
//! - Invariant: no network and no clock of its own; what a browser would not send is not sent.

mod address;
mod cookie;
mod cookie_date;
mod cookies;
mod cors_request;
mod fetch;
mod fetching;
mod header;
mod invalid;
mod memory;
mod message;
mod method;
mod outcome;
mod page;
mod preflights;
mod redirect;
mod session;
mod site;

pub use cookie::RejectedCookie;
pub use fetch::{Body, CredentialsMode, Fetch};
pub use fetching::Fetching;
pub use invalid::{InvalidFetch, Reason};
pub use message::{Exchange, Request, Response};
pub use outcome::Outcome;
pub use page::check_origin;
pub use session::Browser;
