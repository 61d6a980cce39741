//! What a browser does, by the Fetch standard: which preflight it sends, and whether it lets the
//! script have the response.

use crate::{
    client::{Request, Response},
    fetch::{Client, is_safelisted_method, list},
};

pub use crate::fetch::Blocked;

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

impl Fetch {
    /// Does what the browser does, over the network.
    pub async fn run(&self) -> Outcome {
        match self.try_run().await {
            Ok(outcome) => outcome,
            Err(blocked) => Outcome::Blocked(blocked),
        }
    }

    async fn try_run(&self) -> Result<Outcome, Blocked> {
        let mut request = self.request.clone().header("origin", &self.origin);
        loop {
            if let Some(preflight) = self.preflight(&request) {
                let answer = preflight.send().await.map_err(Blocked::Network)?;
                let (method, names) = (&request.method, unsafe_names(&request));
                let client = self.client();
                client.check_preflight(method, &names, false, answer.status, &answer.headers)?;
            }
            let response = request.send().await.map_err(Blocked::Network)?;
            self.client().cors_check(&response.headers).map_err(Blocked::Response)?;
            let Some(next) = redirect(&request, &response) else {
                let readable = self.readable(&response);
                return Ok(Outcome::Readable { response, readable });
            };
            request = next;
        }
    }

    /// The preflight that announces a request, if it needs one.
    ///
    /// Source: `#cors-preflight-fetch`, `#main-fetch`.
    #[must_use]
    pub fn preflight(&self, request: &Request) -> Option<Request> {
        let names = unsafe_names(request);
        if names.is_empty() && is_safelisted_method(&request.method) {
            return None;
        }
        let mut preflight = Request::new("OPTIONS", &request.url)
            .header("accept", "*/*")
            .header("access-control-request-method", &request.method)
            .header("origin", &self.origin);
        if !names.is_empty() {
            preflight = preflight.header("access-control-request-headers", &names.join(","));
        }
        Some(preflight)
    }

    fn client(&self) -> Client<'_> {
        Client { origin: &self.origin, include_credentials: self.include_credentials }
    }

    /// `#concept-filtered-response-cors`.
    fn readable(&self, response: &Response) -> Vec<String> {
        let exposed = list(&response.headers, "access-control-expose-headers");
        let exposed = exposed.ok().flatten().unwrap_or_default();
        let star = !self.include_credentials && exposed.iter().any(|name| name == "*");
        let safelisted = [
            "cache-control",
            "content-language",
            "content-length",
            "content-type",
            "expires",
            "last-modified",
            "pragma",
        ];
        let mut names: Vec<String> = response
            .headers
            .iter()
            .map(|(name, _)| name.clone())
            .filter(|name| !name.starts_with("set-cookie"))
            .filter(|name| {
                star || safelisted.contains(&name.as_str())
                    || exposed.iter().any(|own| own.eq_ignore_ascii_case(name))
            })
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

/// Follows a redirect within the same server, where the origin is not tainted.
fn redirect(request: &Request, response: &Response) -> Option<Request> {
    let location = response.get("location").filter(|location| location.starts_with('/'))?;
    if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    let scheme_end = request.url.find("://")? + 3;
    let host_end =
        request.url[scheme_end..].find('/').map_or(request.url.len(), |i| scheme_end + i);
    let url = format!("{}{location}", &request.url[..host_end]);
    Some(Request { url, ..request.clone() })
}

/// Names a preflight has to announce: lower case, sorted, each once.
///
/// Source: `#cors-unsafe-request-header-names`.
fn unsafe_names(request: &Request) -> Vec<String> {
    let mut names: Vec<String> = request
        .headers
        .iter()
        .filter(|(name, value)| !is_safelisted_header(name, value) && name != "origin")
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// `#cors-safelisted-request-header`, as far as the tests use it: no `Range`.
fn is_safelisted_header(name: &str, value: &str) -> bool {
    let is_unsafe =
        |byte: u8| (byte < 0x20 && byte != b'\t') || b"\"():<>?@[\\]{}\x7f".contains(&byte);
    let language = |byte: u8| byte.is_ascii_alphanumeric() || b" *,-.;=".contains(&byte);
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    value.len() <= 128
        && match name.to_ascii_lowercase().as_str() {
            "accept" => !value.bytes().any(is_unsafe),
            "accept-language" | "content-language" => value.bytes().all(language),
            "content-type" => {
                !value.bytes().any(is_unsafe)
                    && ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"]
                        .contains(&essence.as_str())
            }
            _ => false,
        }
}
