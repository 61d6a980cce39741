use actix_web::App;
use cors_actix::cors;

#[cors(disable)]
mod internal {
    use actix_web::{
        HttpResponse, Resource, get,
        web::{self, ServiceConfig, resource},
    };

    #[get("/stats")]
    pub async fn stats() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    async fn health() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    pub fn config(config: &mut ServiceConfig) {
        config.service(stats).route("/health", web::get().to(health));
        config.service(web::resource("/one").route(web::get().to(health)));
        config.service((resource("/two").to(health), Resource::new("/three").to(health)));
        config.default_service(web::to(health));
    }

    pub mod nested {
        pub fn config() -> impl Fn(&mut actix_web::web::ServiceConfig) {
            |config| {
                config.service(actix_files::Files::new("/files", "."));
            }
        }
    }

    #[cors_actix::cors(disable)]
    pub mod own {
        #[actix_web::get("/own")]
        pub async fn own() -> actix_web::HttpResponse {
            actix_web::HttpResponse::Ok().finish()
        }

        pub fn scope() -> actix_web::Scope {
            let scope = actix_web::web::scope("/own").service(own);
            scope.route("/health", actix_web::web::get().to(super::health))
        }
    }
}

fn main() {
    let app = App::new().configure(internal::config).configure(internal::nested::config());
    app.service(internal::own::scope());
}
