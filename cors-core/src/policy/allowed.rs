//! A list of allowed things, or all of them.

use std::{
    collections::BTreeSet,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// The value of a list setting: its members, or `["*"]`.
///
/// Clones share the list, so that a thousand routes under one list of origins hold it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowed<T> {
    /// Sorted, each once; `None` for all.
    members: Option<Arc<[T]>>,
}

impl<T> Allowed<T> {
    pub(crate) const fn any() -> Self {
        Self { members: None }
    }

    pub(crate) fn only(members: BTreeSet<T>) -> Self {
        Self { members: Some(members.into_iter().collect()) }
    }

    /// Whether this is `["*"]`.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.members.is_none()
    }

    /// The members of the list, in order; none for `["*"]`.
    pub fn members(&self) -> impl Iterator<Item = &T> + Clone {
        self.members.iter().flat_map(|members| members.iter())
    }

    /// The list itself, which clones share; `None` for `["*"]`.
    pub(crate) fn list(&self) -> Option<&Arc<[T]>> {
        self.members.as_ref()
    }
}

impl<T: Clone + Ord> Allowed<T> {
    /// Changes the list; whether there is one.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut BTreeSet<T>)) -> bool {
        let Some(members) = &mut self.members else { return false };
        let mut set = members.iter().cloned().collect();
        change(&mut set);
        *members = set.into_iter().collect();
        true
    }
}

impl<T> Default for Allowed<T> {
    fn default() -> Self {
        Self { members: Some(Arc::default()) }
    }
}

/// Hashes the size and one member: lists are long, and few differ in neither.
impl<T: Hash + Ord> Hash for Allowed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let members = self.members.as_deref();
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
