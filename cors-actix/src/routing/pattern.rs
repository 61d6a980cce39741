//! A pattern, and what actix's router does with it.

use std::cell::OnceCell;

use actix_web::dev::{Path, ResourceDef};

/// A pattern of a resource, or the prefix of a scope, without what is around it.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: String,
    is_prefix: bool,
    shape: Shape,
    /// Made when a path is first held against it: many routes are never asked for by a preflight.
    definition: OnceCell<ResourceDef>,
    /// The same for all of a path, of a prefix that is an expression.
    whole: OnceCell<ResourceDef>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// So many segments, each literal or `{name}`.
    Segments(usize),
    /// Another, such as `{id:[0-9]+}` or `{tail}*`.
    Expression,
    /// One whose expression may name groups of its own.
    Groups,
}

/// A segment of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Segment<'p> {
    Literal(&'p str),
    /// `{name}`.
    Dynamic,
}

/// The segments that paths of a pattern begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lead<'p> {
    pub(super) segments: Vec<Segment<'p>>,
    /// Whether nothing comes behind them.
    pub(super) is_all: bool,
}

impl<'p> Lead<'p> {
    /// What the paths begin with that match patterns one after the other: prefixes of scopes, and
    /// perhaps the pattern of a resource.
    pub(super) fn of(parts: impl Iterator<Item = &'p Pattern>) -> Self {
        let mut lead = Self { segments: Vec::new(), is_all: true };
        for part in parts {
            if !lead.is_all {
                break;
            }
            lead.is_all = read_segments(&part.text, &mut lead.segments);
        }
        lead
    }

    /// The same for what takes the paths below as well.
    pub(super) fn open(self) -> Self {
        Self { is_all: false, ..self }
    }
}

/// Adds the segments up to the first that is neither literal nor `{name}`; whether there is none.
fn read_segments<'p>(text: &'p str, segments: &mut Vec<Segment<'p>>) -> bool {
    if text.is_empty() {
        return true;
    }
    let Some(text) = text.strip_prefix('/') else { return false };
    for segment in text.split('/') {
        match read_segment(segment) {
            Some(segment) => segments.push(segment),
            None => return false,
        }
    }
    true
}

fn read_segment(text: &str) -> Option<Segment<'_>> {
    let is_odd = |text: &str| text.contains(['{', '}', '*', ':']);
    if let Some(name) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        return (!name.is_empty() && !is_odd(name)).then_some(Segment::Dynamic);
    }
    (!text.contains(['{', '}', '*'])).then_some(Segment::Literal(text))
}

impl Pattern {
    pub(crate) fn new(text: &str, is_prefix: bool) -> Self {
        let mut segments = Vec::new();
        let shape = if read_segments(text, &mut segments) {
            Shape::Segments(segments.len())
        } else if text.contains('(') {
            Shape::Groups
        } else {
            Shape::Expression
        };
        let [definition, whole] = [OnceCell::new(), OnceCell::new()];
        Self { text: text.to_owned(), is_prefix, shape, definition, whole }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it takes the paths below as well.
    pub(super) fn is_prefix(&self) -> bool {
        self.is_prefix
    }

    fn definition(&self) -> &ResourceDef {
        self.definition.get_or_init(|| {
            if self.is_prefix {
                ResourceDef::prefix(&*self.text)
            } else {
                ResourceDef::new(&*self.text)
            }
        })
    }

    /// What the router does with a resource of this pattern: `None` if the path does not match,
    /// `Some(false)` if it does and the router passes the resource over, because a named group took no
    /// part in the match.
    pub(crate) fn takes(&self, path: &str) -> Option<bool> {
        if !self.definition().is_match(path) {
            return None;
        }
        Some(self.shape != Shape::Groups || self.captured(path).is_some())
    }

    /// What the router leaves of a path behind a prefix; `None` if it passes it over.
    pub(crate) fn behind<'p>(&self, path: &'p str) -> Option<&'p str> {
        match self.shape {
            Shape::Segments(count) => {
                self.definition().is_match(path).then(|| &path[end_of_segments(path, count)..])
            }
            Shape::Expression if !self.has_tail() => self.behind_expression(path),
            Shape::Expression | Shape::Groups => self.captured(path),
        }
    }

    /// Where only one beginning of the path matches, nothing need be captured, which allocates.
    fn behind_expression<'p>(&self, path: &'p str) -> Option<&'p str> {
        if !self.definition().is_match(path) {
            return None;
        }
        let whole = self.whole.get_or_init(|| ResourceDef::new(&*self.text));
        let mut ends =
            slashes(path).chain([path.len()]).filter(|end| whole.is_match(&path[..*end]));
        match (ends.next(), ends.next()) {
            (Some(end), None) => Some(&path[end..]),
            _ => self.captured(path),
        }
    }

    /// Whether it ends in a tail, which needs no slash behind it.
    fn has_tail(&self) -> bool {
        self.text.ends_with('*') || self.text.contains("}*")
    }

    /// Asks the router itself.
    fn captured<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut captured = Path::new(path);
        let is_taken = self.definition().capture_match_info(&mut captured);
        is_taken.then(|| &path[path.len() - captured.unprocessed().len()..])
    }

    /// A path of the pattern, with something in the place of its dynamic segments.
    pub(crate) fn sample(&self, filler: &str) -> String {
        let mut path = String::new();
        let mut depth = 0_usize;
        for character in self.text.chars() {
            match character {
                '{' => {
                    if depth == 0 {
                        path.push_str(filler);
                    }
                    depth += 1;
                }
                '}' => depth = depth.saturating_sub(1),
                _ if depth == 0 => path.push(character),
                _ => {}
            }
        }
        if path.len() < self.text.len() { path.trim_end_matches('*').to_owned() } else { path }
    }
}

/// Where so many segments of a path end, each with the slash before it.
fn end_of_segments(path: &str, count: usize) -> usize {
    slashes(path).chain([path.len()]).nth(count).unwrap_or(path.len())
}

fn slashes(path: &str) -> impl Iterator<Item = usize> {
    path.bytes().enumerate().filter(|(_, byte)| *byte == b'/').map(|(index, _)| index)
}
