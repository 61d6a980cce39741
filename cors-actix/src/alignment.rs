//! Which services of an application are annotated handlers.
//!
//! Actix lists services in the order of their registration, scope by scope, which is the order in
//! which handlers were registered; name and pattern tell handlers and plain routes apart, and markers
//! divide the list into parts. Where a plain route in the same part has the name and the pattern of a
//! handler, either may be meant.

use std::{
    collections::{HashMap, VecDeque},
    rc::Rc,
};

use crate::{
    collect::{Registration, leaf_pattern},
    listing::Service,
};

/// A route of a registered handler: the numbers of both.
pub(crate) type Own = (usize, usize);

/// The handlers among the services; a place is that of a service among those that are no scope.
#[derive(Debug, Default)]
pub(crate) struct Alignment {
    owners: HashMap<usize, Owner>,
    /// The full prefix of the scope of each service.
    prefixes: Vec<Rc<str>>,
}

/// Whose a service is.
#[derive(Debug)]
pub(crate) enum Owner {
    Handler(Own),
    /// Of one of these handlers, or a plain route that looks the same.
    Either(Vec<Own>),
}

/// What is told of a resource by its name and pattern, and by whether it is at the root.
type Key = (String, String, bool);

/// A service as it stands in the list.
enum Listed<'a> {
    Marker(&'a str),
    /// The prefix of its scope, and the key, where it may be a handler.
    Leaf(Rc<str>, Option<Key>),
}

/// A part of the list, up to a marker.
#[derive(Default)]
struct Part {
    leaves: Vec<(usize, Key)>,
    expected: Vec<(Own, Key)>,
}

impl Alignment {
    /// Fails if a handler is missing.
    pub(crate) fn new(services: &[Service], registrations: &[Registration]) -> Option<Self> {
        let markers = markers(registrations);
        let mut parts: Vec<Part> = markers.values().map(|_| Part::default()).collect();
        parts.push(Part::default());
        let mut listed = Vec::new();
        list(services, None, &mut listed);
        let (mut part, mut found) = (0, Self::default());
        for service in listed {
            match service {
                Listed::Marker(name) => match markers.get(name) {
                    Some(number) if *number == part => part += 1,
                    Some(_) => return None,
                    // of another version of this crate
                    None => {}
                },
                Listed::Leaf(prefix, key) => {
                    parts[part].leaves.extend(key.map(|key| (found.prefixes.len(), key)));
                    found.prefixes.push(prefix);
                }
            }
        }
        expect(registrations, &mut parts);
        parts.into_iter().all(|part| found.add(part)).then_some(found)
    }

    /// Whose the service at a place is; `None` for a plain one.
    pub(crate) fn owner(&self, place: usize) -> Option<&Owner> {
        self.owners.get(&place)
    }

    /// The full prefixes of the scopes of handlers, by the number of the registration.
    pub(crate) fn prefixes(&self) -> impl Iterator<Item = (usize, &str)> {
        self.owners.iter().filter_map(|(place, owner)| match owner {
            Owner::Handler((number, _)) => Some((*number, &*self.prefixes[*place])),
            Owner::Either(_) => None,
        })
    }

    /// Whether no handler of a part is missing.
    fn add(&mut self, part: Part) -> bool {
        let mut places: HashMap<Key, VecDeque<usize>> = HashMap::new();
        for (place, key) in part.leaves {
            places.entry(key).or_default().push_back(place);
        }
        let mut owners: HashMap<Key, Vec<Own>> = HashMap::new();
        for (own, key) in part.expected {
            owners.entry(key).or_default().push(own);
        }
        owners.into_iter().all(|(key, owners)| {
            let places = places.remove(&key).unwrap_or_default();
            let is_complete = places.len() >= owners.len();
            if places.len() == owners.len() {
                self.owners.extend(places.into_iter().zip(owners.into_iter().map(Owner::Handler)));
            } else {
                let either = |place| (place, Owner::Either(owners.clone()));
                self.owners.extend(places.into_iter().map(either));
            }
            is_complete
        })
    }
}

/// The markers by their names, numbered in order.
fn markers(registrations: &[Registration]) -> HashMap<&str, usize> {
    let mut numbers = HashMap::new();
    for name in registrations.iter().filter_map(Registration::marker) {
        let next = numbers.len();
        numbers.entry(name).or_insert(next);
    }
    numbers
}

/// Adds what the parts should have: a marker comes right after the first handler it is for.
fn expect(registrations: &[Registration], parts: &mut [Part]) {
    let (mut part, mut marker) = (0, None);
    for (number, registration) in registrations.iter().enumerate() {
        for (index, route) in registration.handler.routes.iter().enumerate() {
            let is_root = registration.marker().is_none();
            let key = (route.name.to_owned(), leaf_pattern(route.path), is_root);
            parts[part].expected.push(((number, index), key));
        }
        if registration.marker().is_some() && registration.marker() != marker {
            marker = registration.marker();
            part += 1;
        }
    }
}

/// `scope` is the full prefix; there is none at the root.
fn list<'a>(services: &'a [Service], scope: Option<&Rc<str>>, found: &mut Vec<Listed<'a>>) {
    let prefix = scope.map_or_else(|| Rc::from(""), Rc::clone);
    for service in services {
        if let Some(name) = service.name().filter(|_| service.is_marker()) {
            found.push(Listed::Marker(name));
        } else if let Some(below) = &service.services {
            let own = service.patterns().first().map(String::as_str).unwrap_or_default();
            list(below, Some(&format!("{prefix}{own}").into()), found);
        } else {
            let key = key(service, scope.is_none());
            found.push(Listed::Leaf(Rc::clone(&prefix), key));
        }
    }
}

/// The key of a service that may be a handler: those are resources of one pattern.
fn key(service: &Service, is_root: bool) -> Option<Key> {
    let [pattern] = service.patterns() else { return None };
    let name = service.name().unwrap_or_default().to_owned();
    (!service.is_prefix()).then(|| (name, pattern.clone(), is_root))
}
