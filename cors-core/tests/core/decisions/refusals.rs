//! Strict tables, refusals that explain themselves, and what a table cannot answer.

use cors_core::{
    Operator, PathMatch, Policy, PolicyBuilder, PreflightStatus, Presented, Reason, RouteTable,
    Step,
};

use super::{
    A, EVIL, Request, Route, any, base_table, list, origins, overlay, preflight, route_table, show,
    steps,
};

#[test]
fn a_strict_table_grants_what_its_routes_serve() {
    let base = Policy::builder().allow_origins([A]).allow_methods(["*"]);
    let own = base.build().unwrap();
    let routes = [
        Route("/x", &["GET", "PUT"], own.clone(), false),
        Route("/{id}", &["PUT", "PATCH"], own, false),
    ];
    let [open, strict, debug] = [(false, false), (true, false), (true, true)]
        .map(|(strict, debug)| route_table(&base, &routes).strict(strict).debug(debug));
    let at = |table: &RouteTable<String>, count: usize| steps(table)[..count].to_vec();
    let rows = [
        (2, "PUT", 204, [204, 204], ""),
        (2, "DELETE", 204, [405, 204], "GET, PUT + PATCH, PUT"),
        (1, "PATCH", 204, [405, 204], "GET, PUT"),
        // browsers send it whatever the answer lists, so nothing can be explained
        (1, "POST", 204, [405, 405], "GET, PUT"),
        (0, "PUT", 204, [403, 204], ""),
        (0, "GET", 204, [403, 403], ""),
    ];
    for (count, method, otherwise, expected, allow) in rows {
        let request = preflight(A, method, &[]);
        let status = |table: &RouteTable<String>| {
            let steps = at(table, count);
            let decision = table.preflight(PathMatch::certain(&steps), &request);
            let listed = show(&decision, &request);
            assert!(decision.is_granted() || !listed.contains(&format!("{method};")), "{listed}");
            PreflightStatus::NoContent.code(&decision)
        };
        assert_eq!([status(&strict), status(&debug)], expected, "{method} {count}");
        assert_eq!(status(&open), otherwise, "{method} {count}");
        let steps = at(&strict, count);
        let matches = PathMatch::certain(&steps);
        if strict.preflight(matches, &request).reason() == Reason::MethodNotRouted {
            let lines: Vec<&str> = strict.allow_lines(matches).map(String::as_str).collect();
            assert_eq!(lines.join(" + "), allow, "{method}");
        }
    }
}

/// What the browser's console needs to name the step, and nothing to remember.
#[test]
fn debug_shows_an_allowed_origin_what_is_allowed() {
    let base = list().allow_credentials(true);
    let layered = base.build_layered().unwrap();
    let narrow = overlay(&layered, &origins(Operator::Set, &[A]));
    let routes = [Route("/x", &["PUT"], narrow, true)];
    let any_header = Policy::builder().allow_origins([A]).allow_headers(["*"]);
    let unset = Policy::builder().allow_origins([A]);
    let start = format!("allow-origin: {A}; allow-credentials: true; allow-methods: ");
    let headers = "allow-headers: Authorization, Content-Type, X-A";
    let listed = "DELETE, GET, HEAD, PATCH, POST, PUT";
    let rows: [(&PolicyBuilder, &[Route], Request, String); 8] = [
        (&base, &[], preflight(A, "QUERY", &[]), format!("{start}{listed}; MethodNotAllowed")),
        (
            &base,
            &[],
            preflight(A, "PUT", &["x-b"]),
            format!("{start}{listed}; {headers}; HeaderNotAllowed"),
        ),
        (
            &base,
            &routes,
            preflight(A, "QUERY", &[]),
            format!("{start}GET, HEAD, POST; MethodNotAllowed"),
        ),
        (&base, &routes, preflight(A, "PUT", &["x-b"]), format!("{start}PUT; HeaderNotAllowed")),
        (
            &unset,
            &[],
            preflight(A, "PUT", &[]),
            format!("allow-origin: {A}; allow-methods: GET, HEAD, POST; MethodNotAllowed"),
        ),
        (
            &any_header,
            &[],
            preflight(A, "GET", &["cookie"]),
            format!("allow-origin: {A}; allow-methods: GET, HEAD, POST; HeaderNotAllowed"),
        ),
        (&base, &[], preflight(A, "QUERY", &["x(y"]), format!("{start}{listed}; MethodNotAllowed")),
        (&base, &[], preflight(A, "PUT", &["x(y"]), "HeadersMalformed".into()),
    ];
    for (policy, routes, request, answer) in rows {
        let table = route_table(policy, routes).debug(true);
        let steps = steps(&table);
        let decision = table.preflight(PathMatch::certain(&steps), &request);
        assert_eq!(show(&decision, &request), answer);
        let is_explained = decision.fields().count() > 0;
        assert_eq!(decision.is_explained(), is_explained);
        let status = PreflightStatus::Ok.code(&decision);
        assert_eq!(status, if is_explained { 200 } else { 403 });
    }
    let table = route_table(&base, &routes).debug(true);
    let steps = steps(&table);
    for origin in [EVIL, "https://b.example:8443"] {
        let request = preflight(origin, "PUT", &["x-b"]);
        let decision = table.preflight(PathMatch::certain(&steps), &request);
        assert_eq!(decision.fields().count(), 0, "{origin}");
    }
}

/// A table was asked about routes of another one and panicked.
#[test]
fn routes_of_another_table_are_refused() {
    let open = any().build().unwrap();
    let three = ["/a", "/b", "/c"].map(|path| Route(path, &["PUT"], open.clone(), false));
    let (own, foreign) = (route_table(&any(), &three[..1]), route_table(&any(), &three));
    let request = preflight(A, "PUT", &[]);
    for step in steps(&foreign) {
        let route = step.table_route().unwrap();
        let behind = [steps(&own)[0], step];
        let (alone, no_steps): ([Step; 1], [Step; 0]) = ([step], []);
        let others = [&alone[..]];
        let matches = [
            PathMatch::certain(&alone),
            PathMatch::certain(&behind),
            PathMatch::certain(&no_steps).or(&others),
        ];
        for matches in matches {
            let decision = own.preflight(matches, &request);
            assert_eq!((decision.reason(), decision.fields().count()), (Reason::RouteUnknown, 0));
            assert_eq!(PreflightStatus::NoContent.code(&decision), 403);
            let decision = own.actual(matches, "PUT", Presented::One(A.as_bytes()));
            assert_eq!((decision.reason(), decision.fields().count()), (Reason::RouteUnknown, 0));
            assert_eq!(own.allow_lines(matches).filter(|line| *line != "PUT").count(), 0);
            assert!(own.reachable(matches, "PUT").all(|reached| reached.route() != Some(route)));
        }
        let decision = own.actual_at(route, Presented::One(A.as_bytes()));
        assert_eq!((decision.reason(), decision.fields().count()), (Reason::RouteUnknown, 0));
    }
    let own_steps = steps(&own);
    let decision = own.preflight(PathMatch::certain(&own_steps), &request);
    assert_eq!(decision.reason(), Reason::PreflightGranted);
}

#[test]
fn a_path_that_was_not_looked_up_is_refused() {
    let table = base_table(&any());
    let request = preflight(A, "PUT", &[]);
    let decision = table.preflight(PathMatch::OVER_LIMIT, &request);
    assert_eq!((decision.reason(), decision.fields().count()), (Reason::PathOverLimit, 0));
    let decision = table.actual(PathMatch::OVER_LIMIT, "PUT", Presented::One(A.as_bytes()));
    assert_eq!((decision.reason(), decision.fields().count()), (Reason::PathOverLimit, 0));
}

/// A scope before it keeps the path, so the route serves nothing there.
#[test]
fn a_strict_table_refuses_what_its_routes_cannot_reach() {
    let own = list().build().unwrap();
    let table = route_table(&list(), &[Route("/a", &["PUT"], own, false)]).strict(true);
    let reached = steps(&table);
    let kept = [Step::fallback().continue_at(usize::MAX), reached[0]];
    let request = preflight(A, "PUT", &[]);
    for (steps, reason) in
        [(&reached[..], Reason::PreflightGranted), (&kept[..], Reason::PathNotRouted)]
    {
        assert_eq!(table.preflight(PathMatch::certain(steps), &request).reason(), reason);
    }
}

/// The browser names the first that is not listed, whatever the number of them.
#[test]
fn debug_explains_too_many_headers() {
    let table = base_table(&list()).debug(true);
    let many = vec!["x-a"; 65].join(",").leak();
    for (line, is_explained) in [(&*many, true), ("", false)] {
        let decision = table.preflight(PathMatch::NONE, &preflight(A, "PUT", &[line]));
        assert_eq!(decision.is_explained(), is_explained);
    }
    let blank = format!(" {}", vec![","; 17].join("")).leak();
    let decision = table.preflight(PathMatch::NONE, &preflight(A, "PUT", &[blank]));
    assert_eq!((decision.reason(), decision.is_explained()), (Reason::HeadersOverLimit, false));
}
