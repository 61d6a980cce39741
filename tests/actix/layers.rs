//! Middleware of one's own and others' around the routes: no layer widens what a route allows.

use actix_files::Files;
use actix_web::{
    App, Error, HttpResponse,
    body::{BoxBody, MessageBody},
    delete,
    dev::{ServiceRequest, ServiceResponse},
    error::ErrorUnauthorized,
    get,
    middleware::{Condition, Next, NormalizePath, from_fn},
    put, web,
};
use cors_actix::{Cors, cors};
use cors_tests::client::Request;

use crate::support::{
    ADMIN, APP, call, expect, get as get_from, granted, preflight, refused, refused_preflight,
    serve, shared,
};

#[cors(disable)]
#[get("/closed")]
async fn closed() -> &'static str {
    "closed"
}

#[cors(disable)]
#[get("")]
async fn closed_scope() -> &'static str {
    "closed"
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[put("/strict")]
async fn strict() -> &'static str {
    "strict"
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[delete("/strict")]
async fn strict_delete() -> &'static str {
    "strict"
}

fn app_cors() -> Cors {
    let cors = Cors::builder().allow_origins([APP]).allow_methods(["GET", "PUT", "DELETE"]);
    cors.allow_credentials(true).build().unwrap()
}

async fn expect_strict(url: &str, prefix: &str) {
    let put = |origin| call("PUT", url, &format!("{prefix}/strict"), origin);
    expect(put(ADMIN), 200, &shared(ADMIN, true, "")).await;
    expect(put(APP), 200, &refused()).await;
    let asks = |origin| preflight(url, &format!("{prefix}/strict"), origin, "PUT", "");
    expect(asks(ADMIN), 204, &granted(ADMIN, "PUT", "", "")).await;
    expect(asks(APP), 403, &refused_preflight()).await;
    expect(get_from(url, &format!("{prefix}/closed"), APP), 200, &refused()).await;
}

#[actix_web::test]
async fn two_layers_on_one_application() {
    let (inner, outer) = (app_cors(), app_cors());
    let url = serve!(move || App::new()
        .service((closed, strict))
        .wrap(inner.clone())
        .wrap(outer.clone()));
    expect_strict(&url, "").await;
}

#[actix_web::test]
async fn a_layer_on_the_application_and_one_on_a_scope() {
    let (inner, outer) = (app_cors(), app_cors());
    let url = serve!(move || App::new()
        .service(web::scope("/s").wrap(inner.clone()).service((closed, strict)))
        .service((closed, strict))
        .wrap(outer.clone()));
    // what a client sends as its host decides nothing
    let hostile = get_from(&url, "/closed", APP).header("host", "bad host");
    expect(hostile, 200, &refused()).await;
    expect_strict(&url, "").await;
    expect_strict(&url, "/s").await;
}

/// A preflight comes in under the path that the page has chosen, and the router sees another one.
#[actix_web::test]
async fn a_path_that_is_rewritten_further_in() {
    for normalize in [NormalizePath::trim, || {
        NormalizePath::new(actix_web::middleware::TrailingSlash::MergeOnly)
    }] {
        let cors = app_cors();
        let url = serve!(move || App::new()
            .service(web::scope("/s").service((closed, strict_delete)))
            .wrap(normalize())
            .wrap(cors.clone()));
        for path in ["/s/strict", "/s/strict/", "//s/strict", "/s//strict//"] {
            let request = preflight(&url, path, APP, "DELETE", "");
            expect(request, 403, &refused_preflight()).await;
        }
        let request = preflight(&url, "/s/closed/", APP, "GET", "");
        expect(request, 403, &refused_preflight()).await;
        // and what no route has at all is the base policy's
        let cors = granted(APP, "DELETE, GET, PUT", "", "");
        expect(preflight(&url, "/s/other/", APP, "DELETE", ""), 204, &cors).await;
    }
}

#[cors(max_age = "1h")]
#[delete("/s//strict")]
async fn odd() -> &'static str {
    "odd"
}

/// Two slashes in a pattern are as good as any, unless something merges them.
#[actix_web::test]
async fn a_pattern_with_two_slashes_that_are_merged_further_in() {
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service(odd)
        .service(web::scope("/s").service(strict_delete))
        .wrap(NormalizePath::trim())
        .wrap(cors.clone()));
    let request = preflight(&url, "/s//strict", APP, "DELETE", "");
    expect(request, 403, &refused_preflight()).await;
    expect(call("DELETE", &url, "/s//strict", APP), 200, &refused()).await;
    expect(call("DELETE", &url, "/s//strict", ADMIN), 200, &shared(ADMIN, true, "")).await;
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[delete("/literal/")]
async fn literal() -> &'static str {
    "literal"
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[delete("/dynamic/{id}/")]
async fn dynamic() -> &'static str {
    "dynamic"
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[delete("/")]
async fn of_scope() -> &'static str {
    "scope"
}

#[actix_web::test]
async fn a_slash_that_is_added_further_in() {
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service((literal, dynamic))
        .service(web::scope("/scopes/{id}").service(of_scope))
        .wrap(NormalizePath::new(actix_web::middleware::TrailingSlash::Always))
        .wrap(cors.clone()));
    for path in ["/literal", "/dynamic/1", "/scopes/1"] {
        let request = preflight(&url, path, APP, "DELETE", "");
        expect(request, 403, &refused_preflight()).await;
        expect(call("DELETE", &url, path, ADMIN), 200, &shared(ADMIN, true, "")).await;
    }
}

#[cors(max_age = "1h")]
#[delete("/lax")]
async fn lax() -> &'static str {
    "lax"
}

#[cors(max_age = "1h")]
#[delete("/{tail}*")]
async fn lax_tail() -> &'static str {
    "lax tail"
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[delete("/{tail}*")]
async fn strict_tail() -> &'static str {
    "strict tail"
}

/// The path that the page asks for has a route of its own, which is not the one that runs.
#[actix_web::test]
async fn a_slash_that_leads_from_one_route_to_another() {
    let (before, behind) = (app_cors(), app_cors());
    let normalize = || NormalizePath::new(actix_web::middleware::TrailingSlash::Always);
    let first = serve!(move || App::new()
        .service((literal, lax_tail))
        .wrap(Condition::new(true, normalize()))
        .wrap(before.clone()));
    let last = serve!(move || App::new()
        .service((lax, strict_tail))
        .wrap(normalize())
        .wrap(behind.clone()));
    for (url, path) in [(&first, "/literal"), (&last, "/lax")] {
        let request = preflight(url, path, APP, "DELETE", "");
        expect(request, 403, &refused_preflight()).await;
        expect(call("DELETE", url, path, APP), 200, &refused()).await;
    }
    let cors = granted(APP, "DELETE", "", "3600");
    expect(preflight(&first, "/other", APP, "DELETE", ""), 204, &cors).await;
}

#[cors(allow_headers += ["X-Mounted"])]
#[delete("/mounted")]
async fn mounted() -> &'static str {
    "mounted"
}

/// A pattern without dynamic segments, so that only known ones were looked at.
#[actix_web::test]
async fn a_slash_that_leads_from_a_route_to_files() {
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service(web::scope("/files").service(mounted).service(Files::new("", ".")))
        .wrap(NormalizePath::new(actix_web::middleware::TrailingSlash::Always))
        .wrap(cors.clone()));
    let request = preflight(&url, "/files/mounted", APP, "DELETE", "x-mounted");
    expect(request, 403, &refused_preflight()).await;
}

async fn fail(
    _: ServiceRequest,
    _: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    Err(ErrorUnauthorized("no"))
}

async fn refuse(
    request: ServiceRequest,
    _: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    Ok(request.into_response(HttpResponse::Unauthorized()))
}

#[actix_web::test]
async fn an_answer_of_a_middleware_under_a_rewritten_path() {
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service(web::scope("/failing").wrap(from_fn(fail)).service((closed, closed_scope)))
        .service(web::scope("/refusing").wrap(from_fn(refuse)).service((closed, closed_scope)))
        .wrap(NormalizePath::trim())
        .wrap(cors.clone()));
    for prefix in ["/failing", "/refusing"] {
        for path in ["", "/", "/closed", "/closed/", "//closed"] {
            let request = get_from(&url, &format!("{prefix}{path}"), APP);
            expect(request, 401, &refused()).await;
        }
        let request = get_from(&url, &format!("{prefix}/other"), APP);
        expect(request, 401, &shared(APP, true, "")).await;
    }
}

/// The route's own path is empty, so the scope has consumed all of it before its middleware answers.
#[actix_web::test]
async fn an_answer_of_a_middleware_for_the_scopes_own_path() {
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service(web::scope("/ok").wrap(from_fn(refuse)).service(closed_scope))
        .route("/plain", web::get().to(HttpResponse::Ok))
        .wrap(cors.clone()));
    expect(get_from(&url, "/ok", APP), 401, &refused()).await;
    expect(get_from(&url, "/plain", APP), 200, &shared(APP, true, "")).await;
}

#[actix_web::test]
async fn a_wildcard_as_requested_method_is_no_method() {
    let cors = Cors::builder().allow_origins([APP]).allow_methods(["*"]).build().unwrap();
    let url = serve!(move || App::new().service(strict_delete).wrap(cors.clone()));
    for request in [
        preflight(&url, "/strict", APP, "*", ""),
        preflight(&url, "/strict", APP, "DELETE", ""),
        Request::new("OPTIONS", format!("{url}/strict"))
            .header("origin", APP)
            .header("access-control-request-method", ""),
    ] {
        expect(request, 403, &refused_preflight()).await;
    }
}
