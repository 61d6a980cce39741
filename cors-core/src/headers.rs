//! Header names: `allow_headers`, `expose_headers` and `Access-Control-Request-Headers`.

use std::{cmp::Ordering, fmt, hash};

use crate::{
    error::{ConfigError, Problem},
    fields::{RequestHeader, ResponseHeader},
    token::{has_sign_of_a_list, is_token},
};

/// A field name, compared without regard to case and sent as it was written.
#[derive(Debug, Clone)]
pub struct HeaderName(Box<str>);

impl HeaderName {
    /// Reads the name of a request header that scripts may want to set. One that they cannot set, such as
    /// `Cookie`, is a lint (CORS116), since people copy such lists.
    ///
    /// # Errors
    ///
    /// Fails on what is no RFC 9110 token, on a name with `'` or `|`, and on response headers of the CORS protocol.
    pub fn of_request(text: &str) -> Result<Self, ConfigError> {
        // these mean something in answers, so no request carries them
        Self::new(text, ResponseHeader::ALL.iter().map(|own| own.name()))
    }

    /// Reads the name of a response header that scripts may want to read.
    ///
    /// # Errors
    ///
    /// Fails on what is no RFC 9110 token, on a name with `'` or `|`, on names scripts cannot read (Fetch
    /// `#forbidden-response-header-name`), and on headers of the CORS protocol.
    pub fn of_response(text: &str) -> Result<Self, ConfigError> {
        if is_one_of(text, &["set-cookie", "set-cookie2"]) {
            return Err(ConfigError::new(text, Problem::ResponseHeaderForbidden));
        }
        let of_request = RequestHeader::ALL.iter().map(|own| own.name());
        let of_preflight =
            [ResponseHeader::AllowMethods, ResponseHeader::AllowHeaders, ResponseHeader::MaxAge];
        Self::new(text, of_request.chain(of_preflight.map(ResponseHeader::name)))
    }

    /// `protocol` are names of the CORS protocol that have no place in the list.
    fn new<'a>(
        text: &str,
        protocol: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, ConfigError> {
        if !is_token(text.as_bytes()) {
            return Err(ConfigError::new(text, Problem::HeaderToken));
        }
        if has_sign_of_a_list(text) {
            return Err(ConfigError::new(text, Problem::HeaderCharacter));
        }
        if protocol.into_iter().any(|own| own.eq_ignore_ascii_case(text)) {
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

const FORBIDDEN_IN_REQUEST: [&str; 21] = [
    "accept-charset",
    "accept-encoding",
    "access-control-request-headers",
    "access-control-request-method",
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

/// Why scripts are kept from setting it.
pub(crate) fn why_forbidden_in_request(name: &str) -> &'static str {
    if is_one_of(name, &["cookie", "cookie2"]) {
        return "browsers send cookies by themselves, as `allow_credentials` says";
    }
    "browsers alone write it"
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

/// Whether the header is one of the CORS protocol.
pub(crate) fn is_of_protocol(name: &str) -> bool {
    const PREFIX: &str = "access-control-";
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|own| own.eq_ignore_ascii_case(name))
}

pub(crate) fn cmp_ignoring_case(a: &str, b: &str) -> Ordering {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    a.bytes().map(lower).cmp(b.bytes().map(lower))
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
    use super::HeaderName;

    #[test]
    fn names_that_can_never_matter_are_refused() {
        let request = [
            ("X-A", None),
            ("authorization", None),
            ("x a", Some("CORS040")),
            ("", Some("CORS040")),
            ("'X-A", Some("CORS044")),
            ("X-A|X-B", Some("CORS044")),
            ("Cookie", None),
            ("Sec-Fetch-Site", None),
            ("proxy-x", None),
            ("Access-Control-Allow-Origin", Some("CORS043")),
        ];
        for (name, code) in request {
            let result = HeaderName::of_request(name);
            assert_eq!(result.err().map(|error| error.code()), code, "{name}");
        }
        let response = [
            ("ETag", None),
            ("x;y", Some("CORS040")),
            ("ETag|Location", Some("CORS044")),
            ("Set-Cookie", Some("CORS042")),
            ("Origin", Some("CORS043")),
        ];
        for (name, code) in response {
            let result = HeaderName::of_response(name);
            assert_eq!(result.err().map(|error| error.code()), code, "{name}");
        }
    }
}
