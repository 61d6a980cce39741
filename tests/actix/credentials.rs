//! Credentials for some origins only, and headers exposed beside credentials, in every way of saying it.

use actix_web::{App, HttpRequest, HttpResponse, get, http::StatusCode, put, web};
use cors_actix::{Cors, Override, cors};
use cors_tests::client::Response;

use crate::support::{ADMIN, APP, EVIL, call, expect, get as get_from, preflight, send, serve};

#[cors]
#[get("/public")]
async fn public() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_credentials = ["https://admin.example.com"], allow_headers = ["*"], allow_methods = ["*"])]
#[put("/handler")]
async fn handler() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_credentials = ["https://admin.example.com"])]
mod module {
    use actix_web::{HttpResponse, get};
    use cors_actix::cors;

    #[get("/module")]
    pub(super) async fn inherits() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(allow_credentials = false)]
    #[get("/without")]
    pub(super) async fn without() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

fn named(origin: &str) -> Vec<String> {
    vec![
        format!("access-control-allow-origin: {origin}"),
        "access-control-allow-credentials: true".into(),
        "vary: Origin".into(),
    ]
}

fn anonymous() -> Vec<String> {
    vec!["access-control-allow-origin: *".into(), "vary: Origin".into()]
}

/// Base, scope, module, handler, entry: the innermost has the word.
#[actix_web::test]
async fn each_layer_says_who_may_send_cookies() {
    let admin = || Override::builder().allow_credentials([ADMIN]);
    let cors = Cors::builder()
        .allow_origins(["*"])
        .allow_credentials([APP])
        .scope("/scope", admin())
        .route("/entry", ["GET"], admin())
        .build()
        .unwrap();
    let plain = || web::get().to(HttpResponse::Ok);
    let started = cors.clone();
    let url = serve!(move || App::new()
        .service((public, handler, module::inherits, module::without))
        .service(web::scope("/scope").route("/plain", plain()))
        .route("/entry", plain())
        .route("/plain", plain())
        .wrap(cors.clone()));
    let rows = [
        ("GET", "/plain", 200, APP),
        ("GET", "/public", 200, APP),
        ("GET", "/no-such-path", 404, APP),
        ("GET", "/scope/plain", 200, ADMIN),
        ("GET", "/scope/no-such-path", 404, ADMIN),
        ("GET", "/module", 200, ADMIN),
        ("PUT", "/handler", 200, ADMIN),
        ("GET", "/entry", 200, ADMIN),
        ("GET", "/without", 200, ""),
    ];
    for (method, path, status, listed) in rows {
        for origin in [APP, ADMIN, EVIL, ""] {
            let mut cors = if origin == listed { named(origin) } else { anonymous() };
            if listed.is_empty() {
                cors = vec!["access-control-allow-origin: *".into()];
            } else if origin.is_empty() {
                cors = anonymous();
            }
            expect(call(method, &url, path, origin), status, &cors).await;
        }
    }
    let report = started.reports()[0].to_string();
    for line in [
        "    allow_credentials     https://app.example.com  [= base policy]\n",
        "    allow_credentials     https://admin.example.com  [= #[cors]]\n",
        "    allow_credentials     https://admin.example.com  [= route entry]\n",
        "    allow_credentials     https://admin.example.com  [= scope entry]\n",
        "    allow_credentials     false  [= #[cors]]\n",
    ] {
        assert!(report.contains(line), "{line}{report}");
    }
}

#[actix_web::test]
async fn a_preflight_of_a_listed_origin_has_no_star_in_it() {
    let cors = Cors::builder().allow_origins(["*"]).build().unwrap();
    let url = serve!(move || App::new().service(handler).wrap(cors.clone()));
    let answer = |origin| {
        let request = preflight(&url, "/handler", origin, "PUT", "x-a");
        async { send(request).await.cors() }
    };
    let vary = "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
    let methods = "access-control-allow-methods: GET, HEAD, POST, PUT";
    assert_eq!(
        answer(ADMIN).await,
        [
            "access-control-allow-credentials: true",
            "access-control-allow-headers: x-a",
            methods,
            "access-control-allow-origin: https://admin.example.com",
            vary,
        ]
    );
    assert_eq!(
        answer(EVIL).await,
        [
            "access-control-allow-headers: *, Authorization",
            "access-control-allow-headers: x-a",
            methods,
            "access-control-allow-origin: *",
            vary,
        ]
    );
}

const COUNT: &str = "x-total-count";

/// Answers 304 to who has the newest version, with fewer headers, as actix's own files do.
#[cors(dangerously_expose_any_header = true)]
#[get("/items")]
async fn items(request: HttpRequest) -> HttpResponse {
    let version = ("ETag", "\"1\"");
    if request.headers().contains_key("if-none-match") {
        return HttpResponse::NotModified().insert_header(version).finish();
    }
    HttpResponse::Ok()
        .insert_header(version)
        .insert_header((COUNT, "7"))
        .insert_header(("Set-Cookie", "a=1"))
        .insert_header(("Content-Type", "text/plain"))
        .body("items")
}

#[cors(dangerously_expose_any_header = true)]
#[get("/fails")]
async fn fails() -> Result<HttpResponse, actix_web::Error> {
    let mut response = HttpResponse::new(StatusCode::CONFLICT);
    response.headers_mut().insert(
        actix_web::http::header::RETRY_AFTER,
        actix_web::http::header::HeaderValue::from_static("7"),
    );
    Err(actix_web::error::InternalError::from_response("conflict", response).into())
}

fn exposed(response: &Response) -> Vec<&str> {
    response.lines("access-control-expose-headers").collect()
}

#[actix_web::test]
async fn names_of_the_response_are_exposed_and_a_304_keeps_what_is_stored() {
    let cors = Cors::builder()
        .allow_origins([APP])
        .allow_credentials(true)
        .expose_headers(["X-Request-Id"])
        .scope("/scope", Override::builder().dangerously_expose_any_header(true))
        .build()
        .unwrap();
    let tagged = || async { HttpResponse::Ok().insert_header(("X-Tag", "1")).finish() };
    let url = serve!(move || App::new()
        .service((items, fails, public))
        .service(web::scope("/scope").route("/plain", web::get().to(tagged)))
        .wrap(cors.clone()));
    let stored = send(get_from(&url, "/items", APP)).await;
    assert_eq!(exposed(&stored), ["X-Request-Id, etag, x-total-count"]);
    let again = get_from(&url, "/items", APP).header("if-none-match", "\"1\"");
    let not_modified = send(again).await;
    assert_eq!(not_modified.status, 304);
    let mut listless = named(APP);
    listless.sort();
    assert_eq!(not_modified.cors(), listless);
    // what a browser makes of the two (RFC 9111 §4.3.4)
    let mut merged = stored.headers.clone();
    merged.retain(|(name, _)| not_modified.headers.iter().all(|(own, _)| own != name));
    merged.extend(not_modified.headers);
    let client = cors_core::browser::Client { origin: APP, include_credentials: true };
    assert!(client.readable(&merged).contains(&COUNT.to_owned()), "{merged:?}");

    assert_eq!(exposed(&send(get_from(&url, "/scope/plain", APP)).await), ["X-Request-Id, x-tag"]);
    assert_eq!(exposed(&send(get_from(&url, "/public", APP)).await), ["X-Request-Id"]);
    let failed = send(get_from(&url, "/fails", APP)).await;
    assert_eq!((failed.status, exposed(&failed)), (409, vec!["X-Request-Id, retry-after"]));
    assert_eq!(exposed(&send(get_from(&url, "/items", EVIL)).await), [""; 0]);
}

/// Firefox sends `null` after a redirect, although its preflight had the page's origin. The handler runs, and the
/// response is nobody's to read.
#[actix_web::test]
async fn each_request_is_judged_by_its_own_origin() {
    #[cors]
    #[put("/write")]
    async fn write() -> HttpResponse {
        HttpResponse::Ok().insert_header(("ran", "write")).finish()
    }
    let cors = Cors::builder().allow_origins([APP]).build().unwrap();
    let url = serve!(move || App::new().service(write).wrap(cors.clone()));
    assert_eq!(send(preflight(&url, "/write", APP, "PUT", "")).await.status, 204);
    let response = expect(call("PUT", &url, "/write", "null"), 200, &["vary: Origin".into()]).await;
    assert_eq!(response.lines("ran").collect::<Vec<_>>(), ["write"]);
}
