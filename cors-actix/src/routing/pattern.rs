//! A pattern, and what actix's router does with a path for it.

use std::sync::OnceLock;

use actix_web::dev::{Path, ResourceDef};

/// A pattern of a resource, or the prefix of a scope, without what is around it.
#[derive(Debug)]
pub(crate) struct Pattern {
    text: String,
    is_prefix: bool,
    shape: Shape,
    /// Compiled when it is first needed, since many routes never get a preflight.
    definition: OnceLock<ResourceDef>,
    /// For a prefix with a regular expression: the same as a pattern for a whole path.
    whole: OnceLock<ResourceDef>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Only segments that are literal or `{name}`, and how many.
    Segments(usize),
    /// Anything else, such as `{id:[0-9]+}` or `{tail}*`.
    Expression,
    /// The same, where the expression may have named groups of its own.
    Groups,
}

/// A segment of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Segment<'p> {
    Literal(&'p str),
    /// `{name}`.
    Dynamic,
}

/// The segments that every path of a pattern begins with, as far as they are literal or `{name}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lead<'p> {
    pub(super) segments: Vec<Segment<'p>>,
    /// Whether that is the whole pattern.
    pub(super) is_all: bool,
}

impl<'p> Lead<'p> {
    /// The same for several patterns that a path has to match one after the other: prefixes of scopes,
    /// and perhaps the pattern of a resource.
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

    /// The same for a service that takes the paths below its own as well.
    pub(super) fn open(self) -> Self {
        Self { is_all: false, ..self }
    }
}

/// Adds the segments up to the first that is neither literal nor `{name}`. Answers whether that is all.
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
        let [definition, whole] = [OnceLock::new(), OnceLock::new()];
        Self { text: text.to_owned(), is_prefix, shape, definition, whole }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it takes the paths below as well.
    pub(super) fn is_prefix(&self) -> bool {
        self.is_prefix
    }

    /// Whether it is made of segments that are literal or `{name}`, so that it takes the same of a path
    /// whatever follows.
    pub(super) fn has_segments_only(&self) -> bool {
        matches!(self.shape, Shape::Segments(_))
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

    /// What the router does with a resource of this pattern: `None` if the path does not match;
    /// `Some(false)` if it matches, but a named group took no part in the match, so the router skips the
    /// resource; otherwise `Some(true)`.
    pub(crate) fn takes(&self, path: &str) -> Option<bool> {
        if !self.definition().is_match(path) {
            return None;
        }
        Some(self.shape != Shape::Groups || self.captured(path).is_some())
    }

    /// The rest of a path after this prefix; `None` if the prefix does not match.
    pub(crate) fn behind<'p>(&self, path: &'p str) -> Option<&'p str> {
        match self.shape {
            Shape::Segments(count) => {
                self.definition().is_match(path).then(|| &path[end_of_segments(path, count)..])
            }
            Shape::Expression if !self.has_tail() => self.behind_expression(path),
            Shape::Expression | Shape::Groups => self.captured(path),
        }
    }

    /// Tries each slash as the end of the prefix. If only one fits, that is where it ends; asking actix
    /// to capture it would allocate.
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

    /// Whether it ends in a tail, after which no slash has to follow.
    fn has_tail(&self) -> bool {
        self.text.ends_with('*') || self.text.contains("}*")
    }

    /// The rest of a path, as actix's own capture leaves it.
    fn captured<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut captured = Path::new(path);
        self.capture(&mut captured).then(|| &path[path.len() - captured.unprocessed().len()..])
    }

    /// Takes the pattern's part of a path and names what is in it, as actix's router does; whether the
    /// path matches.
    pub(super) fn capture(&self, path: &mut Path<&str>) -> bool {
        self.definition().capture_match_info(path)
    }

    /// A path that the pattern may match, with `filler` for its dynamic segments.
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

/// The index at which `count` segments of a path end, each with the slash before it.
fn end_of_segments(path: &str, count: usize) -> usize {
    let mut slashes = 0;
    for (index, byte) in path.bytes().enumerate() {
        slashes += usize::from(byte == b'/');
        if slashes > count {
            return index;
        }
    }
    path.len()
}

fn slashes(path: &str) -> impl Iterator<Item = usize> {
    path.bytes().enumerate().filter(|(_, byte)| *byte == b'/').map(|(index, _)| index)
}
