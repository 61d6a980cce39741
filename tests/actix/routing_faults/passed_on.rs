//! Responses that reach the middleware by other ways than from the route that made them, and entries that
//! are meant for the route that runs. A reviewer found each of them granted or lost.

use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    get, guard,
    middleware::{Next, from_fn},
    put, web,
};
use cors_actix::{Override, cors};

use super::{BASE, ONE, base, call, cors, plain, ran, refused, start};
use crate::support::{ADMIN, shared};

#[cors(allow_origins = ["https://one.example"])]
#[get("/x")]
async fn get_x() -> HttpResponse {
    ran("get_x")
}

#[cors(allow_origins = ["https://one.example"])]
#[put("/a")]
async fn put_a() -> HttpResponse {
    ran("put_a")
}

fn never() -> impl guard::Guard {
    guard::Header("x-never", "1")
}

/// The entry was left out, because an annotated route of the pattern was said to serve the method.
#[actix_web::test]
async fn an_entry_reaches_the_plain_route_behind_a_guarded_scope() {
    let entry = Override::builder().allow_origins([ADMIN]);
    let app = App::new()
        .service(web::scope("/s").guard(never()).service(get_x))
        .service(web::scope("/s").route("/x", web::get().to(plain)))
        .wrap(base().route("/s/x", ["GET"], entry).build().unwrap());
    let app = start(app).await;
    app.expect(call("GET", "/s/x", BASE), "plain", refused()).await;
    app.expect(call("GET", "/s/x", ADMIN), "plain", shared(ADMIN, false, "")).await;
}

/// The path with the prefix was looked up, and what was not found had the base policy.
#[actix_web::test]
async fn an_entry_holds_where_a_prefix_is_skipped_outside() {
    async fn skip(
        mut request: ServiceRequest,
        next: Next<impl MessageBody + 'static>,
    ) -> Result<ServiceResponse<impl MessageBody>, Error> {
        if request.path().starts_with("/v1") {
            request.match_info_mut().skip(3);
        }
        next.call(request).await
    }
    let entry = Override::builder().allow_origins([ADMIN]);
    let app = App::new()
        .route("/a", web::get().to(plain))
        .wrap(base().route("/a", ["GET"], entry).build().unwrap())
        .wrap(from_fn(skip));
    let app = start(app).await;
    for path in ["/a", "/v1/a"] {
        app.expect(call("GET", path, BASE), "plain", refused()).await;
        app.expect(call("GET", path, ADMIN), "plain", shared(ADMIN, false, "")).await;
    }
}

/// A preflight was asked for the part of the path that the resource had left, which is none.
#[actix_web::test]
async fn an_entry_holds_for_the_preflight_of_a_wrapped_resource() {
    let entry = Override::builder().allow_origins([ADMIN]);
    let own = base().route("/x", ["PUT"], entry).build().unwrap();
    let resource = web::resource("/x").route(web::put().to(plain)).wrap(own);
    let app = start(App::new().service(resource)).await;
    app.expect_refused("PUT", "/x", BASE).await;
    app.expect_granted("PUT", "/x", ADMIN, "PUT").await;
}

/// The rest of the path was looked up at the root as well, where a plain route has it.
#[actix_web::test]
async fn a_wrapped_scope_has_the_policies_in_it() {
    let scope = web::scope("/api").service(put_a).wrap(cors());
    let app = start(App::new().service(scope).route("/a", web::put().to(plain))).await;
    app.expect_granted("PUT", "/api/a", ONE, "PUT").await;
    app.expect_readable("PUT", "/api/a", "put_a", ONE).await;
}

/// It was taken for a probe of another version, and left out.
#[actix_web::test]
async fn a_route_that_is_named_like_a_probe_counts() {
    let plain =
        web::resource("/{t}").name("cors-actix-0.1.0-scope-mine").route(web::put().to(plain));
    let app = start(App::new().service(plain).service(put_a).wrap(cors())).await;
    app.expect_refused("PUT", "/a", ONE).await;
    app.expect(call("PUT", "/a", ONE), "plain", refused()).await;
}
