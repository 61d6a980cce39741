use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(allow_origins = ["https://a.example", 5, "HTTPS://B.example", x; 2])]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
