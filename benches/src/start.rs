//! How long an application takes to start, until it has answered its first request.

use std::{
    fmt::Write,
    time::{Duration, Instant},
};

use actix_web::{
    App, Error,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    test::{TestRequest, call_service, init_service},
};

use crate::{policy::Policy, routes::Routes, subjects::actix};

/// How often a start is timed; the fastest counts.
const TIMES: u32 = 5;

/// What each worker does for itself.
#[derive(Debug, Clone, Copy)]
pub struct Start {
    /// Until the application is constructed.
    pub construction: Duration,
    /// The first request, which finds out the full paths of annotated handlers.
    pub first_request: Duration,
}

impl Start {
    /// The application without CORS.
    pub async fn of_bare(routes: Routes) -> Self {
        fastest(routes, || actix::app(routes, false)).await
    }

    /// The middleware around annotated handlers.
    pub async fn of_overrides(routes: Routes) -> Self {
        fastest(routes, || actix::app(routes, true).wrap(actix::cors(Policy::new(2)))).await
    }

    /// Both together.
    #[must_use]
    pub fn total(&self) -> Duration {
        self.construction + self.first_request
    }
}

async fn fastest<T, B>(routes: Routes, build: impl Fn() -> App<T>) -> Start
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody,
{
    let mut fastest: Option<Start> = None;
    for _ in 0..TIMES {
        let begun = Instant::now();
        let service = init_service(build()).await;
        let construction = begun.elapsed();
        let request = TestRequest::with_uri(&routes.last()).to_request();
        let begun = Instant::now();
        call_service(&service, request).await;
        let start = Start { construction, first_request: begun.elapsed() };
        if fastest.is_none_or(|fastest| start.total() < fastest.total()) {
            fastest = Some(start);
        }
    }
    fastest.expect("it was timed")
}

/// The table, in Markdown.
pub async fn table() -> String {
    let mut text = "| start, ms | bare | first request | with overrides | first request |\n\
                    |---|---|---|---|---|\n"
        .to_owned();
    for routes in [
        Routes::Scopes(1_000),
        Routes::Scopes(10_000),
        Routes::OneScope(10_000),
        Routes::Flat(10_000),
    ] {
        let (bare, ours) = (Start::of_bare(routes).await, Start::of_overrides(routes).await);
        let times = [bare.construction, bare.first_request, ours.construction, ours.first_request];
        let cells = times.map(|time| format!("{:.1}", time.as_secs_f64() * 1e3));
        _ = writeln!(text, "| {routes} | {} |", cells.join(" | "));
    }
    text
}
