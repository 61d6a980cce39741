//! A middleware that calls the service twice, such as one that answers with a page where nothing was
//! found. What a plain route answered then had the policy of the annotated one before it.

use std::future::ready;

use actix_service::fn_service;
use actix_web::{
    App, Error, HttpResponse,
    body::BoxBody,
    dev::{AppService, HttpServiceFactory, ResourceDef, ServiceRequest, ServiceResponse},
    get,
    guard::{self, GuardContext},
    http::header::{HeaderName, HeaderValue},
    middleware::{Next, from_fn},
    rt, web,
};
use cors_actix::cors;

use super::{ONE, Running, call, cors, move_to, plain, ran, start};
use crate::support::refused;

type Answer = Result<ServiceResponse<BoxBody>, Error>;

#[cors(allow_origins = ["https://one.example"])]
#[get("/items/{id}")]
async fn item() -> HttpResponse {
    HttpResponse::NotFound().insert_header(("x-ran", "item")).finish()
}

#[cors(allow_origins = ["https://two.example"])]
#[get("/other")]
async fn other() -> HttpResponse {
    ran("other")
}

#[cors(allow_origins = ["https://one.example"])]
#[get("/guarded", guard = "is_first")]
async fn guarded() -> HttpResponse {
    ran("guarded")
}

const AGAIN: HeaderName = HeaderName::from_static("x-again");

fn is_first(context: &GuardContext<'_>) -> bool {
    !context.head().headers().contains_key(AGAIN)
}

/// The same request after its first answer, which is gone.
fn again<B>(first: ServiceResponse<B>) -> ServiceRequest {
    ServiceRequest::from_request(first.into_parts().0)
}

async fn fall_back(path: &str, request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    let first = next.call(request).await?;
    let mut second = again(first);
    move_to(&mut second, path);
    next.call(second).await
}

async fn to_index(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    fall_back("/index.html", request, next).await
}

async fn to_index_of_scope(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    fall_back("/s/index.html", request, next).await
}

async fn to_other(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    fall_back("/other", request, next).await
}

async fn to_nowhere(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    fall_back("/nowhere", request, next).await
}

/// With nothing changed: the path is taken, so that the router finds nothing.
async fn as_it_is(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    let second = again(next.call(request).await?);
    next.call(second).await
}

/// Both calls in another task.
async fn spawned(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    rt::spawn(to_index(request, next)).await.expect("a task that ends")
}

/// The second call only.
async fn spawned_second(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    let mut second = again(next.call(request).await?);
    move_to(&mut second, "/index.html");
    rt::spawn(async move { next.call(second).await }).await.expect("a task that ends")
}

/// With the same URI and method; a guard chooses another route.
async fn with_header(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    let mut second = again(next.call(request).await?);
    // what the router has taken of the path stays taken otherwise
    second.match_info_mut().reset();
    second.headers_mut().insert(AGAIN, HeaderValue::from_static("1"));
    next.call(second).await
}

/// The first answer, after a second call whose answer is dropped, as of an audit.
async fn first_answer(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
    let (request, first) = next.call(request).await?.into_parts();
    let mut second = ServiceRequest::from_request(request);
    let path = if second.path() == "/index.html" { "/other" } else { "/index.html" };
    move_to(&mut second, path);
    let (request, _) = next.call(second).await?.into_parts();
    Ok(ServiceResponse::new(request, first))
}

/// An application with this middleware inside of `Cors`.
macro_rules! application {
    ($middleware:expr) => {
        start(
            App::new()
                .service((item, other, guarded))
                .route("/guarded", web::get().to(plain))
                .route("/index.html", web::get().to(plain))
                .wrap(from_fn($middleware))
                .wrap(cors()),
        )
        .await
    };
}

async fn expect_plain(app: Running, path: &str) {
    app.expect_readable("GET", path, "plain", super::BASE).await;
}

#[actix_web::test]
async fn a_page_for_what_was_not_found_has_its_own_policy() {
    expect_plain(application!(to_index), "/items/1").await;
}

#[actix_web::test]
async fn the_same_where_both_calls_are_in_another_task() {
    expect_plain(application!(spawned), "/items/1").await;
}

#[actix_web::test]
async fn the_same_where_the_second_call_is_in_another_task() {
    expect_plain(application!(spawned_second), "/items/1").await;
}

#[actix_web::test]
async fn the_same_where_the_routes_are_in_a_scope() {
    let scope = web::scope("/s").service(item).route("/index.html", web::get().to(plain));
    let app = start(App::new().service(scope).wrap(from_fn(to_index_of_scope)).wrap(cors())).await;
    expect_plain(app, "/s/items/1").await;
}

/// Nothing tells it from an answer that a middleware has made instead of the first route, so that the
/// base policy may be withheld; the first route's is out of the question.
#[actix_web::test]
async fn a_second_call_that_a_guard_sends_to_a_plain_route() {
    let app = application!(with_header);
    for origin in [ONE, super::TWO] {
        app.expect(call("GET", "/guarded", origin), "plain", refused()).await;
    }
}

/// A plain route first, and then an annotated one of the same URI and method.
#[actix_web::test]
async fn a_second_call_that_a_guard_sends_to_an_annotated_route() {
    let first = web::get().guard(guard::fn_guard(is_first)).to(plain);
    #[cors(allow_origins = ["https://one.example"])]
    #[get("/guarded")]
    async fn second() -> HttpResponse {
        ran("second")
    }
    let app = App::new().route("/guarded", first).service(second);
    let app = start(app.wrap(from_fn(with_header)).wrap(cors())).await;
    app.expect_readable("GET", "/guarded", "second", ONE).await;
}

#[actix_web::test]
async fn a_second_call_to_another_annotated_route() {
    let app = application!(to_other);
    app.expect_readable("GET", "/items/1", "other", super::TWO).await;
}

/// Nothing made the response but the router, which the path it has now tells.
#[actix_web::test]
async fn a_second_call_that_finds_nothing() {
    let app = application!(to_nowhere);
    app.expect_readable("GET", "/items/1", "", super::BASE).await;
}

/// The same, but the path is that of a route.
#[actix_web::test]
async fn a_second_call_that_finds_nothing_more_of_the_path() {
    let app = application!(as_it_is);
    app.expect(call("GET", "/index.html", ONE), "", refused()).await;
    app.expect(call("GET", "/items/1", super::TWO), "", refused()).await;
    app.expect(call("GET", "/items/1", super::BASE), "", refused()).await;
}

#[actix_web::test]
async fn the_first_answer_after_a_second_call() {
    let app = application!(first_answer);
    app.expect_readable("GET", "/items/1", "item", ONE).await;
    app.expect_readable("GET", "/other", "other", super::TWO).await;
    // here the plain one is first, and nothing on its response says so: it might be an answer in the
    // place of the second
    for origin in [super::BASE, super::TWO] {
        app.expect(call("GET", "/index.html", origin), "plain", refused()).await;
    }
}

/// A second call fails; its error is no answer of the first route.
#[actix_web::test]
async fn a_second_call_that_fails() {
    async fn fail(request: ServiceRequest, next: Next<BoxBody>) -> Answer {
        drop(next.call(request).await?);
        Err(actix_web::error::ErrorBadGateway("the second call"))
    }
    let app = application!(fail);
    // it is by the path, and nobody may read it whom a route of that path does not allow
    app.expect(call("GET", "/items/1", super::TWO), "", refused()).await;
}

/// Takes whatever is left of a path, as `Files` does at the root.
struct Rest;

impl HttpServiceFactory for Rest {
    fn register(self, config: &mut AppService) {
        let answer =
            |request: ServiceRequest| ready(Ok::<_, Error>(request.into_response(ran("rest"))));
        config.register_service(ResourceDef::root_prefix(""), None, fn_service(answer), None);
    }
}

/// The first call has taken all of the path, so that the second comes to what takes nothing. It had the
/// policy of the handler that the first has come to.
#[actix_web::test]
async fn a_second_call_that_goes_on_behind_the_first() {
    #[cors(allow_origins = ["https://one.example"])]
    #[get("/{tail}*")]
    async fn tail() -> HttpResponse {
        ran("tail")
    }
    let app = App::new().service(tail).service(Rest).wrap(from_fn(as_it_is)).wrap(cors());
    let app = start(app).await;
    for origin in [ONE, super::TWO, super::BASE] {
        app.expect(call("GET", "/x", origin), "rest", refused()).await;
    }
}
