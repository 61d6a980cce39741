//! Values are literals.

use cors_actix::cors;

#[cors(max_age = 10 * 60)]
#[actix_web::get("/")]
async fn index() -> &'static str {
    "10 minutes"
}

#[cors(max_age = (10 * 60))]
#[actix_web::get("/parentheses")]
async fn parentheses() -> &'static str {
    "10 minutes"
}

#[cors(max_age = 60 as u64)]
#[actix_web::get("/cast")]
async fn cast() -> &'static str {
    "a minute"
}

#[cors(max_age = 10 m, allow_credentials = true)]
#[actix_web::get("/unit")]
async fn unit() -> &'static str {
    "10 minutes"
}

#[cors(max_age = 1.5)]
#[actix_web::get("/decimal")]
async fn decimal() -> &'static str {
    "a second and a half"
}

fn main() {}
