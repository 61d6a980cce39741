use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(max_age = TEN_MINUTES)]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
