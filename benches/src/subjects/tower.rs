//! A tower service, bare and with the layer of `tower-http`. It has no codec: a request is put
//! together from ready headers, and the response is dropped.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    hint::black_box,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri};
use tower_http::cors::CorsLayer;
use tower_layer::Layer;
use tower_service::Service;

use crate::{
    case::Case,
    policy::{EXPOSED, HEADERS, MAX_AGE, METHODS},
    request,
    wire::Runner,
};

/// The handler.
#[derive(Clone, Copy)]
struct Hello;

impl Service<Request<()>> for Hello {
    type Response = Response<&'static str>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        let mut response = Response::new("hello");
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(http::header::CONTENT_TYPE, text);
        ready(Ok(response))
    }
}

pub(super) fn bare(case: &Case) -> Runner {
    runner(Hello, &case.request)
}

pub(super) fn cors_layer(case: &Case) -> Runner {
    let exposed: &[&str] = if case.policy.credentials { &EXPOSED } else { &[] };
    let origins: Vec<HeaderValue> = case.policy.origins().map(|origin| value(&origin)).collect();
    let layer = CorsLayer::new()
        .allow_origin(origins)
        .allow_methods(METHODS.map(|method| method.parse::<Method>().expect("a method")))
        .allow_headers(HEADERS.map(HeaderName::from_static))
        .expose_headers(exposed.iter().map(|own| name(own)).collect::<Vec<_>>())
        .allow_credentials(case.policy.credentials)
        .max_age(Duration::from_secs(MAX_AGE.into()));
    runner(layer.layer(Hello), &case.request)
}

fn runner<S>(mut service: S, request: &request::Request) -> Runner
where
    S: Service<Request<()>, Response = Response<&'static str>, Error = Infallible> + 'static,
{
    let method: Method = request.method.parse().expect("a method");
    let uri: Uri = request.path.parse().expect("a path");
    let headers: Vec<_> =
        request.headers.iter().map(|(own, text)| (name(own), value(text))).collect();
    Box::new(move |_| {
        let mut request = Request::new(());
        *request.method_mut() = method.clone();
        *request.uri_mut() = uri.clone();
        let mut map = HeaderMap::with_capacity(headers.len());
        map.extend(headers.iter().cloned());
        *request.headers_mut() = map;
        let response = service.call(request).now_or_never();
        _ = black_box(response.expect("a service that waits for nothing"));
    })
}

fn name(text: &str) -> HeaderName {
    HeaderName::from_bytes(text.as_bytes()).expect("a header name")
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("a header value")
}
