//! The ASCII serialisation of an origin, as one grammar for patterns and for requests.
//!
//! Source: HTML "ASCII serialisation of an origin", Fetch `#origin-header`, RFC 3986 §3.1,
//! RFC 5952 for IPv6. An underscore in a host and a trailing dot are outside the letter of the
//! ABNF, but browsers send them.

use std::net::{Ipv4Addr, Ipv6Addr};

/// The longest host (RFC 1035 §2.3.4, as text).
pub(crate) const MAX_HOST: usize = 253;

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

/// Whether this is a host as a browser serialises it: a domain, or a canonical IP address.
pub(crate) fn is_host(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix('[') {
        return rest.strip_suffix(']').is_some_and(is_canonical_ipv6);
    }
    if is_ipv4_like(text) { is_canonical_ipv4(text) } else { is_domain(text) }
}

/// Whether this is a domain name in lower-case ASCII, perhaps with a trailing dot.
pub(crate) fn is_domain(text: &str) -> bool {
    let bytes = text.as_bytes();
    is_usual_domain(bytes.strip_suffix(b".").unwrap_or(bytes)) && text.len() <= MAX_HOST
}

/// Whether this is a domain name in lower-case ASCII without a trailing dot.
///
/// The origins of most requests come by here, so it is one pass.
pub(crate) fn is_usual_domain(text: &[u8]) -> bool {
    let (mut label, mut before) = (0_usize, b'.');
    for byte in text {
        if LABEL[*byte as usize] {
            label += 1;
        } else if *byte == b'.' {
            if label == 0 || label > 63 || before == b'-' {
                return false;
            }
            label = 0;
        } else if *byte == b'-' && label > 0 {
            label += 1;
        } else {
            return false;
        }
        before = *byte;
    }
    (1..=63).contains(&label) && before != b'-' && text.len() <= MAX_HOST
}

/// The bytes of labels, but for the hyphen, which stands only within one.
static LABEL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let own = byte as u8;
        table[byte] = matches!(own, b'a'..=b'z' | b'0'..=b'9' | b'_');
        byte += 1;
    }
    table
};

/// Whether the URL parser would read this host as an IPv4 address: its last label is a number.
pub(crate) fn is_ipv4_like(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let last = name.rsplit('.').next().unwrap_or(name);
    last.starts_with(|first: char| first.is_ascii_digit())
        && (last.bytes().all(|byte| byte.is_ascii_digit())
            || last
                .strip_prefix("0x")
                .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())))
}

/// The address a browser makes of a lower-case host, whatever way it is written.
///
/// Source: URL standard, host parsing: IPv4 numbers may be decimal, octal or hexadecimal, and the
/// last one stands for all parts that are missing.
pub(crate) fn canonical_address(host: &str) -> Option<String> {
    if let Some(rest) = host.strip_prefix('[') {
        let address: Ipv6Addr = rest.strip_suffix(']')?.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    let mut parts = host.strip_suffix('.').unwrap_or(host).split('.').map(ipv4_number);
    let last = parts.next_back()??;
    let first: Vec<u32> =
        parts.map(|part| part.filter(|part| *part <= 255)).collect::<Option<_>>()?;
    let bits_left = 32_u32.checked_sub(8 * u32::try_from(first.len()).ok()?)?;
    if bits_left == 0 || u64::from(last) >> bits_left > 0 {
        return None;
    }
    let shifted = first.iter().zip([24, 16, 8]).map(|(part, shift)| part << shift);
    Some(Ipv4Addr::from(shifted.sum::<u32>() | last).to_string())
}

fn ipv4_number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some("") => return Some(0),
        Some(hex) => (hex, 16),
        None if text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    let is_signed = digits.starts_with('+');
    u32::from_str_radix(digits, radix).ok().filter(|_| !is_signed)
}

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

fn is_canonical_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok_and(|address| address.to_string() == text)
}

/// Hexadecimal groups only: `Ipv6Addr` displays an IPv4-mapped address with dots, browsers do not.
fn is_canonical_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>()
        .is_ok_and(|address| address.to_ipv4_mapped().is_none() && address.to_string() == text)
}
