//! Where a request's path leads: the services that may take it, in the order of the router.

use super::{RouteId, ScopeId};

/// A service whose pattern matches a path.
///
/// A route of the table takes the methods of its [`RouteSpec`](super::RouteSpec), a service outside
/// of it any method, under the base policy or that of its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub(super) service: Service,
    /// Where the search goes on if this step takes the request: at the next step if that is behind, and
    /// nowhere for [`u32::MAX`].
    pub(super) next: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    Route(RouteId),
    Other(Option<ScopeId>),
    ReadOnly(Option<ScopeId>),
    Fallback(Option<ScopeId>),
    /// A fallback that counts in any case.
    Counting(Option<ScopeId>),
}

impl Step {
    /// A route of the table; once it surely takes a request, nothing else is tried.
    #[must_use]
    pub const fn route(route: RouteId) -> Self {
        Self { service: Service::Route(route), next: u32::MAX }
    }

    /// A service outside of the table; it may pass the request on to the next step.
    #[must_use]
    pub const fn other() -> Self {
        Self { service: Service::Other(None), next: 0 }
    }

    /// A service outside of the table that runs nothing but GET and HEAD. Browsers send these without asking, so it
    /// counts as the end of a scope does.
    #[must_use]
    pub const fn read_only() -> Self {
        Self { service: Service::ReadOnly(None), next: 0 }
    }

    /// The end of a scope, where requests arrive that no service in it takes. It counts only if no
    /// step before surely takes the request. One that continues at the next step does not keep that from counting.
    #[must_use]
    pub const fn fallback() -> Self {
        Self { service: Service::Fallback(None), next: 0 }
    }

    /// Lets the end of a scope count in any case: after a step that surely takes the request, unless that skips it,
    /// and in another form of the path.
    ///
    /// ```
    /// use cors_core::{PathMatch, Policy, RouteTable, Step};
    ///
    /// let table = RouteTable::new(&Policy::builder().build()?, &[], str::to_owned);
    /// let [end, counting] = [Step::fallback(), Step::fallback().in_any_case()];
    /// let reached = |step: Step| {
    ///     table.reachable(PathMatch::certain(&[Step::other()]).or(&[&[step]]), "PUT").count()
    /// };
    /// assert_eq!((reached(end), reached(counting)), (1, 2));
    /// # Ok::<(), cors_core::ConfigErrors>(())
    /// ```
    #[must_use]
    pub const fn in_any_case(self) -> Self {
        let service = match self.service {
            Service::Fallback(scope) => Service::Counting(scope),
            other => other,
        };
        Self { service, ..self }
    }

    /// Sets the scope whose policy counts, for a step that is no route of the table: without one it is the base
    /// policy.
    ///
    /// ```
    /// use cors_core::{PathMatch, Policy, Presented, RouteTable, Step};
    ///
    /// let base = Policy::builder().allow_origins(["https://app.example.com"]).build()?;
    /// let admin = Policy::builder().allow_origins(["https://admin.example.com"]).build()?;
    /// let table = RouteTable::with_scopes(&base, &[], &[admin], str::to_owned);
    /// let scope = table.scopes().next();
    ///
    /// let not_found = [Step::fallback().under(scope)];
    /// let origin = Presented::One(&b"https://admin.example.com"[..]);
    /// assert!(table.actual(PathMatch::certain(&not_found), "GET", origin).is_shared());
    /// assert!(!table.actual(PathMatch::NONE, "GET", origin).is_shared());
    /// # Ok::<(), cors_core::ConfigErrors>(())
    /// ```
    #[must_use]
    pub const fn under(self, scope: Option<ScopeId>) -> Self {
        let service = match self.service {
            Service::Route(route) => Service::Route(route),
            Service::Other(_) => Service::Other(scope),
            Service::ReadOnly(_) => Service::ReadOnly(scope),
            Service::Fallback(_) => Service::Fallback(scope),
            Service::Counting(_) => Service::Counting(scope),
        };
        Self { service, ..self }
    }

    /// Sets the step at which the search goes on although this one takes the request. For example, a
    /// guard may have kept the request out of this step's scope, so the search goes on after the scope. The
    /// steps in between are skipped.
    #[must_use]
    pub fn continue_at(self, next: usize) -> Self {
        Self { next: u32::try_from(next).unwrap_or(u32::MAX), ..self }
    }

    /// The route, if it is one of the table.
    #[must_use]
    pub const fn table_route(self) -> Option<RouteId> {
        match self.service {
            Service::Route(route) => Some(route),
            Service::Other(_)
            | Service::ReadOnly(_)
            | Service::Fallback(_)
            | Service::Counting(_) => None,
        }
    }

    /// The scope whose policy counts, if it is no route of the table.
    #[must_use]
    pub(super) const fn scope(self) -> Option<ScopeId> {
        match self.service {
            Service::Route(_) => None,
            Service::Other(scope)
            | Service::ReadOnly(scope)
            | Service::Fallback(scope)
            | Service::Counting(scope) => scope,
        }
    }

    /// Whether it is a service outside of the table.
    #[must_use]
    pub const fn is_other(self) -> bool {
        matches!(self.service, Service::Other(_) | Service::ReadOnly(_))
    }

    /// Whether it is a service that runs nothing but GET and HEAD.
    #[inline]
    pub(super) const fn is_reader(self) -> bool {
        matches!(self.service, Service::ReadOnly(_))
    }

    /// Whether it may run a method for which browsers ask.
    #[inline]
    pub(super) const fn may_run(self) -> bool {
        matches!(self.service, Service::Route(_) | Service::Other(_))
    }

    /// Whether it is the end of a scope.
    #[must_use]
    pub const fn is_fallback(self) -> bool {
        matches!(self.service, Service::Fallback(_) | Service::Counting(_))
    }

    /// Whether nothing is tried once this step takes a request.
    #[must_use]
    pub const fn is_last(self) -> bool {
        self.next == u32::MAX
    }
}

/// The services that a request's path leads to, as the adapter found them: those of the path as it is,
/// and those of each other form that the path may have at the router, because a middleware may rewrite it.
#[derive(Debug, Clone, Copy)]
pub struct PathMatch<'a> {
    exact: &'a [Step],
    others: &'a [&'a [Step]],
    is_over_limit: bool,
}

impl<'a> PathMatch<'a> {
    /// Nothing is known at the path: the base policy answers.
    pub const NONE: PathMatch<'static> = PathMatch::certain(&[]);

    /// The path was not looked up, because that would take more work than the adapter spends on one:
    /// nothing is allowed.
    pub const OVER_LIMIT: PathMatch<'static> = PathMatch { is_over_limit: true, ..Self::NONE };

    /// The services whose pattern matches the path, in the order in which the router tries them.
    #[must_use]
    pub const fn certain(steps: &'a [Step]) -> Self {
        Self { exact: steps, others: &[], is_over_limit: false }
    }

    /// The same, with the services of other forms of the path: they have to allow the request as well.
    /// A form that leads to no service for the method counts for nothing, since nothing would run.
    ///
    /// ```
    /// use cors_core::{PathMatch, Policy, RouteSpec, RouteTable, Step};
    ///
    /// let base = Policy::builder().build()?;
    /// let put: cors_core::Method = "PUT".parse().unwrap();
    /// let spec = |pattern: &str| RouteSpec::new(pattern, base.clone()).methods([put.clone()]);
    /// let table = RouteTable::new(&base, &[spec("/a"), spec("/a/")], str::to_owned);
    /// let [a, with_slash] = [0, 1].map(|index| [Step::route(table.routes().nth(index).unwrap())]);
    /// let others = [&with_slash[..]];
    /// assert_eq!(table.reachable(PathMatch::certain(&a).or(&others), "PUT").count(), 2);
    /// # Ok::<(), cors_core::ConfigErrors>(())
    /// ```
    #[must_use]
    pub const fn or(self, others: &'a [&'a [Step]]) -> Self {
        Self { others, ..self }
    }

    /// The path as it is.
    #[inline]
    pub(super) fn exact(&self) -> &'a [Step] {
        self.exact
    }

    /// Whether the path can have no other form.
    #[inline]
    pub(super) fn is_exact(&self) -> bool {
        self.others.is_empty()
    }

    #[inline]
    pub(super) fn is_over_limit(&self) -> bool {
        self.is_over_limit
    }

    /// Its other forms.
    pub(super) fn others(&self) -> impl Iterator<Item = &'a [Step]> + use<'a> {
        self.others.iter().copied()
    }

    /// Whether it was looked up, and leads to nothing.
    #[inline]
    pub(super) fn leads_nowhere(&self) -> bool {
        self.exact.is_empty() && self.others.is_empty() && !self.is_over_limit
    }

    /// Whether it leads to a route of the table in any form.
    #[inline]
    pub(super) fn has_routes(&self) -> bool {
        let leads = |steps: &[Step]| steps.iter().any(|step| step.table_route().is_some());
        leads(self.exact) || self.others.iter().any(|form| leads(form))
    }

    /// The routes of the table.
    pub(super) fn routes(&self) -> impl Iterator<Item = RouteId> + use<'a> {
        self.steps().filter_map(|step| step.table_route())
    }

    /// The scopes whose policies count for what is no route of the table.
    pub(super) fn scopes(&self) -> impl Iterator<Item = ScopeId> + use<'a> {
        self.steps().filter_map(|step| step.scope())
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = &'a Step> + use<'a> {
        self.exact.iter().chain(self.others.iter().copied().flatten())
    }
}
