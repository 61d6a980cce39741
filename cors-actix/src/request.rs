//! The adapter's reading side: actix's request as the core wants to see it.

use actix_web::{
    dev::{Path, ServiceRequest, Url},
    http::{
        Method, Uri,
        header::{self, HeaderName, HeaderValue},
    },
};
use cors_core::{Presented, RequestHead, RequestHeader, needs_preflight};

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

/// What is kept of an actual request until its response comes: inner middleware may change the
/// request's headers, and an error does not bring the request back.
pub(crate) struct Entry {
    pub(crate) origin: Presented<HeaderValue>,
    /// Only where routes have policies of their own.
    target: Option<(Method, Uri)>,
    /// Whether a browser has sent a preflight before it.
    pub(crate) needs_preflight: bool,
}

impl Entry {
    pub(crate) fn new(request: &ServiceRequest, keep_target: bool) -> Self {
        let head = Head(request);
        let origins = head.values(RequestHeader::Origin);
        let host = request.headers().get(header::HOST);
        Self {
            origin: Presented::from_lines(origins.cloned()),
            target: keep_target.then(|| (request.method().clone(), request.uri().clone())),
            needs_preflight: needs_preflight(&head, host.map(HeaderValue::as_bytes)),
        }
    }

    /// Whether an inner middleware has changed the path.
    pub(crate) fn is_rewritten(&self, uri: &Uri) -> bool {
        self.target.as_ref().is_some_and(|(_, own)| own.path() != uri.path())
    }

    /// Method and path as actix's router would have seen them.
    pub(crate) fn target(&self) -> Option<(&Method, Path<Url>)> {
        let (method, uri) = self.target.as_ref()?;
        Some((method, Path::new(Url::new(uri.clone()))))
    }
}
