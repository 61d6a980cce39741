//! Tables of routes and scopes.

use std::time::Duration;

use cors_core::{
    Comparison, LayeredPolicy, Override, OverrideBuilder, PolicyBuilder, Report, RouteReport,
    ScopeReport, Source,
};

use super::{A, B, consenting};

/// A table in the making.
struct Table {
    base: LayeredPolicy,
    scopes: Vec<ScopeReport>,
    routes: Vec<RouteReport>,
}

fn table(base: &PolicyBuilder) -> Table {
    let base = base.build_layered().unwrap();
    Table { base, scopes: Vec::new(), routes: Vec::new() }
}

fn a() -> Table {
    table(&consenting(&[A]))
}

fn adds(origin: &str) -> OverrideBuilder {
    Override::builder().add_allow_origins([origin])
}

fn nothing() -> OverrideBuilder {
    Override::builder()
}

impl Table {
    fn with(&self, layer: &OverrideBuilder) -> LayeredPolicy {
        let layer = layer.build(&Source::Here).unwrap();
        self.base.apply(&layer, &Source::Here, &[]).unwrap()
    }

    fn route(mut self, methods: &str, pattern: &str, layer: &OverrideBuilder) -> Self {
        let methods = methods.split(' ').map(str::to_owned).collect();
        let policy = self.with(layer);
        self.routes.push(RouteReport::new(pattern, methods, Source::Here, policy));
        self
    }

    fn scope(mut self, path: &str, layer: &OverrideBuilder) -> Self {
        let policy = self.with(layer);
        self.scopes.push(ScopeReport::new(path, Source::Here, policy));
        self
    }

    fn unrouted(mut self, path: &str, layer: &OverrideBuilder) -> Self {
        let policy = self.with(layer);
        self.scopes.push(ScopeReport::new(path, Source::Here, policy).of_unrouted_only());
        self
    }

    fn report(self) -> Report {
        Report::new(self.base, self.routes).scopes(self.scopes)
    }
}

#[track_caller]
fn assert_lines(before: Table, now: Table, expected: &[&str]) {
    let found = Comparison::of_reports(&before.report(), &now.report());
    assert_eq!(found.to_string().lines().collect::<Vec<_>>(), expected);
    assert_eq!(found.is_empty(), expected.is_empty());
}

#[test]
fn a_change_of_the_base_policy_is_told_wherever_it_counts() {
    let lay = |base: Table| {
        base.scope("/api", &nothing())
            .unrouted("/api/x", &nothing())
            .route("GET PUT", "/api/users/{id}", &nothing())
            .route("GET", "/own", &Override::builder().allow_origins([A]))
    };
    assert_lines(lay(a()), lay(a()), &[]);
    let wider = "wider: https://b.example may read responses (allow_origins)";
    assert_lines(
        lay(a()),
        lay(table(&consenting(&[A, B]))),
        &[
            &format!("base policy: {wider}"),
            &format!("everything below /api: {wider}"),
            &format!("no route below /api/x: {wider}"),
            &format!("GET, PUT /api/users/{{id}}: {wider}"),
        ],
    );
}

#[test]
fn methods_with_the_same_change_share_a_line() {
    let before = a()
        .route("GET PUT DELETE", "/x", &nothing())
        .route("PATCH", "/x", &nothing())
        .route("PUT", "/users/{id}", &nothing());
    let now = a()
        .route("GET", "/x", &nothing())
        .route("PUT PATCH", "/x", &adds(B))
        .route("DELETE", "/x", &adds(B).max_age(Duration::from_secs(60)))
        .route("PUT", "/users/{id}", &adds("https://evil.example"));
    assert_lines(
        before,
        now,
        &[
            "PUT, PATCH /x: wider: https://b.example may read responses (allow_origins)",
            "DELETE /x: wider: https://b.example may read responses (allow_origins)",
            "DELETE /x: changed: preflights may be remembered for 60 s, not 5 s (max_age)",
            "PUT /users/{id}: wider: https://evil.example may read responses (allow_origins)",
        ],
    );
}

/// Without `allow_methods`, a route allows what it serves; with it, what it serves of those.
#[test]
fn methods_are_those_that_the_route_serves() {
    let of =
        |methods: &[&str]| a().route("GET PUT", "/x", &Override::builder().allow_methods(methods));
    let unset = || a().route("GET PUT", "/x", &nothing());
    assert_lines(unset(), of(&["PUT"]), &[]);
    assert_lines(unset(), of(&["PUT", "DELETE"]), &[]);
    assert_lines(of(&["*"]), unset(), &[]);
    assert_lines(
        unset(),
        of(&["DELETE"]),
        &["GET, PUT /x: narrower: https://a.example may no longer send PUT (allow_methods)"],
    );
    // where no preflight is granted, none can ask for a header or be remembered
    let put = |methods: &[&str], headers: &[&str]| {
        let minutes = Duration::from_secs(60 * u64::try_from(headers.len()).unwrap());
        let layer = Override::builder().allow_methods(methods).allow_headers(headers);
        let layer = layer.max_age(minutes);
        a().route("PUT", "/x", &layer)
    };
    assert_lines(put(&["DELETE"], &[]), put(&["DELETE"], &["X-A"]), &[]);
    assert_lines(
        put(&["PUT"], &[]),
        put(&["PUT"], &["X-A"]),
        &[
            "PUT /x: wider: https://a.example may send the header X-A (allow_headers)",
            "PUT /x: changed: preflights may be remembered for 60 s, not 0 s (max_age)",
        ],
    );
}

/// Two routes may leave it to another layer and still differ in whether their methods are known.
#[test]
fn a_new_route_that_is_left_to_another_layer_as_before_is_no_difference() {
    let external = || table(&consenting(&[]).external(true));
    assert_lines(external(), external().route("PUT", "/x", &nothing()), &[]);
}

#[test]
fn routes_whose_methods_are_not_known_may_have_any() {
    let of = |methods: &[&str]| a().route("*", "/x", &Override::builder().allow_methods(methods));
    // of a route whose methods are not known it is not known that it serves one
    let unset = a().route("*", "/x", &nothing());
    assert_lines(
        unset,
        of(&["PUT"]),
        &["* /x: wider: https://a.example may send PUT (allow_methods)"],
    );
    assert_lines(
        of(&["PUT"]),
        of(&["PUT", "DELETE"]),
        &["* /x: wider: https://a.example may send DELETE (allow_methods)"],
    );
    assert_lines(
        of(&["PUT"]),
        of(&["*"]),
        &["* /x: wider: https://a.example may send PATCH (allow_methods)"],
    );
}

/// The second of either method goes with one route, and what is left of them is two.
#[test]
fn methods_that_are_compared_with_other_routes_do_not_share_a_line() {
    let single = || a().route("GET", "/x", &nothing()).route("PUT", "/x", &nothing());
    let narrower = "narrower: https://b.example may no longer read responses (allow_origins)";
    assert_lines(
        single().route("GET PUT", "/x", &adds(B)),
        single(),
        &[
            &format!("GET /x (gone, now as GET /x): {narrower}"),
            &format!("PUT /x (gone, now as PUT /x): {narrower}"),
        ],
    );
}

#[test]
fn a_new_route_is_compared_with_what_answered_before_and_a_gone_one_with_what_answers_now() {
    let rows = [
        // methods of a plain route are not known, so that preflights for them were refused
        (
            a(),
            a().route("GET PUT", "/x", &nothing()),
            ["GET, PUT /x (new, before as base policy): wider: https://a.example may send PUT \
             (allow_methods)"]
            .as_slice(),
        ),
        (a(), a().route("GET", "/x", &nothing()), &[]),
        (
            a(),
            a().route("GET", "/x", &adds(B)),
            &["GET /x (new, before as base policy): wider: https://b.example may read responses \
             (allow_origins)"],
        ),
        (
            a().route("GET", "/x", &adds(B)),
            a(),
            &["GET /x (gone, now as base policy): narrower: https://b.example may no longer read \
             responses (allow_origins)"],
        ),
        // the innermost scope counts, and one of what no route takes does not
        (
            a().scope("/api", &nothing())
                .scope("/api/v1", &adds(B))
                .unrouted("/api/v1/x", &nothing()),
            a().scope("/api", &nothing())
                .scope("/api/v1", &adds(B))
                .unrouted("/api/v1/x", &nothing())
                .route("GET", "/api/v1/x/y", &nothing())
                .route("GET", "/api/v2", &adds(B)),
            &[
                "GET /api/v1/x/y (new, before as everything below /api/v1): narrower: \
                 https://b.example may no longer read responses (allow_origins)",
                "GET /api/v2 (new, before as everything below /api): wider: https://b.example may read \
                 responses (allow_origins)",
            ],
        ),
        // another route of the pattern
        (
            a().route("*", "/x", &adds(B)),
            a().route("*", "/x", &adds(B)).route("GET", "/x", &nothing()),
            &[
                "GET /x (new, before as * /x): narrower: https://b.example may no longer read responses \
             (allow_origins)",
            ],
        ),
        // the second of the same
        (
            a().route("GET", "/x", &nothing()).route("GET", "/x", &adds(B)),
            a().route("GET", "/x", &nothing()),
            &[
                "GET /x (gone, now as GET /x): narrower: https://b.example may no longer read responses \
                 (allow_origins)",
            ],
        ),
        // one of what no route takes does not count for plain routes in another scope
        (
            a().unrouted("/api", &adds(B)),
            a().unrouted("/api", &adds(B)).scope("/api/v1", &adds(B)),
            &[
                "everything below /api/v1 (new, before as base policy): wider: https://b.example may \
                 read responses (allow_origins)",
            ],
        ),
        (
            a(),
            a().scope("/api", &adds(B)),
            &[
                "everything below /api (new, before as base policy): wider: https://b.example may read \
             responses (allow_origins)",
            ],
        ),
        (
            a().scope("/api", &adds(B)).unrouted("/api", &nothing()),
            a().scope("/api", &adds(B)),
            &[
                "no route below /api (gone, now as everything below /api): wider: https://b.example may \
                 read responses (allow_origins)",
            ],
        ),
        (
            a().scope("/api", &nothing()).scope("/api/v1", &adds(B)),
            a().scope("/api", &nothing()),
            &["everything below /api/v1 (gone, now as everything below /api): narrower: \
                 https://b.example may no longer read responses (allow_origins)"],
        ),
    ];
    for (before, now, expected) in rows {
        assert_lines(before, now, expected);
    }
}

/// Guards tell them apart, of which nothing is known here.
#[test]
fn routes_of_one_pattern_and_method_are_compared_in_order() {
    let lay = |first: &OverrideBuilder, second: &OverrideBuilder| {
        a().route("GET", "/x", first).route("GET", "/x", second)
    };
    assert_lines(lay(&adds(B), &nothing()), lay(&adds(B), &nothing()), &[]);
    assert_lines(
        lay(&adds(B), &nothing()),
        lay(&nothing(), &adds(B)),
        &[
            "GET /x: narrower: https://b.example may no longer read responses (allow_origins)",
            "GET /x: wider: https://b.example may read responses (allow_origins)",
        ],
    );
}
