//! Seconds are a number, and a text has the unit.

use cors_actix::cors;

#[cors(max_age = 10m)]
#[actix_web::get("/minutes")]
async fn minutes() -> &'static str {
    "10 minutes"
}

#[cors(max_age = 600u8)]
#[actix_web::get("/type")]
async fn with_type() -> &'static str {
    "600 seconds"
}

#[cors(max_age = 10x)]
#[actix_web::get("/no-unit")]
async fn no_unit() -> &'static str {
    "what is x"
}

fn main() {}
