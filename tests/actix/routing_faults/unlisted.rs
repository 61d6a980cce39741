//! A service whose pattern has no slash at its beginning, which actix leaves out of its list. Where it
//! took the path of a scope behind it, its response had the policy of the scope's own handler.

use std::future::ready;

use actix_service::fn_service;
use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    dev::{AppService, HttpServiceFactory, ResourceDef, ServiceRequest, ServiceResponse},
    middleware::{Next, from_fn},
    put, web,
};
use cors_actix::cors;

use super::{BASE, ONE, cors, ran, start};

#[cors(allow_origins = ["https://one.example"])]
#[put("")]
async fn of_scope() -> HttpResponse {
    ran("of_scope")
}

struct Unlisted(&'static str);

impl HttpServiceFactory for Unlisted {
    fn register(self, config: &mut AppService) {
        let answer =
            |request: ServiceRequest| ready(Ok::<_, Error>(request.into_response(ran("unlisted"))));
        config.register_service(ResourceDef::new(self.0), None, fn_service(answer), None);
    }
}

#[actix_web::test]
async fn it_takes_the_path_of_a_scope_behind_it() {
    let outer = web::scope("/a").service(Unlisted("{x:/[^/]+}"));
    let app = App::new().service(outer.service(web::scope("/b").service(of_scope)));
    let app = start(app.wrap(cors())).await;
    app.expect_readable("PUT", "/a/b", "unlisted", BASE).await;
}

#[actix_web::test]
async fn it_takes_what_is_left_by_the_scope_that_it_is_in() {
    let scope = web::scope("/{name}").service(Unlisted("{rest:.*}")).service(of_scope);
    let app = start(App::new().service(scope).wrap(cors())).await;
    app.expect_readable("PUT", "/a", "unlisted", BASE).await;
}

async fn refuse(
    request: ServiceRequest,
    _: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    Ok(request.into_response(ran("middleware")))
}

/// The prefix names something as well.
#[actix_web::test]
async fn a_middleware_of_the_scope_answers_for_the_handler() {
    let scope = web::scope("/{name}").wrap(from_fn(refuse)).service(of_scope);
    let app = start(App::new().service(scope).wrap(cors())).await;
    app.expect_readable("PUT", "/a", "middleware", ONE).await;
}
