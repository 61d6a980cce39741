//! Requests that handlers and default services of a random application send to another one in the
//! process before they answer.

use std::{
    future::{Ready, ready},
    rc::Rc,
};

use actix_http::Request;
use actix_service::{IntoServiceFactory, ServiceFactory};
use actix_web::{
    App, Error, FromRequest, HttpRequest,
    body::MessageBody,
    dev::{AppConfig, Payload, Service, ServiceRequest, ServiceResponse},
    http::header::HeaderValue,
    rt::task::yield_now,
    test::TestRequest,
    web::Data,
};
use futures_util::future::LocalBoxFuture;

use super::{
    serve::register,
    setting::Called,
    spies::{self, DEFAULT, RAN, Step},
};

type Answer = Result<ServiceResponse, Error>;

/// An application that others call.
#[derive(Clone)]
pub(super) struct Callee(Rc<dyn Fn(Request) -> LocalBoxFuture<'static, Answer>>);

/// How a handler calls it, if there is one: with its own method, URI and headers.
pub(super) struct Calls(Option<(Data<Callee>, TestRequest)>);

impl Callee {
    /// Fails if it does not start.
    pub(super) async fn start(called: &Called) -> Result<Self, String> {
        let app = App::new().configure(|config| register(config, &called.items));
        match called.cors {
            None => Self::of(app).await,
            Some(base) => {
                let cors = base.builder().build().expect("a policy that is valid");
                Self::of(app.wrap(cors)).await
            }
        }
    }

    async fn of<F, B>(app: impl IntoServiceFactory<F, Request>) -> Result<Self, String>
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
        let service = app.into_factory().new_service(AppConfig::default()).await;
        let service = service.map_err(|()| "the application that is called does not start")?;
        let service = Rc::new(service);
        Ok(Self(Rc::new(move |request| {
            let service = Rc::clone(&service);
            Box::pin(async move {
                service.call(request).await.map(ServiceResponse::map_into_boxed_body)
            })
        })))
    }

    /// What runs there is no step of the request that is answered here.
    async fn call(&self, request: TestRequest) -> Answer {
        spies::apart((self.0)(request.to_request())).await
    }
}

impl FromRequest for Calls {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let callee = request.app_data::<Data<Callee>>();
        ready(Ok(Self(callee.map(|callee| (callee.clone(), copy(request))))))
    }
}

impl Calls {
    /// Calls it, whatever comes of that.
    pub(super) async fn run(self) {
        if let Some((callee, request)) = self.0 {
            drop(callee.call(request).await);
        }
    }
}

fn copy(request: &HttpRequest) -> TestRequest {
    let copy = TestRequest::with_uri(&request.uri().to_string()).method(request.method().clone());
    request.headers().iter().fold(copy, |copy, (name, value)| copy.append_header((name, value)))
}

/// A default service that answers with what the other application has made. Its own request is gone by
/// then, and while it waits, others may come.
pub(super) async fn forward(request: ServiceRequest) -> Answer {
    // a middleware may hand on the request of the other application, which calls no one
    let Some(callee) = request.app_data::<Data<Callee>>().cloned() else {
        return Ok(request.into_response(spies::ran(DEFAULT)));
    };
    let copy = copy(request.request());
    spies::note(Step::Ran(DEFAULT));
    yield_now().await;
    drop(request);
    let mut answer = callee.call(copy).await?;
    answer.headers_mut().insert(RAN.parse().expect("a name"), HeaderValue::from_static(DEFAULT));
    Ok(answer)
}
