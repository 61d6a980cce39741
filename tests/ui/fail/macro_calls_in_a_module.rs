use cors_actix::cors;

macro_rules! handler {
    ($name:ident) => {
        #[actix_web::get("/made")]
        pub async fn $name() -> actix_web::HttpResponse {
            actix_web::HttpResponse::Ok().finish()
        }
    };
}
pub(crate) use handler;

macro_rules! nothing {
    () => {};
}
pub(crate) use nothing;

#[cors(max_age = 5)]
mod admin {
    //! Documented inside.

    super::handler!(first);

    use actix_web::{HttpResponse, get};
    use cors_actix::cors;

    pub struct Stats;

    crate::handler! { second }

    #[get("/stats")]
    pub async fn stats() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[rustfmt::skip]
    super::handler![third];

    include!("module/included.rs");

    #[cors(no_handlers)]
    super::nothing!();

    pub mod nested {
        super::super::handler!(inside);

        #[cors_actix::cors(max_age = 5)]
        pub mod own {
            #[cors_actix::cors]
            #[actix_web::get("/own")]
            pub async fn own() -> actix_web::HttpResponse {
                actix_web::HttpResponse::Ok().finish()
            }

            crate::handler!(fourth);
        }
    }
}

fn main() {
    _ = (admin::first, admin::second, admin::stats, admin::third, admin::included, admin::Stats);
    _ = (admin::nested::inside, admin::nested::own::own, admin::nested::own::fourth);
}
