//! Mistakes in how an application uses CORS are in the log: each message names the place and the remedy.

use std::time::{Duration, Instant};

use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    delete,
    dev::{Service, ServiceResponse},
    get,
    http::Method,
    middleware::{Condition, Logger, NormalizePath, from_fn},
    put,
    test::{TestRequest, call_service, init_service},
    web,
};
use cors_actix::{Cors, CorsBuilder, Misuse, Override, cors};

use crate::support::{ADMIN, APP, informed, listen_to_log, logged};

fn base() -> CorsBuilder {
    Cors::builder().allow_origins([APP]).allow_methods(["PUT", "DELETE"])
}

#[cors]
#[get("/x")]
async fn x() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[get("/x")]
async fn other_x() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[get("/{any}")]
async fn any() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[delete("/{id:[0-9]+}")]
async fn by_number() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[put("/own")]
async fn own_headers() -> HttpResponse {
    HttpResponse::Ok().insert_header(("access-control-allow-origin", "*")).finish()
}

async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Asks an application for a path, as the page of an allowed origin does.
async fn ask<S, B>(app: &S, method: Method, path: &str)
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let request = TestRequest::with_uri(path).method(method).insert_header(("origin", APP));
    call_service(app, request.to_request()).await;
}

/// The misuses of an application after a request for `/x`, by code and text.
macro_rules! misuses {
    ($cors:expr, $app:expr) => {{
        let cors = $cors.build().unwrap();
        let app = init_service($app.wrap(cors.clone())).await;
        ask(&app, Method::GET, "/x").await;
        let say = |misuse: &Misuse| format!("{} {misuse}", misuse.code());
        cors.misuses().iter().map(say).collect::<Vec<_>>()
    }};
}

fn place(handler: &str) -> String {
    let source = include_str!("misuse.rs");
    let function = format!("async fn {handler}() -> HttpResponse {{");
    let line = source.lines().position(|line| line == function).unwrap() - 1;
    format!("`actix::misuse::{handler}` at tests/actix/misuse.rs:{line}")
}

#[cors]
#[put("/items")]
async fn items() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Only a request that comes back with another path was seen, and none comes where preflights are refused.
#[actix_web::test]
async fn a_preflight_that_an_inner_rewriting_would_have_changed_is_reported() {
    let base = || Cors::builder().allow_origins([APP]);
    macro_rules! refused {
        ($cors:expr, $app:expr, $path:expr) => {{
            let cors = $cors.build().unwrap();
            let app = init_service($app.service(items).wrap(cors.clone())).await;
            let request = TestRequest::with_uri($path)
                .method(Method::OPTIONS)
                .insert_header(("origin", APP))
                .insert_header(("access-control-request-method", "PUT"));
            let status = call_service(&app, request.to_request()).await.status().as_u16();
            let codes: Vec<&str> = cors.misuses().iter().map(Misuse::code).collect();
            (status, codes)
        }};
    }
    let outside = |path: &'static str| async move {
        let cors = base().build().unwrap();
        let app = App::new().service(items).wrap(cors.clone()).wrap(NormalizePath::trim());
        let app = init_service(app).await;
        ask(&app, Method::PUT, path).await;
        cors.misuses()
    };
    let trim = || App::new().wrap(NormalizePath::trim());
    let table = [
        (refused!(base(), trim(), "/items"), 204, vec![]),
        (refused!(base(), trim(), "/items/"), 403, vec!["CORS210"]),
        (refused!(base(), trim(), "//items"), 403, vec!["CORS210"]),
        (refused!(base(), trim().wrap(Logger::default()), "/items/"), 403, vec!["CORS210"]),
        (
            refused!(
                base(),
                App::new().wrap(Condition::new(true, NormalizePath::trim())),
                "/items/"
            ),
            403,
            vec!["CORS210"],
        ),
        // there is no route by any form, or nothing that brings paths into another
        (refused!(base(), trim(), "/others/"), 403, vec![]),
        (refused!(base(), App::new().wrap(Logger::default()), "/items/"), 403, vec![]),
        (refused!(base().unrewritten_paths(true), trim(), "/items/"), 403, vec![]),
        (refused!(base().allow_methods(["POST"]), trim(), "/items/"), 403, vec!["CORS115"]),
    ];
    for (index, ((status, codes), expected_status, expected)) in table.into_iter().enumerate() {
        assert_eq!((status, codes), (expected_status, expected), "row {index}");
    }
    assert_eq!(outside("/items/").await, []);
}

/// Actix panics at the first request that matches, and so did the preflight.
#[actix_web::test]
async fn a_pattern_with_more_named_groups_than_the_router_takes_is_refused() {
    listen_to_log();
    let cors = base().build().unwrap();
    let app = App::new().service(closed::many_groups).wrap(cors.clone());
    assert!(crate::started::Started::start(app).await.is_none());
    let error = cors.start_error().unwrap();
    let [error] = &error.errors().iter().collect::<Vec<_>>()[..] else { panic!("{error}") };
    assert_eq!(error.code(), "CORS077");
    assert!(
        error
            .to_string()
            .contains("`actix::misuse::closed::many_groups` at tests/actix/misuse.rs:")
    );
    assert!(error.message().ends_with(
        "has more than 16 named groups, at which the router panics; write `(?:…)` for a group that needs no name"
    ));
    // actix lists what has no `#[cors]` at the first request: such a pattern is asked about no path, so that every
    // policy has to allow each preflight
    let cors = Cors::builder().allow_origins([APP]).build().unwrap();
    let group = |number: usize| format!("(?<g{number}>x)");
    let pattern = format!("/{{a:{}}}", (0..16).map(group).collect::<Vec<_>>().concat());
    let app = App::new().service(closed::token).route(&pattern, web::put().to(plain)).wrap(cors);
    let app = init_service(app).await;
    for path in ["/token", &format!("/{}", "x".repeat(16))] {
        for (headers, status) in [("", 204), ("x-token", 403)] {
            let request = TestRequest::with_uri(path)
                .method(Method::OPTIONS)
                .insert_header(("origin", APP))
                .insert_header(("access-control-request-method", "PUT"))
                .insert_header(("access-control-request-headers", headers));
            let answer = call_service(&app, request.to_request()).await;
            assert_eq!(answer.status(), status, "{path} {headers}");
        }
    }
    assert!(!logged("a pattern has more named groups").is_empty());
}

#[actix_web::test]
async fn a_usual_application_has_none() {
    let entry = base().route("/s/files/{name}", ["*"], Override::builder());
    let app = App::new()
        .service((x, by_number, x))
        .service(any)
        .service(
            web::scope("/s")
                .service(x)
                .service(by_number)
                .route("/files/{name}", web::get().to(plain)),
        )
        .route("/plain", web::get().to(plain));
    assert_eq!(misuses!(entry, app), [""; 0]);
}

#[actix_web::test]
async fn a_handler_outside_of_the_middleware_is_named() {
    #[cors]
    #[get("/alone")]
    async fn alone() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    #[cors]
    #[get("/beside")]
    async fn beside() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    listen_to_log();
    // whatever middleware was made before counts as that of this one
    let _app = init_service(App::new().service(x)).await;
    let app = init_service(App::new().service(alone)).await;
    for _ in 0..3 {
        ask(&app, Method::GET, "/alone").await;
    }
    let lines = logged("`actix::misuse::alone`");
    assert_eq!(lines.len(), 1, "{lines:?}");
    let start = "WARN CORS: [CORS201] `actix::misuse::alone` at tests/actix/misuse.rs:";
    assert!(lines[0].starts_with(start), "{lines:?}");
    let remedy = "so its settings have no effect; add `.wrap(cors)`";
    assert!(lines[0].contains(remedy), "{lines:?}");
    // a middleware that another scope has does not count
    let scope = web::scope("/s").wrap(base().build().unwrap()).service(x);
    let app = init_service(App::new().service(scope).service(beside)).await;
    ask(&app, Method::GET, "/s/x").await;
    assert_eq!(logged("`actix::misuse::beside`").len(), 0);
    ask(&app, Method::GET, "/beside").await;
    assert_eq!(logged("`actix::misuse::beside`").len(), 1);
}

/// The second application was not looked at, because its policies are those of the first.
#[actix_web::test]
async fn each_application_of_one_middleware_is_looked_at() {
    let cors = base().build().unwrap();
    let one = init_service(App::new().service(x).wrap(cors.clone())).await;
    ask(&one, Method::GET, "/x").await;
    assert_eq!(cors.misuses(), []);
    let two = App::new().route("/x", web::get().to(plain)).service(x);
    ask(&init_service(two.wrap(cors.clone())).await, Method::GET, "/x").await;
    assert!(matches!(cors.misuses()[..], [Misuse::Shadowed { .. }]), "{:?}", cors.misuses());
}

#[actix_web::test]
async fn preflights_that_never_arrive_are_missed() {
    async fn refuse(
        request: actix_web::dev::ServiceRequest,
        next: actix_web::middleware::Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        if request.headers().contains_key("authorization") {
            return Ok(next.call(request).await?.map_into_boxed_body());
        }
        Ok(request.into_response(HttpResponse::Unauthorized()).map_into_boxed_body())
    }
    // browsers remember no preflight from before the start
    let cors = base().max_age(Duration::ZERO).build().unwrap();
    let app = App::new().route("/x", web::put().to(plain)).wrap(cors.clone()).wrap(from_fn(refuse));
    let app = init_service(app).await;
    let send = async |origin: &str, method: Method, headers: &[(&str, &str)]| {
        let mut request =
            TestRequest::with_uri("/x").method(method).insert_header(("origin", origin));
        for header in headers {
            request = request.insert_header(*header);
        }
        call_service(&app, request.to_request()).await;
    };
    let token = ("authorization", "Bearer x");
    for _ in 0..30 {
        // no browser asks before these
        send(APP, Method::GET, &[token]).await;
        send(APP, Method::PUT, &[token, ("host", "app.example.com")]).await;
        send(ADMIN, Method::PUT, &[token]).await;
        send(APP, Method::OPTIONS, &[("access-control-request-method", "PUT")]).await;
    }
    assert_eq!(cors.misuses(), []);
    for _ in 0..20 {
        send(APP, Method::PUT, &[token]).await;
    }
    let text = cors.misuses()[0].to_string();
    assert!(
        text.contains("but no preflight; if a middleware outside of it answers them"),
        "{text}"
    );
    assert!(text.contains("the last `.wrap` is the outermost"), "{text}");
    // they may remember one
    let cors = base().max_age(Duration::from_secs(60)).build().unwrap();
    let app = init_service(App::new().route("/x", web::put().to(plain)).wrap(cors.clone())).await;
    for _ in 0..30 {
        ask(&app, Method::PUT, "/x").await;
    }
    assert_eq!(cors.misuses(), []);
    // one that arrives settles it
    let cors = base().build().unwrap();
    let app = init_service(App::new().route("/x", web::put().to(plain)).wrap(cors.clone())).await;
    let preflight = TestRequest::with_uri("/x").method(Method::OPTIONS);
    let preflight = preflight.insert_header(("origin", APP));
    let preflight = preflight.insert_header(("access-control-request-method", "PUT"));
    call_service(&app, preflight.to_request()).await;
    for _ in 0..30 {
        ask(&app, Method::PUT, "/x").await;
    }
    assert_eq!(cors.misuses(), []);
}

#[actix_web::test]
async fn a_route_that_others_hide_is_named() {
    let hidden = misuses!(base(), App::new().service(x).service(other_x));
    let expected = format!(
        "CORS206 GET /x ({}) is never reached, because GET /x ({}) comes before it and takes all its \
         requests; register it earlier, or remove it",
        place("other_x"),
        place("x"),
    );
    assert_eq!(hidden, [expected.as_str()]);
    let scope = web::scope("/s").service(any).service(x);
    let hidden = misuses!(base(), App::new().service(scope));
    assert_eq!(hidden.len(), 1, "{hidden:?}");
    let start = format!("CORS206 GET /s/x ({}) is never reached", place("x"));
    assert!(hidden[0].starts_with(&start), "{hidden:?}");
}

#[actix_web::test]
async fn a_route_behind_a_plain_one_is_named() {
    let app = App::new().route("/{plain}", web::get().to(plain)).service(x);
    let expected = format!(
        "CORS207 the route `/{{plain}}` comes before GET /x ({}) and may serve its requests, so the \
         base policy has to allow their preflights too; register the annotated route first, give the \
         other one a `#[cors]`, or name its methods by `.route`",
        place("x"),
    );
    assert_eq!(misuses!(base(), app), [expected.as_str()]);
    // a dynamic segment with an expression, behind a resource of several patterns
    let first = web::resource(["/a", "/{n:[0-9]}"]).to(plain);
    let app = App::new().service(web::scope("/s").service(first).service(by_number));
    let found = misuses!(base(), app);
    assert!(
        found[0].starts_with("CORS207 the route `/s/{n:[0-9]}` comes before DELETE /s/{id:[0-9]+}"),
        "{found:?}"
    );
    // what stands behind takes nothing away
    let app = App::new().service(x).route("/{plain}", web::get().to(plain));
    assert_eq!(misuses!(base(), app), [""; 0]);
}

#[actix_web::test]
async fn entries_that_are_meant_for_nothing_are_named() {
    let entry = |pattern: &str, methods: &[&str]| {
        base().route(pattern, methods.iter().copied(), Override::builder())
    };
    let app =
        || App::new().service(web::scope("/api").service(x).route("/y", web::get().to(plain)));
    let rows: [(&str, &[&str], &str); 7] = [
        ("/api/x", &["GET"], ""),
        ("/api/x", &["*"], ""),
        ("/api/y", &["PUT"], ""),
        ("/api/x", &["GET", "PUT"], "no route of the pattern `/api/x` serves PUT; remove"),
        ("/y", &["GET"], "no route has the pattern `/y`; did you mean `/api/y`?"),
        ("/z", &["GET"], "no route has the pattern `/z`; write the full pattern, scopes included"),
        ("/z", &["*"], "no route has the pattern `/z`"),
    ];
    for (pattern, methods, message) in rows {
        let found = misuses!(entry(pattern, methods), app());
        assert_eq!(found.is_empty(), message.is_empty(), "{pattern} {found:?}");
        for text in found {
            assert!(text.contains("route entry at tests/actix/misuse.rs:"), "{text}");
            assert!(text.contains(message), "{text}");
        }
    }
}

#[actix_web::test]
async fn what_sets_headers_itself_or_rewrites_paths_is_named() {
    let cors = base().build().unwrap();
    let app = App::new().service(own_headers).wrap(NormalizePath::trim()).wrap(cors.clone());
    let app = init_service(app).await;
    ask(&app, Method::PUT, "/own").await;
    ask(&app, Method::PUT, "/own").await;
    let text = |index: usize| cors.misuses()[index].to_string();
    assert_eq!(
        text(0),
        format!(
            "a response of PUT /own ({}) had CORS headers already, which were replaced by those of its \
             policy; remove the code that sets them, in the handler or in an inner middleware",
            place("own_headers")
        )
    );
    assert_eq!(cors.misuses().len(), 1);
    ask(&app, Method::PUT, "/own/").await;
    assert!(text(1).contains("wrap `NormalizePath` and its like after `Cors`"), "{}", text(1));
    assert_eq!(cors.misuses()[1].code(), "CORS210");
}

/// Each route was compared with all others for each of three sample paths: 25 seconds, forty times what
/// the application takes without CORS.
#[actix_web::test]
async fn looking_at_thousands_of_patterns_that_start_alike_ends_soon() {
    let app = || {
        let scopes = (0..3_000)
            .map(|number| web::scope(&format!("/{{tenant}}/s{number}")).service((x, by_number)));
        scopes.fold(App::new(), App::service).service(other_x)
    };
    let start = Instant::now();
    ask(&init_service(app()).await, Method::GET, "/x").await;
    let (bare, start) = (start.elapsed(), Instant::now());
    assert_eq!(misuses!(base(), app()), [""; 0]);
    assert!(start.elapsed() < bare * 15, "{:?}, {bare:?} without CORS", start.elapsed());
}

mod closed {
    use super::{HttpResponse, cors, put};

    #[cors(allow_headers += ["X-Token"])]
    #[put("/token")]
    pub(super) async fn token() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors]
    #[put(
        "/{a:(?<g0>x)(?<g1>x)(?<g2>x)(?<g3>x)(?<g4>x)(?<g5>x)(?<g6>x)(?<g7>x)(?<g8>x)(?<g9>x)\
         (?<g10>x)(?<g11>x)(?<g12>x)(?<g13>x)(?<g14>x)(?<g15>x)}"
    )]
    pub(super) async fn many_groups() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(disable)]
    pub(super) mod off {
        use super::{HttpResponse, cors, put};

        #[cors(expose_headers += ["ETag"])]
        #[put("/x")]
        pub(in super::super) async fn off_x() -> HttpResponse {
            HttpResponse::Ok().finish()
        }
    }

    #[cors(expose_headers += ["ETag"])]
    #[put("/x")]
    pub(super) async fn etag_x() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

/// An override that does nothing, and an entry over what is off, passed in silence. They show at start.
#[actix_web::test]
async fn settings_without_effect() {
    listen_to_log();
    let found = |cors: &Cors| -> Vec<String> {
        let say = |misuse: &Misuse| format!("{} {misuse}", misuse.code());
        cors.misuses().iter().map(say).collect()
    };
    let exposing = || base().expose_headers(["ETag"]);
    let etag = || Override::builder().add_expose_headers(["ETag"]);
    macro_rules! start {
        ($cors:expr, $app:expr) => {{
            let cors = $cors.build().unwrap();
            // no request is needed
            let _app = init_service($app.wrap(cors.clone())).await;
            found(&cors)
        }};
    }
    let at =
        |name: &str| format!("#[cors] on `actix::misuse::closed::{name}` at tests/actix/misuse.rs");
    let say = start!(exposing(), App::new().service(closed::etag_x));
    assert_eq!(say.len(), 1, "{say:?}");
    assert!(say[0].starts_with(&format!("CORS118 {}", at("etag_x"))), "{say:?}");
    assert!(say[0].ends_with(
        "`expose_headers += [\"ETag\"]` adds what is in the list already (base policy); leave it out"
    ));
    assert_eq!(logged(&say[0].replacen("CORS118 ", "[CORS118] ", 1)).len(), 1, "{say:?}");

    let say = start!(base(), App::new().service(closed::off::off_x));
    assert_eq!(say.len(), 1, "{say:?}");
    let off = format!("`expose_headers` has no effect, because CORS is off there ({}", at("off"));
    assert!(say[0].starts_with(&format!("CORS114 {}", at("off::off_x"))), "{say:?}");
    assert!(say[0].contains(&off), "{say:?}");

    let line = line!() + 1;
    let entry = || exposing().route("/x", ["PUT"], etag());
    let say = start!(entry(), App::new().service(closed::etag_x));
    let of_entry = format!("route entry at tests/actix/misuse.rs:{line}");
    assert_eq!(say.len(), 2, "{say:?}");
    assert!(say[1].starts_with(&format!("CORS118 {of_entry}: `expose_headers")), "{say:?}");
    for methods in [["PUT"], ["*"]] {
        let off = || App::new().service(closed::off::off_x);
        let say = start!(base().route("/x", methods, etag()), off());
        assert!(say.iter().any(|own| own.starts_with("CORS114 route entry")), "{say:?}");
        let entry = || exposing().route("/x", methods, etag());
        let say = start!(entry(), App::new().service(closed::etag_x));
        assert!(say.iter().any(|own| own.starts_with("CORS118 route entry")), "{say:?}");
        let link = || Override::builder().add_expose_headers(["Link"]);
        let on_plain = || App::new().route("/x", web::put().to(plain));
        assert_eq!(start!(exposing().route("/x", methods, link()), on_plain()), [""; 0]);
        // what a handler says of a route that an entry turns off
        let disabling = base().route("/x", methods, Override::builder().disable());
        let say = start!(disabling, App::new().service(closed::etag_x));
        assert!(say[0].starts_with(&format!("CORS114 {}", at("etag_x"))), "{say:?}");
        assert!(say[0].contains("CORS is off there (route entry at "), "{say:?}");
    }
    // they are still there when the first request has come, whatever it has shown
    let cors = informed(exposing()).build().unwrap();
    let app = App::new().service(closed::etag_x).route("/plain", web::put().to(plain));
    let app = init_service(app.wrap(cors.clone())).await;
    let before = found(&cors);
    ask(&app, Method::GET, "/x").await;
    assert_eq!((found(&cors), before.len()), (before, 1));

    let say = start!(
        base().dangerously_allow_null_origin(true),
        App::new().route("/x", web::put().to(plain))
    );
    assert_eq!(
        say,
        [
            "CORS112 `dangerously_allow_null_origin = true` makes no difference to any origin; leave it out"
        ]
    );
    assert_eq!(start!(base(), App::new().service(closed::etag_x)), [""; 0]);
    assert_eq!(start!(base(), App::new().route("/x", web::put().to(plain))), [""; 0]);
}
