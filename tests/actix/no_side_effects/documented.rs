//! What the documentation of actix-web shows, in variants of our own: the greeting of its README,
//! the counter of `App::app_data`, scopes, resources, guards, configuration, and middleware.

use std::{
    cell::Cell,
    future::{Future, Ready, ready},
    pin::Pin,
    sync::Mutex,
};

use actix_web::{
    App, Error, HttpRequest, HttpResponse, Responder,
    body::MessageBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
    get, guard,
    http::header::{CONTENT_TYPE, HeaderName, HeaderValue},
    middleware::{Next, from_fn},
    post,
    web::{self, Data},
};
use cors_tests::client::Request;
use serde::Deserialize;

use super::pair::{get, pair, post as post_to, twice};

struct PerWorker(Cell<usize>);

#[derive(Deserialize)]
struct Login {
    user: String,
}

twice! {
    #[get("/hello/{name}")]
    async fn greet(name: web::Path<String>) -> impl Responder { format!("Hello {name}!") }

    #[get("/per-worker")]
    async fn per_worker(request: HttpRequest, data: Data<PerWorker>) -> impl Responder {
        data.0.set(data.0.get() + request.app_data::<usize>().unwrap());
        HttpResponse::Ok().body(data.0.get().to_string())
    }

    #[post("/shared")]
    async fn shared(data: Data<Mutex<Vec<String>>>, login: web::Form<Login>) -> String {
        let mut users = data.lock().unwrap();
        users.push(login.user.clone());
        users.join(", ")
    }

    #[get("/video")]
    async fn video(request: HttpRequest) -> actix_web::Result<HttpResponse> {
        let url = request.url_for("video", ["oHg5SJYRHA0"])?;
        Ok(HttpResponse::Found().insert_header(("location", url.as_str())).finish())
    }

    #[get("/path1")]
    async fn of_project(project: web::Path<String>) -> impl Responder {
        project.into_inner().customize().insert_header(("x-project", "1"))
    }

    #[get("/unwrapped", wrap = "SayHi")]
    async fn unwrapped() -> Result<&'static str, Error> { Ok("hi") }
}

/// Middleware written by hand, as the documentation of `middleware` has it.
struct SayHi;

impl<S, B> Transform<S, ServiceRequest> for SayHi
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type InitError = ();
    type Transform = SayHiService<S>;
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(SayHiService { service }))
    }
}

struct SayHiService<S> {
    service: S,
}

impl<S, B> Service<ServiceRequest> for SayHiService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    S::Future: 'static,
    B: 'static,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<ServiceResponse<B>, Error>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let hi = HeaderValue::from_str(&format!("Hi, {}", request.path())).unwrap();
        let answer = self.service.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            response.headers_mut().append(HeaderName::from_static("x-hi"), hi);
            Ok(response)
        })
    }
}

/// `from_fn` with an extractor before the request.
async fn needs_a_key(
    query: web::Query<std::collections::HashMap<String, String>>,
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if !query.contains_key("key") {
        return Err(actix_web::error::ErrorUnauthorized("no key"));
    }
    next.call(request).await
}

fn configured(config: &mut web::ServiceConfig) {
    config.app_data(3_usize).service(
        web::resource("/test")
            .route(web::get().to(HttpResponse::Ok))
            .route(web::head().to(HttpResponse::MethodNotAllowed)),
    );
}

#[actix_web::test]
async fn the_greeting_of_the_readme() {
    let pair = pair!(App::new().service(handlers::greet));
    assert_eq!(pair.same(&get("/hello/World")).await.body, "Hello World!");
    pair.same(&get("/hello/%E4%B8%96%E7%95%8C")).await;
    pair.same(&Request::new("POST", "/hello/World")).await;
}

#[actix_web::test]
async fn data_for_each_worker_and_data_for_all() {
    let users = Data::new(Mutex::new(Vec::<String>::new()));
    let pair = pair!(sharing { users } App::new()
        .app_data(3_usize)
        .app_data(Data::new(PerWorker(Cell::new(0))))
        .app_data(users.clone())
        .service((handlers::per_worker, handlers::shared)));
    for _ in 0..3 {
        pair.same(&get("/per-worker")).await;
    }
    assert_eq!(pair.same(&get("/per-worker")).await.body, "36");
    // this one is for both servers, so that their answers differ by what the other has added
    let form = post_to("/shared", "application/x-www-form-urlencoded", "user=a");
    for (url, all) in [(&pair.with, "a"), (&pair.without, "a, a")] {
        let request = Request { url: format!("{url}/shared"), ..form.clone() };
        assert_eq!(crate::support::send(request).await.body, all);
    }
    assert_eq!(users.lock().unwrap().len(), 2);
}

#[actix_web::test]
async fn configuration_scopes_and_resources() {
    let pair = pair!(
        App::new()
            .configure(configured)
            .external_resource("video", "https://video.example/watch/{id}")
            .service(
                web::scope("/{project_id}")
                    .configure(configured)
                    .service(handlers::of_project)
                    .service(web::resource("/path2").get(HttpResponse::Ok).post(async || "posted"))
                    .service(web::resource("/path3").route(web::head().to(HttpResponse::Ok))),
            )
            .service(web::scope("/nested").service(web::scope("/v1").service(handlers::greet)))
            .service(handlers::video)
            .default_service(web::to(async || HttpResponse::NotFound().body("nothing here")))
    );
    for path in [
        "/test",
        "/7/test",
        "/7/path1",
        "/7/path2",
        "/7/path3",
        "/nested/v1/hello/a",
        "/video",
        "/",
    ] {
        for method in ["GET", "HEAD", "POST"] {
            pair.same(&Request::new(method, path)).await;
        }
    }
    let answer = pair.same(&get("/7/path1")).await;
    assert_eq!((answer.body.as_str(), answer.get("x-project").as_deref()), ("7", Some("1")));
}

#[actix_web::test]
async fn external_resources_and_guards() {
    let pair = pair!(
        App::new()
            .external_resource("video", "https://video.example/watch/{id}")
            .service(handlers::video)
            .service(
                web::scope("/app")
                    .guard(guard::Header("content-type", "text/plain"))
                    .service(handlers::greet),
            )
            .service(
                web::resource("/app/{tail:.*}")
                    .guard(guard::Not(guard::Header("content-type", "text/plain")))
                    .to(async || HttpResponse::UnsupportedMediaType()),
            )
    );
    let answer = pair.same(&get("/video")).await;
    let location = answer.get("location");
    assert_eq!(location.as_deref(), Some("https://video.example/watch/oHg5SJYRHA0"));
    let greeting = get("/app/hello/a");
    assert_eq!(pair.same(&greeting).await.status, 415);
    let greeting = pair.same(&greeting.header("content-type", "text/plain")).await;
    assert_eq!(greeting.body, "Hello a!");
}

#[actix_web::test]
async fn middleware_written_by_hand_and_as_a_function() {
    let inside = pair!(
        App::new()
            .service((handlers::greet, handlers::unwrapped))
            .wrap(SayHi)
            .wrap(from_fn(needs_a_key))
            .wrap_fn(|request, service| {
                let answer = service.call(request);
                async {
                    let mut response = answer.await?;
                    let plain = HeaderValue::from_static("text/x-plain");
                    response.headers_mut().insert(CONTENT_TYPE, plain);
                    Ok(response)
                }
            })
    );
    let outside = pair!(
        App::new().service((handlers::greet, handlers::unwrapped)).wrap(from_fn(needs_a_key));
        .wrap(SayHi)
    );
    for pair in [&inside, &outside] {
        for path in ["/hello/a", "/hello/a?key=1", "/unwrapped?key=1", "/nothing?key", "/?x=%ff"] {
            pair.same(&get(path)).await;
        }
    }
    let answer = inside.same(&get("/unwrapped?key=1")).await;
    assert_eq!(answer.lines("x-hi").count(), 2);
    assert_eq!(answer.get("content-type").as_deref(), Some("text/x-plain"));
}
