//! Applications that have started in the process of a test, whatever their types are.

use std::rc::Rc;

use actix_http::Request;
use actix_service::{IntoServiceFactory, ServiceFactory};
use actix_web::{
    Error, HttpResponse,
    body::MessageBody,
    dev::{AppConfig, Service, ServiceResponse},
    test::TestRequest,
};
use cors_tests::client::Response;
use futures_util::future::LocalBoxFuture;

pub(crate) type Answer = Result<ServiceResponse, Error>;

/// An application that answers.
#[derive(Clone)]
pub(crate) struct Started(Rc<dyn Fn(Request) -> LocalBoxFuture<'static, Answer>>);

impl Started {
    /// `None` if it does not start. What it was made with is dropped.
    pub(crate) async fn start<F, B>(app: impl IntoServiceFactory<F, Request>) -> Option<Self>
    where
        F: ServiceFactory<
                Request,
                Config = AppConfig,
                Response = ServiceResponse<B>,
                Error = Error,
                InitError = (),
            >,
        F::Service: 'static,
        B: MessageBody + 'static,
    {
        app.into_factory().new_service(AppConfig::default()).await.ok().map(Self::of)
    }

    pub(crate) fn of<B: MessageBody + 'static>(
        service: impl Service<Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    ) -> Self {
        let service = Rc::new(service);
        Self(Rc::new(move |request| {
            let service = Rc::clone(&service);
            Box::pin(async move {
                service.call(request).await.map(ServiceResponse::map_into_boxed_body)
            })
        }))
    }

    pub(crate) async fn call(&self, request: TestRequest) -> Answer {
        (self.0)(request.to_request()).await
    }
}

/// Status and headers, without the body.
pub(crate) fn head<B>(response: &HttpResponse<B>) -> Response {
    let lines = response.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let (status, headers) = (response.status().as_u16(), lines.collect());
    Response { status, headers, body: String::new() }
}
