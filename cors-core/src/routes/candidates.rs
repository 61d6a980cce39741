//! Which routes could serve a request, and so which policies have to allow it.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{PathMatch, RouteId, ScopeId, Step, path::Service};
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
pub(super) struct Routes {
    /// The number of the table, given out once in the process.
    table: u64,
    list: Vec<Route>,
    /// The numbers of the policies of the scopes.
    scopes: Vec<usize>,
}

/// Something that could serve a request, with its policy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) policy: usize,
    pub(super) by: By,
    /// Whether it is known to serve the method, or something before it in the same form of the path.
    /// What comes later does not count, since a service before it may take everything.
    pub(super) is_routed: bool,
}

/// What may serve a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// A route of the table.
    Route(RouteId),
    /// A service outside of the table, whose methods are not known, with the scope whose policy it has.
    Other(Option<ScopeId>),
    /// No handler: the router's own answer, or that of a scope in which no service takes the request.
    Nothing(Option<ScopeId>),
}

/// What may have answered a request so far.
#[derive(Default)]
struct Taken {
    /// A route of the table that is sure to have taken it.
    by_route: bool,
    /// A service outside of the table, which may have passed it on.
    by_other: bool,
    /// The end of a scope, whose guard may have refused it.
    by_end: bool,
}

impl Taken {
    /// Whether the end of a scope can not have answered any more. It can behind a service outside of the table, and
    /// behind another scope, but not behind both: then one of these has.
    fn hides(&self, step: Step) -> bool {
        !step.is_reader() && (self.by_route || (self.by_other && self.by_end))
    }

    /// `is_only` unless it is the end of a scope, and that which follows may be meant instead.
    fn note(&mut self, step: Step, is_only: bool) {
        match step.service {
            Service::Route(_) => self.by_route = true,
            Service::Other(_) | Service::ReadOnly(_) | Service::Counting(_) => self.by_other = true,
            Service::Fallback(_) => self.by_end |= is_only,
        }
    }
}

impl Candidate {
    pub(super) const NOTHING: Self = Self { policy: BASE, by: By::Nothing(None), is_routed: false };

    pub(super) fn route(self) -> Option<RouteId> {
        match self.by {
            By::Route(route) => Some(route),
            By::Other(_) | By::Nothing(_) => None,
        }
    }

    fn is_nothing(self) -> bool {
        matches!(self.by, By::Nothing(_))
    }
}

impl Routes {
    pub(super) fn new(list: Vec<Route>, scopes: Vec<usize>) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self { table: NEXT.fetch_add(1, Ordering::Relaxed), list, scopes }
    }

    pub(super) fn scope_ids(&self) -> impl Iterator<Item = ScopeId> + use<> {
        let table = self.table;
        (0..self.scopes.len()).map(move |index| ScopeId::at(index, table))
    }

    /// The policy of a scope of this table, or the base policy; `None` for a scope of another.
    #[inline]
    pub(super) fn policy_under(&self, scope: Option<ScopeId>) -> Option<usize> {
        let Some(id) = scope else { return Some(BASE) };
        if id.is_of(self.table) { self.scopes.get(id.index()).copied() } else { None }
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = RouteId> + use<> {
        let table = self.table;
        (0..self.list.len()).map(move |index| RouteId::at(index, table))
    }

    /// A route of this table; `None` for one of another.
    #[inline]
    pub(super) fn get(&self, id: RouteId) -> Option<&Route> {
        if id.is_of(self.table) { self.list.get(id.index()) } else { None }
    }

    /// Whether all routes and scopes that a path leads to are of this table.
    #[inline]
    pub(super) fn know(&self, matches: PathMatch<'_>) -> bool {
        let knows_all = |steps: &[Step]| steps.iter().all(|step| self.knows(*step));
        knows_all(matches.exact()) && matches.others().all(knows_all)
    }

    #[inline]
    fn knows(&self, step: Step) -> bool {
        match step.table_route() {
            Some(id) => self.get(id).is_some(),
            None => self.policy_under(step.scope()).is_some(),
        }
    }

    /// Everything that could serve a request, with its policy: for the path as it is, and for those of its
    /// other forms that lead to a service.
    pub(super) fn candidates<'a>(
        &'a self,
        matches: PathMatch<'a>,
        method: Named<'a>,
    ) -> impl Iterator<Item = Candidate> + 'a {
        self.candidates_among(matches, method, false)
    }

    /// The same of a response: something that only reads may have made it, or the end of a scope behind a service
    /// that may have passed the request on.
    pub(super) fn responders<'a>(
        &'a self,
        matches: PathMatch<'a>,
        method: Named<'a>,
    ) -> impl Iterator<Item = Candidate> + 'a {
        self.candidates_among(matches, method, true)
    }

    fn candidates_among<'a>(
        &'a self,
        matches: PathMatch<'a>,
        method: Named<'a>,
        of_response: bool,
    ) -> impl Iterator<Item = Candidate> + 'a {
        let of = move |steps| self.candidates_of(steps, method, of_response);
        let others = matches.others().flat_map(of);
        let others = others.filter(|candidate| !candidate.is_nothing());
        of(matches.exact()).chain(others)
    }

    /// The same for one form.
    ///
    /// A route without a guard surely takes requests with its methods; the search then goes on where its
    /// step says. If nothing surely takes the request, the router itself may answer, under the base policy.
    fn candidates_of<'a>(
        &'a self,
        steps: &'a [Step],
        method: Named<'a>,
        of_response: bool,
    ) -> impl Iterator<Item = Candidate> + 'a {
        let (mut index, mut is_settled, mut is_routed) = (0, false, false);
        let mut taken = Taken::default();
        std::iter::from_fn(move || {
            while let Some(step) = steps.get(index) {
                index += 1;
                let is_hidden = if of_response { taken.hides(*step) } else { is_settled };
                let Some(candidate) = self.candidate(*step, method, is_hidden) else {
                    // a scope without a guard ends the search, whatever in it took the request
                    if step.is_fallback() && step.is_last() {
                        index = steps.len();
                    }
                    continue;
                };
                if self.is_certain(*step) {
                    let is_only = !step.is_fallback() || step.next as usize != index;
                    is_settled |= is_only;
                    taken.note(*step, is_only);
                    index = index.max(step.next as usize);
                }
                is_routed |= candidate.is_routed;
                return Some(Candidate { is_routed, ..candidate });
            }
            let nothing = Candidate { is_routed, ..Candidate::NOTHING };
            (!std::mem::replace(&mut is_settled, true)).then_some(nothing)
        })
    }

    /// The only candidate, if that shows at once: mostly the first route that serves the method surely
    /// takes the request.
    #[inline]
    pub(super) fn sole_candidate(
        &self,
        matches: PathMatch<'_>,
        method: Named<'_>,
    ) -> Option<Candidate> {
        if matches.leads_nowhere() {
            return Some(Candidate::NOTHING);
        }
        self.sole_of_steps(matches, method)
    }

    fn sole_of_steps(&self, matches: PathMatch<'_>, method: Named<'_>) -> Option<Candidate> {
        if !matches.is_exact() {
            return None;
        }
        let steps = matches.exact();
        for (step, next) in steps.iter().zip(1..) {
            if let Some(candidate) = self.candidate(*step, method, false) {
                let is_last = step.next.max(next) as usize >= steps.len();
                return (is_last && self.is_certain(*step)).then_some(candidate);
            }
        }
        Some(Candidate::NOTHING)
    }

    /// Whether a step surely takes the requests that it can take.
    #[inline]
    fn is_certain(&self, step: Step) -> bool {
        let route = step.table_route().and_then(|own| self.get(own));
        !route.is_some_and(|own| own.guarded)
    }

    #[inline]
    fn candidate(&self, step: Step, method: Named<'_>, is_hidden: bool) -> Option<Candidate> {
        match step.service {
            Service::Route(id) => {
                let route = self.get(id)?;
                route.serves(method).then(|| Candidate {
                    policy: route.policy,
                    by: By::Route(id),
                    is_routed: route.methods.is_some(),
                })
            }
            Service::Other(scope) | Service::Counting(scope) => {
                let policy = self.policy_under(scope)?;
                Some(Candidate { policy, by: By::Other(scope), is_routed: false })
            }
            Service::ReadOnly(scope) | Service::Fallback(scope) => {
                let policy = self.policy_under(scope)?;
                let nothing = Candidate { policy, by: By::Nothing(scope), is_routed: false };
                (!is_hidden).then_some(nothing)
            }
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

    pub(super) fn serves(&self, route: RouteId, method: Named<'_>) -> bool {
        self.get(route).is_some_and(|own| own.serves(method))
    }

    /// Whether the route's methods are known.
    pub(super) fn has_methods(&self, route: RouteId) -> bool {
        self.get(route).is_some_and(|own| own.methods.is_some())
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
            other in prop::collection::vec(step(), 0..3),
        ) {
            let routes = Routes::new(routes, Vec::new());
            let (steps, other) = (read(&routes, steps), read(&routes, other));
            let matches = PathMatch::certain(&steps);
            let other = [&other[..]];
            let matches = matches.or(&other);
            for method in ["GET", "PUT", "PURGE"].map(Named::new) {
                let all: Vec<_> = routes.candidates(matches, method).map(key).collect();
                if let Some(sole) = routes.sole_candidate(matches, method) {
                    prop_assert_eq!(all, [key(sole)]);
                }
            }
        }
    }

    fn read(routes: &Routes, steps: Vec<(usize, Option<usize>)>) -> Vec<Step> {
        let ids: Vec<RouteId> = routes.ids().collect();
        let read = |(kind, next): (usize, Option<usize>)| {
            let step = match kind {
                4 => Step::other(),
                5 => Step::fallback(),
                route => Step::route(ids[route]),
            };
            next.map_or(step, |next| step.continue_at(next))
        };
        steps.into_iter().map(read).collect()
    }

    /// An unguarded scope's end was passed over once a plain route in it had taken the request.
    #[test]
    fn a_scope_that_keeps_its_paths_ends_the_search() {
        let route = || Route { methods: None, policy: 1, guarded: false, pattern: 0 };
        let routes = Routes::new(vec![route()], Vec::new());
        let behind = routes.ids().map(Step::route).next().unwrap();
        let keeps = Step::fallback().continue_at(usize::MAX);
        let rows: [(&[Step], &[usize]); 4] = [
            (&[Step::other(), keeps, behind], &[BASE]),
            (&[keeps, behind], &[BASE]),
            (&[Step::other(), Step::fallback(), behind], &[BASE, 1]),
            (&[Step::other(), behind], &[BASE, 1]),
        ];
        for (steps, expected) in rows {
            let found = routes.candidates(PathMatch::certain(steps), Named::new("PUT"));
            let policies: Vec<usize> = found.map(|candidate| candidate.policy).collect();
            assert_eq!(policies, expected, "{steps:?}");
        }
    }

    /// Of two scopes that match a path the first kept the answers of the other for itself, and so did a plain route
    /// of other methods.
    #[test]
    fn a_response_may_be_of_each_end_that_the_request_may_have_come_to() {
        let route = || Route { methods: None, policy: 1, guarded: false, pattern: 0 };
        let routes = Routes::new(vec![route()], vec![2, 3]);
        let [one, other] = [0, 1].map(|index| routes.scope_ids().nth(index));
        let ends = [one, other].map(|scope| Step::fallback().under(scope));
        let either = [ends[0].continue_at(1), ends[1]];
        let route = routes.ids().map(Step::route).next().unwrap();
        let rows: [(&[Step], &[usize], &[usize]); 6] = [
            (&ends, &[2], &[2, 3]),
            (&[Step::other(), ends[0]], &[BASE], &[BASE, 2]),
            (&[Step::other(), ends[0], ends[1]], &[BASE], &[BASE, 2]),
            (&[route.continue_at(1), ends[0]], &[1], &[1]),
            // it is not known which is meant
            (&either, &[2, 3], &[2, 3]),
            (&[route.continue_at(1), either[0].continue_at(2), either[1]], &[1], &[1]),
        ];
        for (steps, asked, answering) in rows {
            let (path, put) = (PathMatch::certain(steps), Named::new("PUT"));
            let found: Vec<usize> = routes.candidates(path, put).map(|own| own.policy).collect();
            assert_eq!(found, asked, "{steps:?}");
            let found: Vec<usize> = routes.responders(path, put).map(|own| own.policy).collect();
            assert_eq!(found, answering, "{steps:?}");
        }
    }

    fn key(candidate: Candidate) -> (usize, Option<RouteId>, bool) {
        (candidate.policy, candidate.route(), candidate.is_routed)
    }
}
