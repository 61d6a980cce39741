use actix_web::dev::ResourceDef;
use cors_core::{Policy, RouteId, RouteSpec, RouteTable, Step};

use super::{Builder, Level, Steps};
use crate::{
    pattern::Pattern,
    resource::{Resource, Taker},
};

pub(super) fn routes<const N: usize>() -> [RouteId; N] {
    let policy = Policy::builder().build().unwrap();
    let spec =
        RouteSpec { pattern: String::new(), methods: None, policy: policy.clone(), guarded: false };
    let table = RouteTable::new(&policy, &vec![spec; N], str::to_owned);
    table.routes().collect::<Vec<_>>().try_into().unwrap()
}

fn resource(pattern: &str, route: RouteId) -> Resource {
    resource_in("", pattern, route)
}

fn resource_in(scope: &str, pattern: &str, route: RouteId) -> Resource {
    let patterns = vec![(Pattern::new(ResourceDef::new(pattern)), Taker::Annotated(vec![route]))];
    Resource::new(patterns, scope)
}

fn level(fill: impl FnOnce(&mut Builder)) -> Level {
    level_of_work(1_000, fill)
}

pub(super) fn level_of_work(work: usize, fill: impl FnOnce(&mut Builder)) -> Level {
    let mut builder = Builder::default();
    fill(&mut builder);
    let mut level = builder.build();
    level.prepare(&|_| work);
    level
}

fn steps<'a>(level: &'a Level, path: &str) -> Steps<'a> {
    let mut steps = Steps::default();
    level.add_steps(path, &mut steps);
    steps
}

/// What takes a request before a scope that may be passed by leaves nothing to what is behind.
#[test]
fn only_steps_of_a_scope_go_on_behind_it() {
    let [before, inside, behind] = routes();
    for prefix in ["/a", "/{x}"] {
        let level = level(|level| {
            level.resource(resource("/a/{y}", before));
            level.scope(Pattern::new(ResourceDef::prefix(prefix)), true, |scope| {
                scope.resource(resource("/b", inside));
            });
            level.resource(resource("/a/b", behind));
        });
        let expected = [
            Step::route(before),
            Step::route(inside).continue_at(3),
            Step::fallback(),
            Step::route(behind),
        ];
        assert_eq!(steps(&level, "/a/b")[..], expected, "{prefix}");
    }
}

/// What was made ready counts its steps from the first, and here it is not the first.
#[test]
fn scopes_within_a_dynamic_one_go_on_behind_them_too() {
    let [before, inside] = routes();
    let level = level(|level| {
        level.resource(resource("/{x}/s/b", before));
        level.scope(Pattern::new(ResourceDef::prefix("/{x}")), false, |outer| {
            outer.scope(Pattern::new(ResourceDef::prefix("/s")), true, |scope| {
                scope.resource(resource("/b", inside));
            });
        });
    });
    let expected = [
        Step::route(before),
        Step::route(inside).continue_at(3),
        Step::fallback(),
        Step::fallback().continue_at(usize::MAX),
    ];
    assert_eq!(steps(&level, "/a/s/b")[..], expected);
}

#[test]
fn one_more_slash_matters_where_a_pattern_may_end_with_it() {
    let [route] = routes();
    let plain = level(|level| {
        for pattern in ["/a", "/b/", "/c/{x}", "/d/{x}/", "/e/{x:.+}", "/f/{x}*"] {
            level.resource(resource(pattern, route));
        }
    });
    let table = [
        ("/a", false),
        ("/b", true),
        ("/c", true),
        ("/c/x", false),
        ("/d/x", true),
        ("/e/x", true),
        ("/f/x", true),
        ("/g", false),
    ];
    for (path, matters) in table {
        let known = plain.add_steps(path, &mut Steps::default());
        assert_eq!(known.one_more_matters, matters, "{path}");
    }
    let dynamic = level(|level| {
        level.scope(Pattern::new(ResourceDef::prefix("/{x}")), true, |scope| {
            scope.resource(resource_in("/{x}", "/", route));
        });
    });
    assert!(dynamic.add_steps("/a", &mut Steps::default()).one_more_matters);
}

/// A start that another start continues with no slash belongs to another scope.
#[test]
fn scopes_are_told_apart_by_whole_segments() {
    let [one, two, three] = routes();
    let level = level(|level| {
        for (prefix, route) in [("/a", one), ("/a/b", two), ("/ab", three)] {
            level.scope(Pattern::new(ResourceDef::prefix(prefix)), false, |scope| {
                scope.resource(resource("/{tail}*", route));
                scope.resource(resource("", route));
            });
        }
    });
    let table: [(&str, &[RouteId]); 8] = [
        ("/a", &[one]),
        ("/a/", &[one]),
        ("/a/b", &[one, two]),
        ("/a/bc", &[one]),
        ("/a/b/c", &[one, two]),
        ("/ab", &[three]),
        ("/ab/c", &[three]),
        ("/abc", &[]),
    ];
    for (path, routes) in table {
        let found = steps(&level, path);
        let found: Vec<_> = found.iter().filter_map(|step| step.table_route()).collect();
        assert_eq!(found, routes, "{path}");
    }
}

/// Prefixes and patterns were put together, and the slash that has to follow a prefix was forgotten.
#[test]
fn a_scope_leaves_its_services_nothing_without_a_slash() {
    let [route] = routes();
    let table = [
        ("/a", "/b", true),
        ("/a", "b", false),
        ("/a/", "b", false),
        ("/a", "{y}", false),
        ("/{x}", "/b", true),
        ("/{x}", "b", false),
        ("/{x}/", "b", false),
        ("/{x}/", "{y}", false),
        ("/{x}/", "{tail}*", false),
        ("/{x}", "/{tail}*", true),
    ];
    for (prefix, pattern, is_found) in table {
        let level = level(|level| {
            level.scope(Pattern::new(ResourceDef::prefix(prefix)), false, |scope| {
                scope.resource(resource(pattern, route));
            });
        });
        for path in ["/a/b", "/ab"] {
            let found = steps(&level, path).contains(&Step::route(route));
            let is_below = path == "/a/b";
            assert_eq!(found, is_found && is_below, "{prefix} {pattern} {path}");
        }
    }
}

#[test]
fn alike_patterns_of_different_scopes_match_different_paths() {
    let [inside, outside] = routes();
    let level = level(|level| {
        level.scope(Pattern::new(ResourceDef::prefix("/a")), true, |scope| {
            scope.resource(resource("/{x}", inside));
        });
        level.resource(resource("/{x}", outside));
    });
    let expected = [Step::route(inside).continue_at(2), Step::fallback()];
    assert_eq!(steps(&level, "/a/b")[..], expected);
    assert_eq!(steps(&level, "/b")[..], [Step::route(outside)]);
}

#[test]
fn services_are_found_however_many_share_a_start() {
    let all: [RouteId; 100] = routes();
    for work in [0, 100, 200, 300, 400, 500, 1_000] {
        let level = level_of_work(work, |level| {
            for (number, route) in all.iter().enumerate().skip(1) {
                level.resource(resource(&format!("/{{x}}/{number}"), *route));
            }
            level.resource(resource("/a/70", all[0]));
        });
        assert_eq!(steps(&level, "/a/70")[..], [Step::route(all[70]), Step::route(all[0])]);
        assert_eq!(steps(&level, "/b/99")[..], [Step::route(all[99])]);
        assert!(steps(&level, "/a/b").is_empty());
    }
}

/// A scope with a tail takes all of a path and leaves nothing, which is what an empty pattern matches. It
/// was put together with the tail forgotten, so that its routes seemed to end where the tail begins.
#[test]
fn a_scope_that_takes_all_leaves_an_empty_path() {
    let [empty, slashed, behind] = routes();
    for prefix in ["/a/{tail}*", "/a/{tail:.*}", "/{tail}*"] {
        let level = level(|level| {
            level.scope(Pattern::new(ResourceDef::prefix(prefix)), false, |scope| {
                scope.resource(resource("/b", slashed));
                scope.resource(resource("", empty));
            });
            level.resource(resource("/a/b", behind));
            level.resource(resource("//b", behind));
        });
        let expected = [Step::route(empty), Step::fallback().continue_at(usize::MAX)];
        for path in ["/a/b", "/a/", "/a/b/c"] {
            assert_eq!(steps(&level, path)[..2], expected, "{prefix} {path}");
        }
    }
}

/// The router goes on to the next resource if a named group took no part in a match, and tries no other
/// pattern of the one. A match was enough.
#[test]
fn no_match_without_each_named_group_counts() {
    let [named, behind] = routes();
    let table = [
        (&["/v/{x:a(?P<y>b)?}"][..], "/v/a", false),
        (&["/v/{x:a(?P<y>b)?}"], "/v/ab", true),
        (&["/v/{x:a|(?P<y>b)}"], "/v/a", false),
        (&["/v/{x:a)|(b}"], "/v/a", true),
        (&["/v/{x:a(?P<y>b)?}", "/v/{x}"], "/v/a", false),
        (&["/v/{x:a(?P<y>b)?}", "/v/{x}"], "/v/c", true),
        (&["/v/{x}", "/v/{x:a(?P<y>b)?}"], "/v/a", true),
    ];
    for (patterns, path, is_taken) in table {
        let level = level(|level| {
            let definitions = patterns.iter().map(|own| Pattern::new(ResourceDef::new(*own)));
            let taken = definitions.map(|own| (own, Taker::Annotated(vec![named])));
            level.resource(Resource::new(taken.collect(), ""));
            level.resource(resource("/v/{x}", behind));
        });
        let taken = is_taken.then_some(Step::route(named));
        let expected: Vec<_> = taken.into_iter().chain([Step::route(behind)]).collect();
        assert_eq!(steps(&level, path)[..], expected, "{patterns:?} {path}");
    }
    let level = level(|level| {
        level.scope(Pattern::new(ResourceDef::prefix("/{x:a(?P<y>b)?}")), false, |scope| {
            scope.resource(resource("", named));
        });
        level.resource(resource("/{x}", behind));
    });
    assert_eq!(steps(&level, "/a")[..], [Step::route(behind)]);
    assert_eq!(steps(&level, "/ab")[0], Step::route(named));
}

/// `*`, the target of `OPTIONS *`, was taken for the last match's although that stands in a scope.
#[test]
fn a_scope_of_an_empty_prefix_needs_a_slash() {
    let [inside, outside] = routes();
    let level = level(|level| {
        level.scope(Pattern::new(ResourceDef::prefix("")), false, |outer| {
            outer.scope(Pattern::new(ResourceDef::prefix("")), false, |scope| {
                scope.resource(resource("{x}", inside));
            });
        });
        level.resource(resource("{x}", outside));
    });
    assert_eq!(steps(&level, "*")[..], [Step::route(outside)]);
}
