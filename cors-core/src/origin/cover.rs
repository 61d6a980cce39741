//! Which patterns of a list stand for others of it.

use std::collections::HashMap;

use super::{OriginPattern, pattern::PortPattern};

/// The patterns that another one covers, each with that other one.
pub(crate) fn covered<'a>(
    list: impl Iterator<Item = &'a OriginPattern> + Clone,
) -> impl Iterator<Item = (&'a OriginPattern, &'a OriginPattern)> {
    let covers: Covers<'a> = list.clone().collect();
    list.filter_map(move |pattern| Some((pattern, covers.cover(pattern)?)))
}

/// The patterns with wildcards: those for any port by host, those for subdomains by their base.
#[derive(Default)]
struct Covers<'a> {
    hosts: HashMap<&'a str, Vec<&'a OriginPattern>>,
    bases: HashMap<&'a str, Vec<&'a OriginPattern>>,
}

impl<'a> FromIterator<&'a OriginPattern> for Covers<'a> {
    fn from_iter<I: IntoIterator<Item = &'a OriginPattern>>(list: I) -> Self {
        let mut covers = Self::default();
        for pattern in list {
            let Some((_, host, port)) = pattern.tuple() else { continue };
            if let Some(base) = host.strip_prefix("*.") {
                covers.bases.entry(base).or_default().push(pattern);
            } else if port == PortPattern::Any {
                covers.hosts.entry(host).or_default().push(pattern);
            }
        }
        covers
    }
}

impl<'a> Covers<'a> {
    fn cover(&self, pattern: &OriginPattern) -> Option<&'a OriginPattern> {
        let (scheme, host, port) = pattern.tuple()?;
        let covers = |other: &&&'a OriginPattern| {
            other.tuple().is_some_and(|(own_scheme, _, own_port)| {
                own_scheme == scheme && own_port.covers(port) && **other != pattern
            })
        };
        let parents = std::iter::successors(Some(host), |host| Some(host.split_once('.')?.1));
        let mut of_parents = parents.skip(1).filter_map(|parent| self.bases.get(parent)).flatten();
        let mut of_host = self.hosts.get(host).into_iter().flatten();
        of_host.find(covers).or_else(|| of_parents.find(covers)).copied()
    }
}
