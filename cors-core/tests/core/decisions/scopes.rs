//! What is no route of the table: under the base policy, or under that of the scope that a step names.

use cors_core::{PathMatch, Policy, Presented, Reason, RouteTable, Step};

use super::{A, Request, any_of, base_table, preflight, show};

const ADMIN: &str = "https://admin.example";

/// The base policy is for `A`, the scope's for `ADMIN`, with credentials and PUT.
fn table() -> RouteTable<String> {
    let base = Policy::builder().allow_origins([A]).build().unwrap();
    let admin = Policy::builder()
        .allow_origins([ADMIN])
        .allow_methods(["PUT"])
        .allow_headers(["X-A"])
        .expose_headers(["ETag"])
        .allow_credentials(true)
        .build()
        .unwrap();
    RouteTable::with_scopes(&base, &[], &[admin], str::to_owned)
}

#[test]
fn a_step_is_answered_by_its_scope() {
    let table = table();
    let scope = table.scopes().next();
    let (other, end) = (Step::other(), Step::fallback());
    let granted = format!(
        "allow-origin: {ADMIN}; allow-credentials: true; allow-methods: GET, HEAD, POST, PUT; \
         allow-headers: X-A; \
         PreflightGranted"
    );
    let granted_again = granted.clone();
    let both = "OriginNotAllowed".to_owned();
    let rows = [
        ([other.under(scope)].to_vec(), granted.clone()),
        (vec![end.under(scope)], granted.clone()),
        // the scope has no guard, or a plain route in it may take the request
        (vec![end.under(scope).continue_at(usize::MAX), other], granted.clone()),
        (vec![other.under(scope), end.under(scope)], granted),
        // it may have one, and what comes after has the base policy
        (vec![end.under(scope), other], both.clone()),
        (vec![other.under(scope), other], both.clone()),
        (vec![other], both.clone()),
        // it runs nothing that browsers ask for
        (vec![end.under(scope), Step::read_only()], granted_again),
        (vec![Step::read_only().under(scope), other], both.clone()),
        (vec![Step::read_only()], both.clone()),
        (vec![end], both.clone()),
        (vec![], both),
    ];
    for (steps, expected) in rows {
        let request = preflight(ADMIN, "PUT", &["x-a"]);
        let decision = table.preflight(PathMatch::certain(&steps), &request);
        assert_eq!(show(&decision, &request), expected, "{steps:?}");
    }
}

#[test]
fn a_response_gets_what_its_scope_allows() {
    let table = table();
    let scope = table.scopes().next();
    let rows = [
        (vec![Step::fallback().under(scope)], ADMIN, true),
        (vec![Step::fallback().under(scope)], A, false),
        (vec![Step::fallback()], A, true),
        (vec![Step::other().under(scope), Step::other()], A, false),
        (vec![Step::other().under(scope), Step::other()], ADMIN, false),
    ];
    for (steps, origin, is_shared) in rows {
        let matches = PathMatch::certain(&steps);
        let decision = table.actual(matches, "GET", Presented::One(origin.as_bytes()));
        assert_eq!(decision.is_shared(), is_shared, "{origin} {steps:?}");
    }
}

/// The base policy is the same for all, the scope's is not.
#[test]
fn a_cache_is_told_what_the_scope_s_answer_depends_on() {
    let own = any_of(&[A]).build().unwrap();
    let table =
        RouteTable::with_scopes(&any_of(&["*"]).build().unwrap(), &[], &[own], str::to_owned);
    let scoped = [Step::other().under(table.scopes().next())];
    let request = preflight(A, "PUT", &[]);
    let vary = |matches| table.preflight(matches, &request).vary().value();
    let asked = "Access-Control-Request-Method, Access-Control-Request-Headers";
    assert_eq!(vary(PathMatch::NONE), asked);
    assert_eq!(vary(PathMatch::certain(&scoped)), format!("Origin, {asked}"));
}

#[test]
fn a_scope_of_another_table_allows_nothing() {
    let (table, other) = (table(), table());
    let steps = [Step::other().under(other.scopes().next())];
    let matches = PathMatch::certain(&steps);
    for origin in [A, ADMIN] {
        let request: Request = preflight(origin, "GET", &[]);
        assert_eq!(table.preflight(matches, &request).reason(), Reason::RouteUnknown);
        let origin = Presented::One(origin.as_bytes());
        assert_eq!(table.actual(matches, "GET", origin).reason(), Reason::RouteUnknown);
        let scope = other.scopes().next().unwrap();
        assert_eq!(table.actual_under(scope, origin).reason(), Reason::RouteUnknown);
    }
    assert_eq!(base_table(&Policy::builder()).scopes().count(), 0);
}
