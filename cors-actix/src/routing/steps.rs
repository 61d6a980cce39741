//! What the services that take a path mean to the core: steps, in the order in which actix tries them.

use cors_core::{RouteId, Step};
use smallvec::SmallVec;

use crate::startup::PlainRoute;

/// The services that actix tries for a path, in its order; rarely more than a handful.
pub(crate) type Steps = SmallVec<[Step; 16]>;

/// What a resource runs, as far as is known.
#[derive(Debug)]
pub(super) enum Target {
    /// An annotated handler.
    Annotated(Vec<RouteId>),
    /// Routes without `#[cors]`, and what the table has of them.
    Plain(Vec<PlainStep>),
    /// One of these handlers, or a plain route that looks the same.
    Doubt(Vec<RouteId>, Vec<PlainStep>),
}

/// A plain route that something is known of.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlainStep {
    pub(super) route: PlainRoute,
    /// Whether no later resource has the same pattern. Otherwise the search goes on, since what comes in
    /// between may get the request, too.
    pub(super) is_last: bool,
}

impl Target {
    pub(super) fn handlers(&self) -> &[RouteId] {
        match self {
            Self::Annotated(routes) | Self::Doubt(routes, _) => routes,
            Self::Plain(_) => &[],
        }
    }

    pub(super) fn plain_routes(&self) -> &[PlainStep] {
        match self {
            Self::Plain(routes) | Self::Doubt(_, routes) => routes,
            Self::Annotated(_) => &[],
        }
    }

    /// Adds the steps of a resource that takes the path; `start` is where those of the path begin.
    pub(super) fn add_steps(&self, steps: &mut Steps, start: usize) {
        match self {
            Self::Annotated(routes) => {
                for route in routes {
                    steps.push(Step::route(*route));
                }
            }
            Self::Plain(routes) => {
                // if it has entries these are all its methods, otherwise it may serve any
                let is_declared = routes.iter().any(|own| own.route.is_declared);
                // the first that has the method speaks for the resource, which may have a guard
                let end = steps.len() - start + routes.len() + usize::from(!is_declared);
                steps.extend(routes.iter().map(|own| {
                    let step = Step::route(own.route.id);
                    if own.is_last { step } else { step.continue_at(end) }
                }));
                if !is_declared {
                    steps.push(Step::other());
                }
            }
            Self::Doubt(routes, plain) => {
                let all = plain.iter().map(|own| own.route.id).chain(routes.iter().copied());
                // the handler's methods do not count for the plain route
                steps.push(Step::other());
                // one after the other, since only one of them is there
                let first = steps.len() - start;
                steps.extend(
                    all.map(Step::route)
                        .zip(first + 1..)
                        .map(|(step, next)| step.continue_at(next)),
                );
            }
        }
    }
}

/// Adds what a scope does with what none of its services takes, whose steps are those from `first` on.
pub(super) fn end_scope(steps: &mut Steps, start: usize, first: usize, may_be_guarded: bool) {
    if !may_be_guarded {
        steps.push(Step::fallback().continue_at(usize::MAX));
        return;
    }
    steps.push(Step::fallback());
    let end = steps.len() - start;
    for step in steps[first..].iter_mut().filter(|step| step.is_last()) {
        *step = step.continue_at(end);
    }
}
