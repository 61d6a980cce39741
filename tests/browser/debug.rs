//! Debug mode: Chromium's console names the step that fails, and refuses what it refuses without.

use std::time::Instant;

use serde_json::{Value, json};

use crate::{
    call::{API, Call, fetch},
    engine::{Engine, LiveBrowser},
    row::{APP, EVIL, Page},
    rows::headers::TOO_MANY,
    run::{PATIENCE, RUNNER, open},
    servers::Servers,
};

/// A call that is refused, and what names the step.
struct Refusal {
    page: Page,
    call: Call,
    /// A part of the message in the console.
    message: &'static str,
}

const fn refusal(page: Page, call: Call, message: &'static str) -> Refusal {
    Refusal { page, call, message }
}

/// A server with strict routes.
const STRICT: &str = "strict.site.example";

const OWN: Page = Page::At(APP);
const OTHERS: Page = Page::At(EVIL);
const NO_ORIGIN: &str = "No 'Access-Control-Allow-Origin' header is present";
const PREFLIGHT_WITHOUT_ORIGIN: &str = "Response to preflight request doesn't pass access control \
                                        check: No 'Access-Control-Allow-Origin' header is present";
const PREFLIGHT_WITHOUT_CREDENTIALS: &str = "Response to preflight request doesn't pass access \
                                             control check: The value of the \
                                             'Access-Control-Allow-Credentials' header in the \
                                             response is ''";

const REFUSALS: &[Refusal] = &[
    // methods
    refusal(OWN, fetch("DELETE", "/named"), "Method DELETE is not allowed by"),
    refusal(OWN, fetch("patch", "/items"), "Method patch is not allowed by"),
    refusal(OWN, fetch("PUT", "/plain"), "Method PUT is not allowed by"),
    refusal(OWN, fetch("PUT", "/nowhere"), "Method PUT is not allowed by"),
    refusal(OWN, fetch("DELETE", "/items/unknown").including(), "Method DELETE is not allowed by"),
    refusal(
        OWN,
        fetch("DELETE", "/named").with(&[("X-Other", "1")]),
        "Method DELETE is not allowed by",
    ),
    // request headers
    refusal(
        OWN,
        fetch("GET", "/items").with(&[("X-Other", "1")]),
        "Request header field x-other is not allowed by",
    ),
    refusal(
        OWN,
        fetch("PUT", "/items").with(&[("X-One", "1"), ("X-Other", "1")]).including(),
        "Request header field x-other is not allowed by",
    ),
    refusal(
        OWN,
        fetch("GET", "/plain").with(&[("X-Other", "1")]),
        "Request header field x-other is not allowed by",
    ),
    refusal(OWN, fetch("GET", "/open").with(TOO_MANY.0), "Request header field x-"),
    // origins: those that are not allowed learn nothing, and the message names theirs
    refusal(OTHERS, fetch("GET", "/items"), NO_ORIGIN),
    refusal(OTHERS, fetch("PUT", "/items"), PREFLIGHT_WITHOUT_ORIGIN),
    refusal(OTHERS, fetch("DELETE", "/named").with(&[("X-Other", "1")]), PREFLIGHT_WITHOUT_ORIGIN),
    refusal(Page::SandboxedByHeader, fetch("PUT", "/items"), PREFLIGHT_WITHOUT_ORIGIN),
    refusal(Page::SandboxedByHeader, fetch("GET", "/items"), NO_ORIGIN),
    // a route without CORS
    refusal(OWN, fetch("GET", "/off"), NO_ORIGIN),
    refusal(OWN, fetch("PUT", "/off"), PREFLIGHT_WITHOUT_ORIGIN),
    // credentials
    refusal(
        OWN,
        fetch("GET", "/named").including(),
        "'Access-Control-Allow-Credentials' header in the response is ''",
    ),
    refusal(OWN, fetch("PUT", "/named").including(), PREFLIGHT_WITHOUT_CREDENTIALS),
    refusal(OWN, fetch("GET", "/open").including(), "must not be the wildcard '*'"),
    refusal(OWN, fetch("PUT", "/open").including(), "must not be the wildcard '*'"),
    // a server that grants nothing for what no attribute has made known
    refusal(OWN, fetch("PUT", "/nowhere").to(STRICT), "Method PUT is not allowed by"),
    refusal(OWN, fetch("DELETE", "/named").to(STRICT), "Method DELETE is not allowed by"),
    refusal(OTHERS, fetch("PUT", "/nowhere").to(STRICT), PREFLIGHT_WITHOUT_ORIGIN),
    // the second of two requests
    refusal(OWN, fetch("GET", "/redirect/302/api.site.example/off"), NO_ORIGIN),
];

const GRANTED: &[Call] = &[
    fetch("PUT", "/items").with(&[("X-One", "1")]).including(),
    fetch("PATCH", "/open").with(&[("X-Any", "1")]),
    fetch("GET", "/named"),
];

#[actix_web::test]
#[cfg_attr(
    without_chromium,
    ignore = "chromium or chromedriver is missing; `apt-get install chromium chromium-driver` brings them"
)]
async fn the_console_names_the_step_and_the_verdict_stays() {
    let servers = Servers::start();
    let chromium = Engine::Chromium.start(Some(servers.proxy)).await;
    for page in [OWN, OTHERS, Page::SandboxedByHeader] {
        open(&chromium, page).await;
        let own = REFUSALS.iter().enumerate().filter(|(_, refusal)| refusal.page == page);
        for (i, Refusal { call, message, .. }) in own {
            let host = if call.host == STRICT {
                "strict-debug.site.example"
            } else {
                "debug.site.example"
            };
            let (plain, _) = make(&chromium, call, call.host, &format!("plain-{i}")).await;
            let (debug, mut said) = make(&chromium, call, host, &format!("debug-{i}")).await;
            let what = format!("{} {} of {page:?}", call.method, call.path);
            for outcome in [plain, debug] {
                assert_eq!(outcome["blocked"], "TypeError: Failed to fetch", "{what}");
            }
            let policy =
                format!("from origin '{}' has been blocked by CORS policy: ", page.origin());
            let is_told = |line: &String| line.contains(&policy) && line.contains(message);
            let deadline = Instant::now() + PATIENCE;
            while !said.iter().any(is_told) {
                assert!(Instant::now() < deadline, "{what}: {said:#?}");
                said.extend(chromium.console().await);
            }
        }
    }
}

#[actix_web::test]
#[cfg_attr(
    without_chromium,
    ignore = "chromium or chromedriver is missing; `apt-get install chromium chromium-driver` brings them"
)]
async fn what_is_granted_without_debug_is_granted_with_it() {
    let servers = Servers::start();
    let chromium = Engine::Chromium.start(Some(servers.proxy)).await;
    open(&chromium, OWN).await;
    for (i, call) in GRANTED.iter().enumerate() {
        for host in [API, "debug.site.example"] {
            let (outcome, said) = make(&chromium, call, host, &format!("{host}-{i}")).await;
            assert_eq!(outcome["status"], 200, "{} {}", call.method, call.path);
            assert!(said.is_empty(), "{said:#?}");
        }
    }
}

/// Whoever pastes a message finds it in the guide, where it is about PUT and `x-token`.
#[test]
fn the_guide_has_every_message() {
    let guide = include_str!("../../docs/troubleshooting.md");
    let step = "Response to preflight request doesn't pass access control check: ";
    for Refusal { message, .. } in REFUSALS {
        let message = message.strip_prefix(step).unwrap_or(message);
        let message = message.replace("DELETE", "PUT").replace("patch", "PUT");
        let message = message.replace("x-other", "x-token");
        assert!(guide.contains(&message), "{message}");
    }
}

/// What the script gets, and what the console says meanwhile.
async fn make(
    chromium: &LiveBrowser,
    call: &Call,
    host: &'static str,
    id: &str,
) -> (Value, Vec<String>) {
    chromium.console().await;
    let calls = json!([[call.to(host).to_json(id)]]);
    let outcomes = chromium.execute_async(RUNNER, calls).await;
    (outcomes[0].clone(), chromium.console().await)
}
