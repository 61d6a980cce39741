//! What a call came to, and what a test says of it.

use std::fmt;

use cors_core::browser::{self, Blocked, Exchange, RejectedCookie};

/// What the browser made of a call.
///
/// Printed, it shows the exchange, for messages and snapshots: each answer's status and the whole of
/// its CORS headers, where redirects lead, and cookies that were not stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    call: String,
    outcome: browser::Outcome,
}

impl Outcome {
    pub(super) fn new(call: String, outcome: browser::Outcome) -> Self {
        Self { call, outcome }
    }

    /// Whether the script gets the response.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.outcome.result.is_ok()
    }

    /// Whether the script gets the response and can read this header of it.
    #[must_use]
    pub fn exposes(&self, header: &str) -> bool {
        let is_own = |name: &String| name.eq_ignore_ascii_case(header);
        self.outcome.result.as_ref().is_ok_and(|names| names.iter().any(is_own))
    }

    /// The value of a header, if the script gets the response and can read it.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.outcome.readable(name)
    }

    /// The status of the response; `None` if the request was not sent, because its preflight failed.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.outcome.response().map(|response| response.status)
    }

    /// The step at which the browser blocked the call, if it did.
    #[must_use]
    pub fn blocked(&self) -> Option<&Blocked> {
        self.outcome.result.as_ref().err()
    }

    /// Whether a preflight was sent, for the call or after a redirect of it.
    #[must_use]
    pub fn has_preflight(&self) -> bool {
        self.exchanges().iter().any(|exchange| exchange.request.is_preflight)
    }

    /// Every request that was sent, with its answer: preflights, the call itself, and what redirects led to.
    #[must_use]
    pub fn exchanges(&self) -> &[Exchange] {
        &self.outcome.exchanges
    }

    /// `Set-Cookie` lines that the browser did not store, with the reason. Without credentials it looks at none.
    #[must_use]
    pub fn rejected_cookies(&self) -> &[(String, RejectedCookie)] {
        &self.outcome.rejected_cookies
    }

    /// Insists that the script gets the response.
    ///
    /// # Panics
    ///
    /// Panics with the exchange if it does not.
    #[track_caller]
    pub fn assert_readable(&self) {
        assert!(self.is_readable(), "a script should get the response\n{self}");
    }

    /// Insists that the script does not get the response.
    ///
    /// # Panics
    ///
    /// Panics with the exchange if it does, and if it is not known, because a redirect leads to where no
    /// application of the test is.
    #[track_caller]
    pub fn assert_blocked(&self) {
        assert!(!self.is_readable(), "no script should get the response\n{self}");
        let is_known = !matches!(self.blocked(), Some(Blocked::Network(_)));
        assert!(is_known, "it is not known whether a script gets the response\n{self}");
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.call)?;
        for exchange in self.exchanges() {
            write_exchange(f, exchange)?;
        }
        for (line, why) in self.rejected_cookies() {
            writeln!(f, "  cookie not stored: {line} ({why})")?;
        }
        match &self.outcome.result {
            Ok(names) => write!(f, "  readable: {}", names.join(", ")),
            Err(blocked) => write!(f, "  blocked: {blocked}"),
        }
    }
}

fn write_exchange(f: &mut fmt::Formatter<'_>, exchange: &Exchange) -> fmt::Result {
    let (request, response) = (&exchange.request, &exchange.response);
    let kind = if request.is_preflight { "preflight" } else { "response" };
    writeln!(f, "  {kind} {}", response.status)?;
    let is_redirect = (300..400).contains(&response.status);
    let is_shown = |name: &str| {
        name == "vary" || name.starts_with("access-control-") || (is_redirect && name == "location")
    };
    let mut lines: Vec<_> = response.headers.iter().filter(|(name, _)| is_shown(name)).collect();
    lines.sort();
    lines.iter().try_for_each(|(name, value)| writeln!(f, "    {name}: {value}"))
}
