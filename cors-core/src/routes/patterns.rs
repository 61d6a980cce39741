//! What is computed once for all routes of one pattern.

use std::collections::{BTreeSet, HashMap};

use super::{PathMatch, RouteId, RouteSpec, Step, candidates::Routes};
use crate::{
    decide::CompiledPolicy,
    methods::{Method, Named, SAFELISTED_NAMES},
};

/// What the routes of one pattern have in common.
#[derive(Debug)]
pub(super) struct Pattern<V> {
    /// Those whose methods are known.
    pub(super) routes: Vec<RouteId>,
    /// For each policy, the methods that no other policy of the pattern could answer, as the value of
    /// `Access-Control-Allow-Methods`; among them the safelisted ones that no route of the pattern serves.
    pub(super) listed_methods: Vec<(usize, V)>,
    /// All methods, as the value of `Allow`.
    pub(super) allow: V,
}

impl<V> Pattern<V> {
    pub(super) fn new(
        members: Vec<RouteId>,
        specs: &[RouteSpec],
        routes: &Routes,
        policies: &[CompiledPolicy<V>],
        value: &impl Fn(&str) -> V,
    ) -> Self {
        let methods = members.iter().filter_map(|id| specs[id.index()].methods.as_ref()).flatten();
        let methods: BTreeSet<&str> = methods.map(Method::as_str).collect();
        let listed_methods = methods_by_policy(&members, &methods, routes, policies)
            .into_iter()
            .map(|(policy, methods)| (policy, value(&methods.join(", "))))
            .collect();
        let allow = value(&methods.into_iter().collect::<Vec<_>>().join(", "));
        let routes = members.into_iter().filter(|id| routes.has_methods(*id)).collect();
        Self { routes, listed_methods, allow }
    }
}

/// For the routes of one pattern: the methods that only one policy can answer, by policy.
fn methods_by_policy<'m, V>(
    members: &[RouteId],
    methods: &BTreeSet<&'m str>,
    routes: &Routes,
    policies: &[CompiledPolicy<V>],
) -> Vec<(usize, Vec<&'m str>)> {
    let steps: Vec<Step> = members.iter().copied().map(Step::route).collect();
    let mut listed: Vec<(usize, Vec<&str>)> = Vec::new();
    for method in methods {
        let named = Named::new(method);
        let mut candidates =
            routes.candidates(PathMatch::certain(&steps), named).map(|found| found.policy);
        let Some(policy) = candidates.next() else {
            continue;
        };
        let is_shared = candidates.all(|other| other == policy);
        if !is_shared || !policies[policy].allows_method(named, true) {
            continue;
        }
        match listed.iter_mut().find(|(own, _)| *own == policy) {
            Some((_, methods)) => methods.push(method),
            None => listed.push((policy, vec![method])),
        }
    }
    let is_free = |method: &str| {
        let named = Named::new(method);
        routes.candidates(PathMatch::certain(&steps), named).all(|own| own.route().is_none())
    };
    let free: Vec<&str> = SAFELISTED_NAMES.into_iter().filter(|own| is_free(own)).collect();
    for (_, methods) in &mut listed {
        methods.extend(&free);
        methods.sort_unstable();
    }
    listed
}

/// The number of each route's pattern, and the places of the routes of each pattern.
pub(super) fn group_by_pattern(routes: &[RouteSpec]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let mut numbers = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut pattern_of = Vec::with_capacity(routes.len());
    for (index, route) in routes.iter().enumerate() {
        let number = *numbers.entry(route.pattern.as_str()).or_insert(groups.len());
        if number == groups.len() {
            groups.push(Vec::new());
        }
        groups[number].push(index);
        pattern_of.push(number);
    }
    (pattern_of, groups)
}
