//! The least a CORS middleware for Actix-web could do: what every other one is measured against.
//!
//! A floor and no product: it knows exact origins only, decides by no route, leaves an `Err` as it
//! is, and appends to `Vary` whatever is there.

mod future;
mod headers;
mod origins;
mod rules;

use std::rc::Rc;

use actix_service::{Service, Transform};
use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
};
use futures_util::future::{Ready, ok};

use self::{future::FloorFuture, rules::Rules};
use crate::policy::Policy;

/// The middleware.
#[derive(Debug, Clone)]
pub struct Floor(Rc<Rules>);

impl Floor {
    /// Builds all values beforehand.
    ///
    /// # Panics
    ///
    /// Panics if a value is no header value, which those of a [`Policy`] are.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self(Rc::new(Rules::new(policy)))
    }
}

impl<S, B> Transform<S, ServiceRequest> for Floor
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type InitError = ();
    type Transform = FloorService<S>;
    type Future = Ready<Result<FloorService<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ok(FloorService { service, rules: Rc::clone(&self.0) })
    }
}

/// The service made by [`Floor`].
#[derive(Debug)]
pub struct FloorService<S> {
    service: S,
    rules: Rc<Rules>,
}

impl<S, B> Service<ServiceRequest> for FloorService<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = FloorFuture<S::Future, B>;

    actix_service::forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let origin = request.headers().get(header::ORIGIN);
        if let Some(origin) = origin
            && request.method() == Method::OPTIONS
            && let Some(method) = request.headers().get(header::ACCESS_CONTROL_REQUEST_METHOD)
        {
            let answer = self.rules.answer(origin, method, request.headers());
            return FloorFuture::answered(request.into_response(answer).map_into_right_body());
        }
        let allowed = origin.filter(|origin| self.rules.allow(origin)).cloned();
        FloorFuture::called(self.service.call(request), allowed, Rc::clone(&self.rules))
    }
}
