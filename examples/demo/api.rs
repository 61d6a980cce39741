//! The API: handlers with their policies, and the base policy they refine.

use std::{net::SocketAddr, time::Duration};

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::MessageBody,
    delete,
    dev::{ServiceRequest, ServiceResponse},
    error::{ErrorInternalServerError, ErrorUnauthorized},
    get,
    http::header::{self, HeaderName, HeaderValue},
    middleware::{Next, from_fn},
    patch, post, put, web,
};
use cors_actix::{Cors, CorsBuilder, cors};
use serde::{Deserialize, Serialize};

/// The base policy; environment variables such as `CORS_ALLOW_ORIGINS` replace parts of it.
pub(crate) fn policy(page: SocketAddr) -> CorsBuilder {
    let page_origins = ["localhost", "127.0.0.1"].map(|host| origin(host, page.port()));
    let origins = ["https://app.example.com", "https://*.preview.example.com"];
    Cors::builder()
        .allow_origins(origins.map(String::from).into_iter().chain(page_origins))
        .allow_headers(["Content-Type", "Authorization"])
        .expose_headers(["X-Request-Id"])
        .allow_credentials(true)
        .max_age(Duration::from_secs(10 * 60))
        .from_env()
}

/// The origin of plain http at a host and port, as browsers serialise it.
pub(crate) fn origin(host: &str, port: u16) -> String {
    if port == 80 { format!("http://{host}") } else { format!("http://{host}:{port}") }
}

/// Every route of the API.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    let files = web::scope("/files").service(get_file).service(change_file);
    let tenants = web::scope("/tenants").service(web::scope("/{tenant}").service(files));
    let api = web::scope("/api")
        .service(get_user)
        .service(put_user)
        .service(delete_user)
        .service(get_me)
        .service(create_order)
        .service(fail)
        .service(moved);
    config
        .service(health)
        .service(api)
        .service(public_rates)
        .service(internal_report)
        .service(tenants);
}

/// A plain route: the base policy covers it.
#[get("/health")]
async fn health() -> &'static str {
    "healthy"
}

#[derive(Debug, Serialize, Deserialize)]
struct User {
    name: String,
}

#[cors(expose_headers += ["ETag", "X-RateLimit-Remaining"], max_age = "5m")]
#[get("/users/{id}")]
async fn get_user(id: web::Path<u32>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ETAG, "\"7\""))
        .insert_header(("X-RateLimit-Remaining", "59"))
        .insert_header(("X-Internal", "rack-12"))
        .json(User { name: format!("user {id}") })
}

#[cors(allow_headers += ["If-Match"])]
#[put("/users/{id}")]
async fn put_user(request: HttpRequest, user: web::Json<User>) -> HttpResponse {
    if request.headers().contains_key(header::IF_MATCH) {
        HttpResponse::Ok().json(user.into_inner())
    } else {
        HttpResponse::PreconditionFailed().body("send If-Match")
    }
}

#[cors(allow_origins = ["https://admin.example.com"], allow_headers += ["X-Csrf-Token"])]
#[delete("/users/{id}")]
async fn delete_user() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

#[cors]
#[get("/me", wrap = "from_fn(require_token)")]
async fn get_me() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::SET_COOKIE, "session=demo; Path=/; HttpOnly; SameSite=Lax"))
        .json(User { name: "you".into() })
}

#[derive(Debug, Deserialize)]
struct Order {
    item: String,
}

#[cors(expose_headers += ["Location"])]
#[post("/orders")]
async fn create_order(order: web::Json<Order>) -> HttpResponse {
    HttpResponse::Created()
        .insert_header((header::LOCATION, "/api/orders/1"))
        .body(format!("ordered {}", order.item))
}

#[cors]
#[get("/fail")]
async fn fail() -> Result<HttpResponse, Error> {
    Err(ErrorInternalServerError("out of order"))
}

#[cors]
#[get("/moved")]
async fn moved() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/api/users/1")).finish()
}

/// Open to every origin, and so without credentials; exposes what GitHub's API does.
#[cors(
    allow_origins = ["*"],
    allow_credentials = false,
    expose_headers = [
        "ETag", "Link", "Location", "Retry-After", "X-GitHub-OTP", "X-RateLimit-Limit",
        "X-RateLimit-Remaining", "X-RateLimit-Used", "X-RateLimit-Resource", "X-RateLimit-Reset",
        "X-OAuth-Scopes", "X-Accepted-OAuth-Scopes", "X-Poll-Interval", "X-GitHub-Media-Type",
        "X-GitHub-SSO", "X-GitHub-Request-Id", "Deprecation", "Sunset",
    ],
)]
#[get("/public/rates")]
async fn public_rates() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ETAG, "\"rates\""))
        .insert_header(("X-RateLimit-Limit", "60"))
        .insert_header(("X-RateLimit-Remaining", "59"))
        .json([("EUR", "1.00")])
}

#[cors(disable)]
#[get("/internal/report")]
async fn internal_report() -> &'static str {
    "for people inside"
}

#[cors(expose_headers += ["Content-Disposition"])]
#[get(r"/{name:[a-z]+\.txt}")]
async fn get_file(path: web::Path<(String, String)>) -> HttpResponse {
    let (tenant, name) = path.into_inner();
    HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(format!("{name} of {tenant}"))
}

#[cors(allow_origins = ["https://admin.example.com"], allow_headers += ["If-Match"])]
#[patch(r"/{name:[a-z]+\.txt}")]
async fn change_file() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Middleware that fails with `Err` where the bearer token `demo` is missing.
async fn require_token(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let token = request.headers().get(header::AUTHORIZATION);
    if token.is_some_and(|token| token == "Bearer demo") {
        next.call(request).await
    } else {
        Err(ErrorUnauthorized("send the bearer token `demo`"))
    }
}

/// Middleware that numbers responses.
pub(crate) async fn add_request_id(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let name = HeaderName::from_static("x-request-id");
    response.headers_mut().insert(name, HeaderValue::from_static("demo-1"));
    Ok(response)
}
