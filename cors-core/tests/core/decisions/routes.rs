//! Routes with policies of their own.

use cors_core::{
    Method, Operator, Override, PathMatch, Policy, PolicyBuilder, Presented, Reached,
    RequestHeader, RouteId, RouteSpec, RouteTable, Setting, Source, Step, Value,
};

use super::{
    A, EVIL, Request, Route, base_table, first, list, origins, overlay, preflight, route_table,
    show, steps,
};

/// A browser remembers the list for the URL, so a method under a stricter policy must not be on it.
#[test]
fn methods_under_another_policy_do_not_ride_along() {
    let base = Policy::builder().allow_origins([A, EVIL]).allow_methods(["PUT", "DELETE", "PATCH"]);
    let layered = base.build_layered().unwrap();
    let own = layered.policy().clone();
    let strict = overlay(&layered, &origins(Operator::Set, &[A]));
    let table = route_table(
        &base,
        &[
            Route("/x", &["GET", "PUT"], own.clone(), false),
            Route("/x", &["DELETE"], strict.clone(), false),
            Route("/{id}", &["PATCH"], own, false),
        ],
    );
    let steps = steps(&table);
    let rows: [(&[Step], &str, &str, &str); 6] = [
        (&steps[..2], "PUT", A, "; allow-methods: GET, HEAD, POST, PUT; PreflightGranted"),
        (&steps[..2], "DELETE", A, "; allow-methods: DELETE, HEAD, POST; PreflightGranted"),
        // no route of the table: the base policy answers, and names nothing but the method
        (&steps[..2], "PATCH", A, "; allow-methods: PATCH; PreflightGranted"),
        // another pattern matches too
        (&steps, "PUT", A, "; allow-methods: PUT; PreflightGranted"),
        (&steps, "PATCH", A, "; allow-methods: PATCH; PreflightGranted"),
        (&[], "PATCH", A, "; allow-methods: DELETE, GET, HEAD, PATCH, POST, PUT; PreflightGranted"),
    ];
    for (matches, method, origin, answer) in rows {
        let request = preflight(origin, method, &[]);
        let shown = show(&table.preflight(PathMatch::certain(matches), &request), &request);
        assert_eq!(shown, format!("allow-origin: {origin}{answer}"), "{method}");
    }
    let request = preflight(EVIL, "DELETE", &[]);
    assert_eq!(
        show(&table.preflight(PathMatch::certain(&steps), &request), &request),
        "OriginNotAllowed"
    );
}

/// One handler registered twice, once behind a guard: both say the same.
#[test]
fn a_method_that_two_routes_serve_alike_is_listed() {
    let base = Policy::builder().allow_origins([A]);
    let own = base.build().unwrap();
    let table = route_table(
        &base,
        &[Route("/x", &["PUT"], own.clone(), true), Route("/x", &["GET", "PUT"], own, false)],
    );
    assert_eq!(table.routes().map(RouteId::index).collect::<Vec<_>>(), [0, 1]);
    let steps = steps(&table);
    let request = preflight(A, "PUT", &[]);
    let shown = show(&table.preflight(PathMatch::certain(&steps), &request), &request);
    assert_eq!(
        shown,
        format!("allow-origin: {A}; allow-methods: GET, HEAD, POST, PUT; PreflightGranted")
    );
}

/// What a service between two routes takes is not promised in the answer for one of them.
#[test]
fn methods_behind_a_service_outside_of_the_table_are_not_listed() {
    let base = Policy::builder().allow_origins([A]);
    let wide = overlay(&base.build_layered().unwrap(), &origins(Operator::Add, &[EVIL]));
    let routes = [Route("/x", &["PUT"], wide.clone(), false), Route("/x", &["PATCH"], wide, false)];
    let table = route_table(&base, &routes);
    let [put, patch] = steps(&table)[..] else { panic!("two routes") };
    let rows: [(&[Step], &str); 4] = [
        (&[put, patch], "GET, HEAD, PATCH, POST, PUT"),
        (&[put, patch, Step::other()], "GET, HEAD, PATCH, POST, PUT"),
        (&[put, Step::other(), patch], "PUT"),
        (&[put], "PUT"),
    ];
    let request = preflight(EVIL, "PUT", &[]);
    for (steps, listed) in rows {
        let shown = show(&table.preflight(PathMatch::certain(steps), &request), &request);
        let answer = format!("allow-origin: {EVIL}; allow-methods: {listed}; PreflightGranted");
        assert_eq!(shown, answer, "{steps:?}");
    }
}

#[test]
fn without_origin_routes_differ_in_what_is_open_to_all() {
    let listed = || Policy::builder().allow_origins([A]);
    let open = || Policy::builder().allow_origins(["*"]);
    let disabled = open().build_layered().unwrap();
    let disabled = disabled.apply(&Override::disable(), &Source::Base, &[]).unwrap();
    let of = |builder: PolicyBuilder| builder.build().unwrap();
    let external = open().external(true).build().unwrap();
    let rows: [(&str, PolicyBuilder, Policy, bool); 10] = [
        ("the same", listed(), of(listed()), true),
        ("other origins", listed(), of(Policy::builder().allow_origins([EVIL])), true),
        ("credentials", listed(), of(listed().allow_credentials(true)), true),
        ("exposed to some", listed(), of(listed().expose_headers(["X-E"])), true),
        ("opened", listed(), of(open()), false),
        ("exposed to all", open(), of(open().expose_headers(["X-E"])), false),
        ("other methods, open", open(), of(open().allow_methods(["PUT"])), true),
        ("closed", open(), disabled.policy().clone(), false),
        ("left to another layer", listed(), external.clone(), false),
        ("all left to another layer", open().external(true), external, true),
    ];
    for (name, base, own, expected) in rows {
        let table = route_table(&base, &[Route("/x", &["GET"], own, false)]);
        assert_eq!(table.are_alike_without_origin(), expected, "{name}");
        let of_route = table.actual_at(first(&table), Presented::Absent);
        let of_base = table.actual_by_base(Presented::Absent);
        let is_alike = of_route.vary() == of_base.vary() && of_route.fields().eq(of_base.fields());
        assert_eq!(is_alike, expected, "{name}");
    }
}

/// Policies are compiled once for all routes that share them, so two that differ must not be taken
/// for one.
#[test]
fn policies_that_differ_in_one_name_stay_two() {
    let base = Policy::builder().allow_origins([A]);
    let layered = base.build_layered().unwrap();
    let exposing = |name| {
        let list = [name];
        let setting =
            Setting { key: "expose_headers", operator: Operator::Set, value: Value::List(&list) };
        overlay(&layered, &[setting])
    };
    let (one, other) = (exposing("X-One"), exposing("X-Two"));
    assert_ne!(one, other);
    assert_eq!(one, exposing("x-one"), "names are compared without regard to case");
    let table = route_table(
        &base,
        &[Route("/1", &["GET"], one, false), Route("/2", &["GET"], other, false)],
    );
    let request = Request { method: "GET", headers: vec![(RequestHeader::Origin, A)] };
    for (id, name) in table.routes().zip(["X-One", "X-Two"]) {
        let shown = show(&table.actual_at(id, Presented::One(A.as_bytes())), &request);
        assert_eq!(shown, format!("allow-origin: {A}; expose-headers: {name}; OriginAllowed"));
    }
}

/// An explicit list limits a route's own methods; what it leaves out is not listed either.
#[test]
fn a_list_of_methods_limits_the_routes() {
    let base = Policy::builder().allow_origins([A]).allow_methods(["PUT"]);
    let own = base.build().unwrap();
    let table = route_table(&base, &[Route("/x", &["GET", "PUT", "DELETE"], own, false)]);
    let steps = steps(&table);
    let request = preflight(A, "PUT", &[]);
    let shown = show(&table.preflight(PathMatch::certain(&steps), &request), &request);
    assert_eq!(
        shown,
        format!("allow-origin: {A}; allow-methods: GET, HEAD, POST, PUT; PreflightGranted")
    );
    let request = preflight(A, "DELETE", &[]);
    assert_eq!(
        show(&table.preflight(PathMatch::certain(&steps), &request), &request),
        "MethodNotAllowed"
    );
}

#[test]
fn a_disabled_route_shares_nothing_and_keeps_vary() {
    let base = list();
    let layered = base.build_layered().unwrap();
    let off = layered.apply(&Override::disable(), &Source::Base, &[]).unwrap().policy().clone();
    let table = route_table(&base, &[Route("/x", &["GET"], off, false)]);
    let steps = steps(&table);
    let request = preflight(A, "GET", &[]);
    assert_eq!(show(&table.preflight(PathMatch::certain(&steps), &request), &request), "Disabled");
    let decision = table.actual_at(first(&table), Presented::One(A.as_bytes()));
    assert_eq!(show(&decision, &request), "Disabled");
    assert_eq!(decision.vary().value(), "Origin");
}

/// Browsers change the case of a few methods only (Fetch `#concept-method-normalize`), and servers compare all.
#[test]
fn methods_are_compared_by_case_the_rare_ones_too() {
    const LISTED: &[&str] = &["PUT", "PURGE", "x-Own"];
    let policy = Policy::builder().allow_origins([A]).allow_methods(LISTED.iter().copied());
    let table = base_table(&policy);
    let of_routes = route_table(
        &Policy::builder().allow_origins([A]),
        &[Route("/a", LISTED, Policy::builder().allow_origins([A]).build().unwrap(), false)],
    );
    let all = steps(&of_routes);
    for (method, is_granted) in [
        ("PUT", true),
        ("put", false),
        ("PURGE", true),
        ("Purge", false),
        ("purge", false),
        ("x-Own", true),
        ("X-OWN", false),
        ("x-own", false),
    ] {
        let request = preflight(A, method, &[]);
        let by_list = table.preflight(PathMatch::NONE, &request);
        let by_route = of_routes.preflight(PathMatch::certain(&all), &request);
        for decision in [by_list, by_route] {
            assert_eq!(decision.is_granted(), is_granted, "{method}");
        }
    }
}

/// Every value of the answer is that of the route's own policy.
#[test]
fn answers_of_a_route_have_its_values() {
    let own = Policy::builder()
        .allow_origins([EVIL])
        .allow_headers(["X-Own"])
        .expose_headers(["X-Own-Exposed"])
        .max_age(std::time::Duration::from_secs(7))
        .build()
        .unwrap();
    let table = route_table(&list(), &[Route("/a", &["PURGE"], own, false)]);
    let steps = steps(&table);
    let matches = PathMatch::certain(&steps);
    let request = preflight(EVIL, "PURGE", &["x-own"]);
    let granted = format!(
        "allow-origin: {EVIL}; allow-methods: GET, HEAD, POST, PURGE; allow-headers: X-Own; max-age: 7; PreflightGranted"
    );
    assert_eq!(show(&table.preflight(matches, &request), &request), granted);
    let shared = format!("allow-origin: {EVIL}; expose-headers: X-Own-Exposed; OriginAllowed");
    let origin = Presented::One(EVIL.as_bytes());
    assert_eq!(show(&table.actual(matches, "PURGE", origin), &request), shared);
    assert_eq!(show(&table.actual_at(first(&table), origin), &request), shared);
}

/// A route that may take any method comes after those that surely take theirs, so the browser may remember
/// these.
#[test]
fn a_route_for_any_method_does_not_shorten_the_list_of_those_before_it() {
    let base = Policy::builder().allow_origins([A]);
    let own = base.build().unwrap();
    let known = |method: &str| {
        RouteSpec::new("/a", own.clone()).methods([method.parse::<Method>().unwrap()])
    };
    let other = Policy::builder().allow_origins([EVIL]).build().unwrap();
    let specs = [known("PUT"), known("DELETE"), RouteSpec::new("/{any}", other)];
    let table = RouteTable::new(&own, &specs, str::to_owned);
    let steps = steps(&table);
    let request = preflight(A, "PUT", &[]);
    let answer = show(&table.preflight(PathMatch::certain(&steps), &request), &request);
    assert_eq!(
        answer,
        format!("allow-origin: {A}; allow-methods: DELETE, GET, HEAD, POST, PUT; PreflightGranted")
    );
}

#[test]
fn a_step_is_of_one_kind() {
    let table = route_table(&list(), &[Route("/a", &["PUT"], list().build().unwrap(), false)]);
    let kinds = [Step::route(first(&table)), Step::other(), Step::fallback()];
    for (number, step) in kinds.into_iter().enumerate() {
        let kind = [step.table_route().is_some(), step.is_other(), step.is_fallback()];
        assert_eq!(kind.map(usize::from), [0, 1, 2].map(|own| usize::from(own == number)));
        assert_eq!(step.is_last(), number == 0);
        assert!(step.continue_at(usize::MAX).is_last() && !step.continue_at(3).is_last());
    }
}

/// Only the methods of routes that the path leads to in each of its forms may be remembered.
#[test]
fn a_list_is_given_where_the_path_leads_to_all_of_its_routes_and_no_others() {
    let own = list().build().unwrap();
    let route = |pattern, methods| Route(pattern, methods, own.clone(), false);
    let routes = [route("/a", &["PUT"]), route("/a", &["DELETE"]), route("/{x}", &["PATCH"])];
    let table = route_table(&list(), &routes);
    let steps = steps(&table);
    let (put, both, with_other) = ([steps[0]], &steps[..2], [steps[0], steps[2]]);
    let (ends, plain) = ([Step::fallback()], [Step::other()]);
    let [ends, plain, both_again] = [[&ends[..]], [&plain[..]], [both]];
    let rows = [
        (PathMatch::certain(both), "DELETE, GET, HEAD, POST, PUT"),
        (PathMatch::certain(&put), "PUT"),
        (PathMatch::certain(&with_other), "PUT"),
        (PathMatch::certain(both).or(&both_again), "DELETE, GET, HEAD, POST, PUT"),
        // another form that runs nothing
        (PathMatch::certain(both).or(&ends), "DELETE, GET, HEAD, POST, PUT"),
        (PathMatch::certain(both).or(&plain), "PUT"),
    ];
    for (matches, listed) in rows {
        let request = preflight(A, "PUT", &[]);
        let answer = show(&table.preflight(matches, &request), &request);
        assert!(answer.contains(&format!("; allow-methods: {listed};")), "{listed}: {answer}");
    }
}

/// In the order of the router, as far as one may pass the request on.
#[test]
fn what_a_request_may_reach() {
    let own = list().build().unwrap();
    let route = |methods, guarded| Route("/a", methods, own.clone(), guarded);
    let table = route_table(&list(), &[route(&["PUT"], true), route(&["PUT", "DELETE"], false)]);
    let steps = steps(&table);
    let [guarded, sure] = [0, 1].map(|index| Reached::Route(table.routes().nth(index).unwrap()));
    let reached = |method| table.reachable(PathMatch::certain(&steps), method).collect::<Vec<_>>();
    assert_eq!(reached("PUT"), [guarded, sure]);
    assert_eq!(reached("DELETE"), [sure]);
    assert_eq!(reached("PATCH"), [Reached::Base]);
}
