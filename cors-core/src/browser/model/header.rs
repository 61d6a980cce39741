//! Which header lines a script may set, and which a browser sets by itself.

use super::invalid::{InvalidFetch, Reason};
use crate::browser::{client::is_token, safelist::is_forbidden_request_header};

/// A header line; the name as it was written.
pub(super) type Line = (String, String);

/// A header that a script sets: what `Headers.append` does.
///
/// # Errors
///
/// Fails if `append` throws, or drops the line because scripts cannot set it.
pub(super) fn of_script(name: &str, value: &str) -> Result<Line, InvalidFetch> {
    let line = line(name, value)?;
    if !is_forbidden_request_header(name, &line.1) {
        return Ok(line);
    }
    let fix = match lower(name).as_str() {
        "cookie" | "cookie2" | "set-cookie" => "store it with `cookie`",
        "origin" => "say it with `from`",
        "host" => "write the whole URL",
        "access-control-request-method" | "access-control-request-headers" => {
            "the preflight has it where one is needed"
        }
        "content-length" | "transfer-encoding" => "it follows from the body",
        "x-http-method" | "x-http-method-override" | "x-method-override" => {
            "its value names a method that is forbidden to scripts"
        }
        _ => "if a browser sets it by itself, use `browser_header`",
    };
    Err(InvalidFetch::new(Reason::ForbiddenHeader, name, fix))
}

/// A header that the browser sets by itself.
///
/// # Errors
///
/// Fails if browsers do not set it, or set it to what follows from the rest of the call.
pub(super) fn of_browser(name: &str, value: &str) -> Result<Line, InvalidFetch> {
    let line = line(name, value)?;
    let fix = match lower(name).as_str() {
        "origin" => "say it with `from`",
        "cookie" => "store it with `cookie`",
        "host" => "write the whole URL",
        "access-control-request-method" | "access-control-request-headers" => {
            "the preflight has it where one is needed"
        }
        "content-length" | "transfer-encoding" => "it follows from the body",
        "set-cookie" | "cookie2" => return Err(not_of_browsers(name)),
        own if OF_BROWSERS.contains(&own) || is_forbidden_request_header(own, &line.1) => {
            return Ok(line);
        }
        _ => return Err(not_of_browsers(name)),
    };
    Err(InvalidFetch::new(Reason::HeaderFollows, name, fix))
}

fn not_of_browsers(name: &str) -> InvalidFetch {
    InvalidFetch::new(Reason::NotOfBrowsers, name, "if a script sets it, use `header`")
}

/// Beside the forbidden ones: what browsers add, which scripts may set as well.
const OF_BROWSERS: [&str; 20] = [
    "accept",
    "accept-language",
    "cache-control",
    "device-memory",
    "downlink",
    "dpr",
    "ect",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-event-id",
    "pragma",
    "priority",
    "rtt",
    "save-data",
    "user-agent",
    "viewport-width",
    "width",
];

/// `#header-name`, and `#header-value` after `#concept-header-value-normalize`.
fn line(name: &str, value: &str) -> Result<Line, InvalidFetch> {
    if !is_token(name) {
        let fix = "write letters, digits and hyphens";
        return Err(InvalidFetch::new(Reason::HeaderIsNoToken, name, fix));
    }
    let value = value.trim_matches([' ', '\t', '\r', '\n']);
    let problem = |reason, fix: &str| Err(InvalidFetch::new(reason, value, fix));
    // Fetch itself refuses NUL, CR and LF; servers may refuse the others (RFC 9110, section 5.5)
    if value.chars().any(|char| char.is_ascii_control() && char != '\t') {
        return problem(Reason::ControlInHeader, "write it on one line, or percent-encoded");
    }
    if value.chars().any(|char| u32::from(char) > 0xff) {
        return problem(Reason::WideHeader, "write it percent-encoded");
    }
    Ok((name.to_owned(), value.to_owned()))
}

fn lower(name: &str) -> String {
    name.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_scripts_may_set_is_taken() {
        for (name, value) in [
            ("X-Csrf-Token", "t"),
            ("authorization", "Bearer t"),
            ("User-Agent", "mine"),
            ("Accept", "text/html"),
            ("If-None-Match", "\"1\""),
            ("Range", "bytes=0-"),
            ("X-HTTP-Method-Override", "PATCH"),
            ("X-HTTP-Method", "\"TRACE, \""),
            ("Proxy", "1"),
            ("Section", "1"),
            ("x!#$%&'*+.^_`|~1", "ü\t1"),
            ("X-Empty", ""),
        ] {
            assert_eq!(of_script(name, value).unwrap(), (name.to_owned(), value.to_owned()));
        }
        assert_eq!(of_script("X-A", " \t1\r\n").unwrap().1, "1");
    }

    #[test]
    fn what_scripts_cannot_set_is_refused() {
        let names = "Accept-Charset Accept-Encoding Access-Control-Request-Headers \
            Access-Control-Request-Method Connection Content-Length Cookie Cookie2 Date DNT Expect Host \
            Keep-Alive Origin Referer Set-Cookie TE Trailer Transfer-Encoding Upgrade Via Proxy-Authorization \
            Proxy- Sec-Fetch-Site sec-ch-ua SEC-GPC";
        for name in names.split_whitespace() {
            let problem = of_script(name, "1").unwrap_err();
            assert_eq!(problem.reason, Reason::ForbiddenHeader, "{name}");
        }
        for name in ["X-HTTP-Method", "x-http-method-override", "X-Method-Override"] {
            for value in ["TRACE", "get, connect", " track ,", "\"a,b\",Trace"] {
                let problem = of_script(name, value).unwrap_err();
                assert_eq!(problem.reason, Reason::ForbiddenHeader, "{name}: {value}");
            }
        }
        let table = [
            ("", "1", Reason::HeaderIsNoToken),
            ("X Foo", "1", Reason::HeaderIsNoToken),
            ("X-Foo:", "1", Reason::HeaderIsNoToken),
            ("X-Föö", "1", Reason::HeaderIsNoToken),
            ("X-A", "1\r\nX-B: 2", Reason::ControlInHeader),
            ("X-A", "1\n2", Reason::ControlInHeader),
            ("X-A", "1\u{0}2", Reason::ControlInHeader),
            ("X-A", "1\u{7f}", Reason::ControlInHeader),
            ("X-A", "→", Reason::WideHeader),
        ];
        for (name, value, reason) in table {
            assert_eq!(of_script(name, value).unwrap_err().reason, reason, "{name}: {value}");
            assert_eq!(
                of_browser(name, value).unwrap_err().reason,
                match reason {
                    Reason::HeaderIsNoToken | Reason::ControlInHeader | Reason::WideHeader =>
                        reason,
                    _ => Reason::NotOfBrowsers,
                }
            );
        }
    }

    #[test]
    fn browsers_set_their_own_headers_and_no_others() {
        for name in [
            "User-Agent",
            "Referer",
            "Sec-Fetch-Site",
            "Sec-CH-UA",
            "DNT",
            "Accept-Language",
            "Via",
        ] {
            assert!(of_browser(name, "1").is_ok(), "{name}");
        }
        for name in ["Origin", "Cookie", "Host", "Content-Length", "Access-Control-Request-Method"]
        {
            let problem = of_browser(name, "1").unwrap_err();
            assert_eq!(problem.reason, Reason::HeaderFollows, "{name}");
        }
        for name in ["X-Csrf-Token", "Authorization", "Content-Type", "Set-Cookie"] {
            let problem = of_browser(name, "1").unwrap_err();
            assert_eq!(problem.reason, Reason::NotOfBrowsers, "{name}");
        }
    }

    #[test]
    fn the_refusal_says_what_to_use_instead() {
        let table = [
            ("Cookie", "header `Cookie` cannot be set by scripts; store it with `cookie`"),
            ("Origin", "header `Origin` cannot be set by scripts; say it with `from`"),
            (
                "Sec-Fetch-Site",
                "header `Sec-Fetch-Site` cannot be set by scripts; if a browser sets it by itself, use \
                 `browser_header`",
            ),
        ];
        for (name, expected) in table {
            assert_eq!(of_script(name, "1").unwrap_err().to_string(), expected);
        }
    }
}
