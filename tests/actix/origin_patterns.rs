//! Patterns of origins from end to end: in the builder, the attribute, a file and the environment.

use actix_web::{
    App, HttpResponse, get,
    http::{
        Method,
        header::{self, HeaderValue},
    },
    put, test, web,
};
use cors_actix::{Cors, CorsBuilder, Override, PolicyBuilder, cors, test::Call};

/// Patterns, each with an origin that it stands for and one that it does not.
const TABLE: [(&str, &str, &str); 6] = [
    ("https://app-*.example.com", "https://app-1.example.com", "https://app-.example.com"),
    ("http://pr-*.localhost:*", "http://pr--.localhost:3000", "http://pr-.localhost:3000"),
    ("vscode-webview://*", "vscode-webview://1A-b", "vscode-webview://a:80"),
    ("https://-a.b-.example.com", "https://-a.b-.example.com", "https://a.b-.example.com"),
    ("app://-", "app://-", "app://."),
    ("http://[::ffff:7f00:1]:3000", "http://[::ffff:7f00:1]:3000", "http://[::1]:3000"),
];

#[cors(allow_origins = [
    "https://app-*.example.com",
    "http://pr-*.localhost:*",
    "vscode-webview://*",
    "https://-a.b-.example.com",
    "app://-",
    "http://[::ffff:7f00:1]:3000",
])]
#[get("/listed")]
async fn listed() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// A route with the attribute's list, and a route with that of the base policy.
async fn assert_decided(base: CorsBuilder, path: &str) {
    let app = App::new().service(listed).route("/plain", web::get().to(HttpResponse::Ok));
    let app = test::init_service(app.wrap(base.build().unwrap())).await;
    for (_, admitted, other) in TABLE {
        Call::new("GET", path).from(admitted).send(&app).await.assert_readable();
        Call::new("GET", path).from(other).send(&app).await.assert_blocked();
    }
}

#[actix_web::test]
async fn the_same_patterns_serve_in_builder_attribute_file_and_environment() {
    let patterns = TABLE.map(|(pattern, ..)| pattern);
    let none = || Cors::builder().allow_origins(["https://other.example"]);
    assert_decided(none(), "/listed").await;
    assert_decided(Cors::builder().allow_origins(patterns), "/plain").await;
    let file = serde_json::json!({ "allow_origins": patterns });
    let file: PolicyBuilder = serde_json::from_value(file).unwrap();
    assert_decided(file.into(), "/plain").await;
    let variable = PolicyBuilder::default()
        .from_env_with(|name| (name == "CORS_ALLOW_ORIGINS").then(|| patterns.join(", ").into()));
    assert_decided(variable.into(), "/plain").await;
}

#[actix_web::test]
async fn a_web_view_with_file_access_reads_with_consent() {
    let base = Cors::builder().allow_origins(["file://"]).dangerously_allow_file_origin(true);
    let app = App::new().service(listed).route("/plain", web::get().to(HttpResponse::Ok));
    let app = test::init_service(app.wrap(base.build().unwrap())).await;
    Call::new("GET", "/plain").from("file://").send(&app).await.assert_readable();
    Call::new("GET", "/plain").from("null").send(&app).await.assert_blocked();
    Call::new("GET", "/listed").from("file://").send(&app).await.assert_blocked();
}

#[cors]
#[put("/typed")]
async fn typed() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::ETAG, "\"1\"")).finish()
}

/// As in actix's own example of CORS.
#[actix_web::test]
async fn setters_take_the_constants_of_actix() {
    let layer = Override::builder().add_expose_headers([header::LOCATION]);
    let base = Cors::builder()
        .allow_origins([HeaderValue::from_static("https://app.example.com")])
        .allow_methods([Method::PUT])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::ETAG])
        .route("/typed", [Method::PUT], layer);
    let app = App::new().service(typed).wrap(base.build().unwrap());
    let app = test::init_service(app).await;
    let call = Call::new("PUT", "/typed").from("https://app.example.com");
    let outcome = call.header("Authorization", "x").send(&app).await;
    outcome.assert_readable();
    assert!(outcome.exposes("etag"), "{outcome}");
}
