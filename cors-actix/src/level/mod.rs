//! The services of an application in the order in which actix tries them, each with the routes of
//! the table that it stands for. An index narrows the choice, and for usual patterns what is tried was
//! made ready; other patterns are asked, as actix asks them.
//!
//! The services of a scope stand among those around it, so that one search finds what it takes several
//! routers of actix to find. A scope whose prefix has unusual segments is a level of its own.

mod before;
mod builder;
#[cfg(test)]
mod oracle;
mod prepare;
mod ready;
mod steps;
#[cfg(test)]
mod tests;

use std::{collections::HashSet, iter, rc::Rc};

use actix_web::dev::ResourceDef;
use cors_core::{RouteId, Step};
use smallvec::SmallVec;

use before::Before;
pub(crate) use builder::Builder;
#[cfg(test)]
pub(crate) use oracle::behind;
use ready::Ready;
pub(crate) use steps::{OwnSteps, Steps};

use crate::{
    index::{Index, Lookup},
    pattern::Pattern,
    resource::{Resource, Taker},
    segments::{Rest, Segments},
    verdict::Verdict,
};

#[derive(Debug, Default)]
pub(crate) struct Level {
    nodes: Vec<Node>,
    index: Index<Prepared>,
    /// Whether a pattern has two slashes in a row.
    has_empty_segments: bool,
}

/// What is known of slashes in a path once it is looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slashes {
    /// Whether there are surely no two in a row.
    pub(crate) are_single: bool,
    /// Whether one more at its end may lead to other resources.
    pub(crate) one_more_matters: bool,
}

/// A service, or one end of a scope.
#[derive(Debug)]
struct Node {
    before: Rc<Before>,
    /// What its full pattern consists of, scopes included, if it has one that consists of usual segments.
    segments: Option<Rc<Segments>>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Begins a scope whose prefix consists of usual segments; `leave` is the number of its end.
    Enter {
        prefix: Pattern,
        leave: usize,
    },
    /// Ends it.
    Leave {
        may_be_guarded: bool,
    },
    /// Any other scope.
    Scope {
        prefix: Pattern,
        may_be_guarded: bool,
        level: Box<Level>,
    },
    Resource(Resource),
}

/// What is known of the paths that start in some way.
#[derive(Debug)]
struct Prepared {
    /// What may match them, in order.
    candidates: Box<[Candidate]>,
    /// Whether one of them may match a path for a slash at its end.
    may_end_with_slash: bool,
    ready: Option<Ready>,
}

type Found<'a, 'p> = Lookup<'a, 'p, Prepared>;

/// What may match a path.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    /// The number of the node.
    number: usize,
    verdict: Verdict,
}

/// What is left of a path for a service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'p> {
    path: &'p str,
    before: &'p Before,
    /// Whether the service is known to match it.
    is_known: bool,
}

impl Node {
    fn sole_pattern(&self) -> Option<&Pattern> {
        match &self.kind {
            Kind::Resource(own) => own.sole_pattern(),
            Kind::Enter { .. } | Kind::Leave { .. } | Kind::Scope { .. } => None,
        }
    }

    /// What its paths have to be, if they can be compared.
    fn rest(&self) -> Option<Rest<'_>> {
        self.segments.as_deref().map(Segments::rest)
    }
}

impl Level {
    /// Leaves a declared route certain at the last resource of its pattern alone: several may have the
    /// pattern, each for other methods, and what stands between them counts.
    pub(crate) fn declare_last(&mut self, seen: &mut HashSet<RouteId>) {
        for node in self.nodes.iter_mut().rev() {
            match &mut node.kind {
                Kind::Enter { .. } | Kind::Leave { .. } => {}
                Kind::Scope { level, .. } => level.declare_last(seen),
                Kind::Resource(resource) => {
                    for (_, taker) in &mut resource.patterns {
                        taker.declare_last(seen);
                    }
                }
            }
        }
    }

    /// Visits what may match a path, in order. What stands in a scope is passed over where the scope's
    /// prefix does not match.
    #[inline]
    fn visit<'a: 'p, 'p>(
        &'a self,
        path: &'p str,
        candidates: impl Iterator<Item = Candidate>,
        is_alone: bool,
        mut visit: impl FnMut(&'a Kind, Part<'p>),
    ) {
        let (mut first, mut last_matched) = (0, false);
        for Candidate { number, verdict } in candidates {
            let is_known = match verdict {
                Verdict::Always => true,
                Verdict::Alone => is_alone,
                Verdict::AsBefore => last_matched,
                Verdict::Open | Verdict::Never => false,
            };
            if number < first || (!is_known && verdict != Verdict::Open) {
                continue;
            }
            let node = &self.nodes[number];
            let mut part = Part { path, before: &node.before, is_known };
            match &node.kind {
                Kind::Enter { prefix, leave } if !part.is_matched_by(prefix) => {
                    first = leave + 1;
                    continue;
                }
                Kind::Resource(resource) if !is_known => {
                    if let Some(pattern) = resource.sole_pattern() {
                        last_matched = part.is_matched_by(pattern);
                        part.is_known = last_matched;
                    }
                }
                _ => {}
            }
            visit(&node.kind, part);
        }
    }

    /// What may match a path, in order, as far as its start says.
    fn candidates<'a>(
        &'a self,
        found: &Found<'a, '_>,
    ) -> impl Iterator<Item = Candidate> + use<'a> {
        let prepared = found.prepared.map(|own| own.candidates.iter().copied());
        let open = |number| Candidate { number, verdict: Verdict::Open };
        let unprepared = prepared.is_none().then(|| self.index.services(found).map(open));
        prepared.into_iter().flatten().chain(unprepared.into_iter().flatten())
    }

    /// Adds what actix tries for a path, in its order.
    #[inline]
    pub(crate) fn add_steps<'a>(&'a self, path: &str, steps: &mut Steps<'a>) -> Slashes {
        let Some(found) = self.index.find(path) else {
            return Slashes { are_single: false, one_more_matters: false };
        };
        let one_more_matters =
            found.has_slashed || found.prepared.is_none_or(|own| own.may_end_with_slash);
        // what is ready counts its steps from the first
        let ready = if steps.is_empty() { self.ready_steps(path, &found) } else { None };
        let is_compared = if let Some((ready, is_all)) = ready {
            steps.share(ready);
            is_all
        } else {
            self.walk_found(path, &found, steps);
            found.rest.is_empty()
        };
        Slashes { are_single: is_compared && !self.has_empty_segments, one_more_matters }
    }

    /// Adds the steps where they are not ready.
    // where they are, a preflight would pay for its frame
    #[inline(never)]
    fn walk_found<'a>(&'a self, path: &str, found: &Found<'a, '_>, steps: &mut Steps<'a>) {
        self.walk(path, self.candidates(found), found.rest.is_empty(), steps);
    }

    /// Adds the steps of what may match.
    fn walk<'a>(
        &'a self,
        path: &str,
        candidates: impl Iterator<Item = Candidate>,
        is_alone: bool,
        steps: &mut Steps<'a>,
    ) {
        let mut entered = SmallVec::<[usize; 8]>::new();
        self.visit(path, candidates, is_alone, |kind, part| match kind {
            Kind::Enter { .. } => entered.push(steps.len()),
            Kind::Leave { may_be_guarded } => {
                end_scope(steps.own(), entered.pop().unwrap_or_default(), *may_be_guarded);
            }
            Kind::Scope { prefix, may_be_guarded, level } => {
                if let Some(rest) = part.behind(prefix) {
                    let start = steps.len();
                    level.add_steps(rest, steps);
                    end_scope(steps.own(), start, *may_be_guarded);
                }
            }
            Kind::Resource(resource) => {
                if let Some(taker) = resource.taker(part) {
                    taker.add_steps(steps.own());
                }
            }
        });
    }

    /// A path for each annotated route, its dynamic segments filled with a text.
    pub(crate) fn samples(&self, filler: &str) -> Vec<(RouteId, String)> {
        let mut found = Vec::new();
        self.add_samples("", filler, &mut found);
        found
    }

    fn add_samples(&self, outside: &str, filler: &str, found: &mut Vec<(RouteId, String)>) {
        for node in &self.nodes {
            let before = || outside.to_owned() + &node.before.path(filler);
            match &node.kind {
                Kind::Enter { .. } | Kind::Leave { .. } => {}
                Kind::Scope { prefix, level, .. } => {
                    level.add_samples(
                        &sample(before(), prefix.definition(), filler),
                        filler,
                        found,
                    );
                }
                Kind::Resource(resource) => {
                    for (pattern, taker) in &resource.patterns {
                        let path = sample(before(), pattern.definition(), filler);
                        found.extend(taker.handlers().iter().map(|own| (*own, path.clone())));
                    }
                }
            }
        }
    }

    /// The full pattern of the first resource without `#[cors]` that matches a path.
    pub(crate) fn first_plain(&self, path: &str) -> Option<&str> {
        let mut first = None;
        let found = self.index.find(path)?;
        let candidates = self.candidates(&found);
        self.visit(path, candidates, found.rest.is_empty(), |kind, part| {
            let is_plain = |taker: &Taker| !matches!(taker, Taker::Annotated(_));
            let own = match kind {
                Kind::Enter { .. } | Kind::Leave { .. } => None,
                Kind::Scope { prefix, level, .. } => {
                    part.behind(prefix).and_then(|rest| level.first_plain(rest))
                }
                Kind::Resource(resource) => {
                    resource.taker(part).filter(|own| is_plain(own)).map(|_| resource.full.as_str())
                }
            };
            first = first.or(own);
        });
        first
    }

    /// All resources.
    fn resources(&self) -> Box<dyn Iterator<Item = &Resource> + '_> {
        Box::new(self.nodes.iter().flat_map(|node| match &node.kind {
            Kind::Enter { .. } | Kind::Leave { .. } => Box::new(iter::empty()),
            Kind::Scope { level, .. } => level.resources(),
            Kind::Resource(resource) => Box::new(iter::once(resource)),
        }))
    }

    /// The routes of the table that stand for resources without `#[cors]`.
    pub(crate) fn plain_routes(&self) -> HashSet<RouteId> {
        let takers = self.resources().flat_map(|resource| &resource.patterns);
        takers.flat_map(|(_, taker)| taker.plain_routes()).map(|route| route.id).collect()
    }

    /// The full pattern of a resource that another pattern is the end of.
    pub(crate) fn pattern_ending_with(&self, end: &str) -> Option<String> {
        let mut patterns = self.resources().map(|resource| &resource.full);
        patterns.find(|full| full.ends_with(end)).cloned()
    }

    /// Adds what is known of the plain resources of a full pattern that match a path.
    pub(crate) fn add_plain_steps<'a>(
        &'a self,
        path: &str,
        dispatched: &str,
        steps: &mut Steps<'a>,
    ) {
        let Some(found) = self.index.find(path) else { return };
        let candidates = self.candidates(&found);
        self.visit(path, candidates, found.rest.is_empty(), |kind, part| match kind {
            Kind::Scope { prefix, level, .. } => {
                if let Some(rest) = part.behind(prefix) {
                    level.add_plain_steps(rest, dispatched, steps);
                }
            }
            Kind::Resource(resource) if resource.full == dispatched => {
                if let Some(Taker::Plain(routes)) = resource.taker(part) {
                    steps.own().extend(routes.iter().map(|route| Step::route(route.id)));
                }
            }
            Kind::Enter { .. } | Kind::Leave { .. } | Kind::Resource(_) => {}
        });
    }
}

impl<'p> Part<'p> {
    fn rest(self) -> Option<&'p str> {
        self.before.behind(self.path)
    }

    pub(crate) fn is_matched_by(self, pattern: &Pattern) -> bool {
        self.find(pattern).unwrap_or(false)
    }

    /// The same if the pattern's expression matches at all.
    pub(crate) fn find(self, pattern: &Pattern) -> Option<bool> {
        if self.is_known { Some(true) } else { pattern.find(self.rest()?) }
    }

    /// What is left behind a prefix.
    fn behind(self, prefix: &Pattern) -> Option<&'p str> {
        prefix.behind(self.rest()?)
    }
}

/// Adds what a scope does with what none of its services takes, whose steps are those from `start` on.
fn end_scope(steps: &mut OwnSteps, start: usize, may_be_guarded: bool) {
    if !may_be_guarded {
        steps.push(Step::fallback().continue_at(usize::MAX));
        return;
    }
    steps.push(Step::fallback());
    let end = steps.len();
    for step in steps[start..].iter_mut().filter(|step| step.is_last()) {
        *step = step.continue_at(end);
    }
}

fn sample(before: String, pattern: &ResourceDef, filler: &str) -> String {
    let mut path = before;
    pattern.resource_path_from_iter(&mut path, std::iter::repeat(filler));
    path
}
