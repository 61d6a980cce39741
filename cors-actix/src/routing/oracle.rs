//! The services that a path leads to, against asking each of actix's definitions in turn, as its router
//! does.

use std::rc::Rc;

use actix_web::dev::{Path, ResourceDef, ResourceMap};
use cors_core::LayeredPolicy;
use proptest::{prelude::*, sample::select};

use super::{Node, Ownership, Services, read};
use crate::startup::{Declared, Merged, Registered};

const PATTERNS: [&str; 32] = [
    "",
    "/",
    "/a",
    "/a/",
    "/b",
    "/ab",
    "/a/b",
    "/{x}",
    "/{x}/",
    "/a/{x}",
    "/{x}/b",
    "/{x}/ab",
    "/{x}/{y}",
    "/{x}/b/{y}",
    "/{x}/{y}/a",
    "/{x}/{y}*",
    "/a/{x}/b/",
    "/a/{x}/{y}",
    "/{x}*",
    "/a/{x:.*}",
    "/a{x}",
    "/{x}b",
    "//a",
    "/é",
    "/a/é{x}",
    "/*",
    "/{x:b}",
    "/{x}.a",
    "/{x:[ab]+}",
    "/a/{x:[^/a]*}/b",
    "/{x:a|(?P<w>b)}",
    "/a/{x:(?P<w>a)?b}",
];

const PREFIXES: [&str; 19] = [
    "/{x:[ab]{1,2}}",
    "",
    "/",
    "/a",
    "/a/b",
    "/ab",
    "/é",
    "/{x}",
    "/{x}",
    "/a/{x}",
    "/{x}/b",
    "/{x}/{y}",
    "/{x:b+}",
    "/{x:[ab/]+}",
    "/{x:[ab/]+?}",
    "/{x}*",
    "/a/{x:.*}",
    "/a{x}*",
    "/{x:a(?P<w>b)?}",
];

#[derive(Debug, Clone)]
enum Service {
    Resource { patterns: Vec<&'static str>, is_prefix: bool },
    Scope { prefix: &'static str, services: Vec<Service> },
}

fn services() -> impl Strategy<Value = Vec<Service>> {
    let patterns = prop_oneof![
        9 => prop::collection::vec(select(&PATTERNS[..]), 1),
        1 => prop::collection::vec(select(&PATTERNS[..]), 2..4),
    ];
    let resource = (patterns, prop::bool::weighted(0.1))
        .prop_map(|(patterns, is_prefix)| Service::Resource { patterns, is_prefix });
    let service = resource.prop_recursive(3, 24, 5, |inner| {
        let services = prop::collection::vec(inner, 0..5);
        (select(&PREFIXES[..]), services)
            .prop_map(|(prefix, services)| Service::Scope { prefix, services })
    });
    prop::collection::vec(service, 0..9)
}

fn definition(patterns: &[&'static str], is_prefix: bool) -> ResourceDef {
    let make = if is_prefix { ResourceDef::prefix::<Vec<_>> } else { ResourceDef::new };
    make(patterns.to_vec())
}

/// The same as actix would list them.
fn map(definition: ResourceDef, services: &[Service]) -> ResourceMap {
    let mut map = ResourceMap::new(definition);
    for service in services {
        match service {
            Service::Resource { patterns, is_prefix } => {
                map.add(&mut self::definition(patterns, *is_prefix), None);
            }
            Service::Scope { prefix, services } => {
                let mut own = ResourceDef::prefix(*prefix);
                let nested = self::map(own.clone(), services);
                map.add(&mut own, Some(Rc::new(nested)));
            }
        }
    }
    map
}

fn listed(services: &[Service]) -> Vec<Node> {
    read(&map(ResourceDef::prefix(""), services)).expect("actix's list")
}

/// What the router leaves of a path; `None` if it goes on to the next service.
fn behind<'p>(definition: &ResourceDef, path: &'p str) -> Option<&'p str> {
    let mut captured = Path::new(path);
    let is_match = definition.capture_match_info(&mut captured);
    is_match.then(|| &path[path.len() - captured.unprocessed().len()..])
}

/// Adds the numbers of the services that the router tries, of which ends of scopes are told apart.
fn expected(
    services: &[Service],
    path: Option<&str>,
    next: &mut u32,
    found: &mut Vec<(u32, bool)>,
) {
    for service in services {
        match service {
            Service::Resource { patterns, is_prefix } => {
                let own = definition(patterns, *is_prefix);
                if path.and_then(|path| behind(&own, path)).is_some() {
                    found.push((*next, true));
                }
            }
            Service::Scope { prefix, services } => {
                let rest = path.and_then(|path| behind(&ResourceDef::prefix(*prefix), path));
                expected(services, rest, next, found);
                if rest.is_some() {
                    found.push((*next, false));
                }
            }
        }
        *next += 1;
    }
}

fn tried(services: &[Service], path: &str) -> Vec<(u32, bool)> {
    let mut found = Vec::new();
    expected(services, Some(path), &mut 0, &mut found);
    found
}

proptest! {
    #[test]
    fn what_is_tried_is_what_each_definition_says(
        services in services(),
        paths in prop::collection::vec("(/(a|b|ab|é|aé)?){1,4}(a|/)?|[ab*é]{1,2}(/a)?", 1..12),
    ) {
        let nodes = listed(&services);
        let ownership = Ownership::new(&nodes, &[]).expect("there is nothing to find");
        let none = std::collections::HashSet::new();
        let declared = Declared { scopes: &[], entries: &[], plain: &none };
        let merged =
            Merged::new(&LayeredPolicy::default(), &declared, Registered::default()).unwrap();
        let own = Services::new(&nodes, &ownership, &merged, &|_| true, &[]);
        for path in &paths {
            let candidates = own.candidates(path);
            let mut found = Vec::new();
            own.visit(path, &candidates, |number, tried| {
                found.push((number, matches!(tried, super::services::Tried::Resource(..))));
                found.len()
            });
            prop_assert_eq!(&found, &tried(&services, path), "{}", path);
            if !candidates.may_take_slash && !path.ends_with('/') {
                let slashed = tried(&services, &format!("{path}/"));
                prop_assert!(slashed.iter().all(|own| !own.1), "{}/", path);
            }
        }
    }
}
