//! Where a path leads: the services of the application in the order in which actix tries them,
//! matched by actix's own `ResourceDef`, each with the routes of the table that it stands for.

use actix_web::dev::{ResourceDef, ResourceMap};
use cors_core::{PathMatch, RouteId, Step};
use smallvec::SmallVec;

use crate::{collect::Registration, linker::Linker, listing, table::PlainRoutes};

type Steps = SmallVec<[Step; 16]>;

/// What a path leads to: rarely more than a handful of services.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    steps: Steps,
    is_possible: bool,
}

impl Matches {
    /// The same as the core wants to see it.
    pub(crate) fn as_path_match(&self) -> PathMatch<'_> {
        if self.is_possible {
            PathMatch::possible(&self.steps)
        } else {
            PathMatch::certain(&self.steps)
        }
    }

    /// Whether one of the routes is in a set.
    pub(crate) fn contain_any_of(&self, routes: &[RouteId]) -> bool {
        self.routes().any(|route| routes.contains(&route))
    }

    /// Whether a resource without `#[cors]` is among the services.
    pub(crate) fn contain_plain(&self) -> bool {
        self.steps.iter().any(|step| step.is_other())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    pub(crate) fn make_possible(mut self) -> Self {
        self.is_possible = true;
        self
    }

    fn routes(&self) -> impl Iterator<Item = RouteId> {
        self.steps.iter().filter_map(|step| step.table_route())
    }
}

/// The services of an application.
#[derive(Debug)]
pub(crate) enum Paths {
    Known(Vec<Node>),
    /// Any route of the table may be meant by any path, or a service outside of it.
    Unknown(Vec<Step>),
}

#[derive(Debug)]
pub(crate) enum Node {
    Scope {
        prefix: ResourceDef,
        nodes: Vec<Node>,
    },
    Resource {
        /// The first pattern that matches counts.
        patterns: Vec<(ResourceDef, Taker)>,
        /// The full pattern by which actix knows it.
        full: String,
    },
}

/// What takes the requests of a resource.
#[derive(Debug)]
pub(crate) enum Taker {
    /// Annotated handlers.
    Annotated(Vec<RouteId>),
    /// Routes without `#[cors]`; those of the table are what entries say of them.
    Plain(Vec<RouteId>),
    /// Annotated handlers or a plain route that looks the same.
    Either(Vec<RouteId>),
}

impl Paths {
    /// The services that a resource map lists, where the registered handlers are among them.
    pub(crate) fn new(
        map: &ResourceMap,
        registrations: &[Registration],
        plain: &PlainRoutes,
    ) -> Option<Self> {
        Linker::new(registrations, plain).root(&listing::read(map)?).map(Self::Known)
    }

    /// The services that match the path; and the routes of the table that match the path which inner
    /// middleware such as `NormalizePath` may make of it.
    pub(crate) fn matches(&self, path: &str) -> Matches {
        let nodes = match self {
            Self::Known(nodes) => nodes,
            Self::Unknown(steps) => {
                return Matches { steps: SmallVec::from_slice(steps), is_possible: true };
            }
        };
        let mut found = Matches::default();
        add_steps(nodes, path, &mut found.steps);
        let is_clean = !path.contains("//") && !path.ends_with('/');
        if (!is_clean || found.routes().next().is_none()) && path != "/" {
            let exact = found.steps.clone();
            for variant in normalized(path).filter(|variant| variant != path) {
                let mut other = Steps::new();
                add_steps(nodes, &variant, &mut other);
                if other != exact {
                    found.add_possible(&other);
                }
            }
        }
        found
    }

    /// What entries say of the plain resource that a request was dispatched to, by its full pattern.
    pub(crate) fn plain_matches(&self, path: &str, pattern: &str) -> Matches {
        let mut found = Matches::default();
        if let Self::Known(nodes) = self {
            add_plain_steps(nodes, path, pattern, &mut found.steps);
        }
        found
    }
}

impl Matches {
    /// Adds the services that another path leads to.
    fn add_possible(&mut self, others: &[Step]) {
        for step in others.iter().filter(|step| step.is_other() || step.table_route().is_some()) {
            self.is_possible = true;
            if !self.steps.contains(step) {
                self.steps.push(*step);
            }
        }
    }
}

/// Adds what actix tries for a path, in its order.
fn add_steps(nodes: &[Node], path: &str, steps: &mut Steps) {
    for node in nodes {
        match node {
            Node::Scope { prefix, nodes } => {
                let Some(length) = prefix.find_match(path) else { continue };
                let start = steps.len();
                add_steps(nodes, &path[length..], steps);
                // it may have a guard, so that actix passes it by
                steps.push(Step::fallback());
                let end = steps.len();
                for step in steps[start..].iter_mut().filter(|step| step.is_last()) {
                    *step = step.continue_at(end);
                }
            }
            Node::Resource { patterns, .. } => {
                if let Some(taker) = taker(patterns, path) {
                    taker.add_steps(steps);
                }
            }
        }
    }
}

/// Adds what entries say of the plain resources of a full pattern that match a path.
fn add_plain_steps(nodes: &[Node], path: &str, dispatched: &str, steps: &mut Steps) {
    for node in nodes {
        match node {
            Node::Scope { prefix, nodes } => {
                if let Some(length) = prefix.find_match(path) {
                    add_plain_steps(nodes, &path[length..], dispatched, steps);
                }
            }
            Node::Resource { patterns, full } if full == dispatched => {
                if let Some(Taker::Plain(routes)) = taker(patterns, path) {
                    steps.extend(routes.iter().copied().map(Step::route));
                }
            }
            Node::Resource { .. } => {}
        }
    }
}

fn taker<'a>(patterns: &'a [(ResourceDef, Taker)], path: &str) -> Option<&'a Taker> {
    patterns.iter().find(|(pattern, _)| pattern.is_match(path)).map(|(_, taker)| taker)
}

impl Taker {
    fn add_steps(&self, steps: &mut Steps) {
        match self {
            Self::Annotated(routes) => steps.extend(routes.iter().copied().map(Step::route)),
            Self::Plain(routes) => {
                // the first entry that has the method speaks for the resource, which may have a guard
                let end = steps.len() + routes.len() + 1;
                let entries = routes.iter().map(|route| Step::route(*route).continue_at(end));
                steps.extend(entries);
                steps.push(Step::other());
            }
            Self::Either(routes) => {
                steps.push(Step::other());
                steps.extend(routes.iter().copied().map(Step::route));
            }
        }
    }
}

/// The path with single slashes, without and with one at its end.
fn normalized(path: &str) -> impl Iterator<Item = String> {
    let mut merged = String::with_capacity(path.len() + 1);
    for character in path.chars() {
        if character != '/' || !merged.ends_with('/') {
            merged.push(character);
        }
    }
    let trimmed = merged.trim_end_matches('/').to_owned();
    let slashed = format!("{trimmed}/");
    [trimmed, slashed].into_iter()
}
