//! Decisions on preflights: every route that could serve the announced request has to allow it.

use super::{
    PathMatch, RouteId, RouteTable, Step,
    candidates::{BASE, Candidate},
    table::External,
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
    /// If more than one route could serve the announced request, every one of them must allow it. If all of
    /// them leave CORS to another layer, the preflight gets an ok status, whatever it asks for.
    #[inline]
    pub fn preflight<R: RequestHead>(
        &self,
        matches: PathMatch<'_>,
        request: &R,
    ) -> Decision<'_, V> {
        if self.external != External::None && self.leave_preflight(matches, request) {
            return self.policies[BASE].bare(Reason::External, Vary::NOTHING);
        }
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

    /// Whether all routes that could serve the announced request leave CORS to another layer.
    #[cold]
    fn leave_preflight<R: RequestHead>(&self, matches: PathMatch<'_>, request: &R) -> bool {
        if self.external == External::All {
            return true;
        }
        // no route is known to serve a method that cannot be read
        let method = requested_method(request).unwrap_or(Named::new(""));
        let is_external = |own: Candidate| self.policies[own.policy].is_external();
        self.check_usable(matches).is_ok()
            && self.routes.candidates(matches, method).all(is_external)
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
        let own = self.policies[sole.policy].of(origin);
        let requested = own.check_preflight(&asked, sole.is_routed, requested_lines(request))?;
        self.grant(decision, (sole, own), requested, matches, method);
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
            let own = self.policies[first.policy].of(asked.origin);
            self.grant(decision, (first, own), requested, matches, asked.method);
        } else {
            self.put_origin(decision, matches, asked);
            put_no_more_than_asked(decision, requested);
        }
        Ok(())
    }

    /// Writes the answer to a preflight that one policy alone decides on.
    #[inline]
    fn grant<'p>(
        &'p self,
        decision: &mut Decision<'p, V>,
        (first, own): (Candidate, &'p CompiledPolicy<V>),
        requested: Requested,
        matches: PathMatch<'_>,
        method: Named<'_>,
    ) {
        own.grant(decision, requested);
        self.put_methods(decision, (first, own), matches, method);
    }

    #[inline]
    pub(super) fn check<R: RequestHead>(
        &self,
        candidate: Candidate,
        asked: &Asked<'_>,
        request: &R,
    ) -> Result<Requested, Reason> {
        let policy = self.policies[candidate.policy].of(asked.origin);
        policy.check_preflight(asked, candidate.is_routed, requested_lines(request))
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
        let asked = Asked { origin, method };
        let seen = |candidate: Candidate| self.policies[candidate.policy].of(origin);
        let is_refused = |candidate| seen(candidate).check_origin(origin).is_err();
        if self.routes.candidates(matches, method).any(is_refused) {
            return refused;
        }
        let mut decision = refused;
        decision.explain();
        self.put_origin(&mut decision, matches, &asked);
        let only = self.routes.only_candidate(matches, method);
        match (is_method, only) {
            (true, only) => {
                // the base policy may list a method that no route serves
                let only = only.filter(|_| reason == Reason::MethodNotAllowed);
                let listed = only.and_then(|only| self.listed((only, seen(only)), matches));
                let list = listed.unwrap_or(&self.safelisted_methods);
                decision.set_methods(list);
            }
            (false, Some(only)) => {
                let policy = seen(only);
                self.put_methods(&mut decision, (only, policy), matches, method);
                // of too many headers, a browser names the first that is not listed
                if reason == Reason::HeaderNotAllowed {
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
        asked: &Asked<'_>,
    ) {
        let policies = || {
            let candidates = self.routes.candidates(matches, asked.method);
            candidates.map(|candidate| self.policies[candidate.policy].of(asked.origin))
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
    /// not be among them, so if other patterns match the path too, only the requested method is; or the safelisted
    /// ones, which are never refused.
    #[inline]
    fn put_methods<'p>(
        &'p self,
        decision: &mut Decision<'p, V>,
        (first, own): (Candidate, &'p CompiledPolicy<V>),
        matches: PathMatch<'_>,
        method: Named<'_>,
    ) {
        match self.listed((first, own), matches) {
            Some(list) => {
                decision.set_methods(list);
                // Firefox never finds `*` in its preflight cache
                if first.route().is_none() && own.is_any_method() && !method.is_safelisted() {
                    decision.echo(ResponseHeader::AllowMethods);
                }
            }
            None if method.is_safelisted() => decision.set_methods(&self.safelisted_methods),
            None => decision.echo(ResponseHeader::AllowMethods),
        }
    }

    /// The list of the methods that have the first candidate's policy, if the path matches all routes of
    /// its pattern and no others.
    #[inline]
    fn listed<'p>(
        &'p self,
        (first, own): (Candidate, &'p CompiledPolicy<V>),
        matches: PathMatch<'_>,
    ) -> Option<&'p V> {
        if let Some(route) = first.route() {
            return self.listed_at(route, first.policy, matches);
        }
        let is_alone = !matches.has_routes();
        own.listed_methods().filter(|_| is_alone)
    }

    #[inline]
    fn listed_at(&self, route: RouteId, policy: usize, matches: PathMatch<'_>) -> Option<&V> {
        let pattern = &self.patterns[self.routes.get(route)?.pattern];
        let own = pattern.listed_methods.iter().find(|(own, _)| *own == policy);
        let are_all = |steps: &[Step]| self.are_all(steps, &pattern.routes);
        // a form that reaches only the ends of scopes runs nothing
        let leads = |steps: &&[Step]| steps.iter().any(|step| step.may_run());
        let is_listed = are_all(matches.exact()) && matches.others().filter(leads).all(are_all);
        own.filter(|_| is_listed).map(|(_, list)| list)
    }

    /// Whether `routes` are all routes with known methods among the steps, and no other service comes
    /// before the last of them.
    #[inline]
    fn are_all(&self, steps: &[Step], routes: &[RouteId]) -> bool {
        let (mut left, mut is_past) = (routes, false);
        for step in steps {
            let Some(route) = step.table_route() else {
                is_past = true;
                continue;
            };
            match left {
                [first, others @ ..] if *first == route => left = others,
                _ if self.routes.has_methods(route) => return false,
                _ => {}
            }
            if is_past {
                return false;
            }
        }
        left.is_empty()
    }

    #[inline]
    fn preflight_vary(&self, matches: PathMatch<'_>) -> Vary {
        if let Some(vary) = self.preflight_vary {
            return vary;
        }
        let of_routes = matches.routes().filter_map(|id| Some(self.routes.get(id)?.policy));
        let of_scopes = matches.scopes().filter_map(|id| self.routes.policy_under(Some(id)));
        of_routes.chain(of_scopes).fold(self.policies[BASE].preflight_vary(), |vary, policy| {
            vary | self.policies[policy].preflight_vary()
        })
    }
}

/// Writes an answer that allows exactly what was asked for: several policies had to allow it, and they may
/// differ in everything else that the browser could remember.
fn put_no_more_than_asked<V>(decision: &mut Decision<'_, V>, requested: Requested) {
    decision.echo(ResponseHeader::AllowMethods);
    decision.echo_names(requested);
}

/// The lines of the header that names the request's headers.
#[inline]
fn requested_lines<R: RequestHead>(request: &R) -> impl Iterator<Item = &[u8]> {
    request.lines(RequestHeader::AccessControlRequestHeaders)
}

/// The value of `Access-Control-Request-Method`, if a browser could have sent it.
#[inline]
pub(super) fn requested_method<R: RequestHead>(request: &R) -> Result<Named<'_>, Reason> {
    match Presented::from_lines(request.lines(RequestHeader::AccessControlRequestMethod)) {
        Presented::Several => Err(Reason::MethodRepeated),
        Presented::One(line) => Named::read(line).ok_or(Reason::MethodMalformed),
        Presented::Absent => Err(Reason::MethodMalformed),
    }
}

/// Whether `Access-Control-Request-Headers` starts with a name.
fn names_a_header<R: RequestHead>(request: &R) -> bool {
    requested_lines(request).next().and_then(<[u8]>::first).is_some_and(|byte| is_tchar(*byte))
}
