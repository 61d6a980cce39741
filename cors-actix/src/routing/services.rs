//! The services of an application in the order in which actix tries them, each with the routes of the
//! merged table that it is.

use std::{ops::Range, sync::Arc};

use actix_web::dev::{Path, Url};
use smallvec::SmallVec;

use super::{
    areas::{Areas, ScopeIds},
    pattern::Pattern,
    steps::{Steps, Target, end_scope, end_scope_under, push_unrouted},
    trie::{Candidates, Trie},
};

/// The services of an application, numbered in the order of their registration.
#[derive(Debug, Default)]
pub(crate) struct Services {
    pub(super) all: Vec<Service>,
    pub(super) scopes: Vec<Scope>,
    /// The scopes whose prefix has a regular expression, which may take more of a path if more follows.
    pub(super) greedy: Vec<usize>,
    pub(super) trie: Trie,
    pub(super) areas: Areas,
    /// The scopes that the middleware may be wrapped around; none if it is around the application.
    pub(super) own: Vec<Own>,
}

/// How far a request has got in the router.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Progress<'a> {
    /// It has not been there yet.
    Ahead,
    /// It has been there, and its path is not known any more.
    Unknown,
    /// It has been there.
    Taken(Taken<'a>),
}

/// How much of a request's path the router has taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken<'a> {
    pub(super) bytes: usize,
    /// The path with what was named of it, unless that does not go with what was taken.
    pub(super) names: Option<&'a Path<Url>>,
    /// Whether that is the path as the router saw it, and no route has run.
    pub(super) is_unrouted: bool,
}

#[derive(Debug)]
pub(super) enum Service {
    Resource(Resource),
    /// The end of a scope, where requests arrive that no service in it takes.
    EndOfScope(usize),
}

#[derive(Debug)]
pub(crate) struct Resource {
    /// The innermost scope around it, if any.
    pub(super) scope: Option<usize>,
    /// The first pattern that matches counts.
    pub(super) patterns: Vec<(Arc<Pattern>, Target)>,
}

#[derive(Debug)]
pub(super) struct Scope {
    pub(super) outer: Option<usize>,
    pub(super) prefix: Pattern,
    /// The full prefix.
    pub(super) full: String,
    /// The numbers of the services in it, and of its end.
    pub(super) services: Range<u32>,
    /// Whether it answers GET and HEAD alone.
    pub(super) reads_only: bool,
    pub(super) may_be_guarded: bool,
    /// Whether neither it nor a scope around it may have a guard, so that no service after it gets requests
    /// of its paths.
    pub(super) keeps_its_paths: bool,
}

/// A scope that the middleware may be wrapped around.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own {
    pub(super) scope: usize,
    /// Whether there is no other that it may be.
    pub(super) is_only: bool,
}

impl Resource {
    fn is_prefix(&self) -> bool {
        self.patterns.iter().any(|(pattern, _)| pattern.is_prefix())
    }
}

impl<'a> Progress<'a> {
    /// That of a path at the router.
    pub(crate) fn of(path: &'a Path<Url>) -> Self {
        let bytes = path.as_str().len() - path.unprocessed().len();
        Self::Taken(Taken { bytes, names: Some(path), is_unrouted: false })
    }

    /// The same where no route has run.
    pub(crate) fn unrouted(self) -> Self {
        match self {
            Self::Taken(own) => Self::Taken(Taken { is_unrouted: true, ..own }),
            Self::Ahead | Self::Unknown => self,
        }
    }

    /// Whether the path has the form that the router saw.
    pub(super) fn has_ended(self) -> bool {
        matches!(self, Self::Taken(own) if own.is_unrouted)
    }

    /// The same of a path without its first bytes.
    pub(crate) fn behind(self, bytes: usize) -> Self {
        match self {
            Self::Taken(own) => {
                Self::Taken(Taken { bytes: own.bytes.saturating_sub(bytes), ..own })
            }
            Self::Ahead | Self::Unknown => self,
        }
    }

    /// How much the router has taken, if it has taken something.
    #[inline]
    pub(super) fn taken(self) -> Option<Taken<'a>> {
        match self {
            Self::Taken(own) if own.bytes > 0 => Some(own),
            _ => None,
        }
    }

    /// The same with less that is known; `None` if that is nothing.
    pub(super) fn weaker(self) -> Option<Self> {
        let own = self.taken()?;
        Some(match own.names {
            Some(_) => Self::Taken(Taken { names: None, ..own }),
            None => Self::Unknown,
        })
    }

    fn is_ahead(self) -> bool {
        matches!(self, Self::Ahead)
    }
}

/// What actix tries for a path.
pub(super) enum Tried<'a> {
    Resource(&'a Resource, &'a Target),
    /// And how many steps there were when it was entered.
    EndOfScope(usize, &'a Scope, usize),
}

/// What is known of a path so far: many services have the scope or the pattern of the one before.
#[derive(Default)]
pub(super) struct Lookup<'p> {
    scopes: SmallVec<[Entered<'p>; 8]>,
    /// How many steps there are.
    steps: usize,
    /// The pattern that was asked last, in which scope, and what it said.
    last: Option<(Option<usize>, &'p Arc<Pattern>, Option<bool>)>,
}

/// A scope, once it was asked for the first service in it.
#[derive(Clone, Copy)]
pub(super) struct Entered<'p> {
    scope: usize,
    /// What it leaves of the path; `None` if the path does not match it.
    pub(super) rest: Option<&'p str>,
    /// How many steps there were.
    steps: usize,
}

impl Services {
    /// The services that may take a path.
    pub(super) fn candidates(&self, path: &str) -> Candidates {
        let mut candidates = Candidates::default();
        if !self.trie.find(path, &mut candidates) {
            // such as the `*` of `OPTIONS *`, which the index does not know
            candidates.numbers = (0..).zip(&self.all).map(|(number, _)| number).collect();
            candidates.may_take_slash = true;
        }
        candidates
    }

    /// Leaves only what is in a scope.
    pub(super) fn leave_out_root(&self, candidates: &mut Candidates) {
        candidates.numbers.retain(|number| match &self.all[*number as usize] {
            Service::Resource(resource) => resource.scope.is_some(),
            Service::EndOfScope(_) => true,
        });
    }

    /// Adds what actix tries for a path, of what may take it. Steps count from the first that is added.
    ///
    /// Where scopes have policies of their own, what the request cannot have got to is left out.
    pub(super) fn add_steps(
        &self,
        path: &str,
        candidates: &Candidates,
        progress: Progress<'_>,
        steps: &mut Steps,
    ) {
        if !self.areas.is_empty() {
            return self.add_steps_in_areas(path, candidates, progress, steps);
        }
        let start = steps.len();
        self.visit(path, candidates, |_, tried| {
            match tried {
                Tried::Resource(_, target) => target.add_steps(steps, start),
                Tried::EndOfScope(_, scope, first) => {
                    end_scope(steps, start, start + first, scope.may_be_guarded);
                }
            }
            steps.len() - start
        });
    }

    #[inline(never)]
    fn add_steps_in_areas(
        &self,
        path: &str,
        candidates: &Candidates,
        progress: Progress<'_>,
        steps: &mut Steps,
    ) {
        let start = steps.len();
        let taken = progress.taken();
        let (mut enters_scope, mut is_all_taken) = (false, false);
        let is_over = self.visit(path, candidates, |_, tried| {
            if taken.is_none_or(|taken| self.may_be_reached(&tried, path, taken)) {
                match tried {
                    Tried::Resource(resource, target) => {
                        target.add_steps(steps, start);
                        is_all_taken |= resource.scope.is_none() && resource.is_prefix();
                    }
                    Tried::EndOfScope(_, scope, first) => {
                        enters_scope = true;
                        let under = self.areas.of(path, &scope.full);
                        let may_be_guarded = scope.may_be_guarded;
                        end_scope_under(&under, steps, start, start + first, may_be_guarded);
                    }
                }
            }
            steps.len() - start
        });
        if is_over || taken.is_some() || is_all_taken {
            return;
        }
        // the guard of a scope may have kept a request out that has been there
        let may_be_outside = enters_scope && !progress.is_ahead();
        let under = self.areas.of(path, "");
        if may_be_outside || !under.is_empty() {
            push_unrouted(steps, start, &under);
        }
    }

    /// Whether a request may have got to a service when the router had taken so much of its path: then the service
    /// takes so much, or a scope around it, whose middleware may have answered.
    pub(super) fn may_be_reached(&self, tried: &Tried<'_>, path: &str, taken: Taken<'_>) -> bool {
        let (scope, by_itself) = match tried {
            Tried::EndOfScope(number, ..) => (Some(*number), false),
            Tried::Resource(resource, _) => {
                (resource.scope, self.taken_by_resource(resource, path) == Some(taken.bytes))
            }
        };
        let mut around = std::iter::successors(scope, |own| self.scopes[*own].outer);
        let is_named =
            |own| taken.names.is_none_or(|names| self.names_same(Some(own), None, names));
        by_itself
            || around.any(|own| self.taken_by(own, path) == Some(taken.bytes) && is_named(own))
    }

    /// How many bytes of a path a resource takes, with the scopes around it.
    fn taken_by_resource(&self, resource: &Resource, path: &str) -> Option<usize> {
        let mut lookup = Lookup::default();
        let rest = match resource.scope {
            Some(scope) => self.enter(scope, path, &mut lookup).rest?,
            None => path,
        };
        let left =
            |pattern: &Pattern| if pattern.is_prefix() { pattern.behind(rest) } else { Some("") };
        let mut patterns = resource.patterns.iter();
        let left = patterns.find_map(|(pattern, _)| left(pattern))?;
        Some(path.len() - left.len())
    }

    pub(super) fn under(&self, path: &str, prefix: &str) -> ScopeIds {
        if self.areas.is_empty() { ScopeIds::new() } else { self.areas.of(path, prefix) }
    }

    /// Visits the services that actix tries for a path, in its order, each with its number; `visit` answers
    /// how many steps there are. Answers whether nothing outside of the scope that it ended in gets the path.
    pub(super) fn visit<'p>(
        &'p self,
        path: &'p str,
        candidates: &Candidates,
        mut visit: impl FnMut(u32, Tried<'p>) -> usize,
    ) -> bool {
        let mut lookup = Lookup::default();
        for number in &candidates.numbers {
            match &self.all[*number as usize] {
                Service::Resource(resource) => {
                    if let Some(target) = self.target(resource, path, &mut lookup) {
                        lookup.steps = visit(*number, Tried::Resource(resource, target));
                    }
                }
                Service::EndOfScope(scope) => {
                    let entered = self.enter(*scope, path, &mut lookup);
                    if entered.rest.is_some() {
                        let own = &self.scopes[*scope];
                        let end = Tried::EndOfScope(*scope, own, entered.steps);
                        lookup.steps = visit(*number, end);
                        if own.keeps_its_paths {
                            return true;
                        }
                    }
                }
            }
        }
        false
    }

    /// What a resource runs for a path; `None` if the path does not match.
    fn target<'p>(
        &self,
        resource: &'p Resource,
        path: &'p str,
        lookup: &mut Lookup<'p>,
    ) -> Option<&'p Target> {
        let rest =
            resource.scope.map_or(Some(path), |scope| self.enter(scope, path, lookup).rest)?;
        let mut takes = |pattern: &'p Arc<Pattern>| match lookup.last {
            Some((scope, last, takes)) if scope == resource.scope && Arc::ptr_eq(last, pattern) => {
                takes
            }
            _ => {
                let takes = pattern.takes(rest);
                lookup.last = Some((resource.scope, pattern, takes));
                takes
            }
        };
        let mut patterns = resource.patterns.iter();
        patterns.find_map(|(pattern, target)| Some(takes(pattern)?.then_some(target)))?
    }

    /// Enters a scope, or finds that the path does not match it.
    pub(super) fn enter<'p>(
        &self,
        scope: usize,
        path: &'p str,
        lookup: &mut Lookup<'p>,
    ) -> Entered<'p> {
        if let Some(known) = lookup.scopes.iter().find(|own| own.scope == scope) {
            return *known;
        }
        let own = &self.scopes[scope];
        let outside = own.outer.map_or(Some(path), |outer| self.enter(outer, path, lookup).rest);
        let rest = outside.and_then(|outside| own.prefix.behind(outside));
        let entered = Entered { scope, rest, steps: lookup.steps };
        lookup.scopes.push(entered);
        entered
    }

    /// How many bytes of a path a scope takes, with those around it; `None` if the path does not match.
    pub(super) fn taken_by(&self, scope: usize, path: &str) -> Option<usize> {
        let rest = self.enter(scope, path, &mut Lookup::default()).rest?;
        Some(path.len() - rest.len())
    }

    /// Adds every service in a scope, since any of them may get a request.
    pub(super) fn add_all_in(&self, scope: usize, steps: &mut Steps) {
        let start = steps.len();
        for service in &self.all {
            let Service::Resource(resource) = service else { continue };
            let mut around = std::iter::successors(resource.scope, |own| self.scopes[*own].outer);
            if around.any(|own| own == scope) {
                for (_, target) in &resource.patterns {
                    target.add_steps(steps, start);
                }
            }
        }
        for (step, next) in steps[start..].iter_mut().zip(1..) {
            *step = step.continue_at(next);
        }
    }

    /// The full prefix of the outermost scope that leaves this many bytes of a path.
    pub(crate) fn scope_leaving(&self, path: &str, left: usize) -> Option<String> {
        let mut lookup = Lookup::default();
        let is_left = |scope: &usize| {
            self.enter(*scope, path, &mut lookup).rest.is_some_and(|rest| rest.len() == left)
        };
        let scope = (0..self.scopes.len()).find(is_left)?;
        Some(prefixes(&self.scopes, Some(scope)).map(Pattern::text).collect())
    }
}

/// The prefixes around a service, the outermost first.
pub(super) fn prefixes(scopes: &[Scope], scope: Option<usize>) -> impl Iterator<Item = &Pattern> {
    let outwards = |scope: &usize| scopes[*scope].outer;
    let mut around: Vec<usize> = std::iter::successors(scope, outwards).collect();
    around.reverse();
    around.into_iter().map(|scope| &scopes[scope].prefix)
}
