//! Requests that handlers and default services of a random application send to another one in the
//! process before they answer.

use std::future::{Ready, ready};

use actix_web::{
    App, Error, FromRequest, HttpRequest,
    dev::{Payload, ServiceRequest},
    http::header::HeaderValue,
    rt::task::yield_now,
    test::TestRequest,
    web::Data,
};

use super::{
    serve::register,
    setting::Called,
    spies::{self, DEFAULT, Place, RAN, Step},
};
use crate::started::{Answer, Started};

/// An application that others call.
#[derive(Clone)]
pub(super) struct Callee(Started);

/// How a handler calls it, if there is one: with its own method, URI and headers.
pub(super) struct Calls(Option<(Data<Callee>, TestRequest)>);

impl Callee {
    /// Fails if it does not start.
    pub(super) async fn start(called: &Called) -> Result<Self, String> {
        let app = App::new().configure(|config| register(config, &called.items));
        let started = match called.cors {
            None => Started::start(app).await,
            Some(base) => {
                let cors = base.builder().build().expect("a policy that is valid");
                Started::start(app.wrap(cors)).await
            }
        };
        started.map(Self).ok_or_else(|| "the application that is called does not start".to_owned())
    }

    /// What runs there is no step of the request that is answered here.
    async fn call(&self, request: TestRequest) -> Answer {
        spies::apart(self.0.call(request)).await
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
    spies::note(Step::Ran(DEFAULT, Place::default()));
    yield_now().await;
    drop(request);
    let mut answer = callee.call(copy).await?;
    answer.headers_mut().insert(RAN.parse().expect("a name"), HeaderValue::from_static(DEFAULT));
    Ok(answer)
}
