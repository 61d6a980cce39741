//! Other macros' attributes see the handler with its route attribute, whether they stand above it or below, and the
//! handler has its policy.

use actix_web::{App, HttpResponse, dev::HttpServiceFactory, get, test, web};
use cors_actix::{Cors, cors, test::Call};
use utoipa::OpenApi;
use utoipa_actix_web::AppExt;

const ADMIN: &str = "https://admin.example.com";

/// Whether a handler at this path has the policy of its `#[cors]`.
async fn assert_own_policy(handler: impl HttpServiceFactory + 'static, path: &str) {
    let cors = Cors::builder().allow_origins(["https://app.example.com"]).build().unwrap();
    let app = test::init_service(App::new().service(handler).wrap(cors)).await;
    Call::new("GET", path).from(ADMIN).send(&app).await.assert_readable();
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[utoipa::path(responses((status = 200, body = str)))]
#[get("/above")]
async fn above() -> &'static str {
    "utoipa above"
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[get("/below")]
#[utoipa::path(responses((status = 200, body = str)))]
async fn below() -> &'static str {
    "utoipa below"
}

#[cors(allow_origins = ["https://admin.example.com"])]
mod documented {
    use actix_web::get;

    #[utoipa::path(responses((status = 200, body = str)))]
    #[get("/module/above")]
    pub async fn above() -> &'static str {
        "utoipa above"
    }

    #[cors_actix::cors(expose_headers += ["ETag"])]
    #[get("/module/below")]
    #[utoipa::path(responses((status = 200, body = str)))]
    pub async fn below() -> &'static str {
        "utoipa below"
    }
}

#[derive(OpenApi)]
#[openapi(paths(above, below, documented::above, documented::below))]
struct Api;

/// `cannot find __path_above`, with nothing that says what to do.
#[actix_web::test]
async fn utoipa_in_both_positions_and_in_a_module() {
    let paths: Vec<String> = Api::openapi().paths.paths.into_keys().collect();
    assert_eq!(paths, ["/above", "/below", "/module/above", "/module/below"]);
    assert_own_policy(above, "/above").await;
    assert_own_policy(below, "/below").await;
    assert_own_policy(documented::above, "/module/above").await;
    assert_own_policy(documented::below, "/module/below").await;
}

#[actix_web::test]
async fn utoipa_actix_web() {
    let cors = Cors::builder().build().unwrap();
    let api = utoipa_actix_web::scope("/api").service(above).service(documented::below);
    let (app, document) = App::new().into_utoipa_app().service(api).split_for_parts();
    let paths: Vec<String> = document.paths.paths.into_keys().collect();
    assert_eq!(paths, ["/api/above", "/api/module/below"]);
    let app = test::init_service(app.wrap(cors)).await;
    Call::new("GET", "/api/above").from(ADMIN).send(&app).await.assert_readable();
    Call::new("GET", "/api/module/below").from(ADMIN).send(&app).await.assert_readable();
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[tracing::instrument(skip_all)]
#[get("/instrumented/{id}")]
async fn instrumented(id: web::Path<u32>) -> String {
    id.to_string()
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[get("/instrumented-below/{id}")]
#[tracing::instrument(skip_all)]
async fn instrumented_below(id: web::Path<u32>) -> String {
    id.to_string()
}

#[actix_web::test]
async fn tracing_in_both_positions() {
    assert_own_policy(instrumented, "/instrumented/7").await;
    assert_own_policy(instrumented_below, "/instrumented-below/7").await;
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[actix_web_grants::protect("READ")]
#[get("/protected")]
async fn protected() -> &'static str {
    "for those who may read"
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[get("/protected-below")]
#[actix_web_grants::protect("READ")]
async fn protected_below() -> &'static str {
    "for those who may read"
}

/// What is forbidden is so to be read.
#[actix_web::test]
async fn actix_web_grants_in_both_positions() {
    assert_own_policy(protected, "/protected").await;
    assert_own_policy(protected_below, "/protected-below").await;
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[paperclip::actix::api_v2_operation]
#[get("/paperclip")]
async fn with_paperclip() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn paperclip() {
    assert_own_policy(with_paperclip, "/paperclip").await;
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[apistos::api_operation(summary = "A documented one")]
#[get("/apistos")]
async fn with_apistos() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn apistos() {
    assert_own_policy(with_apistos, "/apistos").await;
}

#[derive(actix_web_lab::FromRequest)]
struct Parts {
    method: actix_web::http::Method,
    id: web::Path<u32>,
}

/// It has no attributes, but derives what handlers take.
#[cors(allow_origins = ["https://admin.example.com"])]
#[get("/lab/{id}")]
async fn with_lab(parts: Parts) -> String {
    format!("{} {}", parts.method, parts.id)
}

#[actix_web::test]
async fn actix_web_lab() {
    assert_own_policy(with_lab, "/lab/7").await;
}
