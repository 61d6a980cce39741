//! What the browser remembers of preflights, by `max_age`.

use std::time::Instant;

use serde_json::json;

use crate::{
    call::{Call, fetch},
    chromium::Chromium,
    row::{APP, Expected, Page, ROW, Row, Standard},
    run::{PATIENCE, RUNNER, model, open, run},
    servers::Servers,
};

#[actix_web::test]
async fn a_preflight_is_remembered_for_what_it_granted_and_no_more() {
    run("cache", ROWS).await;
}

#[actix_web::test]
#[cfg_attr(
    without_browser,
    ignore = "chromium or chromedriver is missing; `apt-get install chromium chromium-driver` brings them"
)]
async fn a_preflight_is_forgotten_when_its_time_is_over() {
    const BRIEF: Call = fetch("PUT", "/brief");
    let servers = Servers::start();
    let chromium = Chromium::start(&servers.flags()).await;
    open(&chromium, Page::At(APP)).await;
    let browser = servers.model();
    let deadline = Instant::now() + PATIENCE;
    for id in ["chromium", "model"] {
        let preflights =
            || servers.spy.seen(id, APP).iter().filter(|it| *it == "preflight PUT").count();
        while preflights() < 2 {
            assert!(Instant::now() < deadline, "{id} never asks again");
            if id == "model" {
                model(&browser, &BRIEF, APP, id).await;
            } else {
                chromium.execute_async(RUNNER, json!([[BRIEF.to_json(id)]])).await;
            }
        }
        assert!(servers.spy.seen(id, APP).len() > 4, "{id} asks each time");
    }
}

const PUT: Call = fetch("PUT", "/items");
const BARE: Expected = Expected::Readable { status: 200, names: &[] };

/// Two PUTs, whose preflight's answer has this `Access-Control-Max-Age`.
macro_rules! max_age {
    ($value:literal) => {{
        const CALL: Call = fetch(
            "PUT",
            concat!(
                "/?response=Access-Control-Allow-Origin:*&preflight=Access-Control-Allow-Origin:*|\
                 Access-Control-Allow-Methods:PUT|Access-Control-Max-Age:",
                $value
            ),
        )
        .to("hand.site.example");
        &[CALL, CALL]
    }};
}

const ONCE: &[&str] = &["preflight PUT", "PUT", "PUT"];
const TWICE: &[&str] = &["preflight PUT", "PUT", "preflight PUT", "PUT"];

const ROWS: &[Row] = &[
    Row { name: "a second request sends no preflight", calls: &[PUT, PUT], seen: ONCE, ..ROW },
    Row {
        name: "another method that the answer listed sends none either",
        calls: &[PUT, fetch("PATCH", "/items")],
        seen: &["preflight PUT", "PUT", "PATCH"],
        ..ROW
    },
    Row {
        name: "another method that it did not list does",
        calls: &[fetch("PUT", "/open"), fetch("DELETE", "/open")],
        expected: Expected::Blocked,
        seen: &["preflight PUT", "PUT", "preflight DELETE"],
        ..ROW
    },
    Row {
        name: "another header that the answer listed sends none",
        calls: &[PUT.with(&[("X-One", "1")]), PUT.with(&[("X-Two", "1")])],
        seen: &["preflight PUT x-one", "PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "another header that it did not list does",
        calls: &[PUT.with(&[("X-One", "1")]), PUT.with(&[("X-Other", "1")])],
        expected: Expected::Blocked,
        seen: &["preflight PUT x-one", "PUT", "preflight PUT x-other"],
        ..ROW
    },
    Row {
        name: "a refusal is not remembered",
        calls: &[PUT.with(&[("X-Other", "1")]), PUT],
        seen: &["preflight PUT x-other", "preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "what was granted with credentials serves without",
        calls: &[PUT.including(), PUT],
        seen: ONCE,
        ..ROW
    },
    Row {
        name: "what was granted without credentials does not serve with",
        calls: &[PUT, PUT.including()],
        seen: TWICE,
        ..ROW
    },
    Row {
        name: "max_age = 0 is not remembered",
        calls: &[fetch("PUT", "/unremembered"), fetch("PUT", "/unremembered")],
        seen: TWICE,
        ..ROW
    },
    Row {
        name: "no max-age is five seconds",
        calls: {
            const CALL: Call = fetch(
                "PUT",
                "/?response=Access-Control-Allow-Origin:*&preflight=Access-Control-Allow-Origin:*|\
                 Access-Control-Allow-Methods:PUT",
            )
            .to("hand.site.example");
            &[CALL, CALL]
        },
        expected: BARE,
        seen: ONCE,
        ..ROW
    },
    Row {
        name: "a max-age of letters is none",
        calls: max_age!("abc"),
        expected: BARE,
        seen: ONCE,
        ..ROW
    },
    Row {
        name: "a negative max-age is none by the standard, and 0 in Chromium",
        calls: max_age!("-1"),
        expected: BARE,
        seen: TWICE,
        standard: Some(Standard {
            expected: BARE,
            seen: ONCE,
            reference: "https://fetch.spec.whatwg.org/#http-new-header-syntax (delta-seconds); \
                        ParseAccessControlMaxAge in Chromium's \
                        services/network/cors/preflight_result.cc",
        }),
        ..ROW
    },
];
