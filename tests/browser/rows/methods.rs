//! Which methods are announced, and which pass.

use crate::{
    call::fetch,
    row::{EVIL, Expected, Page, ROW, Row},
    run::run,
};

#[actix_web::test]
async fn methods_are_announced_and_compared_as_they_are_written() {
    run("methods", ROWS).await;
}

const OPEN: Expected = Expected::Readable { status: 200, names: &["etag", "x-hidden", "x-shown"] };

const ROWS: &[Row] = &[
    Row { name: "GET is simple", calls: &[fetch("GET", "/items")], seen: &["GET"], ..ROW },
    Row { name: "HEAD is simple", calls: &[fetch("HEAD", "/items")], seen: &["HEAD"], ..ROW },
    Row {
        name: "POST of a form is simple",
        calls: &[fetch("POST", "/items").sending("a=1")],
        seen: &["POST"],
        ..ROW
    },
    Row {
        name: "a simple method in lower case is upper-cased",
        calls: &[fetch("post", "/items").sending("a=1")],
        seen: &["POST"],
        ..ROW
    },
    Row {
        name: "PUT is announced",
        calls: &[fetch("PUT", "/items")],
        seen: &["preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "put is upper-cased",
        calls: &[fetch("put", "/items")],
        seen: &["preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "delete is upper-cased",
        calls: &[fetch("delete", "/items")],
        seen: &["preflight DELETE", "DELETE"],
        ..ROW
    },
    Row {
        name: "PATCH is announced",
        calls: &[fetch("PATCH", "/items")],
        seen: &["preflight PATCH", "PATCH"],
        ..ROW
    },
    Row {
        name: "patch is another method than PATCH",
        calls: &[fetch("patch", "/items")],
        expected: Expected::Blocked,
        seen: &["preflight patch"],
        ..ROW
    },
    Row {
        name: "patch is another method also where any method of the routes passes",
        calls: &[fetch("patch", "/open")],
        expected: Expected::Blocked,
        seen: &["preflight patch"],
        ..ROW
    },
    Row {
        name: "OPTIONS itself is announced, and reaches its handler",
        calls: &[fetch("OPTIONS", "/items")],
        seen: &["preflight OPTIONS", "OPTIONS"],
        ..ROW
    },
    Row {
        name: "QUERY is announced",
        calls: &[fetch("QUERY", "/items").sending("a=1")],
        seen: &["preflight QUERY", "QUERY"],
        ..ROW
    },
    Row {
        name: "an extension method is announced",
        calls: &[fetch("PROPFIND", "/items")],
        seen: &["preflight PROPFIND", "PROPFIND"],
        ..ROW
    },
    Row {
        name: "a method of another route is refused",
        calls: &[fetch("DELETE", "/named")],
        expected: Expected::Blocked,
        seen: &["preflight DELETE"],
        ..ROW
    },
    Row {
        name: "a plain route's method is not known",
        calls: &[fetch("PUT", "/plain")],
        expected: Expected::Blocked,
        seen: &["preflight PUT"],
        ..ROW
    },
    Row {
        name: "a method that may not be used is not sent",
        calls: &[fetch("TRACE", "/items")],
        expected: Expected::Blocked,
        seen: &[],
        ..ROW
    },
    Row {
        name: "any method",
        calls: &[fetch("PATCH", "/open")],
        expected: OPEN,
        seen: &["preflight PATCH", "PATCH"],
        ..ROW
    },
    Row {
        name: "any method is no grant with credentials",
        calls: &[fetch("PATCH", "/open").including()],
        expected: Expected::Blocked,
        seen: &["preflight PATCH"],
        ..ROW
    },
    Row {
        name: "any method, from anywhere",
        page: Page::At(EVIL),
        calls: &[fetch("PROPFIND", "/open")],
        expected: OPEN,
        seen: &["preflight PROPFIND", "PROPFIND"],
        ..ROW
    },
    Row {
        name: "PUT of another origin is refused before it is sent",
        page: Page::At(EVIL),
        calls: &[fetch("PUT", "/items")],
        expected: Expected::Blocked,
        seen: &["preflight PUT"],
        ..ROW
    },
    Row {
        name: "a simple POST of another origin is sent and cannot be read",
        page: Page::At(EVIL),
        calls: &[fetch("POST", "/items").sending("a=1")],
        expected: Expected::Blocked,
        seen: &["POST"],
        ..ROW
    },
];
