//! Where more than one route could serve a request, every one of them must allow it.

use cors_core::{
    Operator, PathMatch, Policy, Presented, Reason, RequestHeader, ResponseHeader, Setting, Step,
    Value,
};

use super::{
    A, EVIL, Request, Route, any, first, list, listed, origins, overlay, preflight, route_table,
    show, steps,
};

#[test]
fn ambiguity_never_widens() {
    let base = Policy::builder().allow_origins([A]).allow_headers(["X-A"]).allow_credentials(true);
    let layered = base.build_layered().unwrap();
    let wide = overlay(&layered, &origins(Operator::Add, &[EVIL]));
    let narrow = overlay(
        &layered,
        &[
            Setting {
                key: "allow_headers",
                operator: Operator::Remove,
                value: Value::List(&["X-A"]),
            },
            Setting {
                key: "allow_credentials",
                operator: Operator::Set,
                value: Value::Flag(false),
            },
        ],
    );
    let table = |first_guarded, second_guarded, next: [usize; 2]| {
        let table = route_table(
            &base,
            &[
                Route("/x", &["PUT"], wide.clone(), first_guarded),
                Route("/x", &["PUT"], narrow.clone(), second_guarded),
            ],
        );
        let steps = steps(&table).into_iter().zip(next).map(|(step, next)| step.continue_at(next));
        let steps: Vec<Step> = steps.collect();
        (table, steps)
    };
    let root = [usize::MAX; 2];
    let both = format!("allow-origin: {A}; allow-methods: PUT; PreflightGranted");
    // one policy decides, so its whole list is given
    let with_credentials = |answer: &str| {
        let alone = answer.replace("; allow-m", "; allow-credentials: true; allow-m");
        alone.replace("PUT", "GET, HEAD, POST, PUT")
    };
    let rows = [
        // guarded: the request may reach either
        (table(true, false, root), preflight(A, "PUT", &[]), both.clone()),
        (table(true, false, root), preflight(EVIL, "PUT", &[]), "OriginNotAllowed".into()),
        (table(true, false, root), preflight(A, "PUT", &["x-a"]), "HeaderNotAllowed".into()),
        // guarded only: or a plain route, under the base policy
        (table(true, true, root), preflight(EVIL, "PUT", &[]), "OriginNotAllowed".into()),
        // unguarded at the root, or before in the same scope: nothing comes after
        (table(false, false, root), preflight(A, "PUT", &[]), with_credentials(&both)),
        (table(false, false, [2, 2]), preflight(A, "PUT", &[]), with_credentials(&both)),
        // what stands at the root before a scope is tried before it
        (table(false, false, [usize::MAX, 2]), preflight(A, "PUT", &[]), with_credentials(&both)),
        // another scope may be entered instead
        (table(false, false, [1, 2]), preflight(A, "PUT", &[]), both),
        (table(false, false, [1, 2]), preflight(EVIL, "PUT", &[]), "OriginNotAllowed".into()),
    ];
    for (index, ((table, steps), request, answer)) in rows.into_iter().enumerate() {
        let shown = show(&table.preflight(PathMatch::certain(&steps), &request), &request);
        assert_eq!(shown.replace("allow-headers: X-A; ", ""), answer, "row {index}");
    }
}

#[test]
fn an_ambiguous_preflight_is_answered_with_what_it_asked_for() {
    let base = Policy::builder().allow_origins([A]).allow_headers(["X-A"]).allow_credentials(true);
    let wide = overlay(&base.build_layered().unwrap(), &origins(Operator::Add, &[EVIL]));
    let table = route_table(&base, &[Route("/x", &["PUT"], wide, true)]);
    let steps = steps(&table);
    for (headers, listed) in [(&["x-a"][..], "allow-headers: x-a; "), (&[], "")] {
        let request = preflight(A, "PUT", headers);
        let shown = show(&table.preflight(PathMatch::certain(&steps), &request), &request);
        let start = format!("allow-origin: {A}; allow-credentials: true; allow-methods: PUT; ");
        assert_eq!(shown, format!("{start}{listed}PreflightGranted"));
    }
}

/// Nothing checks the origin where any will do, so it does not come back.
#[test]
fn several_open_candidates_answer_with_the_star() {
    let base = any();
    let setting = Setting { key: "max_age", operator: Operator::Set, value: Value::Number(5) };
    let own = overlay(&base.build_layered().unwrap(), &[setting]);
    let table = route_table(&base, &[Route("/x", &["PUT"], own, true)]);
    let steps = steps(&table);
    let request = preflight("<garbage> HTTP!!", "PUT", &["x-a"]);
    let decision = table.preflight(PathMatch::certain(&steps), &request);
    let answer = "allow-origin: *; allow-methods: PUT; allow-headers: x-a; PreflightGranted";
    assert_eq!(show(&decision, &request), answer);
    let vary = "Access-Control-Request-Method, Access-Control-Request-Headers";
    assert_eq!(decision.vary().value(), vary);
}

/// Where something may rewrite the path, what either form leads to has to allow the request.
#[test]
fn another_form_of_a_path_never_widens() {
    let base = Policy::builder().allow_origins([A, EVIL]).allow_methods(["PUT"]);
    let layered = base.build_layered().unwrap();
    let strict = overlay(&layered, &origins(Operator::Set, &[A]));
    let table = route_table(&base, &[Route("/x", &["PUT"], strict, false)]);
    let strict = steps(&table);
    let plain = [Step::other()];
    let rows: [(&[Step], &[Step], bool); 6] = [
        (&strict, &[], false),
        (&strict, &plain, false),
        (&plain, &strict, false),
        (&[], &strict, false),
        // the form leads nowhere
        (&plain, &[], true),
        (&[], &[], true),
    ];
    for (exact, other, is_granted) in rows {
        let other = [other];
        let matches = PathMatch::certain(exact).or(&other);
        for (origin, is_allowed) in [(A, true), (EVIL, is_granted)] {
            let request = preflight(origin, "PUT", &[]);
            let decision = table.preflight(matches, &request);
            assert_eq!(decision.reason() == Reason::PreflightGranted, is_allowed, "{matches:?}");
            let shared = table.actual(matches, "PUT", Presented::One(origin.as_bytes()));
            assert_eq!(shared.fields().count(), usize::from(is_allowed), "{matches:?}");
        }
    }
}

/// The method of a route counted for a plain one that the path leads to with another slash.
#[test]
fn a_method_counts_in_its_own_form_of_a_path_alone() {
    let rows = [(Policy::builder(), false), (Policy::builder().allow_methods(["PUT"]), true)];
    for (base, is_granted) in rows {
        let base = base.allow_origins([A]);
        let own = base.build().unwrap();
        let table = route_table(&base, &[Route("/x", &["PUT"], own, false)]);
        let request = preflight(A, "PUT", &[]);
        let (exact, plain) = (steps(&table), [Step::other()]);
        let alone = table.preflight(PathMatch::certain(&exact), &request);
        assert_eq!(alone.reason(), Reason::PreflightGranted);
        let others = [&plain[..]];
        let decision = table.preflight(PathMatch::certain(&exact).or(&others), &request);
        assert_eq!(decision.reason() == Reason::PreflightGranted, is_granted);
    }
}

/// A plain route may take the request before an annotated one, and a scope may be guarded.
#[test]
fn services_outside_of_the_table_count_as_the_base_policy() {
    let base = Policy::builder().allow_origins([A]).allow_credentials(true);
    let wide = overlay(&base.build_layered().unwrap(), &origins(Operator::Add, &[EVIL]));
    let table = route_table(&base, &[Route("/x", &["PUT", "PATCH"], wide, false)]);
    let route = Step::route(first(&table));
    let list = "GET, HEAD, PATCH, POST, PUT; PreflightGranted";
    let rows: [(&[Step], &str, &str); 10] = [
        (&[route], EVIL, list),
        (&[route, Step::other()], EVIL, list),
        (&[Step::other(), route], EVIL, "OriginNotAllowed"),
        // it is not known to serve the method, whatever stands behind it
        (&[Step::other(), route], A, "MethodNotAllowed"),
        // a scope that ends with its default service, and one that may be passed by
        (&[route.continue_at(2), Step::fallback()], EVIL, list),
        (&[route.continue_at(1), Step::other()], EVIL, "OriginNotAllowed"),
        (&[route.continue_at(1), Step::fallback()], EVIL, list),
        (&[Step::fallback(), route], EVIL, "OriginNotAllowed"),
        (&[Step::other().continue_at(usize::MAX), route], EVIL, "OriginNotAllowed"),
        (&[Step::other().continue_at(usize::MAX), route], A, "MethodNotAllowed"),
    ];
    for (index, (steps, origin, answer)) in rows.into_iter().enumerate() {
        let request = preflight(origin, "PUT", &[]);
        let shown = show(&table.preflight(PathMatch::certain(steps), &request), &request);
        let shown = shown.rsplit("allow-methods: ").next().unwrap_or_default();
        assert_eq!(shown, answer, "row {index}");
    }
}

/// Its own guard must not cost a route its preflight.
#[test]
fn a_guarded_route_under_the_base_policy_is_granted() {
    let base = Policy::builder().allow_origins([A]);
    let own = base.build().unwrap();
    let table = route_table(&base, &[Route("/x", &["PUT"], own, true)]);
    let steps = steps(&table);
    let request = preflight(A, "PUT", &[]);
    let shown = show(&table.preflight(PathMatch::certain(&steps), &request), &request);
    let granted =
        format!("allow-origin: {A}; allow-methods: GET, HEAD, POST, PUT; PreflightGranted");
    assert_eq!(shown, granted);
    let request = preflight(A, "DELETE", &[]);
    assert_eq!(
        show(&table.preflight(PathMatch::certain(&steps), &request), &request),
        "MethodNotAllowed"
    );
}

#[test]
fn a_response_that_no_route_has_claimed_shares_what_all_candidates_share() {
    let base = Policy::builder().allow_origins([A]).expose_headers(["X-E"]);
    let layered = base.build_layered().unwrap();
    let open = overlay(&layered, &origins(Operator::Set, &["*"]));
    let table = route_table(&base, &[Route("/x", &["GET"], open, true)]);
    let steps = steps(&table);
    let answers = [(A, "allow-origin: https://a.example; AnyOrigin"), (EVIL, "OriginNotAllowed")];
    for (origin, answer) in answers {
        let request = Request { method: "GET", headers: vec![(RequestHeader::Origin, origin)] };
        let decision =
            table.actual(PathMatch::certain(&steps), "GET", Presented::One(origin.as_bytes()));
        assert_eq!(show(&decision, &request), answer);
        assert_eq!(decision.vary().value(), "Origin");
    }
    let dispatched = table.actual_at(first(&table), Presented::One(EVIL.as_bytes()));
    let request = Request { method: "GET", headers: vec![] };
    assert_eq!(show(&dispatched, &request), "allow-origin: *; expose-headers: X-E; AnyOrigin");
    assert_eq!(dispatched.vary().value(), "");
}

#[test]
fn two_open_candidates_share_the_star() {
    let base = Policy::builder().allow_origins(["*"]);
    let layered = base.build_layered().unwrap();
    let exposing =
        [Setting { key: "expose_headers", operator: Operator::Set, value: Value::List(&["X-E"]) }];
    let own = overlay(&layered, &exposing);
    let table = route_table(&base, &[Route("/x", &["GET"], own, true)]);
    let steps = steps(&table);
    let request = Request { method: "GET", headers: vec![] };
    let decision = table.actual(PathMatch::certain(&steps), "GET", Presented::Absent);
    assert_eq!(show(&decision, &request), "allow-origin: *; AnyOrigin");
}

/// They differ on preflights only, which was taken for a difference in what is exposed.
#[test]
fn a_response_keeps_what_all_candidates_expose() {
    let base = Policy::builder().allow_origins(["*"]).expose_headers(["X-E"]);
    let layered = base.build_layered().unwrap();
    let list = ["X-A"];
    let asking =
        Setting { key: "allow_headers", operator: Operator::Set, value: Value::List(&list) };
    let own = overlay(&layered, &[asking]);
    let table = route_table(&base, &[Route("/x", &["GET"], own, true)]);
    let steps = steps(&table);
    let request = Request { method: "GET", headers: vec![] };
    let decision = table.actual(PathMatch::certain(&steps), "GET", Presented::Absent);
    assert_eq!(show(&decision, &request), "allow-origin: *; expose-headers: X-E; AnyOrigin");
}

/// The same where several policies have to agree, so that the names are repeated although all are listed.
#[test]
fn names_that_several_policies_allow_are_written_anew_as_well() {
    let other = listed(&["X-Other"], 5);
    let policy = other.build().unwrap();
    let table = route_table(&list(), &[Route("/a", &["PUT"], policy, true)]);
    let steps = steps(&table);
    for (line, names) in [
        ("authorization,x-a", "authorization,x-a"),
        ("X-A, authorization", "X-A,authorization (anew)"),
    ] {
        let request = preflight(A, "PUT", &[line]);
        let answer = show(&table.preflight(PathMatch::certain(&steps), &request), &request);
        assert!(answer.contains(&format!("; allow-headers: {names};")), "{answer}");
    }
}

/// Credentials are for a response that is under two policies only if both allow them, whichever comes
/// first.
#[test]
fn credentials_of_one_of_two_policies_are_not_given() {
    let build = |credentials| list().allow_credentials(credentials).build().unwrap();
    for (first, second) in [(true, true), (true, false), (false, true), (false, false)] {
        let routes = [
            Route(
                "/a",
                &["PUT"],
                // one that answers actual requests in another way, too
                listed(&["X-Other"], 600).allow_credentials(first).build().unwrap(),
                true,
            ),
            Route("/a", &["PUT"], build(second), false),
        ];
        let table = route_table(&list(), &routes);
        let steps = steps(&table);
        let matches = PathMatch::certain(&steps);
        let request = preflight(A, "PUT", &[]);
        let granted = table.preflight(matches, &request);
        assert!(granted.is_granted());
        let shared = table.actual(matches, "PUT", Presented::One(A.as_bytes()));
        assert!(shared.is_shared());
        for decision in [granted, shared] {
            let mut fields = decision.fields();
            let has_credentials =
                fields.any(|(header, _)| header == ResponseHeader::AllowCredentials);
            assert_eq!(has_credentials, first && second, "{first} {second}");
        }
    }
}

/// Where a guard keeps a request from its only route, the router answers under the base policy, or another
/// service does. Either counts the route's method.
#[test]
fn what_a_guard_keeps_away_counts_with_the_method_of_its_route() {
    let base = Policy::builder().allow_origins([A]);
    let own = Policy::builder().allow_origins([A]).expose_headers(["X-Own"]).build().unwrap();
    let table = route_table(&base, &[Route("/a", &["PUT"], own, true)]);
    let alone = steps(&table);
    let before_another = [alone[0], Step::other()];
    for steps in [&alone[..], &before_another] {
        for (method, is_granted) in [("PUT", true), ("DELETE", false)] {
            let decision = table.preflight(PathMatch::certain(steps), &preflight(A, method, &[]));
            assert_eq!(decision.is_granted(), is_granted, "{method} {steps:?}");
        }
    }
}
