//! What the attribute expands to is clean under the strictest lints.
#![deny(warnings, clippy::pedantic, missing_docs, unsafe_code, unreachable_pub, unused)]

use actix_web::{HttpResponse, get, routes};
use cors_actix::cors;

/// A documented handler.
#[cors(expose_headers += ["ETag"], max_age = "5m",)]
#[get("/documented", name = "x",)]
#[allow(clippy::unused_async)]
pub async fn documented() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[routes]
#[get("/one")]
#[put("/two", guard = "always")]
pub(crate) async fn private() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(disable)]
#[actix_web::route("/route", method = "GET", method = "PURGE")]
async fn unnamed() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn always(_: &actix_web::guard::GuardContext<'_>) -> bool {
    true
}

/// Documented as well.
pub fn configure(config: &mut actix_web::web::ServiceConfig) {
    config.service(private).service(unnamed);
}

fn main() {
    _ = configure;
}
