//! hyperswitch, a payment switch: a list from its settings, with credentials and every header exposed; plain resources in
//! nested scopes, one of them with a guard, and two layers that rewrite errors.
//!
//! `crates/router/src` of juspay/hyperswitch: `routes/app.rs` at `00386f32954a6f9a3f71388e9cad7fbdb8824206`, `cors.rs` as
//! of `00704c8f3e75d67bd0f6afa9c8ea2509a8390de2`, the layers of `lib.rs` as of
//! `000f95df3889e2a1d6fd9b919928a2a77bb710e5`: 58 scopes, 1 guard, 6 layers, 304 routes in resources (of two versions of
//! the API). Here 12 scopes, the guard, the 6 layers and 36 routes (13 GET, 14 POST, 4 PUT, 2 PATCH, 3 DELETE); 268
//! routes of the same kinds are left out.

use std::time::Duration;

use actix_web::{
    App, Scope, guard,
    http::StatusCode,
    middleware::{DefaultHeaders, ErrorHandlers, from_fn},
    web::{delete, get, patch, post, put, resource, scope},
};
use cors_actix::{ConfigErrors, Cors};

use crate::{
    application::{Application, Original, application},
    difference::Difference,
    question::{Question, actual, preflight},
    spies::{passes, rewritten, spy},
};

/// The settings `cors.wildcard_origin`, `cors.origins` and `cors.allowed_methods`.
const IS_OPEN: bool = false;
const ORIGINS: &[&str] = &["https://dashboard.example.com", "https://checkout.example.com"];
const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE"];

fn theirs() -> actix_cors::Cors {
    let mut cors = actix_cors::Cors::default()
        .allowed_methods(METHODS.iter().copied())
        .allow_any_header()
        .expose_any_header()
        .max_age(30);
    if IS_OPEN {
        cors = cors.allow_any_origin();
    } else {
        for origin in ORIGINS {
            cors = cors.allowed_origin(origin);
        }
        cors = cors.supports_credentials();
    }
    cors
}

fn ours() -> Result<Cors, ConfigErrors> {
    Cors::builder()
        .allow_methods(METHODS)
        .allow_headers(["*"])
        .dangerously_expose_any_header(true)
        .max_age(Duration::from_secs(30))
        .allow_origins(if IS_OPEN { &["*"] } else { ORIGINS })
        .allow_credentials(!IS_OPEN)
        .build()
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::Forbidden,
    Difference::ShorterVary,
    Difference::Safelisted,
    Difference::RefusedCredentials,
    Difference::RefusedExposed,
    Difference::ExposedNames,
    Difference::RefusalVaries,
];

fn health() -> Scope {
    scope("health")
        .service(resource("").route(get().to(spy)))
        .service(resource("/ready").route(get().to(spy)))
}

fn dummy_connector() -> Scope {
    let restricted = scope("")
        .guard(guard::Host("localhost"))
        .service(resource("/payment").route(post().to(spy)))
        .service(resource("/payments/{payment_id}").route(get().to(spy)));
    scope("/dummy-connector")
        .service(resource("/authorize/{attempt_id}").route(get().to(spy)))
        .service(restricted)
}

fn payments() -> Scope {
    scope("/payments")
        .service(resource("/list").route(get().to(spy)).route(post().to(spy)))
        .service(resource("/{payment_id}/manual-update").route(put().to(spy)))
        .service(resource("").route(post().to(spy)))
        .service(resource("/{payment_id}").route(get().to(spy)).route(post().to(spy)))
        .service(resource("/{payment_id}/confirm").route(post().to(spy)))
        .service(
            resource("/{payment_id}/{merchant_id}/redirect/response/{connector}")
                .route(get().to(spy))
                .route(post().to(spy)),
        )
        .service(resource("{payment_id}/calculate_tax").route(post().to(spy)))
}

fn routing() -> Scope {
    scope("/routing")
        .service(resource("").route(get().to(spy)).route(post().to(spy)))
        .service(
            resource("/decision").route(put().to(spy)).route(get().to(spy)).route(delete().to(spy)),
        )
        .service(resource("/{algorithm_id}/activate").route(post().to(spy)))
}

fn customers() -> Scope {
    scope("/customers").service(resource("").route(post().to(spy))).service(
        resource("/{customer_id}")
            .route(get().to(spy))
            .route(post().to(spy))
            .route(delete().to(spy)),
    )
}

fn user() -> Scope {
    scope("/user")
        .service(resource("").route(get().to(spy)))
        .service(scope("/key").service(resource("/transfer").route(post().to(spy))))
        .service(scope("/2fa").service(resource("").route(get().to(spy))).service(
            scope("/totp").service(resource("/verify").route(post().to(spy)).route(put().to(spy))),
        ))
        .service(resource("/sample_data").route(post().to(spy)).route(delete().to(spy)))
}

fn profiles() -> Scope {
    scope("/v2/profiles").service(
        scope("/{profile_id}")
            .service(resource("").route(get().to(spy)).route(put().to(spy)))
            .service(resource("/activate_routing_algorithm").route(patch().to(spy)))
            .service(resource("/deactivate_routing_algorithm").route(patch().to(spy))),
    )
}

const PAGE: &str = "https://dashboard.example.com";
const EVIL: &str = "https://evil.example";
const VARY: &str = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
const SHARED: [&str; 3] = [
    "access-control-allow-origin: https://dashboard.example.com",
    "access-control-allow-credentials: true",
    "vary: Origin",
];

fn shared(exposed: &str) -> Vec<String> {
    let mut lines = SHARED.map(str::to_owned).to_vec();
    lines.push(format!("access-control-expose-headers: {exposed}"));
    lines
}

fn granted(headers: &str) -> Vec<String> {
    vec![
        SHARED[0].to_owned(),
        SHARED[1].to_owned(),
        "access-control-allow-methods: DELETE, GET, HEAD, POST, PUT".to_owned(),
        format!("access-control-allow-headers: {headers}"),
        "access-control-max-age: 30".to_owned(),
        VARY.to_owned(),
    ]
}

fn questions() -> Vec<Question> {
    let headers = "api-key,content-type";
    vec![
        preflight("PUT /routing/decision", PAGE, headers).gets(204, &granted(headers)),
        preflight("POST /payments", PAGE, headers).gets(204, &granted(headers)),
        preflight("DELETE /user/sample_data", PAGE, headers).gets(204, &granted(headers)),
        preflight("PATCH /v2/profiles/1/activate_routing_algorithm", PAGE, headers)
            .gets(403, &[VARY]),
        preflight("PUT /routing/decision", EVIL, headers).gets(403, &[VARY]),
        actual("PUT /user/2fa/totp/verify", PAGE).gets(200, &shared("via")),
        actual("POST /payments/1/confirm", PAGE).gets(200, &shared("via")),
        actual("GET /health", PAGE).gets(200, &shared("via")),
        actual("POST /dummy-connector/payment", PAGE).gets(404, &shared("via")),
        actual("POST /customers/1/2/3", PAGE).gets(404, &shared("via")),
        actual("PUT /customers/1", PAGE).gets(405, &shared("allow, via")),
        actual("GET /health", EVIL).gets(200, &["vary: Origin"]),
        actual("GET /health", "").gets(200, &["vary: Origin"]),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "hyperswitch",
        repository: "juspay/hyperswitch",
        commit: "00386f32954a6f9a3f71388e9cad7fbdb8824206",
        file: "crates/router/src/cors.rs",
        lines: 15,
        counts: "58 scopes, 1 guard, 6 layers and 304 plain routes; here 12 of the scopes and 36 of the routes",
        codes: &[],
        note: "`dangerously_expose_any_header` keeps what the application has. Better is the list of what its pages read, \
               such as `.expose_headers([\"x-request-id\"])`: beside credentials, any header of any layer can be \
               read otherwise.",
    };
    application!(original, DIFFERENCES, |cors| App::new()
        .wrap(ErrorHandlers::new().handler(StatusCode::NOT_FOUND, rewritten))
        .wrap(ErrorHandlers::new().handler(StatusCode::METHOD_NOT_ALLOWED, rewritten))
        .wrap(DefaultHeaders::new().add(("via", "HyperSwitch")))
        .wrap(from_fn(passes))
        .wrap(cors())
        .wrap(from_fn(passes))
        .service(dummy_connector())
        .service(payments())
        .service(routing())
        .service(customers())
        .service(profiles())
        .service(user())
        .service(health()))
}
