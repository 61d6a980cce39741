use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(colour = ["red"])]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
