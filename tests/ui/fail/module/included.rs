#[get("/included")]
pub async fn included() -> HttpResponse {
    HttpResponse::Ok().finish()
}
