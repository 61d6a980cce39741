//! What the services that take a path mean to the core: steps, in the order in which actix tries them.

use cors_core::{RouteId, ScopeId, Step};
use smallvec::SmallVec;

use crate::startup::PlainRoute;

/// The services that actix tries for a path, in its order; rarely more than a handful.
pub(crate) type Steps = SmallVec<[Step; 16]>;

/// What a resource runs, as far as is known.
#[derive(Debug)]
pub(super) enum Target {
    /// An annotated handler.
    Annotated(Vec<RouteId>),
    /// Routes without `#[cors]`.
    Plain(Plain),
    /// One of these handlers, or a plain route that looks the same.
    Doubt(Vec<RouteId>, Plain),
}

/// What the table has of routes without `#[cors]`.
#[derive(Debug, Default)]
pub(super) struct Plain {
    pub(super) routes: Vec<PlainStep>,
    /// The scope whose policy those have of which nothing else is known.
    pub(super) scope: Option<ScopeId>,
    /// Whether they answer GET and HEAD alone.
    pub(super) reads_only: bool,
}

impl Plain {
    /// Whether entries say which methods they serve.
    pub(super) fn is_declared(&self) -> bool {
        self.routes.iter().any(|own| own.route.is_declared)
    }

    /// The step of what nothing is known of.
    fn unknown(&self) -> Step {
        let step = if self.reads_only { Step::read_only() } else { Step::other() };
        step.under(self.scope)
    }
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

    pub(super) fn plain(&self) -> Option<&Plain> {
        match self {
            Self::Plain(plain) | Self::Doubt(_, plain) => Some(plain),
            Self::Annotated(_) => None,
        }
    }

    pub(super) fn plain_routes(&self) -> &[PlainStep] {
        self.plain().map_or(&[], |own| &own.routes)
    }

    /// Adds the steps of a resource that takes the path; `start` is where those of the path begin.
    pub(super) fn add_steps(&self, steps: &mut Steps, start: usize) {
        match self {
            Self::Annotated(routes) => {
                for route in routes {
                    steps.push(Step::route(*route));
                }
            }
            Self::Plain(plain) => {
                let routes = &plain.routes;
                // if it has entries these are all its methods, otherwise it may serve any
                let is_declared = plain.is_declared();
                // the first that has the method speaks for the resource, which may have a guard
                let end = steps.len() - start + routes.len() + usize::from(!is_declared);
                steps.extend(routes.iter().map(|own| {
                    let step = Step::route(own.route.id);
                    if own.is_last { step } else { step.continue_at(end) }
                }));
                if !is_declared {
                    steps.push(plain.unknown());
                }
            }
            Self::Doubt(routes, plain) => {
                let all = plain.routes.iter().map(|own| own.route.id).chain(routes.iter().copied());
                // the handler's methods do not count for the plain route
                steps.push(plain.unknown());
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
    steps.push(Step::fallback());
    leave_scope(steps, start, first, may_be_guarded);
}

/// The same under the policies of these scopes.
pub(super) fn end_scope_under(
    under: &[ScopeId],
    steps: &mut Steps,
    start: usize,
    first: usize,
    may_be_guarded: bool,
) {
    push_unrouted(steps, start, under);
    leave_scope(steps, start, first, may_be_guarded);
}

/// Says where the search goes on behind the step that ends a scope.
#[inline]
fn leave_scope(steps: &mut Steps, start: usize, first: usize, may_be_guarded: bool) {
    if !may_be_guarded {
        if let Some(last) = steps.last_mut() {
            *last = last.continue_at(usize::MAX);
        }
        return;
    }
    let end = steps.len() - start;
    for step in steps[first..].iter_mut().filter(|step| step.is_last()) {
        *step = step.continue_at(end);
    }
}

/// Adds what happens to a path that nothing takes, under the policies of these scopes; of several it is not known
/// which is meant, so that each counts.
pub(super) fn push_unrouted(steps: &mut Steps, start: usize, under: &[ScopeId]) {
    let Some((last, others)) = under.split_last() else { return steps.push(Step::fallback()) };
    for scope in others {
        let next = steps.len() - start + 1;
        steps.push(Step::fallback().under(Some(*scope)).continue_at(next));
    }
    steps.push(Step::fallback().under(Some(*last)));
}
