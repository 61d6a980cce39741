//! What a browser does, by the Fetch standard: which preflight it sends, and whether it lets the
//! script have the response.

use std::{cell::RefCell, net::SocketAddr};

pub use cors_core::browser::Blocked;
use cors_core::browser::{Client, is_forbidden_request_header, is_safelisted_method, unsafe_names};

use crate::{
    client::{Request, Response},
    preflight_cache::PreflightCache,
    url,
};

/// A browser: where it finds hosts, and what it remembers of preflights.
#[derive(Debug, Default)]
pub struct Browser {
    /// Addresses of hosts; any other is looked up.
    pub hosts: Vec<(String, SocketAddr)>,
    /// Every request that it has sent, with the answer.
    pub exchanges: RefCell<Vec<(Request, Response)>>,
    preflights: PreflightCache,
}

/// A script's `fetch(url, { method, headers, body, credentials })` on a page of another origin.
#[derive(Debug, Clone)]
pub struct Fetch {
    /// The page's origin, serialised.
    pub origin: String,
    /// The request the script asks for.
    pub request: Request,
    /// Whether the credentials mode is "include".
    pub include_credentials: bool,
}

/// What the script gets.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The response, with the headers the script can read.
    Readable {
        /// The response as it came.
        response: Response,
        /// Names of the readable headers, in lower case.
        readable: Vec<String>,
    },
    /// `TypeError: Failed to fetch`.
    Blocked(Blocked),
}

impl Browser {
    /// A browser that finds hosts at these addresses.
    #[must_use]
    pub fn with_hosts<'a>(hosts: impl IntoIterator<Item = (&'a str, SocketAddr)>) -> Self {
        let hosts = hosts.into_iter().map(|(host, address)| (host.to_owned(), address)).collect();
        Self { hosts, ..Self::default() }
    }

    /// Makes a call.
    pub async fn fetch(&self, fetch: &Fetch) -> Outcome {
        self.run(fetch, false).await.unwrap_or_else(Outcome::Blocked)
    }

    /// Makes a call with the use-CORS-preflight flag, which upload listeners and streamed bodies set.
    pub async fn upload(&self, fetch: &Fetch) -> Outcome {
        self.run(fetch, true).await.unwrap_or_else(Outcome::Blocked)
    }

    /// `#concept-main-fetch` and `#concept-http-redirect-fetch`.
    async fn run(&self, fetch: &Fetch, is_forced: bool) -> Result<Outcome, Blocked> {
        let mut request = fetch.request.clone();
        request.method = normalized(&request.method)?;
        request.headers.retain(|(name, _)| !is_forbidden_request_header(name));
        let (mut is_cors, mut is_tainted) = (false, false);
        for _ in 0..=20 {
            is_cors = is_cors || url::origin(&request.url) != fetch.origin;
            let origin = if is_tainted { "null" } else { &fetch.origin };
            let client = Client { origin, include_credentials: fetch.include_credentials };
            let response = if is_cors {
                let response = self.cors_fetch(&client, &request, is_forced).await;
                if response.is_err() {
                    self.preflights.forget(&client, &request);
                }
                response?
            } else {
                // `#append-a-request-origin-header`
                let has_origin = !matches!(request.method.as_str(), "GET" | "HEAD");
                let sent = request.clone();
                self.send(&if has_origin { sent.header("origin", origin) } else { sent }).await?
            };
            let Some(location) = location(&response) else {
                let readable =
                    if is_cors { client.readable(&response.headers) } else { all(&response) };
                return Ok(Outcome::Readable { response, readable });
            };
            let next = url::resolve(&request.url, &location);
            let next = next.ok_or_else(|| Blocked::Network("no such redirect".into()))?;
            if url::has_credentials(&next) {
                return Err(Blocked::Network("credentials in a redirect".into()));
            }
            // the redirect-taint of `#concept-request-tainted-origin`
            let (here, there) = (url::origin(&request.url), url::origin(&next));
            is_tainted = is_tainted || (here != there && here != fetch.origin);
            request = redirected(&request, response.status, next);
        }
        Err(Blocked::Network("too many redirects".into()))
    }

    /// `#concept-http-fetch` with response tainting "cors".
    async fn cors_fetch(
        &self,
        client: &Client<'_>,
        request: &Request,
        is_forced: bool,
    ) -> Result<Response, Blocked> {
        let names = unsafe_names(&request.headers);
        let method = &request.method;
        let has_to_ask = is_forced || !names.is_empty() || !is_safelisted_method(method);
        if has_to_ask && !self.preflights.covers(client, request, &names, is_forced) {
            let answer = self.send(&preflight(client.origin, request, &names)).await?;
            client.check_preflight(method, &names, is_forced, answer.status, &answer.headers)?;
            self.preflights.remember(client, request, is_forced, &answer.headers);
        }
        let response = self.send(&request.clone().header("origin", client.origin)).await?;
        client.cors_check(&response.headers).map_err(Blocked::Response)?;
        Ok(response)
    }

    async fn send(&self, request: &Request) -> Result<Response, Blocked> {
        let host = url::host(&request.url);
        let known = self.hosts.iter().find(|(own, _)| own == host);
        let response = request.send_to(known.map(|(_, address)| *address)).await;
        let response = response.map_err(Blocked::Network)?;
        self.exchanges.borrow_mut().push((request.clone(), response.clone()));
        Ok(response)
    }
}

impl Fetch {
    /// Does what a browser does that remembers nothing, over the network.
    pub async fn run(&self) -> Outcome {
        Browser::default().fetch(self).await
    }

    /// The preflight that announces a request, if it needs one.
    ///
    /// Source: `#cors-preflight-fetch`, `#main-fetch`.
    #[must_use]
    pub fn preflight(&self, request: &Request) -> Option<Request> {
        let names = unsafe_names(&request.headers);
        if names.is_empty() && is_safelisted_method(&request.method) {
            return None;
        }
        Some(preflight(&self.origin, request, &names))
    }
}

fn preflight(origin: &str, request: &Request, names: &[String]) -> Request {
    let preflight = Request::new("OPTIONS", &request.url)
        .header("accept", "*/*")
        .header("access-control-request-method", &request.method)
        .header("origin", origin);
    if names.is_empty() {
        return preflight;
    }
    preflight.header("access-control-request-headers", &names.join(","))
}

/// `#concept-method-normalize`, and `#forbidden-method`.
fn normalized(method: &str) -> Result<String, Blocked> {
    let is_in = |list: &[&str]| list.iter().any(|own| own.eq_ignore_ascii_case(method));
    if is_in(&["CONNECT", "TRACE", "TRACK"]) {
        return Err(Blocked::Network(format!("the method {method} is forbidden")));
    }
    let is_normalized = is_in(&["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]);
    Ok(if is_normalized { method.to_ascii_uppercase() } else { method.to_owned() })
}

/// Where the response redirects to, if it does.
fn location(response: &Response) -> Option<String> {
    let is_redirect = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    response.get("location").filter(|_| is_redirect)
}

/// The request that follows a redirect: the end of `#concept-http-redirect-fetch`.
fn redirected(request: &Request, status: u16, next: String) -> Request {
    let method = request.method.as_str();
    let becomes_get = match status {
        301 | 302 => method == "POST",
        303 => !matches!(method, "GET" | "HEAD"),
        _ => false,
    };
    let of_body = ["content-encoding", "content-language", "content-location", "content-type"];
    let is_elsewhere = url::origin(&request.url) != url::origin(&next);
    let is_dropped = |name: &str| {
        (becomes_get && of_body.contains(&name)) || (is_elsewhere && name == "authorization")
    };
    let mut followed = Request { url: next, ..request.clone() };
    followed.headers.retain(|(name, _)| !is_dropped(&name.to_ascii_lowercase()));
    if becomes_get {
        followed.method = "GET".into();
        followed.body.clear();
    }
    followed
}

/// `#concept-filtered-response-basic`.
fn all(response: &Response) -> Vec<String> {
    let names = response.headers.iter().map(|(name, _)| name.clone());
    let mut names: Vec<String> = names.filter(|name| !is_forbidden(name)).collect();
    names.sort();
    names.dedup();
    names
}

/// `#forbidden-response-header-name`.
fn is_forbidden(name: &str) -> bool {
    matches!(name, "set-cookie" | "set-cookie2")
}
