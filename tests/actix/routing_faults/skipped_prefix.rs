//! A middleware outside of `Cors` that lets the router go on behind a prefix of the path, as one does that
//! takes a version or a tenant off. Preflights were judged by the path with the prefix.

use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    put, web,
};
use cors_actix::cors;

use super::{BASE, ONE, cors, plain, ran, start};

#[cors(allow_origins = ["https://one.example"])]
#[put("/a")]
async fn handler() -> HttpResponse {
    ran("handler")
}

async fn skip_version(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.path().starts_with("/v1/") {
        request.match_info_mut().skip(3);
    }
    next.call(request).await
}

#[actix_web::test]
async fn the_route_of_the_whole_path_does_not_run() {
    let app = App::new()
        .service(web::scope("/v1").service(handler))
        .route("/a", web::put().to(plain))
        .wrap(cors())
        .wrap(from_fn(skip_version));
    let app = start(app).await;
    app.expect_refused("PUT", "/v1/a", ONE).await;
    app.expect_readable("PUT", "/v1/a", "plain", BASE).await;
}

#[actix_web::test]
async fn the_route_of_the_rest_of_the_path_runs() {
    let app = App::new().service(handler).wrap(cors()).wrap(from_fn(skip_version));
    let app = start(app).await;
    for path in ["/v1/a", "/a"] {
        app.expect_granted("PUT", path, ONE, "PUT").await;
        app.expect_readable("PUT", path, "handler", ONE).await;
    }
}
