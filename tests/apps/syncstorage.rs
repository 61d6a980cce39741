//! syncstorage-rs, the server of Firefox Sync: each part of the policy is a setting that may be absent; plain resources
//! with parameters in every path, errors that a layer renders, and layers by closures.
//!
//! `syncserver/src` of mozilla-services/syncstorage-rs at `0d4b14c30992f8074dcddba90612bdd7b1ceaa8c`: no scope, 6 layers,
//! 17 resources with 21 routes, and the pages of a documentation. All but those pages is here.

use std::time::Duration;

use actix_web::{
    App, HttpResponse,
    http::{StatusCode, header},
    middleware::{ErrorHandlers, from_fn},
    web::{ServiceConfig, delete, get, post, put, resource},
};
use cors_actix::{ConfigErrors, Cors};

use crate::{
    application::{Application, Original, application},
    difference::Difference,
    question::{Question, actual, preflight},
    spies::{passes, rewritten, spy},
};

/// The settings `cors_allowed_origin`, `cors_allowed_methods`, `cors_allowed_headers` and `cors_max_age`, as they are by
/// default.
const ORIGIN: Option<&str> = Some("*");
const METHODS: Option<&[&str]> = Some(&["DELETE", "GET", "POST", "PUT"]);
const HEADERS: Option<&[&str]> = Some(&[
    "Authorization",
    "Content-Type",
    "User-Agent",
    "X-Last-Modified",
    "X-Weave-Timestamp",
    "X-Weave-Records",
    "TEST_IDLES",
]);
const MAX_AGE: Option<u32> = Some(1_728_000);

fn theirs() -> actix_cors::Cors {
    let mut cors = actix_cors::Cors::default();
    if let Some(methods) = METHODS {
        cors = cors.allowed_methods(methods.iter().copied());
    }
    if let Some(headers) = HEADERS {
        cors = cors.allowed_headers(headers.iter().copied());
    }
    if let Some(max_age) = MAX_AGE {
        cors = cors.max_age(max_age as usize);
    }
    if let Some(origin) = ORIGIN {
        if origin == "*" {
            cors = cors.allow_any_origin();
        } else {
            cors = cors.allowed_origin(origin);
        }
    }
    cors
}

fn ours() -> Result<Cors, ConfigErrors> {
    let mut cors = Cors::builder()
        .allow_origins(ORIGIN)
        .allow_methods(METHODS.unwrap_or_default())
        .allow_headers(HEADERS.unwrap_or_default());
    if let Some(max_age) = MAX_AGE {
        cors = cors.max_age(Duration::from_secs(max_age.into()));
    }
    cors.build()
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::Forbidden,
    Difference::AnyOrigin,
    Difference::WithoutOrigin,
    Difference::ShorterVary,
    Difference::Safelisted,
    Difference::RefusalVaries,
];

fn storage(config: &mut ServiceConfig) {
    let of_user = |path: &str| resource(format!("/1.5/{{uid:[0-9]{{1,10}}}}{path}"));
    config
        .service(of_user("/info/collections").route(get().to(spy)))
        .service(of_user("/info/collection_counts").route(get().to(spy)))
        .service(of_user("/info/collection_usage").route(get().to(spy)))
        .service(of_user("/info/configuration").route(get().to(spy)))
        .service(of_user("/info/quota").route(get().to(spy)))
        .service(of_user("").route(delete().to(spy)))
        .service(of_user("/storage").route(delete().to(spy)))
        .service(
            of_user("/storage/{collection}")
                .route(delete().to(spy))
                .route(get().to(spy))
                .route(post().to(spy)),
        )
        .service(
            of_user("/storage/{collection}/{bso}")
                .route(delete().to(spy))
                .route(get().to(spy))
                .route(put().to(spy)),
        );
}

fn tokens(config: &mut ServiceConfig) {
    config
        .service(resource("/1.0/{application}/{version}").route(get().to(spy)))
        .service(resource("/1.0/webhooks/fxa/events").route(post().to(spy)));
}

fn operations(config: &mut ServiceConfig) {
    for path in ["/__heartbeat__", "/__lbheartbeat__", "/__version__", "/api-doc/openapi.json"] {
        config.service(resource(path).route(get().to(spy)));
    }
    config.service(resource("/__error__").route(get().to(HttpResponse::InternalServerError)));
    config.service(resource("/").route(get().to(documentation)));
}

async fn documentation() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "https://docs.example")).finish()
}

const PAGE: &str = "https://sync.example";
const SHARED: [&str; 1] = ["access-control-allow-origin: *"];

fn questions() -> Vec<Question> {
    let headers = "authorization,content-type";
    let vary = "vary: Access-Control-Request-Method, Access-Control-Request-Headers";
    let granted = [
        "access-control-allow-origin: *",
        "access-control-allow-methods: DELETE, GET, HEAD, POST, PUT",
        "access-control-allow-headers: Authorization, Content-Type, TEST_IDLES, User-Agent, \
         X-Last-Modified, X-Weave-Records, X-Weave-Timestamp",
        "access-control-max-age: 1728000",
        vary,
    ];
    vec![
        preflight("PUT /1.5/7/storage/bookmarks/1", PAGE, headers).gets(204, &granted),
        preflight("DELETE /1.5/7/storage", PAGE, headers).gets(204, &granted),
        preflight("POST /1.5/7/storage/bookmarks", PAGE, headers).gets(204, &granted),
        preflight("PATCH /1.5/7/storage/bookmarks/1", PAGE, headers).gets(403, &[vary]),
        preflight("PUT /1.5/7/storage/bookmarks/1", PAGE, "x-if-modified-since").gets(403, &[vary]),
        actual("PUT /1.5/7/storage/bookmarks/1", PAGE).gets(200, &SHARED),
        actual("DELETE /1.5/7", PAGE).gets(200, &SHARED),
        actual("GET /1.0/sync/1.5", PAGE).gets(200, &SHARED),
        actual("POST /1.0/webhooks/fxa/events", "").gets(200, &SHARED),
        actual("GET /1.5/seven/info/quota", PAGE).gets(404, &SHARED),
        actual("GET /__error__", PAGE).gets(500, &SHARED),
        actual("GET /", PAGE).gets(302, &SHARED),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "syncstorage-rs",
        repository: "mozilla-services/syncstorage-rs",
        commit: "0d4b14c30992f8074dcddba90612bdd7b1ceaa8c",
        file: "syncserver/src/server/mod.rs",
        lines: 23,
        counts: "6 layers and 21 plain routes; all of it is here",
        codes: &["CORS102"],
        note: "Twenty days are more than any browser remembers.",
    };
    application!(original, DIFFERENCES, |cors| App::new()
        .wrap(ErrorHandlers::new().handler(StatusCode::NOT_FOUND, rewritten))
        .wrap(from_fn(passes))
        .wrap(from_fn(passes))
        .wrap(from_fn(passes))
        .wrap(from_fn(passes))
        .wrap(cors())
        .configure(storage)
        .configure(tokens)
        .configure(operations))
}
