use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(allow_methods = ["PU T", "TRACE"])]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
