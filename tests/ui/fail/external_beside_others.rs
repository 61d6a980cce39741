use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(external, max_age = 5)]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
