//! An actual request to an application without routes of its own policy: the base policy has decided
//! before the request goes on, and nothing of it need be known when its response comes.

use std::rc::Rc;

use actix_web::{
    Error,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{HeaderMap, HeaderValue},
    },
};
use cors_core::{PathMatch, Presented, Reason, RequestHeader, applies_to_status};

use crate::{
    misuse::Misuse,
    request::{self, Head},
    response,
    table::Table,
};

pub(crate) struct Plain {
    reason: Reason,
    /// The origin, if it may have the response.
    origin: Option<HeaderValue>,
    table: Rc<Table>,
}

impl Plain {
    pub(crate) fn new(request: &ServiceRequest, table: Rc<Table>) -> Self {
        let head = Head(request);
        let origin = Presented::from_lines(head.values(RequestHeader::Origin));
        let reason = table.routes.actual(PathMatch::NONE, "", origin.as_deref()).reason();
        let origin = match origin {
            Presented::One(value) if reason == Reason::OriginAllowed => Some(value.clone()),
            _ => None,
        };
        if origin.is_some() && request::needs_preflight(request) {
            table.cors.note_preflighted(table.max_age());
        }
        Self { reason, origin, table }
    }

    pub(crate) fn adorn_response<B>(self, mut response: ServiceResponse<B>) -> ServiceResponse<B> {
        let status = response.status();
        if self.adorn(status, response.headers_mut()) {
            let route = response.request().match_pattern();
            let route = route.unwrap_or_else(|| "a middleware".to_owned());
            self.table.cors.say(&Misuse::OwnHeaders { route });
        }
        response
    }

    /// An error becomes a response outside of this middleware, which is when headers can be added.
    pub(crate) fn adorn_error(self, mut error: Error) -> Error {
        error.add_response_mapper(move |mut response| {
            let status = response.status();
            if self.adorn(status, response.headers_mut()) {
                self.table.cors.say(&Misuse::OwnHeaders { route: "a middleware".to_owned() });
            }
            response
        });
        error
    }

    /// Writes the decision; whether there were headers of the application's own to replace.
    fn adorn(&self, status: StatusCode, headers: &mut HeaderMap) -> bool {
        if !applies_to_status(status.as_u16()) {
            return false;
        }
        let decision = self.table.routes.base_decision(self.reason);
        response::adorn(headers, &decision, &self.table.routes, |_| self.origin.iter())
    }
}
