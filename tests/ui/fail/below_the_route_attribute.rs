use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[get("/")]
#[cors(max_age = 5)]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
