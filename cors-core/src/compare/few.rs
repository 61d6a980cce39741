//! The first of many, and how many more there are.

/// How many witnesses a change has at most.
pub(super) const WITNESSES: usize = 3;

/// The first few of what was found, and the count of the rest.
#[derive(Debug)]
pub(super) struct Few<T> {
    pub(super) first: Vec<T>,
    pub(super) more: usize,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self { first: Vec::new(), more: 0 }
    }
}

impl<T> Few<T> {
    pub(super) fn map<U>(self, change: impl FnMut(T) -> U) -> Few<U> {
        Few { first: self.first.into_iter().map(change).collect(), more: self.more }
    }
}

impl<T> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut all = all.into_iter();
        let first = all.by_ref().take(WITNESSES).collect();
        Self { first, more: all.count() }
    }
}
