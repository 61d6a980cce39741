//! Which response headers a script can read.

use crate::{
    call::fetch,
    engine::Engine::Firefox,
    row::{Expected, ROW, Row, except},
    run::run,
};

#[actix_web::test]
async fn scripts_read_the_exposed_headers_and_no_others() {
    run("exposed", ROWS).await;
}

const fn names(names: &'static [&'static str]) -> Expected {
    Expected::Readable { status: 200, names }
}

/// Responses of a server without a policy.
macro_rules! exposing {
    ($lines:literal) => {
        fetch(
            "GET",
            concat!(
                "/?response=ETag:7|X-Shown:1|X-Hidden:1|Set-Cookie:a=1|\
                 Access-Control-Allow-Origin:(origin)|Access-Control-Allow-Credentials:true|",
                $lines
            ),
        )
        .to("hand.site.example")
    };
}

const ROWS: &[Row] = &[
    Row {
        name: "the policy's header",
        calls: &[fetch("GET", "/items")],
        expected: names(&["x-shown"]),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "the policy's header with credentials",
        calls: &[fetch("GET", "/items").including()],
        expected: names(&["x-shown"]),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "a route that exposes more",
        calls: &[fetch("GET", "/named")],
        expected: names(&["etag", "x-shown"]),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "`*` exposes all but cookies",
        calls: &[fetch("GET", "/open")],
        expected: names(&["etag", "x-hidden", "x-shown"]),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "the answer to a HEAD",
        calls: &[fetch("HEAD", "/items")],
        expected: names(&["x-shown"]),
        seen: &["HEAD"],
        ..ROW
    },
    Row {
        name: "a list in any case, in several lines, with empty elements",
        calls: &[exposing!(
            "Access-Control-Expose-Headers:etag,%20,|Access-Control-Expose-Headers:X-SHOWN"
        )],
        expected: names(&["etag", "x-shown"]),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "a malformed list exposes nothing",
        calls: &[exposing!("Access-Control-Expose-Headers:X-Shown,%20b%20d")],
        expected: names(&[]),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "a malformed list with `*` exposes nothing",
        calls: &[exposing!("Access-Control-Expose-Headers:*,%20b%20d")],
        expected: names(&[]),
        seen: &["GET"],
        except: &[except(
            &[Firefox],
            names(&["etag", "x-hidden", "x-shown"]),
            &["GET"],
            "`*` counts whatever stands beside it; \
             https://fetch.spec.whatwg.org/#extract-header-list-values",
        )],
        ..ROW
    },
    Row {
        name: "cookies are not exposed by name either",
        calls: &[exposing!("Access-Control-Expose-Headers:Set-Cookie,%20X-Shown")],
        expected: names(&["x-shown"]),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "`*` of a server without a policy",
        calls: &[exposing!("Access-Control-Expose-Headers:*")],
        expected: names(&["etag", "x-hidden", "x-shown"]),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "`*` is a name like any other with credentials",
        calls: &[exposing!("Access-Control-Expose-Headers:*,%20X-Shown").including()],
        expected: names(&["x-shown"]),
        seen: &["GET"],
        ..ROW
    },
];
