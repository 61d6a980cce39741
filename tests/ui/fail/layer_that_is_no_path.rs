use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(@(e "gtg"))]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {}
