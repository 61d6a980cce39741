//! Which request headers a script may set, and which of them a preflight has to announce.

use super::Headers;

/// Names a preflight has to announce for a request with these headers: lower case, sorted, each
/// once.
///
/// Source: `#cors-unsafe-request-header-names`.
///
/// ```
/// use cors_core::browser::unsafe_names;
///
/// let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
/// let json = [header("Content-Type", "application/json"), header("Accept", "*/*")];
/// assert_eq!(unsafe_names(&json), ["content-type"]);
/// assert!(unsafe_names(&[header("Content-Type", "text/plain")]).is_empty());
/// ```
#[must_use]
pub fn unsafe_names(headers: &Headers) -> Vec<String> {
    let own = headers.iter().filter(|(name, _)| name != "origin");
    let (safe, others): (Vec<_>, Vec<_>) =
        own.partition(|(name, value)| is_safelisted(&name.to_ascii_lowercase(), value));
    let is_too_long = safe.iter().map(|(_, value)| length(value)).sum::<usize>() > 1024;
    let safe = safe.into_iter().filter(|_| is_too_long);
    let mut names: Vec<String> =
        others.into_iter().chain(safe).map(|(name, _)| name.to_ascii_lowercase()).collect();
    names.sort();
    names.dedup();
    names
}

/// `#forbidden-request-header`: whether no script can set this header to this value.
///
/// ```
/// use cors_core::browser::is_forbidden_request_header;
///
/// assert!(is_forbidden_request_header("Cookie", "sid=1"));
/// assert!(is_forbidden_request_header("X-HTTP-Method-Override", "get, Trace"));
/// assert!(!is_forbidden_request_header("X-HTTP-Method-Override", "DELETE"));
/// ```
#[must_use]
pub fn is_forbidden_request_header(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let names = "accept-charset accept-encoding access-control-request-headers \
                 access-control-request-method connection content-length cookie cookie2 date dnt \
                 expect host keep-alive origin referer set-cookie te trailer transfer-encoding \
                 upgrade via";
    let overriding = ["x-http-method", "x-http-method-override", "x-method-override"];
    names.split(' ').any(|own| own == name)
        || name.starts_with("proxy-")
        || name.starts_with("sec-")
        || (overriding.contains(&name.as_str())
            && elements(value).into_iter().any(is_forbidden_method))
}

/// `#forbidden-method`, in any case.
pub(super) fn is_forbidden_method(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"].iter().any(|own| own.eq_ignore_ascii_case(method))
}

/// `#header-value-get-decode-and-split`: a comma within quotes separates nothing.
fn elements(value: &str) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let separates = |char: char| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match char {
            '"' if !was_escaped => is_quoted = !is_quoted,
            '\\' if is_quoted && !was_escaped => is_escaped = true,
            _ => {}
        }
        char == ',' && !is_quoted
    };
    value.split(separates).map(|element| element.trim_matches([' ', '\t'])).collect()
}

/// `#cors-safelisted-request-header`.
fn is_safelisted(name: &str, value: &str) -> bool {
    let language = |byte: u8| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(&byte);
    length(value) <= 128
        && match name {
            "accept" => !value.bytes().any(is_unsafe),
            "accept-language" | "content-language" => value.bytes().all(language),
            "content-type" => !value.bytes().any(is_unsafe) && is_form(value),
            "range" => is_simple_range(value),
            _ => false,
        }
}

/// In bytes as sent: a character of a header value is one byte (`isomorphic encode`).
fn length(value: &str) -> usize {
    value.chars().count()
}

/// `#cors-unsafe-request-header-byte`.
fn is_unsafe(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t') || b"\"():<>?@[\\]{}\x7f".contains(&byte)
}

fn is_form(value: &str) -> bool {
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]
        .contains(&essence.as_str())
}

/// `#simple-range-header-value` whose start is given.
fn is_simple_range(value: &str) -> bool {
    let Some((start, end)) = value.strip_prefix("bytes=").and_then(|set| set.split_once('-'))
    else {
        return false;
    };
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| text.parse::<u64>().ok()).flatten()
    };
    match (number(start), number(end)) {
        (Some(_), None) => end.is_empty(),
        (Some(start), Some(end)) => start <= end,
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_safelisted_needs_no_announcement() {
        let safe = [
            ("accept", "text/html"),
            ("accept-language", "de, en;q=0.5"),
            ("content-language", "de"),
            ("content-type", "text/plain; charset=utf-8"),
            ("content-type", "Multipart/Form-Data"),
            ("range", "bytes=0-"),
            ("range", "bytes=5-5"),
        ];
        let others = [
            ("accept", "a(b"),
            ("accept-language", "de_DE"),
            ("content-type", "application/json"),
            ("content-type", "text/plain;x=\"y\""),
            ("range", "bytes=-500"),
            ("range", "bytes=5-4"),
            ("range", "bytes=0-1,3-4"),
            ("x-one", ""),
            ("authorization", "Basic YTpi"),
        ];
        for (name, value) in safe {
            assert!(is_safelisted(name, value), "{name}: {value}");
        }
        for (name, value) in others {
            assert!(!is_safelisted(name, value), "{name}: {value}");
        }
        assert!(is_safelisted("accept", &"a".repeat(128)));
        assert!(!is_safelisted("accept", &"a".repeat(129)));
    }

    #[test]
    fn much_of_what_is_safelisted_has_to_be_announced() {
        let text = "a".repeat(128);
        let headers = vec![("Accept".to_owned(), text); 9];
        assert_eq!(unsafe_names(&headers), ["accept"]);
        assert!(unsafe_names(&headers[1..]).is_empty());
    }
}
