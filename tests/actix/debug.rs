//! Debug mode: the browser's console names the step that fails, and the verdict stays.

use actix_web::{App, HttpResponse, put, web};
use cors_actix::{Cors, Override, cors};
use cors_tests::{
    browser::{Blocked, Fetch, Outcome},
    client::Request,
};

use crate::support::{
    APP, EVIL, expect, granted, listen_to_log, logged, preflight, refused_preflight, send, serve,
};

#[cors(allow_headers += ["X-Token"])]
#[put("/items")]
async fn items() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn server(debug: bool) -> String {
    let cors = Cors::builder()
        .allow_origins([APP])
        .allow_headers(["Content-Type"])
        .allow_credentials(true)
        .max_age(std::time::Duration::from_secs(10 * 60))
        .debug(debug)
        .build()
        .unwrap();
    serve!(move || {
        let plain = web::route().to(HttpResponse::Ok);
        App::new().service(items).route("/plain", plain).wrap(cors.clone())
    })
}

#[actix_web::test]
async fn answers_show_what_is_allowed_to_allowed_origins_alone() {
    let (plain, debug) = (server(false), server(true));
    let table = [
        ("/items", APP, "DELETE", "", Some(granted(APP, "GET, HEAD, POST", "", ""))),
        ("/items", APP, "PUT", "x-other", Some(granted(APP, "PUT", "Content-Type, X-Token", ""))),
        ("/plain", APP, "PUT", "", Some(granted(APP, "GET, HEAD, POST", "", ""))),
        ("/plain", APP, "GET", "x-token", Some(granted(APP, "", "Content-Type", ""))),
        ("/items", EVIL, "PUT", "", None),
        ("/items", APP, "PU,T", "", None),
        ("/items", APP, "PUT", "x(y", None),
        ("/items", APP, "PUT", &",".repeat(20), None),
    ];
    for (path, origin, method, headers, explained) in table {
        expect(preflight(&plain, path, origin, method, headers), 403, &refused_preflight()).await;
        let (status, lines) = explained.map_or((403, refused_preflight()), |lines| (204, lines));
        expect(preflight(&debug, path, origin, method, headers), status, &lines).await;
    }
    let lines = granted(APP, "PUT", "Content-Type, X-Token", "600");
    for url in [plain, debug] {
        expect(preflight(&url, "/items", APP, "PUT", "x-token"), 204, &lines).await;
    }
}

#[actix_web::test]
async fn the_browser_names_the_step_and_refuses_as_before() {
    let (plain, debug) = (server(false), server(true));
    let table = [
        (APP, "PUT", "x-token", None),
        (APP, "DELETE", "x-token", Some(Blocked::Method)),
        (APP, "PUT", "x-other", Some(Blocked::Header("x-other".into()))),
        (
            EVIL,
            "PUT",
            "x-token",
            Some(Blocked::PreflightOrigin("no Access-Control-Allow-Origin".into())),
        ),
    ];
    for (origin, method, header, step) in table {
        for (url, is_debug) in [(&plain, false), (&debug, true)] {
            let fetch = Fetch {
                origin: origin.into(),
                request: Request::new(method, format!("{url}/items")).header(header, "1"),
                include_credentials: true,
            };
            let blocked = match fetch.run().await {
                Outcome::Readable { .. } => None,
                Outcome::Blocked(blocked) => Some(blocked),
            };
            assert_eq!(blocked.is_some(), step.is_some(), "{method} {header} {blocked:?}");
            assert!(!is_debug || blocked == step, "{method} {header} {blocked:?}");
        }
    }
}

/// The line lacked the method, the route and whose setting it was.
#[actix_web::test]
async fn a_refusal_in_the_log_says_what_was_asked_and_whose_setting_refused() {
    listen_to_log();
    let line = line!() + 4;
    let cors = Cors::builder()
        .allow_origins([APP])
        .allow_headers(["Content-Type"])
        .scope("/lots", Override::builder().allow_methods(["PATCH"]))
        .scope("/off", Override::builder().disable())
        .build()
        .unwrap();
    let url = serve!(move || {
        let plain = || web::route().to(HttpResponse::Ok);
        App::new()
            .service(logged_items)
            .service(web::scope("/lots").route("/{id}/x", plain()))
            .service(web::scope("/off").route("/{id}", plain()))
            .route("/plain/{id}", plain())
            .wrap(cors.clone())
    });
    let scope = |line: u32| format!("scope entry at tests/actix/debug.rs:{line}");
    let (lots, off) = (scope(line), scope(line + 1));
    let attribute = "#[cors] on `actix::debug::logged_items` at tests/actix/debug.rs:";
    let base = "base policy)\"";
    let table = [
        (
            "/logged/1",
            "PUT",
            "x-other",
            "/logged/{id}",
            "a requested header",
            "allow_headers",
            attribute,
        ),
        ("/logged/2", "DELETE", "", "/logged/{id}", "the requested method", "allow_methods", base),
        ("/plain/3", "PUT", "", "/plain/{id}", "the requested method", "allow_methods", base),
        ("/lots/4/x", "PUT", "", "/lots/{id}/x", "the requested method", "allow_methods", &lots),
        ("/off/5", "GET", "", "/off/{id}", "CORS is disabled", "disable", &off),
    ];
    for (path, method, headers, pattern, reason, setting, source) in table {
        send(preflight(&url, path, APP, method, headers)).await;
        let lines = logged(&format!("path=\"{path}\""));
        let [line] = &lines[..] else { panic!("{lines:?}") };
        for part in [
            format!("method=\"{method}\""),
            format!("pattern=\"{pattern}\""),
            format!("origin=\"{APP}\""),
            format!("reason={reason}"),
            format!("setting=\"{setting} ({source}"),
        ] {
            assert!(line.contains(&part), "{part} is not in {line}");
        }
    }
    send(preflight(&url, "/plain/6", EVIL, "GET", "")).await;
    let [line] = &logged("path=\"/plain/6\"")[..] else { panic!("one line") };
    assert!(line.contains("setting=\"allow_origins (base policy)\""), "{line}");
    send(preflight(&url, "/plain/7", APP, "GET", "")).await;
    let [line] = &logged("path=\"/plain/7\"")[..] else { panic!("one line") };
    assert!(line.contains("is granted") && !line.contains("setting"), "{line}");
}

#[cors(allow_headers += ["X-Token"])]
#[put("/logged/{id}")]
async fn logged_items() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_methods = ["patch"])]
#[put("/linted")]
async fn linted() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn the_log_says_what_is_surely_not_meant_once() {
    listen_to_log();
    let cors = Cors::builder().allow_origins([APP]).expose_headers(["Pragma"]).build().unwrap();
    for _ in 0..2 {
        let app = App::new().service(linted).wrap(cors.clone());
        drop(actix_web::test::init_service(app).await);
    }
    let about_base = logged("CORS106");
    assert_eq!(
        about_base,
        ["WARN CORS: [CORS106] header `Pragma` can always be read; leave it out"]
    );
    let [about_route] = &logged("CORS101")[..] else { panic!("one line") };
    assert!(
        about_route.contains("`actix::debug::linted` at tests/actix/debug.rs:"),
        "{about_route}"
    );
    assert!(about_route.ends_with("write `PATCH`"), "{about_route}");
}
