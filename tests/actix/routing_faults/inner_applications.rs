//! Requests to another application in the process, made by a default service or a handler. Of many at
//! once, some of the answers had the policy of a route that had nothing to do with them: the inner
//! request was kept where the outer one had been.

use actix_web::{
    App, Error, HttpRequest, HttpResponse,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse, fn_service},
    get,
    http::Method,
    rt::task::yield_now,
    test::{TestRequest, init_service},
    web,
};
use cors_actix::{Cors, cors};
use futures_util::future::join_all;

use super::{BASE, ONE, Running, TWO, call, cors, plain, ran, start};
use crate::{
    started::{Answer, Started},
    support::{refused, shared},
};

/// More than the requests that actix keeps for later.
const MANY: usize = 400;

/// A route that nothing here asks for; it is the first of its application.
#[cors(allow_origins = ["https://one.example"])]
#[get("/unrelated")]
async fn unrelated() -> HttpResponse {
    ran("unrelated")
}

#[cors(allow_origins = ["https://two.example"])]
#[get("/inner")]
async fn inner_route() -> HttpResponse {
    ran("inner")
}

#[cors(allow_origins = ["https://two.example"])]
#[get("/calling")]
async fn calling(request: HttpRequest, inner: web::Data<Started>) -> HttpResponse {
    // an application of this kind answers with what the other has made
    match inner.call(copy(&request)).await {
        Ok(answer) => answer.into_parts().1,
        Err(error) => error.error_response(),
    }
}

/// A new request for what the other one asks for, by method, URI and headers.
fn copy(request: &HttpRequest) -> TestRequest {
    let path = if request.path() == "/plain" { "/plain" } else { "/inner" };
    let copy = TestRequest::with_uri(path).method(request.method().clone());
    request.headers().iter().fold(copy, |copy, (name, value)| copy.append_header((name, value)))
}

/// Answers with what the other application has made, when its own request is gone. All that come at
/// once have theirs until the last has come, so that actix does not keep all of them for later.
async fn forward(request: ServiceRequest) -> Answer {
    let copy = copy(request.request());
    let inner = request.app_data::<web::Data<Started>>().cloned();
    let waits = request.path() == "/waiting";
    yield_now().await;
    drop(request);
    if waits {
        yield_now().await;
    }
    inner.expect("another application").call(copy).await
}

async fn outer(inner: Started) -> Running {
    let app = App::new().app_data(web::Data::new(inner)).service((unrelated, calling));
    start(app.default_service(fn_service(forward)).wrap(cors())).await
}

/// Another base policy, which allows one more origin.
fn other_cors() -> Cors {
    Cors::builder().allow_origins([BASE, ONE]).build().unwrap()
}

fn bare() -> App<
    impl actix_service::ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<BoxBody>,
        Error = Error,
        InitError = (),
    >,
> {
    App::new().service(inner_route).route("/plain", web::get().to(plain))
}

/// Sends a request so many times at once; each runs this route, and has these CORS headers.
async fn expect_each(app: &Running, count: usize, path: &str, name: &str, by: &str) {
    for origin in [ONE, TWO, BASE] {
        let mut cors = if origin == by { shared(origin, false, "") } else { refused() };
        cors.sort();
        let answers = join_all((0..count).map(|_| app.send(call("GET", path, origin)))).await;
        let is_wrong = |answer: &&cors_tests::client::Response| {
            answer.cors() != cors || answer.get("x-ran").as_deref() != Some(name)
        };
        let wrong: Vec<_> = answers.iter().filter(is_wrong).collect();
        assert!(wrong.is_empty(), "{} of {count} for {origin}, {:?}", wrong.len(), wrong[0]);
    }
}

/// What the outer application's default service hands on has the base policy: no route of its own has
/// made it. What its handler hands on has the handler's.
async fn expect_own_policies(app: &Running, count: usize) {
    expect_each(app, count, "/nowhere", "inner", BASE).await;
    expect_each(app, count, "/waiting", "inner", BASE).await;
    expect_each(app, count, "/plain", "plain", BASE).await;
    expect_each(app, count, "/calling", "inner", TWO).await;
}

#[actix_web::test]
async fn one_request_to_an_application_without_the_middleware() {
    let inner = Started::of(init_service(bare()).await);
    expect_own_policies(&outer(inner).await, 1).await;
}

#[actix_web::test]
async fn many_requests_to_an_application_without_the_middleware() {
    let inner = Started::of(init_service(bare()).await);
    expect_own_policies(&outer(inner).await, MANY).await;
}

#[actix_web::test]
async fn one_request_to_an_application_with_a_middleware_of_its_own() {
    let inner = Started::of(init_service(bare().wrap(other_cors())).await);
    expect_own_policies(&outer(inner).await, 1).await;
}

#[actix_web::test]
async fn many_requests_to_an_application_with_a_middleware_of_its_own() {
    let inner = Started::of(init_service(bare().wrap(other_cors())).await);
    expect_own_policies(&outer(inner).await, MANY).await;
}

/// No preflight reaches the inner application.
#[actix_web::test]
async fn preflights_are_answered_outside() {
    let app = outer(Started::of(init_service(bare().wrap(other_cors())).await)).await;
    for path in ["/nowhere", "/inner", "/calling"] {
        for origin in [ONE, TWO] {
            let request = super::preflight(Method::DELETE.as_str(), path, origin);
            let answer = app.send(request).await;
            assert_eq!(answer.get("access-control-allow-origin"), None, "{path} {origin}");
        }
    }
}
