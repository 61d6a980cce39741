//! Making a failing case smaller, item by item, while the request stays the same: the paths of
//! random requests follow the application, so that proptest alone cannot take much away from it.

use super::{
    app::{Application, Item, Resource, Scope},
    setting::{Called, Middleware, Neighbour, Setting, Twice},
};

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
        let settings = self.setting.smaller().into_iter();
        found.extend(settings.map(|setting| Self { setting, ..self.clone() }));
        found.extend(without_one(&self.entries).map(|entries| Self { entries, ..self.clone() }));
        found.extend(without_one(&self.scopes).map(|scopes| Self { scopes, ..self.clone() }));
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
        if let Item::ReadOnly(inner) = item {
            found.push(with(vec![(**inner).clone()]));
        }
        found.extend(smaller_item(item).into_iter().map(|smaller| with(vec![smaller])));
    }
    found
}

fn smaller_item(item: &Item) -> Vec<Item> {
    match item {
        Item::Annotated(_) | Item::Prefix(_) | Item::Unmapped(_) => Vec::new(),
        Item::Plain(plain) => {
            let mut plain = plain.clone();
            plain.guard.take().map(|_| Item::Plain(plain)).into_iter().collect()
        }
        Item::Resource(resource) => {
            let methods = without_one(&resource.methods);
            let methods = methods.map(|methods| Resource { methods, ..resource.clone() });
            let patterns = without_one(&resource.patterns);
            let patterns = patterns.map(|patterns| Resource { patterns, ..resource.clone() });
            let mut found: Vec<Item> = methods.chain(patterns).map(Item::Resource).collect();
            let mut smaller = resource.clone();
            found.extend(smaller.guard.take().map(|_| Item::Resource(smaller)));
            let mut smaller = resource.clone();
            found.extend(smaller.name.take().map(|_| Item::Resource(smaller)));
            found
        }
        Item::Scope(scope) => smaller_scope(scope).into_iter().map(Item::Scope).collect(),
        Item::ReadOnly(inner) => {
            let inner = smaller_item(inner).into_iter();
            inner.map(|own| Item::ReadOnly(Box::new(own))).collect()
        }
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
    if scope.own.is_some() {
        found.push(Scope { own: None, ..scope.clone() });
    }
    for index in 0..scope.inside.len() {
        let mut smaller = scope.clone();
        smaller.inside.remove(index);
        found.push(smaller);
        for simpler in scope.inside[index].smaller() {
            let mut smaller = scope.clone();
            smaller.inside[index] = simpler;
            found.push(smaller);
        }
    }
    found
}

impl Setting {
    /// The same with one thing less.
    fn smaller(&self) -> Vec<Self> {
        let without = |change: &dyn Fn(&mut Self)| {
            let mut smaller = self.clone();
            change(&mut smaller);
            smaller
        };
        let mut found = Vec::new();
        for index in 0..self.inside.len() {
            found.push(without(&|own| _ = own.inside.remove(index)));
            for simpler in self.inside[index].smaller() {
                found.push(without(&|own| own.inside[index] = simpler));
            }
        }
        for index in 0..self.outside.len() {
            found.push(without(&|own| _ = own.outside.remove(index)));
        }
        for index in 0..self.neighbours.len() {
            found.push(without(&|own| _ = own.neighbours.remove(index)));
            for simpler in self.neighbours[index].smaller() {
                found.push(without(&|own| own.neighbours[index] = simpler.clone()));
            }
        }
        if let Some(called) = &self.called {
            found.push(without(&|own| own.called = None));
            for simpler in called.smaller() {
                found.push(without(&|own| own.called = Some(simpler.clone())));
            }
        }
        if self.polls > 0 {
            found.push(without(&|own| own.polls = 0));
        }
        if self.is_held {
            found.push(without(&|own| own.is_held = false));
        }
        if self.host.is_some() {
            found.push(without(&|own| own.host = None));
        }
        found
    }
}

impl Middleware {
    /// Something simpler of the same kind.
    fn smaller(self) -> Vec<Self> {
        let Self::Twice(twice) = self else { return Vec::new() };
        let mut found = Vec::new();
        if twice.if_not_found {
            found.push(Self::Twice(Twice { if_not_found: false, ..twice }));
        }
        if twice.returns_first {
            found.push(Self::Twice(Twice { returns_first: false, ..twice }));
        }
        if twice.is_spawned {
            found.push(Self::Twice(Twice { is_spawned: false, ..twice }));
        }
        found
    }
}

impl Neighbour {
    fn smaller(&self) -> Vec<Self> {
        let mut found: Vec<Self> =
            without_one(&self.items).map(|items| Self { items, ..self.clone() }).collect();
        if self.cors.is_some() {
            found.push(Self { cors: None, ..self.clone() });
        }
        if self.has_misfit {
            found.push(Self { has_misfit: false, ..self.clone() });
        }
        if self.polls > 0 {
            found.push(Self { polls: 0, ..self.clone() });
        }
        found
    }
}

impl Called {
    fn smaller(&self) -> Vec<Self> {
        let mut found: Vec<Self> =
            without_one(&self.items).map(|items| Self { items, ..self.clone() }).collect();
        if self.cors.is_some() {
            found.push(Self { cors: None, ..self.clone() });
        }
        if self.at_once {
            found.push(Self { at_once: false, ..self.clone() });
        }
        found
    }
}

/// The list without each of its elements.
fn without_one<T: Clone>(all: &[T]) -> impl Iterator<Item = Vec<T>> {
    (0..all.len()).map(|index| {
        let mut smaller = all.to_vec();
        smaller.remove(index);
        smaller
    })
}
