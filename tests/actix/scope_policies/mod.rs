//! Policies for a part of an application: everything below a prefix, whatever it is registered as.

mod covered;
mod faults;
mod item;
mod modules;
mod unrouted;

use actix_web::HttpResponse;
use cors_actix::{Cors, CorsBuilder, Override, OverrideBuilder};

use crate::support::{ADMIN, APP};

/// For `APP`, without credentials.
fn base() -> CorsBuilder {
    Cors::builder().allow_origins([APP])
}

/// For `ADMIN`, with credentials and all that a preflight may ask for.
fn admin() -> OverrideBuilder {
    Override::builder()
        .allow_origins([ADMIN])
        .allow_methods(["PUT"])
        .allow_headers(["X-Token"])
        .expose_headers(["ETag"])
        .allow_credentials(true)
}

async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}
