use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(
    allow_origin = ["https://a.example"],
    allow_headers += ["X A", "X-A|X-B"],
    max_age -= "soon",
    expose_headers
)]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
