use cors_actix::cors;

#[cors(max_age = 5)]
mod admin {
    use actix_web::{HttpResponse, get};
    use cors_actix::cors;

    #[cors(no_handlers)]
    #[get("/stats")]
    pub async fn stats() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

fn main() {
    _ = admin::stats;
}
