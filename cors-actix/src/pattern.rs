//! The pattern of a resource, and the answers of actix's own definition to it.

use std::rc::Rc;

use actix_web::dev::ResourceDef;

use crate::{runs::Runs, segments::Segments};

/// A pattern as actix matches it.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    definition: ResourceDef,
    shape: Shape,
}

/// How to tell what the definition answers.
#[derive(Debug, Clone)]
enum Shape {
    Segments(Rc<Segments>),
    /// By these as far as a path is ASCII.
    Runs(Rc<Runs>),
    /// By asking it.
    Unusual,
}

impl Pattern {
    pub(crate) fn new(definition: ResourceDef) -> Self {
        let shape = if let Some(segments) = Segments::of(&definition) {
            Shape::Segments(Rc::new(segments))
        } else if let Some(runs) = Runs::of(&definition) {
            Shape::Runs(Rc::new(runs))
        } else {
            Shape::Unusual
        };
        Self { definition, shape }
    }

    pub(crate) fn definition(&self) -> &ResourceDef {
        &self.definition
    }

    /// What it consists of, if that is usual segments.
    pub(crate) fn segments(&self) -> Option<&Rc<Segments>> {
        match &self.shape {
            Shape::Segments(segments) => Some(segments),
            Shape::Runs(_) | Shape::Unusual => None,
        }
    }

    pub(crate) fn is_match(&self, path: &str) -> bool {
        match &self.shape {
            Shape::Segments(segments) => segments.rest().is_match(path),
            Shape::Runs(runs) => {
                runs.match_length(path).is_some()
                    || (!path.is_ascii() && self.definition.is_match(path))
            }
            Shape::Unusual => self.definition.is_match(path),
        }
    }

    /// What a path has behind it, if it is a prefix.
    pub(crate) fn behind<'p>(&self, path: &'p str) -> Option<&'p str> {
        let length = match &self.shape {
            Shape::Segments(segments) => return segments.behind(path),
            Shape::Runs(runs) if path.is_ascii() => runs.match_length(path),
            Shape::Runs(_) | Shape::Unusual => self.definition.find_match(path),
        };
        path.get(length?..)
    }

    pub(crate) fn text(&self) -> &str {
        self.definition.pattern().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::{Pattern, ResourceDef};
    use crate::segments::Rest;

    const PARTS: [&str; 23] = [
        "/",
        "/a",
        "a",
        "é",
        "{x}",
        "/{x}",
        "/{x}",
        "{x}*",
        "{x:.*}",
        "{x:a+}",
        "{x:[^/]+}",
        "{x:[^/.]*}",
        "{x:[A1]}",
        "/{x:(?i)[Z-a]+}",
        "{x:.+}",
        "/{x:[a-cé]+}",
        r"/{x:\d{2,3}}",
        r"/{x:\w+}",
        "/{x:a[A1]?-[^/]{2}}",
        "{x:b.[a/]*}",
        "//",
        ".",
        "b*",
    ];

    /// Regular expressions name each segment once.
    fn pattern(parts: &[&str]) -> String {
        let numbered = parts.iter().enumerate();
        numbered.map(|(number, part)| part.replace('x', &format!("x{number}"))).collect()
    }

    const TEXTS: [&str; 13] =
        ["", "zZ", "~", "a", "A", "é", "1", "11", "a-b.", "aA-a1", "b.a/", "b\n", "/"];

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![select(&TEXTS[..]).prop_map(str::to_owned), "[/aA1é.\n*b-]{0,4}"]
    }

    /// A path with these texts in place of dynamic segments; what is left of them follows.
    fn path(parts: &[&str], texts: &[String]) -> String {
        let mut texts = texts.iter();
        let mut path = String::new();
        for part in parts {
            let (literal, is_literal) =
                part.split_once('{').map_or((*part, true), |(literal, _)| (literal, false));
            path += literal;
            if !is_literal {
                path.extend(texts.next().cloned());
            }
        }
        path.extend(texts.cloned());
        path
    }

    proptest! {
        #[test]
        fn it_matches_what_the_definition_matches(
            parts in prop::collection::vec(select(&PARTS[..]), 0..6),
            is_prefix: bool,
            texts in prop::collection::vec(prop::collection::vec(text(), 0..6), 1..20),
            cut in any::<prop::sample::Index>(),
        ) {
            let pattern = pattern(&parts);
            let make = if is_prefix { ResourceDef::prefix::<&str> } else { ResourceDef::new };
            let definition = make(&pattern);
            let own = Pattern::new(definition.clone());
            for texts in &texts {
                let path = path(&parts, texts);
                let expected = definition.is_match(&path);
                prop_assert_eq!(own.is_match(&path), expected, "{} {}", pattern, path);
                let behind = definition.find_match(&path).map(|length| &path[length..]);
                prop_assert_eq!(own.behind(&path), behind, "{} {}", pattern, path);
                let Some(segments) = own.segments() else { continue };
                let (start, end) = path.split_at(path.floor_char_boundary(cut.index(path.len() + 1)));
                let after = segments.rest().after(start);
                let is_match = after.is_some_and(|rest| rest.is_match(end));
                prop_assert_eq!(is_match, expected, "{} {} {}", pattern, start, end);
                prop_assert!(expected || !after.is_some_and(Rest::takes_anything));
            }
        }
    }
}
