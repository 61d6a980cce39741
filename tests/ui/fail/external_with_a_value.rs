use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(external = true)]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
