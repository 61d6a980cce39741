use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(allow_origins = ["https://a.example", "@Admin UI"], allow_credentials = ["@1"])]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_origins += ["@"])]
#[get("/more")]
async fn more() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = (index, more);
}
