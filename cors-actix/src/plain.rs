//! An actual request that the base policy decides on before the request goes on, because there are no
//! routes of another policy, or none that matters to it: nothing of it need be known when its response
//! comes.

use std::rc::Rc;

use actix_web::{
    Error,
    dev::ServiceResponse,
    http::{
        StatusCode,
        header::{HeaderMap, HeaderValue},
    },
};
use cors_core::{Presented, Reason, applies_to_status};

use crate::{misuse::Misuse, request::Head, response, table::Table, tag::Watch};

pub(crate) struct Plain {
    reason: Reason,
    /// The origin, if it may have the response.
    origin: Option<HeaderValue>,
    /// Where there are annotated routes, which tell where they are reached.
    watch: Option<Watch>,
    table: Rc<Table>,
}

impl Plain {
    #[inline]
    pub(crate) fn new(head: &Head<'_>, watch: Option<Watch>, table: Rc<Table>) -> Self {
        let reason_for = |origin| table.routes.base_reason(origin);
        let (reason, origin) = match head.origin() {
            Presented::Absent => (reason_for(Presented::Absent), None),
            Presented::Several => (reason_for(Presented::Several), None),
            Presented::One(value) => {
                let reason = reason_for(Presented::One(value.as_bytes()));
                (reason, (reason == Reason::OriginAllowed).then(|| value.clone()))
            }
        };
        if origin.is_some() && head.needs_preflight() {
            table.cors.note_preflighted(table.preflight_lifetime);
        }
        Self { reason, origin, watch, table }
    }

    /// Runs a step of the application.
    #[inline]
    pub(crate) fn step<T>(&mut self, step: impl FnOnce() -> T) -> T {
        match &mut self.watch {
            Some(watch) => watch.step(step),
            None => step(),
        }
    }

    #[inline]
    pub(crate) fn adorn_response<B>(&self, response: &mut ServiceResponse<B>) {
        let status = response.status();
        if self.adorn(status, response.headers_mut()) {
            let route = response.request().match_pattern();
            let route = route.unwrap_or_else(|| "a middleware".to_owned());
            self.table.cors.say(&Misuse::OwnHeaders { route });
        }
    }

    /// An error becomes a response outside of this middleware, which is when headers can be added.
    pub(crate) fn adorn_error(self, error: &mut Error) {
        error.add_response_mapper(move |mut response| {
            let status = response.status();
            if self.adorn(status, response.headers_mut()) {
                self.table.cors.say(&Misuse::OwnHeaders { route: "a middleware".to_owned() });
            }
            response
        });
    }

    /// Writes the decision; whether there were headers of the application's own to replace.
    #[inline]
    fn adorn(&self, status: StatusCode, headers: &mut HeaderMap) -> bool {
        if !applies_to_status(status.as_u16()) {
            return false;
        }
        let decision = self.table.routes.base_decision(self.reason);
        response::adorn(headers, &decision, &self.table.routes, |_| self.origin.iter())
    }
}
