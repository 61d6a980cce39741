//! A resource as paths see it: its patterns, and what takes its requests.

use std::collections::HashSet;

use cors_core::{RouteId, Step};

use crate::{
    index::is_literal,
    level::{OwnSteps, Part},
    pattern::Pattern,
    table::PlainRoute,
};

#[derive(Debug)]
pub(crate) struct Resource {
    /// The first pattern whose expression matches counts.
    pub(crate) patterns: Vec<(Pattern, Taker)>,
    /// The full pattern by which actix knows it.
    pub(crate) full: String,
    /// Whether a pattern with dynamic segments may match a path with a slash at its end.
    pub(crate) may_end_with_slash: bool,
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

impl Resource {
    /// `outside` is the full prefix of its scope.
    pub(crate) fn new(patterns: Vec<(Pattern, Taker)>, outside: &str) -> Self {
        let full = |pattern: &Pattern| outside.to_owned() + pattern.text();
        Self {
            may_end_with_slash: patterns.iter().any(|(own, _)| may_end_with_slash(&full(own))),
            full: patterns.first().map(|(own, _)| full(own)).unwrap_or_default(),
            patterns,
        }
    }

    /// Its only pattern.
    pub(crate) fn sole_pattern(&self) -> Option<&Pattern> {
        match &self.patterns[..] {
            [(pattern, _)] => Some(pattern),
            _ => None,
        }
    }

    /// What takes requests with this part of their path.
    pub(crate) fn taker(&self, part: Part<'_>) -> Option<&Taker> {
        let mut patterns = self.patterns.iter();
        patterns.find_map(|(pattern, taker)| Some(part.find(pattern)?.then_some(taker)))?
    }
}

/// Of a full pattern with dynamic segments: the usual one has no slash in it, and where a scope ends none
/// is needed.
fn may_end_with_slash(full: &str) -> bool {
    !is_literal(full) && (full.contains(':') || full.ends_with(['/', '*']))
}

impl Taker {
    pub(crate) fn handlers(&self) -> &[RouteId] {
        match self {
            Self::Annotated(routes) | Self::Either(routes) => routes,
            Self::Plain(_) => &[],
        }
    }

    pub(crate) fn plain_routes(&self) -> &[PlainRoute] {
        match self {
            Self::Plain(routes) => routes,
            Self::Annotated(_) | Self::Either(_) => &[],
        }
    }

    pub(crate) fn declare_last(&mut self, seen: &mut HashSet<RouteId>) {
        if let Self::Plain(routes) = self {
            for route in routes {
                route.is_last = route.is_declared && seen.insert(route.id);
            }
        }
    }

    pub(crate) fn add_steps(&self, steps: &mut OwnSteps) {
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
