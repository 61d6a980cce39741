use cors_actix::cors;

#[cors(allow_origins = ["https://admin.example.com/"], max_age = 5)]
mod admin {
    use actix_web::{HttpResponse, get};
    use cors_actix::cors;

    #[get("/stats")]
    pub async fn stats() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(max_age = 10)]
    #[get("/users")]
    pub async fn users() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

fn main() {
    _ = (admin::stats, admin::users);
}
