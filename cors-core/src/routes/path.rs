//! Where a request's path leads: the services that may take it, in the order of the router.

use super::RouteId;

/// A service whose pattern matches a path.
///
/// A route of the table takes the methods of its [`RouteSpec`](super::RouteSpec), a service outside
/// of it any method, under the base policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub(super) service: Service,
    /// [`u32::MAX`] where the search ends.
    pub(super) next: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
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
    pub(super) is_certain: bool,
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
