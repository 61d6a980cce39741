//! meilisearch, a search engine: any origin, method and header for a day; plain resources in nested scopes, all written by
//! a macro of its own; an application that a function returns, with `NormalizePath` outside.
//!
//! `crates/meilisearch/src` of meilisearch/meilisearch at `5cb2f2e94befc717bbea60fec4a31ee64d2f60fd`: 23 scopes, 5
//! layers, 140 routes in resources, and the page at `/`. Here 10 scopes, the layers and 44 routes, each method at least
//! twice; 13 scopes and 97 routes of the same kinds are left out.

use std::time::Duration;

use actix_web::{
    App,
    middleware::{Compress, NormalizePath, TrailingSlash, from_fn},
    web::{self, ServiceConfig},
};
use cors_actix::{ConfigErrors, Cors};

use crate::{
    application::{Application, Original, application},
    difference::Difference,
    question::{Question, actual, any_origin, preflight},
    spies::{passes, spy},
};

fn theirs() -> actix_cors::Cors {
    actix_cors::Cors::default()
        .send_wildcard()
        .allow_any_header()
        .allow_any_origin()
        .allow_any_method()
        .max_age(86_400)
}

fn ours() -> Result<Cors, ConfigErrors> {
    Cors::builder()
        .allow_headers(["*"])
        .allow_origins(["*"])
        .allow_methods(["*"])
        .max_age(Duration::from_secs(86_400))
        .build()
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::WithoutOrigin,
    Difference::AnyMethod,
    Difference::AnyHeader,
    Difference::ShorterVary,
];

fn routes(config: &mut ServiceConfig) {
    for path in ["/health", "/version", "/stats"] {
        config.service(web::resource(path).get(spy));
    }
    config
        .service(web::scope("/chats").configure(chats))
        .service(web::scope("/tasks").configure(tasks))
        .service(web::scope("/indexes").configure(indexes))
        .service(web::scope("/dumps").service(web::resource("").post(spy)))
        .service(web::scope("/keys").configure(keys))
        .service(web::scope("/multi-search").service(web::resource("").post(spy)))
        .service(
            web::scope("/experimental-features").service(web::resource("").get(spy).patch(spy)),
        );
}

fn chats(config: &mut ServiceConfig) {
    config
        .service(web::resource("").get(spy))
        .service(web::resource("/{workspace_uid}/settings").get(spy).patch(spy).delete(spy))
        .service(web::resource("/{workspace_uid}").get(spy).delete(spy))
        .service(web::resource("/{workspace_uid}/chat/completions").post(spy));
}

fn tasks(config: &mut ServiceConfig) {
    config
        .service(web::resource("").get(spy).delete(spy))
        .service(web::resource("/cancel").post(spy))
        .service(web::resource("/{task_id}").get(spy));
}

fn keys(config: &mut ServiceConfig) {
    config
        .service(web::resource("").post(spy).get(spy))
        .service(web::resource("/{key}").get(spy).patch(spy).delete(spy));
}

fn indexes(config: &mut ServiceConfig) {
    config
        .service(web::resource("").get(spy).post(spy))
        .service(web::resource("/{index_uid}").get(spy).patch(spy).delete(spy))
        .service(web::scope("/{index_uid}/documents").configure(documents))
        .service(web::scope("/{index_uid}/settings").configure(settings))
        .service(web::scope("/{index_uid}/search").service(web::resource("").get(spy).post(spy)));
}

fn documents(config: &mut ServiceConfig) {
    config
        .service(web::resource("").get(spy).post(spy).put(spy).delete(spy))
        .service(web::resource("/delete-batch").post(spy))
        .service(web::resource("/{document_id}").get(spy).delete(spy));
}

/// One resource for each setting, from a macro that knows the verb that updates it.
fn settings(config: &mut ServiceConfig) {
    let setting = |path, update| web::resource(path).get(spy).route(update).delete(spy);
    config
        .service(web::resource("").patch(spy).get(spy).delete(spy))
        .service(setting("/filterable-attributes", web::put().to(spy)))
        .service(setting("/synonyms", web::put().to(spy)))
        .service(setting("/typo-tolerance", web::patch().to(spy)));
}

/// The dashboard, or a word that the server runs.
fn dashboard(config: &mut ServiceConfig) {
    config.service(web::resource("/").route(web::get().to(spy)));
}

const PAGE: &str = "https://shop.example.com";
const SHARED: [&str; 1] = ["access-control-allow-origin: *"];

fn granted(method: &str, headers: &str) -> Vec<String> {
    any_origin(method, headers, "86400")
}

fn questions() -> Vec<Question> {
    vec![
        preflight("PUT /indexes/films/documents", PAGE, "authorization,content-type")
            .gets(204, &granted("PUT", "authorization,content-type")),
        preflight("PUT /indexes/films/settings/synonyms", PAGE, "").gets(204, &granted("PUT", "")),
        preflight("PATCH /indexes/films/settings/typo-tolerance", PAGE, "authorization")
            .gets(204, &granted("PATCH", "authorization")),
        preflight("PATCH /experimental-features", PAGE, "authorization")
            .gets(204, &granted("PATCH", "authorization")),
        preflight("DELETE /indexes/films/documents/1/", PAGE, "authorization")
            .gets(204, &granted("DELETE", "authorization")),
        preflight("POST /indexes/films/search", PAGE, "content-type,x-meilisearch-client")
            .gets(204, &granted("POST", "content-type,x-meilisearch-client")),
        actual("PUT /indexes/films/documents", PAGE).gets(200, &SHARED),
        actual("PATCH /indexes/films/settings", PAGE).gets(200, &SHARED),
        actual("DELETE /tasks/", PAGE).gets(200, &SHARED),
        actual("POST /indexes/films/search", PAGE).gets(200, &SHARED),
        actual("GET /health", "").gets(200, &SHARED),
        actual("GET /", PAGE).gets(200, &SHARED),
        actual("POST /health", PAGE).gets(405, &SHARED),
        actual("GET /no/such/path", PAGE).gets(404, &SHARED),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "meilisearch",
        repository: "meilisearch/meilisearch",
        commit: "5cb2f2e94befc717bbea60fec4a31ee64d2f60fd",
        file: "crates/meilisearch/src/lib.rs",
        lines: 6,
        counts: "23 scopes, 5 layers and 141 routes in plain resources; here 10 of the scopes and 44 of the routes",
        codes: &[],
        note: "",
    };
    application!(original, DIFFERENCES, |cors| App::new()
        .configure(routes)
        .configure(dashboard)
        .wrap(from_fn(passes))
        .wrap(cors())
        .wrap(from_fn(passes))
        .wrap(Compress::default())
        .wrap(NormalizePath::new(TrailingSlash::Trim)))
}
