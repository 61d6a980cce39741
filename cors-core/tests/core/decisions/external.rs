//! Where another layer answers CORS: nothing is added to a response, and a preflight gets an ok status.

use cors_core::{
    LayeredPolicy, Off, Override, PathMatch, Policy, PolicyBuilder, PreflightStatus, Presented,
    RequestHeader, RouteSpec, RouteTable, Source, Step,
};
use proptest::{
    collection::vec,
    prelude::{ProptestConfig, Strategy, prop_assert, prop_assert_eq, proptest},
    sample::{select, subsequence},
};

use super::{A, EVIL, Request, Route, first, list, preflight, route_table, show, steps};

fn lay(base: &LayeredPolicy, layers: &[Override]) -> Policy {
    let merged = layers
        .iter()
        .fold(base.clone(), |policy, layer| policy.apply(layer, &Source::Base, &[]).unwrap());
    merged.policy().clone()
}

fn over(base: &PolicyBuilder, layers: &[Override]) -> Policy {
    lay(&base.build_layered().unwrap(), layers)
}

fn external() -> PolicyBuilder {
    list().external(true)
}

/// Preflights of every form, also of those that no browser sends.
fn forms() -> Vec<Request> {
    let (origin, method, names) = (
        RequestHeader::Origin,
        RequestHeader::AccessControlRequestMethod,
        RequestHeader::AccessControlRequestHeaders,
    );
    let lines = |headers: &[_]| Request { method: "OPTIONS", headers: headers.to_vec() };
    vec![
        preflight(A, "PUT", &["x-a"]),
        preflight(EVIL, "DELETE", &["x-unknown"]),
        preflight("null", "GET", &[]),
        preflight("<garbage>", "PU T", &["x a;\u{e9}", ",,,,,,,,,,,,,,,,,,,,,,"]),
        preflight("", "", &[""]),
        preflight(A, "TRACE", &["*"]),
        lines(&[(origin, A), (origin, EVIL), (method, "PUT"), (method, "GET"), (names, "x-a")]),
    ]
}

#[test]
fn a_preflight_gets_an_ok_status_and_no_header_whatever_it_asks_for() {
    let table = || RouteTable::new(&external().build().unwrap(), &[], str::to_owned);
    let tables = [table(), table().debug(true), table().strict(true)];
    let plain = [Step::other()];
    let paths = [PathMatch::NONE, PathMatch::certain(&plain), PathMatch::OVER_LIMIT];
    for (table, path) in tables.iter().flat_map(|table| paths.map(|path| (table, path))) {
        for request in forms() {
            let decision = table.preflight(path, &request);
            assert_eq!(show(&decision, &request), "External");
            assert!(decision.vary().is_empty() && !decision.is_granted());
            let status = |status: PreflightStatus| status.code(&decision);
            let statuses = (status(PreflightStatus::NoContent), status(PreflightStatus::Ok));
            assert_eq!(statuses, (204, 200));
        }
        for origin in [Presented::Absent, Presented::Several, Presented::One(A.as_bytes())] {
            let decision = table.actual(path, "GET", origin);
            assert!(decision.is_external() && !decision.is_shared(), "{decision:?}");
            assert!(decision.vary().is_empty() && decision.fields().count() == 0);
        }
    }
}

#[test]
fn a_route_alone_can_be_left_to_another_layer() {
    let own = over(&list(), &[Override::external()]);
    let table = route_table(&list(), &[Route("/x", &["PUT"], own, false)]);
    let steps = steps(&table);
    let path = PathMatch::certain(&steps);
    // what the route does not serve is the base policy's
    let rows = [
        ("PUT", "External", 204),
        ("DELETE", "OriginNotAllowed", 403),
        ("P UT", "MethodMalformed", 403),
    ];
    for (method, shown, status) in rows {
        let request = preflight(EVIL, method, &["x-unknown"]);
        let decision = table.preflight(path, &request);
        assert_eq!(show(&decision, &request), shown, "{method}");
        assert_eq!(PreflightStatus::NoContent.code(&decision), status, "{method}");
        assert_eq!(decision.vary().is_empty(), shown == "External", "{method}");
    }
    let decision = table.actual_at(first(&table), Presented::One(A.as_bytes()));
    assert!(decision.is_external() && decision.vary().is_empty());
    let decision = table.actual(PathMatch::NONE, "GET", Presented::One(A.as_bytes()));
    assert_eq!(decision.vary().value(), "Origin");
}

/// A route whose methods are not known takes all, also those that cannot be read.
#[test]
fn a_route_for_any_method_answers_malformed_ones_too() {
    let own = over(&list(), &[Override::external()]);
    let base = list().build().unwrap();
    let table = RouteTable::new(&base, &[RouteSpec::new("/x", own)], str::to_owned);
    let steps = steps(&table);
    for request in forms() {
        let decision = table.preflight(PathMatch::certain(&steps), &request);
        assert_eq!(show(&decision, &request), "External");
    }
}

/// In doubt, a preflight is refused and a response gets nothing.
#[test]
fn all_routes_that_may_serve_a_request_have_to_be_left_to_the_other_layer() {
    let (open, left, off) = (
        over(&list(), &[]),
        over(&list(), &[Override::external()]),
        over(&list(), &[Override::disable()]),
    );
    let rows = [
        (list(), [&left, &left], "ExternalInPart", "ExternalInPart"),
        (external(), [&left, &left], "External", "External"),
        (external(), [&left, &off], "ExternalInPart", "ExternalInPart"),
        (external(), [&off, &left], "Disabled", "ExternalInPart"),
        (list(), [&left, &open], "ExternalInPart", "ExternalInPart"),
        (list(), [&open, &left], "ExternalInPart", "ExternalInPart"),
    ];
    for (number, (base, own, asked, answered)) in rows.into_iter().enumerate() {
        // guarded, so that any of them may serve it, or the router itself
        let route = |policy: &Policy| Route("/x", &["PUT"], policy.clone(), true);
        let table = route_table(&base, &[route(own[0]), route(own[1])]);
        let steps = steps(&table);
        let path = PathMatch::certain(&steps);
        let request = preflight(A, "PUT", &["x-a"]);
        let decision = table.preflight(path, &request);
        assert_eq!(show(&decision, &request), asked, "row {number}");
        let is_left = asked == "External";
        let status = PreflightStatus::NoContent.code(&decision);
        assert_eq!(status, if is_left { 204 } else { 403 }, "row {number}");
        let decision = table.actual(path, "PUT", Presented::One(A.as_bytes()));
        assert_eq!(show(&decision, &request), answered, "row {number}");
        assert_eq!(decision.vary().is_empty(), is_left, "row {number}");
    }
}

/// An explanation has an ok status, which another layer could make a grant of.
#[test]
fn a_refusal_is_not_explained_where_another_layer_may_answer() {
    let left = over(&list(), &[Override::external()]);
    let rows = [(true, "x-unknown", 403), (false, "x-unknown", 204), (true, "x-a", 403)];
    for (is_left, header, status) in rows {
        let other = if is_left { left.clone() } else { over(&list(), &[]) };
        let routes =
            [Route("/x", &["PUT"], over(&list(), &[]), true), Route("/x", &["PUT"], other, true)];
        let table = route_table(&list(), &routes).debug(true);
        let steps = steps(&table);
        let decision = table.preflight(PathMatch::certain(&steps), &preflight(A, "PUT", &[header]));
        assert!(!decision.is_granted());
        assert_eq!(PreflightStatus::NoContent.code(&decision), status, "{header}");
    }
}

/// Some route has another policy, and it is not known whether it would serve the request.
#[test]
fn a_path_that_is_not_looked_up_is_refused_where_any_policy_differs() {
    let (other, off) = (route_table(&list(), &[]), over(&list(), &[Override::disable()]));
    let table = route_table(&external(), &[Route("/x", &["PUT"], off, false)]);
    let foreign = route_table(&list(), &[Route("/x", &["PUT"], over(&list(), &[]), false)]);
    let foreign = steps(&foreign);
    let request = preflight(A, "GET", &[]);
    let rows =
        [(PathMatch::OVER_LIMIT, "PathOverLimit"), (PathMatch::certain(&foreign), "RouteUnknown")];
    for (path, shown) in rows {
        assert_eq!(show(&table.preflight(path, &request), &request), shown);
        let decision = table.actual(path, "GET", Presented::One(A.as_bytes()));
        assert_eq!(show(&decision, &request), shown);
        assert_eq!(show(&other.preflight(path, &request), &request), shown);
    }
}

/// Only declared routes count in a strict table, and a base policy that is left to another layer is no route.
#[test]
fn a_strict_table_refuses_what_no_layer_has() {
    let left = || over(&list(), &[Override::external()]);
    let table = |base| route_table(&base, &[Route("/x", &["PUT"], left(), false)]).strict(true);
    let rows = [
        (list(), true, "PUT", "External"),
        (list(), true, "DELETE", "MethodNotRouted"),
        (list(), false, "PUT", "PathNotRouted"),
        (external(), true, "DELETE", "External"),
        (external(), false, "PUT", "External"),
    ];
    for (base, is_known, method, shown) in rows {
        let table = table(base);
        let steps = steps(&table);
        let path = if is_known { PathMatch::certain(&steps) } else { PathMatch::NONE };
        let request = preflight(A, method, &[]);
        assert_eq!(show(&table.preflight(path, &request), &request), shown, "{method}");
    }
}

#[test]
fn two_decisions_about_one_response_agree_or_nothing_is_allowed() {
    let origin = Presented::One(A.as_bytes());
    let of = |policy: PolicyBuilder| RouteTable::new(&policy.build().unwrap(), &[], str::to_owned);
    let (left, open, off) = (of(external()), of(list()), of(list().disable(true)));
    let [left, open, off] = [&left, &open, &off].map(|table| table.actual_by_base(origin));
    let part = RouteTable::strictest(&left, &open);
    let rows = [
        (&left, &left, "External", ""),
        (&left, &open, "ExternalInPart", "Origin"),
        (&open, &left, "ExternalInPart", "Origin"),
        (&left, &off, "ExternalInPart", "Origin"),
        (&part, &left, "ExternalInPart", "Origin"),
        (&left, &part, "ExternalInPart", "Origin"),
        (&part, &open, "ExternalInPart", "Origin"),
    ];
    let request = preflight(A, "PUT", &[]);
    for (one, other, shown, vary) in rows {
        let strictest = RouteTable::strictest(one, other);
        assert_eq!(show(&strictest, &request), shown);
        assert_eq!(strictest.vary().value(), vary);
    }
}

/// Whatever is said further in, and equal policies are compiled once.
#[test]
fn what_is_off_stays_off_and_the_stricter_way_counts() {
    let build = |builder: cors_core::OverrideBuilder| builder.build(&Source::Base).unwrap();
    let more = || build(Override::builder().add_allow_origins([EVIL]).allow_credentials(true));
    let (off, left) = (Override::disable, Override::external);
    let rows: [(PolicyBuilder, &[Override], bool); 9] = [
        (external(), &[], true),
        (external(), &[more()], true),
        (external(), &[left()], true),
        (external(), &[off()], false),
        (list(), &[left(), more()], true),
        (list(), &[more(), left()], true),
        (list(), &[left(), off()], false),
        (list(), &[off(), left()], false),
        (list().disable(true), &[left()], false),
    ];
    let plain = |builder: PolicyBuilder| builder.build().unwrap();
    let (left, off) =
        (plain(Policy::builder().external(true)), plain(Policy::builder().disable(true)));
    for (base, layers, is_left) in rows {
        let policy = over(&base, layers);
        assert_eq!((policy.is_external(), policy.is_disabled()), (is_left, !is_left));
        assert_eq!(policy, if is_left { left.clone() } else { off.clone() }, "{layers:?}");
    }
}

/// How CORS is off for the routes of a path, in order, which methods they serve, and whether they have a
/// guard.
type Routes = Vec<(Option<Off>, Vec<&'static str>, bool)>;

fn off() -> impl Strategy<Value = Option<Off>> {
    proptest::option::of(select(Off::ALL.to_vec()))
}

fn routes() -> impl Strategy<Value = Routes> {
    vec((off(), subsequence(vec!["PUT", "GET"], 1..3), proptest::bool::ANY), 0..4)
}

/// How CORS is off for all that may serve a request: each route until one surely does, and then the base.
fn may_serve(base: Option<Off>, routes: &Routes, method: &str) -> Vec<Option<Off>> {
    let mut found = Vec::new();
    for (off, methods, is_guarded) in routes {
        if methods.contains(&method) {
            found.push(*off);
            if !is_guarded {
                return found;
            }
        }
    }
    found.push(base);
    found
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_naive_model_knows_what_is_left_to_another_layer(
        base in off(),
        routes in routes(),
        lines in select(vec![&["PUT"][..], &["GET"], &["DELETE"], &["P UT"], &["PUT", "GET"], &[""]]),
        (is_strict, is_debug) in proptest::arbitrary::any::<(bool, bool)>(),
    ) {
        let layer = |off: Option<Off>| off.map(Override::off).unwrap_or_default();
        let policy = |off| over(&super::any(), &[layer(off)]);
        let specs: Vec<RouteSpec> = routes.iter().map(|(off, methods, is_guarded)| {
            let methods = methods.iter().map(|method| method.parse().unwrap());
            RouteSpec::new("/x", policy(*off)).methods(methods).guarded(*is_guarded)
        }).collect();
        let table = RouteTable::new(&policy(base), &specs, str::to_owned);
        let table = table.strict(is_strict).debug(is_debug);
        let steps = steps(&table);
        let path = PathMatch::certain(&steps);

        let method = if let [method] = lines { *method } else { "" };
        let all = may_serve(base, &routes, method);
        let is_left = all.iter().all(|off| *off == Some(Off::External));
        let is_refused = !is_left && all.iter().any(Option::is_some);

        let mut request = preflight(A, "", &[]);
        request.headers.retain(|(name, _)| *name == RequestHeader::Origin);
        let name = RequestHeader::AccessControlRequestMethod;
        request.headers.extend(lines.iter().map(|line| (name, *line)));
        let asked = table.preflight(path, &request);
        let answered = table.actual(path, method, Presented::One(A.as_bytes()));
        prop_assert_eq!((asked.is_external(), answered.is_external()), (is_left, is_left));
        let is_ok = PreflightStatus::NoContent.code(&asked) == 204;
        prop_assert!(!is_left || (is_ok && asked.vary().is_empty() && answered.vary().is_empty()));
        prop_assert!(!is_refused || !is_ok, "{:?}", asked.reason());
        let count = asked.fields().count() + answered.fields().count();
        prop_assert!(!(is_left || is_refused) || count == 0);
    }
}
