//! Questions about the services of an application as a whole, for its review.

use std::collections::HashSet;

use cors_core::RouteId;

use super::{
    pattern::Pattern,
    services::{Resource, Service, Services, Tried, prefixes},
    steps::Target,
};

impl Services {
    /// How many services may take a path.
    pub(crate) fn count_candidates(&self, path: &str) -> usize {
        self.candidates(path).numbers.len()
    }

    /// The full pattern by which actix knows a resource.
    fn full_pattern(&self, resource: &Resource) -> String {
        let own = resource.patterns.first().map_or("", |(pattern, _)| pattern.text());
        prefixes(&self.scopes, resource.scope).map(Pattern::text).chain([own]).collect()
    }

    /// A path for each annotated route, its dynamic segments filled with a text.
    pub(crate) fn samples(&self, filler: &str) -> impl Iterator<Item = (RouteId, String)> {
        self.resources().flat_map(move |resource| {
            let outside =
                move || prefixes(&self.scopes, resource.scope).map(move |own| own.sample(filler));
            resource.patterns.iter().flat_map(move |(pattern, target)| {
                let path: String = outside().chain([pattern.sample(filler)]).collect();
                target.handlers().iter().map(move |own| (*own, path.clone()))
            })
        })
    }

    /// The full pattern of the first resource without `#[cors]` that takes a path.
    pub(crate) fn first_plain(&self, path: &str) -> Option<String> {
        let mut first = None;
        self.visit(path, &self.candidates(path), |_, tried| {
            if let (None, Tried::Resource(resource, target)) = (&first, tried)
                && !matches!(target, Target::Annotated(_))
            {
                first = Some(self.full_pattern(resource));
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

    fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.all.iter().filter_map(|service| match service {
            Service::Resource(resource) => Some(resource),
            Service::EndOfScope(_) => None,
        })
    }
}
