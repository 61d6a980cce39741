//! Making a failing case smaller, item by item, while the request stays the same: the paths of
//! random requests follow the application, so that proptest alone cannot take much away from it.

use super::app::{Application, Item, Scope};

impl Application {
    /// Applications with one thing less.
    pub(super) fn smaller(&self) -> Vec<Self> {
        let items = smaller_items(&self.items);
        let mut found: Vec<Self> =
            items.into_iter().map(|items| Self { items, ..self.clone() }).collect();
        if self.inner.is_some() {
            found.push(Self { inner: None, ..self.clone() });
        }
        if self.outer.is_some() {
            found.push(Self { outer: None, ..self.clone() });
        }
        if self.has_default {
            found.push(Self { has_default: false, ..self.clone() });
        }
        if self.is_strict {
            found.push(Self { is_strict: false, ..self.clone() });
        }
        for index in 0..self.entries.len() {
            let mut smaller = self.clone();
            smaller.entries.remove(index);
            found.push(smaller);
        }
        found
    }
}

fn smaller_items(items: &[Item]) -> Vec<Vec<Item>> {
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let with =
            |replacement: Vec<Item>| [&items[..index], &replacement, &items[index + 1..]].concat();
        found.push(with(Vec::new()));
        if let Item::Scope(scope) = item {
            found.push(with(scope.items.clone()));
        }
        found.extend(smaller_item(item).into_iter().map(|smaller| with(vec![smaller])));
    }
    found
}

fn smaller_item(item: &Item) -> Vec<Item> {
    match item {
        Item::Annotated(_) | Item::Prefix(_) => Vec::new(),
        Item::Plain(plain) => {
            let mut plain = plain.clone();
            plain.guard.take().map(|_| Item::Plain(plain)).into_iter().collect()
        }
        Item::Resource(resource) => {
            let mut found = Vec::new();
            for index in 0..resource.methods.len() {
                let mut smaller = resource.clone();
                smaller.methods.remove(index);
                found.push(Item::Resource(smaller));
            }
            for index in 0..resource.patterns.len() {
                let mut smaller = resource.clone();
                smaller.patterns.remove(index);
                found.push(Item::Resource(smaller));
            }
            let mut smaller = resource.clone();
            found.extend(smaller.guard.take().map(|_| Item::Resource(smaller)));
            found
        }
        Item::Scope(scope) => smaller_scope(scope).into_iter().map(Item::Scope).collect(),
    }
}

fn smaller_scope(scope: &Scope) -> Vec<Scope> {
    let items = smaller_items(&scope.items);
    let mut found: Vec<Scope> =
        items.into_iter().map(|items| Scope { items, ..scope.clone() }).collect();
    if scope.guard.is_some() {
        found.push(Scope { guard: None, ..scope.clone() });
    }
    if scope.has_default {
        found.push(Scope { has_default: false, ..scope.clone() });
    }
    found
}
