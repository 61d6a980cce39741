//! Other interfaces than `fetch`, and what is special about each.

use crate::{
    call::{Kind, by, fetch},
    engine::Engine,
    row::{EVIL, Exception, Expected, Page, ROW, Row, SHOWN},
    run::run,
};

#[actix_web::test]
async fn every_interface_is_held_to_the_policy() {
    run("interfaces", ROWS).await;
}

const JSON: (&str, &str) = ("Content-Type", "application/json");
const TEXT: (&str, &str) = ("Content-Type", "text/plain");

const STREAM_AS_TEXT: Exception = Exception {
    engines: &[Engine::Firefox],
    expected: SHOWN,
    seen: &["POST"],
    reason: "streams of requests are not implemented: the stream becomes the text \
             `[object ReadableStream]`; https://bugzilla.mozilla.org/show_bug.cgi?id=1387483",
};
const NO_STREAM: Exception = Exception {
    engines: &[Engine::WebKit],
    expected: Expected::Blocked,
    seen: &[],
    reason: "streams of requests are not implemented: `fetch` throws",
};

const ROWS: &[Row] = &[
    Row {
        name: "XMLHttpRequest",
        calls: &[by(Kind::Xhr, "PUT", "/items").with(&[("X-One", "1")])],
        seen: &["preflight PUT x-one", "PUT"],
        ..ROW
    },
    Row {
        name: "XMLHttpRequest of another origin",
        page: Page::At(EVIL),
        calls: &[by(Kind::Xhr, "GET", "/items")],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "an upload listener asks for a simple POST, and announces no headers",
        calls: &[by(Kind::Upload, "POST", "/items").sending("text")],
        seen: &["preflight POST", "POST"],
        ..ROW
    },
    Row {
        name: "an upload listener where no method is allowed",
        calls: &[by(Kind::Upload, "POST", "/plain").sending("text")],
        seen: &["preflight POST", "POST"],
        ..ROW
    },
    Row {
        name: "an upload listener of another origin",
        page: Page::At(EVIL),
        calls: &[by(Kind::Upload, "POST", "/items").sending("text")],
        expected: Expected::Blocked,
        seen: &["preflight POST"],
        ..ROW
    },
    Row {
        name: "a streamed body asks too",
        calls: &[by(Kind::StreamedBody, "POST", "/items").with(&[TEXT]).sending("text")],
        expected: SHOWN,
        seen: &["preflight POST", "POST"],
        except: &[
            Exception {
                engines: &[Engine::Chromium],
                expected: Expected::Blocked,
                seen: &["preflight POST"],
                reason: "none is sent over HTTP/1.1; \
                         https://fetch.spec.whatwg.org/#concept-http-network-fetch (chunked), \
                         https://developer.chrome.com/docs/capabilities/web-apis/\
                         fetch-streaming-requests",
            },
            STREAM_AS_TEXT,
            NO_STREAM,
        ],
        ..ROW
    },
    Row {
        name: "a streamed body of another origin",
        page: Page::At(EVIL),
        calls: &[by(Kind::StreamedBody, "POST", "/items").with(&[TEXT]).sending("text")],
        expected: Expected::Blocked,
        seen: &["preflight POST"],
        except: &[Exception { expected: Expected::Blocked, ..STREAM_AS_TEXT }, NO_STREAM],
    },
    Row { name: "a streamed response", calls: &[fetch("GET", "/streamed")], seen: &["GET"], ..ROW },
    Row {
        name: "mode no-cors shows nothing",
        calls: &[by(Kind::NoCors, "GET", "/items")],
        expected: Expected::Opaque,
        seen: &["GET without origin"],
        ..ROW
    },
    Row {
        name: "keepalive",
        calls: &[by(Kind::Keepalive, "POST", "/items").with(&[JSON]).sending("{}")],
        seen: &["preflight POST content-type", "POST"],
        ..ROW
    },
    Row {
        name: "keepalive of another origin",
        page: Page::At(EVIL),
        calls: &[by(Kind::Keepalive, "POST", "/items").with(&[JSON]).sending("{}")],
        expected: Expected::Blocked,
        seen: &["preflight POST content-type"],
        ..ROW
    },
    Row {
        name: "a beacon of text",
        calls: &[by(Kind::Beacon, "POST", "/items").with(&[TEXT]).sending("text")],
        expected: Expected::Opaque,
        seen: &["POST"],
        ..ROW
    },
    Row {
        name: "a beacon of JSON is announced, and goes with cookies",
        calls: &[
            fetch("GET", "/login").including(),
            by(Kind::Beacon, "POST", "/items").with(&[JSON]).sending("{}"),
        ],
        expected: Expected::Opaque,
        seen: &["GET", "preflight POST content-type", "POST with cookie"],
        ..ROW
    },
    Row {
        name: "a beacon of JSON does not pass without credentials",
        calls: &[by(Kind::Beacon, "POST", "/named").with(&[JSON]).sending("{}")],
        expected: Expected::Opaque,
        seen: &["preflight POST content-type"],
        ..ROW
    },
    Row {
        name: "a beacon of text of another origin is sent",
        page: Page::At(EVIL),
        calls: &[by(Kind::Beacon, "POST", "/items").with(&[TEXT]).sending("text")],
        expected: Expected::Opaque,
        seen: &["POST"],
        ..ROW
    },
    Row {
        name: "EventSource",
        calls: &[by(Kind::EventSource, "GET", "/events")],
        expected: Expected::Used,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "EventSource with credentials",
        calls: &[
            fetch("GET", "/login").including(),
            by(Kind::EventSource, "GET", "/events").including(),
        ],
        expected: Expected::Used,
        seen: &["GET with cookie", "GET with cookie"],
        ..ROW
    },
    Row {
        name: "EventSource of another origin",
        page: Page::At(EVIL),
        calls: &[by(Kind::EventSource, "GET", "/events").including()],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "a WebSocket",
        calls: &[by(Kind::WebSocket, "GET", "/socket")],
        expected: Expected::Used,
        seen: &["GET with cookie"],
        ..ROW
    },
    Row {
        name: "a WebSocket of another origin is no matter of CORS",
        page: Page::At(EVIL),
        calls: &[by(Kind::WebSocket, "GET", "/socket")],
        expected: Expected::Used,
        seen: &["GET"],
        ..ROW
    },
];
