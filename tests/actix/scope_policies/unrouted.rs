//! What no route takes: the router's own 404 and what middlewares answer for it.

use actix_web::{App, HttpResponse, get, guard, middleware::from_fn, web};
use cors_actix::{Override, cors};

use super::{admin, base, plain};
use crate::support::{
    ADMIN, APP, call, expect, granted, preflight, refused, refused_preflight, serve, shared,
};

#[cors]
#[get("/api/flat")]
async fn flat() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// No scope of actix has the path.
#[actix_web::test]
async fn a_path_without_a_scope_of_actix_belongs_to_the_one_that_it_would_enter() {
    let cors = base()
        .scope("/api", admin())
        .scope("/api/v1", Override::builder().add_expose_headers(["X-V1"]))
        .build()
        .unwrap();
    let url = serve!(move || {
        App::new().service(flat).route("/api/v1/x", web::get().to(plain)).wrap(cors.clone())
    });
    let rows = [
        ("/api/flat", 200, shared(ADMIN, true, "ETag")),
        ("/api/none", 404, shared(ADMIN, true, "ETag")),
        ("/api", 404, shared(ADMIN, true, "ETag")),
        ("/api/v1/x", 200, shared(ADMIN, true, "ETag, X-V1")),
        ("/api/v1/none", 404, shared(ADMIN, true, "ETag, X-V1")),
        ("/api/v10", 404, shared(ADMIN, true, "ETag")),
        ("/apix", 404, refused()),
    ];
    for (path, status, cors) in rows {
        expect(call("GET", &url, path, ADMIN), status, &cors).await;
    }
    // annotated handlers are reached by their methods only
    expect(call("PUT", &url, "/api/flat", ADMIN), 404, &shared(ADMIN, true, "ETag")).await;
    let put = granted(ADMIN, "PUT", "X-Token", "");
    expect(preflight(&url, "/api/none", ADMIN, "PUT", ""), 204, &put).await;
    expect(preflight(&url, "/api/none", APP, "PUT", ""), 403, &refused_preflight()).await;
}

/// The handler is the application's, which a scope inherits unless its guard keeps the request out.
#[actix_web::test]
async fn what_a_guard_keeps_out_of_a_scope_is_not_answered_by_its_policy() {
    let cors = base().scope("/api", admin()).build().unwrap();
    let url = serve!(move || {
        let api = web::scope("/api").guard(guard::Header("x-inside", "1"));
        App::new()
            .service(api.route("/x", web::get().to(plain)))
            .default_service(web::to(plain))
            .wrap(cors.clone())
    });
    for origin in [ADMIN, APP] {
        expect(call("GET", &url, "/api/none", origin), 200, &refused()).await;
    }
    let inside = call("GET", &url, "/api/none", ADMIN).header("x-inside", "1");
    expect(inside, 200, &shared(ADMIN, true, "ETag")).await;
    expect(call("GET", &url, "/none", APP), 200, &shared(APP, false, "")).await;
}

#[actix_web::test]
async fn what_a_middleware_answers_in_a_scope_has_the_scope_s_policy() {
    let cors = base().scope("/api", admin()).build().unwrap();
    let url = serve!(move || {
        let refuse = from_fn(
            async |request: actix_web::dev::ServiceRequest,
                   _next: actix_web::middleware::Next<actix_web::body::BoxBody>| {
                Ok::<_, actix_web::Error>(request.into_response(HttpResponse::Unauthorized()))
            },
        );
        let api = web::scope("/api").route("/x", web::get().to(plain)).wrap(refuse);
        App::new().service(api).service(actix_files::Files::new("/", ".")).wrap(cors.clone())
    });
    for path in ["/api/x", "/api/none", "/api/x/"] {
        expect(call("GET", &url, path, ADMIN), 401, &shared(ADMIN, true, "ETag")).await;
        expect(call("GET", &url, path, APP), 401, &refused()).await;
    }
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[get("/items/{id}")]
async fn item() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

/// It had no CORS header, because the path without the slash leads to a route.
#[actix_web::test]
async fn the_router_s_404_has_the_base_policy_also_where_a_slash_would_lead_to_a_route() {
    for is_wrapped in [false, true] {
        let cors =
            base().scope("/in", Override::builder().add_expose_headers(["ETag"])).build().unwrap();
        let url = serve!(move || {
            let logger = actix_web::middleware::Condition::new(
                is_wrapped,
                actix_web::middleware::Logger::default(),
            );
            App::new()
                .service(web::scope("/in").service(item))
                .service(item)
                .wrap(logger)
                .wrap(cors.clone())
        });
        for (path, exposed) in [("/items/1/", ""), ("/in/items/1/", "ETag")] {
            expect(call("GET", &url, path, APP), 404, &shared(APP, false, exposed)).await;
            expect(call("GET", &url, path, ADMIN), 404, &refused()).await;
        }
        for (path, exposed) in [("/items/1", ""), ("/in/items/1", "ETag")] {
            expect(call("GET", &url, path, APP), 404, &refused()).await;
            expect(call("GET", &url, path, ADMIN), 404, &shared(ADMIN, false, exposed)).await;
        }
    }
}
