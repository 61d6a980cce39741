//! Header names: `allow_headers`, `expose_headers` and `Access-Control-Request-Headers`.

use std::{cmp::Ordering, fmt, hash};

use crate::{
    error::{ConfigError, Problem},
    token::is_token,
};

/// A field name, compared without regard to case and sent as it was written.
#[derive(Debug, Clone)]
pub struct HeaderName(Box<str>);

impl HeaderName {
    /// Reads the name of a request header that scripts may want to set.
    ///
    /// # Errors
    ///
    /// Fails on what is no RFC 9110 token, on names scripts cannot set (Fetch
    /// `#forbidden-request-header`), and on response headers of the CORS protocol.
    pub fn of_request(text: &str) -> Result<Self, ConfigError> {
        if is_token(text.as_bytes()) && is_forbidden_in_request(text) {
            return Err(ConfigError::new(text, Problem::RequestHeaderForbidden));
        }
        Self::new(text, &PROTOCOL_RESPONSE)
    }

    /// Reads the name of a response header that scripts may want to read.
    ///
    /// # Errors
    ///
    /// Fails on what is no RFC 9110 token, on names scripts cannot read (Fetch
    /// `#forbidden-response-header-name`), and on headers of the CORS protocol.
    pub fn of_response(text: &str) -> Result<Self, ConfigError> {
        if is_one_of(text, &["set-cookie", "set-cookie2"]) {
            return Err(ConfigError::new(text, Problem::ResponseHeaderForbidden));
        }
        Self::new(text, &PROTOCOL)
    }

    fn new(text: &str, protocol: &[&str]) -> Result<Self, ConfigError> {
        if !is_token(text.as_bytes()) {
            return Err(ConfigError::new(text, Problem::HeaderToken));
        }
        if is_one_of(text, protocol) {
            return Err(ConfigError::new(text, Problem::HeaderOfProtocol));
        }
        Ok(Self(text.into()))
    }

    /// The name as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ord for HeaderName {
    fn cmp(&self, other: &Self) -> Ordering {
        cmp_ignoring_case(&self.0, &other.0)
    }
}

impl PartialOrd for HeaderName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for HeaderName {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for HeaderName {}

impl hash::Hash for HeaderName {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        for byte in self.0.bytes() {
            state.write_u8(byte.to_ascii_lowercase());
        }
    }
}

impl fmt::Display for HeaderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names that have a meaning in the CORS protocol's answers, so no request carries them.
const PROTOCOL_RESPONSE: [&str; 7] = [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-allow-private-network",
    "access-control-expose-headers",
    "access-control-max-age",
];

/// Names that make no sense in a list of headers to expose.
const PROTOCOL: [&str; 7] = [
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "access-control-allow-private-network",
    "access-control-max-age",
];

const FORBIDDEN_IN_REQUEST: [&str; 22] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
    "access-control-request-private-network",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "date",
    "dnt",
    "expect",
    "host",
    "keep-alive",
    "origin",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// Whether scripts are kept from setting the header.
///
/// Source: Fetch `#forbidden-request-header`.
pub(crate) fn is_forbidden_in_request(name: &str) -> bool {
    let starts_with = |prefix: &str| {
        name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    starts_with("sec-") || starts_with("proxy-") || is_one_of(name, &FORBIDDEN_IN_REQUEST)
}

/// Whether scripts may set the header without permission, unless its value is long or odd.
///
/// `Content-Type` and `Range` are safelisted for a few values only, so listing them has a sense.
///
/// Source: Fetch `#cors-safelisted-request-header`.
pub(crate) fn is_safelisted_in_request(name: &str) -> bool {
    is_one_of(name, &["accept", "accept-language", "content-language"])
}

/// Whether scripts can always read the header.
///
/// Source: Fetch `#cors-safelisted-response-header-name`.
pub(crate) fn is_safelisted_in_response(name: &str) -> bool {
    let safelisted = [
        "cache-control",
        "content-language",
        "content-length",
        "content-type",
        "expires",
        "last-modified",
        "pragma",
    ];
    is_one_of(name, &safelisted)
}

fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|own| own.eq_ignore_ascii_case(name))
}

pub(crate) fn cmp_ignoring_case(a: &str, b: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(lower).cmp(b.bytes().map(lower))
}

/// How much of `Access-Control-Request-Headers` is looked at before the preflight is refused.
///
/// Browsers send one line of at most a few dozen names; intermediaries may split or pad it.
pub(crate) mod limits {
    /// Bytes over all lines.
    pub(crate) const BYTES: usize = 4096;
    /// Names over all lines.
    pub(crate) const NAMES: usize = 64;
    /// Empty elements over all lines, which RFC 9110 §5.6.1.2 asks to tolerate in reason.
    pub(crate) const EMPTY: usize = 16;
}

/// Why `Access-Control-Request-Headers` was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unacceptable {
    Malformed,
    OverLimit,
    NotAllowed,
}

/// The request headers that a preflight may announce, as a lookup.
#[derive(Debug)]
pub(crate) enum AllowedNames {
    Any,
    /// In lower case and sorted, each with the comma that separates it from the next in a line.
    Only(Box<[Box<str>]>),
}

/// A name of the lookup as it is.
fn without_comma(own: &str) -> &str {
    &own[..own.len() - 1]
}

impl AllowedNames {
    pub(crate) fn only<'a>(names: impl Iterator<Item = &'a HeaderName>) -> Self {
        let mut names: Vec<String> = names.map(|name| name.as_str().to_ascii_lowercase()).collect();
        names.sort_unstable();
        Self::Only(names.into_iter().map(|name| (name + ",").into()).collect())
    }

    pub(crate) fn is_any(&self) -> bool {
        matches!(self, Self::Any)
    }

    fn contain(&self, name: &str) -> bool {
        match self {
            // the name `*` would be understood as any header when it comes back
            Self::Any => name != "*" && !is_forbidden_in_request(name),
            Self::Only(names) if name.bytes().any(|byte| byte.is_ascii_uppercase()) => {
                names.binary_search_by(|own| cmp_ignoring_case(without_comma(own), name)).is_ok()
            }
            Self::Only(names) => names.binary_search_by(|own| without_comma(own).cmp(name)).is_ok(),
        }
    }

    /// Takes allowed names from the start of a line, as far as it is written as browsers do: in lower
    /// case, sorted, with nothing but a comma between. Answers how many, and the rest.
    ///
    /// One pass over the names is enough: each is asked only if the rest starts with it.
    ///
    /// Source: Fetch `#cors-unsafe-request-header-names`, `#cors-preflight-fetch`.
    #[inline]
    fn take_sorted<'a>(&self, line: &'a [u8]) -> (usize, Option<&'a [u8]>) {
        let (mut rest, mut taken) = (line, 0);
        let Self::Only(names) = self else { return (0, Some(line)) };
        for name in names.iter().map(|name| name.as_bytes()) {
            if let Some(tail) = rest.strip_prefix(name) {
                rest = tail;
                taken += 1;
            } else if name.split_last().is_some_and(|(_, last)| last == rest) {
                return (taken + 1, None);
            }
        }
        (taken, Some(rest))
    }
}

/// Checks each name in the lines of `Access-Control-Request-Headers`, in any case, order and
/// number of lines; answers how many names there are.
///
/// Source: Fetch `#http-access-control-request-headers`, list syntax of RFC 9110 §5.6.1.
#[inline]
pub(crate) fn check_requested<'a>(
    lines: impl Iterator<Item = &'a [u8]>,
    allowed: &AllowedNames,
) -> Result<usize, Unacceptable> {
    let (mut bytes, mut names, mut empty) = (0, 0, 0);
    for line in lines {
        bytes += line.len() + 1;
        if bytes > limits::BYTES {
            return Err(Unacceptable::OverLimit);
        }
        if line.is_empty() {
            empty += 1;
            if empty > limits::EMPTY {
                return Err(Unacceptable::OverLimit);
            }
            continue;
        }
        let (taken, rest) = allowed.take_sorted(line);
        names += taken;
        for element in rest.into_iter().flat_map(|rest| rest.split(|byte| *byte == b',')) {
            let name = trim_ows(element);
            if name.is_empty() {
                empty += 1;
            } else {
                names += 1;
                let name = as_token(name).ok_or(Unacceptable::Malformed)?;
                if !allowed.contain(name) {
                    return Err(Unacceptable::NotAllowed);
                }
            }
            if names > limits::NAMES || empty > limits::EMPTY {
                return Err(Unacceptable::OverLimit);
            }
        }
        if names > limits::NAMES {
            return Err(Unacceptable::OverLimit);
        }
    }
    Ok(names)
}

fn as_token(bytes: &[u8]) -> Option<&str> {
    is_token(bytes).then(|| std::str::from_utf8(bytes).ok()).flatten()
}

/// Without optional white space (RFC 9110 §5.6.3) at both ends.
pub(crate) fn trim_ows(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{AllowedNames, HeaderName, Unacceptable, check_requested};

    #[test]
    fn names_that_can_never_matter_are_refused() {
        let request = [
            ("X-A", None),
            ("authorization", None),
            ("x a", Some("CORS040")),
            ("", Some("CORS040")),
            ("Cookie", Some("CORS041")),
            ("Sec-Fetch-Site", Some("CORS041")),
            ("proxy-x", Some("CORS041")),
            ("Access-Control-Allow-Origin", Some("CORS043")),
        ];
        for (name, code) in request {
            let result = HeaderName::of_request(name);
            assert_eq!(result.err().map(|error| error.code()), code, "{name}");
        }
        let response = [
            ("ETag", None),
            ("x;y", Some("CORS040")),
            ("Set-Cookie", Some("CORS042")),
            ("Origin", Some("CORS043")),
        ];
        for (name, code) in response {
            let result = HeaderName::of_response(name);
            assert_eq!(result.err().map(|error| error.code()), code, "{name}");
        }
    }

    #[test]
    fn requested_names_are_read_as_a_list_within_bounds() {
        let allowed = ["X-B", "x-a"].map(|name| HeaderName::of_request(name).unwrap());
        let allowed = AllowedNames::only(allowed.iter());
        let check =
            |lines: &[&str]| check_requested(lines.iter().map(|line| line.as_bytes()), &allowed);
        let sixteen = ",".repeat(15);
        let seventeen = ",".repeat(16);
        let many = vec!["x-a"; 64].join(",");
        let too_many = vec!["x-a"; 65].join(",");
        let padded = format!("x-a{}", " ".repeat(4096));
        let accepted: [(&[&str], usize); 9] = [
            (&[], 0),
            (&[""], 0),
            (&["x-a,x-b"], 2),
            (&["x-b , X-A"], 2),
            (&["x-a,x-a"], 2),
            (&["x-a", "\tx-b "], 2),
            (&[",x-a,,"], 1),
            (&[&sixteen], 0),
            (&[&many], 64),
        ];
        for (lines, names) in accepted {
            assert_eq!(check(lines), Ok(names), "{lines:?}");
        }
        let refused: [(&[&str], Unacceptable); 8] = [
            (&["x-c"], Unacceptable::NotAllowed),
            (&["*"], Unacceptable::NotAllowed),
            (&["x-a;x-b"], Unacceptable::Malformed),
            (&["x-a x-b"], Unacceptable::Malformed),
            (&["x-\u{e9}"], Unacceptable::Malformed),
            (&[&seventeen], Unacceptable::OverLimit),
            (&[&too_many], Unacceptable::OverLimit),
            (&[&padded], Unacceptable::OverLimit),
        ];
        for (lines, reason) in refused {
            assert_eq!(check(lines), Err(reason), "{lines:?}");
        }
    }
}
