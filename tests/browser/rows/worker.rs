//! Pages whose calls a service worker makes: the worker's fetch is held to the same policy.

use crate::{
    call::{Kind, by, fetch},
    row::{Expected, Page, ROW, Row},
    run::run,
};

#[actix_web::test]
async fn a_service_workers_fetch_is_held_to_the_policy() {
    run("worker", ROWS).await;
}

/// The API on the site of the page.
const API: &str = "api.site.localhost";

const ROW_OF_WORKER: Row = Row { page: Page::Worker, ..ROW };

const ROWS: &[Row] = &[
    Row {
        name: "a GET by the worker",
        calls: &[fetch("GET", "/items").to(API)],
        seen: &["GET by worker"],
        ..ROW_OF_WORKER
    },
    Row {
        name: "a PUT by the worker, announced",
        calls: &[fetch("PUT", "/items").to(API).with(&[("X-One", "1")])],
        seen: &["preflight PUT x-one by worker", "PUT by worker"],
        ..ROW_OF_WORKER
    },
    Row {
        name: "a header too much",
        calls: &[fetch("PUT", "/items").to(API).with(&[("X-Other", "1")])],
        expected: Expected::Blocked,
        seen: &["preflight PUT x-other by worker"],
        ..ROW_OF_WORKER
    },
    Row {
        name: "with cookies",
        calls: &[
            fetch("GET", "/login").to(API).including(),
            fetch("GET", "/items").to(API).including(),
        ],
        seen: &["GET by worker", "GET with cookie by worker"],
        ..ROW_OF_WORKER
    },
    Row {
        name: "a policy that does not allow the page",
        calls: &[fetch("GET", "/off").to(API)],
        expected: Expected::Blocked,
        seen: &["GET by worker"],
        ..ROW_OF_WORKER
    },
    Row {
        name: "<img> without crossorigin stays unreadable",
        calls: &[by(Kind::PlainImage, "GET", "/pixel.gif").to(API)],
        expected: Expected::Opaque,
        seen: &["GET without origin with cookie by worker"],
        ..ROW_OF_WORKER
    },
    Row {
        name: "<img crossorigin>",
        calls: &[by(Kind::Image, "GET", "/pixel.gif").to(API)],
        expected: Expected::Used,
        seen: &["GET by worker"],
        ..ROW_OF_WORKER
    },
];
