//! Sites: what cookies and `Sec-Fetch-Site` go by, a registrable domain and a scheme.

use std::net::IpAddr;

use url::{Host, Url};

/// A site, with its scheme (`#concept-site` of the HTML standard).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site {
    scheme: String,
    host: String,
}

impl Site {
    pub(super) fn of(url: &Url) -> Self {
        let host = url.host_str().unwrap_or_default();
        let domain = registrable_domain(host).unwrap_or(host);
        Self { scheme: url.scheme().to_owned(), host: domain.to_owned() }
    }
}

/// The domain that someone registered, `example.co.uk` of `a.b.example.co.uk`; `None` for addresses
/// and for public suffixes themselves.
fn registrable_domain(host: &str) -> Option<&str> {
    let is_address = host.starts_with('[') || host.parse::<IpAddr>().is_ok();
    if is_address { None } else { psl::domain_str(host) }
}

/// Whether anyone may register names below this domain, so that no cookie is set for it.
pub(super) fn is_public_suffix(domain: &str) -> bool {
    registrable_domain(domain).is_none()
}

/// Whether a URL is potentially trustworthy (W3C Secure Contexts, section 3.1).
pub(super) fn is_trustworthy(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || is_local
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_registrable_domains_with_a_scheme() {
        let table = [
            ("https://app.example.com", "https://api.example.com:8443/x", true),
            ("https://example.com", "https://a.b.example.com", true),
            ("http://localhost:3000", "http://localhost:8080", true),
            ("http://127.0.0.1:3000", "http://127.0.0.1:8080", true),
            ("https://app.example.com", "http://app.example.com", false),
            ("https://a.co.uk", "https://b.co.uk", false),
            ("https://a.github.io", "https://b.github.io", false),
            ("https://example.com", "https://example.org", false),
            ("http://127.0.0.1", "http://127.0.0.2", false),
            ("http://10.0.0.1", "http://11.0.0.1", false),
        ];
        for (one, other, expected) in table {
            let site = |text| Site::of(&Url::parse(text).unwrap());
            assert_eq!(site(one) == site(other), expected, "{one} {other}");
        }
    }

    #[test]
    fn loopback_hosts_are_as_trustworthy_as_https() {
        let table = [
            ("https://a.example", true),
            ("http://localhost:8080", true),
            ("http://a.localhost", true),
            ("http://127.0.0.2", true),
            ("http://[::1]", true),
            ("http://a.example", false),
            ("http://localhost.example", false),
            ("http://10.0.0.1", false),
        ];
        for (url, expected) in table {
            assert_eq!(is_trustworthy(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }
}
