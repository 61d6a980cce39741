//! What the browser remembers of preflights, by `max_age`.

use std::time::Instant;

use serde_json::json;

use crate::{
    call::{Call, fetch},
    engine::Engine::{self, Firefox},
    row::{APP, Exception, Expected, Page, ROW, Row, SHOWN, except},
    run::{PATIENCE, RUNNER, model, open, run},
    servers::Servers,
};

#[actix_web::test]
async fn a_preflight_is_remembered_for_what_it_granted_and_no_more() {
    run("cache", ROWS).await;
}

#[actix_web::test]
async fn a_preflight_is_forgotten_when_its_time_is_over() {
    const BRIEF: Call = fetch("PUT", "/brief");
    let servers = Servers::start();
    for engine in Engine::ALL {
        let Some(browser) = engine.start_if_there(Some(servers.proxy)).await else { continue };
        open(&browser, Page::At(APP)).await;
        let id = format!("{engine:?}");
        call_until_it_asks_again(&servers, &id, async || {
            browser.execute_async(RUNNER, json!([[BRIEF.to_json(&id)]])).await;
        })
        .await;
    }
    let browser = servers.model();
    call_until_it_asks_again(&servers, "model", async || {
        model(&browser, &BRIEF, APP, "model").await;
    })
    .await;
}

async fn call_until_it_asks_again(servers: &Servers, id: &str, call: impl AsyncFn()) {
    let deadline = Instant::now() + PATIENCE;
    let preflights = || {
        let seen = servers.spy.seen(id, APP);
        seen.iter().filter(|request| *request == "preflight PUT").count()
    };
    while preflights() < 2 {
        assert!(Instant::now() < deadline, "{id} never asks again");
        call().await;
    }
    assert!(servers.spy.seen(id, APP).len() > 4, "{id} asks each time");
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

/// Two calls, whose preflight's answer allows something by this header.
macro_rules! remembered {
    ($method:literal, $allowed:literal, $headers:expr) => {{
        const CALL: Call = fetch(
            $method,
            concat!(
                "/?response=Access-Control-Allow-Origin:*&preflight=Access-Control-Allow-Origin:*|\
                 Access-Control-Max-Age:60|Access-Control-Allow-",
                $allowed
            ),
        )
        .to("hand.site.example")
        .with($headers);
        &[CALL, CALL]
    }};
}

const NO_STAR: &str = "`*` is never found in the cache; \
                       https://fetch.spec.whatwg.org/#concept-cache-match-method";

const UNREADABLE_MAX_AGE: &[Exception] = &[except(
    &[Firefox],
    BARE,
    TWICE,
    "nothing is remembered of what is no number; \
     https://fetch.spec.whatwg.org/#cors-preflight-fetch (step 7.11)",
)];

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
        except: &[except(
            &[Firefox],
            SHOWN,
            TWICE,
            "entries are kept apart by credentials mode; \
             https://fetch.spec.whatwg.org/#concept-cache-match",
        )],
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
        except: UNREADABLE_MAX_AGE,
        ..ROW
    },
    Row {
        name: "a max-age with a fraction is none",
        calls: max_age!("2.5"),
        expected: BARE,
        seen: ONCE,
        except: UNREADABLE_MAX_AGE,
        ..ROW
    },
    Row {
        name: "a max-age with a sign is none",
        calls: max_age!("%2B60"),
        expected: BARE,
        seen: ONCE,
        except: UNREADABLE_MAX_AGE,
        ..ROW
    },
    Row {
        name: "a max-age in two lines is none",
        calls: max_age!("60|Access-Control-Max-Age:60"),
        expected: BARE,
        seen: ONCE,
        except: UNREADABLE_MAX_AGE,
        ..ROW
    },
    Row {
        name: "a max-age of 0 is not remembered, whoever answers",
        calls: max_age!("0"),
        expected: BARE,
        seen: TWICE,
        ..ROW
    },
    Row {
        name: "`*` for methods is remembered",
        calls: remembered!("PUT", "Methods:*", &[]),
        expected: BARE,
        seen: ONCE,
        except: &[except(&[Firefox], BARE, TWICE, NO_STAR)],
        ..ROW
    },
    Row {
        name: "`*` for headers is remembered",
        calls: remembered!("GET", "Headers:*", &[("X-One", "1")]),
        expected: BARE,
        seen: &["preflight GET x-one", "GET", "GET"],
        except: &[except(
            &[Firefox],
            BARE,
            &["preflight GET x-one", "GET", "preflight GET x-one", "GET"],
            NO_STAR,
        )],
        ..ROW
    },
    Row {
        name: "a method that needs no listing is remembered by its header",
        calls: remembered!("HEAD", "Headers:x-one", &[("X-One", "1")]),
        expected: BARE,
        seen: &["preflight HEAD x-one", "HEAD", "HEAD"],
        except: &[except(
            &[Firefox],
            BARE,
            &["preflight HEAD x-one", "HEAD", "preflight HEAD x-one", "HEAD"],
            "HEAD is looked for in the cache, and so has to be listed; \
             https://fetch.spec.whatwg.org/#concept-http-fetch (step 3.1)",
        )],
        ..ROW
    },
    Row {
        name: "a negative max-age is none",
        calls: max_age!("-1"),
        expected: BARE,
        seen: ONCE,
        except: &[Exception {
            engines: &Engine::ALL,
            expected: BARE,
            seen: TWICE,
            reason: "taken for 0; https://fetch.spec.whatwg.org/#http-new-header-syntax \
                     (delta-seconds), ParseAccessControlMaxAge in Chromium's \
                     services/network/cors/preflight_result.cc",
        }],
        ..ROW
    },
];
