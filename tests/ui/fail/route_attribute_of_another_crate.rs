use actix_web::HttpResponse;
use cors_actix::cors;

#[cors(max_age = 5)]
#[telemetry::trace]
async fn index() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn main() {}
