//! How a developer has to write an origin: as browsers do. Anything else is told the spelling that would be
//! right.

use super::{
    address, domain,
    grammar::{self, split_port},
    host::HostPattern,
    normal,
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
    if scheme.eq_ignore_ascii_case("file") {
        return if text == "file://" { Ok(()) } else { Err(Problem::OriginFile) };
    }
    if grammar::is_without_pages(scheme) {
        return Err(Problem::OriginWithoutPages { write: None });
    }
    if !grammar::is_scheme(scheme) {
        return Err(Problem::OriginScheme);
    }
    let (host, port) = split_port(rest).ok_or(Problem::OriginHost)?;
    check_host(scheme, host)?;
    check_port(scheme, port)?;
    // what has no fixed host has no port either
    let is_any = host == "*" && port.is_some();
    if is_any { Err(Problem::OriginWildcard) } else { Ok(()) }
}

fn check_host(scheme: &str, host: &str) -> Result<(), Problem> {
    let pattern = HostPattern::read(scheme, host).ok_or(Problem::OriginWildcard)?;
    let is_right = match pattern {
        HostPattern::Exactly(host) => grammar::is_host(scheme, host) && is_idn(scheme, host),
        HostPattern::Below(base) => {
            let is_address = base.starts_with('[')
                || (grammar::is_of_web(scheme) && address::is_ipv4_like(base));
            !is_address && grammar::is_host(scheme, base) && is_idn(scheme, base)
        }
        HostPattern::Part(part) => {
            let around = part.left().split('.').chain(part.right().split('.'));
            // with any byte for the wildcard
            grammar::is_domain(&host.replace('*', "a"))
                && !address::is_ipv4_like(host)
                && around.filter(|label| !label.is_empty()).all(domain::is_valid_idn)
        }
        HostPattern::Any => true,
    };
    if is_right && host.len() <= grammar::MAX_HOST { Ok(()) } else { Err(Problem::OriginHost) }
}

/// An application may call itself as it likes.
fn is_idn(scheme: &str, host: &str) -> bool {
    !grammar::is_of_web(scheme) || domain::is_valid_idn(host)
}

fn check_port(scheme: &str, port: Option<&str>) -> Result<(), Problem> {
    match port {
        None | Some("*") => Ok(()),
        Some(port) if port.contains('*') => Err(Problem::OriginWildcard),
        Some(port) => match grammar::port(port).ok_or(Problem::OriginPort)? {
            number if grammar::default_port(scheme) == Some(number) => {
                Err(Problem::OriginDefaultPort { write: String::new() })
            }
            _ => Ok(()),
        },
    }
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
    if matches!(problem, Problem::OriginFile) {
        return problem;
    }
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

/// The origin in ASCII: the `xn--` form of a site's host, and other hosts as the URL parser writes them.
fn in_ascii(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let authority = rest.split(['/', '?', '#']).next()?;
    if !grammar::is_of_web(&scheme.to_ascii_lowercase()) {
        return corrected(scheme, &normal::percent_encoded(authority));
    }
    let (host, port) = split_port(authority)?;
    let base = host.strip_prefix("*.");
    let subdomains = if base.is_some() { "*." } else { "" };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let ascii = domain::to_ascii(base.unwrap_or(host))?;
    corrected(scheme, &format!("{subdomains}{ascii}{port}"))
}

fn explain_bare_host(text: &str) -> Problem {
    let is_port = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*');
    let url = text.split_once(':').filter(|(_, rest)| !is_port(rest));
    if url.is_some_and(|(scheme, _)| grammar::is_without_pages(scheme)) {
        return Problem::OriginWithoutPages { write: None };
    }
    if url.is_some_and(|(scheme, _)| scheme.eq_ignore_ascii_case("file")) {
        return Problem::OriginFile;
    }
    let host = text.trim_end_matches('/');
    match corrected(normal::usual_scheme(host), host) {
        Some(write) => Problem::OriginWithoutScheme { write },
        None if text.contains('*') => Problem::OriginWildcard,
        None => Problem::OriginScheme,
    }
}

/// The spelling a browser uses for this origin, if lower case, no default port and the canonical
/// form of an address make it one.
fn corrected(scheme: &str, authority: &str) -> Option<String> {
    Some(normal::text(scheme, authority)).filter(|text| check_origin(text).is_ok())
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
            // hyphens at an end of a label
            "https://multi-page-.surge.sh",
            "http://pr-.localhost",
            "https://-a.example.com",
            "https://*.-.example.com",
            // the hosts of applications
            "app://-",
            "app://.",
            "capacitor-electron://-",
            "chrome-extension://ABCDEFGHIJKLMNOP",
            "safari-web-extension://7F3B-E5A1",
            "app://127.1",
            "app://xn--a",
            "http://[::ffff:7f00:1]:3000",
            "app://[::ffff:7f00:1]",
            "file://",
            // any host of a scheme
            "vscode-webview://*",
            "moz-extension://*",
            "safari-web-extension://*",
            "capacitor-electron://*",
            "app://*.Example",
            // a part of a label
            "https://app-*.example.com",
            "https://*-app.example.com:8443",
            "https://deploy-preview-*--site.netlify.app",
            "https://www.app-*.example.com:*",
            "https://app-*.xn--bcher-kva.example",
            "http://pr-*.localhost:3000",
            "https://app-*.example.com.",
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
            ("http://127.0.0.256", "CORS010", "canonical IP address"),
            ("http://1.2.3.4.5", "CORS010", "canonical IP address"),
            ("http://256.1", "CORS010", "canonical IP address"),
            ("http://1.2.3.09", "CORS010", "canonical IP address"),
            ("http://[::ffff:127.0.0.1]", "CORS023", "write `http://[::ffff:7f00:1]`"),
            ("http://[::FFFF:7F00:1]:80", "CORS008", "write `http://[::ffff:7f00:1]`"),
            ("app://[::ffff:127.0.0.1]", "CORS023", "write `app://[::ffff:7f00:1]`"),
            ("localhost:3000", "CORS003", "write `http://localhost:3000`"),
            ("localhost:3000/", "CORS003", "write `http://localhost:3000`"),
            ("LOCALHOST", "CORS003", "write `http://localhost`"),
            ("[::1]:3000", "CORS003", "write `http://[::1]:3000`"),
            ("0.0.0.0:3000", "CORS003", "write `http://0.0.0.0:3000`"),
            ("localhost.example.com", "CORS003", "write `https://localhost.example.com`"),
            ("Chrome-Extension://AbC", "CORS008", "write `chrome-extension://AbC`"),
            ("app://b\u{fc}cher/", "CORS009", "write `app://b%C3%BCcher`"),
            ("https://b\u{fc}cher-.example", "CORS009", "write `https://xn--bcher--3ya.example`"),
            ("app://AbC/", "CORS005", "write `app://AbC`"),
            ("app://", "CORS010", "canonical IP address"),
            ("app://a'b", "CORS010", "canonical IP address"),
            ("app://a,b", "CORS010", "canonical IP address"),
            ("http://[fe80::1%25eth0]", "CORS010", "canonical IP address"),
            ("http://[::1", "CORS010", "canonical IP address"),
            ("https://a b.example", "CORS010", "canonical IP address"),
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
            ("http://127.0.0.1.", "CORS023", "write `http://127.0.0.1`"),
            ("http://[0:0:0:0:0:0:0:1]:9090", "CORS023", "write `http://[::1]:9090`"),
            ("http://[2001:DB8::1]", "CORS008", "write `http://[2001:db8::1]`"),
            ("127.0.0.1:3000", "CORS003", "write `http://127.0.0.1:3000`"),
            ("https://example.com:", "CORS011", "1 to 65535"),
            ("https://example.com:99999", "CORS011", "1 to 65535"),
            ("https://example.com:443", "CORS012", "write `https://example.com`"),
            ("http://example.com:80", "CORS012", "write `http://example.com`"),
            ("app example.com", "CORS004", "`https://` in lower case"),
            ("file:///index.html", "CORS014", "over https"),
            ("file:///", "CORS014", "write `file://`"),
            ("FILE://", "CORS014", "write `file://`"),
            ("file://localhost", "CORS014", "write `file://`"),
            ("file:/index.html", "CORS014", "write `file://`"),
            ("data:8080", "CORS003", "write `https://data:8080`"),
        ];
        assert_refused(&refused);
    }

    #[test]
    fn a_misplaced_wildcard_is_told_the_places() {
        let refused = [
            ("APP://*", "CORS008", "write `app://*`"),
            ("https://b\u{fc}cher-*.example", "CORS009", "`xn--` form"),
            ("https://*.127.0.0.1", "CORS010", "canonical IP address"),
            ("http://1.65535:*", "CORS023", "write `http://1.0.255.255:*`"),
            ("app-*.example.com", "CORS003", "write `https://app-*.example.com`"),
            ("https://App-*.example.com", "CORS008", "write `https://app-*.example.com`"),
            ("https://app-*.example.com:443", "CORS012", "write `https://app-*.example.com`"),
            ("https://app-*.example.com/", "CORS005", "write `https://app-*.example.com`"),
            ("wss://app-*.example.com", "CORS024", "write `https://app-*.example.com`"),
            ("https://app-*", "CORS013", "`https://app-*.example.com`"),
            ("https://www.app-*", "CORS013", "`https://app-*.example.com`"),
            ("https://a*b*.example.com", "CORS013", "`https://app-*.example.com`"),
            ("https://xn--*.example.com", "CORS013", "`https://app-*.example.com`"),
            ("http://10.0.0.*", "CORS013", "`https://app-*.example.com`"),
            ("http://10.0.*.1", "CORS013", "`https://app-*.example.com`"),
            ("http://1*.0.0.1", "CORS010", "canonical IP address"),
            ("http://[::*]", "CORS013", "`https://app-*.example.com`"),
            ("https://app-*.xn--a.example", "CORS010", "canonical IP address"),
            ("https://xn--a.app-*.example", "CORS010", "canonical IP address"),
            ("https://a(*.example.com", "CORS010", "canonical IP address"),
            ("http://*", "CORS013", "write `*` alone"),
            ("https://*:*", "CORS013", "write `*` alone"),
            ("vscode-webview://a*", "CORS013", "write `vscode-webview://*`"),
            ("vscode-webview://*:*", "CORS013", "write `vscode-webview://*`"),
            ("app://*:8080", "CORS013", "write `app://*`"),
            ("ws://*", "CORS024", "write the origin of the page"),
            ("wss://*", "CORS024", "write the origin of the page"),
            ("ftp://*", "CORS024", "write the origin of the page"),
            ("blob://*", "CORS024", "write the origin of the page"),
            ("filesystem://*", "CORS024", "write the origin of the page"),
            ("data://*", "CORS024", "write the origin of the page"),
            ("javascript://*", "CORS024", "write the origin of the page"),
            ("about://*", "CORS024", "write the origin of the page"),
            ("file://*", "CORS014", "write `file://`"),
            ("https://foo.*.com", "CORS013", "`https://*.example.com`"),
            ("https://*", "CORS013", "`https://*.example.com`"),
            ("wss://*.example.com:8443", "CORS024", "write `https://*.example.com:8443`"),
        ];
        assert_refused(&refused);
    }

    #[test]
    fn a_scheme_without_pages_is_told_the_origin_of_the_page() {
        let refused = [
            ("wss://example.com", "CORS024", "write `https://example.com`"),
            ("ws://Example.com:80", "CORS024", "write `http://example.com`"),
            ("wss://example.com/", "CORS024", "write `https://example.com`"),
            ("wss://example.com:443/socket?x=1", "CORS024", "write `https://example.com`"),
            ("WSS://Example.com/", "CORS024", "write `https://example.com`"),
            ("wss://", "CORS024", "write the origin of the page"),
            ("javascript:alert(1)", "CORS024", "write the origin of the page"),
            ("mailto:a@example.com", "CORS024", "write the origin of the page"),
            ("sftp://example.com", "CORS024", "write the origin of the page"),
            ("about:blank", "CORS024", "write the origin of the page"),
            ("ftp://example.com", "CORS024", "write the origin of the page"),
            ("javascript://x", "CORS024", "write the origin of the page"),
            ("data://x", "CORS024", "write the origin of the page"),
            ("blob://x", "CORS024", "write the origin of the page"),
            ("filesystem://x", "CORS024", "write the origin of the page"),
            ("about://blank", "CORS024", "write the origin of the page"),
        ];
        assert_refused(&refused);
    }

    fn assert_refused(table: &[(&str, &str, &str)]) {
        for (text, code, fix) in table {
            let error = ConfigError::new(*text, check(text).unwrap_err());
            assert_eq!(error.code(), *code, "{error}");
            assert!(error.to_string().contains(fix), "{error}");
        }
    }
}
