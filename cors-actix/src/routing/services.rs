//! The services of an application in the order in which actix tries them, each with the routes of the
//! merged table that it is.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use cors_core::{RouteId, Step};
use smallvec::SmallVec;

use super::{
    ownership::{HandlerRoute, Owner, Ownership},
    pattern::{Lead, Pattern},
    resource_tree::Node,
    trie::{Candidates, Kind, Trie},
};
use crate::{
    handler::Route,
    startup::{Merged, PlainRoute},
};

/// The services that actix tries for a path, in its order; rarely more than a handful.
pub(crate) type Steps = SmallVec<[Step; 16]>;

/// The services of an application, numbered in the order of their registration.
#[derive(Debug, Default)]
pub(crate) struct Services {
    all: Vec<Service>,
    scopes: Vec<Scope>,
    trie: Trie,
}

#[derive(Debug)]
enum Service {
    Resource(Resource),
    /// The end of a scope, where requests arrive that no service in it takes.
    EndOfScope(usize),
}

#[derive(Debug)]
struct Resource {
    /// The innermost scope around it, if any.
    scope: Option<usize>,
    /// The first pattern that matches counts.
    patterns: Vec<(Rc<Pattern>, Target)>,
}

#[derive(Debug)]
pub(super) struct Scope {
    outer: Option<usize>,
    prefix: Pattern,
    may_be_guarded: bool,
    /// Whether neither it nor a scope around it may have a guard, so that no service after it gets requests
    /// of its paths.
    keeps_its_paths: bool,
}

/// What actix tries for a path.
pub(super) enum Tried<'a> {
    Resource(&'a Target),
    /// And how many steps there were when it was entered.
    EndOfScope(&'a Scope, usize),
}

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
    route: PlainRoute,
    /// Whether no later resource has the same pattern. Otherwise the search goes on, since what comes in
    /// between may get the request, too.
    is_last: bool,
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
    /// The services of an application. `may_be_guarded` says whether a scope of a full prefix may have
    /// a guard.
    pub(crate) fn new(
        nodes: &[Node],
        ownership: &Ownership,
        merged: &Merged,
        may_be_guarded: &dyn Fn(&str) -> bool,
    ) -> Self {
        let mut builder = Builder {
            services: Self::default(),
            ownership,
            merged,
            may_be_guarded,
            patterns: HashMap::new(),
            resources: 0,
            handlers: HashSet::new(),
        };
        builder.add(nodes, None, "");
        let mut services = builder.services;
        services.note_last_declared();
        services.index();
        services
    }

    fn index(&mut self) {
        let Self { all, scopes, trie } = self;
        for (number, service) in (0..).zip(&*all) {
            match service {
                Service::Resource(resource) => {
                    for (pattern, _) in &resource.patterns {
                        let lead = Lead::of(prefixes(scopes, resource.scope).chain([&**pattern]));
                        let lead = if pattern.is_prefix() { lead.open() } else { lead };
                        trie.add(&lead, number, Kind::Resource);
                    }
                }
                Service::EndOfScope(scope) => {
                    let lead = Lead::of(prefixes(scopes, Some(*scope))).open();
                    trie.add(&lead, number, Kind::EndOfScope);
                }
            }
        }
    }

    /// Lets a route that has an entry end the search only at the last resource of its pattern.
    fn note_last_declared(&mut self) {
        let mut seen = HashSet::new();
        for service in self.all.iter_mut().rev() {
            let Service::Resource(resource) = service else { continue };
            for (_, target) in &mut resource.patterns {
                let (Target::Plain(routes) | Target::Doubt(_, routes)) = target else { continue };
                for own in routes {
                    own.is_last = own.route.is_declared && seen.insert(own.route.id);
                }
            }
        }
    }

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

    /// How many services may take a path.
    pub(crate) fn count_candidates(&self, path: &str) -> usize {
        self.candidates(path).numbers.len()
    }

    /// Adds what actix tries for a path, of what may take it. Steps count from the first that is added.
    pub(super) fn add_steps(&self, path: &str, candidates: &Candidates, steps: &mut Steps) {
        let start = steps.len();
        self.visit(path, candidates, |_, tried| {
            match tried {
                Tried::Resource(target) => target.add_steps(steps, start),
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
                        lookup.steps = visit(*number, Tried::Resource(target));
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

    /// The full prefix of the outermost scope that leaves this many bytes of a path.
    pub(crate) fn scope_leaving(&self, path: &str, left: usize) -> Option<String> {
        let mut lookup = Lookup::default();
        let is_left = |scope: &usize| {
            self.enter(*scope, path, &mut lookup).rest.is_some_and(|rest| rest.len() == left)
        };
        let scope = (0..self.scopes.len()).find(is_left)?;
        Some(prefixes(&self.scopes, Some(scope)).map(Pattern::text).collect())
    }

    fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.all.iter().filter_map(|service| match service {
            Service::Resource(resource) => Some(resource),
            Service::EndOfScope(_) => None,
        })
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

    /// The full pattern by which actix knows a resource.
    fn full_pattern(&self, resource: &Resource) -> String {
        let own = resource.patterns.first().map_or("", |(pattern, _)| pattern.text());
        prefixes(&self.scopes, resource.scope).map(Pattern::text).chain([own]).collect()
    }

    /// A path for each annotated route, its dynamic segments filled with a text.
    pub(crate) fn samples(&self, filler: &str) -> impl Iterator<Item = (RouteId, String)> {
        self.resources().flat_map(move |resource| {
            let outside =
                move || prefixes(&self.scopes, resource.scope).map(move |own| own.sample(filler));
            resource.patterns.iter().flat_map(move |(pattern, target)| {
                let path: String = outside().chain([pattern.sample(filler)]).collect();
                target.handlers().iter().map(move |own| (*own, path.clone()))
            })
        })
    }

    /// The full pattern of the first resource without `#[cors]` that takes a path.
    pub(crate) fn first_plain(&self, path: &str) -> Option<String> {
        let mut lookup = Lookup::default();
        self.candidates(path).numbers.iter().find_map(|number| {
            let Service::Resource(resource) = &self.all[*number as usize] else { return None };
            let target = self.target(resource, path, &mut lookup)?;
            (!matches!(target, Target::Annotated(_))).then(|| self.full_pattern(resource))
        })
    }

    /// Whether it is not certain which resource stands for a route.
    pub(crate) fn is_in_doubt(&self, route: RouteId) -> bool {
        let is_in_doubt =
            |target: &Target| matches!(target, Target::Doubt(routes, _) if routes.contains(&route));
        let mut resources = self.resources();
        resources.any(|resource| resource.patterns.iter().any(|(_, target)| is_in_doubt(target)))
    }

    /// The plain routes of the table that a resource of the application has.
    pub(crate) fn plain_routes(&self) -> HashSet<RouteId> {
        let targets = self.resources().flat_map(|resource| &resource.patterns);
        targets.flat_map(|(_, target)| target.plain_routes()).map(|own| own.route.id).collect()
    }

    /// The full pattern of a resource that ends with this pattern.
    pub(crate) fn pattern_ending_with(&self, end: &str) -> Option<String> {
        self.resources()
            .map(|resource| self.full_pattern(resource))
            .find(|full| full.ends_with(end))
    }

    /// Adds the plain routes of the table at this full pattern, if a path matches it. Answers whether a
    /// resource of the pattern takes the path.
    pub(super) fn add_plain_steps(&self, path: &str, pattern: &str, steps: &mut Steps) -> bool {
        let (mut lookup, mut is_found) = (Lookup::default(), false);
        for number in &self.candidates(path).numbers {
            let Service::Resource(resource) = &self.all[*number as usize] else { continue };
            if let Some(target) = self.target(resource, path, &mut lookup)
                && self.has_full_pattern(resource, pattern)
            {
                let routes = target.plain_routes().iter();
                steps.extend(routes.map(|own| Step::route(own.route.id)));
                is_found = true;
            }
        }
        is_found
    }
}

/// The prefixes around a service, the outermost first.
fn prefixes(scopes: &[Scope], scope: Option<usize>) -> impl Iterator<Item = &Pattern> {
    let outwards = |scope: &usize| scopes[*scope].outer;
    let mut around: Vec<usize> = std::iter::successors(scope, outwards).collect();
    around.reverse();
    around.into_iter().map(|scope| &scopes[scope].prefix)
}

/// Adds what a scope does with what none of its services takes, whose steps are those from `first` on.
fn end_scope(steps: &mut Steps, start: usize, first: usize, may_be_guarded: bool) {
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

impl Target {
    fn handlers(&self) -> &[RouteId] {
        match self {
            Self::Annotated(routes) | Self::Doubt(routes, _) => routes,
            Self::Plain(_) => &[],
        }
    }

    fn plain_routes(&self) -> &[PlainStep] {
        match self {
            Self::Plain(routes) | Self::Doubt(_, routes) => routes,
            Self::Annotated(_) => &[],
        }
    }

    fn add_steps(&self, steps: &mut Steps, start: usize) {
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
                // one after the other, since only one of them is there
                let first = steps.len() - start;
                steps.extend(
                    all.map(Step::route)
                        .zip(first + 1..)
                        .map(|(step, next)| step.continue_at(next)),
                );
                steps.push(Step::other());
            }
        }
    }
}

/// Walks over actix's resources and numbers the services.
struct Builder<'a> {
    services: Services,
    ownership: &'a Ownership,
    merged: &'a Merged,
    may_be_guarded: &'a dyn Fn(&str) -> bool,
    /// The patterns so far, of resources and of services that take the paths below.
    patterns: HashMap<(String, bool), Rc<Pattern>>,
    /// How many resources were visited so far.
    resources: usize,
    /// The annotated routes without a guard that were visited so far, each with its scope.
    handlers: HashSet<(Option<usize>, *const Route)>,
}

impl Builder<'_> {
    fn add(&mut self, nodes: &[Node], scope: Option<usize>, outside: &str) {
        for node in nodes.iter().filter(|node| !node.is_probe()) {
            if let Some(below) = &node.below {
                let full = format!("{outside}{}", node.pattern());
                let own = self.enter(node, scope, &full);
                self.add(below, Some(own), &full);
                self.services.all.push(Service::EndOfScope(own));
            } else {
                self.add_resource(node, scope, outside);
            }
        }
    }

    fn enter(&mut self, node: &Node, outer: Option<usize>, full: &str) -> usize {
        let prefix = Pattern::new(node.pattern(), true);
        let may_be_guarded = (self.may_be_guarded)(full);
        let is_kept = |outer: usize| self.services.scopes[outer].keeps_its_paths;
        let keeps_its_paths = !may_be_guarded && outer.is_none_or(is_kept);
        self.services.scopes.push(Scope { outer, prefix, may_be_guarded, keeps_its_paths });
        self.services.scopes.len() - 1
    }

    fn add_resource(&mut self, node: &Node, scope: Option<usize>, outside: &str) {
        let owner = self.ownership.owner(self.resources);
        self.resources += 1;
        if owner.is_some_and(|owner| self.is_repeated(owner, scope)) {
            return;
        }
        let patterns = node.patterns().iter().map(|text| {
            let target = self.target(owner, &format!("{outside}{text}"));
            (self.pattern(text, node.is_prefix()), target)
        });
        let patterns = patterns.collect();
        self.services.all.push(Service::Resource(Resource { scope, patterns }));
    }

    fn target(&self, owner: Option<&Owner>, full: &str) -> Target {
        let routes_of = |own: &HandlerRoute| self.merged.routes_of(own.0, own.1, full);
        match owner {
            Some(Owner::Handler(own)) => Target::Annotated(routes_of(own)),
            Some(Owner::Doubt(all)) => {
                Target::Doubt(all.iter().flat_map(routes_of).collect(), self.plain(full))
            }
            None => Target::Plain(self.plain(full)),
        }
    }

    /// A pattern, which is made once for all resources that have it.
    fn pattern(&mut self, text: &str, is_prefix: bool) -> Rc<Pattern> {
        let make = || Rc::new(Pattern::new(text, is_prefix));
        Rc::clone(self.patterns.entry((text.to_owned(), is_prefix)).or_insert_with(make))
    }

    /// Whether the same handler is in the same scope already, and takes every request before this one.
    fn is_repeated(&mut self, owner: &Owner, scope: Option<usize>) -> bool {
        let Owner::Handler((mount, number)) = owner else { return false };
        let route: &'static Route = &self.merged.mounts[*mount].handler.routes[*number];
        !route.guarded && !self.handlers.insert((scope, std::ptr::from_ref(route)))
    }

    fn plain(&self, full: &str) -> Vec<PlainStep> {
        let known = self.merged.plain.get(full).map(Vec::as_slice).unwrap_or_default();
        known.iter().map(|route| PlainStep { route: *route, is_last: false }).collect()
    }
}
