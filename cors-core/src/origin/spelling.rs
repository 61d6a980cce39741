//! How a developer has to write an origin: as browsers do. Anything else is told the spelling that would be
//! right.

use super::{
    domain,
    grammar::{self, split_port},
};
use crate::error::Problem;

/// Checks the text of a pattern.
pub(super) fn check(text: &str) -> Result<(), Problem> {
    if text.trim().is_empty() {
        return Err(Problem::OriginEmpty);
    }
    if text.len() > grammar::MAX_LEN {
        return Err(Problem::OriginTooLong);
    }
    if text == "null" {
        return Ok(());
    }
    check_origin(text).map_err(|problem| explain(text, problem))
}

fn check_origin(text: &str) -> Result<(), Problem> {
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
        return match check(trimmed) {
            Ok(()) => Problem::OriginBlanks { write: trimmed.to_owned() },
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
    check_origin(&text).is_ok().then_some(text)
}

#[cfg(all(test, feature = "idna"))]
mod tests {
    use super::check;
    use crate::error::ConfigError;

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
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

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
            let error = ConfigError::new(text, check(text).unwrap_err());
            assert_eq!(error.code(), code, "{error}");
            assert!(error.to_string().contains(fix), "{error}");
        }
    }
}
