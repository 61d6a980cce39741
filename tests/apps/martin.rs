//! martin, a tile server: any origin or a list from a file, GET alone; routes of two methods with layers of their own,
//! redirects, a scope for a prefix, and CORS that a setting turns off.
//!
//! `martin/src` of maplibre/martin at `39ac533a33543a70590ed976f30ad47d5033abe1`: 1 scope, 5 layers, 25 routes by macros
//! with 13 layers of their own, some of them redirects. Here the scope, the layers and 11 of the routes with 6 layers; 14
//! of the same kinds are left out.

use std::time::Duration;

use actix_web::{
    App, HttpResponse,
    http::{Method, header},
    middleware::{Compress, Condition, DefaultHeaders, NormalizePath, TrailingSlash, from_fn},
    route,
    web::{ServiceConfig, scope},
};
use cors_actix::{ConfigErrors, Cors};

use crate::{
    application::{Application, Original, application},
    difference::Difference,
    question::{Question, actual, preflight},
    spies::passes,
};

/// The settings `cors.origin` and `cors.max_age`.
const ORIGINS: &[&str] = &["*"];
const MAX_AGE: Option<u32> = None;

fn theirs() -> actix_cors::Cors {
    let mut cors = actix_cors::Cors::default();
    if ORIGINS.contains(&"*") {
        cors = cors.allow_any_origin();
    } else {
        for origin in ORIGINS {
            cors = cors.allowed_origin(origin);
        }
    }
    cors = cors.allowed_methods([Method::GET]);
    cors = cors.max_age(MAX_AGE.map(|seconds| seconds as usize));
    cors
}

fn ours() -> Result<Cors, ConfigErrors> {
    let mut cors = Cors::builder().allow_origins(ORIGINS).allow_methods([Method::GET]);
    if let Some(seconds) = MAX_AGE {
        cors = cors.max_age(Duration::from_secs(seconds.into()));
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

#[route("/", method = "GET", method = "HEAD")]
async fn index() -> &'static str {
    "index"
}

#[route("/health", method = "GET", method = "HEAD")]
async fn health() -> &'static str {
    "health"
}

#[route("/catalog", method = "GET", method = "HEAD", wrap = "Compress::default()")]
async fn catalog() -> &'static str {
    "catalog"
}

#[route("/{tileset}/{z}/{x}/{y}.{extension}", method = "GET", method = "HEAD")]
async fn tile_with_extension() -> HttpResponse {
    HttpResponse::MovedPermanently().insert_header((header::LOCATION, "/osm/0/0/0")).finish()
}

#[route("/{source_ids}", method = "GET", method = "HEAD", wrap = "Compress::default()")]
async fn source() -> &'static str {
    "source"
}

#[route("/{source_ids}/{z}/{x}/{y}", method = "GET", wrap = "from_fn(passes)")]
async fn tile() -> &'static str {
    "tile"
}

#[route("/tiles/{tileset}/{z}/{x}/{y}", method = "GET", method = "HEAD")]
async fn tile_with_prefix() -> HttpResponse {
    HttpResponse::MovedPermanently().insert_header((header::LOCATION, "/osm/0/0/0")).finish()
}

#[route(
    "/sprite/{source_ids}.json",
    method = "GET",
    method = "HEAD",
    wrap = "from_fn(passes)",
    wrap = "Compress::default()"
)]
async fn sprite() -> &'static str {
    "sprite"
}

#[route("/font/{fontstack}/{start}-{end}", method = "GET", wrap = "from_fn(passes)")]
async fn font() -> &'static str {
    "font"
}

#[route("/style/{style_id}/static/{camera}/{size}.{format}", method = "GET")]
async fn static_style() -> &'static str {
    "static_style"
}

#[route("/style/{style_id}/static/{camera}/{size}.{format}", method = "POST")]
async fn post_static_style() -> &'static str {
    "post_static_style"
}

/// All services, below the prefix if one is set.
fn routes(config: &mut ServiceConfig) {
    config.service(scope("/maps").configure(services)).service(health);
}

fn services(config: &mut ServiceConfig) {
    config
        .service(health)
        .service(catalog)
        .service(tile_with_extension)
        .service(source)
        .service(tile)
        .service(tile_with_prefix)
        .service(sprite)
        .service(font)
        .service(static_style)
        .service(post_static_style)
        .service(index);
}

const PAGE: &str = "https://map.example";
const SHARED: [&str; 1] = ["access-control-allow-origin: *"];

fn questions() -> Vec<Question> {
    let vary = "vary: Access-Control-Request-Method, Access-Control-Request-Headers";
    vec![
        preflight("GET /maps/osm/0/0/0", PAGE, "")
            .gets(204, &[SHARED[0], "access-control-allow-methods: GET, HEAD, POST", vary]),
        preflight("GET /maps/osm/0/0/0", PAGE, "authorization").gets(403, &[vary]),
        preflight("POST /maps/style/light/static/0,0,1/9x9.png", PAGE, "content-type")
            .gets(403, &[vary]),
        preflight("PUT /maps/catalog", PAGE, "").gets(403, &[vary]),
        actual("GET /maps/catalog", PAGE).gets(200, &SHARED),
        actual("HEAD /maps/osm", PAGE).gets(200, &SHARED),
        actual("GET /maps/osm/0/0/0", PAGE).gets(200, &SHARED),
        actual("GET /maps//osm/0/0/0.pbf", PAGE).gets(301, &SHARED),
        actual("GET /maps/font/Noto/0-255", PAGE).gets(200, &SHARED),
        actual("POST /maps/style/light/static/0,0,1/9x9.png", PAGE).gets(200, &SHARED),
        actual("GET /health", "").gets(200, &SHARED),
        actual("GET /osm", PAGE).gets(404, &SHARED),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "martin",
        repository: "maplibre/martin",
        commit: "39ac533a33543a70590ed976f30ad47d5033abe1",
        file: "martin/src/config/file/cors.rs",
        lines: 11,
        counts: "1 scope, 18 layers and 25 routes by macros; here 11 of the routes and 11 of the layers",
        codes: &[],
        note: "Where its setting turns CORS off, `.disable(true)` of the builder does, and `Condition` still may.",
    };
    application!(original, DIFFERENCES, |cors| App::new()
        .wrap(Condition::new(true, cors()))
        .wrap(from_fn(passes))
        .wrap(from_fn(passes))
        .wrap(Condition::new(true, DefaultHeaders::new().add(("cache-control", "max-age=60"))))
        .wrap(NormalizePath::new(TrailingSlash::MergeOnly))
        .configure(routes))
}
