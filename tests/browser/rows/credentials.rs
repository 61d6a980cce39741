//! Cookies: which credentials mode sends them, and who may read the response then.

use crate::{
    call::{Call, Kind, by, fetch},
    engine::Engine::{Firefox, WebKit},
    row::{EVIL, Expected, Page, ROW, Row, SECOND, SHOWN, except},
    run::run,
};

#[actix_web::test]
async fn cookies_go_along_and_the_response_is_read_only_where_the_policy_says_so() {
    run("credentials", ROWS).await;
}

/// Sets a cookie of the API's.
const LOGIN: Call = fetch("GET", "/login").including();
const NAMED: Expected = Expected::Readable { status: 200, names: &["etag", "x-shown"] };
const OPEN: Expected = Expected::Readable { status: 200, names: &["etag", "x-hidden", "x-shown"] };

const ROWS: &[Row] = &[
    Row {
        name: "a cookie of a response without credentials is ignored",
        calls: &[fetch("GET", "/login").omitting(), fetch("GET", "/items").including()],
        seen: &["GET", "GET"],
        ..ROW
    },
    Row {
        name: "a cookie comes, and goes along with credentials",
        calls: &[LOGIN, fetch("GET", "/items").including()],
        seen: &["GET", "GET with cookie"],
        ..ROW
    },
    Row {
        name: "the preflight goes without",
        calls: &[fetch("PUT", "/items").with(&[("X-One", "1")]).including()],
        seen: &["preflight PUT x-one", "PUT with cookie"],
        ..ROW
    },
    Row {
        name: "the default sends none to another origin",
        calls: &[fetch("GET", "/items")],
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "omit sends none",
        calls: &[fetch("GET", "/items").omitting()],
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "XMLHttpRequest sends none by itself",
        calls: &[by(Kind::Xhr, "GET", "/items")],
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "XMLHttpRequest sends them where it is told to",
        calls: &[by(Kind::Xhr, "PUT", "/items").including()],
        seen: &["preflight PUT", "PUT with cookie"],
        ..ROW
    },
    Row {
        name: "a policy without credentials: the cookie is sent, and the response not read",
        calls: &[fetch("GET", "/named").including()],
        expected: Expected::Blocked,
        seen: &["GET with cookie"],
        ..ROW
    },
    Row {
        name: "a policy without credentials: the preflight fails already",
        calls: &[fetch("PUT", "/named").including()],
        expected: Expected::Blocked,
        seen: &["preflight PUT"],
        ..ROW
    },
    Row {
        name: "a policy without credentials, asked without",
        calls: &[fetch("PUT", "/named")],
        expected: NAMED,
        seen: &["preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "`*` without credentials",
        calls: &[fetch("GET", "/open").omitting()],
        expected: OPEN,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "`*` is nothing with credentials",
        calls: &[fetch("GET", "/open").including()],
        expected: Expected::Blocked,
        seen: &["GET with cookie"],
        ..ROW
    },
    Row {
        name: "another origin of the policy, on another site: no cookie of mode Lax",
        page: Page::At(SECOND),
        calls: &[fetch("PUT", "/items").including()],
        expected: SHOWN,
        seen: &["preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "a cookie without SameSite, on another site: as if it said Lax",
        page: Page::At(SECOND),
        calls: {
            const CALL: Call = fetch(
                "GET",
                "/?response=Access-Control-Allow-Origin:(origin)|Set-Cookie:loose=1|\
                 Access-Control-Allow-Credentials:true",
            )
            .to("hand.site.example")
            .including();
            &[CALL, CALL]
        },
        expected: Expected::Readable { status: 200, names: &[] },
        seen: &["GET", "GET"],
        except: &[except(
            &[Firefox, WebKit],
            Expected::Readable { status: 200, names: &[] },
            &["GET", "GET with cookie"],
            "Lax is not its default; \
             https://datatracker.ietf.org/doc/draft-ietf-httpbis-rfc6265bis/ (section 5.6.7.1)",
        )],
    },
    Row {
        name: "another site of the API",
        page: Page::At(SECOND),
        calls: &[fetch("GET", "/items").to("api.far.example").including()],
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "a page of no policy",
        page: Page::At(EVIL),
        calls: &[fetch("GET", "/items").including()],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "a page of no policy on the same site: the cookie is sent, the response not read",
        page: Page::At("http://evil.site.example"),
        calls: &[fetch("GET", "/items").including()],
        expected: Expected::Blocked,
        seen: &["GET with cookie"],
        ..ROW
    },
    Row {
        name: "a page of no policy on the same site does not get past the preflight",
        page: Page::At("http://evil.site.example"),
        calls: &[fetch("PUT", "/items").including()],
        expected: Expected::Blocked,
        seen: &["preflight PUT"],
        ..ROW
    },
];
