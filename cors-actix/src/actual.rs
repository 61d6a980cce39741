//! An actual request on its way through the application, and the headers of its response.

use std::rc::Rc;

use actix_web::{
    Error, HttpMessage, HttpRequest,
    dev::ServiceResponse,
    http::{
        StatusCode,
        header::{HeaderMap, HeaderValue},
    },
};
use cors_core::{Presented, RequestHeader, RouteId, applies_to_status};

use crate::{
    misuse::Misuse,
    request::Entry,
    response,
    table::{Destination, Table},
    tag::{Left, Watch},
};

pub(crate) struct Actual {
    entry: Entry,
    pub(crate) watch: Watch,
    table: Rc<Table>,
}

impl Actual {
    pub(crate) fn new(entry: Entry, watch: Watch, table: Rc<Table>) -> Self {
        Self { entry, watch, table }
    }

    pub(crate) fn adorn_response<B>(&self, response: &mut ServiceResponse<B>) {
        if self.entry.is_rewritten(response.request().uri()) {
            self.table.cors.say(&Misuse::Rewritten { place: self.table.cors.place() });
        }
        let route = self.route().or_else(|| self.route_left(response.request()));
        let status = response.status();
        let is_replaced = if let Some(route) = route {
            self.adorn(&Destination::Route(route), status, response.headers_mut())
        } else {
            let request = response.request().clone();
            self.adorn(&self.destination(&request), status, response.headers_mut())
        };
        if is_replaced {
            self.warn(response.request().match_pattern());
        }
    }

    /// The annotated route it was dispatched to.
    fn route(&self) -> Option<RouteId> {
        self.watch.dispatched().and_then(|place| self.table.route_at(place))
    }

    /// The same, where a middleware further in has moved the request to another task.
    fn route_left(&self, request: &HttpRequest) -> Option<RouteId> {
        request.extensions().get::<Left>().and_then(|left| self.table.route_left(left))
    }

    /// Where a request has gone that no annotated route got.
    fn destination<'r>(&self, request: &'r HttpRequest) -> Destination<'r> {
        let (path, method) = (request.match_info().as_str(), request.method().as_str());
        if !request.match_info().unprocessed().is_empty() {
            return Destination::Unknown { path, method };
        }
        let pattern = self.table.has_entries().then(|| request.match_pattern());
        Destination::Plain { path, method, pattern: pattern.flatten() }
    }

    /// An error becomes a response outside of this middleware, which is when headers can be added.
    pub(crate) fn adorn_error(self, error: &mut Error) {
        error.add_response_mapper(move |mut response| {
            let (method, path) = self.entry.target();
            let destination = match self.route() {
                Some(route) => Destination::Route(route),
                None => Destination::Unknown { path: path.as_str(), method: method.as_str() },
            };
            let status = response.status();
            if self.adorn(&destination, status, response.headers_mut()) {
                self.warn(None);
            }
            response
        });
    }

    /// Writes the decision; whether there were headers of the application's own to replace.
    fn adorn(
        &self,
        destination: &Destination<'_>,
        status: StatusCode,
        headers: &mut HeaderMap,
    ) -> bool {
        if !applies_to_status(status.as_u16()) {
            return false;
        }
        let decision = self.table.decide(destination, self.entry.origin.as_deref());
        if self.entry.needs_preflight && decision.is_shared() {
            self.table.cors.note_preflighted(self.table.preflight_lifetime);
        }
        response::adorn(headers, &decision, &self.table.routes, |header| self.own(header))
    }

    /// Says which route sets CORS headers itself, once for each.
    fn warn(&self, pattern: Option<String>) {
        let annotated = self.route().and_then(|route| self.table.name(route));
        let route = annotated.or(pattern).unwrap_or_else(|| "a middleware".to_owned());
        self.table.cors.say(&Misuse::OwnHeaders { route });
    }

    /// The request's values of a header; actual responses repeat `Origin` only.
    fn own(&self, header: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        match &self.entry.origin {
            Presented::One(origin) if header == RequestHeader::Origin => Some(origin),
            _ => None,
        }
        .into_iter()
    }
}
