//! Route entries of a random application, as far as they declare what is true.

use std::slice;

use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

use super::{
    app::{Application, Item},
    policies::Layer,
    targets::join,
};

/// An entry before it is known what it may be for.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    route: Index,
    method: Index,
    layer: Layer,
}

/// A route entry.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) pattern: String,
    pub(super) methods: Vec<&'static str>,
    pub(super) layer: Layer,
}

pub(super) fn entries() -> impl Strategy<Value = Vec<Draft>> {
    prop_oneof![2 => Just(Vec::new()), 1 => some_entries()]
}

pub(super) fn some_entries() -> impl Strategy<Value = Vec<Draft>> {
    let draft = (any::<Index>(), any::<Index>(), select(&Layer::ALL))
        .prop_map(|(route, method, layer)| Draft { route, method, layer });
    vec(draft, 1..=2)
}

/// What may have an entry: a full pattern, and the methods that are certainly served there.
struct Place {
    pattern: String,
    methods: Vec<&'static str>,
    is_plain: bool,
    /// What an entry says of a plain route counts as certain, so nothing may keep requests away.
    is_open: bool,
}

impl Application {
    pub(super) fn entries(&self) -> Vec<Entry> {
        // actix does not tell the pattern of a second dispatch
        if self.calls_twice() {
            return Vec::new();
        }
        let mut places = Vec::new();
        collect("", true, &self.items, &mut places);
        let is_fit = |place: &&Place| {
            let is_alike = |twin: &Place| twin.is_open && twin.is_plain == place.is_plain;
            place.is_open && twins(&places, place).all(is_alike)
        };
        let fit: Vec<&Place> = places.iter().filter(is_fit).collect();
        let entry = |draft: &Draft| {
            let place = fit.get(draft.route.index(fit.len().max(1)))?;
            let method = place.methods.get(draft.method.index(place.methods.len().max(1)))?;
            // entries name all methods of a plain pattern
            let of_twins = || twins(&places, place).flat_map(|twin| twin.methods.iter().copied());
            let methods = if !place.is_plain {
                vec![*method]
            } else if of_twins().any(|own| own == "*") {
                vec!["*"]
            } else {
                of_twins().collect()
            };
            Some(Entry { pattern: place.pattern.clone(), methods, layer: draft.layer })
        };
        self.entries.iter().filter_map(entry).collect()
    }
}

/// What has the pattern of a place, itself included.
fn twins<'a>(places: &'a [Place], own: &'a Place) -> impl Iterator<Item = &'a Place> {
    places.iter().filter(|other| other.pattern == own.pattern)
}

impl Entry {
    pub(super) fn covers(&self, pattern: &str, method: &str) -> bool {
        self.pattern == pattern && self.methods.iter().any(|own| ["*", method].contains(own))
    }
}

fn collect(prefix: &str, is_open: bool, items: &[Item], places: &mut Vec<Place>) {
    for item in items {
        match item {
            Item::Annotated(handler) => {
                let (pattern, methods) = (join(prefix, handler.path), handler.methods());
                places.push(Place { pattern, methods, is_plain: false, is_open: true });
            }
            Item::Plain(plain) => {
                let methods = vec![plain.method.unwrap_or("*")];
                let is_open = is_open && plain.guard.is_none();
                let pattern = join(prefix, plain.pattern);
                places.push(Place { pattern, methods, is_plain: true, is_open });
            }
            Item::Resource(resource) => {
                let is_open = is_open && resource.guard.is_none() && resource.patterns.len() == 1;
                for pattern in &resource.patterns {
                    let (pattern, methods) = (join(prefix, pattern), vec!["*"]);
                    places.push(Place { pattern, methods, is_plain: true, is_open });
                }
            }
            Item::Prefix(mount) => {
                let (pattern, methods) = (join(prefix, mount), vec!["*"]);
                places.push(Place { pattern, methods, is_plain: true, is_open });
            }
            // an entry cannot be meant for it
            Item::Unmapped(_) => {}
            // it does not serve what an entry says
            Item::ReadOnly(inner) => collect(prefix, false, slice::from_ref(inner), places),
            Item::Scope(scope) => {
                let is_open = is_open && scope.guard.is_none();
                collect(&join(prefix, scope.prefix), is_open, &scope.items, places);
            }
        }
    }
}
