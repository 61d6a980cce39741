//! Whether an origin that has credentials is one that may ask at all.

use std::sync::Arc;

use crate::{
    origin::{OriginPattern, OriginSet},
    policy::Policy,
};

/// How many pairs of patterns are compared at most, so that a start stays fast.
const PAIRS: usize = 1_000_000;

/// The listed origins with credentials that `allow_origins` surely admits none of.
pub(super) fn not_admitted(policy: &Policy) -> Vec<&OriginPattern> {
    let (listed, allowed) = (policy.allow_credentials().listed(), policy.allow_origins());
    let Some(lookup) = allowed.lookup() else { return Vec::new() };
    let is_small = listed.clone().count().saturating_mul(allowed.members().count()) <= PAIRS;
    let is_admitted = |own: &&OriginPattern| {
        if !own.as_str().contains('*') {
            return lookup.allows(own.as_str().as_bytes());
        }
        !is_small || allowed.members().any(|other| overlap(own, other))
    };
    listed.filter(|own| !is_admitted(own)).collect()
}

/// Whether credentials of a listed origin come to anything under a policy.
pub(super) fn have_effect(policy: &Policy, listed: &str) -> bool {
    let is_it = |own: &OriginPattern| own.as_str() == listed;
    policy.allow_credentials().listed().any(is_it) && !not_admitted(policy).into_iter().any(is_it)
}

/// Whether some origin is one of both patterns: if so, one with the host of either and the port of either is.
fn overlap(one: &OriginPattern, other: &OriginPattern) -> bool {
    let sets = [one, other].map(|own| OriginSet::new(&Arc::from([own.clone()])));
    let parts = [one, other].map(|own| parts(own.as_str()));
    parts.iter().any(|(host, _)| {
        parts.iter().any(|(_, port)| {
            let origin = format!("{host}{port}");
            sets.iter().all(|set| set.allows(origin.as_bytes()))
        })
    })
}

/// Scheme and host of an origin that a pattern stands for, and its port with the colon.
fn parts(pattern: &str) -> (String, &str) {
    let start = pattern.rfind(':').filter(|at| {
        let port = &pattern[at + 1..];
        !port.starts_with("//") && !port.contains(']')
    });
    let (host, port) = pattern.split_at(start.unwrap_or(pattern.len()));
    (host.replace('*', "x"), if port == ":*" { "" } else { port })
}

#[cfg(test)]
mod tests {
    use super::not_admitted;
    use crate::Policy;

    #[test]
    fn an_origin_is_not_admitted_if_no_other_pattern_stands_for_it_too() {
        let rows: [(&[&str], &str, bool); 16] = [
            (&["*"], "https://a.example", true),
            (&["https://a.example"], "https://a.example", true),
            (&["https://b.example", "https://*.a.example"], "https://x.a.example", true),
            (&["https://a.example:*"], "https://a.example:8443", true),
            (&["https://x.a.example"], "https://*.a.example", true),
            (&["https://*.x.a.example"], "https://*.a.example", true),
            (&["https://*.a.example"], "https://*.x.a.example", true),
            (&["https://*.a.example:*"], "https://*.x.a.example:8443", true),
            // each covers a part of the other
            (&["https://*.x.a.example:*"], "https://*.a.example", true),
            (&["http://[::1]:*"], "http://[::1]:3000", true),
            (&[], "https://a.example", false),
            (&["https://b.example"], "https://a.example", false),
            (&["https://*.a.example"], "https://a.example", false),
            (&["https://a.example"], "https://*.a.example", false),
            (&["https://*.a.example"], "http://*.a.example", false),
            (&["https://*.a.example:8443"], "https://*.a.example", false),
        ];
        for (allowed, listed, is_admitted) in rows {
            let policy = Policy::builder()
                .allow_origins(allowed.iter().copied())
                .allow_credentials([listed])
                .dangerously_allow_insecure_origins(true)
                .dangerously_allow_public_suffixes(true)
                .build()
                .unwrap();
            assert_eq!(not_admitted(&policy).is_empty(), is_admitted, "{allowed:?} {listed}");
        }
    }
}
