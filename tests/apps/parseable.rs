//! parseable, a log store: origins from a setting, with credentials; plain resources in nested scopes, permissions as
//! layers of single routes, and the pages of its console behind all of it.
//!
//! `src/handlers/http` of parseablehq/parseable at `85fe859f9bbad34672ff4eff00ebc610613943cb`: 29 scopes, 63 resources,
//! 96 routes (90 permissions), 5 layers around the application, 8 inside, and files. Here 12 scopes, 21 resources, 35
//! routes with 8 permissions, the 5 layers, 1 inside and the files; 61 routes of the same kinds are left out.

use actix_files::Files;
use actix_web::{
    App, Scope,
    middleware::{Compress, Logger, from_fn},
    web::{ServiceConfig, delete, get, head, patch, post, put, resource, scope},
};
use cors_actix::{ConfigErrors, Cors};

use crate::{
    application::{Application, Original, application},
    difference::Difference,
    question::{Question, actual, preflight},
    spies::{passes, spy},
};

/// The setting that limits who may call, and the origins that it lists.
const IS_LIMITED: bool = true;
const ORIGINS: &[&str] = &["https://cdn.parseable.com", "https://logs.example.com"];

fn theirs() -> actix_cors::Cors {
    if IS_LIMITED {
        let mut cors = actix_cors::Cors::default()
            .allow_any_method()
            .allow_any_header()
            .supports_credentials()
            .block_on_origin_mismatch(false);
        for origin in ORIGINS {
            cors = cors.allowed_origin(origin);
        }
        cors
    } else {
        actix_cors::Cors::permissive().block_on_origin_mismatch(false)
    }
}

fn ours() -> Result<Cors, ConfigErrors> {
    Cors::builder()
        .allow_origins(if IS_LIMITED { ORIGINS } else { &["*"] })
        .allow_methods(["*"])
        .allow_headers(["*"])
        .allow_credentials(IS_LIMITED)
        .build()
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::Forbidden,
    Difference::ShorterVary,
    Difference::MethodsOfPolicy,
    Difference::RefusedCredentials,
    Difference::RefusalVaries,
];

fn routes(config: &mut ServiceConfig) {
    config
        .service(
            scope("/api/v1")
                .service(correlation())
                .service(
                    resource("/query")
                        .route(post().to(spy).wrap(from_fn(passes)).wrap(from_fn(passes))),
                )
                .service(resource("/ingest").route(post().to(spy)))
                .service(resource("/liveness").route(get().to(spy)).route(head().to(spy)))
                .service(resource("/readiness").route(get().to(spy)).route(head().to(spy)))
                .service(resource("/about").route(get().to(spy).wrap(from_fn(passes))))
                .service(logstream())
                .service(user())
                .service(dashboards())
                .service(scope("/metrics").service(resource("").route(get().to(spy)))),
        )
        .service(
            scope("/api/prism/v1")
                .service(scope("/home").service(resource("").route(get().to(spy))))
                .service(scope("/datasets").route("", post().to(spy).wrap(from_fn(passes)))),
        )
        .service(
            scope("/v1")
                .service(resource("/logs").route(post().to(spy)))
                .service(resource("/traces").route(post().to(spy))),
        )
        .service(Files::new("/", "browser/served").index_file("worker.js"));
}

fn correlation() -> Scope {
    scope("/correlation").service(resource("").route(get().to(spy)).route(post().to(spy))).service(
        resource("/{correlation_id}")
            .route(get().to(spy).wrap(from_fn(passes)))
            .route(put().to(spy).wrap(from_fn(passes)))
            .route(delete().to(spy).wrap(from_fn(passes))),
    )
}

fn logstream() -> Scope {
    scope("/logstream").service(resource("").route(get().to(spy))).service(
        scope("/{logstream}")
            .service(
                resource("").route(put().to(spy)).route(post().to(spy)).route(delete().to(spy)),
            )
            .service(resource("/info").route(get().to(spy)))
            .service(resource("/retention").route(put().to(spy)).route(get().to(spy))),
    )
}

fn user() -> Scope {
    scope("/user")
        .service(resource("").route(get().to(spy)))
        .service(
            resource("/{userid}")
                .route(post().to(spy))
                .route(delete().to(spy))
                .route(patch().to(spy))
                .wrap(from_fn(passes)),
        )
        .service(resource("/{userid}/role/add").route(patch().to(spy).wrap(from_fn(passes))))
}

fn dashboards() -> Scope {
    scope("/dashboards")
        .service(resource("").route(post().to(spy)).route(get().to(spy)))
        .service(resource("/list_tags").route(get().to(spy)))
        .service(scope("/{dashboard_id}").service(
            resource("").route(get().to(spy)).route(delete().to(spy)).route(put().to(spy)),
        ))
}

const PAGE: &str = "https://logs.example.com";
const EVIL: &str = "https://evil.example";
const VARY: &str = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
const SHARED: [&str; 3] = [
    "access-control-allow-origin: https://logs.example.com",
    "access-control-allow-credentials: true",
    "vary: Origin",
];

fn granted(method: &str, headers: &str) -> Vec<String> {
    let mut lines = vec![
        SHARED[0].to_owned(),
        SHARED[1].to_owned(),
        "access-control-allow-methods: GET, HEAD, POST".to_owned(),
        format!("access-control-allow-headers: {headers}"),
        VARY.to_owned(),
    ];
    if method != "POST" {
        lines.push(format!("access-control-allow-methods: {method}"));
    }
    lines
}

fn questions() -> Vec<Question> {
    let headers = "content-type,x-p-stream";
    vec![
        preflight("PUT /api/v1/logstream/web", PAGE, headers).gets(204, &granted("PUT", headers)),
        preflight("POST /api/v1/query", PAGE, headers).gets(204, &granted("POST", headers)),
        preflight("PATCH /api/v1/user/1", PAGE, headers).gets(204, &granted("PATCH", headers)),
        preflight("DELETE /api/v1/dashboards/1", PAGE, headers)
            .gets(204, &granted("DELETE", headers)),
        preflight("DELETE /api/v1/dashboards/1", EVIL, headers).gets(403, &[VARY]),
        actual("PUT /api/v1/correlation/1", PAGE).gets(200, &SHARED),
        actual("POST /v1/logs", PAGE).gets(200, &SHARED),
        actual("PATCH /api/v1/user/1/role/add", PAGE).gets(200, &SHARED),
        actual("POST /api/prism/v1/datasets", PAGE).gets(200, &SHARED),
        actual("HEAD /api/v1/liveness", PAGE).gets(200, &SHARED),
        actual("GET /", PAGE).gets(200, &SHARED),
        actual("PUT /api/v1/about", PAGE).gets(405, &SHARED),
        actual("GET /api/v1/about", EVIL).gets(200, &["vary: Origin"]),
        actual("GET /api/v1/about", "").gets(200, &["vary: Origin"]),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "parseable",
        repository: "parseablehq/parseable",
        commit: "85fe859f9bbad34672ff4eff00ebc610613943cb",
        file: "src/handlers/http/mod.rs",
        lines: 13,
        counts: "29 scopes, 13 layers, 96 plain routes with permissions, and files; here 12 of the scopes, 6 of the \
                 layers and 35 of the routes",
        codes: &[],
        note: "Where its setting does not limit who may call, it is `permissive()`: every origin may send cookies. Here \
               that is any origin without them.",
    };
    application!(original, DIFFERENCES, |cors| App::new()
        .wrap(from_fn(passes))
        .configure(routes)
        .wrap(from_fn(passes))
        .wrap(Logger::default())
        .wrap(Compress::default())
        .wrap(cors()))
}
