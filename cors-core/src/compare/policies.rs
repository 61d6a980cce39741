//! Two policies at one place, setting by setting.

use super::{
    difference::{Change, Comparison, Difference, Direction, Place, Standing, Subject},
    origins,
    probe::Probe,
    shared::Shared,
    way::Way,
};
use crate::policy::Policy;

impl Comparison {
    /// Compares what two policies let through, where no route with known methods has them: there, `allow_methods` that
    /// is not set allows GET, HEAD and POST alone.
    #[must_use]
    pub fn of_policies(before: &Policy, now: &Policy) -> Self {
        let pair = Pair { before: Side::unrouted(before), now: Side::unrouted(now), methods: None };
        let difference = |change| Difference::new(&Place::Base, &Standing::Both, change);
        pair.changes().into_iter().map(difference).collect()
    }
}

/// One of two policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Side<'p> {
    pub(super) policy: &'p Policy,
    /// Whether a route is known to serve the methods that are compared.
    pub(super) is_routed: bool,
}

impl<'p> Side<'p> {
    pub(super) fn unrouted(policy: &'p Policy) -> Self {
        Self { policy, is_routed: false }
    }
}

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Pair<'p> {
    pub(super) before: Side<'p>,
    pub(super) now: Side<'p>,
    /// The methods of the route; `None` if they are not known.
    pub(super) methods: Option<Vec<&'p str>>,
}

impl Pair<'_> {
    /// What changed.
    pub(super) fn changes(&self) -> Vec<Change> {
        if self.before == self.now {
            return Vec::new();
        }
        let (before, now) = (self.before.policy, self.now.policy);
        if before.is_external() || now.is_external() {
            let is_same = before.is_external() && now.is_external();
            let change = Change {
                subject: Subject::External { left: now.is_external() },
                direction: Direction::Unknown,
                witnesses: Vec::new(),
                more: 0,
            };
            return (!is_same).then_some(change).into_iter().collect();
        }
        let [before, now] =
            [self.before, self.now].map(|own| Probe::new(own.policy, own.is_routed));
        let both = origins::common(before.origins(), now.origins());
        let ways = [
            Way { direction: Direction::Wider, from: &before, to: &now },
            Way { direction: Direction::Narrower, from: &now, to: &before },
        ];
        let of_origins = ways.iter().filter_map(Way::origins);
        let of_credentials = ways.iter().filter_map(|way| way.credentials(&both));
        let is_shared = |origin: &str| before.shares(origin) && now.shares(origin);
        let shared = origins::some(&both, is_shared).map(|origin| Shared {
            ways: &ways,
            origin,
            methods: self.methods.as_deref(),
        });
        let of_lists = shared.iter().flat_map(Shared::changes);
        of_origins.chain(of_credentials).chain(of_lists).collect()
    }
}
