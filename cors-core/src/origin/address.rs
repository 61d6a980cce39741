//! IP addresses as hosts, in the one form in which a browser writes them.
//!
//! Source: URL standard `#concept-ipv4-parser`, `#concept-ipv6-serializer`.

use std::{
    fmt::{self, Write},
    net::{Ipv4Addr, Ipv6Addr},
};

/// Whether the URL parser would read this host as an IPv4 address: its last label is a number.
pub(super) fn is_ipv4_like(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let last = name.rsplit('.').next().unwrap_or(name);
    last.starts_with(|first: char| first.is_ascii_digit())
        && (last.bytes().all(|byte| byte.is_ascii_digit())
            || last
                .strip_prefix("0x")
                .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit())))
}

/// Whether this is an IPv4 address as a browser writes it.
pub(super) fn is_canonical_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok_and(|address| is_written_as(address, text))
}

/// Whether this is an IPv6 address as a browser writes it, without the brackets.
pub(super) fn is_canonical_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok_and(|address| is_written_as(Serialised(address), text))
}

/// The address that a browser makes of a lower-case host of the web, whatever way it is written.
///
/// IPv4 numbers may be decimal, octal or hexadecimal, and the last one stands for all parts that are missing.
pub(super) fn canonical(host: &str) -> Option<String> {
    if host.starts_with('[') {
        return canonical_ipv6(host);
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

/// The same for an address in brackets, of any scheme.
pub(super) fn canonical_ipv6(host: &str) -> Option<String> {
    let address: Ipv6Addr = host.strip_prefix('[')?.strip_suffix(']')?.parse().ok()?;
    Some(format!("[{}]", Serialised(address)))
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

/// Hexadecimal groups only: `Ipv6Addr` shows an IPv4-mapped address with dots, browsers do not.
struct Serialised(Ipv6Addr);

impl fmt::Display for Serialised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.segments() {
            [0, 0, 0, 0, 0, 0xffff, high, low] => write!(f, "::ffff:{high:x}:{low:x}"),
            _ => self.0.fmt(f),
        }
    }
}

/// Whether something is written like this. Requests come by here, so that nothing is allocated.
fn is_written_as(value: impl fmt::Display, text: &str) -> bool {
    let mut rest = Rest(text);
    write!(rest, "{value}").is_ok() && rest.0.is_empty()
}

/// What is left of a text to be written.
struct Rest<'a>(&'a str);

impl Write for Rest<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(part).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{canonical, is_canonical_ipv6};

    /// The right column is what Chromium makes of the left one.
    #[test]
    fn an_ipv6_address_has_one_form_mapped_addresses_included() {
        let table = [
            ("::1", "::1"),
            ("0:0:0:0:0:0:0:1", "::1"),
            ("2001:DB8::1", "2001:db8::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("::ffff:127.0.0.1", "::ffff:7f00:1"),
            ("::FFFF:7F00:0001", "::ffff:7f00:1"),
            ("0:0:0:0:0:ffff:0:0", "::ffff:0:0"),
            ("::ffff:10.0.0.0", "::ffff:a00:0"),
            ("::127.0.0.1", "::7f00:1"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"),
        ];
        for (written, sent) in table {
            assert_eq!(canonical(&format!("[{written}]")), Some(format!("[{sent}]")), "{written}");
            assert_eq!(is_canonical_ipv6(written), written == sent, "{written}");
            assert!(is_canonical_ipv6(sent), "{sent}");
        }
        for text in ["", ":", "::1%25eth0", "::1 ", "[::1]", "::ffff:127.0.0.1"] {
            assert!(!is_canonical_ipv6(text), "{text}");
        }
    }
}
