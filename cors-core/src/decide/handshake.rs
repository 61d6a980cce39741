//! `WebSocket` handshakes, which are not subject to CORS: the server has to look at their `Origin` itself.

use super::{Decision, Presented, Reason};
use crate::{headers::trim_ows, origin::Origin};

/// What tells whose page opens a `WebSocket`.
///
/// Browsers let any page open one, and send the visitor's cookies with it; they always name the page's origin.
///
/// Source: Fetch `#websocket-opening-handshake`, RFC 6455 §10.2, Fetch Metadata `#sec-fetch-site-header`.
///
/// ```
/// use cors_core::{Handshake, PathMatch, Policy, Presented, RouteTable};
///
/// let policy = Policy::builder().allow_origins(["https://app.example.com"]).build()?;
/// let table = RouteTable::new(&policy, &[], str::to_owned);
/// for (origin, is_admitted) in [
///     ("https://app.example.com", true),
///     ("https://evil.example", false),
///     // the server's own page
///     ("https://api.example.com", true),
/// ] {
///     let handshake = Handshake::new(Presented::One(origin.as_bytes()), Some(b"api.example.com"), None);
///     let decision = table.actual(PathMatch::NONE, "GET", handshake.origin());
///     assert_eq!(handshake.is_admitted(&decision), is_admitted, "{origin}");
/// }
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Handshake<'r> {
    origin: Presented<&'r [u8]>,
    host: Option<&'r [u8]>,
    fetch_site: Option<&'r [u8]>,
}

impl<'r> Handshake<'r> {
    /// A handshake with these values of `Origin`, `Host` and `Sec-Fetch-Site`.
    #[must_use]
    pub const fn new(
        origin: Presented<&'r [u8]>,
        host: Option<&'r [u8]>,
        fetch_site: Option<&'r [u8]>,
    ) -> Self {
        Self { origin, host, fetch_site }
    }

    /// The value of `Origin`.
    #[must_use]
    pub const fn origin(&self) -> Presented<&'r [u8]> {
        self.origin
    }

    /// Whether the policy by which a request of this origin was decided admits it: origins that it shares
    /// responses with, and pages of the server's own origin. A client that sends no `Origin` is no browser, so that
    /// nobody's cookies are at stake.
    ///
    /// A handshake has cookies, so that where credentials are for some origins only, the others are not admitted.
    /// Where CORS is off, in either way, only the server's own pages are.
    #[must_use]
    pub fn is_admitted<V>(&self, decision: &Decision<'_, V>) -> bool {
        let is_one = matches!(self.origin, Presented::One(_));
        self.needs_no_policy() || (is_one && decision.is_shared_with_credentials())
    }

    /// Why it is not admitted; `None` if it is.
    #[must_use]
    pub fn refusal<V>(&self, decision: &Decision<'_, V>) -> Option<Reason> {
        let without_credentials = decision.is_shared().then_some(Reason::CredentialsNotAllowed);
        (!self.is_admitted(decision)).then(|| without_credentials.unwrap_or(decision.reason()))
    }

    /// Whether it is admitted under every policy: it comes from a page of the server's own origin, or from no
    /// browser.
    #[must_use]
    pub fn needs_no_policy(&self) -> bool {
        match self.origin {
            Presented::Absent => true,
            Presented::Several => false,
            Presented::One(origin) => self.is_own(origin),
        }
    }

    /// Whether the page is of the server's own origin: by the browser's word where it gives one, since a server
    /// does not know by which scheme it is reached; else by `Host`.
    fn is_own(&self, origin: &[u8]) -> bool {
        if let Some(site) = self.fetch_site {
            return site == b"same-origin";
        }
        let own = ["https://", "http://"].into_iter().zip([":443", ":80"]);
        self.host.is_some_and(|host| {
            own.into_iter().any(|(scheme, port)| {
                // browsers leave out the default port, and others may not
                let host = host.strip_suffix(port.as_bytes()).unwrap_or(host);
                let of_origin = origin.strip_prefix(scheme.as_bytes());
                of_origin.is_some_and(|own| own.eq_ignore_ascii_case(host))
            })
        }) && Origin::is_serialised(origin)
    }
}

/// Whether a request with these lines of `Upgrade` asks for a `WebSocket`.
///
/// Source: RFC 6455 §4.2.1, RFC 9110 §7.8.
///
/// ```
/// use cors_core::is_websocket_upgrade;
///
/// assert!(is_websocket_upgrade([b"WebSocket".as_slice()]));
/// assert!(is_websocket_upgrade([b"h2c, websocket".as_slice()]));
/// assert!(!is_websocket_upgrade([b"h2c".as_slice()]));
/// ```
pub fn is_websocket_upgrade<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> bool {
    let mut protocols = lines.into_iter().flat_map(|line| line.split(|byte| *byte == b','));
    protocols.any(|protocol| trim_ows(protocol).eq_ignore_ascii_case(b"websocket"))
}
