use cors_actix::cors;

#[cors(max_age = 5)]
mod admin {
    use actix_web::{HttpResponse, get};
    use cors_actix::cors;

    pub const PATH: &str = "/stats";

    #[get(PATH)]
    pub async fn stats() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(expose_header += ["ETag"], max_age = "ten")]
    #[get("/users")]
    pub async fn users() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(allow_credentials += ["X"])]
    pub mod empty {}
}

fn main() {
    _ = (admin::stats, admin::users, admin::PATH);
}
