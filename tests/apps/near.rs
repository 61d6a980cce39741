//! The JSON-RPC of a node of NEAR: `permissive()`, and then a list from the settings, methods and headers.
//!
//! `chain/jsonrpc/src/lib.rs` of near/nearcore at `afe80d2bd535394f8752d7d4ee68fc69f7f1c5eb`: no scope, 2 layers, 5
//! resources with 7 routes. All of it is here.

use std::time::Duration;

use actix_web::{
    App,
    http::header,
    middleware::Logger,
    web::{get, head, post, resource},
};
use cors_actix::{ConfigErrors, Cors};

use crate::{
    application::{Application, Original, application},
    difference::Difference,
    question::{Question, actual, preflight},
    spies::spy,
};

/// The setting `cors_allowed_origins`, as it is by default.
const ORIGINS: &[&str] = &["*"];

fn theirs() -> actix_cors::Cors {
    let mut cors = actix_cors::Cors::permissive();
    if ORIGINS != ["*"] {
        for origin in ORIGINS {
            cors = cors.allowed_origin(origin);
        }
    }
    cors.allowed_methods(vec!["GET", "POST"])
        .allowed_headers(vec![header::AUTHORIZATION, header::ACCEPT])
        .allowed_header(header::CONTENT_TYPE)
        .max_age(3600)
}

fn ours() -> Result<Cors, ConfigErrors> {
    Cors::builder()
        .allow_origins(ORIGINS)
        .allow_methods(["GET", "POST"])
        .allow_headers([header::AUTHORIZATION, header::ACCEPT, header::CONTENT_TYPE])
        .expose_headers(["*"])
        .max_age(Duration::from_secs(3600))
        .build()
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::Forbidden,
    Difference::AnyOrigin,
    Difference::WithoutOrigin,
    Difference::ShorterVary,
    Difference::MethodsOfPolicy,
    Difference::NoCredentials,
    Difference::RefusedCredentials,
    Difference::AnyExposed,
    Difference::MethodsAdded,
    Difference::RefusalVaries,
];

const PAGE: &str = "https://wallet.example";
const SHARED: [&str; 2] = ["access-control-allow-origin: *", "access-control-expose-headers: *"];

fn questions() -> Vec<Question> {
    let vary = "vary: Access-Control-Request-Method, Access-Control-Request-Headers";
    let granted = [
        "access-control-allow-origin: *",
        "access-control-allow-methods: GET, HEAD, POST",
        "access-control-allow-headers: accept, authorization, content-type",
        "access-control-max-age: 3600",
        vary,
    ];
    vec![
        preflight("POST /", PAGE, "content-type").gets(204, &granted),
        preflight("GET /status", PAGE, "authorization").gets(204, &granted),
        preflight("POST /", PAGE, "x-api-key").gets(403, &[vary]),
        preflight("PUT /", PAGE, "").gets(403, &[vary]),
        actual("POST /", PAGE).gets(200, &SHARED),
        actual("GET /status", PAGE).gets(200, &SHARED),
        actual("HEAD /health", PAGE).gets(200, &SHARED),
        actual("GET /metrics", "").gets(200, &SHARED),
        actual("GET /", PAGE).gets(405, &SHARED),
        actual("GET /none", PAGE).gets(404, &SHARED),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "near",
        repository: "near/nearcore",
        commit: "afe80d2bd535394f8752d7d4ee68fc69f7f1c5eb",
        file: "chain/jsonrpc/src/lib.rs",
        lines: 10,
        counts: "2 layers and 7 plain routes; all of it is here",
        codes: &["CORS105"],
        note: "",
    };
    application!(original, DIFFERENCES, |cors| App::new()
        .wrap(cors())
        .wrap(Logger::default())
        .service(resource("/").route(post().to(spy)))
        .service(resource("/status").route(get().to(spy)).route(head().to(spy)))
        .service(resource("/health").route(get().to(spy)).route(head().to(spy)))
        .service(resource("/network_info").route(get().to(spy)))
        .service(resource("/metrics").route(get().to(spy))))
}
