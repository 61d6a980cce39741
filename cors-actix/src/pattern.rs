//! The pattern of a resource, and the answers of actix's own definition to it.

use std::rc::Rc;

use actix_web::dev::ResourceDef;

use crate::segments::Segments;

/// A pattern as actix matches it.
///
/// The usual dynamic segments need no regular expression to tell what the definition answers.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    definition: ResourceDef,
    segments: Option<Rc<Segments>>,
}

impl Pattern {
    pub(crate) fn new(definition: ResourceDef) -> Self {
        let segments = Segments::of(&definition).map(Rc::new);
        Self { definition, segments }
    }

    pub(crate) fn definition(&self) -> &ResourceDef {
        &self.definition
    }

    /// What it consists of, where paths can be compared with that.
    pub(crate) fn segments(&self) -> Option<&Rc<Segments>> {
        self.segments.as_ref()
    }

    pub(crate) fn is_match(&self, path: &str) -> bool {
        match &self.segments {
            Some(segments) => segments.rest().is_match(path),
            None => self.definition.is_match(path),
        }
    }

    /// What a path has behind it, if it is a prefix.
    pub(crate) fn behind<'p>(&self, path: &'p str) -> Option<&'p str> {
        match &self.segments {
            Some(segments) => segments.behind(path),
            None => self.definition.find_match(path).map(|length| &path[length..]),
        }
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

    const PARTS: [&str; 14] = [
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
        "//",
        ".",
        "b*",
    ];

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
            paths in prop::collection::vec(("[/aé.\n*]{0,6}", "[/aé.\n*]{0,6}"), 1..20),
        ) {
            let pattern = pattern(&parts);
            let make = if is_prefix { ResourceDef::prefix::<&str> } else { ResourceDef::new };
            let definition = make(&pattern);
            let own = Pattern::new(definition.clone());
            for (start, end) in &paths {
                let path = format!("{start}{end}");
                let expected = definition.is_match(&path);
                prop_assert_eq!(own.is_match(&path), expected, "{} {}", pattern, path);
                let behind = definition.find_match(&path).map(|length| &path[length..]);
                prop_assert_eq!(own.behind(&path), behind, "{} {}", pattern, path);
                let Some(segments) = own.segments() else { continue };
                let after = segments.rest().after(start);
                let is_match = after.is_some_and(|rest| rest.is_match(end));
                prop_assert_eq!(is_match, expected, "{} {} {}", pattern, start, end);
                prop_assert!(expected || !after.is_some_and(Rest::takes_anything));
            }
        }
    }
}
