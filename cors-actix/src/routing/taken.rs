//! What may have answered a request of which actix has taken the whole path: a plain route, of which actix tells the
//! pattern, or a scope of just this path, for which it tells any pattern that the path has, or none.

use actix_web::dev::{Path, Url};
use cors_core::{ScopeId, Step};
use smallvec::SmallVec;

use super::{
    pattern::Pattern,
    services::{Lookup, Resource, Services, Tried, prefixes},
    steps::{Steps, Target},
};

impl Services {
    /// Whether a request may have come to the end of a scope that leaves nothing of its path. What actix
    /// has named of the path is then what the prefixes name; a service that it does not list, and that
    /// takes the rest of the path, has named more.
    pub(crate) fn may_end_in_scope(&self, path: &Path<Url>) -> bool {
        self.scopes_ending(path).next().is_some()
    }

    fn scopes_ending(&self, path: &Path<Url>) -> impl Iterator<Item = usize> {
        let mut lookup = Lookup::default();
        (0..self.scopes.len()).filter(move |scope| {
            let entered = self.enter(*scope, path.as_str(), &mut lookup);
            entered.rest == Some("") && self.names_same(Some(*scope), None, path)
        })
    }

    /// Adds what such scopes do with what none of their services takes.
    pub(super) fn add_ends(&self, path: &Path<Url>, steps: &mut Steps) {
        for scope in self.scopes_ending(path) {
            let under = self.under(path.as_str(), &self.scopes[scope].full);
            let base = under.is_empty().then_some(None);
            let under = under.into_iter().map(Some).chain(base);
            steps.extend(under.map(|own| Step::other().under(own)));
        }
    }

    /// Adds the plain routes of the table at this full pattern, if a path matches it, and is named so if `names` are
    /// given. Answers the scopes of the resources of the pattern that take the path: a resource of several patterns
    /// is known by its first, and is in the scope of the one that matches.
    pub(super) fn add_plain_steps(
        &self,
        path: &str,
        pattern: &str,
        names: Option<&Path<Url>>,
        steps: &mut Steps,
    ) -> SmallVec<[Option<ScopeId>; 2]> {
        let mut scopes = SmallVec::new();
        self.visit(path, &self.candidates(path), |_, tried| {
            if let Tried::Resource(resource, target) = tried
                && self.has_full_pattern(resource, pattern)
                && names.is_none_or(|names| self.are_names_of(resource, target, names))
            {
                let routes = target.plain_routes().iter();
                steps.extend(routes.map(|own| Step::route(own.route.id)));
                let scope = target.plain().map(|own| own.scope);
                scopes.extend(scope.filter(|scope| !scopes.contains(scope)));
            }
            steps.len()
        });
        scopes
    }

    fn are_names_of(&self, resource: &Resource, target: &Target, path: &Path<Url>) -> bool {
        let mut patterns = resource.patterns.iter();
        let own = patterns.find(|(_, own)| std::ptr::eq(own, target));
        own.is_some_and(|(own, _)| self.names_same(resource.scope, Some(own), path))
    }

    /// Whether a scope, and perhaps a pattern in it, would name what is named of a path.
    pub(super) fn names_same(
        &self,
        scope: Option<usize>,
        pattern: Option<&Pattern>,
        path: &Path<Url>,
    ) -> bool {
        let mut captured = Path::new(path.as_str());
        prefixes(&self.scopes, scope).chain(pattern).all(|own| own.capture(&mut captured))
            && captured.iter().eq(path.iter())
    }

    /// Whether actix knows a resource by a full pattern.
    fn has_full_pattern(&self, resource: &Resource, pattern: &str) -> bool {
        let own = resource.patterns.first().map_or("", |(pattern, _)| pattern.text());
        self.without_prefixes(resource.scope, pattern) == Some(own)
    }

    /// What is left of a full pattern behind the prefixes of a scope and those around it.
    fn without_prefixes<'t>(&self, scope: Option<usize>, pattern: &'t str) -> Option<&'t str> {
        let Some(scope) = scope else { return Some(pattern) };
        let own = &self.scopes[scope];
        self.without_prefixes(own.outer, pattern)?.strip_prefix(own.prefix.text())
    }
}
