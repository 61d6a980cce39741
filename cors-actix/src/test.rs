//! For tests of your own application: what a script of another origin gets from it.
//!
//! ```
//! use actix_web::{App, HttpResponse, delete, test::init_service};
//! use cors_actix::{Cors, cors, test::Call};
//!
//! #[cors(allow_origins = ["https://admin.example.com"], allow_headers += ["X-Csrf-Token"])]
//! #[delete("/users/{id}")]
//! async fn delete_user() -> HttpResponse {
//!     HttpResponse::NoContent().finish()
//! }
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), cors_actix::ConfigErrors> {
//! let cors = Cors::builder().allow_origins(["https://app.example.com"]).build()?;
//! let app = init_service(App::new().service(delete_user).wrap(cors.clone())).await;
//!
//! let delete = Call::new("DELETE", "/users/1").header("X-Csrf-Token", "t");
//! delete.clone().from("https://admin.example.com").send(&app).await.assert_readable();
//! delete.from("https://app.example.com").send(&app).await.assert_blocked();
//! assert_eq!(cors.misuses(), []);
//! # Ok(())
//! # }
//! ```
//!
//! The merged table can be compared as a whole: `cors.reports()[0]` is a value, prints as text, and
//! with `{:#}` without the places in the source, so that a snapshot of it holds; with the feature
//! `serde` it is JSON as well.

use std::fmt;

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
    http::{Method, header::HeaderMap},
    test::TestRequest,
};
pub use cors_core::browser::Blocked;
use cors_core::browser::{Client, is_safelisted_method, unsafe_names};

/// A script's call of a route, from a page of another origin.
#[derive(Debug, Clone)]
#[must_use]
pub struct Call {
    method: String,
    path: String,
    origin: String,
    headers: Vec<(String, String)>,
    include_credentials: bool,
}

/// What the browser made of a call.
///
/// Printed, it shows the exchange, for messages and snapshots: each answer's status and the whole of
/// its CORS headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    call: String,
    preflight: Option<Answer>,
    response: Option<Answer>,
    result: Result<Vec<String>, Blocked>,
}

/// The part of an answer that CORS is about.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
}

impl Call {
    /// `fetch(path, { method })` on a page of `https://page.example`.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            origin: "https://page.example".to_owned(),
            headers: Vec::new(),
            include_credentials: false,
        }
    }

    /// Sets the origin of the page.
    pub fn from(mut self, origin: &str) -> Self {
        origin.clone_into(&mut self.origin);
        self
    }

    /// Adds a header that the script sets.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the credentials mode to "include".
    pub fn with_credentials(mut self) -> Self {
        self.include_credentials = true;
        self
    }

    /// Does what a browser does: sends the preflight, where one is needed, and if it is granted the
    /// request itself.
    pub async fn send<S, B>(&self, app: &S) -> Outcome
    where
        S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
        B: MessageBody,
    {
        let client = Client { origin: &self.origin, include_credentials: self.include_credentials };
        let names = unsafe_names(&self.headers);
        let mut outcome = Outcome {
            call: format!("{} {} from {}", self.method, self.path, self.origin),
            preflight: None,
            response: None,
            result: Ok(Vec::new()),
        };
        if !names.is_empty() || !is_safelisted_method(&self.method) {
            let answer = ask(app, self.preflight(&names)).await;
            outcome.result = client
                .check_preflight(&self.method, &names, false, answer.status, &answer.headers)
                .map(|()| Vec::new());
            outcome.preflight = Some(answer);
        }
        if outcome.result.is_ok() {
            let answer = ask(app, self.actual()).await;
            outcome.result = client
                .cors_check(&answer.headers)
                .map(|()| client.readable(&answer.headers))
                .map_err(Blocked::Response);
            outcome.response = Some(answer);
        }
        outcome
    }

    fn preflight(&self, names: &[String]) -> TestRequest {
        let request = self.request("OPTIONS");
        let request =
            request.insert_header(("access-control-request-method", self.method.as_str()));
        if names.is_empty() {
            return request;
        }
        request.insert_header(("access-control-request-headers", names.join(",")))
    }

    fn actual(&self) -> TestRequest {
        let own = |request: TestRequest, (name, value): &(String, String)| {
            request.append_header((name.as_str(), value.as_str()))
        };
        self.headers.iter().fold(self.request(&self.method), own)
    }

    fn request(&self, method: &str) -> TestRequest {
        let method = Method::from_bytes(method.as_bytes()).unwrap_or(Method::GET);
        let request = TestRequest::with_uri(&self.path).method(method);
        request.insert_header(("origin", self.origin.as_str()))
    }
}

async fn ask<S, B>(app: &S, request: TestRequest) -> Answer
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    match app.call(request.to_request()).await {
        Ok(response) => Answer::new(response.status().as_u16(), response.headers()),
        Err(error) => {
            let response = error.error_response();
            Answer::new(response.status().as_u16(), response.headers())
        }
    }
}

impl Answer {
    fn new(status: u16, headers: &HeaderMap) -> Self {
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let mut headers: Vec<(String, String)> = headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
            .collect();
        headers.sort();
        Self { status, headers }
    }

    fn cors(&self) -> impl Iterator<Item = &(String, String)> {
        let is_cors = |name: &str| name == "vary" || name.starts_with("access-control-");
        self.headers.iter().filter(move |(name, _)| is_cors(name))
    }
}

impl Outcome {
    /// Whether the script gets the response.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.result.is_ok()
    }

    /// Whether the script gets the response and can read this header of it.
    #[must_use]
    pub fn exposes(&self, header: &str) -> bool {
        let is_own = |name: &String| name.eq_ignore_ascii_case(header);
        self.result.as_ref().is_ok_and(|names| names.iter().any(is_own))
    }

    /// The status of the response; `None` if the request was not sent, because its preflight failed.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|answer| answer.status)
    }

    /// The step at which the browser blocked the call, if it did.
    #[must_use]
    pub fn blocked(&self) -> Option<&Blocked> {
        self.result.as_ref().err()
    }

    /// Insists that the script gets the response.
    ///
    /// # Panics
    ///
    /// Panics with the exchange if it does not.
    #[track_caller]
    pub fn assert_readable(&self) {
        assert!(self.is_readable(), "a script should get the response\n{self}");
    }

    /// Insists that the script does not get the response.
    ///
    /// # Panics
    ///
    /// Panics with the exchange if it does.
    #[track_caller]
    pub fn assert_blocked(&self) {
        assert!(!self.is_readable(), "no script should get the response\n{self}");
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.call)?;
        for (kind, answer) in [("preflight", &self.preflight), ("response", &self.response)] {
            let Some(answer) = answer else { continue };
            writeln!(f, "  {kind} {}", answer.status)?;
            for (name, value) in answer.cors() {
                writeln!(f, "    {name}: {value}")?;
            }
        }
        match &self.result {
            Ok(names) => write!(f, "  readable: {}", names.join(", ")),
            Err(blocked) => write!(f, "  blocked: {blocked}"),
        }
    }
}
