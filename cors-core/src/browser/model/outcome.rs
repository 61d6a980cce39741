//! What a fetch came to.

use super::{
    cookie::RejectedCookie,
    message::{Exchange, Response},
};
use crate::browser::client::Blocked;

/// What a script gets of a fetch, and what went over the network for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Every request with its answer, preflights and redirects included.
    pub exchanges: Vec<Exchange>,
    /// `Set-Cookie` lines that were not stored, with the reason.
    pub rejected_cookies: Vec<(String, RejectedCookie)>,
    /// Names of the headers that the script can read, in lower case; or the step that blocked the call.
    pub result: Result<Vec<String>, Blocked>,
}

impl Outcome {
    /// The response that the script gets, or would get if it were not blocked; `None` if the request was not
    /// sent, because its preflight failed.
    #[must_use]
    pub fn response(&self) -> Option<&Response> {
        let last = self.exchanges.last().filter(|last| !last.request.is_preflight);
        last.map(|last| &last.response)
    }

    /// The value of a header, if the script can read it.
    #[must_use]
    pub fn readable(&self, header: &str) -> Option<String> {
        let is_own = |name: &String| name.eq_ignore_ascii_case(header);
        let is_readable = self.result.as_ref().is_ok_and(|names| names.iter().any(is_own));
        self.response().filter(|_| is_readable).and_then(|response| response.header(header))
    }
}
