//! Errors: scripts of the policy's origins read them, whoever in the server made them.

use crate::{
    call::{Kind, by, fetch},
    engine::Engine,
    row::{EVIL, Exception, Expected, Page, ROW, Row, status},
    run::run,
};

#[actix_web::test]
async fn every_status_is_read_by_the_policys_origins() {
    run("statuses", ROWS).await;
}

/// A status that the handler sets, after a preflight.
macro_rules! handled {
    ($code:literal) => {
        Row {
            name: concat!("a handler's ", $code),
            calls: &[
                fetch("GET", concat!("/status/", $code)),
                fetch("PUT", concat!("/status/", $code)),
            ],
            expected: status($code),
            seen: &["GET", "preflight PUT", "PUT"],
            ..ROW
        }
    };
}

const fn bare(status: u16) -> Expected {
    Expected::Readable { status, names: &[] }
}

const ROWS: &[Row] = &[
    handled!(201),
    handled!(401),
    handled!(403),
    handled!(404),
    handled!(405),
    handled!(409),
    handled!(412),
    handled!(500),
    handled!(503),
    Row {
        name: "401 of an inner middleware that fails",
        calls: &[fetch("GET", "/guarded"), fetch("PUT", "/guarded")],
        expected: bare(401),
        seen: &["GET", "preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "authentication does not meet the preflight",
        calls: &[fetch("PUT", "/guarded").with(&[("Authorization", "Bearer token")])],
        seen: &["preflight PUT authorization", "PUT with authorization"],
        ..ROW
    },
    Row {
        name: "401 with credentials",
        calls: &[fetch("GET", "/status/401").including()],
        expected: status(401),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "401 that asks for a password, without credentials",
        calls: &[fetch("GET", "/password")],
        expected: status(401),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "401 that asks for a password, with credentials",
        calls: &[by(Kind::Impatient, "GET", "/password").including()],
        expected: status(401),
        seen: &["GET"],
        except: &[Exception {
            engines: &[Engine::Chromium, Engine::Firefox],
            expected: Expected::Waiting,
            seen: &["GET"],
            reason: "the user is asked; https://fetch.spec.whatwg.org/#http-fetch (status 401, \
                     response tainting \"cors\"), https://github.com/mdn/content/issues/13063",
        }],
        ..ROW
    },
    Row {
        name: "500 of a handler that fails",
        calls: &[fetch("GET", "/fail"), fetch("PUT", "/fail")],
        expected: bare(500),
        seen: &["GET", "preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "404 of the router",
        calls: &[fetch("GET", "/nowhere")],
        expected: bare(404),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "405 of the router",
        calls: &[fetch("POST", "/readable")],
        expected: bare(405),
        seen: &["POST"],
        ..ROW
    },
    Row {
        name: "an error tells another origin nothing",
        page: Page::At(EVIL),
        calls: &[fetch("GET", "/status/401")],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "404 of the router tells another origin nothing",
        page: Page::At(EVIL),
        calls: &[fetch("GET", "/nowhere")],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
];
