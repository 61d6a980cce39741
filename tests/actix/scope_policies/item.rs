//! Overrides that are registered in the scope, beside its handlers.

use actix_web::{App, HttpResponse, get, guard, web};
use cors_actix::{Cors, Override, cors, for_scope};

use super::{admin, base, plain};
use crate::{
    started::Started,
    support::{
        ADMIN, APP, call, expect, granted, preflight, refused, refused_preflight, serve, shared,
    },
};

#[cors(expose_headers += ["X-Own"])]
#[get("/own")]
async fn own() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn configure(config: &mut web::ServiceConfig) {
    config.route("/plain", web::put().to(plain)).service(for_scope(admin())).service(own);
}

#[actix_web::test]
async fn it_covers_what_is_registered_in_the_scope_before_and_after_it() {
    let cors = base().build().unwrap();
    let url = serve!(move || {
        let inner = web::scope("/{id}").configure(configure);
        let outer = web::scope("/outer").service(inner).route("/plain", web::put().to(plain));
        App::new().service(outer).wrap(cors.clone())
    });
    let rows = [
        ("GET", "/outer/7/own", ADMIN, 200, shared(ADMIN, true, "ETag, X-Own")),
        ("PUT", "/outer/7/plain", ADMIN, 200, shared(ADMIN, true, "ETag")),
        ("GET", "/outer/7/plain", ADMIN, 404, shared(ADMIN, true, "ETag")),
        ("GET", "/outer/7/none", ADMIN, 404, shared(ADMIN, true, "ETag")),
        ("GET", "/outer/7/none", APP, 404, refused()),
        // `/{id}` takes it first
        ("PUT", "/outer/plain", APP, 404, refused()),
        ("PUT", "/outer", APP, 404, shared(APP, false, "")),
    ];
    for (method, path, origin, status, cors) in rows {
        expect(call(method, &url, path, origin), status, &cors).await;
    }
    let put = granted(ADMIN, "PUT", "X-Token", "");
    expect(preflight(&url, "/outer/7/plain", ADMIN, "PUT", ""), 204, &put).await;
    expect(preflight(&url, "/outer/7/plain", APP, "PUT", ""), 403, &refused_preflight()).await;
}

/// It is the base policy that is for all.
#[actix_web::test]
async fn at_the_root_it_is_a_start_error() {
    let cors = base().build().unwrap();
    let app = App::new().service(for_scope(admin())).service(own).wrap(cors.clone());
    assert!(Started::start(app).await.is_none());
    let error = cors.start_error().unwrap().to_string();
    assert!(
        error.starts_with("[CORS068] scope entry at tests/actix/scope_policies/item.rs:"),
        "{error}"
    );
}

#[actix_web::test]
async fn in_a_scope_without_a_path_it_is_a_start_error() {
    let cors = base().build().unwrap();
    let scope = web::scope("").service(for_scope(admin())).service(own);
    assert!(Started::start(App::new().service(scope).wrap(cors.clone())).await.is_none());
    assert_eq!(cors.start_error().unwrap().errors().first().code(), "CORS068");
}

#[actix_web::test]
async fn an_item_that_does_not_fit_keeps_an_application_without_handlers_from_starting() {
    let cors = Cors::builder().allow_origins(["*"]).build().unwrap();
    let item = || for_scope(Override::builder().allow_credentials(true));
    let scope = web::scope("/api").service(item()).route("/x", web::get().to(plain));
    assert!(Started::start(App::new().service(scope).wrap(cors.clone())).await.is_none());
    assert_eq!(cors.start_error().unwrap().errors().first().code(), "CORS019");
}

/// Only one of them has said so, and routes are known by their patterns.
#[actix_web::test]
async fn of_two_scopes_with_one_path_neither_gets_what_one_has_said() {
    let cors = base().build().unwrap();
    let wrapped = cors.clone();
    let url = serve!(move || {
        let scope = |tenant| web::scope("/api").guard(guard::Host(tenant));
        App::new()
            .service(
                scope("one.example").service(for_scope(admin())).route("/x", web::get().to(plain)),
            )
            .service(scope("two.example").route("/x", web::get().to(plain)))
            .wrap(wrapped.clone())
    });
    for origin in [ADMIN, APP] {
        for path in ["/api/x", "/api/none"] {
            let response = crate::support::send(call("GET", &url, path, origin)).await;
            assert_eq!(response.cors(), refused(), "{path} {origin}");
        }
    }
    let misuses: Vec<&str> = cors.misuses().iter().map(cors_actix::Misuse::code).collect();
    assert!(misuses.contains(&"CORS215"), "{misuses:?}");
}
