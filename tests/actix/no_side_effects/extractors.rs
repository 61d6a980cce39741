//! Extractors and their errors, limits of bodies, and the data of application, scope and resource.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use actix_web::{
    App, Either, Error, FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    error::{ErrorPaymentRequired, InternalError},
    get,
    http::{Method, header::Accept},
    post,
    web::{self, Bytes, Data, Form, Header, Json, Path, Query, ReqData},
};
use cors_tests::client::Request;
use serde::{Deserialize, Serialize};

use super::pair::{get, pair, post as post_to, twice};

#[derive(Debug, Serialize, Deserialize)]
struct Person {
    name: String,
    age: Option<u8>,
}

#[derive(Debug, Default)]
struct Counter(AtomicUsize);

/// An extractor that only those pass who pay.
struct Paid;

impl FromRequest for Paid {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let has_paid = request.headers().contains_key("x-paid");
        std::future::ready(has_paid.then_some(Self).ok_or_else(|| ErrorPaymentRequired("pay")))
    }
}

twice! {
    #[get("/path/{number}/{word}")]
    async fn from_path(path: Path<(u8, String)>) -> String { format!("{path:?}") }

    #[get("/query")]
    async fn from_query(query: Query<Person>) -> String { format!("{query:?}") }

    #[post("/form")]
    async fn from_form(form: Form<Person>) -> String { format!("{form:?}") }

    #[post("/json")]
    async fn from_json(json: Json<Person>) -> Json<Person> { json }

    #[post("/either")]
    async fn either(body: Either<Json<Person>, Form<Person>>) -> String {
        match body {
            Either::Left(json) => format!("json {json:?}"),
            Either::Right(form) => format!("form {form:?}"),
        }
    }

    #[post("/bytes")]
    async fn from_bytes(bytes: Bytes, method: Method, request: HttpRequest) -> HttpResponse {
        let answer = format!("{method} {} {:?}", bytes.len(), request.content_type());
        HttpResponse::Accepted().body(answer)
    }

    #[post("/text")]
    async fn from_text(text: Result<String, Error>) -> String {
        text.unwrap_or_else(|error| format!("refused: {error}"))
    }

    #[get("/several")]
    async fn several(
        _: Paid,
        accept: Header<Accept>,
        query: Option<Query<HashMap<String, String>>>
    ) -> String {
        format!("{accept:?} {:?}", query.map(|query| query.len()))
    }

    #[get("/data")]
    async fn from_data(request: HttpRequest, counter: Data<Counter>, word: Option<Data<&'static str>>) -> String {
        let number = request.app_data::<u32>();
        format!("{} {word:?} {number:?}", counter.0.fetch_add(1, Ordering::SeqCst))
    }

    #[get("/request-data")]
    async fn request_data(data: ReqData<String>) -> String { data.into_inner() }

    #[get("/missing")]
    async fn missing(_: Data<HashMap<u8, u8>>) -> &'static str { "never" }
}

macro_rules! routes {
    () => {
        web::scope("/s")
            .service((
                handlers::from_path,
                handlers::from_query,
                handlers::from_form,
                handlers::from_json,
            ))
            .service((
                handlers::either,
                handlers::from_bytes,
                handlers::from_text,
                handlers::several,
            ))
            .service((handlers::from_data, handlers::request_data, handlers::missing))
    };
}

#[actix_web::test]
async fn what_is_extracted_and_what_is_refused() {
    let pair = pair!(App::new().service(routes!()));
    for path in [
        "/s/path/7/a%20b",
        "/s/path/300/x",
        "/s/path/x/%ff",
        "/s/query?name=a&age=7",
        "/s/query?age=x",
        "/s/query",
        "/s/query?name=%F0%9F%A6%80",
        "/s/several?a=b",
        "/s/missing",
        "/s/request-data",
    ] {
        pair.same(&get(path)).await;
        pair.same(&get(path).header("x-paid", "1").header("accept", "text/html;q=0.5")).await;
    }
    let bodies =
        [r#"{"name":"a","age":7}"#, r#"{"name":7}"#, "{", "name=a&age=7", "age=7", "", "\u{e9}"];
    for path in ["/s/form", "/s/json", "/s/either", "/s/bytes", "/s/text"] {
        for body in bodies {
            for content_type in [
                "application/json",
                "application/x-www-form-urlencoded",
                "text/plain; charset=utf-8",
                "nonsense",
            ] {
                pair.same(&post_to(path, content_type, body)).await;
            }
        }
        pair.same(&Request::new("PUT", path)).await;
    }
    let answer = pair.same(&post_to("/s/json", "application/json", bodies[0])).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, bodies[0]));
    assert_eq!(pair.same(&post_to("/s/json", "application/json", "{")).await.status, 400);
    assert_eq!(pair.same(&get("/s/several")).await.status, 402);
    assert_eq!(pair.same(&get("/s/missing")).await.status, 500);
}

#[actix_web::test]
async fn limits_and_errors_of_ones_own() {
    let pair = pair!({
        let json = web::JsonConfig::default().limit(200).error_handler(|error, _| {
            let response = HttpResponse::UnprocessableEntity().body(error.to_string());
            InternalError::from_response(error, response).into()
        });
        App::new()
            .app_data(web::PayloadConfig::new(100))
            .service(
                web::scope("/own")
                    .app_data(json)
                    .app_data(web::FormConfig::default().limit(50))
                    .app_data(web::QueryConfig::default().error_handler(|error, _| {
                        InternalError::from_response(error, HttpResponse::Conflict().finish())
                            .into()
                    }))
                    .service(routes!()),
            )
            .service(routes!())
    });
    for size in [10, 60, 150, 300, 40_000, 3_000_000] {
        let name = "x".repeat(size);
        for prefix in ["", "/own"] {
            let json = format!(r#"{{"name":"{name}"}}"#);
            pair.same(&post_to(&format!("{prefix}/s/json"), "application/json", &json)).await;
            let form = format!("name={name}");
            let content_type = "application/x-www-form-urlencoded";
            pair.same(&post_to(&format!("{prefix}/s/form"), content_type, &form)).await;
            pair.same(&post_to(&format!("{prefix}/s/bytes"), "text/plain", &name)).await;
            pair.same(&post_to(&format!("{prefix}/s/text"), "text/plain", &name)).await;
        }
    }
    pair.same(&get("/own/s/query")).await;
    let large = post_to("/s/bytes", "text/plain", &"x".repeat(101));
    assert_eq!(pair.same(&large).await.status, 413);
    let wrong = post_to("/own/s/json", "application/json", "{");
    assert_eq!(pair.same(&wrong).await.status, 422);
}

#[actix_web::test]
async fn data_of_application_scope_and_resource() {
    let pair = pair!(
        App::new()
            .app_data(Data::new(Counter::default()))
            .app_data(1_u32)
            .service(
                web::scope("/inner")
                    .app_data(2_u32)
                    .app_data(Data::new("inner"))
                    .service(routes!())
            )
            .service(web::scope("/own").app_data(Data::new(Counter::default())).service(routes!()))
            .service(handlers::from_data)
            .service(handlers::request_data)
            .wrap_fn(|request, service| {
                request.extensions_mut().insert(format!("from {}", request.path()));
                actix_web::dev::Service::call(service, request)
            })
    );
    for _ in 0..2 {
        for path in
            ["/inner/s/data", "/own/s/data", "/data", "/request-data", "/own/s/request-data"]
        {
            pair.same(&get(path)).await;
        }
    }
    assert_eq!(pair.same(&get("/inner/s/data")).await.body, "14 Some(Data(\"inner\")) Some(2)");
    assert_eq!(pair.same(&get("/request-data")).await.body, "from /request-data");
}
