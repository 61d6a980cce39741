use cors_actix::cors;

#[cors(disable)]
mod admin {
    use actix_web::{HttpResponse, get};
    use cors_actix::cors;

    #[cfg_attr(all(), get("/stats"))]
    pub async fn stats() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cfg_attr(all(), cors(max_age = 7))]
    #[cfg_attr(all(), inline)]
    #[get("/users")]
    pub async fn users() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

fn main() {
    _ = (admin::stats, admin::users);
}
