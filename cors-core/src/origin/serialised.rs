//! The origin that a request presents.

use super::grammar::{self, split_port};

/// The origin a request presents, checked against the grammar of a serialised origin.
///
/// Parsing borrows: the parts point into the header's value.
///
/// ```
/// use cors_core::Origin;
///
/// assert!(Origin::parse(b"https://app.example.com").is_some());
/// assert!(Origin::parse(b"https://app.example.com/").is_none());
/// assert!(Origin::parse(b"https://APP.example.com").is_none());
/// ```
///
/// Source: Fetch `#origin-header`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin<'a> {
    /// `null`, which sandboxed frames, `data:` documents and some redirects present.
    Null,
    /// `file://`, which a `WebView` presents that lets pages from disk read other files. Browsers present
    /// `null` for such pages.
    File,
    /// A tuple origin such as `https://app.example.com:8443`.
    Tuple(TupleOrigin<'a>),
}

/// Scheme, host and port of a serialised origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TupleOrigin<'a> {
    text: &'a str,
    scheme_len: usize,
    host_end: usize,
    port: Option<u16>,
}

impl<'a> Origin<'a> {
    /// Whether a browser could have written this value of an `Origin` header.
    pub(crate) fn is_serialised(value: &[u8]) -> bool {
        (value.len() <= grammar::MAX_LEN && is_usual(value)) || Origin::parse(value).is_some()
    }

    /// Reads the value of an `Origin` header; `None` if no browser could have written it.
    #[must_use]
    pub fn parse(value: &'a [u8]) -> Option<Self> {
        if value == b"null" {
            return Some(Self::Null);
        }
        if value == b"file://" {
            return Some(Self::File);
        }
        if value.len() > grammar::MAX_LEN {
            return None;
        }
        TupleOrigin::parse(std::str::from_utf8(value).ok()?).map(Self::Tuple)
    }
}

impl<'a> TupleOrigin<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        if is_usual(text.as_bytes()) {
            return Some(Self { text, scheme_len: 5, host_end: text.len(), port: None });
        }
        // a search for all three bytes costs more than the rest
        let (scheme, rest) = text.split_once(':')?;
        let (host, port) = split_port(rest.strip_prefix("//")?)?;
        let port = match port {
            Some(port) => Some(grammar::port(port)?),
            None => None,
        };
        let serialised = grammar::is_scheme(scheme)
            && scheme != "file"
            && grammar::is_host(scheme, host)
            && (port.is_none() || port != grammar::default_port(scheme));
        serialised.then_some(Self {
            text,
            scheme_len: scheme.len(),
            host_end: scheme.len() + 3 + host.len(),
            port,
        })
    }

    /// The whole origin, as presented.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.text
    }

    /// The scheme, such as `https`.
    #[must_use]
    pub fn scheme(&self) -> &'a str {
        &self.text[..self.scheme_len]
    }

    /// The host: of a site a domain or an IPv4 address, of another scheme a name in any case, of either an
    /// IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> &'a str {
        &self.text[self.scheme_len + 3..self.host_end]
    }

    /// The port, `None` for the scheme's default.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The origin up to the port.
    pub(crate) fn without_port(&self) -> &'a str {
        &self.text[..self.host_end]
    }
}

/// Whether this is an origin as nearly all requests have it: a domain over https at its own port. A
/// last label that starts with a digit may make it an address.
fn is_usual(value: &[u8]) -> bool {
    value.strip_prefix(b"https://").is_some_and(|host| {
        let last = host.iter().rposition(|byte| *byte == b'.').map_or(0, |dot| dot + 1);
        !host.get(last).is_some_and(u8::is_ascii_digit) && grammar::is_usual_domain(host)
    })
}

#[cfg(test)]
mod tests {
    use super::Origin;

    #[test]
    fn only_what_a_browser_serialises_is_an_origin() {
        let accepted = [
            "null",
            "https://example.com",
            "http://example.com:8080",
            "https://example.com.",
            "https://my_app.example.com",
            "http://127.0.0.1:3000",
            "http://[::1]:9090",
            "http://[::1]",
            "https://xn--bcher-kva.example",
            "chrome-extension://abcdefghijklmnop",
            "tauri://localhost",
            "file://",
            // hyphens stand anywhere in a label
            "http://pr-.localhost",
            "https://multi-page-.surge.sh",
            "https://-.-a.a--b",
            "http://[::ffff:7f00:1]:3000",
            // hosts of other schemes are opaque
            "app://-",
            "app://.",
            "capacitor-electron://-",
            "safari-web-extension://7F3B-E5A1",
            "app://127.1",
            "app://a%C3%BC",
            "app://[::ffff:7f00:1]:8080",
        ];
        for value in accepted {
            assert!(Origin::parse(value.as_bytes()).is_some(), "{value}");
        }
        let refused: [&[u8]; 54] = [
            b"",
            b" ",
            b"*",
            b"Null",
            b"\"null\"",
            b"example.com",
            b"//example.com",
            b"://example.com",
            b"https://",
            b"https:///",
            b"HTTPS://example.com",
            b"https://Example.com",
            b"https://example.com/",
            b"https://example.com:443",
            b"http://example.com:80",
            b"https://example.com:0443",
            b"https://example.com:",
            b"https://example.com:0",
            b"https://example.com:65536",
            b"https://example.com:+80",
            b"https://.example.com",
            b"https://a..example.com",
            b"https://*.example.com",
            b"https://evil.com/.example.com",
            b"https://evil.com#.example.com",
            b"https://evil.com\\.example.com",
            b"https://evil@a.example.com",
            b"https://a b.example.com",
            b"https://ev\til.example.com",
            "https://\u{e9}.example.com".as_bytes(),
            b"https://\xff.example.com",
            b"https://[a.example.com]",
            b"https://[]",
            b"http://[0:0:0:0:0:0:0:1]",
            b"http://[::ffff:127.0.0.1]",
            b"app://[::ffff:127.0.0.1]",
            b"http://127.1",
            // a last label that is a number makes it an address
            b"https://127.1",
            b"https://256.256.256.256",
            b"https://1.2.3.4.5",
            b"https://example.123",
            b"https://example.0x1f",
            b"https://example.com https://evil.com",
            b"file:///",
            b"file://a.example",
            b"file://:80",
            b"FILE://",
            b"App://-",
            b"app://",
            b"app://*",
            b"app://a,b",
            b"app://a;b",
            b"app://a'b",
            b"app://a@b",
        ];
        for value in refused {
            assert!(Origin::parse(value).is_none(), "{}", value.escape_ascii());
        }
    }

    /// Hyphens count like other bytes.
    #[test]
    fn a_label_is_no_longer_than_63_bytes() {
        for scheme in ["https", "http"] {
            for (label, is_origin) in [
                ("a".repeat(63), true),
                ("a".repeat(64), false),
                (format!("a{}b", "-".repeat(61)), true),
                (format!("a{}b", "-".repeat(62)), false),
                (format!("a{}b", "-a".repeat(31)), false),
                ("a--b".to_owned(), true),
                ("a-".to_owned(), true),
                ("-a".to_owned(), true),
                ("-".repeat(63), true),
                ("-".repeat(64), false),
            ] {
                for host in
                    [label.clone(), format!("{label}.example"), format!("x.{label}.example")]
                {
                    let origin = format!("{scheme}://{host}");
                    assert_eq!(Origin::parse(origin.as_bytes()).is_some(), is_origin, "{origin}");
                }
            }
        }
    }

    #[test]
    fn parts_point_into_the_value() {
        for host in ["[::1]", "[1::]", "127.0.0.1", "a.example"] {
            let value = format!("http://{host}:9090");
            let Some(Origin::Tuple(origin)) = Origin::parse(value.as_bytes()) else {
                panic!("an origin");
            };
            assert_eq!((origin.scheme(), origin.host(), origin.port()), ("http", host, Some(9090)));
            assert_eq!(origin.without_port(), format!("http://{host}"));
            assert_eq!(origin.as_str(), value);
        }
    }
}
