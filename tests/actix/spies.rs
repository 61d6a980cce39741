//! No preflight reaches a handler, an extractor or an inner middleware, wherever they stand.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::{
    App, Error, FromRequest, HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    get,
    middleware::{Next, from_fn},
    put, web,
};
use cors_actix::{Cors, cors};

use crate::support::{APP, EVIL, call, preflight, send, serve};

static SEEN: AtomicUsize = AtomicUsize::new(0);

fn spy() {
    SEEN.fetch_add(1, Ordering::SeqCst);
}

/// An extractor that tells when it is run.
struct Spy;

impl FromRequest for Spy {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        spy();
        std::future::ready(Ok(Self))
    }
}

async fn watch(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    spy();
    next.call(request).await
}

#[cors]
#[put("/annotated", wrap = "from_fn(watch)")]
async fn annotated(_: Spy) -> HttpResponse {
    spy();
    HttpResponse::Ok().finish()
}

#[get("/plain", wrap = "from_fn(watch)")]
async fn plain(_: Spy) -> HttpResponse {
    spy();
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn preflights_are_answered_before_everything_else() {
    let cors = Cors::builder().allow_origins([APP]).build().unwrap();
    let url = serve!(move || {
        let scope = web::scope("/scope").wrap(from_fn(watch)).service(annotated).service(plain);
        App::new()
            .service(scope)
            .service(annotated)
            .default_service(web::to(|| async {
                spy();
                HttpResponse::NotFound().finish()
            }))
            .wrap(from_fn(watch))
            .wrap(cors.clone())
    });
    let paths = ["/scope/annotated", "/scope/plain", "/annotated", "/nowhere", "/scope/nowhere"];
    for path in paths {
        for origin in [APP, EVIL, "null", "not an origin"] {
            for method in ["GET", "PUT", "DELETE", "get", "B@D"] {
                let response = send(preflight(&url, path, origin, method, "")).await;
                assert!([204, 403].contains(&response.status), "{path} {origin} {method}");
                assert_eq!(response.body, "");
            }
        }
    }
    assert_eq!(SEEN.load(Ordering::SeqCst), 0, "a preflight got through");

    // the spies do work: two middlewares of the scope and the application, one of the resource,
    // the extractor, the handler
    send(call("PUT", &url, "/scope/annotated", APP)).await;
    assert_eq!(SEEN.swap(0, Ordering::SeqCst), 5);

    // what is no preflight belongs to the application
    for request in [
        call("OPTIONS", &url, "/annotated", APP),
        call("OPTIONS", &url, "/annotated", "").header("access-control-request-method", "PUT"),
        call("GET", &url, "/nowhere", APP).header("access-control-request-method", "PUT"),
    ] {
        send(request).await;
        assert!(SEEN.swap(0, Ordering::SeqCst) > 0);
    }
}
