//! What is registered below the path, by its full pattern.

use actix_files::Files;
use actix_web::{App, HttpResponse, delete, put, web};
use cors_actix::{Cors, Override, cors};

use super::{admin, base, plain};
use crate::support::{
    ADMIN, APP, call, expect, granted, preflight, refused, refused_preflight, serve, shared,
};

#[cors(expose_headers += ["X-Own"])]
#[put("/own")]
async fn own() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(disable)]
#[delete("/own")]
async fn off() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn own_module() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("actix/scope_policies")
}

#[actix_web::test]
async fn everything_below_a_path_has_its_policy() {
    let cors = base().scope("/api", admin()).build().unwrap();
    let url = serve!(move || {
        let api = web::scope("/api")
            .service((own, off))
            .service(Files::new("/files", own_module()))
            .service(web::resource("/plain").route(web::put().to(plain)));
        App::new()
            .route("/api/first", web::put().to(plain))
            .service(api)
            .service(Files::new("/api2", own_module()))
            .route("/apix", web::put().to(plain))
            .wrap(cors.clone())
    });
    let scope = || shared(ADMIN, true, "ETag");
    let rows = [
        ("PUT", "/api/own", ADMIN, 200, shared(ADMIN, true, "ETag, X-Own")),
        ("PUT", "/api/own", APP, 200, refused()),
        ("DELETE", "/api/own", ADMIN, 200, refused()),
        ("PUT", "/api/plain", ADMIN, 200, scope()),
        ("GET", "/api/plain", ADMIN, 405, scope()),
        ("PUT", "/api/plain", APP, 200, refused()),
        ("PUT", "/api/first", ADMIN, 200, scope()),
        ("GET", "/api/first", ADMIN, 404, scope()),
        ("GET", "/api/files/mod.rs", ADMIN, 200, scope()),
        ("GET", "/api/files/none.rs", ADMIN, 404, scope()),
        ("PUT", "/api/files/mod.rs", ADMIN, 405, scope()),
        ("GET", "/api/files/mod.rs", APP, 200, refused()),
        ("GET", "/api/none", ADMIN, 404, scope()),
        ("GET", "/api/none", APP, 404, refused()),
        ("GET", "/api", ADMIN, 404, scope()),
        ("GET", "/api/", ADMIN, 404, scope()),
        // not below it
        ("PUT", "/apix", ADMIN, 200, refused()),
        ("PUT", "/apix", APP, 200, shared(APP, false, "")),
        ("GET", "/api2/mod.rs", APP, 200, shared(APP, false, "")),
        ("GET", "/none", APP, 404, shared(APP, false, "")),
        ("GET", "/none", ADMIN, 404, refused()),
    ];
    for (method, path, origin, status, cors) in rows {
        expect(call(method, &url, path, origin), status, &cors).await;
    }
    let put = || granted(ADMIN, "PUT", "X-Token", "");
    let rows = [
        ("/api/own", ADMIN, "PUT", 204, put()),
        ("/api/own", ADMIN, "DELETE", 403, refused_preflight()),
        ("/api/own", APP, "PUT", 403, refused_preflight()),
        ("/api/plain", ADMIN, "PUT", 204, put()),
        ("/api/plain", ADMIN, "PATCH", 403, refused_preflight()),
        ("/api/first", ADMIN, "PUT", 204, put()),
        ("/api/files/mod.rs", ADMIN, "GET", 204, put()),
        ("/api/none", ADMIN, "PUT", 204, put()),
        ("/api", ADMIN, "PUT", 204, put()),
        ("/apix", ADMIN, "PUT", 403, refused_preflight()),
        ("/none", ADMIN, "PUT", 403, refused_preflight()),
    ];
    for (path, origin, method, status, cors) in rows {
        expect(preflight(&url, path, origin, method, "x-token"), status, &cors).await;
    }
}

/// The usual layout: an API in a scope, and pages behind it.
#[actix_web::test]
async fn a_scope_s_answers_are_its_own_also_where_files_stand_behind_it() {
    let cors = base().scope("/api", admin()).build().unwrap();
    let url = serve!(move || {
        let api = web::scope("/api")
            .service(Files::new("/files", own_module()))
            .route("/plain", web::put().to(plain));
        App::new().service(api).service(Files::new("/", own_module())).wrap(cors.clone())
    });
    let scope = || shared(ADMIN, true, "ETag");
    let rows = [
        ("/api/none", ADMIN, 404, scope()),
        ("/api/files/mod.rs", ADMIN, 200, scope()),
        ("/api/plain", ADMIN, 404, scope()),
        ("/mod.rs", ADMIN, 200, refused()),
        ("/mod.rs", APP, 200, shared(APP, false, "")),
        ("/none.rs", APP, 404, shared(APP, false, "")),
    ];
    for (path, origin, status, cors) in rows {
        expect(call("GET", &url, path, origin), status, &cors).await;
    }
}

#[actix_web::test]
async fn scopes_lie_over_each_other_from_the_outside_in_and_under_everything_else() {
    let expose = |name: &str| Override::builder().add_expose_headers([name]);
    let cors = base()
        .scope("/a/b", expose("X-Inner"))
        .scope("/a", expose("X-Outer"))
        .scope(
            "/a",
            Override::builder()
                .add_expose_headers(["X-Again"])
                .max_age(std::time::Duration::from_secs(5)),
        )
        .route("/a/b/entry", ["GET"], Override::builder().remove_expose_headers(["X-Outer"]))
        .route("/a/set", ["*"], Override::builder().expose_headers(["X-Set"]))
        .build()
        .unwrap();
    let url = serve!(move || {
        let inner = web::scope("/b")
            .service(own)
            .route("/entry", web::get().to(plain))
            .route("/plain", web::get().to(plain));
        let outer = web::scope("/a").service(inner).route("/set", web::get().to(plain));
        App::new().service(outer).wrap(cors.clone())
    });
    let rows = [
        ("PUT", "/a/b/own", "X-Again, X-Inner, X-Outer, X-Own"),
        ("GET", "/a/b/plain", "X-Again, X-Inner, X-Outer"),
        ("GET", "/a/b/none", "X-Again, X-Inner, X-Outer"),
        ("GET", "/a/b/entry", "X-Again, X-Inner"),
        ("GET", "/a/none", "X-Again, X-Outer"),
        ("GET", "/a/set", "X-Set"),
        ("GET", "/none", ""),
    ];
    for (method, path, exposed) in rows {
        let status = if path.ends_with("none") { 404 } else { 200 };
        expect(call(method, &url, path, APP), status, &shared(APP, false, exposed)).await;
    }
}

#[actix_web::test]
async fn a_scope_that_is_off_stays_off_for_everything_in_it() {
    let cors = base()
        .allow_credentials(true)
        .scope("/internal", Override::builder().disable())
        .scope("/internal/open", Override::builder().allow_origins([ADMIN]))
        .route("/internal/entry", ["*"], admin())
        .build()
        .unwrap();
    let url = serve!(move || {
        let internal = web::scope("/internal")
            .service(own)
            .route("/entry", web::put().to(plain))
            .service(web::scope("/open").route("/plain", web::put().to(plain)))
            .service(Files::new("/files", own_module()));
        App::new().service(internal).wrap(cors.clone())
    });
    for path in ["own", "entry", "open/plain", "open/none", "files/mod.rs", "none", ""] {
        let path = format!("/internal/{path}");
        for origin in [APP, ADMIN] {
            let response = crate::support::send(call("PUT", &url, &path, origin)).await;
            assert_eq!(response.cors(), refused(), "{path} {origin}");
            expect(preflight(&url, &path, origin, "PUT", ""), 403, &refused_preflight()).await;
        }
    }
}

/// A layer before the application answers for this part of it.
#[actix_web::test]
async fn a_scope_that_is_left_to_another_layer_adds_nothing_and_refuses_nothing() {
    let cors = base().scope("/edge", Override::builder().external()).build().unwrap();
    let wrapped = cors.clone();
    let url = serve!(move || {
        let edge = web::scope("/edge")
            .service(off)
            .route("/plain", web::put().to(plain))
            .service(Files::new("/files", own_module()));
        App::new().service(edge).route("/plain", web::put().to(plain)).wrap(wrapped.clone())
    });
    for (method, path, status) in [
        ("PUT", "/edge/plain", 200),
        ("GET", "/edge/files/mod.rs", 200),
        ("GET", "/edge/files/none.rs", 404),
        ("GET", "/edge/none", 404),
    ] {
        for origin in [APP, ADMIN, ""] {
            expect(call(method, &url, path, origin), status, &[]).await;
        }
        for method in ["PUT", "PATCH"] {
            expect(preflight(&url, path, ADMIN, method, "x-any"), 204, &[]).await;
        }
    }
    // stricter, further in
    expect(preflight(&url, "/edge/own", APP, "DELETE", ""), 403, &refused_preflight()).await;
    expect(call("PUT", &url, "/plain", APP), 200, &shared(APP, false, "")).await;
    assert_eq!(cors.misuses(), []);
}

/// Patterns are compared as texts: what a request's path looks like does not matter.
#[actix_web::test]
async fn a_scope_of_a_pattern_covers_what_is_registered_below_the_pattern() {
    let cors = base().scope("/{tenant}", admin()).build().unwrap();
    let url = serve!(move || {
        App::new()
            .service(web::scope("/admin").route("/users", web::get().to(plain)))
            .service(web::scope("/{tenant}").route("/users", web::get().to(plain)))
            .wrap(cors.clone())
    });
    let rows = [
        ("/acme/users", ADMIN, 200, shared(ADMIN, true, "ETag")),
        ("/acme/none", ADMIN, 404, shared(ADMIN, true, "ETag")),
        ("/admin/users", ADMIN, 200, refused()),
        ("/admin/users", APP, 200, shared(APP, false, "")),
        ("/admin/none", ADMIN, 404, refused()),
        ("/admin/none", APP, 404, shared(APP, false, "")),
    ];
    for (path, origin, status, cors) in rows {
        expect(call("GET", &url, path, origin), status, &cors).await;
    }
}

/// Credentials from the scope, any origin from the base policy.
#[actix_web::test]
async fn a_scope_that_does_not_fit_the_base_policy_keeps_the_application_from_starting() {
    let open = Cors::builder().allow_origins(["*"]);
    let cors = open.scope("/api", Override::builder().allow_credentials(true)).build().unwrap();
    let app = App::new().service(web::scope("/api").route("/x", web::get().to(plain)));
    let started = crate::started::Started::start(app.wrap(cors.clone())).await;
    assert!(started.is_none());
    let errors = cors.start_error().unwrap().to_string();
    assert!(
        errors.starts_with("[CORS019] scope entry at tests/actix/scope_policies/covered.rs:"),
        "{errors}"
    );
}

/// Each was called a misspelt pattern.
#[actix_web::test]
async fn an_entry_for_all_that_is_below_a_path_is_told_of_scopes() {
    for pattern in ["/api", "/api/*", "/api/{tail:.*}"] {
        let cors = base().route(pattern, ["*"], admin()).build().unwrap();
        let wrapped = cors.clone();
        let url = serve!(move || {
            let api = web::scope("/api").route("/plain", web::get().to(plain));
            App::new().service(api).wrap(wrapped.clone())
        });
        expect(call("GET", &url, "/api/plain", APP), 200, &shared(APP, false, "")).await;
        let text = cors.misuses()[0].to_string();
        assert!(text.ends_with("for all that is below, write `.scope(\"/api\", ..)`"), "{text}");
    }
}
