//! A thousand reloads under load: each response belongs to one version as a whole, and none is lost.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use actix_web::{App, HttpResponse, HttpServer, http::Method, put, web};
use cors_actix::{Cors, CorsBuilder, Override, cors};

use crate::support::APP;

#[cors(expose_headers += ["X-Handler"])]
#[put("/handler")]
async fn handler() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Whatever a response of one version has ends with its number.
fn version(number: usize) -> CorsBuilder {
    let named = |what: &str| [format!("{what}-{number}")];
    let scope = Override::builder().add_expose_headers(named("X-Scope"));
    let entry = Override::builder().add_expose_headers(named("X-Entry"));
    Cors::builder()
        .allow_origins([APP])
        .allow_headers(named("X-Allowed"))
        .expose_headers(named("X-Base"))
        .max_age(std::time::Duration::from_secs(number as u64))
        .scope("/api", scope)
        .route("/api/handler", ["PUT"], entry)
}

const RELOADS: usize = 1_000;

#[actix_web::test]
async fn a_thousand_reloads_under_load_tear_no_response() {
    let (cors, handle) = version(0).build_reloadable().unwrap();
    let server = HttpServer::new(move || {
        App::new().service(web::scope("/api").service(handler)).wrap(cors.clone())
    })
    .workers(2)
    .bind(("127.0.0.1", 0))
    .unwrap();
    let url = format!("http://{}/api/handler", server.addrs()[0]);
    actix_web::rt::spawn(server.run());
    let (is_over, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..8)
        .map(|number| {
            let (url, is_over, seen) = (url.clone(), Arc::clone(&is_over), Arc::clone(&seen));
            actix_web::rt::spawn(ask(url, number % 2 == 0, is_over, seen))
        })
        .collect();
    let reloading = thread::spawn(move || {
        for number in 1..=RELOADS {
            handle.replace(&version(number)).unwrap();
            if number % 50 == 0 {
                // all connections get a turn among these
                thread::sleep(std::time::Duration::from_millis(20));
            }
        }
        is_over.store(true, Ordering::SeqCst);
    });
    for client in clients {
        client.await.unwrap();
    }
    reloading.join().unwrap();
    assert!(seen.load(Ordering::SeqCst) > 500, "{seen:?} responses were seen");
}

/// Sends requests on one connection until the reloads are over, and one more, which has the last version.
async fn ask(url: String, is_preflight: bool, is_over: Arc<AtomicBool>, seen: Arc<AtomicUsize>) {
    let client = awc::Client::new();
    loop {
        let is_last = is_over.load(Ordering::SeqCst);
        let request = if is_preflight {
            let request = client.request(Method::OPTIONS, &url);
            request.insert_header(("access-control-request-method", "PUT"))
        } else {
            client.put(&url)
        };
        let response = request.insert_header(("origin", APP)).send().await.unwrap();
        let header = |name: &str| {
            let value = response.headers().get(name).map(|own| own.to_str().unwrap().to_owned());
            value.unwrap_or_default()
        };
        let number = if is_preflight {
            let number = header("access-control-max-age");
            assert_eq!(header("access-control-allow-headers"), format!("X-Allowed-{number}"));
            number
        } else {
            let exposed = header("access-control-expose-headers");
            let number = exposed.split(", ").next().unwrap().trim_start_matches("X-Base-");
            let all = format!("X-Base-{number}, X-Entry-{number}, X-Handler, X-Scope-{number}");
            assert_eq!(exposed, all);
            number.to_owned()
        };
        assert_eq!(header("access-control-allow-origin"), APP);
        seen.fetch_add(1, Ordering::SeqCst);
        if is_last {
            assert_eq!(number, RELOADS.to_string());
            return;
        }
    }
}
