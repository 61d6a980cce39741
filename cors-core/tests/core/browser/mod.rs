//! The model of a browser: what it sends, and what it makes of the answers.

mod cookies;
mod preflights;
mod redirects;
mod requests;

use cors_core::browser::{Browser, Fetch, Outcome, Request, Response};

const PAGE: &str = "https://desk.example";
const API: &str = "https://api.example.com";

/// Makes a call, with an answer for each request.
fn send(
    browser: &mut Browser,
    fetch: &Fetch,
    mut answer: impl FnMut(&Request) -> Response,
) -> Outcome {
    let mut fetching = browser.start(fetch).unwrap();
    while let Some(request) = fetching.request() {
        let response = answer(request);
        fetching.receive(response);
    }
    fetching.into_outcome()
}

fn response(status: u16, headers: &[(&str, &str)]) -> Response {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Response { status, headers: headers.iter().map(owned).collect() }
}

/// Lets the origin of the request do what it asks for.
fn allow(request: &Request, more: &[(&str, &str)]) -> Response {
    let origin = request.header("origin").unwrap_or_default();
    let names = request.header("access-control-request-headers").unwrap_or_default();
    let method = request.header("access-control-request-method").unwrap_or_default();
    let mut headers = vec![
        ("access-control-allow-origin", &origin[..]),
        ("access-control-allow-credentials", "true"),
    ];
    if request.is_preflight {
        headers.push(("access-control-allow-methods", &method));
        headers.push(("access-control-allow-headers", &names));
    }
    headers.extend(more);
    response(200, &headers)
}

/// Method and URL of all requests, preflights marked.
fn sent(outcome: &Outcome) -> Vec<String> {
    let requests = outcome.exchanges.iter().map(|exchange| &exchange.request);
    let text = |request: &Request| {
        let mark = if request.is_preflight { "preflight of " } else { "" };
        let method = request.header("access-control-request-method");
        let method = method.unwrap_or_else(|| request.method.clone());
        format!("{mark}{method} {}", request.url)
    };
    requests.map(text).collect()
}
