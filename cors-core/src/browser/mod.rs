//! The other side: what a browser announces, and the checks it makes on what a server answers.
//!
//! - In: what a script asks for, and the header lines that a server answers with.
//! - Out: the names a preflight announces, what the script can read, or the step that blocks it.
//! - With the feature `browser`: a [`Browser`] that plays whole sessions, and does not touch the network.
//! - Invariant: it is written from the text of the Fetch standard, step by step, and uses nothing of the
//!   engine, so that adapters can be tested with it. Section names are anchors of
//!   <https://fetch.spec.whatwg.org/>.
//!
//! ```
//! use cors_core::browser::{Blocked, Client};
//!
//! let page = Client { origin: "https://app.example.com", include_credentials: false };
//! let answer = [("access-control-allow-origin".to_owned(), "https://app.example.com".to_owned())];
//! let result = page.check_preflight("PUT", &[], false, 204, &answer);
//! assert_eq!(result, Err(Blocked::Method));
//! assert_eq!(page.check_preflight("GET", &["x-a".into()], false, 204, &answer), Err(Blocked::Header("x-a".into())));
//! ```

mod client;
#[cfg(feature = "browser")]
mod model;
mod safelist;

pub use client::{BadRedirect, Blocked, Client, Headers, is_safelisted_method, list};
#[cfg(feature = "browser")]
pub use model::{
    Body, Browser, CredentialsMode, Exchange, Fetch, Fetching, InvalidFetch, Outcome, Reason,
    RejectedCookie, Request, Response, check_origin,
};
pub use safelist::{is_forbidden_request_header, unsafe_names};
