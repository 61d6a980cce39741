use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(allow_headers += ["X-A", "Content Type"])]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
