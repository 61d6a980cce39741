use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(disable, external)]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
