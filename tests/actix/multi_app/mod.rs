//! Many applications, on one thread and on several: each keeps its own policies, and when it goes,
//! all of it goes.

mod claims;
mod on_one_thread;
mod servers;
mod slow_routers;

use actix_web::{Error, http::Method, rt::task::yield_now, web::ServiceConfig};
use cors_actix::Cors;

const OTHER: &str = "https://other.example.com";

/// Handlers that have names and paths in common, and differ in what they expose.
macro_rules! handlers {
    ($($module:ident: $exposed:literal)*) => {
        $(mod $module {
            use actix_web::{HttpResponse, get, put, web::ServiceConfig};

            #[cors_actix::cors(expose_headers += [$exposed])]
            #[get("/x")]
            async fn x() -> HttpResponse { HttpResponse::Ok().finish() }

            #[cors_actix::cors(expose_headers += [$exposed, "X-Put"])]
            #[put("/x")]
            async fn y() -> HttpResponse { HttpResponse::Ok().finish() }

            pub(super) fn configure(config: &mut ServiceConfig) {
                config.service((x, y)).service(actix_web::web::scope("/s").service((x, y)));
            }
        })*
        const KINDS: &[Kind] = &[$(Kind { configure: $module::configure, exposed: $exposed }),*];
    };
}

handlers! { a: "X-A" b: "X-B" c: "X-C" d: "X-D" e: "X-E" f: "X-F" g: "X-G" h: "X-H" }

#[derive(Clone, Copy)]
struct Kind {
    configure: fn(&mut ServiceConfig),
    exposed: &'static str,
}

impl Kind {
    fn of(number: usize) -> Self {
        KINDS[number % KINDS.len()]
    }

    /// What the four routes of an application expose.
    fn routes(self) -> [(Method, &'static str, String); 4] {
        let (get, put) = (self.exposed.to_owned(), format!("{}, X-Put", self.exposed));
        [
            (Method::GET, "/x", get.clone()),
            (Method::PUT, "/x", put.clone()),
            (Method::GET, "/s/x", get),
            (Method::PUT, "/s/x", put),
        ]
    }
}

fn app_cors(origin: &str) -> Cors {
    Cors::builder().allow_origins([origin]).build().unwrap()
}

/// What an application waits for before it starts: so many polls.
async fn wait(polls: usize) -> Result<usize, Error> {
    for _ in 0..polls {
        yield_now().await;
    }
    Ok(polls)
}
