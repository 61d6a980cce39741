//! Applications of Actix-web.

use std::time::Duration;

use actix_web::{
    App, Error,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    test::init_service,
};
use cors_actix::{Cors, CorsBuilder, Override};

use crate::{
    case::Case,
    floor::Floor,
    policy::{EXPOSED, HEADERS, MAX_AGE, METHODS, Policy},
    routes::Routes,
    wire::{self, Runner},
};

pub(super) async fn bare(case: &Case, is_annotated: bool) -> Runner {
    wire::runner(init_service(app(case.routes, is_annotated)).await, &case.request)
}

pub(super) async fn ours(case: &Case, is_annotated: bool) -> Runner {
    let entries = case.routes.entries().filter(|_| is_annotated);
    let cors = entries.fold(builder(case.policy), |builder, pattern| {
        builder.route(&pattern, ["GET"], Override::builder().max_age(Duration::from_secs(7200)))
    });
    let cors = cors.build().expect("a valid policy");
    let app = app(case.routes, is_annotated).wrap(cors);
    wire::runner(init_service(app).await, &case.request)
}

pub(super) async fn floor(case: &Case) -> Runner {
    let app = app(case.routes, false).wrap(Floor::new(case.policy));
    wire::runner(init_service(app).await, &case.request)
}

pub(super) async fn actix_cors(case: &Case) -> Runner {
    let app = app(case.routes, false).wrap(peer(case.policy));
    wire::runner(init_service(app).await, &case.request)
}

pub(crate) fn app(
    routes: Routes,
    is_annotated: bool,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse,
        Error = Error,
        InitError = (),
    >,
> {
    App::new().configure(|config| routes.register(config, is_annotated))
}

pub(crate) fn cors(policy: Policy) -> Cors {
    builder(policy).build().expect("a valid policy")
}

fn builder(policy: Policy) -> CorsBuilder {
    let exposed: &[&str] = if policy.credentials { &EXPOSED } else { &[] };
    Cors::builder()
        .allow_origins(policy.origins())
        .allow_methods(METHODS)
        .allow_headers(HEADERS)
        .expose_headers(exposed.iter().copied())
        .allow_credentials(policy.credentials)
        .max_age(Duration::from_secs(MAX_AGE.into()))
}

pub(crate) fn peer(policy: Policy) -> actix_cors::Cors {
    let cors = actix_cors::Cors::default()
        .allowed_methods(METHODS)
        .allowed_headers(HEADERS)
        .max_age(usize::from(MAX_AGE));
    let cors = policy.origins().fold(cors, |cors, origin| cors.allowed_origin(&origin));
    if policy.credentials { cors.supports_credentials().expose_headers(EXPOSED) } else { cors }
}
