//! The services of an application in the order in which actix tries them, each with the routes of the
//! merged table that it is.

use std::rc::Rc;

use actix_web::dev::{Path, Url};
use cors_core::Step;
use smallvec::SmallVec;

use super::{
    pattern::Pattern,
    steps::{Steps, Target, end_scope},
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
}

#[derive(Debug)]
pub(super) enum Service {
    Resource(Resource),
    /// The end of a scope, where requests arrive that no service in it takes.
    EndOfScope(usize),
}

#[derive(Debug)]
pub(super) struct Resource {
    /// The innermost scope around it, if any.
    pub(super) scope: Option<usize>,
    /// The first pattern that matches counts.
    pub(super) patterns: Vec<(Rc<Pattern>, Target)>,
}

#[derive(Debug)]
pub(super) struct Scope {
    pub(super) outer: Option<usize>,
    pub(super) prefix: Pattern,
    pub(super) may_be_guarded: bool,
    /// Whether neither it nor a scope around it may have a guard, so that no service after it gets requests
    /// of its paths.
    pub(super) keeps_its_paths: bool,
}

/// What actix tries for a path.
pub(super) enum Tried<'a> {
    Resource(&'a Resource, &'a Target),
    /// And how many steps there were when it was entered.
    EndOfScope(&'a Scope, usize),
}

/// What is known of a path so far: many services have the scope or the pattern of the one before.
#[derive(Default)]
struct Lookup<'p> {
    scopes: SmallVec<[Entered<'p>; 8]>,
    /// How many steps there are.
    steps: usize,
    /// The pattern that was asked last, in which scope, and what it said.
    last: Option<(Option<usize>, &'p Rc<Pattern>, Option<bool>)>,
}

/// A scope, once it was asked for the first service in it.
#[derive(Clone, Copy)]
struct Entered<'p> {
    scope: usize,
    /// What it leaves of the path; `None` if the path does not match it.
    rest: Option<&'p str>,
    /// How many steps there were.
    steps: usize,
}

impl Services {
    /// The services that may take a path.
    pub(super) fn candidates(&self, path: &str) -> Candidates {
        self.trie.find(path).unwrap_or_else(|| Candidates {
            // such as the `*` of `OPTIONS *`, which the index does not know
            numbers: (0..).zip(&self.all).map(|(number, _)| number).collect(),
            may_take_slash: true,
            ..Candidates::default()
        })
    }

    /// Leaves only what is in a scope.
    pub(super) fn leave_out_root(&self, candidates: &mut Candidates) {
        candidates.numbers.retain(|number| match &self.all[*number as usize] {
            Service::Resource(resource) => resource.scope.is_some(),
            Service::EndOfScope(_) => true,
        });
    }

    /// Adds what actix tries for a path, of what may take it. Steps count from the first that is added.
    pub(super) fn add_steps(&self, path: &str, candidates: &Candidates, steps: &mut Steps) {
        let start = steps.len();
        self.visit(path, candidates, |_, tried| {
            match tried {
                Tried::Resource(_, target) => target.add_steps(steps, start),
                Tried::EndOfScope(scope, first) => {
                    end_scope(steps, start, start + first, scope.may_be_guarded);
                }
            }
            steps.len() - start
        });
    }

    /// Visits the services that actix tries for a path, in its order, each with its number; `visit` answers
    /// how many steps there are.
    pub(super) fn visit<'p>(
        &'p self,
        path: &'p str,
        candidates: &Candidates,
        mut visit: impl FnMut(u32, Tried<'p>) -> usize,
    ) {
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
                        let scope = &self.scopes[*scope];
                        lookup.steps = visit(*number, Tried::EndOfScope(scope, entered.steps));
                        if scope.keeps_its_paths {
                            return;
                        }
                    }
                }
            }
        }
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
        let mut takes = |pattern: &'p Rc<Pattern>| match lookup.last {
            Some((scope, last, takes)) if scope == resource.scope && Rc::ptr_eq(last, pattern) => {
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
    fn enter<'p>(&self, scope: usize, path: &'p str, lookup: &mut Lookup<'p>) -> Entered<'p> {
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

    /// Whether a request may have come to the end of a scope that leaves nothing of its path. What actix
    /// has named of the path is then what the prefixes name; a service that it does not list, and that
    /// takes the rest of the path, has named more.
    pub(crate) fn may_end_in_scope(&self, path: &Path<Url>) -> bool {
        let mut lookup = Lookup::default();
        (0..self.scopes.len()).any(|scope| {
            let entered = self.enter(scope, path.as_str(), &mut lookup);
            entered.rest == Some("") && self.names_same(scope, path)
        })
    }

    fn names_same(&self, scope: usize, path: &Path<Url>) -> bool {
        let mut captured = Path::new(path.as_str());
        prefixes(&self.scopes, Some(scope)).all(|prefix| prefix.capture(&mut captured))
            && captured.iter().eq(path.iter())
    }

    /// Whether actix knows a resource by a full pattern.
    fn has_full_pattern(&self, resource: &Resource, pattern: &str) -> bool {
        let own = resource.patterns.first().map_or("", |(pattern, _)| pattern.text());
        self.without_prefixes(resource.scope, pattern) == Some(own)
    }

    /// What is left of a full pattern behind the prefixes of a scope and those around it.
    fn without_prefixes<'t>(&self, scope: Option<usize>, pattern: &'t str) -> Option<&'t str> {
        let Some(scope) = scope else { return Some(pattern) };
        let own = &self.scopes[scope];
        self.without_prefixes(own.outer, pattern)?.strip_prefix(own.prefix.text())
    }

    /// Adds the plain routes of the table at this full pattern, if a path matches it. Answers whether a
    /// resource of the pattern takes the path.
    pub(super) fn add_plain_steps(&self, path: &str, pattern: &str, steps: &mut Steps) -> bool {
        let mut is_found = false;
        self.visit(path, &self.candidates(path), |_, tried| {
            if let Tried::Resource(resource, target) = tried
                && self.has_full_pattern(resource, pattern)
            {
                let routes = target.plain_routes().iter();
                steps.extend(routes.map(|own| Step::route(own.route.id)));
                is_found = true;
            }
            steps.len()
        });
        is_found
    }
}

/// The prefixes around a service, the outermost first.
pub(super) fn prefixes(scopes: &[Scope], scope: Option<usize>) -> impl Iterator<Item = &Pattern> {
    let outwards = |scope: &usize| scopes[*scope].outer;
    let mut around: Vec<usize> = std::iter::successors(scope, outwards).collect();
    around.reverse();
    around.into_iter().map(|scope| &scopes[scope].prefix)
}
