//! The ASCII serialisation of an origin, as one grammar for patterns and for requests.
//!
//! Source: HTML "ASCII serialisation of an origin", Fetch `#origin-header`, RFC 3986 §3.1, URL standard
//! `#concept-host-parser`. An underscore in a host, a hyphen at the end of a label and a trailing dot are
//! outside the letter of the ABNF, but browsers send them.

use super::address;

/// The longest host (RFC 1035 §2.3.4, as text).
pub(crate) const MAX_HOST: usize = 253;

/// The longest label (RFC 1035 §2.3.4).
pub(crate) const MAX_LABEL: usize = 63;

/// Scheme of 64 bytes, `://`, host, `:` and five digits.
pub(crate) const MAX_LEN: usize = 64 + 3 + MAX_HOST + 1 + 5;

/// Whether this is a scheme of RFC 3986 in lower case.
pub(crate) fn is_scheme(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= 64
        && bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.'))
}

/// Whether no page has an origin of this scheme: what it loads is no page, or has another origin.
///
/// Source: URL standard `#concept-url-origin`; browsers have no ftp any more.
pub(crate) fn is_without_pages(scheme: &str) -> bool {
    const SCHEMES: [&str; 17] = [
        "about",
        "blob",
        "data",
        "filesystem",
        "ftp",
        "ftps",
        "javascript",
        "mailto",
        "sftp",
        "sms",
        "ssh",
        "tel",
        "urn",
        "vbscript",
        "view-source",
        "ws",
        "wss",
    ];
    SCHEMES.iter().any(|own| own.eq_ignore_ascii_case(scheme))
}

/// Whether sites have this scheme. Others are those of applications and extensions.
pub(crate) fn is_of_web(scheme: &str) -> bool {
    matches!(scheme, "http" | "https")
}

/// Whether this is a host as a browser serialises it: for sites a domain or an IPv4 address, for others
/// whatever an application calls itself, for both an IPv6 address.
pub(crate) fn is_host(scheme: &str, text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        return rest.strip_suffix(']').is_some_and(address::is_canonical_ipv6);
    }
    if !is_of_web(scheme) {
        return is_opaque_host(text);
    }
    if address::is_ipv4_like(text) { address::is_canonical_ipv4(text) } else { is_domain(text) }
}

/// Whether this may be the host of an application, which keeps its case. Of the bytes that may stand there,
/// those that separate or quote elements of lists, and the wildcard, are not read.
///
/// Source: URL standard `#concept-opaque-host-parser`, RFC 3986 §3.2.2.
pub(crate) fn is_opaque_host(text: &str) -> bool {
    let is_own = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&()+=".contains(&byte);
    (1..=MAX_HOST).contains(&text.len()) && text.bytes().all(is_own)
}

/// Whether this is a domain name in lower-case ASCII, perhaps with a trailing dot.
pub(crate) fn is_domain(text: &str) -> bool {
    let bytes = text.as_bytes();
    is_usual_domain(bytes.strip_suffix(b".").unwrap_or(bytes)) && text.len() <= MAX_HOST
}

/// Whether this is a domain name in lower-case ASCII without a trailing dot. A hyphen may stand anywhere.
///
/// The origins of most requests come by here, so it is one pass.
///
/// Source: URL standard `#concept-domain-to-ascii`, which does not check hyphens; RFC 1035 §2.3.4 for lengths.
pub(crate) fn is_usual_domain(text: &[u8]) -> bool {
    let mut label = 0;
    for byte in text {
        if LABEL[*byte as usize] {
            label += 1;
        } else if *byte == b'.' && is_length_of_label(label) {
            label = 0;
        } else {
            return false;
        }
    }
    is_length_of_label(label) && text.len() <= MAX_HOST
}

fn is_length_of_label(len: usize) -> bool {
    (1..=MAX_LABEL).contains(&len)
}

/// The bytes of labels.
static LABEL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let own = byte as u8;
        table[byte] = matches!(own, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        byte += 1;
    }
    table
};

/// Splits `host[:port]`, minding the colons within an IPv6 address.
pub(crate) fn split_port(text: &str) -> Option<(&str, Option<&str>)> {
    let host_end = if text.starts_with('[') { text.find(']')? + 1 } else { 0 };
    match text[host_end..].find(':') {
        Some(colon) => {
            let (host, port) = text.split_at(host_end + colon);
            Some((host, Some(&port[1..])))
        }
        None => Some((text, None)),
    }
}

/// The port, if it is 1 to 65535 without a leading zero.
pub(crate) fn port(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || text.len() > 5 || text.starts_with('0') {
        return None;
    }
    text.parse().ok()
}

/// The port a scheme implies, which browsers leave out.
pub(crate) fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    }
}
