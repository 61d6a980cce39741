use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(dangerously_expose_any_header = "yes")]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
