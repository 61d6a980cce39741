//! Requests where only the base policy counts.

use cors_core::{
    Origin, PathMatch, Policy, PolicyBuilder, PreflightStatus, Presented, Reached, Reason,
    RequestHead, RequestHeader, SentTo, applies_to_status, is_preflight, needs_preflight,
};

use super::{A, EVIL, Request, any, any_of, base_table, list, listed, preflight, show};

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
    let safelisted = format!("allow-origin: {A}; allow-methods: GET, HEAD, POST; PreflightGranted");
    let put = safelisted.replace("POST", "POST, PUT");
    let sessions = || any_of(&[A]).allow_credentials(true);
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
        (bare(), preflight(A, "POST", &[]), safelisted.clone()),
        // Firefox and WebKit ask so after a redirect that has made a GET of another method
        (bare(), preflight(A, "GET", &[]), safelisted.clone()),
        (bare().allow_methods(["PUT"]), preflight(A, "GET", &[]), put),
        (bare().allow_methods(["HEAD"]), preflight(A, "GET", &[]), safelisted),
        (bare(), preflight(A, "PUT", &[]), "MethodNotAllowed".into()),
        (
            any(),
            preflight(EVIL, "PROPFIND", &["authorization"]),
            "allow-origin: *; allow-methods: *, GET, HEAD, POST; allow-methods: PROPFIND; \
             allow-headers: *, Authorization; allow-headers: authorization; PreflightGranted"
                .into(),
        ),
        (
            any(),
            preflight(EVIL, "HEAD", &[]),
            "allow-origin: *; allow-methods: *, GET, HEAD, POST; allow-headers: *, Authorization; \
             PreflightGranted"
                .into(),
        ),
        // no browser writes it so, and `*` is enough
        (
            any(),
            preflight(EVIL, "HEAD", &["X-B, x-a"]),
            "allow-origin: *; allow-methods: *, GET, HEAD, POST; allow-headers: *, Authorization; \
             PreflightGranted"
                .into(),
        ),
        (any(), preflight(A, "GET", &["cookie"]), "HeaderNotAllowed".into()),
        (any(), preflight(A, "TRACE", &[]), "MethodMalformed".into()),
        (
            sessions(),
            preflight(A, "PROPFIND", &["x-a,x-b"]),
            format!(
                "allow-origin: {A}; allow-credentials: true; allow-methods: GET, HEAD, POST; \
                 allow-methods: PROPFIND; \
                 allow-headers: x-a,x-b; PreflightGranted"
            ),
        ),
        (
            sessions(),
            preflight(A, "PROPFIND", &[]),
            format!(
                "allow-origin: {A}; allow-credentials: true; allow-methods: GET, HEAD, POST; \
                 allow-methods: PROPFIND; \
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
    let asked = "Access-Control-Request-Method, Access-Control-Request-Headers";
    let table = [
        (list(), all),
        // what was asked is named beside `*`
        (any(), asked),
        (any_of(&[A]).allow_credentials(true), all),
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

/// `authorization, X-A ,,x-b` came back with its empty element.
#[test]
fn a_list_that_no_browser_writes_is_written_anew() {
    let any_header =
        Policy::builder().allow_origins([A]).allow_methods(["PUT"]).allow_headers(["*"]);
    let table = base_table(&any_header.allow_credentials(true));
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
        ("PUT", &[A], Some("a.example:443"), false),
        ("PUT", &["http://a.example"], Some("a.example:80"), false),
        ("PUT", &["http://a.example"], Some("a.example:443"), true),
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
        let host = host.map(str::as_bytes);
        let found = needs_preflight(&request, || SentTo { host, fetch_site: None });
        assert_eq!(found, *expected, "{method} {origins:?} to {host:?}");
    }
}

/// A proxy that sends the name of its back end in `Host` made each request look like one of another origin.
#[test]
fn the_browser_itself_says_whether_a_request_is_of_the_same_origin() {
    let rows = [
        ("same-origin", "back-end.internal", false),
        ("none", "back-end.internal", false),
        ("same-site", "a.example", true),
        ("cross-site", "a.example", true),
        // no value that a browser sends
        ("Same-Origin", "back-end.internal", true),
        ("", "a.example", false),
    ];
    for (site, host, expected) in rows {
        let request = Request { method: "PUT", headers: vec![(RequestHeader::Origin, A)] };
        let sent_to = SentTo { host: Some(host.as_bytes()), fetch_site: Some(site.as_bytes()) };
        assert_eq!(needs_preflight(&request, || sent_to), expected, "{site} to {host}");
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
        Reason::External,
        Reason::ExternalInPart,
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
        Reason::CredentialsNotAllowed,
    ];
    let words: std::collections::BTreeSet<String> =
        reasons.iter().map(ToString::to_string).filter(|text| !text.is_empty()).collect();
    assert_eq!(words.len(), reasons.len());
}

/// Two decisions are the same if every part is.
#[test]
fn decisions_are_compared_in_all_parts() {
    let own = |builder: PolicyBuilder| base_table(&builder);
    let (usual, other) = (own(list()), own(listed(&["X-Other"], 600)));
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

#[test]
fn the_base_policy_allows_safelisted_methods_and_those_that_it_lists() {
    let listing = base_table(&list());
    let bare = base_table(&Policy::builder().allow_origins([A]));
    for (method, by_list, by_bare) in
        [("GET", true, true), ("PUT", true, false), ("put", false, false), ("PURGE", false, false)]
    {
        let found = (
            listing.allows_unknown_method(Reached::Base, method),
            bare.allows_unknown_method(Reached::Base, method),
        );
        assert_eq!(found, (by_list, by_bare), "{method}");
    }
}
