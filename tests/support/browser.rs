//! What a browser does, by the Fetch standard: which preflight it sends, and whether it lets the
//! script have the response. Written from the standard's text, step by step, without a look at the
//! server's code.

use std::fmt;

use crate::client::{Request, Response};

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

/// The step at which the browser gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// The CORS check of the preflight's answer (`#cors-check`).
    PreflightOrigin(String),
    /// The preflight's answer has no ok status.
    PreflightStatus(u16),
    /// The method is not in `Access-Control-Allow-Methods`.
    Method,
    /// A header is not in `Access-Control-Allow-Headers`.
    Header(String),
    /// The CORS check of the response itself.
    Response(String),
    /// Nothing came back.
    Network(String),
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PreflightOrigin(why) => write!(f, "preflight: {why}"),
            Self::PreflightStatus(status) => write!(f, "preflight: status {status}"),
            Self::Method => f.write_str("preflight: method not allowed"),
            Self::Header(name) => write!(f, "preflight: header {name} not allowed"),
            Self::Response(why) => write!(f, "response: {why}"),
            Self::Network(why) => write!(f, "network: {why}"),
        }
    }
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
                self.check_preflight(&request, &answer)?;
            }
            let response = request.send().await.map_err(Blocked::Network)?;
            self.cors_check(&response).map_err(Blocked::Response)?;
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

    /// `#cors-preflight-fetch`, step 7.
    fn check_preflight(&self, request: &Request, answer: &Response) -> Result<(), Blocked> {
        self.cors_check(answer).map_err(Blocked::PreflightOrigin)?;
        if !(200..300).contains(&answer.status) {
            return Err(Blocked::PreflightStatus(answer.status));
        }
        let methods = list(answer, "access-control-allow-methods");
        let star = |list: &[String]| !self.include_credentials && list.iter().any(|v| v == "*");
        let is_allowed = methods.contains(&request.method)
            || is_safelisted_method(&request.method)
            || star(&methods);
        if !is_allowed {
            return Err(Blocked::Method);
        }
        let headers = list(answer, "access-control-allow-headers");
        let lists = |name: &str| headers.iter().any(|own| own.eq_ignore_ascii_case(name));
        for name in unsafe_names(request) {
            let covered_by_star = name != "authorization" && star(&headers);
            if !lists(&name) && !covered_by_star {
                return Err(Blocked::Header(name));
            }
        }
        Ok(())
    }

    /// `#cors-check`; the error says which header failed.
    fn cors_check(&self, response: &Response) -> Result<(), String> {
        let allowed = response.get("access-control-allow-origin");
        let Some(allowed) = allowed else {
            return Err("no Access-Control-Allow-Origin".into());
        };
        if !self.include_credentials && allowed == "*" {
            return Ok(());
        }
        if allowed != self.origin {
            return Err(format!("Access-Control-Allow-Origin is {allowed}"));
        }
        let credentials = response.get("access-control-allow-credentials");
        if self.include_credentials && credentials.as_deref() != Some("true") {
            return Err("no Access-Control-Allow-Credentials".into());
        }
        Ok(())
    }

    /// `#concept-filtered-response-cors`.
    fn readable(&self, response: &Response) -> Vec<String> {
        let exposed = list(response, "access-control-expose-headers");
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

fn is_safelisted_method(method: &str) -> bool {
    ["GET", "HEAD", "POST"].contains(&method)
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

/// `#extract-header-list-values` for a list of tokens: one bad token fails the whole list.
fn list(response: &Response, name: &str) -> Vec<String> {
    let values: Vec<String> = response
        .lines(name)
        .flat_map(|line| line.split(','))
        .map(|element| element.trim_matches([' ', '\t']).to_owned())
        .filter(|element| !element.is_empty())
        .collect();
    let is_token = |text: &String| {
        text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
    };
    if values.iter().all(is_token) { values } else { Vec::new() }
}
