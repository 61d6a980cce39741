//! An actual request on its way through the application, and the headers of its response.

use std::{cell::RefCell, collections::HashSet, rc::Rc};

use actix_web::{
    Error,
    dev::ServiceResponse,
    http::{
        StatusCode,
        header::{HeaderMap, HeaderValue},
    },
};
use cors_core::{Presented, RequestHeader, RouteId, applies_to_status};

use crate::{
    request::Entry,
    response,
    table::{Destination, Table},
    tag,
};

pub(crate) struct Actual {
    entry: Entry,
    /// The annotated route it was dispatched to.
    dispatched: Option<RouteId>,
    table: Rc<Table>,
    warned: Rc<Warned>,
}

/// Routes whose handlers were found to set CORS headers, so that each is named once.
pub(crate) type Warned = RefCell<HashSet<Option<RouteId>>>;

impl Actual {
    pub(crate) fn new(entry: Entry, table: Rc<Table>, warned: Rc<Warned>) -> Self {
        Self { entry, dispatched: None, table, warned }
    }

    /// Runs a step of the application and notes if it dispatches the request.
    pub(crate) fn watch<T>(&mut self, step: impl FnOnce() -> T) -> T {
        tag::watch(&mut self.dispatched, step)
    }

    pub(crate) fn adorn_response<B>(&self, mut response: ServiceResponse<B>) -> ServiceResponse<B> {
        let request = response.request().clone();
        let destination = match self.dispatched {
            Some(route) => Destination::Route(route),
            // the router consumes the path of a request that it dispatches
            None if request.match_info().unprocessed().is_empty() => Destination::Plain,
            None => Destination::Unknown {
                path: request.match_info().as_str(),
                method: request.method().as_str(),
            },
        };
        let status = response.status();
        self.adorn(&destination, status, response.headers_mut());
        response
    }

    /// An error becomes a response outside of this middleware, which is when headers can be added.
    pub(crate) fn adorn_error(self, mut error: Error) -> Error {
        error.add_response_mapper(move |mut response| {
            let target = self.entry.target();
            let destination = match (self.dispatched, &target) {
                (Some(route), _) => Destination::Route(route),
                (None, Some((method, path))) => {
                    Destination::Unknown { path: path.as_str(), method: method.as_str() }
                }
                (None, None) => Destination::Plain,
            };
            let status = response.status();
            self.adorn(&destination, status, response.headers_mut());
            response
        });
        error
    }

    fn adorn(&self, destination: &Destination<'_>, status: StatusCode, headers: &mut HeaderMap) {
        if !applies_to_status(status.as_u16()) {
            return;
        }
        let decision = self.table.decide(destination, self.entry.origin.as_deref());
        if response::remove_foreign(headers) && self.warned.borrow_mut().insert(self.dispatched) {
            tracing::warn!(
                "CORS headers set by {} were replaced; leave them to its policy",
                self.table.name(destination)
            );
        }
        response::write(headers, &decision, |header| self.own(header));
        response::vary(headers, &decision, &self.table.routes);
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
