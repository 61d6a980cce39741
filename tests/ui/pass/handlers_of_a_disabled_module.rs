//! What a module without CORS may say: it registers its handlers, and has functions of any name.

use actix_web::{App, HttpResponse, web};
use cors_actix::cors;

#[cors(disable)]
mod internal {
    use actix_web::{
        HttpResponse, get, route,
        web::{self, ServiceConfig},
    };

    pub struct Ticket {
        pub route: String,
    }

    impl Ticket {
        pub fn resource(&self, id: u32) -> String {
            format!("{}/{id}", self.route())
        }

        fn route(&self) -> &str {
            &self.route
        }
    }

    #[get("/stats")]
    pub async fn stats() -> HttpResponse {
        let ticket = Ticket { route: "/tickets".to_owned() };
        HttpResponse::Ok().body(ticket.resource(1))
    }

    #[route("/any", method = "GET", method = "PUT")]
    pub async fn any() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    pub fn config(config: &mut ServiceConfig) {
        config.service(stats).service(web::scope("/inner").service(any));
    }

    #[cfg(test)]
    mod tests {
        fn app() {
            actix_web::App::new().route("/plain", actix_web::web::get());
        }
    }
}

/// A module with another policy may register plain routes, which follow the base policy.
#[cors(max_age = 5)]
mod open {
    #[actix_web::get("/open")]
    pub async fn open() -> actix_web::HttpResponse {
        actix_web::HttpResponse::Ok().finish()
    }

    pub fn config(config: &mut actix_web::web::ServiceConfig) {
        config.service(open).route("/plain", actix_web::web::get().to(open_plain));
    }

    async fn open_plain() -> actix_web::HttpResponse {
        actix_web::HttpResponse::Ok().finish()
    }
}

fn main() {
    let app = App::new().configure(internal::config).configure(open::config);
    app.route("/plain", web::get().to(HttpResponse::Ok));
}
