//! A list of allowed things, or all of them.

use std::{
    collections::BTreeSet,
    fmt,
    hash::{Hash, Hasher},
    sync::{Arc, OnceLock},
};

use crate::origin::{OriginPattern, OriginSet};

/// The value of a list setting: its members, or `["*"]`.
///
/// Clones share the list, so that a thousand routes under one list of origins hold it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed<T> {
    /// `None` for all.
    list: Option<Arc<List<T>>>,
}

struct List<T> {
    /// Sorted, each once.
    members: Arc<[T]>,
    /// Of a list of origins, made when it is first asked for. It stays with the list, so that all
    /// that share the list share it: routes that inherit it, and the tables of all workers.
    lookup: OnceLock<Arc<OriginSet>>,
}

impl<T> List<T> {
    fn shared(members: BTreeSet<T>) -> Arc<Self> {
        Arc::new(Self { members: members.into_iter().collect(), lookup: OnceLock::new() })
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.members.fmt(f)
    }
}

/// Lists with the same members are the same. Where two clones share one list, `Arc` knows it without
/// a look at the members.
impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.members == other.members
    }
}

impl<T: Eq> Eq for List<T> {}

impl<T> Allowed<T> {
    pub(crate) const fn any() -> Self {
        Self { list: None }
    }

    pub(crate) fn only(members: BTreeSet<T>) -> Self {
        Self { list: Some(List::shared(members)) }
    }

    /// Whether this is `["*"]`.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.list.is_none()
    }

    /// The members of the list, in order; none for `["*"]`.
    pub fn members(&self) -> impl Iterator<Item = &T> + Clone {
        self.list.iter().flat_map(|list| list.members.iter())
    }
}

impl Allowed<OriginPattern> {
    /// The list as a lookup; `None` for `["*"]`.
    pub(crate) fn lookup(&self) -> Option<Arc<OriginSet>> {
        let List { members, lookup } = &**self.list.as_ref()?;
        Some(Arc::clone(lookup.get_or_init(|| Arc::new(OriginSet::new(members)))))
    }
}

impl<T: Clone + Ord> Allowed<T> {
    /// Changes the list; whether there is one.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut BTreeSet<T>)) -> bool {
        let Some(list) = &mut self.list else { return false };
        let mut members = list.members.iter().cloned().collect();
        change(&mut members);
        *list = List::shared(members);
        true
    }
}

impl<T> Default for Allowed<T> {
    fn default() -> Self {
        Self { list: Some(List::shared(BTreeSet::new())) }
    }
}

/// Hashes the size and one member: lists are long, and few differ in neither.
impl<T: Hash + Ord> Hash for Allowed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let members = self.list.as_ref().map(|list| &list.members);
        members.map(|members| (members.len(), members.last())).hash(state);
    }
}

impl<T: fmt::Display> fmt::Display for Allowed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_any() {
            return f.write_str("*");
        }
        for (index, member) in self.members().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{member}")?;
        }
        Ok(())
    }
}
