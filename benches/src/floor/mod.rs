//! The least a CORS middleware for Actix-web could do: what every other one is measured against.
//!
//! A floor and no product: it knows exact origins only, decides by no route, leaves an `Err` as it
//! is, and appends to `Vary` whatever is there.

mod future;
mod headers;
mod origins;

use std::rc::Rc;

use actix_service::{Service, Transform};
use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
};
use futures_util::future::{Ready, ok};

use self::{future::FloorFuture, headers::Headers, origins::Origins};
use crate::policy::{EXPOSED, HEADERS, MAX_AGE, METHODS, Policy};

/// The middleware.
#[derive(Debug, Clone)]
pub struct Floor(Rc<Rules>);

#[derive(Debug)]
struct Rules {
    origins: Origins,
    headers: Headers,
    credentials: bool,
    allow_methods: HeaderValue,
    allow_headers: HeaderValue,
    max_age: HeaderValue,
    expose_headers: HeaderValue,
}

impl Floor {
    /// Builds all values beforehand.
    ///
    /// # Panics
    ///
    /// Panics if a value is no header value, which those of a [`Policy`] are.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        let value = |text: String| HeaderValue::try_from(text).expect("a header value");
        Self(Rc::new(Rules {
            origins: policy.origins().collect(),
            headers: Headers::new(&HEADERS),
            credentials: policy.credentials,
            allow_methods: value(METHODS.join(", ")),
            allow_headers: value(HEADERS.join(", ")),
            max_age: HeaderValue::from(MAX_AGE),
            expose_headers: value(EXPOSED.join(", ")),
        }))
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
        let allowed = origin.filter(|origin| self.rules.origins.contain(origin.as_bytes()));
        let allowed = allowed.cloned();
        FloorFuture::called(self.service.call(request), allowed, Rc::clone(&self.rules))
    }
}

impl Rules {
    fn answer(
        &self,
        origin: &HeaderValue,
        method: &HeaderValue,
        request: &HeaderMap,
    ) -> HttpResponse {
        let is_granted = self.origins.contain(origin.as_bytes())
            && METHODS.iter().any(|own| own.as_bytes() == method.as_bytes())
            && request
                .get(header::ACCESS_CONTROL_REQUEST_HEADERS)
                .is_none_or(|names| self.headers.contain_all(names.as_bytes()));
        let status = if is_granted { StatusCode::OK } else { StatusCode::FORBIDDEN };
        let mut answer = HttpResponse::new(status);
        let headers = answer.headers_mut();
        if is_granted {
            self.share(origin.clone(), headers);
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, self.allow_methods.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, self.allow_headers.clone());
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, self.max_age.clone());
        }
        let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        headers.append(header::VARY, HeaderValue::from_static(vary));
        answer
    }

    fn adorn(&self, allowed: Option<HeaderValue>, headers: &mut HeaderMap) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = allowed else { return };
        self.share(origin, headers);
        if self.credentials {
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, self.expose_headers.clone());
        }
    }

    fn share(&self, origin: HeaderValue, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.credentials {
            let yes = HeaderValue::from_static("true");
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
        }
    }
}
