//! A middleware around a scope looks up what is in the scope, and nothing else: that is what its requests get to.
//!
//! Several scopes may have the same path, such as those of tenants that guards tell apart. Then it is not known which
//! of them the middleware is wrapped around, and what each of them does with a request counts like another form
//! of the path.

use cors_core::Step;

use super::{
    services::{Own, Progress, Resource, Services, Tried},
    steps::{Steps, end_scope_under},
    trie::Candidates,
};

impl Services {
    /// The same for a middleware around one of these scopes.
    pub(crate) fn around(self, scopes: &[usize]) -> Self {
        let is_only = scopes.len() == 1;
        let own = scopes.iter().map(|scope| Own { scope: *scope, is_only }).collect();
        Self { own, ..self }
    }

    /// Whether the middleware is wrapped around a scope.
    pub(crate) fn is_around_scope(&self) -> bool {
        !self.own.is_empty()
    }

    /// Whether it is not known which scope it is wrapped around.
    pub(crate) fn has_several_own(&self) -> bool {
        self.own.len() > 1
    }

    /// Whether a scope that the middleware may be wrapped around leaves so much of a path.
    pub(crate) fn is_left_by_own(&self, path: &str, left: usize) -> bool {
        self.own.iter().any(|own| self.taken_by(own.scope, path) == Some(path.len() - left))
    }

    /// Whether a scope is one that the middleware may be wrapped around, or in one.
    pub(super) fn is_in_own(&self, scope: usize) -> bool {
        let mut around = std::iter::successors(Some(scope), |own| self.scopes[*own].outer);
        !self.is_around_scope() || around.any(|it| self.own.iter().any(|own| own.scope == it))
    }

    /// Whether the middleware's requests may get to a resource.
    pub(super) fn may_get_to(&self, resource: &Resource) -> bool {
        resource.scope.map_or(!self.is_around_scope(), |scope| self.is_in_own(scope))
    }

    /// Adds what actix tries for a path in a scope that the middleware may be wrapped around, and what that does with
    /// what none of its services takes: nothing comes after it.
    ///
    /// If the scope may be another one, that counts whatever the other does with the request.
    pub(super) fn add_steps_in(
        &self,
        own: Own,
        path: &str,
        candidates: &Candidates,
        progress: Progress<'_>,
        steps: &mut Steps,
    ) {
        let start = steps.len();
        let taken = progress.taken().filter(|_| !self.areas.is_empty());
        self.visit(path, &self.inside(own, candidates), |_, tried| {
            if taken.is_none_or(|taken| self.may_be_reached(&tried, path, taken)) {
                match tried {
                    Tried::Resource(_, target) => target.add_steps(steps, start),
                    Tried::EndOfScope(number, scope, first) => {
                        let (under, end) = (self.areas.of(path, &scope.full), steps.len());
                        let may_be_guarded = scope.may_be_guarded && number != own.scope;
                        end_scope_under(&under, steps, start, start + first, may_be_guarded);
                        if !own.is_only {
                            count_in_any_case(&mut steps[end..]);
                        }
                    }
                }
            }
            steps.len() - start
        });
    }

    /// Those of the services that are in a scope.
    fn inside(&self, own: Own, candidates: &Candidates) -> Candidates {
        let services = &self.scopes[own.scope].services;
        let inside = candidates.numbers.iter().filter(|number| services.contains(number));
        Candidates { numbers: inside.copied().collect(), ..*candidates }
    }
}

fn count_in_any_case(ends: &mut [Step]) {
    for step in ends {
        *step = step.in_any_case();
    }
}
