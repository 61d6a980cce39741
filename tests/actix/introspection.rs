//! With introspection the methods of plain routes and the guards of scopes are known. The feature alone
//! changes nothing, because another crate in the build may have turned it on.

use actix_web::{App, HttpResponse, get, guard, web};
use cors_actix::{Cors, CorsBuilder, Override, cors};

use crate::support::{
    ADMIN, APP, call, expect, granted, granted_alone, preflight, refused_preflight, send, serve,
    shared,
};

fn base() -> CorsBuilder {
    not_asked().experimental_introspection(true)
}

fn not_asked() -> CorsBuilder {
    Cors::builder().allow_origins([APP]).allow_credentials(true)
}

async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[get("/{tail:.*}")]
async fn for_admins() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn plain_routes_are_preflighted_for_what_they_serve() {
    let cors = base()
        .route("/s/entry", ["PATCH"], Override::builder().allow_origins([ADMIN]))
        .build()
        .unwrap();
    let wrapped = cors.clone();
    let url = serve!(move || {
        let resource =
            web::resource("/{id}").route(web::get().to(plain)).route(web::put().to(plain));
        let entry = web::resource("/entry").patch(plain).delete(plain);
        App::new()
            .service(web::scope("/s").service(entry).service(resource))
            .route("/any", web::to(plain))
            .route("/trace", web::trace().to(plain))
            .wrap(wrapped.clone())
    });
    let rows = [
        ("/s/1", "PUT", APP, 204, "GET, HEAD, POST, PUT"),
        ("/s/1", "GET", APP, 204, "GET, HEAD, POST, PUT"),
        ("/s/1", "DELETE", APP, 403, ""),
        ("/s/1", "PUT", ADMIN, 403, ""),
        ("/any", "PUT", APP, 403, ""),
        ("/any", "GET", APP, 204, "GET, HEAD, POST"),
        ("/trace", "PUT", APP, 403, ""),
        ("/nowhere", "PUT", APP, 403, ""),
        ("/nowhere", "GET", APP, 204, "GET, HEAD, POST"),
    ];
    for (path, method, origin, status, methods) in rows {
        let answer = send(preflight(&url, path, origin, method, "")).await;
        assert_eq!(answer.status, status, "{method} {path}");
        let list = answer.get("access-control-allow-methods");
        assert_eq!(list.unwrap_or_default(), methods, "{method} {path}");
        assert_eq!(answer.cors() == refused_preflight(), status != 204, "{method} {path}");
    }
    // what an entry says comes on top
    let own = granted_alone(ADMIN, "PATCH", "", "");
    expect(preflight(&url, "/s/entry", ADMIN, "PATCH", ""), 204, &own).await;
    expect(call("PATCH", &url, "/s/entry", ADMIN), 200, &shared(ADMIN, true, "")).await;
    let text = cors.reports()[0].to_string();
    assert!(text.contains("GET, PUT /s/{id}  introspection\n    as the base policy"), "{text}");
    assert!(
        text.contains("PATCH /s/entry  route entry at tests/actix/introspection.rs:"),
        "{text}"
    );
    assert_eq!(cors.misuses(), []);
}

#[actix_web::test]
async fn a_scope_without_a_guard_takes_all_its_paths() {
    let cors = base().build().unwrap();
    let guarded = cors.clone();
    let open = serve!(move || App::new()
        .service(web::scope("/s").route("/x", web::get().to(plain)))
        .service(for_admins)
        .wrap(cors.clone()));
    let guarded = serve!(move || App::new()
        .service(
            web::scope("/s").guard(guard::Header("x-in", "1")).route("/x", web::get().to(plain))
        )
        .service(for_admins)
        .wrap(guarded.clone()));
    // the scope answers 404 under the base policy
    expect(preflight(&open, "/s/y", APP, "GET", ""), 204, &granted(APP, "", "", "")).await;
    expect(preflight(&open, "/s/y", ADMIN, "GET", ""), 403, &refused_preflight()).await;
    // with a guard it may be passed by
    expect(preflight(&guarded, "/s/y", APP, "GET", ""), 403, &refused_preflight()).await;
    expect(preflight(&guarded, "/s/y", ADMIN, "GET", ""), 403, &refused_preflight()).await;
    for url in [&open, &guarded] {
        let own = granted(ADMIN, "GET", "", "");
        expect(preflight(url, "/t", ADMIN, "GET", ""), 204, &own).await;
    }
}

/// Introspection shows neither, and the methods that it does show were taken for all there are.
#[actix_web::test]
async fn a_default_service_or_a_route_for_any_method_is_left_to_the_base_policy() {
    let cors = base().allow_methods(["GET", "PUT"]).build().unwrap();
    let url = serve!(move || {
        let default = web::resource("/default").get(plain).default_service(web::to(plain));
        let any = web::resource("/any").get(plain).route(web::to(plain));
        App::new().service(default).service(any).wrap(cors.clone())
    });
    for path in ["/default", "/any"] {
        for (method, status) in [("PUT", 204), ("DELETE", 403)] {
            let answer = send(preflight(&url, path, APP, method, "")).await;
            assert_eq!(answer.status, status, "{method} {path}");
            assert_eq!(send(call(method, &url, path, APP)).await.status, 200, "{method} {path}");
        }
    }
}

#[actix_web::test]
async fn strict_routes_count_declared_ones_only() {
    let cors = base()
        .route("/declared", ["PUT"], Override::builder())
        .strict_routes(true)
        .build()
        .unwrap();
    let url = serve!(move || App::new()
        .route("/declared", web::put().to(plain))
        .route("/plain", web::put().to(plain))
        .wrap(cors.clone()));
    for (path, status) in [("/declared", 204), ("/plain", 403)] {
        assert_eq!(send(preflight(&url, path, APP, "PUT", "")).await.status, status, "{path}");
    }
}

#[actix_web::test]
async fn the_feature_alone_changes_no_answer() {
    for (cors, status) in [(base(), 204), (not_asked(), 403)] {
        let cors = cors.build().unwrap();
        let wrapped = cors.clone();
        let url = serve!(move || App::new()
            .service(web::resource("/x").route(web::put().to(plain)))
            .wrap(wrapped.clone()));
        assert_eq!(send(preflight(&url, "/x", APP, "PUT", "")).await.status, status);
        assert_eq!(cors.reports()[0].routes.len(), usize::from(status == 204));
    }
}
