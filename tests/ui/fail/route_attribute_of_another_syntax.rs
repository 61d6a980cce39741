use actix_web::HttpResponse;
use cors_actix::cors;

#[cors]
#[put(path = "/a")]
async fn put_a() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[paperclip::actix::put("/b")]
async fn put_b() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[put(path = "/c", name = "c")]
async fn put_c() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {}
