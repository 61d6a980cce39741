//! The demo's contract: every route of it, with exact header sets, through a server on a socket.

#[path = "../../examples/demo/api.rs"]
mod api;

use actix_web::{App, middleware::from_fn};
use cors_tests::client::Request;

use crate::support::{
    ADMIN, APP, EVIL, call, expect, get, granted, granted_alone, preflight, refused,
    refused_preflight, serve, shared,
};

const BASE_HEADERS: &str = "Authorization, Content-Type";
const FILE: &str = "/tenants/acme/files/notes.txt";

fn demo() -> String {
    let page = "127.0.0.1:8081".parse().unwrap();
    let cors = api::policy(page).build().unwrap();
    serve!(move || {
        App::new().configure(api::configure).wrap(from_fn(api::add_request_id)).wrap(cors.clone())
    })
}

#[actix_web::test]
async fn the_base_policy_covers_a_plain_route() {
    let url = demo();
    let origins = [
        APP,
        "https://pr-7.preview.example.com",
        "https://a.b.preview.example.com",
        "http://localhost:8081",
        "http://127.0.0.1:8081",
    ];
    for origin in origins {
        let cors = shared(origin, true, "X-Request-Id");
        expect(get(&url, "/health", origin), 200, &cors).await;
        let cors = granted(origin, "", BASE_HEADERS, "600");
        let names = "authorization,content-type";
        expect(preflight(&url, "/health", origin, "GET", names), 204, &cors).await;
    }
    let others = [
        "",
        EVIL,
        ADMIN,
        "null",
        "http://app.example.com",
        "https://app.example.com:8443",
        "https://preview.example.com",
        "https://preview.example.com.evil.example",
        "http://localhost:8080",
    ];
    for origin in others {
        expect(get(&url, "/health", origin), 200, &refused()).await;
        if !origin.is_empty() {
            let request = preflight(&url, "/health", origin, "GET", "authorization");
            expect(request, 403, &refused_preflight()).await;
        }
    }
    for (method, names) in [("PUT", ""), ("get", ""), ("GET", "x-unknown"), ("B@D", "")] {
        let request = preflight(&url, "/health", APP, method, names);
        expect(request, 403, &refused_preflight()).await;
    }
}

#[actix_web::test]
async fn get_of_a_user_exposes_more() {
    let url = demo();
    let exposed = "ETag, X-RateLimit-Remaining, X-Request-Id";
    let cors = shared(APP, true, exposed);
    let response = expect(get(&url, "/api/users/1", APP), 200, &cors).await;
    for name in ["etag", "x-ratelimit-remaining", "x-request-id", "x-internal"] {
        assert!(response.get(name).is_some(), "{name}");
    }
    let cors = granted(APP, "GET", BASE_HEADERS, "300");
    expect(preflight(&url, "/api/users/1", APP, "GET", "authorization"), 204, &cors).await;
    expect(get(&url, "/api/users/1", EVIL), 200, &refused()).await;
}

#[actix_web::test]
async fn put_of_a_user_takes_if_match() {
    let url = demo();
    let put = || {
        let request = call("PUT", &url, "/api/users/1", APP);
        let request = request.header("content-type", "application/json");
        Request { body: r#"{"name":"Ada"}"#.into(), ..request }
    };
    let cors = shared(APP, true, "X-Request-Id");
    expect(put().header("if-match", "\"7\""), 200, &cors).await;
    expect(put(), 412, &cors).await;
    let cors =
        granted_alone(APP, "HEAD, POST, PUT", "Authorization, Content-Type, If-Match", "600");
    let request = preflight(&url, "/api/users/1", APP, "PUT", "content-type,if-match");
    expect(request, 204, &cors).await;
    let request = preflight(&url, "/api/users/1", APP, "GET", "if-match");
    expect(request, 403, &refused_preflight()).await;
}

#[actix_web::test]
async fn delete_of_a_user_is_for_the_admin_application() {
    let url = demo();
    let delete = |origin| call("DELETE", &url, "/api/users/1", origin);
    let asks = |origin, names| preflight(&url, "/api/users/1", origin, "DELETE", names);
    expect(delete(ADMIN), 204, &shared(ADMIN, true, "X-Request-Id")).await;
    expect(delete(APP), 204, &refused()).await;
    let cors = granted_alone(
        ADMIN,
        "DELETE, HEAD, POST",
        "Authorization, Content-Type, X-Csrf-Token",
        "600",
    );
    expect(asks(ADMIN, "x-csrf-token"), 204, &cors).await;
    expect(asks(APP, "x-csrf-token"), 403, &refused_preflight()).await;
    expect(asks(ADMIN, "if-match"), 403, &refused_preflight()).await;
    let request = preflight(&url, "/api/users/1", ADMIN, "PUT", "");
    expect(request, 403, &refused_preflight()).await;
}

#[actix_web::test]
async fn the_error_of_the_token_middleware_can_be_read() {
    let url = demo();
    let cors = shared(APP, true, "X-Request-Id");
    expect(get(&url, "/api/me", APP), 401, &cors).await;
    expect(get(&url, "/api/me", EVIL), 401, &refused()).await;
    let with_token = get(&url, "/api/me", APP).header("authorization", "Bearer demo");
    let response = expect(with_token, 200, &cors).await;
    assert!(response.get("set-cookie").is_some());
    let cors = granted(APP, "GET", BASE_HEADERS, "600");
    expect(preflight(&url, "/api/me", APP, "GET", "authorization"), 204, &cors).await;
}

#[actix_web::test]
async fn an_order_tells_where_it_is() {
    let url = demo();
    let post = |body: &str| {
        let request = call("POST", &url, "/api/orders", APP);
        let request = request.header("content-type", "application/json");
        Request { body: body.into(), ..request }
    };
    let cors = shared(APP, true, "Location, X-Request-Id");
    let response = expect(post(r#"{"item":"tea"}"#), 201, &cors).await;
    assert_eq!(response.get("location").as_deref(), Some("/api/orders/1"));
    expect(post("{"), 400, &cors).await;
    let cors = granted(APP, "POST", BASE_HEADERS, "600");
    expect(preflight(&url, "/api/orders", APP, "POST", "content-type"), 204, &cors).await;
}

#[actix_web::test]
async fn public_rates_are_the_same_for_everybody() {
    let url = demo();
    let exposed = "Deprecation, ETag, Link, Location, Retry-After, Sunset, \
                   X-Accepted-OAuth-Scopes, X-GitHub-Media-Type, X-GitHub-OTP, \
                   X-GitHub-Request-Id, X-GitHub-SSO, X-OAuth-Scopes, X-Poll-Interval, \
                   X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, \
                   X-RateLimit-Resource, X-RateLimit-Used";
    let cors = [
        "access-control-allow-origin: *".to_owned(),
        format!("access-control-expose-headers: {exposed}"),
    ];
    for origin in [APP, EVIL, "null", ""] {
        expect(get(&url, "/public/rates", origin), 200, &cors).await;
    }
    let cors: Vec<String> = granted("*", "GET", BASE_HEADERS, "600")
        .into_iter()
        .filter(|line| !line.contains("credentials"))
        .collect();
    expect(preflight(&url, "/public/rates", EVIL, "GET", "authorization"), 204, &cors).await;
}

#[actix_web::test]
async fn the_internal_report_is_closed() {
    let url = demo();
    for origin in [APP, EVIL, ""] {
        expect(get(&url, "/internal/report", origin), 200, &refused()).await;
    }
    let request = preflight(&url, "/internal/report", APP, "GET", "authorization");
    expect(request, 403, &refused_preflight()).await;
}

#[actix_web::test]
async fn failures_redirects_and_missing_routes_can_be_read() {
    let url = demo();
    let cors = shared(APP, true, "X-Request-Id");
    expect(get(&url, "/api/fail", APP), 500, &cors).await;
    let response = expect(get(&url, "/api/moved", APP), 302, &cors).await;
    assert_eq!(response.get("location").as_deref(), Some("/api/users/1"));
    expect(get(&url, "/nowhere", APP), 404, &cors).await;
    expect(get(&url, "/api/nowhere", APP), 404, &cors).await;
    expect(call("PATCH", &url, "/api/users/1", APP), 404, &cors).await;
}

#[actix_web::test]
async fn one_path_in_nested_scopes_has_two_policies() {
    let url = demo();
    let exposed = shared(APP, true, "Content-Disposition, X-Request-Id");
    let response = expect(get(&url, FILE, APP), 200, &exposed).await;
    assert!(response.get("content-disposition").is_some());
    let cors = granted(APP, "GET", BASE_HEADERS, "600");
    expect(preflight(&url, FILE, APP, "GET", "authorization"), 204, &cors).await;

    let patch = |origin| call("PATCH", &url, FILE, origin);
    expect(patch(ADMIN), 204, &shared(ADMIN, true, "X-Request-Id")).await;
    expect(patch(APP), 204, &refused()).await;
    let cors =
        granted_alone(ADMIN, "HEAD, PATCH, POST", "Authorization, Content-Type, If-Match", "600");
    expect(preflight(&url, FILE, ADMIN, "PATCH", "if-match"), 204, &cors).await;
    expect(preflight(&url, FILE, APP, "PATCH", "if-match"), 403, &refused_preflight()).await;

    // the segment's expression decides, so this is no route
    let other = "/tenants/acme/files/NOTES.TXT";
    expect(get(&url, other, APP), 404, &shared(APP, true, "X-Request-Id")).await;
    expect(preflight(&url, other, APP, "PATCH", ""), 403, &refused_preflight()).await;
}
