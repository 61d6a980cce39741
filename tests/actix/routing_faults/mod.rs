//! Faults that were found in how a request is told from its route, each as a small application and in
//! a few shapes of its kind: which route ran, and that the answer has that route's policy.
//!
//! The base policy allows [`BASE`]. Annotated handlers allow [`ONE`] or [`TWO`] instead, so that who
//! may read a response tells whose policy it has.

mod called_twice;
mod certain;
mod inner_applications;
mod passed_on;
mod sibling_scopes;
mod skipped_prefix;
mod slashes;
mod starts;
mod unlisted;
mod unreachable;

use actix_http::Request;
use actix_service::{IntoServiceFactory, ServiceFactory};
use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{AppConfig, Service, ServiceRequest, ServiceResponse},
    http::{Method, Uri, header},
    test::TestRequest,
};
use cors_actix::{Cors, CorsBuilder};
use cors_tests::client::Response;

use crate::{
    started::{Started, head},
    support::{listed, refused, refused_preflight, shared},
};

const BASE: &str = "https://base.example";
const ONE: &str = "https://one.example";
const TWO: &str = "https://two.example";

fn base() -> CorsBuilder {
    Cors::builder().allow_origins([BASE])
}

fn cors() -> Cors {
    base().build().unwrap()
}

/// What a handler answers, which says that it ran.
fn ran(name: &str) -> HttpResponse {
    HttpResponse::Ok().insert_header(("x-ran", name)).finish()
}

async fn plain() -> HttpResponse {
    ran("plain")
}

/// An application that has started on this thread.
#[derive(Clone)]
struct Running(Started);

/// Starts an application, which has to succeed.
async fn start<F, B>(app: impl IntoServiceFactory<F, Request>) -> Running
where
    F: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        >,
    F::Service: 'static,
    B: MessageBody + 'static,
{
    Running(Started::start(app).await.expect("an application that starts"))
}

impl Running {
    fn of<B: MessageBody + 'static>(
        service: impl Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    ) -> Self {
        Self(Started::of(service))
    }

    async fn send(&self, request: TestRequest) -> Response {
        match self.0.call(request).await {
            Ok(response) => head(response.response()),
            Err(error) => head(&error.error_response()),
        }
    }

    /// Sends a request; it has to run this route and to have these CORS headers.
    async fn expect(&self, request: TestRequest, ran: &str, mut cors: Vec<String>) {
        cors.sort();
        let answer = self.send(request).await;
        let seen = (answer.get("x-ran").unwrap_or_default(), answer.cors());
        assert_eq!(seen, (ran.to_owned(), cors));
    }

    /// The request runs this route, and the one origin may read the response, of three that have a
    /// policy somewhere.
    async fn expect_readable(&self, method: &str, path: &str, ran: &str, by: &str) {
        for origin in [ONE, TWO, BASE] {
            let cors = if origin == by { shared(origin, false, "") } else { refused() };
            self.expect(call(method, path, origin), ran, cors).await;
        }
    }

    async fn expect_granted(&self, method: &str, path: &str, origin: &str, methods: &str) {
        self.expect_listed(method, path, origin, &listed(methods)).await;
    }

    /// Where several services may take the request, the answer names its method alone.
    async fn expect_granted_alone(&self, method: &str, path: &str, origin: &str) {
        self.expect_listed(method, path, origin, method).await;
    }

    async fn expect_listed(&self, method: &str, path: &str, origin: &str, methods: &str) {
        let answer = self.send(preflight(method, path, origin)).await;
        let mut cors = refused_preflight();
        cors.push(format!("access-control-allow-origin: {origin}"));
        cors.push(format!("access-control-allow-methods: {methods}"));
        cors.sort();
        let seen = (answer.status, answer.cors());
        assert_eq!(seen, (204, cors), "{method} {path} from {origin}");
    }

    async fn expect_refused(&self, method: &str, path: &str, origin: &str) {
        let answer = self.send(preflight(method, path, origin)).await;
        let seen = (answer.status, answer.cors());
        assert_eq!(seen, (403, refused_preflight()), "{method} {path} from {origin}");
    }
}

fn call(method: &str, path: &str, origin: &str) -> TestRequest {
    let method = Method::from_bytes(method.as_bytes()).unwrap();
    TestRequest::with_uri(path).method(method).insert_header((header::ORIGIN, origin))
}

fn preflight(method: &str, path: &str, origin: &str) -> TestRequest {
    call("OPTIONS", path, origin).insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, method))
}

/// Gives a request another path, from its beginning.
fn move_to(request: &mut ServiceRequest, path: &str) {
    let uri: Uri = path.parse().expect("a path");
    request.match_info_mut().set(actix_web::dev::Url::new(uri.clone()));
    request.head_mut().uri = uri;
}
