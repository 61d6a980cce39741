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

#[cors(expose_headers += ["X-Shop"])]
pub mod shop {
    //! Documented handlers.
    #![allow(clippy::unused_async)]

    use actix_web::{HttpResponse, get};
    use cors_actix::cors;

    /// Inherits.
    #[get("/inherits")]
    pub async fn inherits() -> HttpResponse {
        answer()
    }

    #[cors(external)]
    #[get("/off")]
    pub(super) async fn off() -> HttpResponse {
        answer()
    }

    /// Inherits, and hands on.
    #[cors]
    #[actix_web::scope("/within")]
    pub mod within {
        /// Inherits from both.
        #[actix_web::get("/deep")]
        pub async fn deep() -> actix_web::HttpResponse {
            super::answer()
        }
    }

    fn answer() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

fn always(_: &actix_web::guard::GuardContext<'_>) -> bool {
    true
}

/// Documented as well.
pub fn configure(config: &mut actix_web::web::ServiceConfig) {
    config.service(private).service(unnamed).service(shop::off);
}

fn main() {
    _ = configure;
}
