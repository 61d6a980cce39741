use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(max_age = 99999999999)]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
