use actix_web::{HttpResponse, get};

#[get("/")]
pub async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}
