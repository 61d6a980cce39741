//! Which resources of an application are annotated handlers.
//!
//! Actix lists resources in the order of their registration, scope by scope, and handlers were
//! registered in the same order. So handlers are found in the list one after the other, by name and
//! pattern. Probes are in both sequences and divide them into parts, so that a mistake cannot spread.
//!
//! A plain route may have the name and the pattern of a handler. Then a handler is matched twice, with the
//! first and with the last resource that it can be. If the two are the same, it is certain; otherwise
//! every resource in between that looks like it is in doubt.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    ops::Range,
    sync::Arc,
};

use super::resource_tree::Node;
use crate::startup::{Inside, Mount, Registration};

/// A route of a registered handler: the numbers of the registration and of its route attribute.
pub(crate) type HandlerRoute = (usize, usize);

/// Which handler a resource is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Owner {
    Handler(HandlerRoute),
    /// One of these handlers, or a plain route that looks the same.
    Doubt(Vec<HandlerRoute>),
}

impl Owner {
    /// The numbers of the handlers that it may be.
    fn registrations(&self) -> impl Iterator<Item = usize> {
        let all = match self {
            Self::Handler(own) => std::slice::from_ref(own),
            Self::Doubt(all) => all,
        };
        all.iter().map(|own| own.0)
    }
}

/// The handlers among the resources, which are numbered in their order.
#[derive(Debug)]
pub(crate) struct Ownership {
    owners: HashMap<usize, Owner>,
    /// The full prefixes that the scope of each handler may have.
    prefixes: Vec<Vec<Arc<str>>>,
    /// The full patterns of the resources that may be plain ones.
    plain: HashSet<String>,
}

/// What handlers are recognised by: name, pattern, and whether it is at the root.
type Look = (String, String, bool);

/// A resource of the application, in the order of the list.
struct Resource {
    /// The full prefix of its scope.
    prefix: Arc<str>,
    patterns: Vec<String>,
    /// `None` if it cannot be a handler.
    look: Option<Look>,
}

/// The resources and the handlers between two probes.
#[derive(Default)]
struct Part {
    /// The numbers of resources.
    resources: Vec<usize>,
    /// The routes of handlers that are among them, in order.
    routes: Vec<(HandlerRoute, Look)>,
    /// How many of the routes are right before the probe, so that they are certain.
    at_end: usize,
}

impl Ownership {
    /// Fails if a handler is not found: then the list does not mean what this code takes it to mean.
    pub(crate) fn new(nodes: &[Node], registrations: &[Registration]) -> Option<Self> {
        let mut resources = Vec::new();
        let mut parts = vec![Part::default()];
        let probes = registrations.iter().filter_map(|own| own.probe.as_ref());
        let probes: Vec<&str> = probes.map(|probe| probe.service()).collect();
        list(nodes, None, &mut resources, &mut |number, probe| match probe {
            Some(name) if probes.contains(&name) => parts.push(Part::default()),
            // of another version of this crate
            Some(_) => {}
            None => parts.last_mut().expect("there is one").resources.push(number),
        });
        let expected = expected(registrations);
        if expected.len() != parts.len() {
            return None;
        }
        let mut found = Found { resources: &resources, possible: HashMap::new() };
        for (mut part, (routes, at_end)) in parts.into_iter().zip(expected) {
            (part.routes, part.at_end) = (routes, at_end);
            found.add(&part)?;
        }
        Some(found.ownership(registrations.len()))
    }

    /// Which handler a resource is; `None` for a plain one.
    pub(crate) fn owner(&self, resource: usize) -> Option<&Owner> {
        self.owners.get(&resource)
    }

    /// The handlers in their scopes.
    pub(crate) fn mounts(&self, registrations: &[Registration]) -> Vec<Mount> {
        let mount = |(own, prefixes): (&Registration, &Vec<Arc<str>>)| Mount {
            handler: own.handler,
            first: own.first,
            prefixes: prefixes.iter().map(ToString::to_string).collect(),
            inside: Inside::Surely,
        };
        registrations.iter().zip(&self.prefixes).map(mount).collect()
    }

    /// The handlers that may be among resources.
    pub(crate) fn among(&self, resources: &Range<usize>) -> BTreeSet<usize> {
        let own = self.owners.iter().filter(|own| resources.contains(own.0));
        own.flat_map(|(_, owner)| owner.registrations()).collect()
    }

    /// The handlers that are surely among resources.
    pub(crate) fn surely_among(&self, resources: &Range<usize>) -> BTreeSet<usize> {
        let mut found = self.among(resources);
        let others = self.owners.iter().filter(|own| !resources.contains(own.0));
        for number in others.flat_map(|(_, owner)| owner.registrations()) {
            found.remove(&number);
        }
        found
    }

    /// The full patterns of the resources that may be plain ones.
    pub(crate) fn plain(&self) -> &HashSet<String> {
        &self.plain
    }

    /// The numbers of the handlers that are in doubt.
    pub(crate) fn doubts(&self) -> BTreeSet<usize> {
        let in_doubt = self.owners.values().filter(|owner| matches!(owner, Owner::Doubt(_)));
        in_doubt.flat_map(Owner::registrations).collect()
    }
}

/// The routes of each part, and how many of them stand right before the probe that ends it.
fn expected(registrations: &[Registration]) -> Vec<(Vec<(HandlerRoute, Look)>, usize)> {
    let mut parts = vec![(Vec::new(), 0)];
    for (number, own) in registrations.iter().enumerate() {
        let part = parts.last_mut().expect("there is one");
        for (index, route) in own.handler.routes.iter().enumerate() {
            let look = (route.name.to_owned(), route.pattern(), own.scope.is_none());
            part.0.push(((number, index), look));
        }
        if own.probe.is_some() {
            part.1 = own.handler.routes.len();
            parts.push((Vec::new(), 0));
        }
    }
    parts
}

/// The resources that each route may be.
struct Found<'a> {
    resources: &'a [Resource],
    possible: HashMap<HandlerRoute, Vec<usize>>,
}

impl Found<'_> {
    /// Fails if a route of the part is not found.
    fn add(&mut self, part: &Part) -> Option<()> {
        // the probe was registered right after these routes, so they are certain
        let start = part.resources.len().checked_sub(part.at_end)?;
        let (before, at_end) = part.resources.split_at(start);
        let (earlier, last) = part.routes.split_at(part.routes.len() - part.at_end);
        for ((own, look), resource) in last.iter().zip(at_end) {
            if self.resources[*resource].look.as_ref() != Some(look) {
                return None;
            }
            self.possible.insert(*own, vec![*resource]);
        }
        let looks = |own: &(HandlerRoute, Look), resource: usize| {
            self.resources[resource].look.as_ref() == Some(&own.1)
        };
        let first = in_order(earlier.iter(), before.iter(), looks)?;
        let mut last = in_order(earlier.iter().rev(), before.iter().rev(), looks)?;
        last.reverse();
        for ((own, (first, last)), route) in
            earlier.iter().map(|own| own.0).zip(first.into_iter().zip(last)).zip(earlier)
        {
            let between = before.iter().copied().filter(|number| (first..=last).contains(number));
            let alike = between.filter(|resource| looks(route, *resource)).collect();
            self.possible.insert(own, alike);
        }
        Some(())
    }

    fn ownership(self, count: usize) -> Ownership {
        let mut owners: HashMap<usize, Owner> = HashMap::new();
        let mut prefixes: Vec<BTreeSet<Arc<str>>> = vec![BTreeSet::new(); count];
        let mut sorted: Vec<(HandlerRoute, Vec<usize>)> = self.possible.into_iter().collect();
        sorted.sort_unstable();
        for (own, possible) in sorted {
            let scopes = possible.iter().map(|number| Arc::clone(&self.resources[*number].prefix));
            prefixes[own.0].extend(scopes);
            if let [only] = possible[..] {
                owners.insert(only, Owner::Handler(own));
                continue;
            }
            for resource in possible {
                match owners.entry(resource).or_insert_with(|| Owner::Doubt(Vec::new())) {
                    Owner::Doubt(all) => all.push(own),
                    Owner::Handler(_) => {}
                }
            }
        }
        let prefixes = prefixes.into_iter().map(|own| own.into_iter().collect()).collect();
        let is_plain =
            |own: &(usize, &Resource)| !matches!(owners.get(&own.0), Some(Owner::Handler(_)));
        let resources = self.resources.iter().enumerate().filter(is_plain);
        let full = |(_, own): (usize, &'_ Resource)| {
            own.patterns
                .iter()
                .map(|pattern| format!("{}{pattern}", own.prefix))
                .collect::<Vec<_>>()
        };
        let plain = resources.flat_map(full).collect();
        Ownership { owners, prefixes, plain }
    }
}

/// Where each route is if each takes the first resource that looks like it.
fn in_order<'r>(
    routes: impl Iterator<Item = &'r (HandlerRoute, Look)>,
    resources: impl Iterator<Item = &'r usize>,
    looks: impl Fn(&(HandlerRoute, Look), usize) -> bool,
) -> Option<Vec<usize>> {
    let mut resources = resources.copied();
    routes.map(|own| resources.find(|resource| looks(own, *resource))).collect()
}

/// Lists resources in order, and calls `tell` with the number of each, or with the name of each probe.
/// `scope` is the full prefix; `None` at the root.
fn list(
    nodes: &[Node],
    scope: Option<&Arc<str>>,
    found: &mut Vec<Resource>,
    tell: &mut impl FnMut(usize, Option<&str>),
) {
    let prefix = scope.map_or_else(|| Arc::from(""), Arc::clone);
    for node in nodes {
        if let Some(name) = node.name().filter(|_| node.is_probe()) {
            tell(found.len(), Some(name));
        } else if let Some(below) = &node.below {
            list(below, Some(&format!("{prefix}{}", node.pattern()).into()), found, tell);
        } else {
            tell(found.len(), None);
            let (prefix, look) = (Arc::clone(&prefix), look(node, scope.is_none()));
            found.push(Resource { prefix, patterns: node.patterns().to_vec(), look });
        }
    }
}

/// How to recognise a node, if it may be a handler: a resource of one pattern.
fn look(node: &Node, is_root: bool) -> Option<Look> {
    let [pattern] = node.patterns() else { return None };
    let name = node.name().unwrap_or_default().to_owned();
    (!node.is_prefix()).then(|| (name, pattern.clone(), is_root))
}
