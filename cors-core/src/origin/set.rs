//! The origins a policy allows, as a lookup whose cost does not grow with their number.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::{
    Origin, OriginPattern, TupleOrigin,
    pattern::{Parts, PortPattern},
};

/// Answers whether an origin is allowed: one hash lookup for exact origins, one more for hosts at
/// any port, and one for each parent domain of the host where subdomain patterns exist.
#[derive(Debug, Clone, Default)]
pub(crate) struct OriginSet {
    null: bool,
    exact: Exact,
    any_port: HashSet<Box<str>, RandomState>,
    subdomains: HashMap<Box<str>, Vec<Subdomains>, RandomState>,
}

/// The origins without a wildcard.
#[derive(Debug, Clone)]
enum Exact {
    /// Up to [`FEW`], which are compared faster than a hash is made.
    Few(Vec<Box<str>>),
    Many(HashSet<Box<[u8]>, RandomState>),
}

const FEW: usize = 2;

#[derive(Debug, Clone)]
struct Subdomains {
    scheme: Box<str>,
    port: PortPattern,
}

impl Default for Exact {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Exact {
    #[inline]
    fn contains(&self, origin: &[u8]) -> bool {
        match self {
            Self::Few(own) => own.iter().any(|own| own.as_bytes() == origin),
            Self::Many(own) => own.contains(origin),
        }
    }

    fn insert(&mut self, origin: &str) {
        match self {
            Self::Few(own) if own.len() < FEW => own.push(origin.into()),
            Self::Few(own) => {
                let own = own.drain(..).map(str::into_boxed_bytes);
                *self = Self::Many(own.chain([origin.as_bytes().into()]).collect());
            }
            Self::Many(own) => _ = own.insert(origin.as_bytes().into()),
        }
    }
}

impl OriginSet {
    /// Whether the value of an `Origin` header is allowed. One that is listed, byte for byte, is of the
    /// grammar and need not be looked at.
    #[inline]
    pub(crate) fn allows(&self, value: &[u8]) -> bool {
        self.exact.contains(value)
            || (self.has_more_than_exact()
                && Origin::parse(value).is_some_and(|origin| self.contains(&origin)))
    }

    #[inline]
    fn has_more_than_exact(&self) -> bool {
        self.null || !self.any_port.is_empty() || !self.subdomains.is_empty()
    }

    fn contains(&self, origin: &Origin<'_>) -> bool {
        match origin {
            Origin::Null => self.null,
            Origin::Tuple(origin) => {
                self.exact.contains(origin.as_str().as_bytes())
                    || (!self.any_port.is_empty() && self.any_port.contains(origin.without_port()))
                    || (!self.subdomains.is_empty() && self.covers_as_subdomain(origin))
            }
        }
    }

    fn covers_as_subdomain(&self, origin: &TupleOrigin<'_>) -> bool {
        let mut host = origin.host();
        while let Some((_, parent)) = host.split_once('.') {
            let patterns = self.subdomains.get(parent);
            if patterns.is_some_and(|list| list.iter().any(|pattern| pattern.matches(origin))) {
                return true;
            }
            host = parent;
        }
        false
    }
}

impl Subdomains {
    fn matches(&self, origin: &TupleOrigin<'_>) -> bool {
        *self.scheme == *origin.scheme() && self.port.matches(origin.port())
    }
}

impl<'a> FromIterator<&'a OriginPattern> for OriginSet {
    fn from_iter<I: IntoIterator<Item = &'a OriginPattern>>(patterns: I) -> Self {
        let mut set = Self::default();
        for pattern in patterns {
            match pattern.parts() {
                Parts::Null => set.null = true,
                Parts::Exact(origin) => set.exact.insert(origin),
                Parts::AnyPort(origin) => {
                    set.any_port.insert(origin.into());
                }
                Parts::Subdomains { scheme, base, port } => {
                    let pattern = Subdomains { scheme: scheme.into(), port };
                    set.subdomains.entry(base.into()).or_default().push(pattern);
                }
            }
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::{Origin, OriginPattern, OriginSet};

    fn set(patterns: &[&str]) -> OriginSet {
        let patterns: Vec<OriginPattern> =
            patterns.iter().map(|text| text.parse().unwrap()).collect();
        patterns.iter().collect()
    }

    #[test]
    fn patterns_are_anchored_on_scheme_labels_and_port() {
        let set = set(&[
            "https://example.com",
            "https://*.example.com",
            "https://*.p.example.org:*",
            "http://[::1]:9090",
            "http://127.0.0.1:*",
        ]);
        let table = [
            ("https://example.com", true),
            ("https://a.b.example.com", true),
            ("https://x.p.example.org:1", true),
            ("https://x.p.example.org", true),
            ("http://[::1]:9090", true),
            ("http://127.0.0.1", true),
            ("http://127.0.0.1:8080", true),
            ("null", false),
            ("http://example.com", false),
            ("https://example.com:8443", false),
            ("https://a.example.com:8443", false),
            ("https://example.com.", false),
            ("https://evilexample.com", false),
            ("https://example.com.evil.com", false),
            ("https://p.example.org:1", false),
            ("http://[::1]", false),
        ];
        for (origin, allowed) in table {
            let origin = Origin::parse(origin.as_bytes()).unwrap();
            assert_eq!(set.contains(&origin), allowed, "{origin:?}");
        }
    }

    /// GHSA-vhxv-fg4m-p2w8: two origins that share a suffix allowed a mixture of both.
    #[test]
    fn origins_with_a_common_suffix_do_not_mix() {
        let set = set(&["https://foo.com", "https://bar.com"]);
        for origin in ["https://barfoo.com", "https://foobar.com"] {
            assert!(!set.contains(&Origin::parse(origin.as_bytes()).unwrap()), "{origin}");
        }
    }
}
