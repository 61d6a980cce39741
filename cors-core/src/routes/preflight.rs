//! Decisions on preflights: every route that could serve the announced request has to allow it.

use super::{
    PathMatch, RouteId, RouteTable, Step,
    candidates::{BASE, Candidate},
};
use crate::{
    decide::{Asked, CompiledPolicy, Decision, Presented, Reason, RequestHead, Requested},
    fields::{RequestHeader, ResponseHeader},
    methods::Named,
    token::is_tchar,
    vary::Vary,
};

impl<V> RouteTable<V> {
    /// Decides a preflight.
    ///
    /// If more than one route could serve the announced request, every one of them must allow it.
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

    /// Writes the answer to a preflight, or fails with the reason of the refusal.
    #[inline]
    fn try_preflight<'p, R: RequestHead>(
        &'p self,
        decision: &mut Decision<'p, V>,
        matches: PathMatch<'_>,
        request: &R,
    ) -> Result<(), Reason> {
        self.check_usable(matches)?;
        let method = requested_method(request)?;
        if self.is_strict {
            self.check_routed(matches, method)?;
        }
        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let asked = Asked { origin, method };
        let Some(sole) = self.routes.sole_candidate(matches, method) else {
            return self.try_each(decision, matches, &asked, request);
        };
        let requested = self.check(sole, &asked, request)?;
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
        let mut candidates = self.routes.candidates(matches, asked.method);
        let first = candidates.next().unwrap_or(Candidate::NOTHING);
        let mut requested = self.check(first, asked, request)?;
        let mut is_shared = true;
        for candidate in candidates {
            let is_alike = candidate.policy == first.policy;
            is_shared &= is_alike;
            if !is_alike || candidate.is_routed != first.is_routed {
                requested = self.check(candidate, asked, request)?;
            }
        }
        if is_shared {
            self.grant(decision, first, requested, matches, asked.method);
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
        first: Candidate,
        requested: Requested,
        matches: PathMatch<'_>,
        method: Named<'_>,
    ) {
        self.policies[first.policy].grant(decision, requested);
        self.put_methods(decision, first, matches, method);
    }

    #[inline]
    fn check<R: RequestHead>(
        &self,
        candidate: Candidate,
        asked: &Asked<'_>,
        request: &R,
    ) -> Result<Requested, Reason> {
        let lines = request.lines(RequestHeader::AccessControlRequestHeaders);
        self.policies[candidate.policy].check_preflight(asked, candidate.is_routed, lines)
    }

    /// Refuses a method that no route of the path serves, and requests that no route of the table gets.
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

    /// Adds headers to a refusal from which the browser finds the reason itself. A request that no browser
    /// sends is not explained, and neither is a refused origin: browsers report that anyway.
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
            // the browser has to find one that is not listed
            Reason::HeadersOverLimit => names_a_header(request),
            // browsers do not look for a safelisted method in the list
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
        let only = self.routes.only_candidate(matches, method);
        match (is_method, only) {
            (true, only) => {
                // the base policy may list a method that no route serves
                let only = only.filter(|_| reason == Reason::MethodNotAllowed);
                let listed = only.and_then(|only| self.listed(only, matches));
                let list = listed.unwrap_or(&self.safelisted_methods);
                decision.set_methods(list);
            }
            (false, Some(only)) => {
                self.put_methods(&mut decision, only, matches, method);
                // of too many headers, a browser names the first that is not listed
                if reason == Reason::HeaderNotAllowed {
                    let policy = &self.policies[only.policy];
                    policy.answer_by(&mut decision);
                    policy.put_listed_headers(&mut decision);
                }
            }
            (false, None) => put_no_more_than_asked(&mut decision, Requested::NOTHING),
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

    /// Writes the methods that the browser may remember for this URL. A method under another policy must
    /// not be among them, so if other patterns match the path too, only the requested method is.
    #[inline]
    fn put_methods<'p>(
        &'p self,
        decision: &mut Decision<'p, V>,
        first: Candidate,
        matches: PathMatch<'_>,
        method: Named<'_>,
    ) {
        match self.listed(first, matches) {
            Some(list) => decision.set_methods(list),
            None if method.is_safelisted() => {}
            None => decision.echo(ResponseHeader::AllowMethods),
        }
    }

    /// The list of the methods that have the first candidate's policy, if the path matches all routes of
    /// its pattern and no others.
    #[inline]
    fn listed(&self, first: Candidate, matches: PathMatch<'_>) -> Option<&V> {
        if let Some(route) = first.route() {
            return self.listed_at(route, first.policy, matches);
        }
        let is_alone = !matches.has_routes();
        self.policies[first.policy].listed_methods().filter(|_| is_alone)
    }

    #[inline]
    fn listed_at(&self, route: RouteId, policy: usize, matches: PathMatch<'_>) -> Option<&V> {
        let pattern = &self.patterns[self.routes.get(route)?.pattern];
        let own = pattern.listed_methods.iter().find(|(own, _)| *own == policy);
        let are_all = |steps: &[Step]| self.are_all(steps, &pattern.routes);
        // a form that reaches only the ends of scopes runs nothing
        let leads = |steps: &&[Step]| steps.iter().any(|step| !step.is_fallback());
        let is_listed = are_all(matches.exact()) && matches.others().filter(leads).all(are_all);
        own.filter(|_| is_listed).map(|(_, list)| list)
    }

    /// Whether `routes` are all routes with known methods among the steps, and no other service comes
    /// before the last of them.
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
            .filter_map(|id| Some(self.routes.get(id)?.policy))
            .fold(self.policies[BASE].preflight_vary(methods_matter), |vary, policy| {
                vary | self.policies[policy].preflight_vary(methods_matter)
            })
    }
}

/// Writes an answer that allows exactly what was asked for: several policies had to allow it, and they may
/// differ in everything else that the browser could remember.
fn put_no_more_than_asked<V>(decision: &mut Decision<'_, V>, requested: Requested) {
    decision.echo(ResponseHeader::AllowMethods);
    decision.echo_names(requested);
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
