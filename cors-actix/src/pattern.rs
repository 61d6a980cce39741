//! The pattern of a resource, and the answers of actix's own definition to it.

use std::{iter, rc::Rc};

use actix_web::dev::ResourceDef;

use crate::index::{is_literal, literal_start};

/// A pattern as actix matches it.
///
/// The usual dynamic segments need no regular expression to tell what the definition answers.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    definition: ResourceDef,
    segments: Option<Rc<Segments>>,
    may_end_with_slash: bool,
}

/// What a pattern of usual segments, such as `/users/{id}/posts/{post}`, consists of.
#[derive(Debug)]
struct Segments {
    /// What comes before the first dynamic segment.
    start: Box<str>,
    /// What comes behind each: one goes on to the next slash.
    behind: Box<[Box<str>]>,
}

impl Pattern {
    pub(crate) fn new(definition: ResourceDef) -> Self {
        let segments = Segments::of(&definition).map(Rc::new);
        let text = definition.pattern().unwrap_or_default();
        let may_end_with_slash =
            !is_literal(text) && (text.contains(':') || text.ends_with(['/', '*']));
        Self { definition, segments, may_end_with_slash }
    }

    pub(crate) fn definition(&self) -> &ResourceDef {
        &self.definition
    }

    pub(crate) fn is_match(&self, path: &str) -> bool {
        match &self.segments {
            Some(segments) => segments.is_match(path),
            None => self.definition.is_match(path),
        }
    }

    /// Whether it matches no path with two slashes in a row, unless they are in its start.
    pub(crate) fn has_single_slashes(&self) -> bool {
        self.segments.is_some()
    }

    /// Whether it has dynamic segments and may match a path for a slash at its end: the usual segment has
    /// none in it, and where a scope ends none is needed.
    pub(crate) fn may_end_with_slash(&self) -> bool {
        self.may_end_with_slash
    }
}

impl Segments {
    /// `None` where the definition matches something else, or has no dynamic segment.
    fn of(definition: &ResourceDef) -> Option<Self> {
        let text = definition.pattern()?;
        let start = literal_start(text);
        let mut behind = Vec::new();
        let mut rest = &text[start.len()..];
        while let Some(segment) = rest.strip_prefix('{') {
            let (_, after) = segment.split_once('}').filter(|(name, _)| !name.contains(':'))?;
            let literal = literal_start(after);
            behind.push(literal.into());
            rest = &after[literal.len()..];
        }
        let own = Self { start: start.into(), behind: behind.into() };
        (rest.is_empty() && own.are_usual() && own.agree_with(definition)).then_some(own)
    }

    /// Whether there is one at least, and each ends where the path has a slash or ends.
    fn are_usual(&self) -> bool {
        let begins_with_slash = |text: &str| text.starts_with('/') && !text.contains("//");
        self.behind.split_last().is_some_and(|(last, others)| {
            (last.is_empty() || begins_with_slash(last))
                && others.iter().all(|own| begins_with_slash(own))
        })
    }

    /// Whether the definition gives the same answers for paths of all kinds. A tail or a prefix does not;
    /// nor would another release of actix that takes a segment for something else.
    fn agree_with(&self, definition: &ResourceDef) -> bool {
        ["x", "é\n", "", "x/", "x/y"].into_iter().all(|filler| {
            let path = self.path(filler);
            let mut paths = [path.clone() + "/", path.clone() + "x", path].into_iter();
            paths.all(|path| self.is_match(&path) == definition.is_match(&path))
        })
    }

    /// The pattern with a text for each segment.
    fn path(&self, filler: &str) -> String {
        let others = self.behind.iter().flat_map(|behind| [filler, behind]);
        iter::once(&*self.start).chain(others).collect()
    }

    fn is_match(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(&*self.start) else { return false };
        let mut rest = rest.as_bytes();
        for behind in &self.behind {
            let end = rest.iter().position(|byte| *byte == b'/').unwrap_or(rest.len());
            let (segment, after) = rest.split_at(end);
            match after.strip_prefix(behind.as_bytes()) {
                Some(after) if !segment.is_empty() => rest = after,
                _ => return false,
            }
        }
        rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::{Pattern, ResourceDef, Segments, literal_start};

    const PARTS: [&str; 12] =
        ["/", "/a", "a", "é", "{x}", "/{x}", "{x}*", "{x:a+}", "{x:[^/]+}", "//", ".", "b*"];

    /// Regular expressions name each segment once.
    fn pattern(parts: &[&str]) -> String {
        let numbered = parts.iter().enumerate();
        numbered.map(|(number, part)| part.replace('x', &format!("x{number}"))).collect()
    }

    proptest! {
        #[test]
        fn it_matches_what_the_definition_matches(
            parts in prop::collection::vec(select(&PARTS[..]), 0..6),
            is_prefix: bool,
            paths in prop::collection::vec("[/aé.\n*]{0,10}", 1..20),
        ) {
            let pattern = pattern(&parts);
            let make = if is_prefix { ResourceDef::prefix::<&str> } else { ResourceDef::new };
            let definition = make(&pattern);
            let own = Pattern::new(definition.clone());
            for path in &paths {
                prop_assert_eq!(own.is_match(path), definition.is_match(path), "{} {}", pattern, path);
                if own.has_single_slashes() && own.is_match(path) {
                    let has_two = path[literal_start(&pattern).len()..].contains("//");
                    prop_assert!(!has_two, "{} {}", pattern, path);
                }
            }
        }
    }

    #[test]
    fn usual_segments_need_no_regular_expression() {
        let usual = ["/{x}", "/a/{x}", "/{x}/", "/v{x}/a", "/{x}/{y}", "/{x}/é/{y}/a/b/"];
        let unusual = ["", "/a", "/{x}.a", "/{x}{y}", "/{x}*", "/{x}/*", "/{x:[^/1]+}", "/{x}//a"];
        for (patterns, is_usual) in [(&usual[..], true), (&unusual[..], false)] {
            for pattern in patterns {
                let own = Segments::of(&ResourceDef::new(*pattern));
                assert_eq!(own.is_some(), is_usual, "{pattern}");
                assert!(Segments::of(&ResourceDef::prefix(*pattern)).is_none(), "{pattern}");
            }
        }
    }

    /// As another release of actix could take it for something else.
    #[test]
    fn the_definition_has_the_last_word() {
        let segments = Segments::of(&ResourceDef::new("/{x}/a")).unwrap();
        let table = [
            ("/{x:[^/]+}/a", true),
            ("/{x:[^/]*}/a", false),
            ("/{x:.+}/a", false),
            ("/{x:[a-z]+}/a", false),
            ("/{x}/a{y:.*}", false),
            ("/{x}/a{y:/?}", false),
        ];
        for (other, agrees) in table {
            assert_eq!(segments.agree_with(&ResourceDef::new(other)), agrees, "{other}");
        }
    }
}
