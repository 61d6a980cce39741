//! The same requests with more origins and more routes.

use super::suite::Suite;
use crate::{
    case::{Caller, Case, names},
    numbers::grouped,
    policy::Policy,
    routes::{FIRST, Routes},
    subjects::Subject,
};

/// More and more origins.
pub(super) fn origins() -> Suite {
    let cases = [2, 10, 100, 10_000, 1_000_000].into_iter().flat_map(|count| {
        let policy = Policy::new(count);
        let name = |kind: &str| format!("{} origins, {kind}", grouped(count));
        [
            Case::actual(&name("allowed"), policy, Caller::Allowed),
            Case::actual(&name("refused"), policy, Caller::Refused),
            Case::preflight(&name("preflight"), policy, &names(2)),
        ]
    });
    Suite {
        name: "origins",
        subjects: &[
            Subject::Bare,
            Subject::Ours,
            Subject::Floor,
            Subject::ActixCors,
            Subject::TowerBare,
            Subject::Tower,
            Subject::Nothing,
            Subject::Core,
        ],
        cases: cases.collect(),
    }
}

/// More and more origins with patterns of all kinds beside them.
pub(super) fn patterns() -> Suite {
    let cases = [(10, 10), (1_000_000, 10_000)].into_iter().flat_map(|(origins, patterns)| {
        let policy = Policy::new(origins).with_patterns(patterns);
        let name = move |who: &str| {
            format!("{} origins, {} patterns, {who}", grouped(origins), grouped(patterns))
        };
        let by_pattern = policy.callers().map(move |(kind, origin)| {
            let mut case = Case::actual(&name(kind), policy, Caller::Allowed);
            case.replace("origin", &origin);
            case
        });
        let others = [
            Case::actual(&name("listed"), policy, Caller::Allowed),
            Case::actual(&name("refused"), policy, Caller::Refused),
        ];
        by_pattern.chain(others)
    });
    Suite { name: "patterns", subjects: &[Subject::Core], cases: cases.collect() }
}

/// More and more routes with policies of their own.
pub(super) fn routes() -> Suite {
    let scopes = [10, 1_000, 10_000].map(Routes::Scopes);
    let distinct = [10, 10_000].map(Routes::Distinct);
    let others = [Routes::Flat(10), Routes::Api, Routes::DynamicScopes(1_000)];
    let all = others.into_iter().chain(scopes).chain(distinct);
    Suite {
        name: "routes",
        subjects: &[Subject::Bare, Subject::Ours, Subject::Overrides],
        cases: all.flat_map(cases_of).collect(),
    }
}

fn cases_of(routes: Routes) -> Vec<Case> {
    let policy = Policy::new(2);
    let name = |kind: &str| format!("{routes}, {kind}");
    let actual =
        |kind: &str, caller, path: &str| Case::actual(&name(kind), policy, caller).at(routes, path);
    let preflight = |kind: &str, path: &str| {
        let mut case = Case::preflight(&name(kind), policy, &names(2)).at(routes, path);
        case.replace("access-control-request-method", "GET");
        case
    };
    let (last, dynamic) = (routes.last(), routes.dynamic());
    let mut cases = vec![
        actual("allowed, first", Caller::Allowed, FIRST),
        actual("allowed, last", Caller::Allowed, &last),
        preflight("preflight, first", FIRST),
        preflight("preflight, last", &last),
        preflight("preflight, nowhere", &routes.nowhere()),
        preflight("preflight, dynamic", &dynamic),
    ];
    if routes == Routes::Api {
        cases.extend([
            actual("no `Origin`, last", Caller::Own, &last),
            actual("refused, last", Caller::Refused, &last),
            actual("no `Origin`, dynamic", Caller::Own, &dynamic),
            actual("allowed, dynamic", Caller::Allowed, &dynamic),
            actual("refused, dynamic", Caller::Refused, &dynamic),
        ]);
    }
    let expressions = routes.expressions().iter();
    cases.extend(expressions.map(|(kind, path)| preflight(&format!("preflight, {kind}"), path)));
    cases
}

/// Paths that only an attacker sends, of one and a half and of sixty thousand bytes. A request that no
/// scope takes comes to each of the catch-alls, and so may one that a scope takes, if it has a guard.
pub(super) fn paths() -> Suite {
    let cases = [500, 20_000].into_iter().flat_map(|count| {
        let kinds = [("single slashes", "aa/"), ("repeated slashes", "a//")];
        kinds.into_iter().flat_map(move |(kind, segment)| {
            let at = |case: Case, scope: &str| {
                case.at(Routes::CatchAlls, &format!("/{scope}/a/{}", segment.repeat(count)))
            };
            let name = |request: &str| format!("{} {kind}, {request}", grouped(count));
            let actual = Case::actual(&name("GET"), Policy::new(2), Caller::Own);
            let preflight = Case::preflight(&name("preflight"), Policy::new(2), "");
            [at(actual, "x"), at(preflight, "s")]
        })
    });
    Suite { name: "paths", subjects: &[Subject::Bare, Subject::Overrides], cases: cases.collect() }
}

/// What annotated handlers register beside the user's routes, passed by actix's own routing.
pub(super) fn routing() -> Suite {
    let counts = [10, 100, 1_000];
    let all = counts.map(Routes::Flat).into_iter().chain(counts.map(Routes::OneScope));
    let cases = all.map(|routes| {
        let name = format!("{routes}, GET last");
        Case::actual(&name, Policy::new(2), Caller::Own).at(routes, &routes.last())
    });
    Suite {
        name: "routing",
        subjects: &[Subject::Bare, Subject::BareAnnotated],
        cases: cases.collect(),
    }
}
