use actix_web::{HttpResponse, get};
use cors_actix::cors;

#[cors(expose_headers += ["ETag"], expose_headers += ["Link"])]
#[get("/")]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {
    _ = index;
}
