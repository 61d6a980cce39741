//! The adapter's writing side: a decision as headers of a response.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use cors_core::{Decision, FieldValue, RequestHeader, ResponseHeader, RouteTable};

/// Writes what a decision lists into fresh headers; `own` are the request's values of a header.
pub(crate) fn write<'r, I>(
    headers: &mut HeaderMap,
    decision: &Decision<'_, HeaderValue>,
    own: impl Fn(RequestHeader) -> I,
) where
    I: Iterator<Item = &'r HeaderValue>,
{
    for (header, value) in decision.fields() {
        match value {
            FieldValue::Ready(value) => headers.append(name(header), value.clone()),
            FieldValue::Request(request_header) => {
                for value in own(request_header) {
                    headers.append(name(header), value.clone());
                }
            }
        }
    }
}

/// Adds what a decision depends on to the `Vary` of a response, as far as it is not there yet.
pub(crate) fn vary(
    headers: &mut HeaderMap,
    decision: &Decision<'_, HeaderValue>,
    table: &RouteTable<HeaderValue>,
) {
    let present = headers.get_all(header::VARY).map(HeaderValue::as_bytes);
    let missing = decision.vary().missing_from(present);
    if !missing.is_empty() {
        headers.append(header::VARY, table.vary_value(missing).clone());
    }
}

/// Removes headers of the CORS protocol that the application has set itself; whether there were any.
pub(crate) fn remove_foreign(headers: &mut HeaderMap) -> bool {
    let is_foreign = |present: &HeaderName| {
        ResponseHeader::ALL.into_iter().any(|header| present.as_str() == header.name())
    };
    if !headers.keys().any(is_foreign) {
        return false;
    }
    for header in ResponseHeader::ALL {
        headers.remove(name(header));
    }
    true
}

static PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-allow-private-network");

fn name(header: ResponseHeader) -> HeaderName {
    match header {
        ResponseHeader::AllowOrigin => header::ACCESS_CONTROL_ALLOW_ORIGIN,
        ResponseHeader::AllowCredentials => header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ResponseHeader::AllowMethods => header::ACCESS_CONTROL_ALLOW_METHODS,
        ResponseHeader::AllowHeaders => header::ACCESS_CONTROL_ALLOW_HEADERS,
        ResponseHeader::MaxAge => header::ACCESS_CONTROL_MAX_AGE,
        ResponseHeader::ExposeHeaders => header::ACCESS_CONTROL_EXPOSE_HEADERS,
        ResponseHeader::AllowPrivateNetwork => PRIVATE_NETWORK.clone(),
    }
}
