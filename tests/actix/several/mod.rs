//! Several middlewares in one application: one for each of several scopes, and what is a mistake.

mod around_scope;
mod named;
mod tenants;

use actix_web::HttpResponse;
use cors_actix::{Cors, CorsBuilder, Misuse};

/// For one origin, and a middleware that is wrapped around a scope.
fn in_scope(origin: &str) -> CorsBuilder {
    Cors::builder().allow_origins([origin]).around_scope(true)
}

async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn codes(cors: &Cors) -> Vec<&'static str> {
    cors.misuses().iter().map(Misuse::code).collect()
}
