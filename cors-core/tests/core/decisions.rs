//! Decisions as rows: policy and request on the left, the whole answer on the right.

use cors_core::{
    Decision, FieldValue, LayeredPolicy, Method, Operator, Origin, Override, PathMatch, Policy,
    PolicyBuilder, PreflightStatus, Presented, Reason, RequestHead, RequestHeader, ResponseHeader,
    RouteId, RouteSpec, RouteTable, Setting, Source, Step, Value, applies_to_status, is_preflight,
    needs_preflight, requested_names,
};

const A: &str = "https://a.example";
const EVIL: &str = "https://evil.example";

struct Request {
    method: &'static str,
    headers: Vec<(RequestHeader, &'static str)>,
}

impl RequestHead for Request {
    fn method(&self) -> &str {
        self.method
    }

    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]> {
        let own = move |(name, _): &&(RequestHeader, &str)| *name == header;
        self.headers.iter().filter(own).map(|(_, value)| value.as_bytes())
    }
}

fn preflight(origin: &'static str, method: &'static str, headers: &[&'static str]) -> Request {
    let mut request = Request {
        method: "OPTIONS",
        headers: vec![
            (RequestHeader::Origin, origin),
            (RequestHeader::AccessControlRequestMethod, method),
        ],
    };
    let name = RequestHeader::AccessControlRequestHeaders;
    request.headers.extend(headers.iter().map(|value| (name, *value)));
    request
}

/// The whole answer on one line: `name: value` pairs, then the reason.
fn show(decision: &Decision<'_, String>, request: &Request) -> String {
    let short = |name: &str| name.replace("access-control-", "");
    let mut parts: Vec<String> = decision
        .fields()
        .map(|(header, value)| match value {
            FieldValue::Ready(value) => format!("{}: {value}", short(header.name())),
            FieldValue::Request(own) => {
                let lines: Vec<_> = request.lines(own).map(String::from_utf8_lossy).collect();
                format!("{}: {}", short(header.name()), lines.join(" + "))
            }
            FieldValue::RequestedNames => {
                let lines = request.lines(RequestHeader::AccessControlRequestHeaders);
                format!("{}: {} (anew)", short(header.name()), requested_names(lines))
            }
        })
        .collect();
    parts.push(format!("{:?}", decision.reason()));
    parts.join("; ")
}

fn list() -> PolicyBuilder {
    Policy::builder()
        .allow_origins([A, "https://b.example:8443"])
        .allow_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allow_headers(["Content-Type", "Authorization", "X-A"])
        .expose_headers(["X-E"])
        .max_age(std::time::Duration::from_secs(10 * 60))
}

fn any() -> PolicyBuilder {
    Policy::builder().allow_origins(["*"]).allow_methods(["*"]).allow_headers(["*"])
}

fn base_table(policy: &PolicyBuilder) -> RouteTable<String> {
    RouteTable::new(&policy.build().unwrap(), &[], str::to_owned)
}

#[test]
fn actual_requests_under_the_base_policy() {
    let bare = Policy::builder().allow_origins([A]);
    let null = Policy::builder().allow_origins(["null"]).dangerously_allow_null_origin(true);
    let shared = format!("allow-origin: {A}; expose-headers: X-E; OriginAllowed");
    let with_credentials =
        format!("allow-origin: {A}; allow-credentials: true; expose-headers: X-E; OriginAllowed");
    let alone = format!("allow-origin: {A}; OriginAllowed");
    let table: Vec<(PolicyBuilder, Vec<&str>, &str, &str)> = vec![
        (list(), vec![A], &shared, "Origin"),
        (list(), vec![], "NoOrigin", "Origin"),
        (list(), vec![EVIL], "OriginNotAllowed", "Origin"),
        (list(), vec!["null"], "OriginNotAllowed", "Origin"),
        (list(), vec!["https://a.example/"], "OriginNotAllowed", "Origin"),
        (list(), vec!["https://A.example"], "OriginNotAllowed", "Origin"),
        (list(), vec![""], "OriginNotAllowed", "Origin"),
        (list(), vec![A, A], "OriginRepeated", "Origin"),
        (list().allow_credentials(true), vec![A], &with_credentials, "Origin"),
        (list().allow_credentials(true), vec![EVIL], "OriginNotAllowed", "Origin"),
        (
            any().expose_headers(["X-E"]),
            vec![EVIL],
            "allow-origin: *; expose-headers: X-E; AnyOrigin",
            "",
        ),
        (any(), vec![], "allow-origin: *; AnyOrigin", ""),
        (any(), vec!["???"], "allow-origin: *; AnyOrigin", ""),
        (bare, vec![A], &alone, "Origin"),
        (null.clone(), vec!["null"], "allow-origin: null; OriginAllowed", "Origin"),
        (null, vec!["NULL"], "OriginNotAllowed", "Origin"),
        (Policy::builder(), vec![A], "OriginNotAllowed", "Origin"),
    ];
    for (policy, origins, answer, vary) in table {
        let headers = origins.iter().map(|value| (RequestHeader::Origin, *value)).collect();
        let request = Request { method: "GET", headers };
        let table = base_table(&policy);
        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let decision = table.actual(PathMatch::NONE, "GET", origin);
        assert_eq!(show(&decision, &request), answer, "{origins:?}");
        assert_eq!(decision.vary().value(), vary, "{origins:?}");
    }
}

#[test]
fn preflights_under_the_base_policy() {
    let granted = format!(
        "allow-origin: {A}; allow-methods: DELETE, GET, HEAD, PATCH, POST, PUT; \
         allow-headers: Authorization, Content-Type, X-A; max-age: 600; PreflightGranted"
    );
    let bare = || Policy::builder().allow_origins([A]);
    let sessions = || any().allow_origins([A]).allow_credentials(true);
    let table: Vec<(PolicyBuilder, Request, String)> = vec![
        (list(), preflight(A, "PUT", &[]), granted.clone()),
        (list(), preflight(A, "GET", &["x-a"]), granted.clone()),
        (list(), preflight(A, "PUT", &["X-A, Content-Type"]), granted.clone()),
        (list(), preflight(A, "PUT", &["x-a", "content-type"]), granted.clone()),
        (list(), preflight(A, "PUT", &[",x-a,,"]), granted.clone()),
        (list(), preflight(A, "PUT", &[""]), granted),
        (list(), preflight(EVIL, "PUT", &[]), "OriginNotAllowed".into()),
        (list(), preflight("null", "PUT", &[]), "OriginNotAllowed".into()),
        (list(), preflight("https://evil.example/", "PUT", &[]), "OriginMalformed".into()),
        (list(), preflight("https://EVIL.example", "PUT", &[]), "OriginMalformed".into()),
        (list(), preflight("evil.example", "PUT", &[]), "OriginMalformed".into()),
        (list(), preflight("", "PUT", &[]), "OriginMalformed".into()),
        (list(), preflight(A, "put", &[]), "MethodNotAllowed".into()),
        (list(), preflight(A, "PROPFIND", &[]), "MethodNotAllowed".into()),
        (list(), preflight(A, "", &[]), "MethodMalformed".into()),
        (list(), preflight(A, "PU T", &[]), "MethodMalformed".into()),
        (list(), preflight(A, "GET", &["x-b"]), "HeaderNotAllowed".into()),
        (list(), preflight(A, "GET", &["*"]), "HeaderNotAllowed".into()),
        (list(), preflight(A, "GET", &["x-a\u{1}"]), "HeadersMalformed".into()),
        // an XHR with an upload listener asks without naming anything unusual
        (bare(), preflight(A, "POST", &[]), format!("allow-origin: {A}; PreflightGranted")),
        (bare(), preflight(A, "PUT", &[]), "MethodNotAllowed".into()),
        (
            any(),
            preflight(EVIL, "PROPFIND", &["authorization"]),
            "allow-origin: *; allow-methods: *; allow-headers: *, Authorization; PreflightGranted"
                .into(),
        ),
        (any(), preflight(A, "GET", &["cookie"]), "HeaderNotAllowed".into()),
        (any(), preflight(A, "TRACE", &[]), "MethodMalformed".into()),
        (
            sessions(),
            preflight(A, "PROPFIND", &["x-a,x-b"]),
            format!(
                "allow-origin: {A}; allow-credentials: true; allow-methods: PROPFIND; \
                 allow-headers: x-a,x-b; PreflightGranted"
            ),
        ),
        (
            sessions(),
            preflight(A, "PROPFIND", &[]),
            format!(
                "allow-origin: {A}; allow-credentials: true; allow-methods: PROPFIND; \
                 PreflightGranted"
            ),
        ),
        // a name that would come back as a wildcard
        (sessions(), preflight(A, "*", &[]), "MethodMalformed".into()),
        (any(), preflight(A, "*", &[]), "MethodMalformed".into()),
        (sessions(), preflight(A, "PUT", &["x-a,*"]), "HeaderNotAllowed".into()),
        (sessions(), preflight(A, "FOO bar", &[]), "MethodMalformed".into()),
        (sessions(), preflight(A, "PUT", &["(((bad"]), "HeadersMalformed".into()),
    ];
    for (policy, request, answer) in table {
        assert!(is_preflight(&request));
        let decision = base_table(&policy);
        assert_eq!(show(&decision.preflight(PathMatch::NONE, &request), &request), answer);
    }
}

#[test]
fn a_preflight_is_options_with_origin_and_requested_method() {
    let (origin, asked) = (RequestHeader::Origin, RequestHeader::AccessControlRequestMethod);
    let table: [(&str, &[RequestHeader], bool); 6] = [
        ("OPTIONS", &[origin, asked], true),
        ("OPTIONS", &[origin], false),
        ("OPTIONS", &[asked], false),
        ("OPTIONS", &[], false),
        ("GET", &[origin, asked], false),
        ("options", &[origin, asked], false),
    ];
    for (method, names, expected) in table {
        let headers = names.iter().map(|name| (*name, "")).collect();
        assert_eq!(is_preflight(&Request { method, headers }), expected, "{method} {names:?}");
    }
}

#[test]
fn statuses() {
    let table = base_table(&list());
    let granted = preflight(A, "PUT", &[]);
    let refused = preflight(EVIL, "PUT", &[]);
    let codes = |status: PreflightStatus| {
        [&granted, &refused].map(|request| status.code(&table.preflight(PathMatch::NONE, request)))
    };
    assert_eq!(codes(PreflightStatus::NoContent), [204, 403]);
    assert_eq!(codes(PreflightStatus::Ok), [200, 403]);
    assert_eq!([101, 200, 304, 404].map(applies_to_status), [false, true, true, true]);
}

#[test]
fn bounds_are_exact() {
    let host =
        format!("{}.{}.{}.{}", "a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(61));
    let scheme = "s".repeat(64);
    let longest = format!("{scheme}://{host}:65535");
    assert_eq!((host.len(), longest.len()), (253, 326));
    assert!(Origin::parse(longest.as_bytes()).is_some());
    assert!(Origin::parse(format!("{scheme}://{host}e").as_bytes()).is_none());
    assert!(Origin::parse(format!("s{scheme}://a").as_bytes()).is_none());

    let table = base_table(&list());
    for (length, reason) in [(4096, Reason::PreflightGranted), (4097, Reason::HeadersOverLimit)] {
        let mut request = preflight(A, "PUT", &[]);
        let padded = format!("x-a{}", " ".repeat(length - 3)).leak();
        request.headers.push((RequestHeader::AccessControlRequestHeaders, padded));
        assert_eq!(table.preflight(PathMatch::NONE, &request).reason(), reason, "{length}");
    }
}

#[test]
fn repeated_lines_are_refused() {
    let table = base_table(&list());
    let mut request = preflight(A, "PUT", &[]);
    request.headers.push((RequestHeader::Origin, A));
    assert_eq!(show(&table.preflight(PathMatch::NONE, &request), &request), "OriginRepeated");
    let mut request = preflight(A, "PUT", &[]);
    request.headers.push((RequestHeader::AccessControlRequestMethod, "DELETE"));
    assert_eq!(show(&table.preflight(PathMatch::NONE, &request), &request), "MethodRepeated");
}

#[test]
fn only_what_can_matter_is_in_the_vary_of_a_preflight() {
    let all = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    let table = [
        (list(), all),
        (any(), ""),
        (any().allow_methods(["PUT"]), "Access-Control-Request-Method"),
        (any().allow_headers(["X-A"]), "Access-Control-Request-Headers"),
        (any().allow_origins([A]).allow_credentials(true), all),
    ];
    for (policy, vary) in table {
        let table = base_table(&policy);
        for request in [preflight(A, "PUT", &[]), preflight(EVIL, "B AD", &[])] {
            let decision = table.preflight(PathMatch::NONE, &request);
            assert_eq!(decision.vary().value(), vary);
            assert_eq!(table.vary_value(decision.vary()), vary, "the ready value says the same");
        }
    }
}

fn overlay(base: &LayeredPolicy, settings: &[Setting<'_>]) -> Policy {
    let layer = Override::from_settings(settings, &Source::Base).unwrap();
    base.apply(&layer, &Source::Base, &[]).unwrap().policy().clone()
}

fn origins<'a>(operator: Operator, list: &'a [&'a str]) -> [Setting<'a>; 1] {
    [Setting { key: "allow_origins", operator, value: Value::List(list) }]
}

/// A route of the pattern `/x` unless said otherwise.
struct Route(&'static str, &'static [&'static str], Policy, bool);

fn first<V>(table: &RouteTable<V>) -> RouteId {
    table.routes().next().unwrap()
}

/// Routes of the root, in order.
fn steps<V>(table: &RouteTable<V>) -> Vec<Step> {
    table.routes().map(Step::route).collect()
}

fn route_table(base: &PolicyBuilder, routes: &[Route]) -> RouteTable<String> {
    let specs: Vec<RouteSpec> = routes
        .iter()
        .map(|Route(pattern, methods, policy, guarded)| {
            let methods = methods.iter().map(|method| method.parse::<Method>().unwrap());
            RouteSpec::new(*pattern, policy.clone()).methods(methods).guarded(*guarded)
        })
        .collect();
    RouteTable::new(&base.build().unwrap(), &specs, str::to_owned)
}

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
        (&steps[..2], "PUT", A, "; allow-methods: GET, PUT; PreflightGranted"),
        (&steps[..2], "DELETE", A, "; allow-methods: DELETE; PreflightGranted"),
        // no route of the table: the base policy answers, and names nothing but the method
        (&steps[..2], "PATCH", A, "; allow-methods: PATCH; PreflightGranted"),
        // another pattern matches too
        (&steps, "PUT", A, "; allow-methods: PUT; PreflightGranted"),
        (&steps, "PATCH", A, "; allow-methods: PATCH; PreflightGranted"),
        (&[], "PATCH", A, "; allow-methods: DELETE, PATCH, PUT; PreflightGranted"),
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
    assert_eq!(shown, format!("allow-origin: {A}; allow-methods: GET, PUT; PreflightGranted"));
}

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
    let with_credentials =
        |answer: &str| answer.replace("; allow-m", "; allow-credentials: true; allow-m");
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
    let list = "PATCH, PUT; PreflightGranted";
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

/// What a service between two routes takes is not promised in the answer for one of them.
#[test]
fn methods_behind_a_service_outside_of_the_table_are_not_listed() {
    let base = Policy::builder().allow_origins([A]);
    let wide = overlay(&base.build_layered().unwrap(), &origins(Operator::Add, &[EVIL]));
    let routes = [Route("/x", &["PUT"], wide.clone(), false), Route("/x", &["PATCH"], wide, false)];
    let table = route_table(&base, &routes);
    let [put, patch] = steps(&table)[..] else { panic!("two routes") };
    let rows: [(&[Step], &str); 4] = [
        (&[put, patch], "PATCH, PUT"),
        (&[put, patch, Step::other()], "PATCH, PUT"),
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

/// Its own guard must not cost a route its preflight.
#[test]
fn a_guarded_route_under_the_base_policy_is_granted() {
    let base = Policy::builder().allow_origins([A]);
    let own = base.build().unwrap();
    let table = route_table(&base, &[Route("/x", &["PUT"], own, true)]);
    let steps = steps(&table);
    let request = preflight(A, "PUT", &[]);
    let shown = show(&table.preflight(PathMatch::certain(&steps), &request), &request);
    assert_eq!(shown, format!("allow-origin: {A}; allow-methods: PUT; PreflightGranted"));
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

#[test]
fn without_origin_routes_differ_in_what_is_open_to_all() {
    let listed = || Policy::builder().allow_origins([A]);
    let open = || Policy::builder().allow_origins(["*"]);
    let disabled = open().build_layered().unwrap();
    let disabled = disabled.apply(&Override::disable(), &Source::Base, &[]).unwrap();
    let of = |builder: PolicyBuilder| builder.build().unwrap();
    let rows: [(&str, PolicyBuilder, Policy, bool); 8] = [
        ("the same", listed(), of(listed()), true),
        ("other origins", listed(), of(Policy::builder().allow_origins([EVIL])), true),
        ("credentials", listed(), of(listed().allow_credentials(true)), true),
        ("exposed to some", listed(), of(listed().expose_headers(["X-E"])), true),
        ("opened", listed(), of(open()), false),
        ("exposed to all", open(), of(open().expose_headers(["X-E"])), false),
        ("other methods, open", open(), of(open().allow_methods(["PUT"])), true),
        ("closed", open(), disabled.policy().clone(), false),
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
    assert_eq!(shown, format!("allow-origin: {A}; allow-methods: GET, PUT; PreflightGranted"));
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
            format!("allow-origin: {A}; HeaderNotAllowed"),
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

/// `authorization, X-A ,,x-b` came back with its empty element.
#[test]
fn a_list_that_no_browser_writes_is_written_anew() {
    let table = base_table(&list().allow_headers(["*"]).allow_credentials(true));
    let rows: [(&[&str], &str); 5] = [
        (&["authorization,x-a,x-b"], "authorization,x-a,x-b"),
        (&["authorization, X-A ,,x-b"], "authorization,X-A,x-b (anew)"),
        (&["x-b", "x-a"], "x-b,x-a (anew)"),
        (&["x-a", ""], "x-a (anew)"),
        (&["x-b,x-a"], "x-b,x-a (anew)"),
    ];
    for (lines, names) in rows {
        let request = preflight(A, "PUT", lines);
        let answer = show(&table.preflight(PathMatch::NONE, &request), &request);
        assert!(answer.contains(&format!("; allow-headers: {names};")), "{answer}");
    }
    let request = preflight(A, "PUT", &[" ,,"]);
    let answer = show(&table.preflight(PathMatch::NONE, &request), &request);
    assert!(answer.contains("PreflightGranted") && !answer.contains("allow-headers"), "{answer}");
}

/// The same where several policies have to agree, so that the names are repeated although all are listed.
#[test]
fn names_that_several_policies_allow_are_written_anew_as_well() {
    let other = list().expose_headers(["X-Other"]).max_age(std::time::Duration::from_secs(5));
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
            assert!(own.reachable(matches, "PUT").all(|reached| reached != Some(route)));
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
                list().max_age(std::time::Duration::ZERO).allow_credentials(first).build().unwrap(),
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

/// Intermediaries may split a list into lines.
#[test]
fn all_lines_of_requested_headers_are_read() {
    let table = base_table(&list());
    for (lines, reason) in [
        (["x-a", "authorization"], Reason::PreflightGranted),
        (["x-a", "x-other"], Reason::HeaderNotAllowed),
        (["x-other", "x-a"], Reason::HeaderNotAllowed),
        (["x-a", "x a"], Reason::HeadersMalformed),
    ] {
        let decision = table.preflight(PathMatch::NONE, &preflight(A, "PUT", &lines));
        assert_eq!(decision.reason(), reason, "{lines:?}");
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
        "allow-origin: {EVIL}; allow-methods: PURGE; allow-headers: X-Own; max-age: 7; PreflightGranted"
    );
    assert_eq!(show(&table.preflight(matches, &request), &request), granted);
    let shared = format!("allow-origin: {EVIL}; expose-headers: X-Own-Exposed; OriginAllowed");
    let origin = Presented::One(EVIL.as_bytes());
    assert_eq!(show(&table.actual(matches, "PURGE", origin), &request), shared);
    assert_eq!(show(&table.actual_at(first(&table), origin), &request), shared);
}

/// A browser has surely asked before it sends another method to another origin than the page's.
#[test]
fn which_requests_have_had_a_preflight() {
    let rows: &[(&str, &[&str], Option<&str>, bool)] = &[
        ("PUT", &[A], Some("b.example"), true),
        ("DELETE", &["https://a.example:8443"], Some("a.example"), true),
        ("put", &[A], Some("b.example"), true),
        ("PUT", &[A], None, true),
        ("GET", &[A], Some("b.example"), false),
        ("HEAD", &[A], Some("b.example"), false),
        ("POST", &[A], Some("b.example"), false),
        // its own origin, as far as the host tells
        ("PUT", &[A], Some("a.example"), false),
        ("PUT", &["http://a.example"], Some("a.example"), false),
        ("PUT", &["https://a.example:8443"], Some("a.example:8443"), false),
        // nothing is known of where it comes from
        ("PUT", &["null"], Some("b.example"), false),
        ("PUT", &["://"], Some(""), false),
        ("PUT", &["a.example"], Some("b.example"), false),
        ("PUT", &[], Some("b.example"), false),
        ("PUT", &[A, A], Some("b.example"), false),
    ];
    for (method, origins, host, expected) in rows {
        let headers = origins.iter().map(|origin| (RequestHeader::Origin, *origin)).collect();
        let request = Request { method, headers };
        let found = needs_preflight(&request, || host.map(str::as_bytes));
        assert_eq!(found, *expected, "{method} {origins:?} to {host:?}");
    }
}

#[test]
fn every_reason_has_its_own_words() {
    let reasons = [
        Reason::NoOrigin,
        Reason::AnyOrigin,
        Reason::OriginAllowed,
        Reason::PreflightGranted,
        Reason::Disabled,
        Reason::OriginMalformed,
        Reason::OriginRepeated,
        Reason::OriginNotAllowed,
        Reason::MethodMalformed,
        Reason::MethodRepeated,
        Reason::PathOverLimit,
        Reason::RouteUnknown,
        Reason::PathNotRouted,
        Reason::MethodNotRouted,
        Reason::MethodNotAllowed,
        Reason::HeadersMalformed,
        Reason::HeadersOverLimit,
        Reason::HeaderNotAllowed,
    ];
    let words: std::collections::BTreeSet<String> =
        reasons.iter().map(ToString::to_string).filter(|text| !text.is_empty()).collect();
    assert_eq!(words.len(), reasons.len());
}

/// Two decisions are the same if every part is.
#[test]
fn decisions_are_compared_in_all_parts() {
    let own = |builder: PolicyBuilder| base_table(&builder);
    let (usual, other) = (own(list()), own(list().expose_headers(["X-Other"])));
    let (open, debug) = (own(any()), base_table(&list()).debug(true));
    let refused = preflight(A, "PUT", &["x-other"]);
    let origin = Presented::One(A.as_bytes());
    let decisions = || {
        vec![
            usual.actual(PathMatch::NONE, "GET", origin),
            other.actual(PathMatch::NONE, "GET", origin),
            open.actual(PathMatch::NONE, "GET", origin),
            usual.actual(PathMatch::NONE, "GET", Presented::Absent),
            usual.actual(PathMatch::NONE, "GET", Presented::One(EVIL.as_bytes())),
            usual.preflight(PathMatch::NONE, &refused),
            debug.preflight(PathMatch::NONE, &refused),
            // the same reason and no header, and it depends on less
            usual.preflight(PathMatch::NONE, &preflight(EVIL, "PUT", &[])),
        ]
    };
    for (number, one) in decisions().iter().enumerate() {
        for (other_number, other) in decisions().iter().enumerate() {
            assert_eq!(one == other, number == other_number, "{one:?} {other:?}");
        }
    }
}

/// Where a guard keeps a request from its only route, the router answers under the base policy, which counts
/// the route's method.
#[test]
fn what_a_guard_keeps_away_counts_with_the_method_of_its_route() {
    let base = Policy::builder().allow_origins([A]);
    let own = Policy::builder().allow_origins([A]).expose_headers(["X-Own"]).build().unwrap();
    let table = route_table(&base, &[Route("/a", &["PUT"], own, true)]);
    let steps = steps(&table);
    for (method, is_granted) in [("PUT", true), ("DELETE", false)] {
        let decision = table.preflight(PathMatch::certain(&steps), &preflight(A, method, &[]));
        assert_eq!(decision.is_granted(), is_granted, "{method}");
    }
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
    assert_eq!(answer, format!("allow-origin: {A}; allow-methods: DELETE, PUT; PreflightGranted"));
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
        (PathMatch::certain(both), "DELETE, PUT"),
        (PathMatch::certain(&put), "PUT"),
        (PathMatch::certain(&with_other), "PUT"),
        (PathMatch::certain(both).or(&both_again), "DELETE, PUT"),
        // another form that runs nothing
        (PathMatch::certain(both).or(&ends), "DELETE, PUT"),
        (PathMatch::certain(both).or(&plain), "PUT"),
    ];
    for (matches, listed) in rows {
        let request = preflight(A, "PUT", &[]);
        let answer = show(&table.preflight(matches, &request), &request);
        assert!(answer.contains(&format!("; allow-methods: {listed};")), "{listed}: {answer}");
    }
}

#[test]
fn the_base_policy_allows_safelisted_methods_and_those_that_it_lists() {
    let listing = base_table(&list());
    let bare = base_table(&Policy::builder().allow_origins([A]));
    for (method, by_list, by_bare) in
        [("GET", true, true), ("PUT", true, false), ("put", false, false), ("PURGE", false, false)]
    {
        let found = (listing.base_allows_method(method), bare.base_allows_method(method));
        assert_eq!(found, (by_list, by_bare), "{method}");
    }
}

/// Whether a route serves the method matters then, although any would be allowed.
#[test]
fn a_strict_answer_depends_on_the_method() {
    let request = preflight(A, "PUT", &[]);
    for (is_strict, vary) in [(false, ""), (true, "Access-Control-Request-Method")] {
        let table = base_table(&any()).strict(is_strict);
        let decision = table.preflight(PathMatch::NONE, &request);
        assert_eq!(decision.vary().value(), vary);
    }
}
