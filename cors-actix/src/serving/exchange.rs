//! An actual request on its way through the application, and the headers of its response.

use std::rc::Rc;

use actix_web::{
    Error, HttpRequest, HttpResponse,
    dev::{Path, ServiceRequest, ServiceResponse, Url},
    http::{Method, StatusCode, Uri, header::HeaderValue, uri::PathAndQuery},
};
use cors_core::{Decision, Presented, RequestHeader, RouteTable, applies_to_status};

use super::{
    dispatch::{MadeBy, clear_mark},
    position::address,
    request::Head,
    response,
    table::Table,
};
use crate::{diagnosis::Misuse, routing::Progress};

/// What is kept of a request until its response comes.
pub(super) struct Exchange {
    origin: Presented<HeaderValue>,
    /// Whether a browser has sent a preflight before the request.
    needs_preflight: bool,
    /// How many bytes of the path a scope or an outer middleware had taken when the request arrived. Here, a request
    /// that keeps no path is no larger for it.
    taken: u32,
    /// Method and path as it arrived; `None` if every route would answer it alike.
    arrival: Option<Arrival>,
    table: Rc<Table>,
}

/// Method and path of a request as it arrived: an inner middleware may change them, and an error does
/// not bring the request back.
struct Arrival {
    method: Method,
    target: Option<PathAndQuery>,
    /// The address of the application's resource map; a request with another one is of another
    /// application. It is compared only while the application, and so the map, is alive.
    map: usize,
}

impl Arrival {
    fn new(request: &ServiceRequest) -> Self {
        let path = request.match_info();
        Self {
            method: request.method().clone(),
            target: path.get_ref().uri().path_and_query().cloned(),
            map: address(request.resource_map()),
        }
    }

    /// The path as actix's router would have seen it.
    fn path(&self) -> Path<Url> {
        Path::new(Url::new(self.target.clone().map(Uri::from).unwrap_or_default()))
    }

    /// Whether a request is of the same application.
    fn is_of_same_app(&self, request: &HttpRequest) -> bool {
        self.map == address(request.resource_map())
    }

    /// Whether a middleware has changed the path or the method since.
    fn is_changed(&self, request: &HttpRequest) -> bool {
        let path = self.target.as_ref().map_or("", PathAndQuery::path);
        path != request.match_info().get_ref().uri().path() || self.method != *request.method()
    }
}

/// How many bytes of a path are taken already. None is so long that they cannot be counted so.
fn taken(path: &Path<Url>) -> u32 {
    u32::try_from(path.as_str().len() - path.unprocessed().len()).unwrap_or(u32::MAX)
}

impl Exchange {
    #[inline]
    pub(super) fn new(request: &ServiceRequest, head: &Head<'_>, table: Rc<Table>) -> Self {
        let arrival = (!table.is_plain(head)).then(|| Arrival::new(request));
        let taken = arrival.as_ref().map_or(0, |_| taken(request.match_info()));
        let needs_preflight = head.has_origin() && head.needs_preflight();
        Self { origin: head.origin().cloned(), needs_preflight, taken, arrival, table }
    }

    #[inline]
    pub(super) fn adorn_response<B>(&self, response: &mut ServiceResponse<B>) {
        let Some(arrival) = &self.arrival else { return self.adorn_plain(response) };
        let app = self.table.app.as_ref();
        let made_by = app.map_or(MadeBy::Another, |app| MadeBy::of(response, app));
        let decision = match made_by {
            MadeBy::Route(endpoint) => self.table.decide_at(endpoint, self.origin()),
            _ => {
                self.decide_by_path(arrival, made_by, Some((response.request(), response.status())))
            }
        };
        if self.adorn(&decision, response.response_mut()) {
            self.warn_of_own_headers(made_by, Some(response.request()));
        }
        if arrival.is_changed(response.request()) {
            self.table.say_rewritten();
        }
    }

    /// Adds the headers of the base policy, where it does not matter which route has answered.
    #[inline]
    fn adorn_plain<B>(&self, response: &mut ServiceResponse<B>) {
        if let Some(app) = &self.table.app {
            clear_mark(response, app);
        }
        let decision = self.table.decide_by_base(self.origin());
        if self.adorn(&decision, response.response_mut()) {
            self.warn_of_own_headers(MadeBy::Another, Some(response.request()));
        }
    }

    /// An error becomes a response outside of this middleware, which is when headers can be added.
    pub(super) fn adorn_error(self, error: &mut Error) {
        error.add_response_mapper(move |mut response| {
            let app = self.table.app.as_ref();
            let made_by = app.map_or(MadeBy::Unknown, |app| MadeBy::of_error(&mut response, app));
            let decision = match (&self.arrival, made_by) {
                (None, _) => self.table.decide_by_base(self.origin()),
                (Some(_), MadeBy::Route(endpoint)) => self.table.decide_at(endpoint, self.origin()),
                (Some(arrival), _) => self.decide_by_path(arrival, MadeBy::Unknown, None),
            };
            if self.adorn(&decision, &mut response) {
                self.warn_of_own_headers(made_by, None);
            }
            response
        });
    }

    /// Decides on a response that is not surely made by an annotated route.
    fn decide_by_path(
        &self,
        arrival: &Arrival,
        made_by: MadeBy,
        response: Option<(&HttpRequest, StatusCode)>,
    ) -> Decision<'_, HeaderValue> {
        let origin = self.origin();
        let request = response.map(|own| own.0);
        let same = request.filter(|request| arrival.is_of_same_app(request));
        if let Some(request) = same
            && made_by == MadeBy::Another
            && let Some(decision) = self.table.decide_plain(request, origin)
        {
            return decision;
        }
        let decide = |path: &str, progress, method| {
            self.table.decide_by_path(path, self.taken as usize, progress, method, origin)
        };
        let entered = || decide(arrival.path().as_str(), Progress::Unknown, &arrival.method).0;
        let Some(request) = request else { return entered() };
        if same.is_none() {
            // the answer of another application was passed on, and it is not known which route did so
            return RouteTable::strictest(&entered(), &self.table.decide_by_base(origin));
        }
        let path = request.match_info();
        // the router's own answer, or that of something which has not got to a route either
        let is_unrouted = made_by == MadeBy::Another
            && response.is_some_and(|own| own.1 == StatusCode::NOT_FOUND);
        let progress = Progress::of(path);
        let progress = if is_unrouted { progress.unrouted() } else { progress };
        let (now, leads_to_routes) = decide(path.as_str(), progress, request.method());
        let now = if made_by == MadeBy::Unknown && self.table.takes_empty_path() {
            // a second call of the router with the same request goes on behind what the first has taken
            RouteTable::strictest(&now, &self.table.decide_by_base(origin))
        } else {
            now
        };
        // an annotated route would have marked its response, so this may be one to an earlier path
        if leads_to_routes && arrival.is_changed(request) {
            return RouteTable::strictest(&entered(), &now);
        }
        now
    }

    #[inline]
    fn origin(&self) -> Presented<&[u8]> {
        self.origin.as_deref()
    }

    /// Writes a decision; whether there were headers of the application's own to replace.
    #[inline]
    fn adorn<B>(
        &self,
        decision: &Decision<'_, HeaderValue>,
        response: &mut HttpResponse<B>,
    ) -> bool {
        let status = response.status();
        if !applies_to_status(status.as_u16()) {
            return false;
        }
        if self.needs_preflight && decision.is_shared() {
            self.table.note_preflighted();
        }
        let table = &self.table.merged().routes;
        response::adorn(response.headers_mut(), status, decision, table, |header| self.own(header))
    }

    /// The request's values of a header; actual responses repeat `Origin` only.
    fn own(&self, header: RequestHeader) -> impl Iterator<Item = &HeaderValue> {
        match &self.origin {
            Presented::One(origin) if header == RequestHeader::Origin => Some(origin),
            _ => None,
        }
        .into_iter()
    }

    /// Says which route sets CORS headers itself, once for each, unless they may be those of an inner middleware,
    /// of which it is said already that it is there.
    #[cold]
    fn warn_of_own_headers(&self, made_by: MadeBy, request: Option<&HttpRequest>) {
        if self.table.is_around_another.get() {
            return;
        }
        let annotated = match made_by {
            MadeBy::Route(endpoint) => self.table.name_at(endpoint),
            MadeBy::Another | MadeBy::Unknown => None,
        };
        let pattern = || request.and_then(HttpRequest::match_pattern);
        let route = annotated.or_else(pattern).unwrap_or_else(|| "a middleware".to_owned());
        self.table.cors.say(&Misuse::OwnHeaders { route });
    }
}
