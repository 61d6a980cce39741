//! Hosts with a wildcard for a part of a label, as a lookup.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;
use hashbrown::HashTable;

use super::host::{LabelPart, is_part_of_label};

/// Values by their hosts.
///
/// A host is looked up in time that does not grow with their number: one hash lookup for each of its labels that
/// may have the wildcard, and, where the labels around it are the same, one for each pair of lengths that stands
/// before and after the wildcard. Usually there are a few such pairs; a label of 63 bytes has 2 015 at most.
#[derive(Debug)]
pub(super) struct HostParts<T> {
    state: RandomState,
    groups: HashTable<Group<T>>,
    /// How many labels stand before the wildcard at most.
    deepest: usize,
}

/// All whose wildcard is in the same place: only what stands around it in its label differs.
#[derive(Debug)]
struct Group<T> {
    left: Box<str>,
    right: Box<str>,
    /// How much stands before and after the wildcard in its label, each pair once.
    lengths: Vec<(usize, usize)>,
    members: HashTable<Member<T>>,
}

#[derive(Debug)]
struct Member<T> {
    prefix: Box<[u8]>,
    suffix: Box<[u8]>,
    values: Vec<T>,
}

impl<T> Default for HostParts<T> {
    fn default() -> Self {
        Self { state: RandomState::default(), groups: HashTable::new(), deepest: 0 }
    }
}

impl<T> HostParts<T> {
    pub(super) fn insert(&mut self, part: LabelPart<'_>, value: T) {
        let (left, right) = (part.left(), part.right());
        self.deepest = self.deepest.max(left.matches('.').count());
        let state = &self.state;
        let hash_of = |group: &Group<T>| hash(state, group.left.as_bytes(), group.right.as_bytes());
        let group = self.groups.entry(
            hash(state, left.as_bytes(), right.as_bytes()),
            |group| group.is_of(left, right),
            hash_of,
        );
        let group = group.or_insert_with(|| Group::new(left, right)).into_mut();
        group.insert(state, part.prefix().as_bytes(), part.suffix().as_bytes(), value);
    }

    /// A value that is wanted, of those whose hosts have this one. A `*` in it stands for what it stands for in a
    /// pattern.
    pub(super) fn find(&self, host: &str, is_wanted: impl Fn(&T) -> bool) -> Option<&T> {
        let mut begin = 0;
        for _ in 0..=self.deepest {
            let (label, _) = host[begin..].split_once('.')?;
            let (left, right) = (&host[..begin], &host[begin + label.len()..]);
            let hash = hash(&self.state, left.as_bytes(), right.as_bytes());
            let group = self.groups.find(hash, |group| group.is_of(left, right));
            let found =
                group.and_then(|group| group.find(&self.state, label.as_bytes(), &is_wanted));
            if found.is_some() {
                return found;
            }
            begin += label.len() + ".".len();
        }
        None
    }
}

impl<T> Group<T> {
    fn new(left: &str, right: &str) -> Self {
        let (lengths, members) = (Vec::new(), HashTable::new());
        Self { left: left.into(), right: right.into(), lengths, members }
    }

    fn is_of(&self, left: &str, right: &str) -> bool {
        *self.left == *left && *self.right == *right
    }

    fn insert(&mut self, state: &RandomState, prefix: &[u8], suffix: &[u8], value: T) {
        let lengths = (prefix.len(), suffix.len());
        if !self.lengths.contains(&lengths) {
            self.lengths.push(lengths);
        }
        let member = self.members.entry(
            hash(state, prefix, suffix),
            |member| member.is_of(prefix, suffix),
            |member| hash(state, &member.prefix, &member.suffix),
        );
        let new = || Member { prefix: prefix.into(), suffix: suffix.into(), values: Vec::new() };
        member.or_insert_with(new).into_mut().values.push(value);
    }

    fn find(
        &self,
        state: &RandomState,
        label: &[u8],
        is_wanted: impl Fn(&T) -> bool,
    ) -> Option<&T> {
        self.lengths.iter().find_map(|(before, after)| {
            let (prefix, rest) = label.split_at_checked(*before)?;
            let (own, suffix) = rest.split_at_checked(rest.len().checked_sub(*after)?)?;
            if own.is_empty() || !own.iter().all(|byte| is_part_of_label(*byte) || *byte == b'*') {
                return None;
            }
            let is_same = |member: &Member<T>| member.is_of(prefix, suffix);
            let member = self.members.find(hash(state, prefix, suffix), is_same)?;
            member.values.iter().find(|value| is_wanted(value))
        })
    }
}

impl<T> Member<T> {
    fn is_of(&self, prefix: &[u8], suffix: &[u8]) -> bool {
        *self.prefix == *prefix && *self.suffix == *suffix
    }
}

/// The two are set apart by a byte that no host has.
fn hash(state: &RandomState, before: &[u8], after: &[u8]) -> u64 {
    let mut hasher = state.build_hasher();
    hasher.write(before);
    hasher.write_u8(b'/');
    hasher.write(after);
    hasher.finish()
}
