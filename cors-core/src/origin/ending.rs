//! A pattern as what an origin starts and ends with.

use super::{
    OriginPattern, grammar,
    host::is_part_of_label,
    pattern::{Parts, PortPattern},
};

/// A pattern of a site with a wildcard in its host and one port, for which an origin need not be taken apart.
#[derive(Debug)]
pub(super) struct Ending {
    /// All that is before the wildcard.
    start: Box<[u8]>,
    /// All that follows it.
    end: Box<[u8]>,
    wildcard: Wildcard,
    /// How long it may be.
    room: usize,
}

#[derive(Debug, Clone, Copy)]
enum Wildcard {
    Labels,
    PartOfLabel,
}

impl Ending {
    /// `None` if it is another pattern.
    pub(super) fn new(pattern: &OriginPattern) -> Option<Self> {
        let (wildcard, room) = match pattern.parts() {
            Parts::Subdomains { scheme, base, port: PortPattern::Exactly(_) }
                if grammar::is_of_web(scheme) =>
            {
                (Wildcard::Labels, grammar::MAX_HOST - ".".len() - base.len())
            }
            Parts::Part { label, port: PortPattern::Exactly(_), .. } => {
                let in_label = grammar::MAX_LABEL - label.prefix().len() - label.suffix().len();
                let in_host = grammar::MAX_HOST - label.start.len() - label.end.len();
                (Wildcard::PartOfLabel, in_label.min(in_host))
            }
            _ => return None,
        };
        let (start, end) = pattern.as_str().split_once('*')?;
        Some(Self { start: start.as_bytes().into(), end: end.as_bytes().into(), wildcard, room })
    }

    /// What the origin shares with the pattern is of the grammar.
    pub(super) fn matches(&self, value: &[u8]) -> bool {
        let own = value.strip_suffix(&*self.end).and_then(|own| own.strip_prefix(&*self.start));
        own.is_some_and(|own| {
            own.len() <= self.room
                && match self.wildcard {
                    Wildcard::Labels => grammar::is_usual_domain(own),
                    Wildcard::PartOfLabel => {
                        !own.is_empty() && own.iter().copied().all(is_part_of_label)
                    }
                }
        })
    }
}
