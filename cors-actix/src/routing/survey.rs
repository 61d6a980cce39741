//! Questions about the services of an application as a whole, for its review.

use std::collections::HashSet;

use cors_core::{RouteId, ScopeId, is_below};

use super::{
    pattern::Pattern,
    services::{Resource, Scope, Service, Services, Tried, prefixes},
    steps::Target,
};

impl Services {
    /// How many services may take a path.
    pub(crate) fn count_candidates(&self, path: &str) -> usize {
        self.candidates(path).numbers.len()
    }

    /// The full pattern by which actix knows a resource.
    pub(crate) fn full_pattern(&self, resource: &Resource) -> String {
        let own = resource.patterns.first().map_or("", |(pattern, _)| pattern.text());
        prefixes(&self.scopes, resource.scope).map(Pattern::text).chain([own]).collect()
    }

    /// One of the patterns of a resource as a full one.
    fn with_prefixes(&self, resource: &Resource, pattern: &Pattern) -> String {
        let outside = prefixes(&self.scopes, resource.scope);
        outside.chain([pattern]).map(Pattern::text).collect()
    }

    /// A path for each route of the table, its dynamic segments filled with a text.
    pub(crate) fn samples(&self, filler: &str) -> impl Iterator<Item = (RouteId, String)> {
        self.resources().flat_map(move |resource| {
            let outside =
                move || prefixes(&self.scopes, resource.scope).map(move |own| own.sample(filler));
            resource.patterns.iter().flat_map(move |(pattern, target)| {
                let path: String = outside().chain([pattern.sample(filler)]).collect();
                let handlers = target.handlers().iter().copied();
                let plain = target.plain_routes().iter().map(|own| own.route.id);
                handlers.chain(plain).map(move |own| (own, path.clone()))
            })
        })
    }

    /// A path for each resource of which nothing is known but that it is in a scope with a policy of its own, with
    /// its full pattern and the scope.
    pub(crate) fn samples_in_scopes(
        &self,
        filler: &str,
    ) -> impl Iterator<Item = (String, ScopeId, String)> {
        self.resources().flat_map(move |resource| {
            resource.patterns.iter().filter_map(move |(pattern, target)| {
                let Target::Plain(plain) = target else { return None };
                let scope = plain.scope.filter(|_| !plain.is_declared() && !plain.reads_only)?;
                let outside = prefixes(&self.scopes, resource.scope);
                let path = outside.map(|own| own.sample(filler)).chain([pattern.sample(filler)]);
                Some((self.with_prefixes(resource, pattern), scope, path.collect()))
            })
        })
    }

    /// The full pattern of the first resource without `#[cors]` that takes a path, but for that of a route.
    pub(crate) fn first_plain(&self, path: &str, route: RouteId) -> Option<String> {
        let is_own =
            |target: &Target| target.plain_routes().iter().any(|own| own.route.id == route);
        let is_other = |target: &Target| !matches!(target, Target::Annotated(_)) && !is_own(target);
        self.first_that(path, is_other).map(|(_, pattern)| pattern)
    }

    /// The same but for those in a scope.
    pub(crate) fn first_plain_outside(&self, path: &str, scope: ScopeId) -> Option<String> {
        let is_outside =
            |target: &Target| target.plain().is_some_and(|own| own.scope != Some(scope));
        self.first_that(path, is_outside).map(|(_, pattern)| pattern)
    }

    /// The full pattern of the first resource that takes a path, if possible of one without `#[cors]`.
    pub(crate) fn first_of(&self, path: &str) -> Option<String> {
        let is_plain = |target: &Target| target.plain().is_some();
        let first = self.first_that(path, is_plain).or_else(|| self.first_that(path, |_| true));
        first.map(|(_, pattern)| pattern)
    }

    /// The number and the full pattern of the first resource that takes a path, of whose methods nothing is known,
    /// unless the policy of its scope allows what is asked for all the same.
    pub(crate) fn first_unknown(
        &self,
        path: &str,
        is_allowed: impl Fn(Option<ScopeId>) -> bool,
    ) -> Option<(u32, String)> {
        self.first_that(path, |target| match target {
            Target::Plain(plain) => !plain.is_declared() && !is_allowed(plain.scope),
            Target::Annotated(_) | Target::Doubt(..) => false,
        })
    }

    /// The number and the full pattern of the first resource that takes a path and is such a one.
    fn first_that(&self, path: &str, is_such: impl Fn(&Target) -> bool) -> Option<(u32, String)> {
        let mut first = None;
        self.visit(path, &self.candidates(path), |number, tried| {
            if let (None, Tried::Resource(resource, target)) = (&first, tried)
                && is_such(target)
                && self.may_get_to(resource)
            {
                let is_target = |own: &&(_, Target)| std::ptr::eq(&raw const own.1, target);
                let pattern = resource.patterns.iter().find(is_target);
                first = pattern.map(|own| (number, self.with_prefixes(resource, &own.0)));
            }
            0
        });
        first
    }

    /// Whether it is not certain which resource stands for a route.
    pub(crate) fn is_in_doubt(&self, route: RouteId) -> bool {
        let is_in_doubt =
            |target: &Target| matches!(target, Target::Doubt(routes, _) if routes.contains(&route));
        let mut resources = self.resources();
        resources.any(|resource| resource.patterns.iter().any(|(_, target)| is_in_doubt(target)))
    }

    /// The plain routes of the table that a resource of the application has.
    pub(crate) fn plain_routes(&self) -> HashSet<RouteId> {
        let targets = self.resources().flat_map(|resource| &resource.patterns);
        targets.flat_map(|(_, target)| target.plain_routes()).map(|own| own.route.id).collect()
    }

    /// The full pattern of a resource that ends with this pattern.
    pub(crate) fn pattern_ending_with(&self, end: &str) -> Option<String> {
        self.resources()
            .map(|resource| self.full_pattern(resource))
            .find(|full| full.ends_with(end))
    }

    /// The full pattern of the first resource that stands behind a scope which takes every path that is left.
    pub(crate) fn behind_read_only(&self) -> Option<String> {
        let mut closed = HashSet::new();
        for service in &self.all {
            match service {
                Service::EndOfScope(scope) => {
                    let Scope { outer, reads_only, .. } = self.scopes[*scope];
                    let is_outermost = outer.is_none_or(|outer| !self.scopes[outer].reads_only);
                    if reads_only && is_outermost {
                        closed.insert(outer);
                    }
                }
                Service::Resource(resource) => {
                    let outwards = |scope: &Option<usize>| scope.map(|own| self.scopes[own].outer);
                    let mut around = std::iter::successors(Some(resource.scope), outwards);
                    if around.any(|own| closed.contains(&own)) {
                        return Some(self.full_pattern(resource));
                    }
                }
            }
        }
        None
    }

    /// Whether a scope or a resource is registered below a path.
    pub(crate) fn has_below(&self, path: &str) -> bool {
        self.scopes.iter().any(|scope| is_below(&scope.full, path))
            || self.all_resources().any(|own| is_below(&self.full_pattern(own), path))
    }

    /// Whether the application has a resource of a full pattern.
    pub(crate) fn has_pattern(&self, full: &str) -> bool {
        let of = |own: &Resource| {
            let outside: String = prefixes(&self.scopes, own.scope).map(Pattern::text).collect();
            let rest = full.strip_prefix(&*outside);
            rest.is_some_and(|rest| own.patterns.iter().any(|(pattern, _)| pattern.text() == rest))
        };
        self.all_resources().any(of)
    }

    /// Those that the middleware's requests may get to.
    fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.all_resources().filter(|own| self.may_get_to(own))
    }

    fn all_resources(&self) -> impl Iterator<Item = &Resource> {
        self.all.iter().filter_map(|service| match service {
            Service::Resource(resource) => Some(resource),
            Service::EndOfScope(_) => None,
        })
    }
}
