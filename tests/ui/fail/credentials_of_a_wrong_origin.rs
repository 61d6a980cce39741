use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(allow_credentials = ["https://app.example.com", "https://admin.example.com/"])]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
