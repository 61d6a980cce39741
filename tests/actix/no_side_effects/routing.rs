//! The choice of a route: guards, default services, redirects, external resources, order.

use actix_web::{
    App, HttpRequest, HttpResponse, delete, get,
    guard::{self, GuardContext},
    http::StatusCode,
    route, routes, web,
};
use cors_tests::client::Request;

use super::pair::{get, pair, twice};

fn is_admin(context: &GuardContext<'_>) -> bool {
    context.head().headers().contains_key("x-admin")
}

twice! {
    #[get("/page", guard = "is_admin")]
    async fn admin(request: HttpRequest) -> String { format!("admin {:?}", request.match_pattern()) }

    #[get("/page")]
    async fn everybody() -> &'static str { "everybody" }

    #[delete("/page", guard = "is_admin")]
    async fn remove() -> HttpResponse { HttpResponse::NoContent().finish() }

    #[route("/many", method = "GET", method = "PUT", method = "PATCH")]
    async fn many(request: HttpRequest) -> String { request.method().to_string() }

    #[routes]
    #[get("/either/{id:[0-9]+}")]
    #[get("/or/{id}")]
    #[delete("/or/{id}")]
    async fn either(request: HttpRequest) -> String {
        format!("{} {:?}", request.method(), request.match_pattern())
    }

    #[get("/go")]
    async fn go(request: HttpRequest) -> HttpResponse {
        let url = request.url_for("elsewhere", ["7"]).unwrap();
        HttpResponse::SeeOther().insert_header(("location", url.as_str())).finish()
    }

    #[get("/{tail:.*}")]
    async fn rest(tail: web::Path<String>) -> String { format!("rest {tail}") }
}

const PATHS: [&str; 16] = [
    "/page",
    "/many",
    "/either/7",
    "/either/x",
    "/or/x",
    "/go",
    "/old",
    "/older/x",
    "/a/page",
    "/a/nothing",
    "/b/page",
    "/b/many",
    "/guarded/page",
    "/resource",
    "/nothing",
    "/",
];

const METHODS: [&str; 8] = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "POST", "OPTIONS", "PROPFIND"];

macro_rules! routes {
    () => {
        App::new()
            .external_resource("elsewhere", "https://elsewhere.example/items/{id}")
            .service((handlers::admin, handlers::everybody, handlers::remove, handlers::many))
            .service((handlers::either, handlers::go))
            .service(web::redirect("/old", "/page"))
            .service(web::redirect("/older/{id}", "/new").using_status_code(StatusCode::FOUND))
            .service(
                web::scope("/a")
                    .service((handlers::admin, handlers::many))
                    .default_service(web::to(async || HttpResponse::Gone().body("default of a"))),
            )
            .service(
                web::scope("/b")
                    .guard(guard::Any(guard::Get()).or(guard::Put()))
                    .service((handlers::everybody, handlers::many)),
            )
            .service(
                web::scope("/guarded")
                    .guard(guard::Host("api.example.com"))
                    .service(handlers::everybody),
            )
            .service(web::scope("/guarded").service(handlers::admin))
            .service(
                web::resource("/resource")
                    .route(web::get().guard(guard::Header("x-admin", "1")).to(async || "guarded"))
                    .route(web::post().to(HttpResponse::Created))
                    .default_service(web::to(async || HttpResponse::ImATeapot().body("default"))),
            )
    };
}

#[actix_web::test]
async fn every_method_reaches_the_same_route() {
    let bare = pair!(routes!());
    let defaulted = pair!(routes!().default_service(web::to(|request: HttpRequest| async move {
        HttpResponse::NotFound().body(format!("{:?}", request.match_pattern()))
    })));
    let catching = pair!(routes!().service(handlers::rest));
    for pair in [bare, defaulted, catching] {
        for path in PATHS {
            for method in METHODS {
                let request = Request::new(method, path);
                pair.same(&request).await;
                pair.same(&request.header("x-admin", "1")).await;
            }
        }
    }
}

#[actix_web::test]
async fn the_answers_are_those_of_the_documentation() {
    let pair = pair!(routes!());
    let answer = pair.same(&get("/old")).await;
    assert_eq!((answer.status, answer.get("location").as_deref()), (307, Some("/page")));
    let answer = pair.same(&get("/go")).await;
    assert_eq!(answer.get("location").as_deref(), Some("https://elsewhere.example/items/7"));
    assert_eq!(pair.same(&Request::new("PUT", "/resource")).await.body, "default");
    assert_eq!(pair.same(&get("/a/nothing")).await.body, "default of a");
    assert_eq!(pair.same(&get("/page").header("x-admin", "1")).await.body, "admin Some(\"/page\")");
}

/// What a preflight would be, without the header that makes it one, belongs to the application.
#[actix_web::test]
async fn options_are_the_applications_own() {
    let pair = pair!(
        routes!()
            .route("/options", web::method(actix_web::http::Method::OPTIONS).to(async || "own"))
    );
    let request = Request::new("OPTIONS", "/options");
    assert_eq!(pair.same(&request).await.body, "own");
    let without_origin = request.header("access-control-request-method", "GET");
    pair.same_from("", &without_origin).await;
}
