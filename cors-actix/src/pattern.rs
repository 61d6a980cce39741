//! The pattern of a resource, and the answers of actix's own definition to it.

use std::rc::Rc;

use actix_web::dev::{Path, ResourceDef};

use crate::{
    index::literal_start,
    runs::Runs,
    segments::{Segments, split_segment},
};

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
    /// By asking it as the router does, which takes no match that lacks a named group.
    Named,
}

impl Pattern {
    pub(crate) fn new(definition: ResourceDef) -> Self {
        let shape = if let Some(segments) = Segments::of(&definition) {
            Shape::Segments(Rc::new(segments))
        } else if let Some(runs) = Runs::of(&definition) {
            Shape::Runs(Rc::new(runs))
        } else if definition.pattern().is_some_and(may_lack_a_group) {
            Shape::Named
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
            Shape::Runs(_) | Shape::Unusual | Shape::Named => None,
        }
    }

    /// Whether the router takes a path for one of it.
    pub(crate) fn is_match(&self, path: &str) -> bool {
        self.find(path).unwrap_or(false)
    }

    /// The same if its expression matches at all, after which the router tries no other of a resource.
    pub(crate) fn find(&self, path: &str) -> Option<bool> {
        let is_match = match &self.shape {
            Shape::Segments(segments) => segments.rest().is_match(path),
            Shape::Runs(runs) => {
                runs.match_length(path).is_some()
                    || (!path.is_ascii() && self.definition.is_match(path))
            }
            Shape::Unusual => self.definition.is_match(path),
            Shape::Named => {
                return self.definition.is_match(path).then(|| self.capture(path).is_some());
            }
        };
        is_match.then_some(true)
    }

    /// What a path has behind it, if it is a prefix.
    pub(crate) fn behind<'p>(&self, path: &'p str) -> Option<&'p str> {
        let length = match &self.shape {
            Shape::Segments(segments) => return segments.behind(path),
            Shape::Runs(runs) if path.is_ascii() => runs.match_length(path),
            Shape::Runs(_) | Shape::Unusual => self.definition.find_match(path),
            Shape::Named => self.capture(path),
        };
        path.get(length?..)
    }

    /// How much of a path the router takes.
    fn capture(&self, path: &str) -> Option<usize> {
        let mut captured = Path::new(path);
        let is_match = self.definition.capture_match_info(&mut captured);
        is_match.then(|| path.len() - captured.unprocessed().len())
    }

    pub(crate) fn text(&self) -> &str {
        self.definition.pattern().unwrap_or_default()
    }
}

/// Whether a match may lack one of the named groups: those of a segment's own expression, or that of the
/// segment, if the expression's parentheses do not belong together.
fn may_lack_a_group(pattern: &str) -> bool {
    let mut rest = &pattern[literal_start(pattern).len()..];
    while !rest.is_empty() && pattern.contains('(') {
        let Some((expression, after)) = split_segment(rest) else { return true };
        let expression = expression.unwrap_or_default();
        let has_named = expression.contains("?P<") || expression.contains("?<");
        if has_named || regex_syntax::parse(expression).is_err() {
            return true;
        }
        rest = &after[literal_start(after).len()..];
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::{Pattern, ResourceDef, Shape};
    use crate::{level::behind, segments::Rest};

    #[test]
    fn few_patterns_need_their_regular_expression() {
        let segments = [
            "/{x}",
            "/a/{x}",
            "/{x}/",
            "/v{x}/a",
            "/{x}/{y}",
            "/{x}/é/{y}/a/b/",
            "/{x:[^/]+}/a",
            "/a/{x}*",
            "/a{x:.*}",
            "/{x}/{y}*",
            "{x}*",
            "",
            "/a",
        ];
        let runs = [
            r"/{x:\d+}",
            "/{x:[0-9]}",
            "/v{x:[0-9]{2,4}}/a",
            "/{x:[0-9]*}/{y}",
            r"/{x:\d+}.{y:\d+}",
            "/{x:[^/.]+}.json",
            "/{x:[[:alpha:]]+?}/b",
            "/{x:.+}",
            "/{x:[^/1]+}",
            "/{x:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}}",
            r"/{x:\d{4}-\d{1,2}}/{y:v\d+/a}",
            "/{x}//a",
        ];
        let unusual = [
            "/*",
            "/a*",
            "/{x}.a",
            "/{x}{y}",
            "/{x}{y}*",
            "/{x}/*",
            "/{x}*/a",
            "/{x:.*}/a",
            "/{x:.+}/a",
            "/{x:a{2}}",
            "/{x:a|b}",
            "/{x:(a)+}",
            "/{x:(?i)[a-z]+}",
            "/{x:[0-9]+(-[0-9]+)*}",
            "/{x:[0-9]+[a-z]+}",
            r"/{x:\d\d?}",
            "/{x:[0-9]+|a}",
            "/{x:^[0-9]+}",
            "/{x:[à-ü]+}",
            "/{x:é}",
            "/{x:[a-z]+}a",
            "/{x:[0-9]+}{y:[a-z]+}",
            "/{x:[0-9]+}/{y}*",
            "/(a)/{x:a{2}}",
        ];
        let named = [
            "/{x:a|(?P<y>b)}",
            "/{x:(?<y>a)?b}",
            "/{x:a)|(b}",
            "/{x>a)|(?P<y}",
            "/{x>a?)(?P<y:[0-9]+}",
        ];
        let shape = |definition| match Pattern::new(definition).shape {
            Shape::Segments(_) => "segments",
            Shape::Runs(_) => "runs",
            Shape::Unusual => "unusual",
            Shape::Named => "named",
        };
        let table = [
            (&segments[..], "segments"),
            (&runs[..], "runs"),
            (&unusual[..], "unusual"),
            (&named[..], "named"),
        ];
        for (patterns, expected) in table {
            for pattern in patterns {
                assert_eq!(shape(ResourceDef::new(*pattern)), expected, "{pattern}");
            }
        }
        for (prefix, expected) in
            [("/{x}", "segments"), (r"/{x:\d+}", "runs"), ("/{x:.+}", "unusual")]
        {
            assert_eq!(shape(ResourceDef::prefix(prefix)), expected, "{prefix}");
        }
    }

    const PARTS: [&str; 26] = [
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
        "{x:a(?P<v>A)?}",
        "/{x:(a|(?P<v>1))}",
        "{x>a)|(?P<v}",
    ];

    /// Regular expressions name each segment once.
    fn pattern(parts: &[&str]) -> String {
        let numbered = parts.iter().enumerate();
        let own = |(number, part): (usize, &&str)| {
            part.replace('x', &format!("x{number}")).replace('v', &format!("v{number}"))
        };
        numbered.map(own).collect()
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
            path.extend(part.split('{').next());
            if part.contains('{') {
                path.extend(texts.next().cloned());
            }
        }
        path.extend(texts.cloned());
        path
    }

    proptest! {
        #[test]
        fn it_matches_what_the_router_takes(
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
                let behind = behind(&definition, &path);
                let expected = behind.is_some();
                prop_assert_eq!(own.is_match(&path), expected, "{} {}", pattern, path);
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
