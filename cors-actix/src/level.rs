//! The services of one scope, or of the root, in the order in which actix tries them, each with the
//! routes of the table that it stands for. Actix's own `ResourceDef` says if a path is theirs; an
//! index narrows the choice before.

use std::collections::HashSet;

use actix_web::dev::ResourceDef;
use cors_core::{RouteId, Step};
use smallvec::SmallVec;

use crate::{index::Index, table::PlainRoute};

/// What is tried for a path: rarely more than a handful of services.
pub(crate) type Steps = SmallVec<[Step; 16]>;

#[derive(Debug, Default)]
pub(crate) struct Level {
    nodes: Vec<Node>,
    index: Index,
}

#[derive(Debug)]
pub(crate) enum Node {
    Scope {
        prefix: ResourceDef,
        /// Whether actix may pass it by.
        may_be_guarded: bool,
        level: Box<Level>,
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
    /// Routes without `#[cors]`; those of the table are what is known of them.
    Plain(Vec<PlainRoute>),
    /// Annotated handlers or a plain route that looks the same.
    Either(Vec<RouteId>),
}

impl Level {
    pub(crate) fn new(nodes: Vec<Node>) -> Self {
        let patterns = nodes.iter().enumerate().flat_map(|(number, node)| {
            node.patterns().map(move |own| (own.pattern().unwrap_or_default(), number))
        });
        let index = Index::new(patterns);
        Self { nodes, index }
    }

    /// Leaves a declared route certain at the last resource of its pattern alone: several may have the
    /// pattern, each for other methods, and what stands between them counts.
    pub(crate) fn declare_last(&mut self, seen: &mut HashSet<RouteId>) {
        for node in self.nodes.iter_mut().rev() {
            match node {
                Node::Scope { level, .. } => level.declare_last(seen),
                Node::Resource { patterns, .. } => {
                    for (_, taker) in patterns {
                        taker.declare_last(seen);
                    }
                }
            }
        }
    }

    /// The nodes that may match a path, in order.
    fn candidates(&self, path: &str) -> impl Iterator<Item = &Node> {
        let found = self.index.find(path);
        (0..found.len()).map(move |index| &self.nodes[found[index]])
    }

    /// Adds what actix tries for a path, in its order.
    pub(crate) fn add_steps(&self, path: &str, steps: &mut Steps) {
        for number in &*self.index.find(path) {
            match &self.nodes[*number] {
                Node::Scope { prefix, may_be_guarded, level } => {
                    let Some(length) = prefix.find_match(path) else { continue };
                    let start = steps.len();
                    level.add_steps(&path[length..], steps);
                    if *may_be_guarded {
                        steps.push(Step::fallback());
                        let end = steps.len();
                        for step in steps[start..].iter_mut().filter(|step| step.is_last()) {
                            *step = step.continue_at(end);
                        }
                    } else {
                        steps.push(Step::fallback().continue_at(usize::MAX));
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

    /// A path for each annotated route, its dynamic segments filled with a text.
    pub(crate) fn samples(&self, filler: &str) -> Vec<(RouteId, String)> {
        let mut found = Vec::new();
        self.add_samples("", filler, &mut found);
        found
    }

    fn add_samples(&self, before: &str, filler: &str, found: &mut Vec<(RouteId, String)>) {
        for node in &self.nodes {
            match node {
                Node::Scope { prefix, level, .. } => {
                    level.add_samples(&sample(before, prefix, filler), filler, found);
                }
                Node::Resource { patterns, .. } => {
                    for (pattern, taker) in patterns {
                        let path = sample(before, pattern, filler);
                        found.extend(taker.handlers().iter().map(|own| (*own, path.clone())));
                    }
                }
            }
        }
    }

    /// The full pattern of the first resource without `#[cors]` that matches a path.
    pub(crate) fn first_plain(&self, path: &str) -> Option<&str> {
        self.candidates(path).find_map(|node| match node {
            Node::Scope { prefix, level, .. } => {
                prefix.find_match(path).and_then(|length| level.first_plain(&path[length..]))
            }
            Node::Resource { patterns, full } => {
                let is_plain = !matches!(taker(patterns, path)?, Taker::Annotated(_));
                is_plain.then_some(full.as_str())
            }
        })
    }

    /// The routes of the table that stand for resources without `#[cors]`.
    pub(crate) fn plain_routes(&self) -> HashSet<RouteId> {
        let of_node = |node: &Node| match node {
            Node::Scope { level, .. } => level.plain_routes(),
            Node::Resource { patterns, .. } => {
                let routes = patterns.iter().flat_map(|(_, taker)| taker.plain_routes());
                routes.map(|route| route.id).collect()
            }
        };
        self.nodes.iter().flat_map(of_node).collect()
    }

    /// The full pattern of a resource that another pattern is the end of.
    pub(crate) fn pattern_ending_with(&self, end: &str) -> Option<String> {
        self.nodes.iter().find_map(|node| match node {
            Node::Scope { level, .. } => level.pattern_ending_with(end),
            Node::Resource { full, .. } => full.ends_with(end).then(|| full.clone()),
        })
    }

    /// Adds what is known of the plain resources of a full pattern that match a path.
    pub(crate) fn add_plain_steps(&self, path: &str, dispatched: &str, steps: &mut Steps) {
        for node in self.candidates(path) {
            match node {
                Node::Scope { prefix, level, .. } => {
                    if let Some(length) = prefix.find_match(path) {
                        level.add_plain_steps(&path[length..], dispatched, steps);
                    }
                }
                Node::Resource { patterns, full } if full == dispatched => {
                    if let Some(Taker::Plain(routes)) = taker(patterns, path) {
                        steps.extend(routes.iter().map(|route| Step::route(route.id)));
                    }
                }
                Node::Resource { .. } => {}
            }
        }
    }
}

fn taker<'a>(patterns: &'a [(ResourceDef, Taker)], path: &str) -> Option<&'a Taker> {
    patterns.iter().find(|(pattern, _)| pattern.is_match(path)).map(|(_, taker)| taker)
}

impl Node {
    fn patterns(&self) -> impl Iterator<Item = &ResourceDef> {
        let (prefix, patterns) = match self {
            Self::Scope { prefix, .. } => (Some(prefix), [].as_slice()),
            Self::Resource { patterns, .. } => (None, patterns.as_slice()),
        };
        prefix.into_iter().chain(patterns.iter().map(|(pattern, _)| pattern))
    }
}

fn sample(before: &str, pattern: &ResourceDef, filler: &str) -> String {
    let mut path = before.to_owned();
    pattern.resource_path_from_iter(&mut path, std::iter::repeat(filler));
    path
}

impl Taker {
    fn handlers(&self) -> &[RouteId] {
        match self {
            Self::Annotated(routes) | Self::Either(routes) => routes,
            Self::Plain(_) => &[],
        }
    }

    fn plain_routes(&self) -> &[PlainRoute] {
        match self {
            Self::Plain(routes) => routes,
            Self::Annotated(_) | Self::Either(_) => &[],
        }
    }

    fn declare_last(&mut self, seen: &mut HashSet<RouteId>) {
        if let Self::Plain(routes) = self {
            for route in routes {
                route.is_last = route.is_declared && seen.insert(route.id);
            }
        }
    }

    fn add_steps(&self, steps: &mut Steps) {
        match self {
            Self::Annotated(routes) => {
                for route in routes {
                    steps.push(Step::route(*route));
                }
            }
            Self::Plain(routes) => {
                // all its methods are declared, or it may serve any
                let is_declared = routes.iter().any(|route| route.is_declared);
                // the first that has the method speaks for the resource, which may have a guard
                let end = steps.len() + routes.len() + usize::from(!is_declared);
                steps.extend(routes.iter().map(|route| {
                    let step = Step::route(route.id);
                    if route.is_last { step } else { step.continue_at(end) }
                }));
                if !is_declared {
                    steps.push(Step::other());
                }
            }
            Self::Either(routes) => {
                steps.push(Step::other());
                steps.extend(routes.iter().copied().map(Step::route));
            }
        }
    }
}
