//! Under which policies a request may be served.

use super::{PathMatch, RouteId, Step, path::Service};
use crate::methods::{MethodSet, Named};

/// The number of the base policy among the policies of a table.
pub(super) const BASE: usize = 0;

#[derive(Debug)]
pub(super) struct Route {
    pub(super) methods: Option<MethodSet>,
    pub(super) policy: usize,
    pub(super) guarded: bool,
    /// The same for all routes of one pattern.
    pub(super) pattern: usize,
}

impl Route {
    #[inline]
    fn serves(&self, method: Named<'_>) -> bool {
        self.methods.as_ref().is_none_or(|own| own.contains(method))
    }
}

/// The routes of a table, in the order in which the router tries them.
#[derive(Debug)]
pub(super) struct Routes(pub(super) Vec<Route>);

/// A policy under which a request may be served, with the route that brings it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) policy: usize,
    pub(super) route: Option<RouteId>,
}

impl Candidate {
    pub(super) const BASE: Self = Self { policy: BASE, route: None };
}

impl Routes {
    /// The policies under which a request may be served.
    ///
    /// A route without a guard takes its methods for certain, and the search goes on where its step
    /// says. The base policy may serve what no route certainly takes.
    pub(super) fn candidates<'a>(
        &'a self,
        matches: PathMatch<'a>,
        method: Named<'a>,
    ) -> impl Iterator<Item = Candidate> + 'a {
        let (mut index, mut is_settled) = (0, false);
        std::iter::from_fn(move || {
            while let Some(step) = matches.steps.get(index) {
                index += 1;
                let Some(candidate) = self.candidate(*step, method, is_settled) else { continue };
                if self.is_certain(matches, *step) {
                    is_settled = true;
                    index = index.max(step.next as usize);
                }
                return Some(candidate);
            }
            (!std::mem::replace(&mut is_settled, true)).then_some(Candidate::BASE)
        })
    }

    /// The only candidate, where it can be told at once: mostly the first route that serves the method
    /// takes it for certain.
    #[inline]
    pub(super) fn sole_candidate(
        &self,
        matches: PathMatch<'_>,
        method: Named<'_>,
    ) -> Option<Candidate> {
        for (step, next) in matches.steps.iter().zip(1..) {
            if let Some(candidate) = self.candidate(*step, method, false) {
                let is_last = step.next.max(next) as usize >= matches.steps.len();
                return (is_last && self.is_certain(matches, *step)).then_some(candidate);
            }
        }
        Some(Candidate::BASE)
    }

    /// Whether a step takes for certain what it can take.
    fn is_certain(&self, matches: PathMatch<'_>, step: Step) -> bool {
        let is_guarded = step.table_route().is_some_and(|own| self.0[own.index()].guarded);
        matches.is_certain && !is_guarded
    }

    fn candidate(&self, step: Step, method: Named<'_>, is_settled: bool) -> Option<Candidate> {
        match step.service {
            Service::Route(route) => self
                .serves(route, method)
                .then(|| Candidate { policy: self.0[route.index()].policy, route: Some(route) }),
            Service::Other => Some(Candidate::BASE),
            Service::Fallback => (!is_settled).then_some(Candidate::BASE),
        }
    }

    /// The first candidate, if all of them have its policy.
    pub(super) fn only_candidate(
        &self,
        matches: PathMatch<'_>,
        method: Named<'_>,
    ) -> Option<Candidate> {
        let mut candidates = self.candidates(matches, method);
        let first = candidates.next()?;
        candidates.all(|other| other.policy == first.policy).then_some(first)
    }

    /// Whether a route is known to serve the method at the path.
    pub(super) fn is_routed(&self, matches: PathMatch<'_>, method: Named<'_>) -> bool {
        matches.routes().any(|route| self.has_methods(route) && self.serves(route, method))
    }

    pub(super) fn serves(&self, route: RouteId, method: Named<'_>) -> bool {
        self.0[route.index()].serves(method)
    }

    /// Whether it is known which methods the route serves.
    pub(super) fn has_methods(&self, route: RouteId) -> bool {
        self.0[route.index()].methods.is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BASE, Candidate, PathMatch, Route, RouteId, Routes, Step};
    use crate::methods::{Method, Named};

    /// A route for any method, or a few, perhaps with a guard, under one of three policies.
    fn route() -> impl Strategy<Value = Route> {
        let methods =
            prop::option::of(prop::sample::subsequence(vec!["GET", "PUT", "PATCH"], 0..3));
        (methods, any::<bool>(), BASE..3).prop_map(|(methods, guarded, policy)| Route {
            methods: methods.map(|own| {
                let own: Vec<Method> = own.iter().map(|name| name.parse().unwrap()).collect();
                own.iter().collect()
            }),
            policy,
            guarded,
            pattern: 0,
        })
    }

    /// Any step, the number of its route and where the search goes on.
    fn step() -> impl Strategy<Value = (usize, Option<usize>)> {
        (0..6_usize, prop::option::of(0..6_usize))
    }

    proptest! {
        /// The short way to the only candidate is the way of all.
        #[test]
        fn a_sole_candidate_is_the_only_one(
            routes in prop::collection::vec(route(), 4),
            steps in prop::collection::vec(step(), 0..5),
            is_certain: bool,
        ) {
            let routes = Routes(routes);
            let steps: Vec<Step> = steps
                .into_iter()
                .map(|(kind, next)| {
                    let step = match kind {
                        4 => Step::other(),
                        5 => Step::fallback(),
                        route => Step::route(RouteId::at(route)),
                    };
                    next.map_or(step, |next| step.continue_at(next))
                })
                .collect();
            let matches =
                if is_certain { PathMatch::certain(&steps) } else { PathMatch::possible(&steps) };
            for method in ["GET", "PUT", "PURGE"].map(Named::new) {
                let all: Vec<_> = routes.candidates(matches, method).map(key).collect();
                if let Some(sole) = routes.sole_candidate(matches, method) {
                    prop_assert_eq!(all, [key(sole)]);
                }
            }
        }
    }

    fn key(candidate: Candidate) -> (usize, Option<RouteId>) {
        (candidate.policy, candidate.route)
    }
}
