//! Patterns that stand for more than one origin, as a lookup.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::{
    Origin, OriginPattern, TupleOrigin, grammar,
    pattern::{Parts, PortPattern},
};

/// Answers whether an origin is one of those that patterns stand for: one hash lookup for hosts at any
/// port, and one for each parent domain of the host where there are more subdomain patterns than [`FEW`], or some at any port.
#[derive(Debug, Default)]
pub(super) struct Wildcards {
    null: bool,
    any_port: HashSet<Box<str>, RandomState>,
    /// Up to [`FEW`] subdomain patterns, for which an origin need not be taken apart.
    endings: Vec<Ending>,
    /// All others, by their base.
    subdomains: HashMap<Box<str>, Vec<Subdomains>, RandomState>,
}

const FEW: usize = 2;

/// A subdomain pattern as what an origin starts and ends with.
#[derive(Debug)]
struct Ending {
    /// The scheme and `://`.
    start: Box<[u8]>,
    /// All that follows the wildcard.
    end: Box<[u8]>,
    /// The part of it that belongs to the host.
    base_len: usize,
}

#[derive(Debug)]
struct Subdomains {
    scheme: Box<str>,
    port: PortPattern,
}

impl<'a> FromIterator<&'a OriginPattern> for Wildcards {
    fn from_iter<I: IntoIterator<Item = &'a OriginPattern>>(patterns: I) -> Self {
        let mut own = Self::default();
        for pattern in patterns {
            match pattern.parts() {
                Parts::Null => own.null = true,
                Parts::Exact => {}
                Parts::AnyPort(origin) => _ = own.any_port.insert(origin.into()),
                Parts::Subdomains { scheme, base, port } => {
                    if own.endings.len() < FEW
                        && let Some(ending) = Ending::new(pattern)
                    {
                        own.endings.push(ending);
                    } else {
                        let pattern = Subdomains { scheme: scheme.into(), port };
                        own.subdomains.entry(base.into()).or_default().push(pattern);
                    }
                }
            }
        }
        own
    }
}

impl Wildcards {
    /// Whether the value of an `Origin` header is of the grammar and one of those.
    pub(super) fn allow(&self, value: &[u8]) -> bool {
        self.endings.iter().any(|ending| ending.matches(value))
            || (self.has_more() && Origin::parse(value).is_some_and(|origin| self.cover(&origin)))
    }

    fn has_more(&self) -> bool {
        self.null || !self.any_port.is_empty() || !self.subdomains.is_empty()
    }

    fn cover(&self, origin: &Origin<'_>) -> bool {
        match origin {
            Origin::Null => self.null,
            Origin::Tuple(origin) => {
                (!self.any_port.is_empty() && self.any_port.contains(origin.without_port()))
                    || (!self.subdomains.is_empty() && self.cover_as_subdomain(origin))
            }
        }
    }

    fn cover_as_subdomain(&self, origin: &TupleOrigin<'_>) -> bool {
        let mut host = origin.host();
        while let Some(dot) = host.bytes().position(|byte| byte == b'.') {
            host = &host[dot + 1..];
            let patterns = self.subdomains.get(host);
            if patterns.is_some_and(|list| list.iter().any(|pattern| pattern.matches(origin))) {
                return true;
            }
        }
        false
    }
}

impl Ending {
    /// `None` unless the pattern has subdomains at one port.
    fn new(pattern: &OriginPattern) -> Option<Self> {
        let Parts::Subdomains { base, port: PortPattern::Exactly(_), .. } = pattern.parts() else {
            return None;
        };
        let (start, end) = pattern.as_str().split_once('*')?;
        let base_len = ".".len() + base.len();
        Some(Self { start: start.as_bytes().into(), end: end.as_bytes().into(), base_len })
    }

    /// What the origin shares with the pattern is of the grammar.
    fn matches(&self, value: &[u8]) -> bool {
        let labels = value.strip_suffix(&*self.end).and_then(|own| own.strip_prefix(&*self.start));
        labels.is_some_and(|labels| {
            labels.len() + self.base_len <= grammar::MAX_HOST && grammar::is_usual_domain(labels)
        })
    }
}

impl Subdomains {
    fn matches(&self, origin: &TupleOrigin<'_>) -> bool {
        *self.scheme == *origin.scheme() && self.port.matches(origin.port())
    }
}

#[cfg(test)]
mod tests {
    use super::{FEW, OriginPattern, Wildcards};

    /// A host below `example.com`.
    fn host(len: usize) -> String {
        let labels = len - ".example.com".len();
        let last = if labels.is_multiple_of(2) { "aa" } else { "a" };
        let host = format!("{}{last}.example.com", "a.".repeat((labels - 1) / 2));
        assert_eq!(host.len(), len);
        host
    }

    /// However many there are, so that it does not matter in which way they are looked up.
    #[test]
    fn each_kind_of_pattern_alone_and_beside_others() {
        let others: Vec<String> =
            (0..=FEW).map(|number| format!("https://*.other{number}.com")).collect();
        let kinds: [(&str, &[&str], &[&str]); 4] = [
            (
                "http://localhost:*",
                &["http://localhost", "http://localhost:3000"],
                &["https://localhost", "http://a.localhost", "http://localhost.", "null"],
            ),
            (
                "https://*.example.com:8443",
                &["https://a.example.com:8443", "https://b.a.example.com:8443"],
                &[
                    "https://a.example.com",
                    "https://a.example.com:8444",
                    "http://a.example.com:8443",
                    "https://example.com:8443",
                ],
            ),
            (
                "https://*.example.com",
                &["https://a.example.com"],
                &["https://a.example.com:8443", "https://example.com", "https://aexample.com"],
            ),
            (
                "https://*.example.com:*",
                &["https://a.example.com", "https://a.example.com:1"],
                &["http://a.example.com", "https://example.com", "https://a.example.com.evil.com"],
            ),
        ];
        for (pattern, allowed, refused) in kinds {
            let many = others.iter().cloned().chain([pattern.to_owned()]).collect();
            for patterns in [vec![pattern.to_owned()], many] {
                let patterns: Vec<OriginPattern> =
                    patterns.iter().map(|text| text.parse().unwrap()).collect();
                let set: Wildcards = patterns.iter().collect();
                for (origins, is_allowed) in [(allowed, true), (refused, false)] {
                    for origin in origins {
                        assert_eq!(set.allow(origin.as_bytes()), is_allowed, "{pattern} {origin}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_host_is_no_longer_than_253_bytes_however_many_patterns_there_are() {
        let others = (0..FEW).map(|number| format!("https://*.example{number}.com"));
        for port in ["", ":8443"] {
            let pattern = format!("https://*.example.com{port}");
            let many = others.clone().chain([pattern.clone()]).collect();
            for patterns in [vec![pattern], many] {
                let patterns: Vec<OriginPattern> =
                    patterns.iter().map(|text| text.parse().unwrap()).collect();
                let set: Wildcards = patterns.iter().collect();
                assert_eq!(set.subdomains.len(), usize::from(patterns.len() > FEW));
                for (len, is_allowed) in [(252, true), (253, true), (254, false), (255, false)] {
                    let origin = format!("https://{}{port}", host(len));
                    assert_eq!(set.allow(origin.as_bytes()), is_allowed, "{len}");
                }
            }
        }
    }
}
