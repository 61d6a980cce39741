//! Services that answer GET and HEAD alone, behind an API in a scope.

use actix_files::Files;
use actix_web::{App, HttpRequest, HttpResponse, get, guard, put, web};
use cors_actix::{Cors, Misuse, Override, cors, for_scope, read_only};

use crate::support::{
    ADMIN, APP, call, expect, granted, preflight, refused, refused_preflight, serve, shared,
};

fn base() -> Cors {
    Cors::builder().allow_origins([APP]).allow_credentials(true).build().unwrap()
}

#[cors(allow_origins = ["https://admin.example.com"], allow_headers = ["X-Token"])]
#[put("/x")]
async fn put_x() -> &'static str {
    "annotated"
}

#[cors(allow_origins = ["https://admin.example.com"], allow_headers = ["X-Token"])]
#[get("/x")]
async fn get_x() -> &'static str {
    "annotated"
}

async fn any(request: HttpRequest) -> HttpResponse {
    HttpResponse::Ok().body(format!("{} by a proxy", request.method()))
}

/// The guard of the scope keeps all requests out that do not say so.
fn api() -> actix_web::Scope {
    web::scope("/api").guard(guard::Header("x-inside", "1")).service((put_x, get_x))
}

#[actix_web::test]
async fn it_answers_get_and_head_and_nothing_else() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/actix");
    let cors = base();
    let url = serve!(move || App::new()
        .service(web::scope("/pages").service(read_only(web::resource("/{page}").to(any))))
        .service(read_only(Files::new("/", folder)))
        .wrap(cors.clone()));
    let own = || shared(APP, true, "");
    let rows = [
        ("GET", "/main.rs", 200),
        ("HEAD", "/main.rs", 200),
        ("GET", "/none.rs", 404),
        ("PUT", "/main.rs", 405),
        ("POST", "/none.rs", 405),
        ("DELETE", "/", 405),
        ("GET", "/pages/7", 200),
        ("PUT", "/pages/7", 405),
        ("GET", "/pages", 404),
    ];
    for (method, path, status) in rows {
        let answer = expect(call(method, &url, path, APP), status, &own()).await;
        let allow = answer.get("allow");
        let allow = allow.as_deref();
        assert_eq!(allow, (status == 405).then_some("GET, HEAD"), "{method} {path}");
    }
}

/// They run nothing for the request, so they are not asked.
#[actix_web::test]
async fn preflights_of_a_scope_before_it_are_those_of_the_scope() {
    let cors = base();
    let wrapped = cors.clone();
    let url = serve!(move || App::new()
        .service(api())
        .service(read_only(web::resource("/{tail:.*}").to(any)))
        .wrap(wrapped.clone()));
    for method in ["PUT", "GET"] {
        let own = granted(ADMIN, "GET, PUT", "X-Token", "");
        expect(preflight(&url, "/api/x", ADMIN, method, "x-token"), 204, &own).await;
        expect(preflight(&url, "/api/x", APP, method, ""), 403, &refused_preflight()).await;
    }
    let inside = |method| call(method, &url, "/api/x", ADMIN).header("x-inside", "1");
    let answer = expect(inside("PUT"), 200, &shared(ADMIN, true, "")).await;
    assert_eq!(answer.body, "annotated");
    // what the guard refuses runs nothing, or is only read, and by the base policy
    for (method, status) in [("PUT", 405), ("GET", 200)] {
        expect(call(method, &url, "/api/x", ADMIN), status, &refused()).await;
    }
    // what it serves itself has the base policy
    expect(preflight(&url, "/page", APP, "GET", ""), 204, &granted(APP, "", "", "")).await;
    expect(preflight(&url, "/page", APP, "PUT", ""), 403, &refused_preflight()).await;
    expect(preflight(&url, "/page", ADMIN, "GET", ""), 403, &refused_preflight()).await;
    assert_eq!(cors.misuses(), []);
}

/// It takes any method, and the guard of the scope passes requests on to it.
#[actix_web::test]
async fn nobody_is_granted_what_a_proxy_behind_a_guarded_scope_would_get() {
    let cors = base();
    let wrapped = cors.clone();
    let url = serve!(move || App::new()
        .service(api())
        .service(web::resource("/{tail:.*}").to(any))
        .wrap(wrapped.clone()));
    for origin in [APP, ADMIN] {
        for method in ["PUT", "GET"] {
            expect(preflight(&url, "/api/x", origin, method, ""), 403, &refused_preflight()).await;
        }
    }
    expect(call("PUT", &url, "/api/x", ADMIN), 200, &refused()).await;
    assert_eq!(cors.misuses().iter().map(Misuse::code).collect::<Vec<_>>(), ["CORS211"]);
}

#[actix_web::test]
async fn what_is_registered_behind_it_is_named() {
    let cors = base();
    let wrapped = cors.clone();
    let url = serve!(move || App::new()
        .service(read_only(web::resource("/{tail:.*}").to(any)))
        .route("/late", web::get().to(any))
        .wrap(wrapped.clone()));
    expect(call("PUT", &url, "/late", APP), 405, &shared(APP, true, "")).await;
    let texts: Vec<_> = cors.misuses().iter().map(ToString::to_string).collect();
    assert!(texts[0].starts_with("`/late` is registered behind `read_only`"), "{texts:?}");
    assert_eq!(texts.len(), 1);
}

/// It is a scope of its own to actix, of the same path.
#[actix_web::test]
async fn a_scope_s_own_overrides_were_turned_off_by_one_in_it() {
    let cors = base();
    let wrapped = cors.clone();
    let url = serve!(move || {
        let overrides = Override::builder().allow_origins([ADMIN]).allow_credentials(false);
        let pages = read_only(web::resource("/{page}").to(any));
        let scope = web::scope("/pages").service(for_scope(overrides)).service(pages);
        App::new().service(scope).wrap(wrapped.clone())
    });
    expect(call("GET", &url, "/pages/7", ADMIN), 200, &shared(ADMIN, false, "")).await;
    expect(call("PUT", &url, "/pages/7", ADMIN), 405, &shared(ADMIN, false, "")).await;
    assert_eq!(cors.misuses(), []);
}
