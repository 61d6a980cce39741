//! openobserve, observability: a middleware in each of seven scopes inside of a scope without a path, any origin with
//! credentials, another policy around a single resource, redirects, and a page for every path.
//!
//! `src` of openobserve/openobserve at `b25b7eb77298e840bfc465f49b94cd634bc3eaee`, the last commit with actix: 13 scopes
//! (of both editions), 338 routes by macros, 4 redirects, 1 plain resource and 25 layers, 10 of them CORS. Here 10 scopes,
//! 32 routes by macros (each kind at least twice), 2 redirects, the resource and 23 layers, 8 of them CORS.

use std::time::Duration;

use actix_web::{
    App,
    http::header,
    middleware::{Compress, DefaultHeaders, Logger, from_fn},
    route,
    web::{self, ServiceConfig, resource, scope},
};
use cors_actix::{ConfigErrors, Cors};

use crate::{
    application::{Application, Original, serve},
    difference::Difference,
    question::{Question, actual, ask, preflight},
    spies::{ask_for_key, passes, spies, spy},
};

/// The origin of the application's own pages, where they are not on the server's.
const PAGES: &str = "https://observe.example.com";

fn theirs() -> [actix_cors::Cors; 2] {
    let parts = actix_cors::Cors::default()
        .allowed_methods(vec!["HEAD", "GET", "POST", "PUT", "OPTIONS", "DELETE", "PATCH"])
        .allowed_headers(vec![
            header::AUTHORIZATION,
            header::ACCEPT,
            header::CONTENT_TYPE,
            header::HeaderName::from_static("traceparent"),
        ])
        .allow_any_origin()
        .supports_credentials()
        .max_age(3600);
    let proxy =
        actix_cors::Cors::default().allow_any_origin().allow_any_method().allow_any_header();
    [parts, proxy]
}

fn ours() -> Result<[Cors; 2], ConfigErrors> {
    let parts = Cors::builder()
        .allow_methods(["PUT", "DELETE", "PATCH"])
        .allow_headers(["Authorization", "Content-Type", "traceparent"])
        .allow_origins(["*"])
        .allow_credentials([PAGES])
        .max_age(Duration::from_secs(3600))
        .around_scope(true);
    let proxy = Cors::builder().allow_origins(["*"]).allow_headers(["*"]).around_scope(true);
    Ok([parts.build()?, proxy.build()?])
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::AnyOrigin,
    Difference::ShorterVary,
    Difference::MethodsOfPolicy,
    Difference::NoCredentials,
    Difference::Accept,
];

spies! {
    healthz: get "/healthz";
    healthz_head: head "/healthz";
    schedulez: get "/schedulez";
    metrics: get "/metrics";
    login: post "/login";
    presigned: get "/presigned-url";
    get_auth: get "/login";
    cache_status: get "/status";
    enable: put "/enable";
    flush: put "/flush";
    nodes: get "/list";
    settings: get "";
    logout: get "/logout";
    runtime: get "/runtime";
    reload: get "/reload";
    users: get "/{org_id}/users";
    save_user: post "/{org_id}/users";
    update_user: put "/{org_id}/users/{email_id}";
    delete_user: delete "/{org_id}/users/{email_id}";
    streams: get "/{org_id}/streams";
    create_stream: post "/{org_id}/streams/{stream_name}";
    delete_stream: delete "/{org_id}/streams/{stream_name}";
    update_settings: put "/{org_id}/streams/{stream_name}/settings";
    move_dashboard: patch "/{org_id}/dashboards/move";
    enable_alert: patch "/v2/{org_id}/alerts/{alert_id}/enable";
    search: post "/{org_id}/_search";
    kinesis: post "/{org_id}/{stream_name}/_kinesis_firehose";
    gcp: post "/{org_id}/{stream_name}/_sub";
    rum_log: post "/v1/{org_id}/logs";
    replay: post "/v1/{org_id}/replay";
    rum_data: post "/v1/{org_id}/rum";
}

#[route("/{path:.*}", method = "GET", method = "HEAD")]
async fn page() -> &'static str {
    "page"
}

/// The application with a middleware around each of its parts, and a proxy that has its own.
macro_rules! app {
    ($parts:expr, $proxy:expr) => {
        App::new()
            .service(
                scope("")
                    .wrap(from_fn(passes))
                    .service(metrics)
                    .service(
                        scope("/config")
                            .wrap($parts)
                            .service(settings)
                            .service(logout)
                            .service(runtime)
                            .service(scope("/reload").service(reload)),
                    )
                    .service(
                        scope("/api")
                            .wrap(from_fn(passes))
                            .wrap(from_fn(passes))
                            .wrap(from_fn(ask_for_key))
                            .wrap($parts)
                            .wrap(DefaultHeaders::new().add(("x-api-node", "one")))
                            .configure(api),
                    )
                    .service(scope("/aws").wrap($parts).wrap(from_fn(ask_for_key)).service(kinesis))
                    .service(scope("/gcp").wrap($parts).wrap(from_fn(ask_for_key)).service(gcp))
                    .service(
                        scope("/rum")
                            .wrap($parts)
                            .wrap(from_fn(passes))
                            .wrap(from_fn(passes))
                            .service(rum_log)
                            .service(replay)
                            .service(rum_data),
                    )
                    .configure(status)
                    .service(
                        scope("/auth")
                            .wrap($parts)
                            .service(login)
                            .service(presigned)
                            .service(get_auth),
                    )
                    .service(
                        scope("/node")
                            .wrap(from_fn(ask_for_key))
                            .wrap($parts)
                            .service(cache_status)
                            .service(enable)
                            .service(flush)
                            .service(nodes),
                    )
                    .configure(pages)
                    .service($proxy),
            )
            .wrap(Compress::default())
            .wrap(Logger::default())
            .wrap(from_fn(passes))
    };
}

fn api(config: &mut ServiceConfig) {
    config
        .service(users)
        .service(save_user)
        .service(delete_user)
        .service(update_user)
        .service(streams)
        .service(create_stream)
        .service(delete_stream)
        .service(update_settings)
        .service(move_dashboard)
        .service(enable_alert)
        .service(search);
}

fn status(config: &mut ServiceConfig) {
    config.service(healthz).service(healthz_head).service(schedulez);
}

fn pages(config: &mut ServiceConfig) {
    config
        .service(web::redirect("/swagger", "/swagger/"))
        .service(web::redirect("/", "./web/"))
        .service(scope("/web").wrap(from_fn(passes)).service(page));
}

const SITE: &str = "https://shop.example";
const VARY: &str = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
const OWN: [&str; 3] = [
    "access-control-allow-origin: https://observe.example.com",
    "access-control-allow-credentials: true",
    "vary: Origin",
];
const ANY: [&str; 2] = ["access-control-allow-origin: *", "vary: Origin"];

fn questions() -> Vec<Question> {
    let headers = "authorization,content-type";
    let granted = [
        "access-control-allow-methods: DELETE, GET, HEAD, PATCH, POST, PUT",
        "access-control-allow-headers: Authorization, Content-Type, traceparent",
        "access-control-max-age: 3600",
        VARY,
    ];
    let own = [&OWN[..2], &granted].concat();
    let any = [&ANY[..1], &granted].concat();
    vec![
        preflight("PUT /api/default/users/1", PAGES, headers).gets(204, &own),
        preflight("PATCH /api/default/dashboards/move", PAGES, headers).gets(204, &own),
        preflight("PUT /node/enable", PAGES, headers).gets(204, &own),
        preflight("POST /auth/login", PAGES, "content-type").gets(204, &own),
        preflight("POST /rum/v1/default/rum", SITE, "content-type").gets(204, &any),
        actual("DELETE /api/default/users/1", PAGES).header("authorization", "k").gets(200, &OWN),
        actual("GET /api/default/users", PAGES).gets(401, &OWN),
        actual("GET /api/no/such/path", PAGES).header("authorization", "k").gets(404, &OWN),
        actual("GET /config/reload/reload", PAGES).gets(200, &OWN),
        actual("GET /config", PAGES).gets(200, &OWN),
        actual("POST /rum/v1/default/replay", SITE).gets(200, &ANY),
        actual("GET /proxy/default/https://cdn.example/a.css", SITE).gets(200, &ANY[..1]),
        preflight("POST /aws/default/logs/_kinesis_firehose", PAGES, headers).gets(401, &[""; 0]),
        actual("GET /healthz", SITE).gets(200, &[""; 0]),
        actual("GET /web/index.html", SITE).gets(200, &[""; 0]),
        actual("GET /", SITE).gets(307, &[""; 0]),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "openobserve",
        repository: "openobserve/openobserve",
        commit: "b25b7eb77298e840bfc465f49b94cd634bc3eaee",
        file: "src/handler/http/router/mod.rs",
        lines: 18,
        counts: "13 scopes, 25 layers (10 of them CORS), 338 routes by macros, 4 redirects and 1 plain resource; here 10 of \
                 the scopes, 23 of the layers (8), 32 of the routes and 2 of the redirects",
        codes: &[],
        note: "Any origin with credentials lets every site act as the visitor, and is no policy here. Sites that send \
               what they measure need no cookies, and the application's own pages are named. Each scope keeps its \
               middleware by `.around_scope(true)`; the resource of the proxy gets a scope of its own. Below `/aws` \
               and `/gcp` authentication is outside of CORS and answers preflights with 401, in both: wrap it first \
               where pages call.",
    };
    let kept = ours().expect("valid policies");
    let [parts, proxy] = kept.clone();
    let here = serve!(move || app!(
        parts.clone(),
        scope("/proxy")
            .wrap(proxy.clone())
            .wrap(from_fn(passes))
            .service(resource("/{org_id}/{target_url:.*}").route(web::get().to(spy)))
    ));
    let there = serve!(move || {
        let [_, proxy] = theirs();
        app!(
            theirs().into_iter().next().expect("that of the parts"),
            resource("/proxy/{org_id}/{target_url:.*}")
                .wrap(proxy)
                .wrap(from_fn(passes))
                .route(web::get().to(spy))
        )
    });
    Application {
        original,
        source: include_str!("openobserve.rs"),
        differences: DIFFERENCES,
        answered: ask(questions(), &here, &there).await,
        cors: kept.to_vec(),
    }
}
