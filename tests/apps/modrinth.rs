//! labrinth, the API of modrinth: the same middleware in eleven scopes and around the fallback, and another one for
//! analytics, whose origins come from a setting. Here it is one middleware, and a scope's overrides.
//!
//! `apps/labrinth/src` of modrinth/code at `fe9ae94a5d9ac1e9d37c3088c9cdca1f55b5a61f`: 41 scopes, 363 routes by macros,
//! 3 plain resources, files, a fallback and 20 layers, 13 of them CORS. Here 14 scopes, 33 routes by macros (each kind at
//! least twice), 2 resources, the files, the fallback and 19 layers, 12 of them CORS.

use std::time::Duration;

use actix_files::Files;
use actix_web::{
    App, HttpResponse,
    dev::ServiceRequest,
    http::header,
    middleware::{Compress, from_fn},
    web::{self, ServiceConfig, resource, scope},
};
use cors_actix::{ConfigErrors, Cors, Override};

use crate::{
    application::{Application, Original, serve},
    difference::Difference,
    question::{Question, actual, any_origin, ask, preflight},
    spies::{passes, spies, spy},
};

/// The setting `ANALYTICS_ALLOWED_ORIGINS`.
const ANALYTICS: &[&str] = &["https://modrinth.com", "https://staging.modrinth.com"];

fn theirs() -> [actix_cors::Cors; 2] {
    let most = actix_cors::Cors::default()
        .allow_any_origin()
        .allow_any_header()
        .allow_any_method()
        .max_age(3600)
        .send_wildcard();
    let analytics = actix_cors::Cors::default()
        .allowed_origin_fn(|origin, _| {
            ANALYTICS.contains(&"*") || ANALYTICS.contains(&origin.to_str().unwrap_or_default())
        })
        .allowed_methods(vec!["GET", "POST"])
        .allowed_headers(vec![header::AUTHORIZATION, header::ACCEPT, header::CONTENT_TYPE])
        .max_age(3600);
    [most, analytics]
}

fn ours() -> Result<Cors, ConfigErrors> {
    let analytics = Override::builder()
        .allow_origins(ANALYTICS)
        .allow_methods(["GET", "POST"])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE]);
    Cors::builder()
        .allow_origins(["*"])
        .allow_headers(["*"])
        .allow_methods(["*"])
        .max_age(Duration::from_secs(3600))
        .scope("/analytics", analytics)
        .route("/openapi/v2.json", ["GET"], Override::builder().disable())
        .route("/openapi/v3.json", ["GET"], Override::builder().disable())
        .unguarded_scopes(true)
        .build()
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::Forbidden,
    Difference::WithoutOrigin,
    Difference::OuterLayer,
    Difference::AnyMethod,
    Difference::AnyHeader,
    Difference::ShorterVary,
    Difference::Safelisted,
    Difference::Accept,
    Difference::RefusalVaries,
];

spies! {
    index: get "/";
    build: get "/build";
    heap: get "/pprof/heap";
    maven_metadata: get "/maven/modrinth/{id}/maven-metadata.xml";
    maven_sha1: get "/maven/modrinth/{id}/{versionnum}/{file}.sha1";
    forge_updates: get "/{id}/forge_updates.json";
    view: post "/view";
    playtime: post "/playtime";
    sessions: get "/list";
    delete_session: delete "/{id}";
    refresh: post "/refresh";
    pats: get "/pat";
    create_pat: post "/pat";
    edit_pat: patch "/pat/{id}";
    delete_pat: delete "/pat/{id}";
    search: get "/search";
    edit_projects: patch "/projects";
    project: get "/{id}";
    edit_project: patch "/{id}";
    delete_project: delete "/{id}";
    edit_icon: patch "/{id}/icon";
    delete_icon: delete "/{id}/icon";
    create_payout: post "";
    payouts: get "/history";
    cancel_payout: delete "/{id}";
    paypal: post "/_paypal";
    create_friend: post "/friend/{id}";
    delete_friend: delete "/friend/{id}";
    categories: get "/tag/category";
    preferences: put "/user/{id}/preferences";
    global: get "/global";
    set_global: put "/global";
    edit_global: put "/global/{id}";
}

fn sessions_and_pats(config: &mut ServiceConfig) {
    config
        .service(scope("/session").service(sessions).service(delete_session).service(refresh))
        .service(pats)
        .service(create_pat)
        .service(edit_pat)
        .service(delete_pat);
}

fn projects(config: &mut ServiceConfig) {
    config.service(search).service(edit_projects).service(
        scope("/project")
            .service(project)
            .service(edit_project)
            .service(delete_project)
            .service(edit_icon)
            .service(delete_icon),
    );
}

fn project_routes(config: &mut ServiceConfig) {
    config.service(project).service(edit_project).service(delete_project);
}

fn payout_routes(config: &mut ServiceConfig) {
    config.service(create_payout).service(payouts).service(cancel_payout);
}

fn others(config: &mut ServiceConfig) {
    config.service(create_friend).service(delete_friend).service(categories).service(preferences);
}

fn globals(config: &mut ServiceConfig) {
    config.service(global).service(set_global).service(edit_global);
}

/// What the first version of the API answers.
async fn gone(
    request: ServiceRequest,
) -> Result<actix_web::dev::ServiceResponse, actix_web::Error> {
    Ok(request.into_response(HttpResponse::Gone().body("gone")))
}

/// The application with a layer for each scope, one for analytics, and one around all of it.
macro_rules! app {
    ($each:expr, $analytics:expr, $outer:expr) => {
        App::new()
            .wrap(from_fn(passes))
            .wrap(from_fn(passes))
            .wrap(from_fn(passes))
            .wrap(from_fn(passes))
            .wrap(Compress::default())
            .wrap(from_fn(passes))
            .wrap($outer)
            .service(scope("/debug").wrap($each).service(heap))
            .service(scope("/v2").wrap($each).configure(sessions_and_pats).configure(projects))
            .service(scope("/maven").wrap($each).service(maven_metadata).service(maven_sha1))
            .service(scope("/updates").wrap($each).service(forge_updates))
            .service(scope("/analytics").wrap($analytics).service(view).service(playtime))
            .service(scope("/v3/payout").wrap($each).configure(payout_routes).service(paypal))
            .service(scope("/v3/project").wrap($each).configure(project_routes))
            .service(scope("/v3").wrap($each).configure(others).configure(projects))
            .service(
                scope("/_internal")
                    .wrap($each)
                    .configure(sessions_and_pats)
                    .service(scope("/globals").configure(globals)),
            )
            .service(resource("/openapi/v2.json").route(web::get().to(spy)))
            .service(resource("/openapi/v3.json").route(web::get().to(spy)))
            .service(scope("/api/v1").wrap($each).wrap_fn(|request, _| Box::pin(gone(request))))
            .service(
                scope("")
                    .wrap($each)
                    .service(index)
                    .service(build)
                    .service(Files::new("/", "browser/served")),
            )
            .default_service(web::get().to(spy).wrap($each))
    };
}

const PAGE: &str = "https://launcher.example";
const SHARED: [&str; 1] = ["access-control-allow-origin: *"];
const VARY: &str = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

fn granted(method: &str, headers: &str) -> Vec<String> {
    any_origin(method, headers, "3600")
}

fn questions() -> Vec<Question> {
    let site = "https://modrinth.com";
    let analytics = ["access-control-allow-origin: https://modrinth.com", "vary: Origin"];
    vec![
        preflight("PATCH /v2/project/1", PAGE, "authorization")
            .gets(204, &granted("PATCH", "authorization")),
        preflight("DELETE /v3/payout/1", PAGE, "authorization")
            .gets(204, &granted("DELETE", "authorization")),
        preflight("PUT /_internal/globals/global", PAGE, "authorization")
            .gets(204, &granted("PUT", "authorization")),
        preflight("POST /v3/friend/1", PAGE, "authorization")
            .gets(204, &granted("POST", "authorization")),
        preflight("POST /analytics/view", site, "content-type").gets(
            204,
            &[
                analytics[0],
                "access-control-allow-methods: GET, HEAD, POST",
                "access-control-allow-headers: authorization, content-type",
                "access-control-max-age: 3600",
                VARY,
            ],
        ),
        preflight("POST /analytics/view", PAGE, "content-type").gets(403, &[VARY]),
        actual("PATCH /v2/project/1", PAGE).gets(200, &SHARED),
        actual("PUT /v3/user/1/preferences", PAGE).gets(200, &SHARED),
        actual("GET /maven/maven/modrinth/1/maven-metadata.xml", PAGE).gets(200, &SHARED),
        actual("GET /v3/no/such/path", PAGE).gets(200, &SHARED),
        actual("GET /api/v1/mod", PAGE).gets(410, &SHARED),
        actual("GET /worker.js", PAGE).gets(200, &SHARED),
        actual("GET /build", "").gets(200, &SHARED),
        actual("POST /analytics/view", site).gets(200, &analytics),
        actual("POST /analytics/view", PAGE).gets(200, &["vary: Origin"]),
        actual("GET /openapi/v2.json", PAGE).gets(200, &["vary: Origin"]),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "modrinth (labrinth)",
        repository: "modrinth/code",
        commit: "fe9ae94a5d9ac1e9d37c3088c9cdca1f55b5a61f",
        file: "apps/labrinth/src/util/cors.rs",
        lines: 24,
        counts: "41 scopes, 20 layers (13 of them CORS), 363 routes by macros, 3 plain resources, files and a fallback; here \
                 14 of the scopes, 19 of the layers (12), 33 of the routes and 2 of the resources",
        codes: &[],
        note: "One middleware around the application takes the place of all, and the scope of analytics has \
               overrides. What had no CORS beside the scopes keeps having none by its entries. The files at the root \
               come after every scope, so it is said that none of these has a guard.",
    };
    let kept = ours().expect("a valid policy");
    let cors = kept.clone();
    let here = serve!(move || app!(from_fn(passes), from_fn(passes), cors.clone()));
    let there = serve!(move || {
        let most = || theirs().into_iter().next().expect("that of most scopes");
        let [_, analytics] = theirs();
        app!(most(), analytics, from_fn(passes))
    });
    Application {
        original,
        source: include_str!("modrinth.rs"),
        differences: DIFFERENCES,
        answered: ask(questions(), &here, &there).await,
        cors: vec![kept],
    }
}
