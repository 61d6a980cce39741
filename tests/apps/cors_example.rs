//! The example of CORS that actix itself has: one origin, two methods and three headers, with credentials.
//!
//! `cors/backend` of actix/examples at `afb8bfa56f6e12e29c4f0c3f9467cf92805f6202`: no scope, 2 layers, 1 route by a
//! macro. All of it is here.

use std::time::Duration;

use actix_web::{App, http::header, middleware::Logger};
use cors_actix::{ConfigErrors, Cors};

use crate::{
    application::{Application, Original, application},
    difference::Difference,
    question::{Question, actual, preflight},
    spies::spies,
};

fn theirs() -> actix_cors::Cors {
    actix_cors::Cors::default()
        .allowed_origin("http://localhost:8081")
        .allowed_methods(vec!["GET", "POST"])
        .allowed_headers(vec![header::AUTHORIZATION, header::ACCEPT])
        .allowed_header(header::CONTENT_TYPE)
        .supports_credentials()
        .max_age(3600)
}

fn ours() -> Result<Cors, ConfigErrors> {
    Cors::builder()
        .allow_origins(["http://localhost:8081"])
        .allow_methods(["GET", "POST"])
        .allow_headers([header::AUTHORIZATION, header::ACCEPT, header::CONTENT_TYPE])
        .allow_credentials(true)
        .max_age(Duration::from_secs(3600))
        .build()
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::Forbidden,
    Difference::ShorterVary,
    Difference::Safelisted,
    Difference::RefusedCredentials,
    Difference::RefusalVaries,
];

spies! {
    user_info: post "/user/info";
}

const PAGE: &str = "http://localhost:8081";
const EVIL: &str = "https://evil.example";
const GRANTED: [&str; 6] = [
    "access-control-allow-origin: http://localhost:8081",
    "access-control-allow-credentials: true",
    "access-control-allow-methods: GET, HEAD, POST",
    "access-control-allow-headers: accept, authorization, content-type",
    "access-control-max-age: 3600",
    "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
];
const REFUSED: [&str; 1] =
    ["vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"];
const SHARED: [&str; 3] = [
    "access-control-allow-origin: http://localhost:8081",
    "access-control-allow-credentials: true",
    "vary: Origin",
];

fn questions() -> Vec<Question> {
    vec![
        preflight("POST /user/info", PAGE, "authorization,content-type").gets(204, &GRANTED),
        preflight("POST /user/info", PAGE, "x-token").gets(403, &REFUSED),
        preflight("PUT /user/info", PAGE, "").gets(403, &REFUSED),
        preflight("POST /user/info", EVIL, "content-type").gets(403, &REFUSED),
        actual("POST /user/info", PAGE).gets(200, &SHARED),
        actual("POST /user/info", EVIL).gets(200, &["vary: Origin"]),
        actual("POST /user/info", "").gets(200, &["vary: Origin"]),
        actual("GET /user/info", PAGE).gets(404, &SHARED),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "actix/examples: cors",
        repository: "actix/examples",
        commit: "afb8bfa56f6e12e29c4f0c3f9467cf92805f6202",
        file: "cors/backend/src/main.rs",
        lines: 7,
        counts: "2 layers and 1 route by a macro; all of it is here",
        codes: &["CORS109", "CORS105"],
        note: "Its page is on `localhost`, and it lists `Accept`: both are said.",
    };
    application!(original, DIFFERENCES, |cors| App::new()
        .wrap(cors())
        .wrap(Logger::default())
        .service(user_info))
}
