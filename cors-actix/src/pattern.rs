//! The pattern of a resource, and the answers of actix's own definition to it.

use std::rc::Rc;

use actix_web::dev::ResourceDef;

use crate::{
    index::is_literal,
    segments::{Rest, Segments},
    verdict::Verdict,
};

/// A pattern as actix matches it.
///
/// The usual dynamic segments need no regular expression to tell what the definition answers.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    definition: ResourceDef,
    segments: Option<Rc<Segments>>,
    may_end_with_slash: bool,
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

    /// What a path has to be, where that can be told without a regular expression.
    pub(crate) fn rest(&self) -> Option<Rest<'_>> {
        self.segments.as_deref().map(Segments::rest)
    }

    pub(crate) fn is_match(&self, path: &str) -> bool {
        match self.rest() {
            Some(rest) => rest.is_match(path),
            None => self.definition.is_match(path),
        }
    }

    /// Whether it matches the paths that start in some way.
    pub(crate) fn judge(&self, start: &str) -> Verdict {
        match self.rest().map(|rest| rest.after(start)) {
            None => Verdict::of(&self.definition, start),
            Some(None) => Verdict::Never,
            Some(Some(rest)) if rest.takes_anything() => Verdict::Always,
            Some(Some(_)) => Verdict::Open,
        }
    }

    /// Whether it has dynamic segments and may match a path for a slash at its end: the usual segment has
    /// none in it, and where a scope ends none is needed.
    pub(crate) fn may_end_with_slash(&self) -> bool {
        self.may_end_with_slash
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::{Pattern, ResourceDef, Verdict};

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
                let Some(rest) = own.rest() else { continue };
                let after = rest.after(start);
                let is_match = after.is_some_and(|rest| rest.is_match(end));
                prop_assert_eq!(is_match, expected, "{} {} {}", pattern, start, end);
                match own.judge(start) {
                    Verdict::Never => prop_assert!(!expected),
                    Verdict::Always => prop_assert!(expected),
                    _ => {}
                }
            }
        }
    }
}
