//! Which patterns of a list stand for others of it, or of another list.

use std::collections::HashMap;

use super::{
    OriginPattern,
    host_parts::HostParts,
    pattern::{Parts, PortPattern},
};

/// The patterns that another one covers, each with that other one.
pub(crate) fn covered<'a>(
    list: impl Iterator<Item = &'a OriginPattern> + Clone,
) -> impl Iterator<Item = (&'a OriginPattern, &'a OriginPattern)> {
    let covers: Covers<'a> = list.clone().collect();
    let cover = move |pattern: &'a OriginPattern| covers.cover(pattern, |other| *other != pattern);
    list.filter_map(move |pattern| Some((pattern, cover(pattern)?)))
}

/// A scheme and the ports of a pattern.
type Site<'a> = (&'a str, PortPattern);

/// The patterns with wildcards, by scheme and port: a long list is checked in time that grows with its length
/// alone.
#[derive(Default)]
pub(crate) struct Covers<'a> {
    sites: HashMap<Site<'a>, CoversOfSite<'a>>,
}

#[derive(Default)]
struct CoversOfSite<'a> {
    /// The pattern for any host.
    any: Option<&'a OriginPattern>,
    /// Those for a host at any port.
    hosts: HashMap<&'a str, &'a OriginPattern>,
    /// Those for subdomains, by their base.
    bases: HashMap<&'a str, &'a OriginPattern>,
    parts: HostParts<&'a OriginPattern>,
}

impl<'a> FromIterator<&'a OriginPattern> for Covers<'a> {
    fn from_iter<I: IntoIterator<Item = &'a OriginPattern>>(list: I) -> Self {
        let mut covers = Self::default();
        for pattern in list {
            let Some((scheme, host, port)) = pattern.tuple() else { continue };
            let site = covers.sites.entry((scheme, port)).or_default();
            match pattern.parts() {
                Parts::Null | Parts::Exact => {}
                Parts::AnyHost { .. } => site.any = Some(pattern),
                Parts::AnyPort(_) => _ = site.hosts.insert(host, pattern),
                Parts::Subdomains { base, .. } => _ = site.bases.insert(base, pattern),
                Parts::Part { label, .. } => site.parts.insert(label, pattern),
            }
        }
        covers
    }
}

impl<'a> Covers<'a> {
    /// Whether one of the patterns stands for all that this one, which has a wildcard, stands for.
    pub(crate) fn have(&self, pattern: &OriginPattern) -> bool {
        self.cover(pattern, |_| true).is_some()
    }

    fn cover(
        &self,
        pattern: &OriginPattern,
        is_wanted: impl Fn(&&'a OriginPattern) -> bool,
    ) -> Option<&'a OriginPattern> {
        let (scheme, host, port) = pattern.tuple()?;
        let any_port = (port != PortPattern::Any).then_some(PortPattern::Any);
        let ports = any_port.into_iter().chain([port]);
        let mut sites = ports.filter_map(|port| self.sites.get(&(scheme, port)));
        sites.find_map(|site| site.cover(host, &is_wanted))
    }
}

impl<'a> CoversOfSite<'a> {
    fn cover(
        &self,
        host: &str,
        is_wanted: impl Fn(&&'a OriginPattern) -> bool,
    ) -> Option<&'a OriginPattern> {
        let parents = std::iter::successors(Some(host), |host| Some(host.split_once('.')?.1));
        let of_host = self.hosts.get(host).copied();
        let mut of_parents = parents.skip(1).filter_map(|parent| self.bases.get(parent)).copied();
        of_host
            .filter(&is_wanted)
            .or_else(|| of_parents.find(&is_wanted))
            .or_else(|| self.parts.find(host, &is_wanted).copied())
            .or_else(|| self.any.filter(&is_wanted))
    }
}
