//! Holes that other systems had, by their advisory, each tried on a server; those that a decision
//! alone can show are in the core's `hostile.rs`.

use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    get,
    http::header::{ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue},
    middleware::{Next, from_fn},
    web,
};
use cors_actix::{Cors, cors};

use crate::support::{
    APP, EVIL, expect, get, listen_to_log, logged, preflight, raw, refused, refused_preflight,
    serve, shared,
};

fn who(name: &str) -> HttpResponse {
    HttpResponse::Ok().insert_header(("ran", name)).finish()
}

#[cors(allow_origins = ["*"])]
#[get("/api/{rest:.*}")]
async fn open() -> HttpResponse {
    who("open")
}

#[cors(allow_origins = ["*"])]
#[get("/a+b")]
async fn plus() -> HttpResponse {
    who("open")
}

#[cors]
#[get("/private")]
async fn private() -> HttpResponse {
    who("private")
}

/// CVE-2020-25032, CVE-2019-18978: `..` looked at before the router did. CVE-2024-6866: a path
/// compared without case. CVE-2024-6844: `+` taken for a blank. CVE-2024-6839: the wrong pattern of
/// two. rack-cors #282: a prefix that ends within a segment.
#[actix_web::test]
async fn the_policy_is_that_of_the_route_which_the_router_picks() {
    let cors = Cors::builder().allow_origins([APP]).build().unwrap();
    let url = serve!(move || App::new()
        .service((open, plus, private))
        .default_service(web::to(async || who("default")))
        .wrap(cors.clone()));
    let origin = format!("origin: {EVIL}").into_bytes();
    let method = b"access-control-request-method: GET".as_slice();
    let mut seen = Vec::new();
    for path in [
        "/api/x",
        "/api/../private",
        "/api/%2e%2e/private",
        "/private/../api/x",
        "/private",
        "/API/x",
        "/apis",
        "/api",
        "//api/x",
        "/api%2fx",
        "/%61pi/x",
        "/a+b",
        "/a%20b",
        "/a%2bb",
        "/./api/x",
    ] {
        let (_, cors, ran) = raw(&url, &format!("GET {path}"), &[&origin]).await;
        let is_open = ran.as_deref() == Some("open");
        let star = "access-control-allow-origin: *".to_owned();
        assert_eq!(cors, if is_open { vec![star] } else { refused() }, "{path}");
        let (status, ..) = raw(&url, &format!("OPTIONS {path}"), &[&origin, method]).await;
        assert_eq!(status, if is_open { 204 } else { 403 }, "{path}");
        seen.push(is_open);
    }
    assert!(seen.contains(&true) && seen.contains(&false));
}

/// CVE-2024-25124, CVE-2018-8014, CVE-2023-49803, CVE-2021-39185, CVE-2017-20146: open by default.
/// CVE-2024-6221: private networks opened by default.
#[actix_web::test]
async fn without_settings_nothing_is_allowed() {
    let cors = Cors::builder().build().unwrap();
    let url = serve!(move || App::new().service(private).wrap(cors.clone()));
    for origin in [APP, "null", &url] {
        expect(get(&url, "/private", origin), 200, &refused()).await;
        let request = preflight(&url, "/private", origin, "GET", "")
            .header("access-control-request-private-network", "true");
        expect(request, 403, &refused_preflight()).await;
    }
}

/// CVE-2024-1681: a request that writes into the log what looks like another line of it.
#[actix_web::test]
async fn the_log_escapes_what_a_request_brings() {
    listen_to_log();
    let cors = Cors::builder().allow_origins([APP]).build().unwrap();
    let url = serve!(move || App::new().service(private).wrap(cors.clone()));
    let origin = "origin: https://inject\u{202e}ed\t\u{85}.example".as_bytes();
    let method = b"access-control-request-method: GET".as_slice();
    let (status, ..) = raw(&url, "OPTIONS /log%0d%0aERROR", &[origin, method]).await;
    assert_eq!(status, 403);
    let lines = logged("https://inject");
    assert!(!lines.is_empty());
    for line in lines {
        assert!(line.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()), "{line:?}");
        assert!(line.contains("the origin is malformed"), "{line:?}");
    }
}

/// jub0bs/cors #14: an outer layer changed header values that all answers shared.
#[actix_web::test]
async fn what_an_outer_layer_does_to_one_answer_is_not_seen_in_the_next() {
    async fn spoil(
        request: ServiceRequest,
        next: Next<impl MessageBody>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        let is_spoilt = request.query_string() == "spoil";
        let mut response = next.call(request).await?;
        if is_spoilt {
            let spoilt = HeaderValue::from_static("spoilt");
            response.headers_mut().insert(ACCESS_CONTROL_EXPOSE_HEADERS, spoilt);
        }
        Ok(response)
    }
    let cors = Cors::builder().allow_origins([APP]).expose_headers(["ETag"]).build().unwrap();
    let url =
        serve!(move || { App::new().service(private).wrap(cors.clone()).wrap(from_fn(spoil)) });
    for (path, exposed) in [("/private?spoil", "spoilt"), ("/private", "ETag")] {
        expect(get(&url, path, APP), 200, &shared(APP, false, exposed)).await;
    }
}
