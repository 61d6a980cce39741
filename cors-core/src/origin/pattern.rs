//! An origin, or a set of them, as a developer writes it.

use std::fmt;

use super::{
    domain,
    grammar::{self, split_port},
};
use crate::error::{ConfigError, Problem};

/// One entry of `allow_origins`.
///
/// | written | stands for |
/// |---|---|
/// | `https://app.example.com` | that origin alone |
/// | `https://*.example.com` | every subdomain of any depth, not `https://example.com` |
/// | `http://localhost:*` | that host at any port, the default one too |
/// | `null` | opaque origins; needs `dangerously_allow_null_origin(true)` |
///
/// The spelling must be the one browsers send, so that what is configured can match; anything else
/// is refused with the corrected spelling.
///
/// ```
/// use cors_core::OriginPattern;
///
/// assert!("https://*.example.com".parse::<OriginPattern>().is_ok());
/// let error = "https://app.example.com:443".parse::<OriginPattern>().unwrap_err();
/// assert!(error.to_string().ends_with("write `https://app.example.com`"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OriginPattern(Box<str>);

/// What an [`OriginPattern`] stands for, in parts.
pub(crate) enum Parts<'a> {
    Null,
    /// The origin as it is written.
    Exact,
    /// `scheme://host` at any port.
    AnyPort(&'a str),
    /// Hosts that end in a dot and `base`.
    Subdomains {
        scheme: &'a str,
        base: &'a str,
        port: PortPattern,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PortPattern {
    Any,
    Exactly(Option<u16>),
}

impl OriginPattern {
    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_null(&self) -> bool {
        &*self.0 == "null"
    }

    /// Whether an attacker on the network could speak for this origin: neither https, nor the own
    /// machine, nor the scheme of an application or extension.
    ///
    /// Source: W3C Secure Contexts, "potentially trustworthy origin".
    pub(crate) fn is_insecure(&self) -> bool {
        self.0.starts_with("http://") && !self.is_loopback()
    }

    /// Whether it is served by the machine that the browser runs on.
    ///
    /// Source: W3C Secure Contexts, RFC 6761 §6.3.
    pub(crate) fn is_loopback(&self) -> bool {
        self.web_host().is_some_and(|host| {
            host == "localhost"
                || host.ends_with(".localhost")
                || host == "[::1]"
                || (grammar::is_ipv4_like(host) && host.starts_with("127."))
        })
    }

    /// Whether a site is named by an IP address.
    pub(crate) fn is_address(&self) -> bool {
        let is_address = |host: &str| host.starts_with('[') || grammar::is_ipv4_like(host);
        self.web_host().is_some_and(is_address)
    }

    /// Whether it stands for a site at any port.
    pub(crate) fn has_any_port(&self) -> bool {
        let tuple = self.tuple().filter(|_| self.web_host().is_some());
        tuple.is_some_and(|(.., port)| port == PortPattern::Any)
    }

    /// The host of a site, or the domain that it is below, without a dot at its end; `None` for the
    /// origins of applications and extensions.
    fn web_host(&self) -> Option<&str> {
        let (_, host, _) =
            self.tuple().filter(|(scheme, ..)| matches!(*scheme, "http" | "https"))?;
        let host = host.strip_prefix("*.").unwrap_or(host);
        Some(host.strip_suffix('.').unwrap_or(host))
    }

    /// Whether it may stand for names that strangers can register: directly, such as
    /// `https://*.github.io`, or further below, such as `https://*.amazonaws.com`.
    pub(crate) fn may_cover_strangers(&self) -> bool {
        match self.parts() {
            Parts::Subdomains { base, .. } => domain::may_have_strangers(base),
            _ => false,
        }
    }

    /// Whether it surely does.
    pub(crate) fn covers_strangers(&self) -> bool {
        match self.parts() {
            Parts::Subdomains { base, .. } => domain::has_strangers(base),
            _ => false,
        }
    }

    /// Such a name, if one is known.
    pub(crate) fn stranger(&self) -> Option<String> {
        match self.parts() {
            Parts::Subdomains { base, .. } => domain::stranger_below(base),
            _ => None,
        }
    }

    /// Whether it is the origin of a public suffix itself, such as `https://co.uk`: a registry's,
    /// not that of a provider like `github.io`, who may well have a site there.
    pub(crate) fn is_suffix(&self) -> bool {
        let host = self.tuple().map(|(_, host, _)| host);
        host.is_some_and(|host| !host.starts_with("*.") && domain::is_registry(host))
    }

    pub(crate) fn parts(&self) -> Parts<'_> {
        let Some((scheme, host, port)) = self.tuple() else {
            return Parts::Null;
        };
        match (host.strip_prefix("*."), port) {
            (Some(base), port) => Parts::Subdomains { scheme, base, port },
            (None, PortPattern::Any) => Parts::AnyPort(&self.0[..self.0.len() - ":*".len()]),
            (None, PortPattern::Exactly(_)) => Parts::Exact,
        }
    }

    /// Scheme, host, perhaps with a leading `*.`, and port.
    pub(crate) fn tuple(&self) -> Option<(&str, &str, PortPattern)> {
        let (scheme, rest) = self.0.split_once("://")?;
        let (host, port) = split_port(rest)?;
        let port = match port {
            Some("*") => PortPattern::Any,
            port => PortPattern::Exactly(port.and_then(grammar::port)),
        };
        Some((scheme, host, port))
    }

    fn new(text: &str) -> Result<Self, Problem> {
        if text.trim().is_empty() {
            return Err(Problem::OriginEmpty);
        }
        if text.len() > grammar::MAX_LEN {
            return Err(Problem::OriginTooLong);
        }
        if text == "null" {
            return Ok(Self(text.into()));
        }
        check(text).map_err(|problem| explain(text, problem))?;
        Ok(Self(text.into()))
    }
}

impl std::str::FromStr for OriginPattern {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        Self::new(text).map_err(|problem| ConfigError::new(text, problem))
    }
}

impl fmt::Display for OriginPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check(text: &str) -> Result<(), Problem> {
    let (scheme, rest) =
        text.split_once("://").ok_or(Problem::OriginWithoutScheme { write: String::new() })?;
    if scheme == "file" {
        return Err(Problem::OriginFile);
    }
    if grammar::is_without_pages(scheme) {
        return Err(Problem::OriginWithoutPages { write: None });
    }
    if !grammar::is_scheme(scheme) {
        return Err(Problem::OriginScheme);
    }
    let (host, port) = split_port(rest).ok_or(Problem::OriginHost)?;
    let (subdomains, any_port) = (host.starts_with("*."), port == Some("*"));
    let base = host.strip_prefix("*.").unwrap_or(host);
    if base.contains('*') || port.is_some_and(|port| port != "*" && port.contains('*')) {
        return Err(Problem::OriginWildcard);
    }
    let domain_only = subdomains && (grammar::is_ipv4_like(base) || base.starts_with('['));
    if domain_only
        || !grammar::is_host(base)
        || !domain::is_valid_idn(base)
        || host.len() > grammar::MAX_HOST
    {
        return Err(Problem::OriginHost);
    }
    if let Some(port) = port.filter(|_| !any_port) {
        let number = grammar::port(port).ok_or(Problem::OriginPort)?;
        if grammar::default_port(scheme) == Some(number) {
            return Err(Problem::OriginDefaultPort { write: String::new() });
        }
    }
    Ok(())
}

/// Finds the most helpful thing to say of a pattern that `problem` rules out.
fn explain(text: &str, problem: Problem) -> Problem {
    let trimmed = text.trim();
    if trimmed != text {
        return match OriginPattern::new(trimmed) {
            Ok(_) => Problem::OriginBlanks { write: trimmed.to_owned() },
            Err(problem) => problem,
        };
    }
    if !text.is_ascii() {
        return Problem::OriginNotAscii { write: in_ascii(text) };
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return explain_bare_host(text);
    };
    if rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@')) {
        return Problem::OriginUserinfo;
    }
    if matches!(problem, Problem::OriginWithoutPages { .. }) {
        return Problem::OriginWithoutPages { write: page_of_socket(scheme, rest) };
    }
    if let Some(end) = rest.find(['/', '?', '#', '\\']) {
        let write = corrected(scheme, &rest[..end]);
        return match (&rest[end..], write) {
            ("/", Some(write)) => Problem::OriginTrailingSlash { write },
            (_, Some(write)) => Problem::OriginPath { write },
            (_, None) => problem,
        };
    }
    match (problem, corrected(scheme, rest)) {
        (Problem::OriginDefaultPort { .. }, Some(write)) => Problem::OriginDefaultPort { write },
        (_, Some(write)) if text.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            Problem::OriginUpperCase { write }
        }
        (Problem::OriginHost, Some(write)) => Problem::OriginAddress { write },
        (problem, _) => problem,
    }
}

/// The origin of a page that opens this web socket, if it is one.
fn page_of_socket(scheme: &str, rest: &str) -> Option<String> {
    let page = match scheme.to_ascii_lowercase().as_str() {
        "ws" => "http",
        "wss" => "https",
        _ => return None,
    };
    corrected(page, rest.split(['/', '?', '#']).next()?)
}

/// The origin with its host's `xn--` form.
fn in_ascii(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let authority = rest.split(['/', '?', '#']).next()?;
    let (host, port) = split_port(authority)?;
    let base = host.strip_prefix("*.");
    let subdomains = if base.is_some() { "*." } else { "" };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let ascii = domain::to_ascii(base.unwrap_or(host))?;
    corrected(scheme, &format!("{subdomains}{ascii}{port}"))
}

fn explain_bare_host(text: &str) -> Problem {
    let is_port = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    let url = text.split_once(':').filter(|(_, rest)| !is_port(rest));
    if url.is_some_and(|(scheme, _)| grammar::is_without_pages(scheme)) {
        return Problem::OriginWithoutPages { write: None };
    }
    match corrected("https", text.trim_end_matches('/')) {
        Some(write) => Problem::OriginWithoutScheme { write },
        None if text.contains('*') => Problem::OriginWildcard,
        None => Problem::OriginScheme,
    }
}

/// The spelling a browser uses for this origin, if lower case, no default port and the canonical
/// form of an address make it one.
fn corrected(scheme: &str, authority: &str) -> Option<String> {
    let scheme = scheme.to_ascii_lowercase();
    let mut authority = authority.to_ascii_lowercase();
    if let Some(port) = grammar::default_port(&scheme) {
        let suffix = format!(":{port}");
        if let Some(host) = authority.strip_suffix(&suffix) {
            authority.truncate(host.len());
        }
    }
    if let Some((host, port)) = split_port(&authority)
        && let Some(address) = grammar::canonical_address(host)
    {
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        authority = address + &port;
    }
    let text = format!("{scheme}://{authority}");
    check(&text).is_ok().then_some(text)
}

impl PortPattern {
    pub(crate) fn matches(self, port: Option<u16>) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(own) => own == port,
        }
    }

    pub(crate) fn covers(self, other: Self) -> bool {
        self == Self::Any || self == other
    }
}

#[cfg(test)]
mod tests {
    use super::OriginPattern;

    #[cfg(feature = "idna")]
    #[test]
    fn spelling_that_browsers_send_is_accepted() {
        for text in [
            "https://example.com",
            "https://*.example.com",
            "https://*.example.com:8443",
            "https://*.example.com:*",
            "http://localhost:*",
            "http://[::1]:9090",
            "http://127.0.0.1:3000",
            "null",
            "tauri://localhost",
            "https://xn--bcher-kva.example",
            "https://*.my_app.example",
        ] {
            assert_eq!(text.parse::<OriginPattern>().unwrap().as_str(), text);
        }
    }

    #[cfg(feature = "idna")]
    #[test]
    fn other_spelling_is_refused_with_the_correction() {
        let refused = [
            ("", "CORS001", "write one like `https://app.example.com`"),
            ("example.com", "CORS003", "write `https://example.com`"),
            ("example.com:8080", "CORS003", "write `https://example.com:8080`"),
            ("https://example.com/", "CORS005", "write `https://example.com`"),
            ("https://Example.com/", "CORS005", "write `https://example.com`"),
            ("https://example.com/app?x=1", "CORS006", "write `https://example.com`"),
            ("https://user:pw@example.com", "CORS007", "before the `@`"),
            ("HTTPS://Example.com", "CORS008", "write `https://example.com`"),
            ("https://b\u{fc}cher.example", "CORS009", "write `https://xn--bcher-kva.example`"),
            (
                "https://*.B\u{dc}CHER.example:443/x",
                "CORS009",
                "write `https://*.xn--bcher-kva.example`",
            ),
            ("b\u{fc}cher.example:8080", "CORS009", "write `https://xn--bcher-kva.example:8080`"),
            ("https://\u{0}\u{e9}.example", "CORS009", "`xn--` form"),
            ("https://xn--.example.com", "CORS010", "canonical IP address"),
            ("https://xn--a.example.com", "CORS010", "canonical IP address"),
            ("https://a..example.com", "CORS010", "canonical IP address"),
            ("https://-a.example.com", "CORS010", "canonical IP address"),
            ("http://127.0.0.256", "CORS010", "canonical IP address"),
            ("http://1.2.3.4.5", "CORS010", "canonical IP address"),
            ("http://256.1", "CORS010", "canonical IP address"),
            ("http://1.2.3.09", "CORS010", "canonical IP address"),
            ("http://[::ffff:127.0.0.1]", "CORS010", "canonical IP address"),
            ("http://[fe80::1%25eth0]", "CORS010", "canonical IP address"),
            ("http://[::1", "CORS010", "canonical IP address"),
            ("https://a b.example", "CORS010", "canonical IP address"),
            ("https://*.127.0.0.1", "CORS010", "canonical IP address"),
            (" https://example.com\n", "CORS022", "write `https://example.com`"),
            (" null ", "CORS022", "write `null`"),
            ("https://+1", "CORS010", "canonical IP address"),
            ("https://1.0x+1", "CORS010", "canonical IP address"),
            ("http://0X7F.1", "CORS008", "write `http://127.0.0.1`"),
            ("http://0.0x", "CORS023", "write `http://0.0.0.0`"),
            (" https://Example.com/", "CORS005", "write `https://example.com`"),
            ("http://127.1", "CORS023", "write `http://127.0.0.1`"),
            ("http://2130706433:8080", "CORS023", "write `http://127.0.0.1:8080`"),
            ("http://0x7f.0.0.1", "CORS023", "write `http://127.0.0.1`"),
            ("http://0177.0.1", "CORS023", "write `http://127.0.0.1`"),
            ("http://1.65535:*", "CORS023", "write `http://1.0.255.255:*`"),
            ("http://127.0.0.1.", "CORS023", "write `http://127.0.0.1`"),
            ("http://[0:0:0:0:0:0:0:1]:9090", "CORS023", "write `http://[::1]:9090`"),
            ("http://[2001:DB8::1]", "CORS008", "write `http://[2001:db8::1]`"),
            ("127.0.0.1:3000", "CORS003", "write `https://127.0.0.1:3000`"),
            ("https://example.com:", "CORS011", "1 to 65535"),
            ("https://example.com:99999", "CORS011", "1 to 65535"),
            ("https://example.com:443", "CORS012", "write `https://example.com`"),
            ("http://example.com:80", "CORS012", "write `http://example.com`"),
            ("app-*.example.com", "CORS013", "`https://*.example.com`"),
            ("app example.com", "CORS004", "`https://` in lower case"),
            ("https://foo.*.com", "CORS013", "`https://*.example.com`"),
            ("https://*", "CORS013", "`https://*.example.com`"),
            ("https://*example.com", "CORS013", "`https://*.example.com`"),
            ("file:///index.html", "CORS014", "over https"),
            ("wss://example.com", "CORS024", "write `https://example.com`"),
            ("ws://Example.com:80", "CORS024", "write `http://example.com`"),
            ("wss://*.example.com:8443", "CORS024", "write `https://*.example.com:8443`"),
            ("wss://example.com/", "CORS024", "write `https://example.com`"),
            ("wss://example.com:443/socket?x=1", "CORS024", "write `https://example.com`"),
            ("WSS://Example.com/", "CORS024", "write `https://example.com`"),
            ("wss://", "CORS024", "write the origin of the page"),
            ("javascript:alert(1)", "CORS024", "write the origin of the page"),
            ("mailto:a@example.com", "CORS024", "write the origin of the page"),
            ("sftp://example.com", "CORS024", "write the origin of the page"),
            ("about:blank", "CORS024", "write the origin of the page"),
            ("data:8080", "CORS003", "write `https://data:8080`"),
            ("ftp://example.com", "CORS024", "write the origin of the page"),
            ("javascript://x", "CORS024", "write the origin of the page"),
            ("data://x", "CORS024", "write the origin of the page"),
            ("blob://x", "CORS024", "write the origin of the page"),
            ("filesystem://x", "CORS024", "write the origin of the page"),
            ("about://blank", "CORS024", "write the origin of the page"),
        ];
        for (text, code, fix) in refused {
            let error = text.parse::<OriginPattern>().unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            assert!(error.to_string().contains(fix), "{error}");
        }
    }

    #[cfg(feature = "public-suffix")]
    #[test]
    fn names_that_anybody_can_register_are_public() {
        let table = [
            ("https://*.github.io", true),
            ("https://*.co.uk:*", true),
            ("https://*.com", true),
            ("https://*.com.", true),
            // rules below, wildcards and exceptions
            ("https://*.amazonaws.com", true),
            ("https://*.us-east-1.amazonaws.com", true),
            ("https://*.ck", true),
            ("https://*.ck.", true),
            ("https://*.co.ck", true),
            ("https://*.www.ck", false),
            ("https://*.evil.co.ck", false),
            ("https://*.kawasaki.jp", true),
            ("https://*.city.kawasaki.jp", false),
            ("https://*.other.kawasaki.jp", true),
            ("https://*.xn--55qx5d.cn", true),
            ("https://*.localhost", false),
            ("https://*.me.github.io", false),
            ("https://*.example.com", false),
            ("https://*.corp", false),
            ("https://github.io", false),
        ];
        for (text, public) in table {
            let pattern = text.parse::<OriginPattern>().unwrap();
            assert_eq!(pattern.may_cover_strangers(), public, "{text}");
        }
    }

    #[test]
    fn plain_http_is_insecure_unless_it_stays_on_the_machine() {
        let table = [
            ("https://example.com", false),
            ("http://example.com", true),
            ("http://*.example.com:*", true),
            ("http://localhost:3000", false),
            ("http://*.localhost", false),
            ("http://127.0.0.1:3000", false),
            ("http://[::1]:3000", false),
            ("http://127.example.com", true),
            ("tauri://localhost", false),
        ];
        for (text, insecure) in table {
            assert_eq!(text.parse::<OriginPattern>().unwrap().is_insecure(), insecure, "{text}");
        }
    }

    #[test]
    fn loopback_is_the_own_machine_and_nothing_that_merely_ends_like_it() {
        let table = [
            ("http://localhost:3000", true),
            ("https://localhost", true),
            ("http://localhost.:*", true),
            ("http://app.localhost", true),
            ("http://*.app.localhost:*", true),
            ("http://127.0.0.1:3000", true),
            ("http://127.255.255.254", true),
            ("http://[::1]:3000", true),
            ("http://evillocalhost", false),
            ("http://localhost.example.com", false),
            ("http://mylocalhost.:3000", false),
            ("http://127.example.com", false),
            ("http://128.0.0.1", false),
            ("http://[::2]", false),
            ("http://0.0.0.0", false),
            ("tauri://localhost", false),
        ];
        for (text, is_loopback) in table {
            let pattern = text.parse::<OriginPattern>().unwrap();
            assert_eq!(pattern.is_loopback(), is_loopback, "{text}");
        }
    }

    #[test]
    fn addresses_and_any_port_are_those_of_sites() {
        let table = [
            ("https://203.0.113.7", true, false),
            ("http://[2001:db8::1]:*", true, true),
            ("https://example.com:*", false, true),
            ("https://*.example.com:*", false, true),
            ("https://example.com:8443", false, false),
            ("https://7.example.com", false, false),
            ("tauri://localhost:*", false, false),
            ("null", false, false),
        ];
        for (text, is_address, has_any_port) in table {
            let pattern = text.parse::<OriginPattern>().unwrap();
            assert_eq!(pattern.is_address(), is_address, "{text}");
            assert_eq!(pattern.has_any_port(), has_any_port, "{text}");
        }
    }
}
