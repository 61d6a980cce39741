//! The adapter's reading side: actix's request as the core wants to see it.

use actix_web::{
    dev::{Path, ServiceRequest, Url},
    http::{
        Method, Uri,
        header::{self, HeaderName, HeaderValue},
    },
};
use cors_core::{Presented, RequestHead, RequestHeader};

/// A view of a request's method and headers.
pub(crate) struct Head<'a>(pub(crate) &'a ServiceRequest);

impl RequestHead for Head<'_> {
    fn method(&self) -> &str {
        self.0.method().as_str()
    }

    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]> {
        self.0.headers().get_all(name(header)).map(HeaderValue::as_bytes)
    }
}

impl Head<'_> {
    /// The lines of a header as values that an answer can repeat.
    pub(crate) fn values(&self, header: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        self.0.headers().get_all(name(header))
    }
}

static PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");

fn name(header: RequestHeader) -> &'static HeaderName {
    match header {
        RequestHeader::Origin => &header::ORIGIN,
        RequestHeader::AccessControlRequestMethod => &header::ACCESS_CONTROL_REQUEST_METHOD,
        RequestHeader::AccessControlRequestHeaders => &header::ACCESS_CONTROL_REQUEST_HEADERS,
        RequestHeader::AccessControlRequestPrivateNetwork => &PRIVATE_NETWORK,
    }
}

/// Whether a browser has sent a preflight before the request.
pub(crate) fn needs_preflight(request: &ServiceRequest) -> bool {
    let host = || request.headers().get(header::HOST).map(HeaderValue::as_bytes);
    cors_core::needs_preflight(&Head(request), host)
}

/// What is kept of an actual request until its response comes: inner middleware may change the
/// request's headers, and an error does not bring the request back.
pub(crate) struct Entry {
    pub(crate) origin: Presented<HeaderValue>,
    target: (Method, Uri),
    /// Whether a browser has sent a preflight before it.
    pub(crate) needs_preflight: bool,
}

impl Entry {
    pub(crate) fn new(request: &ServiceRequest) -> Self {
        let head = Head(request);
        let origins = head.values(RequestHeader::Origin);
        Self {
            origin: Presented::from_lines(origins.cloned()),
            target: (request.method().clone(), request.uri().clone()),
            needs_preflight: needs_preflight(request),
        }
    }

    /// Whether an inner middleware has changed the path.
    pub(crate) fn is_rewritten(&self, uri: &Uri) -> bool {
        self.target.1.path() != uri.path()
    }

    /// Method and path as actix's router would have seen them.
    pub(crate) fn target(&self) -> (&Method, Path<Url>) {
        let (method, uri) = &self.target;
        (method, Path::new(Url::new(uri.clone())))
    }
}
