//! Lists of methods and of header names against each other.

use std::{collections::HashSet, fmt, hash::Hash};

use super::few::{Few, WITNESSES};
use crate::policy::Allowed;

/// What one list has beside the other.
///
/// Of `["*"]` that is one name: a usual one, or one that is made up. What `is_idle` makes no difference in a list.
/// `is_wanted` asks the compiled policies, and is asked of no more listed names than are shown.
pub(super) fn outside<T: Hash + Eq + fmt::Display>(
    own: &Allowed<T>,
    other: &Allowed<T>,
    usual: &[&str],
    is_idle: impl Fn(&str) -> bool,
    is_wanted: impl Fn(&str) -> bool,
) -> Few<String> {
    if other.is_any() {
        return Few::default();
    }
    let others: HashSet<&T> = other.members().collect();
    if own.is_any() {
        let made_up = (0..=others.len()).map(|number| format!("X-Other-{number}"));
        let mut all = usual.iter().map(|name| (*name).to_owned()).chain(made_up);
        return all.find(|name| is_wanted(name)).into_iter().collect();
    }
    let more = own.members().filter(|name| !others.contains(name)).map(T::to_string);
    let mut shown = 0;
    let found = more.filter(|name| !is_idle(name)).filter(|name| {
        let is_counted = shown >= WITNESSES || is_wanted(name);
        shown += usize::from(is_counted);
        is_counted
    });
    found.collect()
}
