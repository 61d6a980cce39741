//! What stands before the path of a service: the prefixes of the scopes that it is in.

use std::rc::Rc;

use crate::{
    index::{is_literal, literal_start},
    pattern::Pattern,
    segments::Segments,
};

/// The prefixes of scopes, as one.
#[derive(Debug, Clone, Default)]
pub(super) struct Before {
    text: String,
    /// `None` outside of all scopes.
    segments: Option<Rc<Segments>>,
}

impl Before {
    /// In one more scope; `None` if its prefix does not consist of usual segments.
    pub(super) fn within(&self, prefix: &Pattern) -> Option<Self> {
        let text = format!("{}{}", self.text, prefix.text());
        Some(Self { text, segments: Some(self.join(prefix)?) })
    }

    /// What a pattern in the scopes consists of, with their prefixes.
    pub(super) fn join(&self, pattern: &Pattern) -> Option<Rc<Segments>> {
        let inner = pattern.segments()?;
        match &self.segments {
            None => Some(Rc::clone(inner)),
            Some(own) => own.join(inner).map(Rc::new),
        }
    }

    /// Whether both leave the same of each path. One in a scope of an empty prefix needs a slash.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        self.text == other.text && self.segments.is_some() == other.segments.is_some()
    }

    pub(super) fn segments(&self) -> Option<&Rc<Segments>> {
        self.segments.as_ref()
    }

    /// What the scopes leave of a path; `None` if it is not theirs.
    pub(super) fn behind<'p>(&self, path: &'p str) -> Option<&'p str> {
        match &self.segments {
            None => Some(path),
            Some(own) => own.behind(path),
        }
    }

    /// What the paths of a pattern start with.
    pub(super) fn start_of(&self, pattern: &str) -> String {
        if is_literal(&self.text) {
            self.text.clone() + literal_start(pattern)
        } else {
            literal_start(&self.text).to_owned()
        }
    }

    /// The prefixes with a text for each dynamic segment.
    pub(super) fn path(&self, filler: &str) -> String {
        self.segments.as_ref().map(|own| own.path(filler)).unwrap_or_default()
    }
}
