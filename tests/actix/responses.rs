//! Every response carries its route's policy, whoever made it, and nothing twice.

use std::sync::Mutex;

use actix_web::{
    App, Error, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::{ErrorForbidden, ErrorUnauthorized},
    get,
    http::StatusCode,
    middleware::{Compress, DefaultHeaders, Next, from_fn},
    put, web,
};
use cors_actix::{Cors, PreflightStatus, cors};
use cors_tests::client::handshake;

use crate::support::{
    APP, EVIL, call, expect, get as get_from, granted, listen_to_log, logged, preflight, refused,
    refused_preflight, send, serve, shared,
};

fn app_cors() -> Cors {
    Cors::builder().allow_origins([APP]).expose_headers(["X-Base"]).build().unwrap()
}

#[cors(expose_headers += ["X-Own"])]
#[get("/status/{code}")]
async fn status(code: web::Path<u16>) -> HttpResponse {
    HttpResponse::new(StatusCode::from_u16(code.into_inner()).unwrap())
}

#[cors(expose_headers += ["X-Own"])]
#[get("/error")]
async fn error() -> Result<HttpResponse, Error> {
    Err(ErrorForbidden("no"))
}

#[cors(expose_headers += ["X-Own"])]
#[get("/number/{number}")]
async fn number(_: web::Path<u8>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

const OWN: &str = "X-Base, X-Own";

#[actix_web::test]
async fn every_status_of_a_handler() {
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service(web::scope("/s").service((status, error, number)))
        .wrap(cors.clone()));
    for code in [200, 204, 206, 301, 304, 307, 400, 401, 403, 404, 409, 429, 500, 503] {
        let path = format!("/s/status/{code}");
        expect(get_from(&url, &path, APP), code, &shared(APP, false, OWN)).await;
        expect(get_from(&url, &path, EVIL), code, &refused()).await;
        expect(get_from(&url, &path, ""), code, &refused()).await;
    }
    expect(get_from(&url, "/s/error", APP), 403, &shared(APP, false, OWN)).await;
    // an extractor's error
    expect(get_from(&url, "/s/number/x", APP), 404, &shared(APP, false, OWN)).await;
    // two Origin lines are no origin
    let twice = get_from(&url, "/s/error", APP).header("origin", APP);
    expect(twice, 403, &refused()).await;
}

#[put("/resource")]
async fn plain_put() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn the_routers_own_404_and_405() {
    let cors = app_cors();
    let url = serve!(move || {
        App::new()
            .service(web::resource("/known").route(web::get().to(HttpResponse::Ok)))
            .service(web::scope("/s").service(status).service(plain_put))
            .wrap(cors.clone())
    });
    let base = shared(APP, false, "X-Base");
    expect(get_from(&url, "/unknown", APP), 404, &base).await;
    expect(get_from(&url, "/s/unknown", APP), 404, &base).await;
    let response = expect(call("DELETE", &url, "/known", APP), 405, &base).await;
    assert_eq!(response.get("allow").as_deref(), Some("GET"));
    expect(call("DELETE", &url, "/s/status/200", APP), 404, &base).await;
    expect(call("PUT", &url, "/s/resource", APP), 200, &base).await;
}

/// Fails before the router has seen the request, as an authentication middleware does.
async fn reject(
    _: ServiceRequest,
    _: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<actix_web::body::BoxBody>, Error> {
    Err(ErrorUnauthorized("who are you?"))
}

/// Answers before the router has seen the request.
async fn answer(
    request: ServiceRequest,
    _: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<actix_web::body::BoxBody>, Error> {
    Ok(request.into_response(HttpResponse::TooManyRequests()))
}

#[actix_web::test]
async fn a_middleware_that_answers_before_the_router() {
    let (one, two) = (app_cors(), app_cors());
    let routes = |config: &mut web::ServiceConfig| {
        config.service(web::scope("/s").service(status)).service(plain_put);
    };
    let failing =
        serve!(move || App::new().configure(routes).wrap(from_fn(reject)).wrap(one.clone()));
    let answering =
        serve!(move || App::new().configure(routes).wrap(from_fn(answer)).wrap(two.clone()));
    for (url, code) in [(failing, 401), (answering, 429)] {
        expect(get_from(&url, "/s/status/200", APP), code, &shared(APP, false, OWN)).await;
        expect(get_from(&url, "/s/status/200", EVIL), code, &refused()).await;
        let base = shared(APP, false, "X-Base");
        expect(call("PUT", &url, "/resource", APP), code, &base).await;
        expect(call("PUT", &url, "/s/status/200", APP), code, &base).await;
        expect(get_from(&url, "/unknown", APP), code, &base).await;
        let cors: Vec<String> = granted(APP, "GET", "", "")
            .into_iter()
            .filter(|line| !line.contains("credentials"))
            .collect();
        expect(preflight(&url, "/s/status/200", APP, "GET", ""), 204, &cors).await;
    }
}

#[actix_web::test]
async fn a_middleware_of_scope_or_resource_that_fails() {
    #[cors(expose_headers += ["X-Own"])]
    #[get("/inner", wrap = "from_fn(reject)")]
    async fn inner() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service(inner)
        .service(web::scope("/s").wrap(from_fn(reject)).service(status))
        .wrap(cors.clone()));
    expect(get_from(&url, "/inner", APP), 401, &shared(APP, false, OWN)).await;
    expect(get_from(&url, "/s/status/200", APP), 401, &shared(APP, false, OWN)).await;
}

/// CVE-2023-35943: a filter took `Origin` away between two looks at it.
#[actix_web::test]
async fn the_origin_is_read_once_at_the_entry() {
    async fn forget(
        mut request: ServiceRequest,
        next: Next<impl MessageBody>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        request.headers_mut().remove("origin");
        next.call(request).await
    }
    let cors = app_cors();
    let url = serve!(move || App::new().service(status).wrap(from_fn(forget)).wrap(cors.clone()));
    expect(get_from(&url, "/status/200", APP), 200, &shared(APP, false, OWN)).await;
}

/// actix-cors drops an application's second `Vary` line and repeats names that are there.
#[actix_web::test]
async fn vary_is_kept_and_added_to_once() {
    static VARY: Mutex<&[&str]> = Mutex::new(&[]);
    async fn with_vary() -> HttpResponse {
        let mut response = HttpResponse::Ok();
        for value in *VARY.lock().unwrap() {
            response.append_header(("vary", *value));
        }
        response.finish()
    }
    let cors = app_cors();
    let url = serve!(move || App::new().route("/", web::get().to(with_vary)).wrap(cors.clone()));
    let table: [(&[&str], &[&str]); 6] = [
        (&[], &["Origin"]),
        (&["Accept-Language", "Cookie"], &["Accept-Language", "Cookie", "Origin"]),
        (&["origin"], &["origin"]),
        (&["Accept, ORIGIN"], &["Accept, ORIGIN"]),
        (&["*"], &["*"]),
        (&["X-Origin"], &["X-Origin", "Origin"]),
    ];
    for (own, all) in table {
        *VARY.lock().unwrap() = own;
        let response = send(get_from(&url, "/", EVIL)).await;
        assert_eq!(response.lines("vary").collect::<Vec<_>>(), all);
    }
    // GHSA-q7jf-gf43-6x6p: a request's own Vary came back
    *VARY.lock().unwrap() = &[];
    let response = send(get_from(&url, "/", APP).header("vary", "X-Evil")).await;
    assert_eq!(response.get("vary").as_deref(), Some("Origin"));
}

#[actix_web::test]
async fn compression_keeps_its_vary() {
    let cors = app_cors();
    let url = serve!(move || App::new()
        .route("/", web::get().to(|| async { "text ".repeat(1000) }))
        .wrap(Compress::default())
        .wrap(cors.clone()));
    let response = send(get_from(&url, "/", APP).header("accept-encoding", "identity")).await;
    assert_eq!(response.lines("access-control-allow-origin").collect::<Vec<_>>(), [APP]);
    assert!(response.get("vary").unwrap().contains("Origin"));
}

#[actix_web::test]
async fn cors_headers_of_handlers_are_replaced() {
    async fn own() -> HttpResponse {
        HttpResponse::Ok()
            .append_header(("Access-Control-Allow-Origin", "*"))
            .append_header(("Access-Control-Allow-Credentials", "true"))
            .append_header(("Access-Control-Allow-Methods", "*"))
            .append_header(("Access-Control-Max-Age", "1"))
            .append_header(("Access-Control-Expose-Headers", "X-A"))
            .append_header(("Access-Control-Expose-Headers", "X-B"))
            .finish()
    }
    let cors = app_cors();
    let url = serve!(move || App::new()
        .route("/", web::get().to(own))
        .wrap(DefaultHeaders::new().add(("Access-Control-Allow-Origin", "https://inner.example")))
        .wrap(cors.clone()));
    expect(get_from(&url, "/", APP), 200, &shared(APP, false, "X-Base")).await;
    expect(get_from(&url, "/", EVIL), 200, &refused()).await;
    expect(get_from(&url, "/", ""), 200, &refused()).await;
}

#[actix_web::test]
async fn the_log_names_each_handler_that_sets_cors_headers_once() {
    #[cors]
    #[get("/meddling/{id}")]
    async fn meddling() -> HttpResponse {
        HttpResponse::Ok().insert_header(("Access-Control-Allow-Origin", "*")).finish()
    }
    async fn plain() -> HttpResponse {
        HttpResponse::Ok().insert_header(("Access-Control-Allow-Origin", "*")).finish()
    }
    listen_to_log();
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service(meddling)
        .route("/plain-meddling/{id}", web::get().to(plain))
        .wrap(cors.clone()));
    for _ in 0..3 {
        let request = get_from(&url, "/plain-meddling/1", APP);
        expect(request, 200, &shared(APP, false, "X-Base")).await;
        expect(get_from(&url, "/meddling/1", APP), 200, &shared(APP, false, "X-Base")).await;
    }
    let plain = logged("a response of /plain-meddling/{id} ");
    assert_eq!(plain.len(), 1, "a plain route is named by its pattern");
    let lines = logged("GET /meddling/{id}");
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].starts_with("WARN CORS: [CORS205] a response of GET /meddling/{id} (`actix::")
    );
}

#[actix_web::test]
async fn a_websocket_handshake_passes_untouched() {
    async fn socket(request: HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
        let (response, session, _messages) = actix_ws::handle(&request, body)?;
        session.close(None).await.map_err(actix_web::error::ErrorInternalServerError)?;
        Ok(response)
    }
    #[cors(expose_headers += ["X-Own"])]
    #[get("/annotated")]
    async fn annotated(request: HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
        socket(request, body).await
    }
    let cors = app_cors();
    let url = serve!(move || App::new()
        .route("/plain", web::get().to(socket))
        .service(annotated)
        .wrap(cors.clone()));
    for path in ["/plain", "/annotated"] {
        for origin in [APP, EVIL, ""] {
            let response = handshake(&format!("{url}{path}"), origin).await.unwrap();
            assert_eq!((response.status, response.cors()), (101, vec![]), "{path} {origin}");
        }
    }
}

#[actix_web::test]
async fn a_stream_is_adorned_before_its_first_byte() {
    async fn stream() -> HttpResponse {
        let chunks = futures_util::stream::iter(
            (0..3).map(|n| Ok::<_, Error>(web::Bytes::from(format!("data: {n}\n\n")))),
        );
        HttpResponse::Ok().content_type("text/event-stream").streaming(chunks)
    }
    let cors = app_cors();
    let url = serve!(move || App::new().route("/", web::get().to(stream)).wrap(cors.clone()));
    let response = expect(get_from(&url, "/", APP), 200, &shared(APP, false, "X-Base")).await;
    assert_eq!(response.get("transfer-encoding").as_deref(), Some("chunked"));
    assert_eq!(response.body, "data: 0\n\ndata: 1\n\ndata: 2\n\n");
}

#[actix_web::test]
async fn head_is_answered_like_get() {
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service(web::resource("/").route(web::head().to(HttpResponse::Ok)))
        .wrap(cors.clone()));
    expect(call("HEAD", &url, "/", APP), 200, &shared(APP, false, "X-Base")).await;
}

#[actix_web::test]
async fn the_status_of_a_granted_preflight_can_be_200() {
    let cors =
        Cors::builder().allow_origins([APP]).preflight_status(PreflightStatus::Ok).build().unwrap();
    let url = serve!(move || App::new().service(status).wrap(cors.clone()));
    let response = send(preflight(&url, "/status/200", APP, "GET", "")).await;
    assert_eq!((response.status, response.get("content-length").as_deref()), (200, Some("0")));
    expect(preflight(&url, "/status/200", EVIL, "GET", ""), 403, &refused_preflight()).await;
}

#[actix_web::test]
async fn hostile_preflights_are_refused_and_nothing_of_them_comes_back() {
    let cors = Cors::builder()
        .allow_origins([APP])
        .allow_methods(["*"])
        .allow_headers(["*"])
        .allow_credentials(true)
        .build()
        .unwrap();
    let url = serve!(move || App::new().service(status).wrap(cors.clone()));
    let many = "x-a,".repeat(2000);
    let rows = [
        preflight(&url, "/status/200", APP, "GET", &many),
        preflight(&url, "/status/200", APP, "GET", &",".repeat(30_000)),
        preflight(&url, "/status/200", APP, "GET", "(((bad"),
        preflight(&url, "/status/200", APP, "GET", "cookie"),
        preflight(&url, "/status/200", APP, "FOO bar,baz", ""),
        preflight(&url, "/status/200", APP, "CONNECT", ""),
        preflight(&url, "/status/200", APP, "GET", "").header("origin", EVIL),
        preflight(&url, "/status/200", APP, "GET", "")
            .header("access-control-request-method", "PUT"),
        preflight(&url, "/status/200", "https://\u{e9}.example", "GET", ""),
    ];
    for request in rows {
        let response = expect(request, 403, &refused_preflight()).await;
        assert_eq!(response.body, "");
    }
    let any = |names| {
        let mut cors = granted(APP, "", names, "");
        cors.push("access-control-allow-methods: PROPFIND".to_owned());
        cors
    };
    // what no browser writes is not copied
    for (asked, answered) in [
        ("authorization,x-a,x-b", "authorization,x-a,x-b"),
        ("authorization, X-A ,,x-b", "authorization,X-A,x-b"),
        ("x-a, X-B", "x-a,X-B"),
    ] {
        expect(preflight(&url, "/other", APP, "PROPFIND", asked), 204, &any(answered)).await;
    }
    let lines = preflight(&url, "/other", APP, "PROPFIND", "x-b")
        .header("access-control-request-headers", "x-a");
    expect(lines, 204, &any("x-b,x-a")).await;
}

/// Each of its forms is looked up, which took several times what the request itself takes.
#[actix_web::test]
async fn a_long_path_with_repeated_slashes_is_refused() {
    #[cors]
    #[put("/{tail:.*}")]
    async fn put_file() -> &'static str {
        "file"
    }
    async fn unauthorized(
        request: ServiceRequest,
        _: Next<BoxBody>,
    ) -> Result<ServiceResponse, Error> {
        Ok(request.into_response(HttpResponse::Unauthorized()))
    }
    let build = |unrewritten| {
        let cors = Cors::builder().allow_origins([APP]).allow_credentials(true);
        cors.unrewritten_paths(unrewritten).build().unwrap()
    };
    // a scope may have a middleware of its own
    let app = || App::new().service(web::scope("/files").service(put_file));
    let (usual, unrewritten) = (build(false), build(true));
    let url = serve!(move || app().wrap(usual.clone()));
    let answering = build(false);
    let closed = serve!(move || app().wrap(from_fn(unauthorized)).wrap(answering.clone()));
    let promised = serve!(move || app().wrap(unrewritten.clone()));
    let path = |segment: &str, len: usize| {
        let path = format!("/files/{}", segment.repeat(len));
        path[..len].to_owned()
    };
    let granted = granted(APP, "PUT", "", "");
    for (url, path, code) in [
        (&url, path("a//", 2048), 204),
        (&url, path("a//", 2049), 403),
        (&url, path("a//", 60_000), 403),
        (&url, path("aa/", 60_000), 204),
        (&promised, path("a//", 60_000), 204),
    ] {
        let cors = if code == 204 { granted.clone() } else { refused_preflight() };
        expect(preflight(url, &path, APP, "PUT", ""), code, &cors).await;
    }
    let long = path("a//", 60_000);
    expect(call("PUT", &url, &long, APP), 200, &shared(APP, true, "")).await;
    // the path of a 404 is not changed any more
    for path in [&long[..2048], &long] {
        expect(call("GET", &url, path, APP), 404, &shared(APP, true, "")).await;
    }
    // a middleware's answer may be for another form of it
    for (path, cors) in [(&long[..2048], shared(APP, true, "")), (&long, refused())] {
        expect(call("GET", &closed, path, APP), 401, &cors).await;
    }
}

/// All headers of the protocol are the middleware's, not only those whose names begin with
/// `access-control-allow`.
#[actix_web::test]
async fn headers_of_the_protocol_that_a_handler_sets_are_replaced() {
    async fn handler(header: web::Path<String>) -> HttpResponse {
        HttpResponse::Ok().insert_header((header.into_inner(), "7")).finish()
    }
    let build = |exposed: &[&str]| {
        let cors = Cors::builder().allow_origins([APP]).expose_headers(exposed.iter().copied());
        cors.build().unwrap()
    };
    let (none, some) = (build(&[]), build(&["X-Own"]));
    let app =
        |cors: &Cors| App::new().route("/{header}", web::get().to(handler)).wrap(cors.clone());
    let [none, some] = [serve!(move || app(&none)), serve!(move || app(&some))];
    for header in [
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-allow-methods",
        "access-control-allow-headers",
        "access-control-expose-headers",
        "access-control-max-age",
    ] {
        let path = format!("/{header}");
        expect(call("GET", &none, &path, APP), 200, &shared(APP, false, "")).await;
        expect(call("GET", &some, &path, APP), 200, &shared(APP, false, "X-Own")).await;
        expect(call("GET", &none, &path, EVIL), 200, &refused()).await;
    }
    let other = call("GET", &none, "/access-control-other", APP);
    assert_eq!(send(other).await.get("access-control-other").as_deref(), Some("7"));
}
