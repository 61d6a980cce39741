//! What one policy lets origins do and the other does not.

use super::{
    difference::{Change, Direction, Subject, Witness},
    few::Few,
    origins,
    probe::Probe,
};
use crate::{origin::OriginPattern, policy::Allowed};

/// What `to` lets through beside `from`.
pub(super) struct Way<'p> {
    pub(super) direction: Direction,
    pub(super) from: &'p Probe<'p>,
    pub(super) to: &'p Probe<'p>,
}

impl Way<'_> {
    /// Origins that may read responses.
    pub(super) fn origins(&self) -> Option<Change> {
        let Self { from, to, .. } = self;
        let is_wanted = |origin: &str| to.shares(origin) && !from.shares(origin);
        // those with credentials come first, so that one is shown
        let trusted = to.trusted();
        let has_own = !trusted.is_any() && trusted.members().next().is_some();
        let own = to.origins();
        let first = if has_own { origins::common(&trusted, own) } else { Allowed::default() };
        let found = origins::outside(&[&first, own], from.origins(), is_wanted);
        let was_off = [from, to].into_iter().any(|own| own.policy().is_disabled());
        let subject = if was_off { Subject::Disable } else { Subject::Origins };
        self.change(subject, found.into_iter().map(|origin| self.witness(&origin)).collect())
    }

    /// Origins that may read responses to requests with credentials, of those that both allow.
    pub(super) fn credentials(&self, both: &Allowed<OriginPattern>) -> Option<Change> {
        let Self { from, to, .. } = self;
        let is_wanted = |origin: &str| {
            to.shares_with_credentials(origin)
                && from.shares(origin)
                && !from.shares_with_credentials(origin)
        };
        let (trusted, before) = (to.trusted(), from.trusted());
        if before.is_any() || trusted.members().next().is_none() && !trusted.is_any() {
            return None;
        }
        let own = origins::common(&trusted, both);
        let found = origins::outside(&[&own], &before, is_wanted);
        self.change(Subject::Credentials, found.into_iter().map(|own| self.witness(&own)).collect())
    }

    pub(super) fn witness(&self, origin: &str) -> Witness {
        let with_credentials = self.to.shares_with_credentials(origin);
        Witness { origin: origin.to_owned(), with_credentials, ..Witness::default() }
    }

    pub(super) fn change(&self, subject: Subject, found: Few<Witness>) -> Option<Change> {
        let Few { first: witnesses, more } = found;
        let direction = self.direction;
        (!witnesses.is_empty()).then_some(Change { subject, direction, witnesses, more })
    }
}
