//! Scopes: their policies reach plain routes and what no route takes.

use crate::{
    call::fetch,
    row::{EVIL, Expected, Page, ROW, Row},
    run::run,
};

#[actix_web::test]
async fn a_scopes_policy_reaches_everything_below_its_path() {
    run("scopes", ROWS).await;
}

const fn bare(status: u16) -> Expected {
    Expected::Readable { status, names: &[] }
}

const ROWS: &[Row] = &[
    Row {
        name: "a plain route of a scope for another origin",
        page: Page::At(EVIL),
        calls: &[fetch("PUT", "/partners/plain")],
        seen: &["preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "a plain route of a scope that is not for the base policy's origin",
        calls: &[fetch("GET", "/partners/plain")],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "404 of a scope for another origin, with credentials",
        page: Page::At(EVIL),
        calls: &[fetch("GET", "/partners/nope").including(), fetch("PUT", "/partners/nope")],
        expected: bare(404),
        seen: &["GET", "preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "404 of a scope that is not for the base policy's origin",
        calls: &[fetch("GET", "/partners/nope")],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "404 of a scope without credentials, by an item in it",
        calls: &[fetch("GET", "/lone/nope")],
        expected: bare(404),
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "404 of a scope without credentials, with credentials",
        calls: &[fetch("GET", "/lone/nope").including()],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "404 of a scope that is off",
        calls: &[fetch("GET", "/closed/nope")],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "a preflight in a scope that is off",
        calls: &[fetch("PUT", "/closed/plain")],
        expected: Expected::Blocked,
        seen: &["preflight PUT"],
        ..ROW
    },
    Row {
        name: "a scope that is left to another layer, where there is none",
        calls: &[fetch("GET", "/edge/plain")],
        expected: Expected::Blocked,
        seen: &["GET"],
        ..ROW
    },
];
