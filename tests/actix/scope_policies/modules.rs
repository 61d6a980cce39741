//! Modules: their policies reach what no route takes below the prefix of their `#[scope]`, and nothing that is
//! registered elsewhere.

use actix_web::{App, scope, web};
use cors_actix::{Override, cors};

use super::{base, plain};
use crate::support::{
    ADMIN, APP, call, expect, granted, preflight, refused, refused_preflight, serve, shared,
};

#[cors(allow_credentials = true, allow_headers = ["X-Token"], allow_methods = ["PUT"])]
#[scope("/cred")]
mod cred {
    use actix_web::{HttpResponse, put};

    #[put("/x")]
    pub(super) async fn x() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

#[cors(disable)]
#[scope("/none")]
mod none {
    use actix_web::{HttpResponse, get};

    #[get("/x")]
    pub(super) async fn x() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

#[scope("/plain")]
#[cors(allow_credentials = true)]
mod scope_above {
    use actix_web::{HttpResponse, get};

    #[get("/x")]
    pub(super) async fn x() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

#[actix_web::test]
async fn a_module_s_policy_reaches_what_is_unrouted_below_its_scope() {
    let cors = base().build().unwrap();
    let url = serve!(move || {
        App::new()
            .service(web::scope("/v1").service(cred::x).service(none::x))
            .service(scope_above::x)
            .route("/v1/cred/elsewhere", web::get().to(plain))
            .wrap(cors.clone())
    });
    let own = || shared(APP, true, "");
    let rows = [
        ("PUT", "/v1/cred/x", 200, own()),
        ("GET", "/v1/cred/x", 404, own()),
        ("GET", "/v1/cred/nope", 404, own()),
        ("GET", "/v1/cred", 404, own()),
        ("GET", "/v1/credit", 404, shared(APP, false, "")),
        ("GET", "/cred/nope", 404, shared(APP, false, "")),
        ("GET", "/v1/none/x", 200, refused()),
        ("GET", "/v1/none/nope", 404, refused()),
        ("GET", "/plain/x", 200, own()),
        // with `#[scope]` above, it is a plain module
        ("GET", "/plain/nope", 404, shared(APP, false, "")),
    ];
    for (method, path, status, cors) in rows {
        expect(call(method, &url, path, APP), status, &cors).await;
    }
    let put = granted(APP, "PUT", "X-Token", "");
    expect(preflight(&url, "/v1/cred/nope", APP, "PUT", "x-token"), 204, &put).await;
    expect(preflight(&url, "/v1/none/nope", APP, "GET", ""), 403, &refused_preflight()).await;
}

/// A plain route below the prefix is none of the module's.
#[actix_web::test]
async fn a_module_s_policy_does_not_reach_what_is_registered_elsewhere() {
    let cors = base()
        .scope("/cred", Override::builder().add_expose_headers(["X-Scope"]))
        .scope("/cred/deep", Override::builder().add_expose_headers(["X-Deep"]))
        .build()
        .unwrap();
    let url = serve!(move || {
        App::new()
            .service(cred::x)
            .route("/cred/elsewhere", web::get().to(plain))
            .route("/cred/deep/elsewhere", web::get().to(plain))
            .wrap(cors.clone())
    });
    let rows = [
        ("PUT", "/cred/x", 200, shared(APP, true, "X-Scope")),
        ("GET", "/cred/nope", 404, shared(APP, true, "X-Scope")),
        ("GET", "/cred/elsewhere", 200, shared(APP, false, "X-Scope")),
        ("GET", "/cred/deep/elsewhere", 200, shared(APP, false, "X-Deep, X-Scope")),
        // modules lie over scopes
        ("GET", "/cred/deep/nope", 404, shared(APP, true, "X-Deep, X-Scope")),
        ("GET", "/nope", 404, shared(APP, false, "")),
    ];
    for (method, path, status, cors) in rows {
        expect(call(method, &url, path, APP), status, &cors).await;
    }
    expect(call("GET", &url, "/cred/nope", ADMIN), 404, &refused()).await;
}
