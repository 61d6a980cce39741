use actix_web::{HttpResponse, get};
use cors_actix::cors;

struct Shop;

impl Shop {
    #[cors(max_age = 5)]
    #[get("/")]
    async fn index(&self) -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

fn main() {
    _ = Shop;
}
