//! The adapter's writing side: a decision as headers of a response.

use actix_web::http::{
    StatusCode,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
use cors_core::{Decision, FieldValue, RequestHeader, ResponseHeader, RouteTable, requested_names};

/// Gives a response of the application what a decision says; whether there were headers of the CORS
/// protocol to replace, which the application had set itself. If CORS is left to another layer, so is the
/// response.
#[inline]
pub(crate) fn adorn<'r, I>(
    headers: &mut HeaderMap,
    status: StatusCode,
    decision: &Decision<'_, HeaderValue>,
    table: &RouteTable<HeaderValue>,
    own: impl Fn(RequestHeader) -> I,
) -> bool
where
    I: Iterator<Item = &'r HeaderValue>,
{
    if decision.is_external() {
        return false;
    }
    let present = Present::of(headers);
    let is_replaced = present.foreign && remove_foreign(headers);
    write(headers, status, decision, own);
    vary(headers, present, decision, table);
    is_replaced
}

/// Writes what a decision lists into headers that have none of the protocol; `own` are the request's
/// values of a header.
#[inline]
pub(crate) fn write<'r, I>(
    headers: &mut HeaderMap,
    status: StatusCode,
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
            FieldValue::RequestedNames => {
                let lines = own(RequestHeader::AccessControlRequestHeaders);
                let names = requested_names(lines.map(HeaderValue::as_bytes));
                append_names(headers, header, &names);
            }
            FieldValue::ResponseNames(names) => {
                let carried = headers.keys().map(HeaderName::as_str);
                if let Some(names) = names.value(status.as_u16(), carried) {
                    append_names(headers, header, &names);
                }
            }
        }
    }
}

#[cold]
fn append_names(headers: &mut HeaderMap, header: ResponseHeader, names: &str) {
    // they are tokens
    if let Ok(value) = HeaderValue::from_str(names) {
        headers.append(name(header), value);
    }
}

/// Adds what a decision depends on to the `Vary` of a response, as far as it is not there yet.
#[inline]
pub(crate) fn vary(
    headers: &mut HeaderMap,
    present: Present,
    decision: &Decision<'_, HeaderValue>,
    table: &RouteTable<HeaderValue>,
) {
    let mut missing = decision.vary();
    if present.vary {
        let lines = headers.get_all(header::VARY).map(HeaderValue::as_bytes);
        missing = missing.missing_from(lines);
    }
    if !missing.is_empty() {
        headers.append(header::VARY, table.vary_value(missing).clone());
    }
}

/// What a response has before the decision is written.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Present {
    vary: bool,
    /// Headers of the CORS protocol, set by the application itself.
    foreign: bool,
}

impl Present {
    /// Looks at each name once.
    #[inline]
    fn of(headers: &HeaderMap) -> Self {
        let mut present = Self::default();
        for name in headers.keys() {
            if *name == header::VARY {
                present.vary = true;
            } else if name.as_str().starts_with("access-control-") {
                present.foreign = true;
            }
        }
        present
    }
}

/// Removes headers of the CORS protocol that the application has set itself; whether there were any.
fn remove_foreign(headers: &mut HeaderMap) -> bool {
    let before = headers.len();
    for header in ResponseHeader::ALL {
        headers.remove(name(*header));
    }
    headers.len() < before
}

#[inline]
fn name(header: ResponseHeader) -> HeaderName {
    match header {
        ResponseHeader::AllowOrigin => header::ACCESS_CONTROL_ALLOW_ORIGIN,
        ResponseHeader::AllowCredentials => header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
        ResponseHeader::AllowMethods => header::ACCESS_CONTROL_ALLOW_METHODS,
        ResponseHeader::AllowHeaders => header::ACCESS_CONTROL_ALLOW_HEADERS,
        ResponseHeader::MaxAge => header::ACCESS_CONTROL_MAX_AGE,
        ResponseHeader::ExposeHeaders => header::ACCESS_CONTROL_EXPOSE_HEADERS,
        other => HeaderName::from_static(other.name()),
    }
}
