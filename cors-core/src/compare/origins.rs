//! Lists of origins against each other: what they have in common, and what one has beside the other.

use std::{cell::Cell, collections::HashSet};

use crate::{
    origin::{Covers, OriginPattern, OriginSet, strangers},
    policy::Allowed,
};

/// How many pairs of patterns are compared at most, neither of which the other list has as a whole.
const PAIRS: usize = 100_000;

/// How many origins of one pattern are tried at most.
const TRIES: usize = 4096;

/// How many are tried once [`MANY`] have been.
const FEW_TRIES: usize = 64;

const MANY: usize = 200_000;

/// Patterns for the origins that both lists have.
pub(super) fn common(
    one: &Allowed<OriginPattern>,
    other: &Allowed<OriginPattern>,
) -> Allowed<OriginPattern> {
    let (Some(one_has), Some(other_has)) = (one.lookup(), other.lookup()) else {
        return if one.is_any() { other.clone() } else { one.clone() };
    };
    let (one_covers, other_covers) = (covers(one), covers(other));
    let is_in = |own: &OriginPattern, lookup: &OriginSet, covers: &Covers<'_>| {
        if own.is_wildcard() { covers.have(own) } else { lookup.allows(own.as_str().as_bytes()) }
    };
    let (in_other, open) = split(one, |own| is_in(own, &other_has, &other_covers));
    let (in_one, open_of_other) = split(other, |own| is_in(own, &one_has, &one_covers));
    let pairs = open.iter().flat_map(|own| open_of_other.iter().map(move |other| (own, other)));
    let met = pairs.take(PAIRS).filter_map(|(own, other)| own.meet(other));
    Allowed::only(in_other.into_iter().chain(in_one).cloned().chain(met).collect())
}

fn covers(list: &Allowed<OriginPattern>) -> Covers<'_> {
    list.members().collect()
}

/// Those that are in the other list as a whole, and the wildcards that are not.
fn split(
    list: &Allowed<OriginPattern>,
    is_in_other: impl Fn(&OriginPattern) -> bool,
) -> (Vec<&OriginPattern>, Vec<&OriginPattern>) {
    let (within, mut open): (Vec<_>, Vec<_>) = list.members().partition(|own| is_in_other(own));
    open.retain(|own| own.is_wildcard());
    (within, open)
}

/// An origin of a list that is wanted.
pub(super) fn some(
    own: &Allowed<OriginPattern>,
    is_wanted: impl Fn(&str) -> bool,
) -> Option<String> {
    let tries = Tries::default();
    own.members()
        .find_map(|pattern| tries.find(pattern.instances(), &is_wanted))
        .or_else(|| stranger(own, &tries, &is_wanted))
}

/// For each pattern of some lists that has an origin beside those of `other` such an origin, each once.
pub(super) fn outside(
    own: &[&Allowed<OriginPattern>],
    other: &Allowed<OriginPattern>,
    is_wanted: impl Fn(&str) -> bool,
) -> Vec<String> {
    if other.is_any() {
        return Vec::new();
    }
    let (covers, tries) = (covers(other), Tries::default());
    let is_covered = |pattern: &OriginPattern| pattern.is_wildcard() && covers.have(pattern);
    let of_list = |list: &&Allowed<OriginPattern>| -> Vec<String> {
        let open = list.members().filter(|pattern| !is_covered(pattern));
        let found = open.filter_map(|pattern| tries.find(pattern.instances(), &is_wanted));
        found.chain(stranger(list, &tries, &is_wanted)).collect()
    };
    let mut seen = HashSet::new();
    own.iter().flat_map(of_list).filter(|origin| seen.insert(origin.clone())).collect()
}

/// An origin that is made up, if the list has any.
fn stranger(
    own: &Allowed<OriginPattern>,
    tries: &Tries,
    is_wanted: impl Fn(&str) -> bool,
) -> Option<String> {
    own.is_any().then(|| tries.find(strangers(), is_wanted))?
}

/// How many origins have been tried, so that long lists do not take forever.
#[derive(Default)]
struct Tries(Cell<usize>);

impl Tries {
    fn find(
        &self,
        origins: impl Iterator<Item = String>,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Option<String> {
        let most = if self.0.get() < MANY { TRIES } else { FEW_TRIES };
        let mut counted = origins.take(most).inspect(|_| self.0.set(self.0.get() + 1));
        counted.find(|origin| is_wanted(origin))
    }
}
