//! The servers, each in a process of its own.

use std::{fmt, io};

use actix_http::{Request, Response, body::MessageBody};
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web::{
    Error, HttpServer,
    dev::{AppConfig, ServiceResponse},
    http::header::{self, HeaderValue},
};

use crate::{policy::Policy, routes::Routes, subjects::actix};

/// What answers on the socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Server {
    Bare,
    Ours,
    Overrides,
    /// Ten lines in `wrap_fn`, for actual requests alone.
    ByHand,
    ActixCors,
}

impl Server {
    pub(super) const ALL: [Self; 5] =
        [Self::Bare, Self::Ours, Self::Overrides, Self::ByHand, Self::ActixCors];

    /// Serves with one worker until it is killed; the address is the first line it prints.
    pub(super) async fn run(self) -> io::Result<()> {
        let (routes, policy) = (Routes::Flat(1), Policy::new(2));
        match self {
            Self::Bare => serve(move || actix::app(routes, false)).await,
            Self::Ours | Self::Overrides => {
                let (cors, is_annotated) = (actix::cors(policy), self == Self::Overrides);
                serve(move || actix::app(routes, is_annotated).wrap(cors.clone())).await
            }
            Self::ByHand => {
                let origins: Vec<String> = policy.origins().collect();
                serve(move || {
                    let origins = origins.clone();
                    actix::app(routes, false).wrap_fn(move |request, service| {
                        let origin = request.headers().get(header::ORIGIN);
                        let is_allowed =
                            |origin: &&HeaderValue| origins.iter().any(|own| *origin == own);
                        let allowed = origin.filter(is_allowed).cloned();
                        share(service.call(request), allowed)
                    })
                })
                .await
            }
            Self::ActixCors => {
                serve(move || actix::app(routes, false).wrap(actix::peer(policy))).await
            }
        }
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bare => "bare",
            Self::Ours => "ours",
            Self::Overrides => "overrides",
            Self::ByHand => "wrap_fn",
            Self::ActixCors => "actix-cors",
        })
    }
}

async fn share(
    answer: impl Future<Output = Result<ServiceResponse, Error>>,
    allowed: Option<HeaderValue>,
) -> Result<ServiceResponse, Error> {
    let mut response = answer.await?;
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    Ok(response)
}

async fn serve<F, I, S, B>(build: F) -> io::Result<()>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<Error> + 'static,
    S::InitError: fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    <S::Service as Service<Request>>::Future: 'static,
    S::Service: 'static,
    B: MessageBody + 'static,
{
    let server = HttpServer::new(build).workers(1).bind("127.0.0.1:0")?;
    println!("{}", server.addrs()[0]);
    server.run().await
}
