//! Credentials for some origins only: each asking origin sees one of two policies.

use cors_core::{
    Credentials, Override, PathMatch, Policy, PolicyBuilder, Presented, RequestHead, RequestHeader,
    Source, Step,
};

use super::{A, EVIL, Request, Route, any, base_table, list, preflight, route_table, show, steps};

const PUBLIC: &str = "https://b.example:8443";

fn actual(origins: &[&'static str]) -> Request {
    let headers = origins.iter().map(|value| (RequestHeader::Origin, *value)).collect();
    Request { method: "GET", headers }
}

#[test]
fn a_listed_origin_is_answered_by_name_and_others_without_credentials() {
    let open = || any().allow_credentials([A]).expose_headers(["X-E"]);
    let named =
        format!("allow-origin: {A}; allow-credentials: true; expose-headers: X-E; OriginAllowed");
    let anonymous = "allow-origin: *; expose-headers: X-E; AnyOrigin";
    let listed = || list().allow_credentials([A, "https://x.c.example"]);
    let without = format!("allow-origin: {PUBLIC}; expose-headers: X-E; OriginAllowed");
    let rows: Vec<(PolicyBuilder, Vec<&str>, &str)> = vec![
        (open(), vec![A], &named),
        (open(), vec![EVIL], anonymous),
        (open(), vec![], anonymous),
        (open(), vec!["https://a.example.evil"], anonymous),
        (open(), vec!["null"], anonymous),
        (open(), vec![A, A], anonymous),
        (listed(), vec![A], &named),
        (listed(), vec![PUBLIC], &without),
        (listed(), vec![EVIL], "OriginNotAllowed"),
        // it may send cookies, and it may not ask
        (listed(), vec!["https://x.c.example"], "OriginNotAllowed"),
        (listed(), vec![], "NoOrigin"),
    ];
    for (policy, origins, answer) in rows {
        let request = actual(&origins);
        let table = base_table(&policy);
        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let decision = table.actual(PathMatch::NONE, "GET", origin);
        assert_eq!(show(&decision, &request), answer, "{origins:?}");
        assert_eq!(decision.vary().value(), "Origin", "{origins:?}");
    }
}

#[test]
fn no_preflight_of_a_listed_origin_gets_a_star() {
    let policy = any().allow_credentials([A]);
    let table = base_table(&policy).debug(true);
    for (origin, header) in [(A, "x-a"), (A, "cookie"), (EVIL, "x-a")] {
        let request = preflight(origin, "PURGE", &[header]);
        let decision = table.preflight(PathMatch::NONE, &request);
        let answer = show(&decision, &request);
        assert_eq!(answer.contains('*'), origin == EVIL, "{answer}");
        assert_eq!(answer.contains("allow-credentials"), origin == A, "{answer}");
        let all = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        assert_eq!(decision.vary().value(), all);
    }
}

/// The lists of two policies, who asks, whether it is named and has credentials.
type Row<'a> = ([&'a [&'a str]; 2], &'static str, [bool; 2]);

/// Where several routes could serve a request, each of them has to have credentials for the origin.
#[test]
fn credentials_have_to_be_those_of_every_route_that_could_serve() {
    let of = |credentials: &[&str]| any().allow_credentials(credentials).build().unwrap();
    let rows: [Row<'_>; 5] = [
        ([&[A], &[A]], A, [true, true]),
        ([&[A], &[EVIL]], A, [true, false]),
        ([&[A], &[]], A, [true, false]),
        ([&[A], &[EVIL, A]], A, [true, true]),
        ([&[A], &[A]], EVIL, [false, false]),
    ];
    for ([one, other], origin, [is_named, has_credentials]) in rows {
        let routes =
            [Route("/x", &["PUT"], of(one), true), Route("/x", &["PUT"], of(other), false)];
        let table = route_table(&any(), &routes);
        let steps: Vec<Step> = steps(&table);
        let matches = PathMatch::certain(&steps);
        let request = preflight(origin, "PUT", &["x-a"]);
        let granted = show(&table.preflight(matches, &request), &request);
        let shared =
            show(&table.actual(matches, "PUT", Presented::One(origin.as_bytes())), &request);
        for answer in [granted, shared] {
            assert_eq!(answer.contains(&format!("allow-origin: {origin}")), is_named, "{answer}");
            assert_eq!(answer.contains("allow-credentials: true"), has_credentials, "{answer}");
            assert!(!answer.contains("Not"), "{answer}");
        }
    }
}

#[test]
fn layers_replace_the_list_as_a_whole() {
    let base = any().allow_credentials([A]).build_layered().unwrap();
    let lay = |layer: cors_core::OverrideBuilder| {
        let layer = layer.build(&Source::Here).unwrap();
        base.apply(&layer, &Source::Here, &[]).map(|own| own.policy().allow_credentials().clone())
    };
    let own = || Override::builder();
    assert_eq!(
        lay(own()).unwrap(),
        *any().allow_credentials([A]).build().unwrap().allow_credentials()
    );
    assert_eq!(lay(own().allow_credentials([EVIL])).unwrap().to_string(), EVIL);
    assert_eq!(lay(own().allow_credentials(false)).unwrap(), Credentials::Never);
    assert_eq!(lay(own().allow_credentials(Vec::<String>::new())).unwrap(), Credentials::Never);
    assert_eq!(lay(own().allow_origins([A]).allow_credentials(true)).unwrap(), Credentials::Always);
    assert!(lay(own().allow_credentials(true)).unwrap_err().to_string().starts_with("[CORS019]"));
    assert!(lay(own().expose_headers(["*"])).unwrap_err().to_string().starts_with("[CORS020]"));
    let off: Policy =
        base.apply(&Override::disable(), &Source::Here, &[]).unwrap().policy().clone();
    assert!(off.allow_credentials().is_never());
}
