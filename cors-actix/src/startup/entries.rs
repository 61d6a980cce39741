//! The entries of routes: which of them lie over what a handler serves.

use cors_core::{ConfigErrors, LayeredPolicy, Method, RouteEntry};

/// Those that scripts can send: actix serves CONNECT and TRACE as well.
pub(super) fn browser_methods(names: &[&str]) -> Vec<Method> {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

/// Methods that have the same entries together, in their order.
pub(super) fn group_by_entries<'e, 'm>(
    entries: &'e [RouteEntry],
    pattern: &str,
    methods: &[&'m str],
) -> Vec<(Vec<&'m str>, Vec<&'e RouteEntry>)> {
    let mut groups: Vec<(Vec<&str>, Vec<&RouteEntry>)> = Vec::new();
    for name in methods {
        let method: Option<Method> = name.parse().ok();
        let covers = |entry: &&RouteEntry| {
            method.as_ref().is_some_and(|method| entry.covers(pattern, method))
        };
        let own: Vec<&RouteEntry> = entries.iter().filter(covers).collect();
        match groups.iter_mut().find(|(_, other)| *other == own) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], own)),
        }
    }
    groups
}

pub(super) fn lay_entries(
    policy: LayeredPolicy,
    entries: &[&RouteEntry],
    methods: &[Method],
) -> Result<LayeredPolicy, ConfigErrors> {
    entries.iter().try_fold(policy, |policy, entry| policy.apply_entry(entry, methods))
}
