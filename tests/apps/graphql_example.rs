//! GraphQL by the examples of actix: `permissive()`, which is for development, and lets any origin send cookies.
//!
//! `graphql/juniper` of actix/examples at `afb8bfa56f6e12e29c4f0c3f9467cf92805f6202`: no scope, 2 layers, 2 routes by
//! macros, one of them for two methods. All of it is here.

use actix_web::{App, middleware::Logger, route};
use cors_actix::{ConfigErrors, Cors};

use crate::{
    application::{Application, Original, application},
    difference::Difference,
    question::{Question, actual, preflight},
    spies::spies,
};

fn theirs() -> actix_cors::Cors {
    actix_cors::Cors::permissive()
}

fn ours() -> Result<Cors, ConfigErrors> {
    Cors::builder().allow_origins(["*"]).allow_headers(["*"]).expose_headers(["*"]).build()
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::AnyOrigin,
    Difference::WithoutOrigin,
    Difference::AnyHeader,
    Difference::ShorterVary,
    Difference::MethodsOfPolicy,
    Difference::NoCredentials,
    Difference::RefusedCredentials,
    Difference::AnyExposed,
    Difference::MaxAge,
];

#[route("/graphql", method = "GET", method = "POST")]
async fn graphql() -> &'static str {
    "graphql"
}

spies! {
    playground: get "/graphiql";
}

const PAGE: &str = "http://localhost:3000";
const SHARED: [&str; 2] = ["access-control-allow-origin: *", "access-control-expose-headers: *"];

fn granted(headers: &str) -> Vec<String> {
    vec![
        "access-control-allow-origin: *".to_owned(),
        "access-control-allow-methods: GET, HEAD, POST".to_owned(),
        "access-control-allow-headers: *, Authorization".to_owned(),
        format!("access-control-allow-headers: {headers}"),
        "vary: Access-Control-Request-Method, Access-Control-Request-Headers".to_owned(),
    ]
}

fn questions() -> Vec<Question> {
    vec![
        preflight("POST /graphql", PAGE, "content-type").gets(204, &granted("content-type")),
        preflight("GET /graphql", PAGE, "authorization").gets(204, &granted("authorization")),
        actual("POST /graphql", PAGE).gets(200, &SHARED),
        actual("GET /graphql", "").gets(200, &SHARED),
        actual("GET /graphiql", PAGE).gets(200, &SHARED),
        actual("PUT /graphql", PAGE).gets(404, &SHARED),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "actix/examples: graphql",
        repository: "actix/examples",
        commit: "afb8bfa56f6e12e29c4f0c3f9467cf92805f6202",
        file: "graphql/juniper/src/main.rs",
        lines: 1,
        counts: "2 layers and 2 routes by macros; all of it is here",
        codes: &[],
        note: "`permissive()` lets every origin send cookies and read what they open. What its users want in \
               development is a page on any port; this lets it in, without cookies. Where cookies are sent, name the \
               origins: `.allow_origins([\"http://localhost:*\"])` beside `.allow_credentials(true)`. What is open in \
               development alone can be left to the environment, with `Cors::builder().from_env().build()` here and \
               `CORS_ALLOW_ORIGINS='*'` there.",
    };
    application!(original, DIFFERENCES, |cors| App::new()
        .service(graphql)
        .service(playground)
        .wrap(cors())
        .wrap(Logger::default()))
}
