//! The index against asking each `ResourceDef` in turn, as actix's router does.

use std::iter;

use actix_web::dev::{Path, ResourceDef};
use cors_core::{RouteId, Step};
use proptest::{prelude::*, sample::select};

use super::{
    Builder, OwnSteps, Steps, end_scope,
    tests::{level_of_work, routes},
};
use crate::{
    pattern::Pattern,
    resource::{Resource, Taker},
};

const PATTERNS: [&str; 33] = [
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
    "*",
    "b",
    "{x}",
    "{x}*",
    "/{x:[ab]+}",
    "/a/{x:[^/a]*}/b",
    "/{x:a|(?P<w>b)}",
    "/a/{x:(?P<w>a)?b}",
];

const PREFIXES: [&str; 17] = [
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
    "/{x}*",
    "/a/{x:.*}",
    "/a{x}*",
    "/{x:a(?P<w>b)?}",
];

/// How many routes a table has; resources share them if there are more.
const ROUTES: usize = 40;

#[derive(Debug, Clone)]
enum Service {
    Resource { patterns: Vec<&'static str>, is_prefix: bool },
    Scope { prefix: &'static str, may_be_guarded: bool, services: Vec<Service> },
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
        (select(&PREFIXES[..]), any::<bool>(), services).prop_map(
            |(prefix, may_be_guarded, services)| Service::Scope {
                prefix,
                may_be_guarded,
                services,
            },
        )
    });
    // one path has several methods, say
    let repeated = prop::collection::vec((service, 1..3_usize), 0..7);
    repeated.prop_map(|all| {
        all.into_iter().flat_map(|(service, count)| iter::repeat_n(service, count)).collect()
    })
}

impl Service {
    fn add(&self, outside: &str, level: &mut Builder, routes: &mut impl Iterator<Item = RouteId>) {
        match self {
            Self::Resource { patterns, is_prefix } => {
                let route = routes.next().unwrap();
                let make = if *is_prefix { ResourceDef::prefix::<&str> } else { ResourceDef::new };
                let definitions = patterns.iter().copied().map(make);
                let patterns =
                    definitions.map(|own| (Pattern::new(own), Taker::Annotated(vec![route])));
                level.resource(Resource::new(patterns.collect(), outside));
            }
            Self::Scope { prefix, may_be_guarded, services } => {
                let outside = format!("{outside}{prefix}");
                level.scope(Pattern::new(ResourceDef::prefix(*prefix)), *may_be_guarded, |level| {
                    for own in services {
                        own.add(&outside, level, routes);
                    }
                });
            }
        }
    }

    /// What actix tries for a path; routes are counted whether they match or not.
    fn steps(
        &self,
        path: Option<&str>,
        routes: &mut impl Iterator<Item = RouteId>,
        steps: &mut OwnSteps,
    ) {
        match self {
            Self::Resource { patterns, is_prefix } => {
                let route = routes.next().unwrap();
                let make =
                    if *is_prefix { ResourceDef::prefix::<Vec<_>> } else { ResourceDef::new };
                if path.and_then(|path| behind(&make(patterns.clone()), path)).is_some() {
                    steps.push(Step::route(route));
                }
            }
            Self::Scope { prefix, may_be_guarded, services } => {
                let start = steps.len();
                let rest = path.and_then(|path| behind(&ResourceDef::prefix(*prefix), path));
                for own in services {
                    own.steps(rest, routes, steps);
                }
                if rest.is_some() {
                    end_scope(steps, start, *may_be_guarded);
                }
            }
        }
    }
}

/// What the router leaves of a path; `None` if it goes on to the next service.
pub(crate) fn behind<'p>(definition: &ResourceDef, path: &'p str) -> Option<&'p str> {
    let mut captured = Path::new(path);
    let is_match = definition.capture_match_info(&mut captured);
    is_match.then(|| &path[path.len() - captured.unprocessed().len()..])
}

fn expected(services: &[Service], path: &str, routes: &[RouteId]) -> OwnSteps {
    let (mut steps, mut routes) = (OwnSteps::new(), routes.iter().copied().cycle());
    for own in services {
        own.steps(Some(path), &mut routes, &mut steps);
    }
    steps
}

proptest! {
    #[test]
    fn the_steps_are_those_of_asking_each_definition(
        services in services(),
        work in prop_oneof![Just(usize::MAX), 0..200_usize],
        paths in prop::collection::vec("(/(a|b|ab|é|aé)?){1,4}(a|/)?|[ab*é]{1,2}(/a)?", 1..12),
    ) {
        let routes: [RouteId; ROUTES] = routes();
        let level = level_of_work(work, |level| {
            let mut routes = routes.iter().copied().cycle();
            for own in &services { own.add("", level, &mut routes); }
        });
        for path in &paths {
            let mut steps = Steps::default();
            let known = level.add_steps(path, &mut steps);
            let own = expected(&services, path, &routes);
            prop_assert_eq!(&steps[..], &own[..], "{}", path);
            prop_assert!(!known.are_single || !path.contains("//"), "{}", path);
            if !known.one_more_matters {
                let slashed = expected(&services, &format!("{path}/"), &routes);
                let is_known = |step: &Step| step.table_route().is_none() || own.contains(step);
                let is_found = own.iter().any(|step| step.table_route().is_some());
                prop_assert!(is_found || slashed.iter().all(is_known), "{}/", path);
            }
        }
    }
}
