//! Which routes match a path, in registration order, by actix's own `ResourceDef`.

use std::collections::{HashMap, HashSet};

use actix_web::dev::ResourceDef;
use cors_core::{PathMatch, RouteId};
use smallvec::SmallVec;

/// The routes of one path: rarely more than a handful.
#[derive(Debug, Default)]
pub(crate) struct Matches {
    routes: SmallVec<[RouteId; 16]>,
    is_possible: bool,
}

impl Matches {
    /// The same as the core wants to see it.
    pub(crate) fn as_path_match(&self) -> PathMatch<'_> {
        if self.is_possible {
            PathMatch::possible(&self.routes)
        } else {
            PathMatch::certain(&self.routes)
        }
    }

    /// Whether one of the routes is in a set.
    pub(crate) fn contain_any_of(&self, routes: &HashSet<RouteId>) -> bool {
        self.routes.iter().any(|route| routes.contains(route))
    }

    pub(crate) fn make_possible(mut self) -> Self {
        self.is_possible = true;
        self
    }
}

/// Patterns, each with the routes that have it.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    patterns: Vec<(ResourceDef, Vec<RouteId>)>,
}

/// More dynamic segments than actix matches in one pattern.
pub(crate) const MAX_DYNAMIC_SEGMENTS: usize = 16;

impl Paths {
    /// Groups routes, given in registration order, by their full pattern.
    pub(crate) fn new<'a>(routes: impl Iterator<Item = (RouteId, &'a str)>) -> Self {
        let mut patterns: Vec<(ResourceDef, Vec<RouteId>)> = Vec::new();
        let mut numbers = HashMap::new();
        for (id, pattern) in routes {
            let number = *numbers.entry(pattern).or_insert(patterns.len());
            if number == patterns.len() {
                patterns.push((ResourceDef::new(with_numbered_segments(pattern).0), Vec::new()));
            }
            patterns[number].1.push(id);
        }
        Self { patterns }
    }

    /// The routes whose pattern matches the path; and those that match the path which inner
    /// middleware such as `NormalizePath` may make of it.
    pub(crate) fn matches(&self, path: &str) -> Matches {
        let mut found = Matches::default();
        self.add_matches(path, &mut found);
        let is_clean = !path.contains("//") && !path.ends_with('/');
        if !self.patterns.is_empty() && (!is_clean || found.routes.is_empty()) && path != "/" {
            let exact = found.routes.len();
            for variant in normalized(path).filter(|variant| variant != path) {
                self.add_matches(&variant, &mut found);
            }
            found.is_possible = found.routes.len() > exact;
        }
        found
    }

    /// Adds routes that are not there yet, in registration order.
    fn add_matches(&self, path: &str, found: &mut Matches) {
        let is_first = found.routes.is_empty();
        let mut groups = 0;
        for (_, routes) in self.patterns.iter().filter(|(pattern, _)| pattern.is_match(path)) {
            found.routes.extend_from_slice(routes);
            groups += 1;
        }
        if groups > 1 || (groups > 0 && !is_first) {
            found.routes.sort_unstable();
            found.routes.dedup();
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

/// The pattern as `Resource` registers it: with a leading slash, unless it is empty.
pub(crate) fn leaf_pattern(path: &str) -> String {
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// How many dynamic segments a pattern has.
pub(crate) fn count_dynamic_segments(pattern: &str) -> usize {
    with_numbered_segments(pattern).1
}

/// The pattern with its segments renamed, because a scope and a resource below it may use the same
/// name, which one pattern must not; and the number of segments.
fn with_numbered_segments(pattern: &str) -> (String, usize) {
    let mut renamed = String::with_capacity(pattern.len() + 8);
    let (mut depth, mut count) = (0_usize, 0);
    let mut in_name = false;
    for character in pattern.chars() {
        match character {
            '{' => {
                depth += 1;
                if depth == 1 {
                    renamed.push_str("{s");
                    renamed.push_str(&count.to_string());
                    count += 1;
                    in_name = true;
                    continue;
                }
            }
            '}' => {
                depth = depth.saturating_sub(1);
                in_name = false;
            }
            ':' if depth == 1 => in_name = false,
            _ => {}
        }
        if !in_name {
            renamed.push(character);
        }
    }
    (renamed, count)
}

#[cfg(test)]
mod tests {
    use super::with_numbered_segments;

    #[test]
    fn segments_are_numbered_and_their_expressions_kept() {
        let table = [
            ("/users", "/users", 0),
            ("/{id}/x/{id}", "/{s0}/x/{s1}", 2),
            (r"/{name:[a-z]+\.txt}", r"/{s0:[a-z]+\.txt}", 1),
            (r"/{id:\d{3}:x}/{tail}*", r"/{s0:\d{3}:x}/{s1}*", 2),
        ];
        for (pattern, renamed, count) in table {
            assert_eq!(with_numbered_segments(pattern), (renamed.to_owned(), count));
        }
    }
}
