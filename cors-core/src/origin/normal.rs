//! The text that a browser makes of an origin, as far as lower case, default ports and addresses go.

use super::{
    address,
    grammar::{self, split_port},
};

/// The scheme and the authority of an origin in the spelling of browsers; whatever else is wrong stays so.
pub(super) fn text(scheme: &str, authority: &str) -> String {
    let scheme = scheme.to_ascii_lowercase();
    let is_of_web = grammar::is_of_web(&scheme);
    // the host of an application keeps its case
    let mut authority =
        if is_of_web { authority.to_ascii_lowercase() } else { authority.to_owned() };
    if let Some(port) = grammar::default_port(&scheme) {
        let suffix = format!(":{port}");
        if let Some(host) = authority.strip_suffix(&suffix) {
            authority.truncate(host.len());
        }
    }
    if let Some((host, port)) = split_port(&authority) {
        let address =
            if is_of_web { address::canonical(host) } else { address::canonical_ipv6(host) };
        if let Some(address) = address {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            authority = address + &port;
        }
    }
    format!("{scheme}://{authority}")
}

/// Source: URL standard `#concept-opaque-host-parser`.
pub(super) fn percent_encoded(text: &str) -> String {
    let encoded = |byte: u8| {
        if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    text.bytes().map(encoded).collect()
}

/// What a site at this host has for a scheme: on the own machine hardly anybody has a certificate.
pub(super) fn usual_scheme(authority: &str) -> &'static str {
    let host = split_port(authority).map_or(authority, |(host, _)| host).to_ascii_lowercase();
    let name = host.strip_suffix('.').unwrap_or(&host);
    let is_loopback = name == "localhost"
        || name.ends_with(".localhost")
        || address::canonical(name)
            .is_some_and(|own| own.starts_with("127.") || own == "[::1]" || own == "0.0.0.0");
    if is_loopback { "http" } else { "https" }
}
