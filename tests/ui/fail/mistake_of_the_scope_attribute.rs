use actix_web::scope;
use cors_actix::cors;

#[cors(max_age = 5)]
#[scope("/admin/")]
mod admin {
    use actix_web::{HttpResponse, get};

    #[get("/stats")]
    pub async fn stats() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

#[cors(max_age = 5)]
#[scope(PREFIX)]
mod shop {
    use actix_web::{HttpResponse, get};

    #[get("/prices")]
    pub async fn prices() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

fn main() {
    _ = (admin::stats, shop::prices);
}
