//! The origins a policy allows, as a lookup whose cost does not grow with their number.

use std::{
    hash::{BuildHasher, Hasher},
    sync::Arc,
};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::{OriginPattern, pattern::Parts, wildcards::Wildcards};

/// Answers whether an origin is allowed: one hash lookup for exact origins, and what
/// [`Wildcards`] take where there are any.
#[derive(Debug)]
pub(crate) struct OriginSet {
    list: Arc<[OriginPattern]>,
    exact: Exact,
    /// `None` where no member stands for more than one origin.
    wildcards: Option<Box<Wildcards>>,
}

/// The origins without a wildcard.
#[derive(Debug)]
enum Exact {
    /// Up to [`FEW`], which are compared faster than a hash is made.
    Few(Vec<Box<[u8]>>),
    /// By their places in the list.
    Many(HashTable<u32>, RandomState),
}

const FEW: usize = 2;

impl Exact {
    fn new(list: &[OriginPattern], places: Vec<u32>) -> Self {
        if places.len() <= FEW {
            return Self::Few(places.iter().map(|place| text_at(list, *place).into()).collect());
        }
        let state = RandomState::default();
        let hash = |place: &u32| hash(&state, text_at(list, *place));
        let mut table = HashTable::with_capacity(places.len());
        for place in places {
            table.insert_unique(hash(&place), place, hash);
        }
        Self::Many(table, state)
    }

    #[inline]
    fn contains(&self, list: &[OriginPattern], origin: &[u8]) -> bool {
        match self {
            Self::Few(origins) => origins.iter().any(|own| **own == *origin),
            Self::Many(places, state) => {
                let is_own = |place: &u32| text_at(list, *place) == origin;
                places.find(hash(state, origin), is_own).is_some()
            }
        }
    }
}

/// All that is hashed is one text, so that nothing need set it apart from others.
#[inline]
fn hash(state: &RandomState, text: &[u8]) -> u64 {
    let mut hasher = state.build_hasher();
    hasher.write(text);
    hasher.finish()
}

fn text_at(list: &[OriginPattern], place: u32) -> &[u8] {
    list[place as usize].as_str().as_bytes()
}

impl OriginSet {
    pub(crate) fn new(list: &Arc<[OriginPattern]>) -> Self {
        let is_exact = |pattern: &OriginPattern| matches!(pattern.parts(), Parts::Exact);
        let exact = (0..).zip(list.iter()).filter(|(_, own)| is_exact(own));
        let exact = Exact::new(list, exact.map(|(place, _)| place).collect());
        let wildcards = (!list.iter().all(is_exact)).then(|| Box::new(list.iter().collect()));
        Self { list: Arc::clone(list), exact, wildcards }
    }

    /// Whether the value of an `Origin` header is allowed. One that is listed, byte for byte, is of the
    /// grammar and need not be looked at.
    #[inline]
    pub(crate) fn allows(&self, value: &[u8]) -> bool {
        self.exact.contains(&self.list, value)
            || self.wildcards.as_ref().is_some_and(|own| own.allow(value))
    }
}

#[cfg(test)]
mod tests {
    use super::OriginSet;

    fn set(patterns: &[&str]) -> OriginSet {
        OriginSet::new(&patterns.iter().map(|text| text.parse().unwrap()).collect())
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
            assert_eq!(set.allows(origin.as_bytes()), allowed, "{origin}");
        }
    }

    /// GHSA-vhxv-fg4m-p2w8: two origins that share a suffix allowed a mixture of both.
    #[test]
    fn origins_with_a_common_suffix_do_not_mix() {
        let set = set(&["https://foo.com", "https://bar.com"]);
        for origin in ["https://barfoo.com", "https://foobar.com"] {
            assert!(!set.allows(origin.as_bytes()), "{origin}");
        }
    }
}
