//! The URL that a call goes to, as a browser reads what is written.

use url::{ParseError, Url};

use super::invalid::{InvalidFetch, Reason};

/// Where a path without a host goes, which is also what actix takes for its own host in tests.
pub(super) const SERVER: &str = "http://localhost:8080";

/// Reads a path, or a whole HTTP URL.
///
/// # Errors
///
/// Fails if `fetch` throws for it, or if it would lead to another place than its author means.
pub(super) fn parse(text: &str) -> Result<Url, InvalidFetch> {
    let problem = |reason, fix: String| Err(InvalidFetch::new(reason, text, fix));
    // the URL standard takes these off as well
    let trimmed = text.trim_matches(|char| char <= ' ');
    if trimmed.is_empty() {
        return problem(Reason::EmptyUrl, "write `/`".into());
    }
    if trimmed.starts_with(['/', '\\']) {
        return path(text, trimmed);
    }
    let url = match Url::parse(trimmed) {
        Ok(url) => url,
        Err(ParseError::RelativeUrlWithoutBase) => {
            return problem(Reason::NoSlash, format!("write `/{trimmed}`"));
        }
        Err(error) => return problem(Reason::Url, format!("the URL standard says: {error}")),
    };
    if is_host_with_port(trimmed) {
        return problem(Reason::UrlWithoutScheme, format!("write `http://{trimmed}`"));
    }
    if !matches!(url.scheme(), "http" | "https") {
        return problem(Reason::UrlScheme, "write `http://` or `https://`".into());
    }
    if has_credentials(&url) {
        return problem(Reason::UrlCredentials, "leave them out, or set `Authorization`".into());
    }
    Ok(url)
}

/// Whether it is a host and a port, of which the host reads as a scheme.
fn is_host_with_port(url: &str) -> bool {
    let port =
        url.split_once(':').map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    port.is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

fn path(text: &str, trimmed: &str) -> Result<Url, InvalidFetch> {
    let invalid = |error: ParseError| {
        InvalidFetch::new(Reason::Url, text, format!("the URL standard says: {error}"))
    };
    let server = Url::parse(SERVER).map_err(invalid)?;
    let is_host = |url: &Url| {
        // tabs and line ends are taken out, so that they can hide a second slash
        let mut bytes = trimmed.bytes().filter(|byte| !b"\t\r\n".contains(byte)).skip(1);
        url.origin() != server.origin() || bytes.next().is_some_and(|byte| b"/\\".contains(&byte))
    };
    match server.join(trimmed) {
        Ok(url) if !is_host(&url) => Ok(url),
        _ => {
            let fix = format!("write one slash, or the whole URL: `{SERVER}{trimmed}`");
            Err(InvalidFetch::new(Reason::PathIsHost, text, fix))
        }
    }
}

/// `#include-credentials` of the URL standard.
pub(super) fn has_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_urls_are_read_as_browsers_read_them() {
        let table = [
            ("/", "http://localhost:8080/"),
            ("/lots/1?page=2", "http://localhost:8080/lots/1?page=2"),
            ("/a b/ü?q=a b", "http://localhost:8080/a%20b/%C3%BC?q=a%20b"),
            ("/lots#top", "http://localhost:8080/lots#top"),
            ("/a/../b/./c", "http://localhost:8080/b/c"),
            ("/a//b", "http://localhost:8080/a//b"),
            ("/{id}", "http://localhost:8080/%7Bid%7D"),
            ("  /lots ", "http://localhost:8080/lots"),
            ("http://localhost:8080//lots", "http://localhost:8080//lots"),
            ("https://api.example.com", "https://api.example.com/"),
            ("HTTPS://API.example.com:443/x", "https://api.example.com/x"),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text).unwrap().as_str(), expected, "{text}");
        }
    }

    #[test]
    fn what_leads_elsewhere_is_refused_with_what_to_write() {
        let table = [
            ("", "path `` is empty; write `/`"),
            (" ", "path ` ` is empty; write `/`"),
            ("lots/1", "path `lots/1` has no slash at its start; write `/lots/1`"),
            ("?page=2", "path `?page=2` has no slash at its start; write `/?page=2`"),
            (
                "api.example.com/x",
                "path `api.example.com/x` has no slash at its start; write `/api.example.com/x`",
            ),
            ("*", "path `*` has no slash at its start; write `/*`"),
            (
                "//evil.example/x",
                "path `//evil.example/x` is read as a host by browsers; write one slash, or the whole URL: \
                 `http://localhost:8080//evil.example/x`",
            ),
            (
                "localhost:8080/x",
                "URL `localhost:8080/x` has no scheme; write `http://localhost:8080/x`",
            ),
            (
                "ftp://a.example/",
                "URL `ftp://a.example/` is not HTTP; write `http://` or `https://`",
            ),
            ("ws://a.example/", "URL `ws://a.example/` is not HTTP; write `http://` or `https://`"),
            (
                "https://u:p@a.example/",
                "URL `https://u:p@a.example/` has a user name or password, for which fetch throws; leave them out, \
                 or set `Authorization`",
            ),
            (
                "http://a.example:99999/",
                "URL `http://a.example:99999/` is malformed; the URL standard says: invalid port number",
            ),
            ("https://", "URL `https://` is malformed; the URL standard says: empty host"),
        ];
        for (text, expected) in table {
            assert_eq!(parse(text).unwrap_err().to_string(), expected);
        }
        for text in [
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "//",
            "///x",
            "//localhost:8080/x",
        ] {
            assert_eq!(parse(text).unwrap_err().reason, Reason::PathIsHost, "{text:?}");
        }
    }
}
