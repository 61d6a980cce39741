//! `dangerously_expose_any_header`: `*` without credentials, and the response's own names with them.

use cors_core::{
    FieldValue, Override, PathMatch, PolicyBuilder, Presented, ResponseHeader, RouteTable, Source,
    browser::Client,
};

use super::{A, EVIL, Request, any, base_table, list, preflight, show};

fn answer(table: &RouteTable<String>, origin: &'static str) -> String {
    let request =
        Request { method: "GET", headers: vec![(cors_core::RequestHeader::Origin, origin)] };
    show(&table.actual(PathMatch::NONE, "GET", Presented::One(origin.as_bytes())), &request)
}

#[test]
fn only_origins_with_credentials_get_the_names_of_the_response() {
    let sessions = || list().allow_credentials(true);
    let exposing = |builder: PolicyBuilder| builder.dangerously_expose_any_header(true);
    let start = format!("allow-origin: {A}; allow-credentials: true; expose-headers: ");
    let names = format!("{start}X-E, x-carried (of the response); OriginAllowed");
    let rows = [
        (exposing(sessions()), A, names.clone()),
        (exposing(sessions()), EVIL, "OriginNotAllowed".into()),
        (sessions(), A, format!("{start}X-E; OriginAllowed")),
        (sessions().dangerously_expose_any_header(false), A, format!("{start}X-E; OriginAllowed")),
        (exposing(list()), A, format!("allow-origin: {A}; expose-headers: *; OriginAllowed")),
        (exposing(any()), A, "allow-origin: *; expose-headers: *; AnyOrigin".into()),
        (exposing(any().allow_credentials([A]).expose_headers(["X-E"])), A, names),
        (
            exposing(any().allow_credentials([A])),
            EVIL,
            "allow-origin: *; expose-headers: *; AnyOrigin".into(),
        ),
    ];
    for (policy, origin, expected) in rows {
        assert_eq!(answer(&base_table(&policy), origin), expected);
    }
    let table = base_table(&exposing(sessions()));
    let request = preflight(A, "PUT", &[]);
    let granted = show(&table.preflight(PathMatch::NONE, &request), &request);
    assert!(!granted.contains("expose"), "{granted}");
}

#[test]
fn layers_turn_it_on_and_off() {
    let base = list().allow_credentials(true).build_layered().unwrap();
    let lay = |layer: cors_core::OverrideBuilder| {
        let layer = layer.build(&Source::Here).unwrap();
        base.apply(&layer, &Source::Here, &[]).unwrap()
    };
    let on = lay(Override::builder().dangerously_expose_any_header(true));
    assert!(on.policy().exposes_any_header());
    let off =
        Override::builder().dangerously_expose_any_header(false).build(&Source::Here).unwrap();
    assert!(!on.apply(&off, &Source::Here, &[]).unwrap().policy().exposes_any_header());
    let star = lay(Override::builder().allow_credentials(false).expose_headers(["*"]));
    assert!(!star.policy().exposes_any_header());
    let twice = Override::builder().expose_headers(["*"]).dangerously_expose_any_header(true);
    let twice = base.apply(&twice.build(&Source::Here).unwrap(), &Source::Here, &[]).unwrap_err();
    assert_eq!(twice.first().code(), "CORS020");
    assert!(twice.to_string().contains("`dangerously_expose_any_header = true`"), "{twice}");
}

/// A 304 replaces the headers that the browser has stored by its own, name by name (RFC 9111 §3.2). Handlers and
/// caches leave most of them out of it (RFC 9110 §15.4.5).
#[test]
fn a_304_leaves_what_the_browser_has_stored_readable() {
    let policy = list().allow_credentials(true).dangerously_expose_any_header(true);
    let table = base_table(&policy);
    let decision = table.actual(PathMatch::NONE, "GET", Presented::One(A.as_bytes()));
    let adorn = |status: u16, own: &[(&str, &str)]| -> Vec<(String, String)> {
        let mut headers: Vec<(String, String)> =
            own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        for (header, value) in decision.fields() {
            let value = match value {
                FieldValue::Ready(value) => Some(value.clone()),
                FieldValue::ResponseNames(names) => {
                    names.value(status, own.iter().map(|(name, _)| *name))
                }
                _ => Some(A.to_owned()),
            };
            headers.extend(value.map(|value| (header.name().to_owned(), value)));
        }
        headers
    };
    let mut stored =
        adorn(200, &[("etag", "\"1\""), ("x-total", "7"), ("content-type", "text/plain")]);
    let client = Client { origin: A, include_credentials: true };
    let is_total_readable = |headers: &[(String, String)]| {
        assert_eq!(client.cors_check(headers), Ok(()));
        client.readable(headers).contains(&"x-total".to_owned())
    };
    assert!(is_total_readable(&stored));
    let not_modified = adorn(304, &[("etag", "\"1\"")]);
    let list = ResponseHeader::ExposeHeaders.name();
    assert!(not_modified.iter().all(|(name, _)| name != list), "{not_modified:?}");
    stored.retain(|(name, _)| not_modified.iter().all(|(own, _)| own != name));
    stored.extend(not_modified);
    assert!(is_total_readable(&stored));
}
