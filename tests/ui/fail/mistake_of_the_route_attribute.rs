use actix_web::{HttpResponse, get};
use cors_actix::cors;

const PATH: &str = "/";

#[cors(max_age = 5)]
#[get(PATH)]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
    _ = PATH;
}
