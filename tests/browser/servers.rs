//! The servers of the tests, and under which names browsers find them.

use std::{net::SocketAddr, sync::Arc};

use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer, get, http::header, middleware::from_fn, web,
};
use cors_tests::browser::Browser;
use serde::Deserialize;

use crate::{
    api,
    proxy::{self, Hosts},
    spy::{Spy, watch},
};

/// Running servers.
#[derive(Debug)]
pub(crate) struct Servers {
    pub(crate) spy: Spy,
    /// Where the engines find them.
    pub(crate) proxy: SocketAddr,
    hosts: Hosts,
}

/// Starts a server on a free port of the loopback interface; answers its address.
macro_rules! serve {
    ($factory:expr) => {{
        let server = HttpServer::new($factory).workers(1).disable_signals();
        let server = server.bind(("127.0.0.1", 0)).expect("a port");
        let address = server.addrs()[0];
        actix_web::rt::spawn(server.run());
        address
    }};
}

impl Servers {
    pub(crate) fn start() -> Self {
        let spy = Spy::default();
        let data = web::Data::new(spy.clone());
        let api = |debug, strict| {
            let (cors, data) = (api::cors(debug, strict), data.clone());
            serve!(move || {
                let app = App::new().app_data(data.clone()).configure(api::configure);
                app.wrap(cors.clone()).wrap(from_fn(watch))
            })
        };
        let [plain, debug] = [false, true].map(|debug| api(debug, false));
        let [strict, strict_debug] = [false, true].map(|debug| api(debug, true));
        let by_hand = {
            let data = data.clone();
            serve!(move || {
                let app = App::new().app_data(data.clone()).route("/", web::route().to(by_hand));
                app.wrap(from_fn(watch))
            })
        };
        let pages = serve!(move || {
            let app = App::new().app_data(data.clone()).configure(pages);
            app.wrap(from_fn(watch))
        });
        let hosts: Hosts = Arc::new([
            ("api.site.example", plain),
            ("api.far.example", plain),
            ("debug.site.example", debug),
            ("strict.site.example", strict),
            ("strict-debug.site.example", strict_debug),
            ("hand.site.example", by_hand),
            ("api.site.localhost", plain),
            ("*.localhost", pages),
            ("127.0.0.1", pages),
            ("[::1]", pages),
            ("[::ffff:127.0.0.1]", pages),
            ("*.example.", pages),
            ("*.example", pages),
        ]);
        Self { spy, proxy: proxy::start(Arc::clone(&hosts)), hosts }
    }

    /// A model of a browser that finds the servers.
    pub(crate) fn model(&self) -> Browser {
        let pages = self.hosts.last().expect("the pages").1;
        let pages = ["app.site.example", "evil.example"].map(|host| (host, pages));
        Browser::with_hosts(self.hosts.iter().copied().chain(pages))
    }
}

fn pages(config: &mut web::ServiceConfig) {
    config.service(page).service(sandboxed).service(frame).service(worker);
    // without the policy that stands above the handler on the API
    config.route("/redirect/{status}/{host}/{path:.*}", web::route().to(redirect_of_pages));
}

const PAGE: &str = "<!doctype html><html lang=en><meta charset=utf-8><title>page</title>\
                    <link rel=icon href=data:,>";

#[get("/")]
async fn page() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(PAGE)
}

#[get("/sandboxed")]
async fn sandboxed() -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_SECURITY_POLICY, "sandbox allow-scripts"));
    response.content_type("text/html; charset=utf-8").body(PAGE)
}

/// A page with a frame whose origin is opaque.
#[get("/with/{frame}")]
async fn frame(frame: web::Path<String>) -> HttpResponse {
    let frame = match frame.as_str() {
        "sandboxed" => "<iframe sandbox=allow-scripts src=/></iframe>",
        _ => "<iframe src='data:text/html,<title>data</title>'></iframe>",
    };
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(format!("{PAGE}{frame}"))
}

#[get("/worker.js")]
async fn worker() -> HttpResponse {
    let script = include_str!("served/worker.js");
    HttpResponse::Ok().content_type("text/javascript").body(script)
}

async fn redirect_of_pages(
    request: HttpRequest,
    path: web::Path<(u16, String, String)>,
) -> HttpResponse {
    api::send_to(&request, path.into_inner())
}

/// Header lines, `Name:value` between `|`; `(origin)` stands for the request's.
#[derive(Debug, Deserialize)]
struct Lines {
    preflight: Option<String>,
    response: Option<String>,
}

/// Answers what no policy can be brought to say.
async fn by_hand(request: HttpRequest, lines: web::Query<Lines>) -> HttpResponse {
    let is_preflight = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let lines = if is_preflight { &lines.preflight } else { &lines.response };
    let origin = request.headers().get(header::ORIGIN);
    let origin = origin.and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    let mut response = HttpResponse::Ok();
    for line in lines.iter().flat_map(|lines| lines.split('|')) {
        let (name, value) = line.split_once(':').expect("a header line");
        response.append_header((name, value.replace("(origin)", origin)));
    }
    response.insert_header((header::CACHE_CONTROL, "no-store")).finish()
}
