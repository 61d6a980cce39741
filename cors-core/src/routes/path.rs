//! Where a request's path leads: the services that may take it, in the order of the router.

use super::{BASE, RouteId, RouteTable};
use crate::methods::Named;

/// A service whose pattern matches a path.
///
/// A route of the table takes the methods of its [`RouteSpec`](super::RouteSpec), a service outside
/// of it any method, under the base policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    service: Service,
    /// [`u32::MAX`] where the search ends.
    next: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Route(RouteId),
    Other,
    Fallback,
}

impl Step {
    /// A route of the table; once it takes a request for certain, nothing else is tried.
    #[must_use]
    pub const fn route(route: RouteId) -> Self {
        Self { service: Service::Route(route), next: u32::MAX }
    }

    /// A service outside of the table; it may pass the request on to the next step.
    #[must_use]
    pub const fn other() -> Self {
        Self { service: Service::Other, next: 0 }
    }

    /// What a scope does with requests that none of its services takes; it counts as long as no
    /// step before takes a request for certain.
    #[must_use]
    pub const fn fallback() -> Self {
        Self { service: Service::Fallback, next: 0 }
    }

    /// Says at which step the search goes on although this one takes the request: behind a scope,
    /// say, that may not have been entered at all. Steps before are not tried then.
    #[must_use]
    pub fn continue_at(self, next: usize) -> Self {
        Self { next: u32::try_from(next).unwrap_or(u32::MAX), ..self }
    }

    /// The route, if it is one of the table.
    #[must_use]
    pub const fn table_route(self) -> Option<RouteId> {
        match self.service {
            Service::Route(route) => Some(route),
            Service::Other | Service::Fallback => None,
        }
    }

    /// Whether it is a service outside of the table.
    #[must_use]
    pub const fn is_other(self) -> bool {
        matches!(self.service, Service::Other)
    }

    /// Whether nothing is tried once this step takes a request.
    #[must_use]
    pub const fn is_last(self) -> bool {
        self.next == u32::MAX
    }
}

/// The services that a request's path leads to, as the adapter found them.
#[derive(Debug, Clone, Copy)]
pub struct PathMatch<'a> {
    pub(super) steps: &'a [Step],
    is_certain: bool,
}

impl<'a> PathMatch<'a> {
    /// Nothing is known at the path: the base policy answers.
    pub const NONE: PathMatch<'static> = PathMatch::certain(&[]);

    /// The services whose pattern matches the path, in the order in which the router tries them.
    #[must_use]
    pub const fn certain(steps: &'a [Step]) -> Self {
        Self { steps, is_certain: true }
    }

    /// Services that the request may reach if something rewrites its path, in order; or a service
    /// outside of the table takes it.
    #[must_use]
    pub const fn possible(steps: &'a [Step]) -> Self {
        Self { steps, is_certain: steps.is_empty() }
    }

    /// The routes of the table.
    pub(super) fn routes(&self) -> impl Iterator<Item = RouteId> + use<'a> {
        self.steps.iter().filter_map(|step| step.table_route())
    }
}

/// A policy under which a request may be served, with the route that brings it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) policy: usize,
    pub(super) route: Option<RouteId>,
}

impl Candidate {
    pub(super) const BASE: Self = Self { policy: BASE, route: None };
}

impl<V> RouteTable<V> {
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
        let is_guarded = step.table_route().is_some_and(|own| self.routes[own.index()].guarded);
        matches.is_certain && !is_guarded
    }

    fn candidate(&self, step: Step, method: Named<'_>, is_settled: bool) -> Option<Candidate> {
        match step.service {
            Service::Route(route) => self.serves(route, method).then(|| Candidate {
                policy: self.routes[route.index()].policy,
                route: Some(route),
            }),
            Service::Other => Some(Candidate::BASE),
            Service::Fallback => (!is_settled).then_some(Candidate::BASE),
        }
    }

    /// What a request may be served by, in order: routes of the table, `None` for anything else.
    pub fn reachable<'a>(
        &'a self,
        matches: PathMatch<'a>,
        method: &'a str,
    ) -> impl Iterator<Item = Option<RouteId>> {
        self.candidates(matches, Named::new(method)).map(|candidate| candidate.route)
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
        self.routes[route.index()].serves(method)
    }

    /// Whether it is known which methods the route serves.
    pub(super) fn has_methods(&self, route: RouteId) -> bool {
        self.routes[route.index()].methods.is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::{Candidate, PathMatch, RouteId, RouteTable, Step};
    use crate::{Method, Policy, RouteSpec, methods::Named};

    /// A route for any method, or a few, perhaps with a guard.
    fn spec() -> impl Strategy<Value = RouteSpec> {
        let methods =
            prop::option::of(prop::sample::subsequence(vec!["GET", "PUT", "PATCH"], 0..3));
        (methods, any::<bool>(), 0..3_u64).prop_map(|(methods, guarded, age)| RouteSpec {
            pattern: "/x".to_owned(),
            methods: methods.map(|own| {
                own.into_iter().map(|method| method.parse::<Method>().unwrap()).collect()
            }),
            policy: Policy::builder().max_age(Duration::from_secs(age)).build().unwrap(),
            guarded,
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
            specs in prop::collection::vec(spec(), 4),
            steps in prop::collection::vec(step(), 0..5),
            is_certain: bool,
        ) {
            let base = Policy::builder().build().unwrap();
            let table = RouteTable::new(&base, &specs, str::to_owned);
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
                let all: Vec<_> = table.candidates(matches, method).map(key).collect();
                if let Some(sole) = table.sole_candidate(matches, method) {
                    prop_assert_eq!(all, [key(sole)]);
                }
            }
        }
    }

    fn key(candidate: Candidate) -> (usize, Option<RouteId>) {
        (candidate.policy, candidate.route)
    }
}
