//! The attribute names the crate `cors_actix`. An application that calls it otherwise says so once, in its root.

extern crate web_cors as cors_actix;

#[cfg(test)]
mod tests {
    use actix_web::{App, HttpResponse, get, put, test::init_service};
    use web_cors::{Cors, cors, test::Call};

    #[cors(allow_headers += ["X-Token"])]
    #[put("/items")]
    async fn items() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(allow_origins = ["https://admin.example.com"])]
    mod admin {
        use super::{HttpResponse, cors, get};

        #[cors(expose_headers += ["ETag"])]
        #[get("/stats")]
        pub(super) async fn stats() -> HttpResponse {
            HttpResponse::Ok().finish()
        }
    }

    /// It was `cannot find cors_actix`.
    #[actix_web::test]
    async fn handlers_and_modules_have_their_policies() {
        let cors = Cors::builder().allow_origins(["https://app.example.com"]).build().unwrap();
        let app = App::new().service(items).service(admin::stats).wrap(cors.clone());
        let app = init_service(app).await;
        let put = Call::new("PUT", "/items").header("X-Token", "t").from("https://app.example.com");
        put.send(&app).await.assert_readable();
        let stats = Call::new("GET", "/stats");
        stats.clone().from("https://admin.example.com").send(&app).await.assert_readable();
        stats.from("https://app.example.com").send(&app).await.assert_blocked();
        assert_eq!(cors.misuses(), []);
    }
}
