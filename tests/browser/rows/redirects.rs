//! Redirects: every answer on the way is checked, and the origin is lost when others take part.

use crate::{
    call::fetch,
    engine::Engine::{self, Firefox, WebKit},
    row::{Exception, Expected, ROW, Row, SHOWN, except},
    run::run,
};

#[actix_web::test]
async fn redirects_are_followed_where_every_answer_allows_it() {
    run("redirects", ROWS).await;
}

const OPEN: Expected = Expected::Readable { status: 200, names: &["etag", "x-hidden", "x-shown"] };
const BARE: Expected = Expected::Readable { status: 200, names: &[] };
const TOKEN: (&str, &str) = ("Authorization", "Bearer token");

const JSON: (&str, &str) = ("Content-Type", "application/json");

/// Firefox's preflight after a redirect has the page's origin, and its request `null`.
const fn origin_is_lost_late(expected: Expected, seen: &'static [&'static str]) -> Exception {
    except(
        &[Firefox],
        expected,
        seen,
        "only the request knows that the origin is lost, its preflight does not; \
         https://fetch.spec.whatwg.org/#cors-preflight-fetch (step 1 takes the URL list over)",
    )
}

/// Where a redirect has made a GET of a call with a preflight, or has taken its header away.
const fn asks_needlessly(engine: &'static [Engine], seen: &'static [&'static str]) -> Exception {
    except(
        engine,
        SHOWN,
        seen,
        "a redirected request goes on asking, whether or not it has to; \
         https://fetch.spec.whatwg.org/#concept-main-fetch (unsafeRequest flag and method)",
    )
}

const ROWS: &[Row] = &[
    Row {
        name: "within the API",
        calls: &[fetch("GET", "/redirect/302/api.site.example/items")],
        seen: &["GET", "GET"],
        ..ROW
    },
    Row {
        name: "to a route that does not allow the page",
        calls: &[fetch("GET", "/redirect/302/api.site.example/off")],
        expected: Expected::Blocked,
        seen: &["GET", "GET"],
        ..ROW
    },
    Row {
        name: "to another origin, which has a list: the page's origin is not sent there",
        calls: &[fetch("GET", "/redirect/302/api.far.example/items")],
        expected: Expected::Blocked,
        seen: &["GET", "GET from null"],
        ..ROW
    },
    Row {
        name: "to another origin that is open",
        calls: &[fetch("GET", "/redirect/302/api.far.example/open")],
        expected: OPEN,
        seen: &["GET", "GET from null"],
        ..ROW
    },
    Row {
        name: "to another origin that allows null",
        calls: &[fetch("GET", "/redirect/302/api.far.example/sandboxed")],
        seen: &["GET", "GET from null"],
        ..ROW
    },
    Row {
        name: "to another origin and back: the origin stays lost",
        calls: &[fetch(
            "GET",
            "/redirect/302/api.site.example/redirect/302/api.far.example/redirect/302/api.site.example/open",
        )],
        expected: Expected::Blocked,
        seen: &["GET", "GET", "GET from null"],
        ..ROW
    },
    Row {
        name: "from the page's own origin: the origin is kept",
        calls: &[fetch("GET", "/redirect/302/api.site.example/items").to("app.site.example")],
        seen: &["GET without origin", "GET"],
        ..ROW
    },
    Row {
        name: "from the page's own origin, with a method: asked for where it matters",
        calls: &[fetch("PUT", "/redirect/307/api.site.example/items").to("app.site.example")],
        seen: &["PUT", "preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "back to the page's own origin, which knows no CORS",
        calls: &[fetch("GET", "/redirect/302/app.site.example/")],
        expected: Expected::Blocked,
        seen: &["GET", "GET from null"],
        ..ROW
    },
    Row {
        name: "after a preflight, each URL has its own",
        calls: &[fetch("PUT", "/redirect/307/api.site.example/items")],
        seen: &["preflight PUT", "PUT", "preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "after a preflight, to a route that refuses",
        calls: &[fetch("PUT", "/redirect/307/api.site.example/off")],
        expected: Expected::Blocked,
        seen: &["preflight PUT", "PUT", "preflight PUT"],
        ..ROW
    },
    Row {
        name: "after a preflight, to another origin that is open",
        calls: &[fetch("PUT", "/redirect/307/api.far.example/open")],
        expected: OPEN,
        seen: &["preflight PUT", "PUT", "preflight PUT from null", "PUT from null"],
        except: &[origin_is_lost_late(
            OPEN,
            &["preflight PUT", "PUT", "preflight PUT", "PUT from null"],
        )],
        ..ROW
    },
    Row {
        name: "after a preflight, to another origin with a list: in Firefox the handler runs",
        calls: &[fetch("PUT", "/redirect/307/api.far.example/items")],
        expected: Expected::Blocked,
        seen: &["preflight PUT", "PUT", "preflight PUT from null"],
        except: &[origin_is_lost_late(
            Expected::Blocked,
            &["preflight PUT", "PUT", "preflight PUT", "PUT from null"],
        )],
        ..ROW
    },
    Row {
        name: "after a preflight, to another origin that allows null",
        calls: &[fetch("PUT", "/redirect/307/api.far.example/sandboxed")],
        seen: &["preflight PUT", "PUT", "preflight PUT from null", "PUT from null"],
        except: &[origin_is_lost_late(
            Expected::Blocked,
            &["preflight PUT", "PUT", "preflight PUT"],
        )],
        ..ROW
    },
    Row {
        name: "303 makes a GET of it, which needs no preflight",
        calls: &[fetch("PUT", "/redirect/303/api.site.example/items")],
        seen: &["preflight PUT", "PUT", "GET"],
        except: &[asks_needlessly(
            &[Firefox, WebKit],
            &["preflight PUT", "PUT", "preflight GET", "GET"],
        )],
        ..ROW
    },
    Row {
        name: "303 makes a GET of it, which needs no preflight where nothing but GET is allowed",
        calls: &[fetch("PUT", "/redirect/303/api.site.example/readable")],
        seen: &["preflight PUT", "PUT", "GET"],
        except: &[asks_needlessly(
            &[Firefox, WebKit],
            &["preflight PUT", "PUT", "preflight GET", "GET"],
        )],
        ..ROW
    },
    Row {
        name: "302 makes a GET of a POST of JSON, without its type",
        calls: &[fetch("POST", "/redirect/302/api.site.example/items").with(&[JSON]).sending("{}")],
        seen: &["preflight POST content-type", "POST", "GET"],
        except: &[
            asks_needlessly(
                &[Firefox],
                &["preflight POST content-type", "POST", "preflight GET", "GET"],
            ),
            asks_needlessly(
                &[WebKit],
                &["preflight POST content-type", "POST", "preflight GET content-type", "GET"],
            ),
        ],
        ..ROW
    },
    Row {
        name: "302 makes a GET of a POST of JSON: WebKit asks for a type that it does not send",
        calls: &[fetch(
            "POST",
            "/redirect/302/hand.site.example/?preflight=Access-Control-Allow-Origin:(origin)\
             &response=Access-Control-Allow-Origin:(origin)",
        )
        .with(&[JSON])
        .sending("{}")],
        expected: BARE,
        seen: &["preflight POST content-type", "POST", "GET from null"],
        except: &[
            Exception {
                expected: BARE,
                ..asks_needlessly(
                    &[Firefox],
                    &["preflight POST content-type", "POST", "preflight GET", "GET from null"],
                )
            },
            Exception {
                expected: Expected::Blocked,
                ..asks_needlessly(
                    &[WebKit],
                    &[
                        "preflight POST content-type",
                        "POST",
                        "preflight GET content-type from null",
                    ],
                )
            },
        ],
        ..ROW
    },
    Row {
        name: "302 makes a GET of a POST",
        calls: &[fetch("POST", "/redirect/302/api.site.example/items").sending("a=1")],
        seen: &["POST", "GET"],
        ..ROW
    },
    Row {
        name: "Authorization goes along within an origin",
        calls: &[fetch("GET", "/redirect/302/api.site.example/items").with(&[TOKEN])],
        seen: &[
            "preflight GET authorization",
            "GET with authorization",
            "preflight GET authorization",
            "GET with authorization",
        ],
        ..ROW
    },
    Row {
        name: "Authorization does not go to another origin",
        calls: &[fetch("GET", "/redirect/302/api.far.example/open").with(&[TOKEN])],
        expected: OPEN,
        seen: &["preflight GET authorization", "GET with authorization", "GET from null"],
        except: &[
            Exception {
                expected: OPEN,
                ..asks_needlessly(
                    &[Firefox],
                    &[
                        "preflight GET authorization",
                        "GET with authorization",
                        "preflight GET",
                        "GET from null",
                    ],
                )
            },
            Exception {
                expected: OPEN,
                ..asks_needlessly(
                    &[WebKit],
                    &[
                        "preflight GET authorization",
                        "GET with authorization",
                        "preflight GET authorization from null",
                        "GET from null",
                    ],
                )
            },
        ],
        ..ROW
    },
    Row {
        name: "a redirect that lacks the headers itself",
        calls: &[fetch("GET", "/redirect/302/api.site.example/items").to("evil.example")],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
];
