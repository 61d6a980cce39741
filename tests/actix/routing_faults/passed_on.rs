//! Responses that reach the middleware by other ways than from the route that made them, and entries that
//! are meant for the route that runs. A reviewer found each of them granted or lost.

use std::cell::RefCell;

use actix_web::{
    App, Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    get, guard,
    middleware::{Next, from_fn},
    put, web,
};
use cors_actix::{Override, cors};

use super::{BASE, ONE, base, call, cors, plain, ran, refused, start};
use crate::{
    started::Started,
    support::{ADMIN, shared},
};

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

/// An application that is wrapped in one of two scopes: what the other answers passes no middleware.
/// Its mark was that of the application that passes the response on.
#[actix_web::test]
async fn a_response_of_a_partly_wrapped_application() {
    let first = guard::fn_guard(|context| !context.head().uri.path().ends_with("/x"));
    let inner = App::new()
        .service(web::scope("/api").guard(first).service(put_a).wrap(cors()))
        .service(web::scope("/api").service(get_x));
    let inner = Started::start(inner).await.unwrap();
    // the middleware in it has to have seen a request
    drop(inner.call(call("PUT", "/api/a", ONE)).await);
    let passes_on = move || {
        let inner = inner.clone();
        async move { inner.call(call("GET", "/api/x", ONE)).await.map(|own| own.into_parts().1) }
    };
    let app = App::new().service(put_a).service(get_x).route("/passed", web::get().to(passes_on));
    let app = start(app.wrap(cors())).await;
    app.expect_readable("GET", "/x", "get_x", ONE).await;
    app.expect_readable("GET", "/passed", "get_x", BASE).await;
}

/// A handler answers with what another route of its application has made of a request of its own. The
/// response had the other route's policy.
#[actix_web::test]
async fn a_response_of_another_route_of_the_application() {
    #[cors(disable)]
    #[get("/combined")]
    async fn combined(parts: web::Data<Parts>) -> HttpResponse {
        let answer = parts.0.borrow_mut().take().expect("what the first call has made");
        answer.map_into_boxed_body()
    }
    /// What a first call has answered.
    struct Parts(RefCell<Option<HttpResponse>>);
    let parts = web::Data::new(Parts(RefCell::default()));
    let kept = parts.clone();
    let calls_before = move |request: ServiceRequest, next: Next<BoxBody>| {
        let kept = kept.clone();
        async move {
            let answer = next.call(request).await?;
            if answer.request().path() != "/x" {
                return Ok::<_, Error>(answer);
            }
            let (request, response) = answer.into_parts();
            kept.0.replace(Some(response));
            let mut request = ServiceRequest::from_request(request);
            super::move_to(&mut request, "/combined");
            next.call(request).await
        }
    };
    let app = App::new().app_data(parts).service((get_x, combined));
    let app = start(app.wrap(from_fn(calls_before)).wrap(cors())).await;
    for origin in [ONE, BASE] {
        app.expect(call("GET", "/x", origin), "get_x", refused()).await;
    }
}
