//! Runs rows, in Chromium and in the model, and compares.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use cors_tests::{
    browser::{Browser, Fetch, Outcome},
    client::Request,
};
use serde_json::{Value, json};

use crate::{
    call::{Call, Credentials},
    chromium::Chromium,
    row::{APP, Expected, NAMES, Page, Row},
    servers::Servers,
};

/// How long what never comes is waited for; what comes is not waited for longer than it takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const RUNNER: &str = include_str!("served/runner.js");

/// What a script got, with the names of all headers it could read where there are any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Got {
    outcome: String,
    names: Vec<String>,
}

/// Runs every row in Chromium, if there is one, and in the model.
pub(crate) async fn run(topic: &str, rows: &[Row]) {
    let servers = Servers::start();
    let chromium = Chromium::start_if_there(&servers.flags()).await;
    let mut results: Vec<(String, &Row, Option<Got>)> = Vec::new();
    for page in pages(rows) {
        let own: Vec<(String, &Row)> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.page == page)
            .map(|(i, row)| (format!("{topic}-{i}"), row))
            .collect();
        let got = match &chromium {
            Some(chromium) => run_chromium(chromium, page, &own).await,
            None => vec![None; own.len()],
        };
        results.extend(own.into_iter().zip(got).map(|((id, row), got)| (id, row, got)));
    }
    // only now, so that what is sent too much has arrived as well
    let mut failures = String::new();
    for (id, row, got) in results {
        if let Some(got) = &got {
            let seen = wait_for(&servers, &id, row).await;
            compare(&mut failures, "Chromium", row, got, &seen, (row.expected, row.seen));
        }
        if row.calls.iter().all(|call| call.kind.is_cors()) {
            run_model(&mut failures, &servers, &format!("model-{id}"), row, got).await;
        }
    }
    let differing = rows.iter().filter_map(|row| Some((row.name, row.standard?.reference)));
    let differing: Vec<_> = differing.collect();
    assert!(failures.is_empty(), "{failures}Chromium differs from the standard in {differing:#?}");
}

/// What Chromium's scripts get on a page.
async fn run_chromium(
    chromium: &Chromium,
    page: Page,
    rows: &[(String, &Row)],
) -> Vec<Option<Got>> {
    open(chromium, page).await;
    let calls =
        rows.iter().map(|(id, row)| row.calls.iter().map(|call| call.to_json(id)).collect());
    let calls: Vec<Value> = calls.collect();
    let outcomes = chromium.execute_async(RUNNER, json!(calls)).await;
    let outcomes = outcomes.as_array().unwrap_or_else(|| panic!("{outcomes}"));
    outcomes.iter().map(|outcome| Some(got(outcome))).collect()
}

/// Pages in the order in which the rows name them.
fn pages(rows: &[Row]) -> Vec<Page> {
    let mut pages = Vec::new();
    for row in rows {
        if !pages.contains(&row.page) {
            pages.push(row.page);
        }
    }
    pages
}

/// Opens a page of an origin.
pub(crate) async fn open(chromium: &Chromium, page: Page) {
    match page {
        Page::At(origin) => chromium.go_to(&format!("{origin}/")).await,
        Page::SandboxedByHeader => chromium.go_to(&format!("{APP}/sandboxed")).await,
        Page::Sandboxed | Page::Data => {
            let frame = if page == Page::Data { "data" } else { "sandboxed" };
            chromium.go_to(&format!("{APP}/with/{frame}")).await;
            chromium.enter_frame().await;
        }
        Page::Worker => {
            chromium.go_to(&format!("{APP}/")).await;
            let script = "const done = arguments[1];
                navigator.serviceWorker.addEventListener('controllerchange', () => done(null));
                navigator.serviceWorker.register('/worker.js').catch(error => done(String(error)));";
            let error = chromium.execute_async(script, Value::Null).await;
            assert!(error.is_null(), "{error}");
        }
    }
}

/// What the server has seen of a row once all of it has arrived: a beacon is on its way for a while.
async fn wait_for(servers: &Servers, id: &str, row: &Row) -> Vec<String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let seen = servers.spy.seen(id, row.page.origin());
        if seen.len() >= row.seen.len() || Instant::now() > deadline {
            return seen;
        }
        actix_web::rt::time::sleep(Duration::from_millis(5)).await;
    }
}

fn got(outcome: &Value) -> Got {
    let names = outcome["headers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let outcome = match outcome {
        outcome if outcome["used"] == true => "used".to_owned(),
        outcome if outcome["opaque"] == true => "opaque".to_owned(),
        outcome if outcome["waiting"] == true => "waiting".to_owned(),
        outcome if outcome["status"].is_u64() => outcome["status"].to_string(),
        outcome if outcome["blocked"].is_string() => "blocked".to_owned(),
        other => format!("unknown: {other}"),
    };
    Got { outcome, names }
}

async fn run_model(
    failures: &mut String,
    servers: &Servers,
    id: &str,
    row: &Row,
    chromium: Option<Got>,
) {
    let browser = servers.model();
    let mut got = Got { outcome: String::new(), names: Vec::new() };
    for call in row.calls {
        got = model(&browser, call, row.page.origin(), id).await;
    }
    // the model has no cookies and no worker
    let strip = |text: &str| text.replace(" with cookie", "").replace(" by worker", "");
    let seen: Vec<String> =
        servers.spy.seen(id, row.page.origin()).iter().map(|text| strip(text)).collect();
    let (expected, requests) = match row.standard {
        Some(standard) => (standard.expected, standard.seen),
        None => (row.expected, row.seen),
    };
    let requests: Vec<String> = requests.iter().map(|text| strip(text)).collect();
    let requests: Vec<&str> = requests.iter().map(String::as_str).collect();
    compare(failures, "the model", row, &got, &seen, (expected, &requests));
    let is_comparable = row.standard.is_none() && matches!(expected, Expected::Readable { .. });
    if let Some(chromium) = chromium.filter(|_| is_comparable)
        && got.names != chromium.names
    {
        let (name, own, others) = (row.name, &chromium.names, &got.names);
        _ = writeln!(failures, "{name}: Chromium reads {own:?}, the model {others:?}");
    }
}

/// Makes a call as the model does.
pub(crate) async fn model(browser: &Browser, call: &Call, origin: &str, id: &str) -> Got {
    let mut request = Request::new(call.method, call.url(id));
    for (name, value) in call.headers {
        request = request.header(name, value);
    }
    let fetch = Fetch {
        origin: origin.to_owned(),
        request: Request { body: call.body.to_owned(), ..request },
        include_credentials: call.credentials == Credentials::Include,
    };
    let outcome = if call.kind.forces_preflight() {
        browser.upload(&fetch).await
    } else {
        browser.fetch(&fetch).await
    };
    match outcome {
        Outcome::Blocked(_) => Got { outcome: "blocked".into(), names: Vec::new() },
        Outcome::Readable { response, readable } if call.kind.answers_response() => {
            Got { outcome: response.status.to_string(), names: readable }
        }
        Outcome::Readable { .. } => Got { outcome: "used".into(), names: Vec::new() },
    }
}

fn compare(
    failures: &mut String,
    who: &str,
    row: &Row,
    got: &Got,
    seen: &[String],
    (expected, requests): (Expected, &[&str]),
) {
    let (outcome, names) = match expected {
        Expected::Readable { status, names } => (status.to_string(), names),
        Expected::Used => ("used".to_owned(), &[][..]),
        Expected::Opaque => ("opaque".to_owned(), &[][..]),
        Expected::Blocked => ("blocked".to_owned(), &[][..]),
        Expected::Waiting => ("waiting".to_owned(), &[][..]),
    };
    let own: Vec<&str> =
        got.names.iter().map(String::as_str).filter(|name| NAMES.contains(name)).collect();
    if got.outcome != outcome || own != names {
        _ = writeln!(
            failures,
            "{}: {who} got {} {own:?}, expected {outcome} {names:?}",
            row.name, got.outcome
        );
    }
    if seen != requests {
        let name = row.name;
        _ = writeln!(failures, "{name}: {who} sent {seen:?}, expected {requests:?}");
    }
}
