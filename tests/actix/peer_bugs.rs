//! What other systems got wrong when they were run, each against this one: bytes on a socket, the
//! whole of the answer's CORS headers, and whether the handler ran.

use actix_web::{App, HttpRequest, HttpResponse, get, http::Method, web};
use cors_actix::{Cors, CorsBuilder, cors};

use crate::support::{self, APP, EVIL, serve};

#[cors]
#[get("/items")]
async fn items(request: HttpRequest) -> HttpResponse {
    ran(request).await
}

async fn ran(request: HttpRequest) -> HttpResponse {
    HttpResponse::Ok().insert_header(("ran", request.method().as_str())).finish()
}

fn server(cors: &CorsBuilder) -> String {
    let cors = cors.build().unwrap();
    serve!(move || {
        let options = web::method(Method::OPTIONS).to(ran);
        App::new()
            .service(items)
            .route("/items", options)
            .route("/plain", web::post().to(ran))
            .route("/plain", web::delete().to(ran))
            .wrap(cors.clone())
    })
}

fn listed() -> CorsBuilder {
    Cors::builder()
        .allow_origins([APP, "https://*.tenants.example"])
        .allow_headers(["Content-Type", "X-Two"])
        .expose_headers(["ETag"])
        .allow_credentials(true)
}

fn open() -> CorsBuilder {
    Cors::builder().allow_origins(["*"]).allow_methods(["*"]).allow_headers(["*"])
}

/// Sends a head as it is; answers the status, the CORS headers in order, and whether a handler ran.
async fn raw(url: &str, line: &str, headers: &[&[u8]]) -> (u16, Vec<String>, bool) {
    let (status, cors, ran) = support::raw(url, line, headers).await;
    (status, cors, ran.is_some())
}

/// The CORS headers of an answer.
type Expected<'a> = &'a [String];

const ORIGIN: &[u8] = b"origin: https://app.example.com";
const VARY: &str = "vary: Origin";
const VARY_OF_PREFLIGHT: &str =
    "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/// poem panics on bytes outside ASCII where it has a pattern; rocket answers 500 to a malformed
/// origin; actix-cors sends garbage back under any origin.
#[actix_web::test]
async fn an_origin_that_is_none_does_no_harm() {
    let (listed, open) = (server(&listed()), server(&open()));
    for origin in [
        b"origin: https://\xff.tenants.example".as_slice(),
        "origin: https://\u{e9}.tenants.example".as_bytes(),
        b"origin: not an origin %%%",
        b"origin: https://[",
        b"origin: https://evil.com/.tenants.example",
        b"origin:",
        b"origin: null",
    ] {
        let method = b"access-control-request-method: GET".as_slice();
        let shown = origin.escape_ascii();
        let actual = raw(&listed, "GET /items", &[origin]).await;
        assert_eq!(actual, (200, vec![VARY.into()], true), "{shown}");
        let preflight = raw(&listed, "OPTIONS /items", &[origin, method]).await;
        assert_eq!(preflight, (403, vec![VARY_OF_PREFLIGHT.into()], false), "{shown}");
        let actual = raw(&open, "GET /items", &[origin]).await;
        assert_eq!(actual, (200, vec!["access-control-allow-origin: *".into()], true), "{shown}");
    }
}

/// poem, rocket, warp and ohkami send no `Vary: Origin` beside a list; tower-http repeats it and
/// actix-cors sends it where nothing varies.
#[actix_web::test]
async fn vary_is_there_exactly_where_the_answer_varies() {
    let (listed, open) = (server(&listed()), server(&open()));
    let shared: Vec<String> = [
        "access-control-allow-credentials: true",
        "access-control-allow-origin: https://app.example.com",
        "access-control-expose-headers: ETag",
        VARY,
    ]
    .map(Into::into)
    .into();
    let evil = format!("origin: {EVIL}").into_bytes();
    let table: [(&str, &[&[u8]], Expected<'_>); 5] = [
        (&listed, &[ORIGIN], &shared),
        (&listed, &[&evil], &shared[3..]),
        (&listed, &[], &shared[3..]),
        (&open, &[&evil], &["access-control-allow-origin: *".into()]),
        (&open, &[], &["access-control-allow-origin: *".into()]),
    ];
    for (url, headers, cors) in table {
        for (path, status) in [("/items", 200), ("/missing", 404)] {
            let (seen, lines, _) = raw(url, &format!("GET {path}"), headers).await;
            assert_eq!((seen, lines.as_slice()), (status, cors), "{path}");
        }
    }
}

/// rocket, salvo, poem and warp answer 403 to a request that the browser would have let through;
/// actix-cors's `block_on_origin_mismatch` blocks a page's own POST.
#[actix_web::test]
async fn an_actual_request_is_never_blocked() {
    let url = server(&listed());
    for origin in ["http://api.example.com", EVIL, "null"] {
        let origin = format!("origin: {origin}").into_bytes();
        let answer = raw(&url, "POST /plain", &[&origin, b"content-length: 0"]).await;
        assert_eq!(answer, (200, vec![VARY.into()], true));
    }
}

/// tower-http takes every OPTIONS for a preflight, actix-cors one without `Origin`; rocket answers
/// 400 to one without `Access-Control-Request-Method`.
#[actix_web::test]
async fn an_options_request_that_is_no_preflight_belongs_to_the_application() {
    let url = server(&listed());
    let method = b"access-control-request-method: GET".as_slice();
    assert_eq!(raw(&url, "OPTIONS /items", &[]).await, (200, vec![VARY.into()], true));
    assert_eq!(raw(&url, "OPTIONS /items", &[method]).await, (200, vec![VARY.into()], true));
    let (status, cors, ran) = raw(&url, "OPTIONS /items", &[ORIGIN]).await;
    assert_eq!((status, cors.len(), ran), (200, 4, true));
    let (status, _, ran) = raw(&url, "OPTIONS /items", &[ORIGIN, method]).await;
    assert_eq!((status, ran), (204, false));
}

/// actix-cors refuses an empty element and reads the first line only; poem lets a preflight pass
/// where any one name is allowed.
#[actix_web::test]
async fn every_requested_header_of_every_line_counts() {
    let url = server(&listed());
    let names = |line: &str| format!("access-control-request-headers: {line}").into_bytes();
    let table: [(&[&str], u16); 8] = [
        (&["content-type,"], 204),
        (&[""], 204),
        (&["content-type", "x-two"], 204),
        (&["X-TWO , Content-Type"], 204),
        (&["content-type", "x-forbidden"], 403),
        (&["content-type,x-forbidden"], 403),
        (&["<script>(no token)"], 403),
        (&["content-type;x-two"], 403),
    ];
    for (lines, expected) in table {
        let lines: Vec<Vec<u8>> = lines.iter().map(|line| names(line)).collect();
        let mut headers = vec![ORIGIN, b"access-control-request-method: GET"];
        headers.extend(lines.iter().map(Vec::as_slice));
        let (status, cors, ran) = raw(&url, "OPTIONS /items", &headers).await;
        assert_eq!((status, ran), (expected, false), "{cors:?}");
        assert_eq!(cors.len() > 1, expected == 204, "{cors:?}");
    }
}

/// actix-cors's any method is nine methods; jub0bs/cors sends junk back under any method.
#[actix_web::test]
async fn any_method_means_any_that_a_browser_can_send() {
    let url = server(&open());
    let table = [
        ("QUERY", 204),
        ("PROPFIND", 204),
        ("CHICKEN", 204),
        ("B@D METHOD", 403),
        ("FOO bar,baz", 403),
        ("TRACE", 403),
        ("*", 403),
        ("", 403),
    ];
    for (method, expected) in table {
        let method = format!("access-control-request-method: {method}").into_bytes();
        let (status, cors, _) = raw(&url, "OPTIONS /plain", &[ORIGIN, &method]).await;
        assert_eq!(status, expected, "{cors:?}");
        let is_bare = cors.iter().all(|line| line.starts_with("vary: "));
        assert_eq!(is_bare, expected == 403, "{cors:?}");
    }
}
