//! Decisions on preflights: what the routes that may be meant agree on.

use super::{
    PathMatch, RouteId, RouteTable, Step,
    candidates::{BASE, Candidate},
};
use crate::{
    decide::{Asked, CompiledPolicy, Decision, Presented, Reason, RequestHead},
    fields::{RequestHeader, ResponseHeader},
    methods::Named,
    token::is_tchar,
    vary::Vary,
};

impl<V> RouteTable<V> {
    /// Decides a preflight.
    ///
    /// It is granted only if every route that the announced request may reach grants it.
    #[inline]
    pub fn preflight<R: RequestHead>(
        &self,
        matches: PathMatch<'_>,
        request: &R,
    ) -> Decision<'_, V> {
        let vary = self.preflight_vary(matches);
        let mut decision = self.policies[BASE].bare(Reason::PreflightGranted, vary);
        if let Err(reason) = self.try_preflight(&mut decision, matches, request) {
            decision.refuse(reason);
            if self.is_debug {
                return self.explain(decision, matches, request);
            }
        }
        decision
    }

    /// Writes the answer to a preflight that nothing speaks against.
    #[inline]
    fn try_preflight<'p, R: RequestHead>(
        &'p self,
        decision: &mut Decision<'p, V>,
        matches: PathMatch<'_>,
        request: &R,
    ) -> Result<(), Reason> {
        let method = requested_method(request)?;
        if self.is_strict {
            self.check_routed(matches, method)?;
        }
        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let asked = Asked { origin, method };
        let Some(sole) = self.routes.sole_candidate(matches, method) else {
            return self.try_each(decision, matches, &asked, request);
        };
        let requested = self.check(sole, 0, matches, &asked, request)?;
        self.grant(decision, sole, requested, matches, method);
        Ok(())
    }

    /// The same where several candidates may have to agree.
    #[inline(never)]
    fn try_each<'p, R: RequestHead>(
        &'p self,
        decision: &mut Decision<'p, V>,
        matches: PathMatch<'_>,
        asked: &Asked<'_>,
        request: &R,
    ) -> Result<(), Reason> {
        let mut candidates = self.routes.candidates(matches, asked.method).enumerate();
        let (_, winner) = candidates.next().unwrap_or((0, Candidate::NOTHING));
        let mut requested = self.check(winner, 0, matches, asked, request)?;
        let mut is_shared = true;
        for (number, candidate) in candidates {
            let is_alike = candidate.policy == winner.policy;
            is_shared &= is_alike;
            if !is_alike {
                requested = self.check(candidate, number, matches, asked, request)?;
            }
        }
        if is_shared {
            self.grant(decision, winner, requested, matches, asked.method);
        } else {
            self.put_origin(decision, matches, asked.method);
            put_no_more_than_asked(decision, requested);
        }
        Ok(())
    }

    /// Writes the answer to a preflight that one policy alone decides on.
    #[inline]
    fn grant<'p>(
        &'p self,
        decision: &mut Decision<'p, V>,
        winner: Candidate,
        requested: usize,
        matches: PathMatch<'_>,
        method: Named<'_>,
    ) {
        self.policies[winner.policy].grant(decision, requested);
        self.put_methods(decision, winner, matches, method);
    }

    #[inline]
    fn check<R: RequestHead>(
        &self,
        candidate: Candidate,
        number: usize,
        matches: PathMatch<'_>,
        asked: &Asked<'_>,
        request: &R,
    ) -> Result<usize, Reason> {
        let is_routed = || self.routes.is_routed(number, matches, asked.method);
        let lines = request.lines(RequestHeader::AccessControlRequestHeaders);
        self.policies[candidate.policy].check_preflight(asked, is_routed, lines)
    }

    /// Refuses what no route of the path serves, or what none of them gets.
    fn check_routed(&self, matches: PathMatch<'_>, method: Named<'_>) -> Result<(), Reason> {
        let mut routes = matches.routes().peekable();
        let is_known = routes.peek().is_some();
        if is_known && !routes.any(|route| self.routes.serves(route, method)) {
            return Err(Reason::MethodNotRouted);
        }
        let mut reached = self.routes.candidates(matches, method);
        if is_known && reached.any(|own| own.route().is_some()) {
            return Ok(());
        }
        Err(Reason::PathNotRouted)
    }

    /// Adds to a refusal what lets the browser find the reason itself. What no browser sends is not
    /// explained, and neither is a refused origin: its missing header says enough.
    #[cold]
    fn explain<'p, R: RequestHead>(
        &'p self,
        refused: Decision<'p, V>,
        matches: PathMatch<'_>,
        request: &R,
    ) -> Decision<'p, V> {
        let reason = refused.reason();
        let is_method = matches!(
            reason,
            Reason::MethodNotAllowed | Reason::PathNotRouted | Reason::MethodNotRouted
        );
        let Ok(method) = requested_method(request) else { return refused };
        let can_explain = match reason {
            Reason::HeaderNotAllowed => true,
            // the browser has to miss one
            Reason::HeadersOverLimit => names_a_header(request),
            // browsers miss a safelisted method in no list
            _ => is_method && !method.is_safelisted(),
        };
        if !can_explain {
            return refused;
        }
        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let is_refused = |policy: usize| self.policies[policy].check_origin(origin).is_err();
        if self.routes.candidates(matches, method).any(|candidate| is_refused(candidate.policy)) {
            return refused;
        }
        let mut decision = refused;
        decision.explain();
        self.put_origin(&mut decision, matches, method);
        let winner = self.routes.only_candidate(matches, method);
        match (is_method, winner) {
            (true, winner) => {
                // the base policy may list a method that no route serves
                let winner = winner.filter(|_| reason == Reason::MethodNotAllowed);
                let listed = winner.and_then(|winner| self.listed(winner, matches));
                let list = listed.unwrap_or(&self.safelisted_methods);
                decision.set_methods(list);
            }
            (false, Some(winner)) => {
                self.put_methods(&mut decision, winner, matches, method);
                // without a list a browser misses the first of too many
                if reason == Reason::HeaderNotAllowed {
                    let policy = &self.policies[winner.policy];
                    policy.answer_by(&mut decision);
                    policy.put_listed_headers(&mut decision);
                }
            }
            (false, None) => put_no_more_than_asked(&mut decision, 0),
        }
        decision
    }

    /// Writes what all candidates agree on: the origin, and credentials if all allow them.
    fn put_origin(
        &self,
        decision: &mut Decision<'_, V>,
        matches: PathMatch<'_>,
        method: Named<'_>,
    ) {
        let policies = || {
            self.routes
                .candidates(matches, method)
                .map(|candidate| &self.policies[candidate.policy])
        };
        if policies().all(CompiledPolicy::is_any_origin) {
            decision.set(ResponseHeader::AllowOrigin);
        } else {
            decision.echo(ResponseHeader::AllowOrigin);
        }
        if policies().all(CompiledPolicy::has_credentials) {
            decision.set(ResponseHeader::AllowCredentials);
        }
    }

    /// Writes the methods that the answer lets the browser remember for this URL. A method under
    /// another policy must not ride along, so where other patterns match the path too, only the
    /// requested method is named.
    #[inline]
    fn put_methods<'p>(
        &'p self,
        decision: &mut Decision<'p, V>,
        winner: Candidate,
        matches: PathMatch<'_>,
        method: Named<'_>,
    ) {
        match self.listed(winner, matches) {
            Some(list) => decision.set_methods(list),
            None if method.is_safelisted() => {}
            None => decision.echo(ResponseHeader::AllowMethods),
        }
    }

    /// The ready list of the methods that share the winner's policy, where all routes of one pattern
    /// and no others match the path.
    #[inline]
    fn listed(&self, winner: Candidate, matches: PathMatch<'_>) -> Option<&V> {
        if let Some(route) = winner.route() {
            return self.listed_at(route, winner.policy, matches);
        }
        let is_alone = !matches.has_routes();
        self.policies[winner.policy].listed_methods().filter(|_| is_alone)
    }

    #[inline]
    fn listed_at(&self, route: RouteId, policy: usize, matches: PathMatch<'_>) -> Option<&V> {
        let pattern = &self.patterns[self.routes.0[route.index()].pattern];
        let own = pattern.listed_methods.iter().find(|(own, _)| *own == policy);
        let are_all = |steps: &[Step]| self.are_all(steps, &pattern.routes);
        // a form that leads to a scope alone leads nowhere
        let leads = |steps: &&[Step]| steps.iter().any(|step| !step.is_fallback());
        let is_listed = are_all(matches.exact()) && matches.others().filter(leads).all(are_all);
        own.filter(|_| is_listed).map(|(_, list)| list)
    }

    /// Whether these are all routes at the path whose methods are known, and no other service is tried
    /// before one of them.
    fn are_all(&self, steps: &[Step], routes: &[RouteId]) -> bool {
        let (mut left, mut is_past) = (routes, false);
        let mut is_next = |step: &Step| {
            let Some(route) = step.table_route() else {
                is_past = true;
                return true;
            };
            match left {
                [first, others @ ..] if *first == route => left = others,
                _ if self.routes.has_methods(route) => return false,
                _ => {}
            }
            !is_past
        };
        steps.iter().all(&mut is_next) && left.is_empty()
    }

    #[inline]
    fn preflight_vary(&self, matches: PathMatch<'_>) -> Vary {
        let methods_matter = self.is_strict || matches.has_routes();
        if let Some(vary) = self.preflight_vary[usize::from(methods_matter)] {
            return vary;
        }
        matches
            .routes()
            .map(|id| self.routes.0[id.index()].policy)
            .fold(self.policies[BASE].preflight_vary(methods_matter), |vary, policy| {
                vary | self.policies[policy].preflight_vary(methods_matter)
            })
    }
}

/// Writes an answer that holds for this very request and lets the browser remember nothing else,
/// because several policies had to agree on it.
fn put_no_more_than_asked<V>(decision: &mut Decision<'_, V>, requested: usize) {
    decision.echo(ResponseHeader::AllowMethods);
    if requested > 0 {
        decision.echo(ResponseHeader::AllowHeaders);
    }
}

/// The value of `Access-Control-Request-Method`, if a browser could have sent it.
#[inline]
fn requested_method<R: RequestHead>(request: &R) -> Result<Named<'_>, Reason> {
    match Presented::from_lines(request.lines(RequestHeader::AccessControlRequestMethod)) {
        Presented::Several => Err(Reason::MethodRepeated),
        Presented::One(line) => Named::read(line).ok_or(Reason::MethodMalformed),
        Presented::Absent => Err(Reason::MethodMalformed),
    }
}

/// Whether `Access-Control-Request-Headers` starts with a name.
fn names_a_header<R: RequestHead>(request: &R) -> bool {
    let mut lines = request.lines(RequestHeader::AccessControlRequestHeaders);
    lines.next().and_then(<[u8]>::first).is_some_and(|byte| is_tchar(*byte))
}
