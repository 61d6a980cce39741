//! `WebSocket` handshakes: the origins of the policy, and the server's own.

use cors_core::{Handshake, PathMatch, Policy, PolicyBuilder, Presented, Reason, RouteTable, Step};

use super::{A, EVIL, Route, any, base_table, list, route_table, steps};

const HOST: &[u8] = b"api.example";

fn open(table: &RouteTable<String>, origin: Presented<&[u8]>, host: Option<&[u8]>) -> bool {
    let decision = table.actual(PathMatch::NONE, "GET", origin);
    Handshake::new(origin, host, None).is_admitted(&decision)
}

#[test]
fn the_origins_of_the_policy_may_open_a_socket() {
    let credentials = || any().allow_credentials([A]);
    let rows: Vec<(PolicyBuilder, &str, bool)> = vec![
        (list(), A, true),
        (list(), EVIL, false),
        (list(), "null", false),
        (list(), "https://a.example/", false),
        (list().allow_credentials(true), A, true),
        (list().allow_credentials(true), EVIL, false),
        // nobody is kept out who may read
        (any(), EVIL, true),
        // a handshake has cookies
        (credentials(), A, true),
        (credentials(), EVIL, false),
        (list().allow_credentials([A]), "https://b.example:8443", false),
        (Policy::builder(), A, false),
        (list().disable(true), A, false),
        (list().external(true), A, false),
    ];
    for (policy, origin, is_admitted) in rows {
        let table = base_table(&policy);
        let presented = Presented::One(origin.as_bytes());
        assert_eq!(open(&table, presented, Some(HOST)), is_admitted, "{origin} {policy:?}");
        assert!(open(&table, Presented::Absent, Some(HOST)), "no browser");
        assert!(!open(&table, Presented::Several, Some(HOST)), "no browser sends it");
        assert!(open(&table, Presented::One(b"https://api.example"), Some(HOST)), "its own page");
    }
}

#[test]
fn the_server_s_own_pages_are_known_by_the_browser_s_word_or_by_the_host() {
    let rows: [(&str, Option<&str>, Option<&str>, bool); 18] = [
        ("https://api.example", Some("api.example"), None, true),
        ("http://api.example", Some("api.example"), None, true),
        ("https://api.example", Some("API.example"), None, true),
        ("https://api.example", Some("api.example:443"), None, true),
        ("http://api.example", Some("api.example:80"), None, true),
        ("https://api.example:8443", Some("api.example:8443"), None, true),
        ("http://[::1]:3000", Some("[::1]:3000"), None, true),
        ("https://api.example", Some("api.example:80"), None, false),
        ("https://api.example:8443", Some("api.example"), None, false),
        ("https://api.example", Some("api.example:8443"), None, false),
        ("https://evil.example", Some("api.example"), None, false),
        ("https://api.example", None, None, false),
        ("null", Some("null"), None, false),
        ("app://api.example", Some("api.example"), None, false),
        ("https://a b", Some("a b"), None, false),
        // behind a proxy that sets another `Host`
        ("https://www.example", Some("backend:8080"), Some("same-origin"), true),
        // a page over http of the same host, put there by somebody on the network
        ("http://api.example", Some("api.example"), Some("cross-site"), false),
        ("https://api.example", Some("api.example"), Some("same-site"), false),
    ];
    let table = base_table(&list());
    for (origin, host, site, is_admitted) in rows {
        let presented = Presented::One(origin.as_bytes());
        let (host, site) = (host.map(str::as_bytes), site.map(str::as_bytes));
        let decision = table.actual(PathMatch::NONE, "GET", presented);
        let handshake = Handshake::new(presented, host, site);
        assert_eq!(handshake.is_admitted(&decision), is_admitted, "{origin} {host:?} {site:?}");
    }
}

/// Every route that could serve the handshake has to admit it.
#[test]
fn ambiguity_admits_nobody_more() {
    let of = |builder: PolicyBuilder| builder.build().unwrap();
    let rows = [
        (list(), list(), A, true),
        (list(), Policy::builder(), A, false),
        (any(), any().allow_credentials([A]), A, true),
        (any(), any().allow_credentials([A]), EVIL, false),
        (any().allow_credentials([A]), any(), EVIL, false),
        (any(), any(), EVIL, true),
    ];
    for (one, other, origin, is_admitted) in rows {
        let routes =
            [Route("/x", &["GET"], of(one), true), Route("/x", &["GET"], of(other), false)];
        let table = route_table(&list(), &routes);
        let steps: Vec<Step> = steps(&table);
        let presented = Presented::One(origin.as_bytes());
        let decision = table.actual(PathMatch::certain(&steps), "GET", presented);
        let handshake = Handshake::new(presented, Some(HOST), None);
        assert_eq!(handshake.is_admitted(&decision), is_admitted, "{origin}");
    }
}

/// The log gave the reason why a response is shared, of a handshake that was refused.
#[test]
fn a_refusal_has_its_own_reason() {
    let rows = [
        (list(), A, None),
        (list(), EVIL, Some(Reason::OriginNotAllowed)),
        (any(), EVIL, None),
        (any().allow_credentials([A]), A, None),
        (any().allow_credentials([A]), EVIL, Some(Reason::CredentialsNotAllowed)),
        (list().disable(true), A, Some(Reason::Disabled)),
        (list().external(true), A, Some(Reason::External)),
        // the server's own page
        (list(), "https://api.example", None),
    ];
    for (policy, origin, refusal) in rows {
        let (table, presented) = (base_table(&policy), Presented::One(origin.as_bytes()));
        let decision = table.actual(PathMatch::NONE, "GET", presented);
        let handshake = Handshake::new(presented, Some(HOST), None);
        assert_eq!(handshake.refusal(&decision), refusal, "{origin} {policy:?}");
    }
    let named = |reason: Reason| {
        list().build_layered().unwrap().setting_behind(reason).map(|(name, _)| name)
    };
    assert_eq!(named(Reason::CredentialsNotAllowed), Some("allow_credentials"));
    assert_eq!(named(Reason::NoOrigin), None);
}
