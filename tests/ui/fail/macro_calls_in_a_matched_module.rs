use cors_actix::cors;

macro_rules! module {
    ($($item:item)*) => {
        #[cors]
        mod made {
            $($item)*
        }
    };
}

macro_rules! nothing {
    () => {};
}
pub(crate) use nothing;

module! {
    crate::nothing!();

    #[actix_web::get("/made")]
    pub async fn made() -> actix_web::HttpResponse {
        actix_web::HttpResponse::Ok().finish()
    }

    pub const VALUE: u32 = 1;

    crate::nothing! {}
}

fn main() {
    _ = (made::made, made::VALUE);
}
