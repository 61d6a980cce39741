//! Applications that start at the same time as the random one, on the same thread.

use std::any::Any;

use actix_http::Request;
use actix_service::{IntoServiceFactory, ServiceFactory};
use actix_web::{
    App, Error, HttpResponse,
    dev::{AppConfig, ServiceResponse},
    get,
    middleware::Condition,
};
use cors_actix::cors;

use super::{
    serve::register,
    setting::{Keeps, Neighbour},
    spies::ran,
    stack::Stack,
};

/// What is kept of an application, for as long as this lives.
pub(super) type Kept = Vec<Box<dyn Any>>;

/// It does not go with a base policy that is open to any origin.
#[cors(allow_credentials = true)]
#[get("/misfit")]
async fn misfit() -> HttpResponse {
    ran("misfit")
}

/// Starts a neighbour. If its own policies do not fit, that is not looked at here.
pub(super) async fn start(neighbour: &Neighbour) -> Kept {
    let app = App::new().configure(|config| {
        register(config, &neighbour.items);
        if neighbour.has_misfit {
            config.service(misfit);
        }
    });
    let waits = Stack { middlewares: Vec::new(), polls: neighbour.polls, is_inside: true };
    let app = app.wrap(Condition::new(neighbour.polls > 0, waits));
    match neighbour.cors {
        None => keep(app, neighbour.keeps).await,
        Some(base) => {
            let cors = base.builder().build().expect("a policy that is valid");
            keep(app.wrap(cors), neighbour.keeps).await
        }
    }
}

async fn keep<F, B>(app: impl IntoServiceFactory<F, Request>, keeps: Keeps) -> Kept
where
    F: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    F::Service: 'static,
{
    let factory = app.into_factory();
    let service = factory.new_service(AppConfig::default()).await;
    let mut kept: Kept = Vec::new();
    if matches!(keeps, Keeps::Factory | Keeps::Both) {
        kept.push(Box::new(factory));
    }
    if let Ok(service) = service
        && matches!(keeps, Keeps::Service | Keeps::Both)
    {
        kept.push(Box::new(service));
    }
    kept
}
