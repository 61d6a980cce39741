//! Where calls go: an application, or several by origin.

use std::fmt;

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
    http::header::HeaderMap,
};
use cors_core::browser::{Response, check_origin};
use futures_util::future::LocalBoxFuture;

/// An application that a test has made, by `init_service`.
pub trait Application {
    /// Answers a request; an error of a middleware is an answer too.
    fn answer(&self, request: Request) -> LocalBoxFuture<'_, Response>;
}

/// Where calls go: an [`Application`], which is at the origin of the call, or [`Servers`].
pub trait Target {
    /// The application at an origin, for a call that began at `called`.
    fn at(&self, origin: &str, called: &str) -> Option<&dyn Application>;
}

/// Several applications, each at its origin, so that redirects can lead from one to another.
#[derive(Default)]
#[must_use]
pub struct Servers<'a>(Vec<(String, &'a dyn Application)>);

impl<'a> Servers<'a> {
    /// No server yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an application at an origin, such as `https://api.example.com`.
    ///
    /// # Panics
    ///
    /// Panics with what is wrong if it is no origin of a server.
    #[track_caller]
    pub fn at(mut self, origin: &str, application: &'a impl Application) -> Self {
        if let Err(problem) = check_origin(origin) {
            panic!("{problem}");
        }
        let is_http = origin.starts_with("http://") || origin.starts_with("https://");
        assert!(is_http, "origin `{origin}` is not that of a server; write `https://…`");
        self.0.push((origin.to_owned(), application));
        self
    }
}

impl fmt::Debug for Servers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(origin, _)| origin)).finish()
    }
}

impl Target for Servers<'_> {
    fn at(&self, origin: &str, _called: &str) -> Option<&dyn Application> {
        let own = self.0.iter().rev().find(|(own, _)| own == origin);
        own.map(|(_, application)| *application)
    }
}

impl<S, B> Target for S
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    fn at(&self, origin: &str, called: &str) -> Option<&dyn Application> {
        (origin == called).then_some(self as &dyn Application)
    }
}

impl<S, B> Application for S
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    fn answer(&self, request: Request) -> LocalBoxFuture<'_, Response> {
        let answer = self.call(request);
        Box::pin(async move {
            match answer.await {
                Ok(response) => of_model(response.status().as_u16(), response.headers()),
                Err(error) => {
                    let response = error.error_response();
                    of_model(response.status().as_u16(), response.headers())
                }
            }
        })
    }
}

fn of_model(status: u16, headers: &HeaderMap) -> Response {
    let text = |value: &[u8]| value.iter().copied().map(char::from).collect();
    let lines = headers.iter();
    let headers = lines.map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())));
    Response { status, headers: headers.collect() }
}
