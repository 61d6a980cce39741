//! Decisions on actual requests: by the policy of the route that served the request. If more than one
//! route could have served it, the response gets only what all of their policies allow.

use super::{
    PathMatch, RouteId, RouteTable, ScopeId,
    candidates::{BASE, Candidate},
    table::External,
};
use crate::{
    decide::{Decision, Presented, Reason},
    methods::Named,
};

impl<V> RouteTable<V> {
    /// Decides an actual request that the router has dispatched to a route of the table.
    ///
    /// For a route of another table nothing is allowed.
    #[must_use]
    pub fn actual_at(&self, route: RouteId, origin: Presented<&[u8]>) -> Decision<'_, V> {
        match self.routes.get(route) {
            Some(own) => self.policies[own.policy].actual(origin),
            None => self.policies[BASE].answer(Reason::RouteUnknown),
        }
    }

    /// Decides an actual request that a route has answered which is not of the table: nothing is allowed.
    #[must_use]
    pub fn actual_elsewhere(&self) -> Decision<'_, V> {
        self.policies[BASE].answer(Reason::RouteUnknown)
    }

    /// Decides an actual request by the policy of a scope.
    ///
    /// For a scope of another table nothing is allowed.
    #[must_use]
    pub fn actual_under(&self, scope: ScopeId, origin: Presented<&[u8]>) -> Decision<'_, V> {
        match self.routes.policy_under(Some(scope)) {
            Some(own) => self.policies[own].actual(origin),
            None => self.policies[BASE].answer(Reason::RouteUnknown),
        }
    }

    /// Decides an actual request by the base policy.
    #[must_use]
    #[inline]
    pub fn actual_by_base(&self, origin: Presented<&[u8]>) -> Decision<'_, V> {
        self.policies[BASE].actual(origin)
    }

    /// Whether every policy answers an actual request without `Origin` in the same way, so that the base
    /// policy can decide before it is known which route serves the request. This is so unless routes differ
    /// in whether any origin may read them, or in what they expose to any origin.
    #[must_use]
    #[inline]
    pub fn are_alike_without_origin(&self) -> bool {
        self.sharing.are_alike_without_origin()
    }

    /// Decides an actual request that no route of the table has answered. Where its path leads to
    /// none, this is the base policy.
    #[must_use]
    #[inline]
    pub fn actual(
        &self,
        matches: PathMatch<'_>,
        method: &str,
        origin: Presented<&[u8]>,
    ) -> Decision<'_, V> {
        if matches.leads_nowhere() || self.external == External::All {
            return self.actual_by_base(origin);
        }
        if let Err(reason) = self.check_usable(matches) {
            return self.policies[BASE].answer(reason);
        }
        self.actual_among(matches, Named::new(method), origin)
    }

    /// Fails where nothing can be said of a path, so that nothing is allowed.
    #[inline]
    pub(super) fn check_usable(&self, matches: PathMatch<'_>) -> Result<(), Reason> {
        if matches.is_over_limit() {
            return Err(Reason::PathOverLimit);
        }
        let is_known = matches.leads_nowhere() || self.routes.know(matches);
        if is_known { Ok(()) } else { Err(Reason::RouteUnknown) }
    }

    fn actual_among(
        &self,
        matches: PathMatch<'_>,
        method: Named<'_>,
        origin: Presented<&[u8]>,
    ) -> Decision<'_, V> {
        let mut candidates = self.routes.responders(matches, method);
        let first = candidates.next().map_or(BASE, |candidate| candidate.policy);
        let mut decision = self.policies[first].actual(origin);
        let is_other = |candidate: &Candidate| !self.sharing.are_alike(candidate.policy, first);
        for candidate in candidates.filter(is_other) {
            decision = Self::strictest(&decision, &self.policies[candidate.policy].actual(origin));
        }
        decision
    }

    /// Combines two decisions about one response: a refusal if either refuses, otherwise the headers that
    /// both allow. If only one of them leaves CORS to another layer, the response gets no headers.
    #[must_use]
    pub fn strictest<'p>(one: &Decision<'p, V>, other: &Decision<'p, V>) -> Decision<'p, V> {
        let vary = one.vary() | other.vary();
        if one.is_external() != other.is_external() {
            let mut refused = one.without_headers(vary);
            refused.refuse(Reason::ExternalInPart);
            return refused;
        }
        let shares = Decision::is_shared;
        if !shares(one) || !shares(other) {
            let refused = if shares(one) { other } else { one };
            return refused.without_headers(vary);
        }
        one.in_common(other, vary)
    }
}
