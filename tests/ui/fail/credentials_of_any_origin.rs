use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(allow_credentials = ["*"])]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
