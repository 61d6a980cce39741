//! The adapter's reading side: actix's request as the core wants to see it.

use actix_web::{
    dev::ServiceRequest,
    http::{
        Method,
        header::{self, HeaderName, HeaderValue},
    },
};
use cors_core::{Presented, RequestHead, RequestHeader, SentTo};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// A view of a request's method and headers. What is asked for more than once is looked up once.
pub(crate) struct Head<'a> {
    request: &'a ServiceRequest,
    origins: Values<'a>,
    requested_methods: Values<'a>,
}

/// The lines of a header, as values that an answer can repeat.
pub(crate) type Values<'a> = std::slice::Iter<'a, HeaderValue>;

impl<'a> Head<'a> {
    #[inline]
    pub(crate) fn new(request: &'a ServiceRequest) -> Self {
        let lines = |name: &HeaderName| request.headers().get_all(name);
        let origins = lines(&header::ORIGIN);
        let may_be_preflight = *request.method() == Method::OPTIONS && origins.len() > 0;
        let requested_methods = if may_be_preflight {
            lines(&header::ACCESS_CONTROL_REQUEST_METHOD)
        } else {
            [].iter()
        };
        Self { request, origins, requested_methods }
    }

    /// Whether there is any `Origin`.
    #[inline]
    pub(crate) fn has_origin(&self) -> bool {
        self.origins.len() > 0
    }

    /// The value of `Origin`.
    #[inline]
    pub(crate) fn origin(&self) -> Presented<&'a HeaderValue> {
        Presented::from_lines(self.origins.clone())
    }

    /// The lines of a header; of the requested method only where the request may be a preflight.
    #[inline]
    pub(crate) fn values(&self, header: RequestHeader) -> Values<'a> {
        match header {
            RequestHeader::Origin => self.origins.clone(),
            RequestHeader::AccessControlRequestMethod => self.requested_methods.clone(),
            RequestHeader::AccessControlRequestHeaders => {
                self.request.headers().get_all(&header::ACCESS_CONTROL_REQUEST_HEADERS)
            }
            // no decision depends on any other yet
            _ => [].iter(),
        }
    }

    /// Whether a browser has sent a preflight before the request.
    #[inline]
    pub(crate) fn needs_preflight(&self) -> bool {
        let value = |name| self.request.headers().get(name).map(HeaderValue::as_bytes);
        let sent_to = || SentTo { host: value(header::HOST), fetch_site: value(SEC_FETCH_SITE) };
        cors_core::needs_preflight(self, sent_to)
    }
}

impl RequestHead for Head<'_> {
    #[inline]
    fn method(&self) -> &str {
        self.request.method().as_str()
    }

    #[inline]
    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]> {
        self.values(header).map(HeaderValue::as_bytes)
    }
}
