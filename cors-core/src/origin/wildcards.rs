//! Patterns that stand for more than one origin, as a lookup.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::{
    Origin, OriginPattern, TupleOrigin,
    ending::Ending,
    host_parts::HostParts,
    pattern::{Parts, PortPattern},
};

/// Answers whether an origin is one of those that patterns stand for, in time that does not grow with their
/// number. Up to [`FEW`] patterns that [`Ending`] knows are compared with the origin. Otherwise there is one hash lookup for schemes of any host, one for hosts at any port, one for each parent
/// domain of the host, and for parts of labels what [`HostParts`] take, once for patterns at the origin's port and
/// once for those at any. Where one domain is listed with many schemes and ports, they are halved until the origin's is
/// found.
#[derive(Debug, Default)]
pub(super) struct Wildcards {
    null: bool,
    any_host: HashSet<Box<str>, RandomState>,
    any_port: HashSet<Box<str>, RandomState>,
    /// Of [`FEW`] at most, for which an origin need not be taken apart.
    endings: Vec<Ending>,
    /// Those for subdomains, by their base.
    subdomains: HashMap<Box<str>, Sites, RandomState>,
    /// Those for parts of labels, by whether they are over https, and their ports.
    parts: HashMap<(bool, PortPattern), HostParts<()>, RandomState>,
}

const FEW: usize = 2;

/// The schemes and ports with which a domain is listed, in order.
#[derive(Debug, Default)]
struct Sites(Vec<(Box<str>, PortPattern)>);

impl<'a> FromIterator<&'a OriginPattern> for Wildcards {
    fn from_iter<I: IntoIterator<Item = &'a OriginPattern>>(patterns: I) -> Self {
        let patterns: Vec<&OriginPattern> = patterns.into_iter().collect();
        let endings: Vec<Option<Ending>> = patterns.iter().map(|own| Ending::new(own)).collect();
        let are_few = endings.iter().flatten().count() <= FEW;
        let mut own = Self::default();
        for (pattern, ending) in patterns.into_iter().zip(endings) {
            match ending.filter(|_| are_few) {
                Some(ending) => own.endings.push(ending),
                None => own.insert(pattern),
            }
        }
        own.subdomains.values_mut().for_each(|sites| sites.0.sort_unstable());
        own
    }
}

impl Wildcards {
    fn insert(&mut self, pattern: &OriginPattern) {
        match pattern.parts() {
            Parts::Null => self.null = true,
            Parts::Exact => {}
            Parts::AnyHost { scheme } => _ = self.any_host.insert(scheme.into()),
            Parts::AnyPort(origin) => _ = self.any_port.insert(origin.into()),
            Parts::Subdomains { scheme, base, port } => {
                let sites = self.subdomains.entry(base.into()).or_default();
                sites.0.push((scheme.into(), port));
            }
            Parts::Part { scheme, label, port } => {
                self.parts.entry((scheme == "https", port)).or_default().insert(label, ());
            }
        }
    }

    /// Whether the value of an `Origin` header is of the grammar and one of those.
    pub(super) fn allow(&self, value: &[u8]) -> bool {
        self.endings.iter().any(|ending| ending.matches(value))
            || (self.has_more() && Origin::parse(value).is_some_and(|origin| self.cover(&origin)))
    }

    fn has_more(&self) -> bool {
        self.null
            || !self.any_host.is_empty()
            || !self.any_port.is_empty()
            || !self.subdomains.is_empty()
            || !self.parts.is_empty()
    }

    fn cover(&self, origin: &Origin<'_>) -> bool {
        match origin {
            Origin::Null => self.null,
            Origin::File => false,
            Origin::Tuple(origin) => {
                (!self.any_port.is_empty() && self.any_port.contains(origin.without_port()))
                    || (!self.subdomains.is_empty() && self.cover_as_subdomain(origin))
                    || (!self.parts.is_empty() && self.cover_by_part(origin))
                    || (origin.port().is_none() && self.any_host.contains(origin.scheme()))
            }
        }
    }

    fn cover_as_subdomain(&self, origin: &TupleOrigin<'_>) -> bool {
        let host = origin.host();
        // the host of an application may begin with a dot
        let dots = host.bytes().enumerate().filter(|(place, byte)| *byte == b'.' && *place > 0);
        dots.map(|(dot, _)| &host[dot + 1..]).any(|base| {
            let sites = self.subdomains.get(base);
            sites.is_some_and(|sites| sites.have(origin))
        })
    }

    fn cover_by_part(&self, origin: &TupleOrigin<'_>) -> bool {
        let is_https = match origin.scheme() {
            "https" => true,
            "http" => false,
            _ => return false,
        };
        [PortPattern::Any, PortPattern::Exactly(origin.port())].into_iter().any(|port| {
            let hosts = self.parts.get(&(is_https, port));
            hosts.is_some_and(|hosts| hosts.find(origin.host(), |()| true).is_some())
        })
    }
}

impl Sites {
    fn have(&self, origin: &TupleOrigin<'_>) -> bool {
        [PortPattern::Any, PortPattern::Exactly(origin.port())].into_iter().any(|port| {
            let order = |(scheme, own): &(Box<str>, PortPattern)| {
                (**scheme).cmp(origin.scheme()).then(own.cmp(&port))
            };
            self.0.binary_search_by(order).is_ok()
        })
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

    #[test]
    fn each_kind_of_pattern_alone_and_beside_others() {
        let kinds: [Kind; 4] = [
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
        assert_decided(&kinds);
    }

    #[test]
    fn parts_of_labels_and_hosts_of_applications_alone_and_beside_others() {
        let kinds: [Kind; 5] = [
            (
                "https://app-*.example.com",
                &[
                    "https://app-1.example.com",
                    "https://app-a-b.example.com",
                    "https://app--.example.com",
                ],
                &[
                    "https://app-.example.com",
                    "https://app-a.b.example.com",
                    "https://app-a_b.example.com",
                    "https://app-*.example.com",
                    "https://app-A.example.com",
                    "https://xapp-1.example.com",
                    "https://x.app-1.example.com",
                    "https://app-1.example.com.evil.com",
                    "https://app-1.evil.com",
                    "https://app-1.example.com:8443",
                    "http://app-1.example.com",
                    "https://app-1.example.com.",
                    "https://app-1.evil.com/.example.com",
                ],
            ),
            (
                "https://x.a-*-z.example.com:8443",
                &["https://x.a-1-z.example.com:8443", "https://x.a---z.example.com:8443"],
                &[
                    "https://x.a--z.example.com:8443",
                    "https://x.a-z.example.com:8443",
                    "https://a-1-z.example.com:8443",
                    "https://y.a-1-z.example.com:8443",
                    "https://x.a-1-z.example.com",
                ],
            ),
            (
                "http://pr-*.localhost:*",
                &[
                    "http://pr-1.localhost",
                    "http://pr-1.localhost:1",
                    "http://pr--.localhost:65535",
                ],
                &["https://pr-1.localhost", "http://pr-.localhost", "http://pr-1.localhost:0"],
            ),
            (
                "vscode-webview://*",
                &["vscode-webview://1a2b", "vscode-webview://A.b-", "vscode-webview://[::1]"],
                &[
                    "vscode-webview://",
                    "vscode-webview://*",
                    "vscode-webview://a:8080",
                    "vscode-webview://a/",
                    "vscode-webviewx://a",
                    "https://a",
                    "null",
                ],
            ),
            (
                "app://*.Example",
                &["app://a.Example", "app://..Example", "app://A.b.Example"],
                &["app://.Example", "app://Example", "app://a.example", "app://a.Example:1"],
            ),
        ];
        assert_decided(&kinds);
    }

    /// A pattern, what it stands for and what not.
    type Kind = (&'static str, &'static [&'static str], &'static [&'static str]);

    /// However many there are, so that it does not matter in which way they are looked up.
    fn assert_decided(kinds: &[Kind]) {
        let others: Vec<String> =
            (0..=FEW).map(|number| format!("https://*.other{number}.com")).collect();
        for (pattern, allowed, refused) in kinds {
            let many = others.iter().cloned().chain([(*pattern).to_owned()]).collect();
            for patterns in [vec![(*pattern).to_owned()], many] {
                let patterns: Vec<OriginPattern> =
                    patterns.iter().map(|text| text.parse().unwrap()).collect();
                let set: Wildcards = patterns.iter().collect();
                for (origins, is_allowed) in [(allowed, true), (refused, false)] {
                    for origin in *origins {
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
                assert_eq!(set.endings.is_empty(), patterns.len() > FEW);
                for (len, is_allowed) in [(252, true), (253, true), (254, false), (255, false)] {
                    let origin = format!("https://{}{port}", host(len));
                    assert_eq!(set.allow(origin.as_bytes()), is_allowed, "{len}");
                }
            }
        }
    }
    #[test]
    fn a_label_is_no_longer_than_63_bytes_and_its_host_than_253_however_many_patterns_there_are() {
        let others = (0..FEW).map(|number| format!("https://a-*.example{number}.com"));
        let host = host(200);
        let deep = format!("https://pr-*-x.{host}");
        for (pattern, longest) in [("https://pr-*-x.example.com", 63 - 5), (&deep, 253 - 206)] {
            let many = others.clone().chain([pattern.to_owned()]).collect();
            for patterns in [vec![pattern.to_owned()], many] {
                let patterns: Vec<OriginPattern> =
                    patterns.iter().map(|text| text.parse().unwrap()).collect();
                let set: Wildcards = patterns.iter().collect();
                assert_eq!(set.endings.is_empty(), patterns.len() > FEW);
                for len in [0, 1, longest, longest + 1] {
                    let origin = pattern.replace('*', &"a".repeat(len));
                    let is_allowed = (1..=longest).contains(&len);
                    assert_eq!(set.allow(origin.as_bytes()), is_allowed, "{origin}");
                }
            }
        }
    }

    /// A domain may be listed at thousands of ports.
    #[test]
    fn each_port_is_found_among_many() {
        let ports = || (1..2000_u16).filter(|port| port % 3 == 0);
        for host in ["*.example.com", "app-*.example.com"] {
            let patterns = ["http", "https"].into_iter().flat_map(|scheme| {
                ports().map(move |port| format!("{scheme}://{host}:{port}").parse().unwrap())
            });
            let patterns: Vec<OriginPattern> = patterns.collect();
            let set: Wildcards = patterns.iter().collect();
            for scheme in ["http", "https"] {
                for port in 1..2000 {
                    let origin = format!("{scheme}://app-1.example.com:{port}");
                    assert_eq!(set.allow(origin.as_bytes()), port % 3 == 0, "{origin}");
                }
                assert!(!set.allow(format!("{scheme}://app-1.example.com").as_bytes()));
            }
            assert!(!set.allow(b"app://app-1.example.com:3"));
        }
    }
}
