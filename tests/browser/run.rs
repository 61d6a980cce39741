//! Runs rows, in every engine and in the model, and compares.

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
    call::{Call, Credentials, Kind},
    engine::{Engine, LiveBrowser},
    row::{APP, Expected, LOCAL, NAMES, Page, Row},
    servers::Servers,
};

/// How long what never comes is waited for; what comes is not waited for longer than it takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// How long after the last row requests may come of which no script learns.
const LATENESS: Duration = Duration::from_secs(10);

pub(crate) const RUNNER: &str = include_str!("served/runner.js");

/// What a script got, with the names of all headers it could read where there are any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Got {
    outcome: String,
    names: Vec<String>,
}

/// Runs every row in each engine that is there, and in the model.
pub(crate) async fn run(topic: &str, rows: &[Row]) {
    rows.iter().for_each(check_exceptions);
    let servers = Servers::start();
    let mut failures = String::new();
    let mut measured: Vec<(Engine, &Row, Got)> = Vec::new();
    for engine in Engine::ALL {
        if let Some(browser) = engine.start_if_there(Some(servers.proxy)).await {
            let got = run_engine(&mut failures, &servers, (engine, &browser), topic, rows).await;
            measured.extend(got);
        }
    }
    // one model, which keeps its cookies from row to row as an engine does
    let model = servers.model();
    for page in pages(rows) {
        for (i, row) in rows.iter().enumerate().filter(|(_, row)| row.page == page) {
            let id = format!("model-{topic}-{i}");
            if row.calls.iter().all(|call| call.kind.is_cors()) {
                let got = run_model(&mut failures, &servers, &model, &id, row).await;
                compare_names(&mut failures, row, &got, &measured);
                continue;
            }
            // for the cookies that they leave behind
            for call in row.calls.iter().filter(|call| call.kind.is_cors()) {
                self::model(&model, call, row.page.origin(), &id).await;
            }
        }
    }
    let exceptions = rows.iter().flat_map(|row| row.except.iter().map(|it| (row.name, it)));
    let exceptions = exceptions.map(|(name, it)| (name, it.engines, it.reason));
    let exceptions: Vec<_> = exceptions.collect();
    assert!(failures.is_empty(), "{failures}engines differ from the standard in {exceptions:#?}");
}

/// An exception is one, and of engines that have no other.
fn check_exceptions(row: &Row) {
    let mut engines: Vec<Engine> = Vec::new();
    for exception in row.except {
        let is_one = (exception.expected, exception.seen) != (row.expected, row.seen);
        assert!(is_one, "{}: {:?} do what the standard says", row.name, exception.engines);
        for engine in exception.engines {
            assert!(!engines.contains(engine), "{}: {engine:?} has two exceptions", row.name);
            engines.push(*engine);
        }
    }
}

/// Runs every row in a browser, the rows of a page one after the other.
async fn run_engine<'a>(
    failures: &mut String,
    servers: &Servers,
    (engine, browser): (Engine, &LiveBrowser),
    topic: &str,
    rows: &'a [Row],
) -> Vec<(Engine, &'a Row, Got)> {
    let mut results: Vec<(String, &Row, Got)> = Vec::new();
    for page in pages(rows) {
        let own: Vec<(String, &Row)> = rows
            .iter()
            .enumerate()
            .filter(|(_, row)| row.page == page)
            .map(|(i, row)| (format!("{engine:?}-{topic}-{i}"), row))
            .collect();
        let got = run_page(browser, page, &own).await;
        results.extend(own.into_iter().zip(got).map(|((id, row), got)| (id, row, got)));
    }
    // only now, so that what is sent too much has arrived as well
    let deadline = Instant::now() + LATENESS;
    for (id, row, got) in &results {
        let (expected, requests) = row.of(engine);
        let seen = wait_for(servers, id, row.page, requests.len(), deadline).await;
        compare(failures, &format!("{engine:?}"), row, got, &seen, (expected, requests));
    }
    results.into_iter().map(|(_, row, got)| (engine, row, got)).collect()
}

/// What a browser's scripts get on a page.
async fn run_page(browser: &LiveBrowser, page: Page, rows: &[(String, &Row)]) -> Vec<Got> {
    open(browser, page).await;
    let may_ask = |row: &Row| row.calls.iter().any(|call| call.kind == Kind::Impatient);
    let mut all = Vec::new();
    // one script for as many rows as may be, since each command takes its time
    for rows in rows.chunk_by(|(_, one), (_, other)| !may_ask(one) && !may_ask(other)) {
        let calls =
            rows.iter().map(|(id, row)| row.calls.iter().map(|call| call.to_json(id)).collect());
        let calls: Vec<Value> = calls.collect();
        let mut outcomes = browser.execute_async(RUNNER, json!(calls)).await;
        // a script ends with null where a prompt opens, which the next command closes
        if outcomes.is_null() && may_ask(rows[0].1) {
            outcomes = json!([{ "waiting": true }]);
        }
        let outcomes = outcomes.as_array().unwrap_or_else(|| panic!("{}: {outcomes}", rows[0].0));
        all.extend(outcomes.iter().map(got));
    }
    all
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
pub(crate) async fn open(browser: &LiveBrowser, page: Page) {
    match page {
        Page::At(origin) => browser.go_to(&format!("{origin}/")).await,
        Page::SandboxedByHeader => browser.go_to(&format!("{APP}/sandboxed")).await,
        Page::Sandboxed | Page::Data => {
            let frame = if page == Page::Data { "data" } else { "sandboxed" };
            browser.go_to(&format!("{APP}/with/{frame}")).await;
            browser.enter_frame().await;
        }
        Page::Worker => {
            browser.go_to(&format!("{LOCAL}/")).await;
            let script = "const done = arguments[1];
                navigator.serviceWorker.addEventListener('controllerchange', () => done(null));
                navigator.serviceWorker.register('/worker.js').catch(error => done(String(error)));";
            let error = browser.execute_async(script, Value::Null).await;
            assert!(error.is_null(), "{error}");
        }
    }
}

/// What the server has seen of a row once all of it has arrived: a beacon is on its way for a while.
async fn wait_for(
    servers: &Servers,
    id: &str,
    page: Page,
    count: usize,
    deadline: Instant,
) -> Vec<String> {
    loop {
        let seen = servers.spy.seen(id, page.origin());
        if seen.len() >= count || Instant::now() > deadline {
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
    browser: &Browser,
    id: &str,
    row: &Row,
) -> Got {
    let mut got = Got { outcome: String::new(), names: Vec::new() };
    for call in row.calls {
        got = model(browser, call, row.page.origin(), id).await;
    }
    // the model has no worker
    let strip = |text: &str| text.replace(" by worker", "");
    let seen: Vec<String> =
        servers.spy.seen(id, row.page.origin()).iter().map(|text| strip(text)).collect();
    let requests: Vec<String> = row.seen.iter().map(|text| strip(text)).collect();
    let requests: Vec<&str> = requests.iter().map(String::as_str).collect();
    compare(failures, "the model", row, &got, &seen, (row.expected, &requests));
    got
}

/// All names that scripts can read, those too of which rows do not speak.
fn compare_names(failures: &mut String, row: &Row, model: &Got, measured: &[(Engine, &Row, Got)]) {
    let own = measured.iter().filter(|(_, other, _)| std::ptr::eq(*other, row));
    for (engine, _, got) in own {
        let is_readable = matches!(row.of(*engine).0, Expected::Readable { .. });
        if is_readable && row.of(*engine).0 == row.expected && got.names != model.names {
            let (name, names) = (row.name, &got.names);
            _ = writeln!(
                failures,
                "{name}: {engine:?} reads {names:?}, the model {:?}",
                model.names
            );
        }
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
