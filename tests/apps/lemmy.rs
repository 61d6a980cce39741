//! lemmy, a federated link aggregator: origins from a setting, any header exposed; plain routes in nested scopes, some with
//! guards, limits on scopes, resources and single routes, redirects, and a scope without a path for one method.
//!
//! `crates` of LemmyNet/lemmy at `439734dd638a2c06a2f907beab7dcf4646e88f86`: 35 scopes, 14 resources, 219 routes, 4
//! redirects, 9 guards, 9 layers around the application and 30 inside. Here 13 scopes, 4 resources, 49 routes, 2
//! redirects, 4 guards, the 9 layers and 13 inside; 170 routes of the same kinds are left out.

use std::time::Duration;

use actix_web::{
    App, guard,
    http::header,
    middleware::{Compress, Condition, ErrorHandlers, Logger, from_fn},
    web::{self, ServiceConfig, delete, get, post, put, resource, scope},
};
use cors_actix::{ConfigError, ConfigErrors, Cors};

use crate::{
    application::{Application, Original, application, serve},
    difference::Difference,
    question::{Question, actual, ask, preflight},
    spies::{passes, rewritten, spy},
};

/// What the setting and the variable `LEMMY_CORS_ORIGIN` list.
const SETTING: &[&str] = &["https://voyager.example", "https://photon.example"];
const OWN: &str = "https://lemmy.example";

fn theirs() -> actix_cors::Cors {
    let mut cors = actix_cors::Cors::default()
        .allow_any_method()
        .allow_any_header()
        .expose_any_header()
        .max_age(3600);
    if SETTING.is_empty() || SETTING.contains(&"*") {
        cors = cors.allow_any_origin();
    } else {
        cors = cors.allowed_origin(OWN);
        for origin in SETTING {
            cors = cors.allowed_origin(origin);
        }
    }
    cors
}

fn ours() -> Result<Cors, ConfigErrors> {
    let is_open = SETTING.is_empty() || SETTING.contains(&"*");
    let origins = if is_open { vec!["*"] } else { [&[OWN], SETTING].concat() };
    Cors::builder()
        .allow_origins(origins)
        .allow_methods(["*"])
        .allow_headers(["*"])
        .expose_headers(["*"])
        .max_age(Duration::from_secs(3600))
        .build()
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::Forbidden,
    Difference::AnyMethod,
    Difference::AnyHeader,
    Difference::ShorterVary,
    Difference::RefusedExposed,
    Difference::AnyExposed,
    Difference::RefusalVaries,
];

fn api(config: &mut ServiceConfig) {
    config.service(
        scope("/api/v4")
            .wrap(from_fn(passes))
            .service(
                scope("/site")
                    .route("", get().to(spy))
                    .route("", post().to(spy))
                    .route("", put().to(spy))
                    .route("/icon", post().to(spy))
                    .route("/icon", delete().to(spy)),
            )
            .route("/modlog", get().to(spy))
            .service(resource("/search").wrap(from_fn(passes)).route(get().to(spy)))
            .service(
                resource("/post").guard(guard::Post()).wrap(from_fn(passes)).route(post().to(spy)),
            )
            .service(
                scope("/post")
                    .route("", get().to(spy))
                    .route("", put().to(spy))
                    .route("", delete().to(spy))
                    .route("/list", get().to(spy))
                    .route("/like", post().to(spy))
                    .route("/save", put().to(spy)),
            )
            .service(
                resource("/comment")
                    .guard(guard::Post())
                    .wrap(from_fn(passes))
                    .route(post().to(spy)),
            )
            .service(scope("/comment").route("", get().to(spy)).route("", delete().to(spy)))
            .configure(account)
            .configure(images),
    );
}

fn account(config: &mut ServiceConfig) {
    config
        .service(
            scope("/account/auth")
                .guard(guard::Post())
                .wrap(from_fn(passes))
                .route("/register", post().to(spy))
                .route("/login", post().to(spy))
                .route("/change_password", put().to(spy)),
        )
        .service(
            scope("/account")
                .route("/auth/get_captcha", get().to(spy))
                .route("", get().to(spy))
                .service(scope("/media").route("", delete().to(spy)).route("/list", get().to(spy)))
                .route("", delete().to(spy))
                .route("/avatar", post().to(spy))
                .route("/avatar", delete().to(spy))
                .route("/settings/save", put().to(spy))
                .service(
                    scope("/settings")
                        .wrap(from_fn(passes))
                        .route("/export", get().to(spy))
                        .route("/import", post().to(spy)),
                ),
        );
}

fn images(config: &mut ServiceConfig) {
    config
        .service(scope("/oauth").wrap(from_fn(passes)).route("/authenticate", post().to(spy)))
        .service(
            scope("/image")
                .service(
                    resource("")
                        .wrap(from_fn(passes))
                        .route(post().to(spy))
                        .route(delete().to(spy)),
                )
                .route("/health", get().to(spy))
                .route("/{filename}", get().to(spy)),
        );
}

/// What other servers fetch, and the inbox that they post to.
fn federation(config: &mut ServiceConfig) {
    config
        .route("/", get().to(spy))
        .route("/c/{name}", get().to(spy))
        .route("/c/{name}/outbox", get().to(spy))
        .route("/u/{name}", get().to(spy))
        .route("/post/{post_id}", get().to(spy))
        .route("/activities/{type_}/{id}", get().to(spy))
        .service(scope("").guard(guard::fn_guard(is_inbox)).route("/inbox", post().to(spy)))
        .route(".well-known/webfinger", get().to(spy).wrap(from_fn(passes)));
}

fn is_inbox(context: &guard::GuardContext<'_>) -> bool {
    let head = context.head();
    let kind = head.headers().get(header::CONTENT_TYPE);
    head.method == "POST" && kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/"))
}

fn feeds(config: &mut ServiceConfig) {
    config
        .service(
            scope("/feeds")
                .route("/u/{user_name}.xml", get().to(spy))
                .route("/c/{community_name}.xml", get().to(spy))
                .service(web::redirect("/inbox/{jwt}.xml", "/notifications/{jwt}.xml"))
                .route("/all.xml", get().to(spy).wrap(from_fn(passes))),
        )
        .route("/nodeinfo/2.1", get().to(spy).wrap(from_fn(passes)))
        .service(web::redirect("/version", "/nodeinfo/2.1"))
        .route("/.well-known/nodeinfo", get().to(spy).wrap(from_fn(passes)));
}

const PAGE: &str = "https://photon.example";
const EVIL: &str = "https://evil.example";
const VARY: &str = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
const SHARED: [&str; 3] = [
    "access-control-allow-origin: https://photon.example",
    "access-control-expose-headers: *",
    "vary: Origin",
];

fn granted(method: &str, headers: &str) -> Vec<String> {
    let mut lines = vec![
        "access-control-allow-origin: https://photon.example".to_owned(),
        "access-control-allow-methods: *, GET, HEAD, POST".to_owned(),
        "access-control-allow-headers: *, Authorization".to_owned(),
        format!("access-control-allow-headers: {headers}"),
        "access-control-max-age: 3600".to_owned(),
        VARY.to_owned(),
    ];
    if method != "POST" {
        lines.push(format!("access-control-allow-methods: {method}"));
    }
    lines
}

fn questions() -> Vec<Question> {
    let headers = "authorization,content-type";
    vec![
        preflight("PUT /api/v4/post", PAGE, headers).gets(204, &granted("PUT", headers)),
        preflight("POST /api/v4/post", PAGE, headers).gets(204, &granted("POST", headers)),
        preflight("DELETE /api/v4/account/media", PAGE, headers)
            .gets(204, &granted("DELETE", headers)),
        preflight("POST /api/v4/account/auth/login", PAGE, headers)
            .gets(204, &granted("POST", headers)),
        preflight("POST /inbox", PAGE, headers).gets(204, &granted("POST", headers)),
        preflight("PUT /api/v4/post", EVIL, headers).gets(403, &[VARY]),
        actual("PUT /api/v4/post", PAGE).gets(200, &SHARED),
        actual("POST /api/v4/post", PAGE).gets(200, &SHARED),
        actual("GET /api/v4/account/auth/get_captcha", PAGE).gets(200, &SHARED),
        actual("GET /version", PAGE).gets(307, &SHARED),
        actual("GET /feeds/all.xml", PAGE).gets(200, &SHARED),
        actual("POST /inbox", PAGE).gets(404, &SHARED),
        actual("POST /inbox", PAGE).header("content-type", "application/json").gets(200, &SHARED),
        actual("GET /sitemap.xml", PAGE).gets(200, &SHARED),
        actual("GET /api/v4/post", EVIL).gets(200, &["vary: Origin"]),
        actual("GET /api/v4/post", "").gets(200, &["vary: Origin"]),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "lemmy",
        repository: "LemmyNet/lemmy",
        commit: "439734dd638a2c06a2f907beab7dcf4646e88f86",
        file: "crates/routes/src/utils/mod.rs",
        lines: 19,
        counts: "35 scopes, 39 layers, 9 guards, 219 plain routes and 4 redirects; here 13 of the scopes, 22 of the \
                 layers, 4 of the guards, 49 of the routes and 2 of the redirects",
        codes: &[],
        note: "The setting's own documentation lists names such as `site.example`. actix-cors takes them and lets nobody \
               in; here they are CORS003 at start.",
    };
    application!(original, DIFFERENCES, |cors| App::new()
        .wrap(ErrorHandlers::new().default_handler(rewritten))
        .wrap(Logger::default())
        .wrap(Compress::default())
        .wrap(cors())
        .wrap(from_fn(passes))
        .wrap(from_fn(passes))
        .wrap(from_fn(passes))
        .wrap(from_fn(passes))
        .wrap(Condition::new(false, from_fn(passes)))
        .configure(api)
        .configure(federation)
        .configure(feeds)
        .service(scope("/sitemap.xml").wrap(from_fn(passes)).route("", get().to(spy))))
}

/// The setting's own documentation lists names without a scheme. No page has such an origin, which nothing says there.
#[actix_web::test]
async fn an_origin_without_a_scheme_is_an_error_here_and_matches_no_page_there() {
    let cors = Cors::builder().allow_origins(["site.example"]).build();
    let codes: Vec<_> = cors.unwrap_err().iter().map(ConfigError::code).collect();
    assert_eq!(codes, ["CORS003"]);
    let theirs = || actix_cors::Cors::default().allowed_origin("site.example");
    let there = serve!(move || App::new().wrap(theirs()).route("/", get().to(spy)));
    for origin in ["https://site.example", "site.example"] {
        let answered = ask(vec![actual("GET /", origin)], &there, &there).await;
        let header = answered[0].theirs.get("access-control-allow-origin");
        assert_eq!(header.is_some(), !origin.starts_with("https"), "{origin}");
    }
}
