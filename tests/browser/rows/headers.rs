//! Which request headers are announced, and which pass.

use crate::{
    call::{Call, fetch},
    engine::Engine::{self, Chromium, Firefox, WebKit},
    row::{EVIL, Exception, Expected, Page, ROW, Row, SHOWN, except},
    run::run,
};

#[actix_web::test]
async fn request_headers_are_announced_by_name_unless_they_are_safelisted() {
    run("headers", ROWS).await;
}

const OPEN: Expected = Expected::Readable { status: 200, names: &["etag", "x-hidden", "x-shown"] };
const BARE: Expected = Expected::Readable { status: 200, names: &[] };
const JSON: (&str, &str) = ("Content-Type", "application/json");
const TOKEN: (&str, &str) = ("Authorization", "Bearer token");
/// A value of the greatest length that is safelisted, and one that is longer.
const LONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
                    aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const TOO_LONG: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\
                        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/// As many headers as the engine looks at, and how a preflight announces them; `$more` come on top.
macro_rules! many {
    ($($more:literal),*) => {
        many!(@ $($more,)*
    "x-10", "x-11", "x-12", "x-13", "x-14", "x-15", "x-16", "x-17", "x-18", "x-19", "x-20",
    "x-21", "x-22", "x-23", "x-24", "x-25", "x-26", "x-27", "x-28", "x-29", "x-30", "x-31",
    "x-32", "x-33", "x-34", "x-35", "x-36", "x-37", "x-38", "x-39", "x-40", "x-41", "x-42",
    "x-43", "x-44", "x-45", "x-46", "x-47", "x-48", "x-49", "x-50", "x-51", "x-52", "x-53",
    "x-54", "x-55", "x-56", "x-57", "x-58", "x-59", "x-60", "x-61", "x-62", "x-63", "x-64",
    "x-65", "x-66", "x-67", "x-68", "x-69", "x-70", "x-71", "x-72", "x-73")
    };
    (@ $first:literal, $($name:literal),*) => {
        (
            &[($first, "1"), $(($name, "1")),*],
            concat!("preflight GET ", $first $(, ",", $name)*),
        )
    };
}

pub(crate) type Many = (&'static [(&'static str, &'static str)], &'static str);
const MANY: Many = many!();
pub(crate) const TOO_MANY: Many = many!("x-00");

/// A GET with headers.
const fn get(path: &'static str, headers: &'static [(&'static str, &'static str)]) -> Call {
    fetch("GET", path).with(headers)
}

/// The preflight's answer has these headers, the response an origin.
const ANY_HEADER: &str = "/?preflight=Access-Control-Allow-Origin:*|Access-Control-Allow-Headers:*\
                          &response=Access-Control-Allow-Origin:*";

const ROWS: &[Row] = &[
    Row {
        name: "a custom header is announced",
        calls: &[get("/items", &[("x-one", "1")])],
        seen: &["preflight GET x-one", "GET"],
        ..ROW
    },
    Row {
        name: "many custom headers are announced, sorted",
        calls: &[get("/items", &[("x-two", "2"), JSON, ("x-one", "1")])],
        seen: &["preflight GET content-type,x-one,x-two", "GET"],
        ..ROW
    },
    Row {
        name: "mixed case is announced in lower case",
        calls: &[get("/items", &[("X-oNe", "1"), ("x-TWO", "2")])],
        seen: &["preflight GET x-one,x-two", "GET"],
        ..ROW
    },
    Row {
        name: "a name in two spellings is announced once",
        calls: &[get("/items", &[("X-One", "1"), ("x-one", "2")])],
        seen: &["preflight GET x-one", "GET"],
        except: &[except(
            &[Firefox],
            SHOWN,
            &["preflight GET x-one,x-one", "GET"],
            "the list is no set; https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names",
        )],
        ..ROW
    },
    Row {
        name: "one header too much",
        calls: &[get("/items", &[("X-One", "1"), ("X-Other", "1")])],
        expected: Expected::Blocked,
        seen: &["preflight GET x-one,x-other"],
        ..ROW
    },
    Row {
        name: "a header that is listed, with a method",
        calls: &[fetch("PUT", "/items").with(&[JSON]).sending("{}")],
        seen: &["preflight PUT content-type", "PUT"],
        ..ROW
    },
    Row {
        name: "a header that is listed, of another origin",
        page: Page::At(EVIL),
        calls: &[get("/items", &[("X-One", "1")])],
        expected: Expected::Blocked,
        seen: &["preflight GET x-one"],
        ..ROW
    },
    Row {
        name: "Authorization is announced, and not sent along with the preflight",
        calls: &[get("/items", &[TOKEN])],
        seen: &["preflight GET authorization", "GET with authorization"],
        ..ROW
    },
    Row {
        name: "any header",
        calls: &[get("/open", &[("X-Any", "1"), ("X-Other", "1")])],
        expected: OPEN,
        seen: &["preflight GET x-any,x-other", "GET"],
        ..ROW
    },
    Row {
        name: "64 headers",
        calls: &[get("/open", MANY.0)],
        expected: OPEN,
        seen: &[MANY.1, "GET"],
        ..ROW
    },
    Row {
        name: "65 headers are more than a preflight is granted",
        calls: &[get("/open", TOO_MANY.0)],
        expected: Expected::Blocked,
        seen: &[TOO_MANY.1],
        ..ROW
    },
    Row {
        name: "any header names Authorization besides",
        calls: &[get("/open", &[TOKEN])],
        expected: OPEN,
        seen: &["preflight GET authorization", "GET with authorization"],
        ..ROW
    },
    Row {
        name: "any header is no grant with credentials",
        calls: &[get("/open", &[("X-Any", "1")]).including()],
        expected: Expected::Blocked,
        seen: &["preflight GET x-any"],
        ..ROW
    },
    Row {
        name: "a lone `*` covers other headers than Authorization",
        calls: &[get(ANY_HEADER, &[("X-Any", "1")]).to("hand.site.example")],
        expected: BARE,
        seen: &["preflight GET x-any", "GET"],
        ..ROW
    },
    Row {
        name: "a lone `*` does not cover Authorization",
        calls: &[get(ANY_HEADER, &[TOKEN]).to("hand.site.example")],
        expected: Expected::Blocked,
        seen: &["preflight GET authorization"],
        except: &[Exception {
            engines: &Engine::ALL,
            expected: BARE,
            seen: &["preflight GET authorization", "GET with authorization"],
            reason: "not implemented, or not turned on; \
                     https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name, \
                     https://crbug.com/1176753",
        }],
        ..ROW
    },
    Row {
        name: "forbidden headers are not sent, and so not announced",
        calls: &[get(
            "/items",
            &[("Cookie", "a=1"), ("Origin", EVIL), ("Sec-Other", "1"), ("Proxy-Other", "1")],
        )],
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "types of forms are safelisted",
        calls: &[fetch("POST", "/items")
            .with(&[("Content-Type", "text/plain; charset=utf-8")])
            .sending("text")],
        seen: &["POST"],
        ..ROW
    },
    Row {
        name: "a type of forms with a quoted parameter is not",
        calls: &[fetch("POST", "/items")
            .with(&[("Content-Type", "text/plain;x=\"y\"")])
            .sending("text")],
        seen: &["preflight POST content-type", "POST"],
        ..ROW
    },
    Row {
        name: "Accept and the languages are safelisted",
        calls: &[get(
            "/items",
            &[("Accept", "text/html"), ("Accept-Language", "de"), ("Content-Language", "de")],
        )],
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "128 bytes are safelisted",
        calls: &[get("/items", &[("Accept", LONG)])],
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "129 bytes are not, and the policy has to list Accept",
        calls: &[get("/items", &[("Accept", TOO_LONG)])],
        expected: Expected::Blocked,
        seen: &["preflight GET accept"],
        ..ROW
    },
    Row {
        name: "a range from a start is safelisted",
        calls: &[get("/items", &[("Range", "bytes=0-4")])],
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "a range from the end is not",
        calls: &[get("/items", &[("Range", "bytes=-4")])],
        expected: Expected::Blocked,
        seen: &["preflight GET range"],
        ..ROW
    },
    Row {
        name: "a range in upper case is not",
        calls: &[get("/items", &[("Range", "Bytes=0-4")])],
        expected: Expected::Blocked,
        seen: &["preflight GET range"],
        except: &[except(
            &[WebKit],
            SHOWN,
            &["GET"],
            "the unit is compared in any case; \
             https://fetch.spec.whatwg.org/#simple-range-header-value",
        )],
        ..ROW
    },
    Row {
        name: "a type of forms with a comma is safelisted",
        calls: &[fetch("POST", "/items")
            .with(&[("Content-Type", "text/plain; a=b, c")])
            .sending("text")],
        seen: &["POST"],
        except: &[except(
            &[Firefox],
            SHOWN,
            &["preflight POST content-type", "POST"],
            "not parsed as one type; \
             https://fetch.spec.whatwg.org/#cors-safelisted-request-header",
        )],
        ..ROW
    },
    Row {
        name: "User-Agent is announced",
        calls: &[get("/items", &[("User-Agent", "other")])],
        expected: Expected::Blocked,
        seen: &["preflight GET user-agent"],
        except: &[except(
            &[Chromium],
            SHOWN,
            &["GET"],
            "scripts cannot set it; https://crbug.com/571722",
        )],
        ..ROW
    },
    Row {
        name: "client hints are announced",
        calls: &[get("/items", &[("Save-Data", "on"), ("DPR", "2"), ("Viewport-Width", "400")])],
        expected: Expected::Blocked,
        seen: &["preflight GET dpr,save-data,viewport-width"],
        except: &[except(
            &[Chromium],
            SHOWN,
            &["GET"],
            "safelisted still, as in an older text of the standard; \
             https://fetch.spec.whatwg.org/#cors-safelisted-request-header",
        )],
        ..ROW
    },
    Row {
        name: "JSON of another origin is refused before it is sent",
        page: Page::At(EVIL),
        calls: &[fetch("POST", "/items").with(&[JSON]).sending("{}")],
        expected: Expected::Blocked,
        seen: &["preflight POST content-type"],
        ..ROW
    },
];
