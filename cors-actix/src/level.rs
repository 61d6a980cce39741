//! The services of the root, or of a scope with dynamic segments, in the order in which actix tries
//! them, each with the routes of the table that it stands for. Actix's own `ResourceDef` says if a path
//! is theirs; an index narrows the choice before.
//!
//! The services of a scope without dynamic segments stand among those around it, so that one search
//! finds what it takes several routers of actix to find.

use std::{collections::HashSet, iter};

use actix_web::dev::ResourceDef;
use cors_core::{RouteId, Step};
use smallvec::SmallVec;

use crate::{
    index::{self, Found, Index, Verdict},
    table::PlainRoute,
};

/// What is tried for a path: rarely more than a handful of services.
pub(crate) type Steps = SmallVec<[Step; 16]>;

#[derive(Debug, Default)]
pub(crate) struct Level {
    nodes: Vec<Node>,
    index: Index,
    /// Whether a pattern has two slashes in a row.
    has_empty_segments: bool,
}

/// A service, or one end of a scope.
#[derive(Debug)]
struct Node {
    /// The prefixes of the scopes that it stands in.
    before: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// Begins a scope without dynamic segments; `leave` is the number of its end.
    Enter {
        prefix: ResourceDef,
        leave: usize,
    },
    /// Ends it.
    Leave {
        may_be_guarded: bool,
    },
    /// A scope with dynamic segments.
    Scope {
        prefix: ResourceDef,
        may_be_guarded: bool,
        level: Box<Level>,
    },
    Resource(Resource),
}

/// What is left of a path for a service.
#[derive(Debug, Clone, Copy)]
struct Part<'p> {
    rest: &'p str,
    /// Whether the service is known to match it.
    is_known: bool,
}

#[derive(Debug)]
pub(crate) struct Resource {
    /// The first pattern that matches counts.
    pub(crate) patterns: Vec<(ResourceDef, Taker)>,
    /// The full pattern by which actix knows it.
    pub(crate) full: String,
}

/// Collects the services of a level.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    nodes: Vec<Node>,
    before: String,
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

impl Builder {
    /// Adds a scope; `fill` adds what is in it.
    pub(crate) fn scope(
        &mut self,
        prefix: ResourceDef,
        may_be_guarded: bool,
        fill: impl FnOnce(&mut Self),
    ) {
        let pattern = prefix.pattern().unwrap_or_default().to_owned();
        if !index::is_literal(&pattern) {
            let mut inner = Self::default();
            fill(&mut inner);
            let level = Box::new(inner.build());
            self.push(Kind::Scope { prefix, may_be_guarded, level });
            return;
        }
        let enter = self.nodes.len();
        self.push(Kind::Enter { prefix, leave: enter });
        let outside = self.before.len();
        self.before.push_str(&pattern);
        fill(self);
        self.before.truncate(outside);
        let here = self.nodes.len();
        if let Kind::Enter { leave, .. } = &mut self.nodes[enter].kind {
            *leave = here;
        }
        self.push(Kind::Leave { may_be_guarded });
    }

    pub(crate) fn resource(&mut self, resource: Resource) {
        self.push(Kind::Resource(resource));
    }

    fn push(&mut self, kind: Kind) {
        self.nodes.push(Node { before: self.before.clone(), kind });
    }

    pub(crate) fn build(self) -> Level {
        let mut starts = Vec::with_capacity(self.nodes.len());
        for (number, node) in self.nodes.iter().enumerate() {
            let mut add = |pattern: &ResourceDef, number| {
                let pattern = pattern.pattern().unwrap_or_default();
                starts.push((node.before.clone() + index::literal_start(pattern), number));
            };
            match &node.kind {
                Kind::Enter { prefix, leave } => {
                    add(prefix, number);
                    add(prefix, *leave);
                }
                Kind::Leave { .. } => {}
                Kind::Scope { prefix, .. } => add(prefix, number),
                Kind::Resource(own) => own.patterns.iter().for_each(|(own, _)| add(own, number)),
            }
        }
        let has_empty_segments = starts.iter().any(|(start, _)| start.contains("//"));
        let index = Index::new(starts, |numbers, start| self.judge(numbers, start));
        Level { nodes: self.nodes, index, has_empty_segments }
    }

    /// Judges services by a start, in order, and leaves out what matches no path that starts so.
    fn judge(&self, numbers: Vec<usize>, start: &str) -> Vec<Found> {
        let mut first = 0;
        let judge = |number: usize| {
            let node = &self.nodes[number];
            let verdict = if number < first { Verdict::Never } else { node.judge(start) };
            match (verdict, &node.kind) {
                (Verdict::Never, Kind::Enter { leave, .. }) => first = first.max(leave + 1),
                (Verdict::Never, _) => {}
                _ => return Some(Found { number, verdict }),
            }
            None
        };
        numbers.into_iter().filter_map(judge).collect()
    }
}

impl Node {
    fn judge(&self, start: &str) -> Verdict {
        let path = &start[self.before.len()..];
        match &self.kind {
            Kind::Enter { prefix, .. } => judge(prefix, path),
            Kind::Leave { .. } => Verdict::Always,
            Kind::Scope { .. } => Verdict::Open,
            Kind::Resource(own) => match &own.patterns[..] {
                [(pattern, _)] => judge(pattern, path),
                _ => Verdict::Open,
            },
        }
    }
}

/// What the start of a path says of whether a pattern matches it. Where the pattern is literal and the
/// start longer, one more byte makes no difference.
fn judge(pattern: &ResourceDef, start: &str) -> Verdict {
    let text = pattern.pattern().unwrap_or_default();
    if !index::is_literal(text) || start.len() < text.len() {
        return Verdict::Open;
    }
    match (pattern.is_match(start), start.len() > text.len()) {
        (true, true) => Verdict::Always,
        (true, false) if pattern.is_prefix() => Verdict::Open,
        (true, false) => Verdict::Alone,
        (false, _) => Verdict::Never,
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
    /// prefix does not match. Answers whether the path is the start of a pattern and no more.
    #[inline]
    fn visit<'a, 'p>(&'a self, path: &'p str, mut visit: impl FnMut(&'a Kind, Part<'p>)) -> bool {
        let (found, is_alone) = self.index.find(path);
        let mut first = 0;
        for Found { number, verdict } in &*found {
            if *number < first || (*verdict == Verdict::Alone && !is_alone) {
                continue;
            }
            let node = &self.nodes[*number];
            let part =
                Part { rest: &path[node.before.len()..], is_known: *verdict != Verdict::Open };
            match &node.kind {
                Kind::Enter { prefix, leave } if !part.is_matched_by(prefix) => first = leave + 1,
                kind => visit(kind, part),
            }
        }
        is_alone
    }

    /// Adds what actix tries for a path, in its order. Answers whether it has no slashes but those of
    /// patterns, none of which has two in a row.
    pub(crate) fn add_steps(&self, path: &str, steps: &mut Steps) -> bool {
        let mut entered = SmallVec::<[usize; 8]>::new();
        let is_literal = self.visit(path, |kind, part| match kind {
            Kind::Enter { .. } => entered.push(steps.len()),
            Kind::Leave { may_be_guarded } => {
                end_scope(steps, entered.pop().unwrap_or_default(), *may_be_guarded);
            }
            Kind::Scope { prefix, may_be_guarded, level } => {
                if let Some(rest) = part.behind(prefix) {
                    let start = steps.len();
                    level.add_steps(rest, steps);
                    end_scope(steps, start, *may_be_guarded);
                }
            }
            Kind::Resource(resource) => {
                if let Some(taker) = resource.taker(part) {
                    taker.add_steps(steps);
                }
            }
        });
        is_literal && !self.has_empty_segments
    }

    /// A path for each annotated route, its dynamic segments filled with a text.
    pub(crate) fn samples(&self, filler: &str) -> Vec<(RouteId, String)> {
        let mut found = Vec::new();
        self.add_samples("", filler, &mut found);
        found
    }

    fn add_samples(&self, outside: &str, filler: &str, found: &mut Vec<(RouteId, String)>) {
        for node in &self.nodes {
            let before = || outside.to_owned() + &node.before;
            match &node.kind {
                Kind::Enter { .. } | Kind::Leave { .. } => {}
                Kind::Scope { prefix, level, .. } => {
                    level.add_samples(&sample(before(), prefix, filler), filler, found);
                }
                Kind::Resource(resource) => {
                    for (pattern, taker) in &resource.patterns {
                        let path = sample(before(), pattern, filler);
                        found.extend(taker.handlers().iter().map(|own| (*own, path.clone())));
                    }
                }
            }
        }
    }

    /// The full pattern of the first resource without `#[cors]` that matches a path.
    pub(crate) fn first_plain(&self, path: &str) -> Option<&str> {
        let mut first = None;
        self.visit(path, |kind, part| {
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
    pub(crate) fn add_plain_steps(&self, path: &str, dispatched: &str, steps: &mut Steps) {
        self.visit(path, |kind, part| match kind {
            Kind::Scope { prefix, level, .. } => {
                if let Some(rest) = part.behind(prefix) {
                    level.add_plain_steps(rest, dispatched, steps);
                }
            }
            Kind::Resource(resource) if resource.full == dispatched => {
                if let Some(Taker::Plain(routes)) = resource.taker(part) {
                    steps.extend(routes.iter().map(|route| Step::route(route.id)));
                }
            }
            Kind::Enter { .. } | Kind::Leave { .. } | Kind::Resource(_) => {}
        });
    }
}

impl<'p> Part<'p> {
    fn is_matched_by(self, pattern: &ResourceDef) -> bool {
        self.is_known || pattern.is_match(self.rest)
    }

    /// What is left behind a prefix.
    fn behind(self, prefix: &ResourceDef) -> Option<&'p str> {
        prefix.find_match(self.rest).map(|length| &self.rest[length..])
    }
}

/// Adds what a scope does with what none of its services takes, whose steps are those from `start` on.
fn end_scope(steps: &mut Steps, start: usize, may_be_guarded: bool) {
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

impl Resource {
    fn taker(&self, part: Part<'_>) -> Option<&Taker> {
        let mut patterns = self.patterns.iter();
        patterns.find(|(pattern, _)| part.is_matched_by(pattern)).map(|(_, taker)| taker)
    }
}

fn sample(before: String, pattern: &ResourceDef, filler: &str) -> String {
    let mut path = before;
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

#[cfg(test)]
mod tests {
    use actix_web::dev::ResourceDef;
    use cors_core::{Policy, RouteId, RouteSpec, RouteTable, Step};

    use super::{Builder, Level, Resource, Steps, Taker};

    fn routes<const N: usize>() -> [RouteId; N] {
        let policy = Policy::builder().build().unwrap();
        let spec = RouteSpec {
            pattern: String::new(),
            methods: None,
            policy: policy.clone(),
            guarded: false,
        };
        let table = RouteTable::new(&policy, &vec![spec; N], str::to_owned);
        table.routes().collect::<Vec<_>>().try_into().unwrap()
    }

    fn resource(pattern: &str, route: RouteId) -> Resource {
        let patterns = vec![(ResourceDef::new(pattern), Taker::Annotated(vec![route]))];
        Resource { patterns, full: pattern.to_owned() }
    }

    fn steps(level: &Level, path: &str) -> Steps {
        let mut steps = Steps::new();
        level.add_steps(path, &mut steps);
        steps
    }

    /// What takes a request before a scope that may be passed by leaves nothing to what is behind.
    #[test]
    fn only_steps_of_a_scope_go_on_behind_it() {
        let [before, inside, behind] = routes();
        for prefix in ["/a", "/{x}"] {
            let mut level = Builder::default();
            level.resource(resource("/a/{y}", before));
            level.scope(ResourceDef::prefix(prefix), true, |scope| {
                scope.resource(resource("/b", inside));
            });
            level.resource(resource("/a/b", behind));
            let expected = [
                Step::route(before),
                Step::route(inside).continue_at(3),
                Step::fallback(),
                Step::route(behind),
            ];
            assert_eq!(steps(&level.build(), "/a/b")[..], expected, "{prefix}");
        }
    }

    /// A start that another start continues with no slash belongs to another scope.
    #[test]
    fn scopes_are_told_apart_by_whole_segments() {
        let [one, two, three] = routes();
        let mut level = Builder::default();
        for (prefix, route) in [("/a", one), ("/a/b", two), ("/ab", three)] {
            level.scope(ResourceDef::prefix(prefix), false, |scope| {
                scope.resource(resource("/{tail}*", route));
                scope.resource(resource("", route));
            });
        }
        let level = level.build();
        let table: [(&str, &[RouteId]); 8] = [
            ("/a", &[one]),
            ("/a/", &[one]),
            ("/a/b", &[one, two]),
            ("/a/bc", &[one]),
            ("/a/b/c", &[one, two]),
            ("/ab", &[three]),
            ("/ab/c", &[three]),
            ("/abc", &[]),
        ];
        for (path, routes) in table {
            let found = steps(&level, path);
            let found: Vec<_> = found.iter().filter_map(|step| step.table_route()).collect();
            assert_eq!(found, routes, "{path}");
        }
    }
}
