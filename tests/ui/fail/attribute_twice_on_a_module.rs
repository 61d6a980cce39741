use cors_actix::cors;

#[cors(max_age = 5)]
#[cors(allow_credentials = false)]
mod admin {
    use actix_web::{HttpResponse, get};

    #[get("/stats")]
    pub async fn stats() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

fn main() {
    _ = admin::stats;
}
