//! What answers the requests of one application on one worker.

use std::{cell::Cell, rc::Rc};

use actix_web::{
    HttpRequest,
    dev::{Path, Url},
    http::{Method, header::HeaderValue},
};
use cors_core::{Decision, Presented, RouteId, RouteTable, Source};

use super::{cors::Cors, request::Head};
use crate::{
    diagnosis::{self, Misuse},
    routing::{Paths, Routed},
    startup::{App, Endpoint, Merged},
};

/// What a middleware is wrapped around, as far as the type of the inner service says for certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// The application's router, with nothing between, or something that sees whole paths.
    Router,
    /// A scope's router, with nothing between.
    Scope,
    Unknown,
}

/// The merged policies of an application, and where its paths lead.
pub(super) struct Table {
    /// The middleware it belongs to.
    pub(super) cors: Cors,
    pub(super) app: Option<Rc<App>>,
    pub(super) merged: Merged,
    /// `None` if nothing is known of them.
    paths: Option<Paths>,
    /// What the middleware is wrapped around, as far as that is known.
    around: Cell<Around>,
    has_entries: bool,
    /// Whether a route's own path is empty, so that its scope consumes all of a request's path.
    has_empty_paths: bool,
    takes_empty_path: bool,
}

impl Table {
    pub(super) fn new(
        cors: Cors,
        app: Option<Rc<App>>,
        merged: Merged,
        paths: Option<Paths>,
        around: Around,
    ) -> Self {
        let has_entries = !merged.plain.is_empty();
        let mut routes = merged.mounts.iter().flat_map(|mount| mount.handler.routes);
        let has_empty_paths = routes.any(|route| route.path.is_empty());
        let around = Cell::new(around);
        let takes_empty_path = paths.as_ref().is_some_and(Paths::take_empty_path);
        Self { cors, app, merged, paths, around, has_entries, has_empty_paths, takes_empty_path }
    }

    /// Whether the base policy decides on an actual request, whichever route takes it.
    #[inline]
    pub(super) fn is_plain(&self, head: &Head<'_>) -> bool {
        let is_alike = || self.merged.routes.are_alike_without_origin() && !head.has_origin();
        !self.merged.has_routes() || is_alike()
    }

    /// What a path leads to, whose first `taken` bytes were consumed before it came here: by the scope
    /// that the middleware is wrapped around, or by an outer middleware that strips a prefix.
    pub(super) fn find(&self, path: &str, taken: usize, found: &mut Routed) {
        if !self.merged.has_routes() {
            return;
        }
        let (Some(paths), Some(rest)) = (&self.paths, path.get(taken..)) else {
            *found = Routed::anywhere(self.merged.routes.routes());
            return;
        };
        if taken == 0 || taken == path.len() {
            // all is taken also where a resource is wrapped, and on a scope's own path
            paths.find(path, found);
            self.note_at_root(taken);
            return;
        }
        match self.around.get() {
            Around::Scope => paths.find(path, found),
            Around::Unknown if is_left_by_scope(paths, path, rest) => {
                paths.find(path, found);
                paths.find_beside(rest, found);
            }
            Around::Unknown | Around::Router => paths.find(rest, found),
        }
    }

    /// A middleware in a scope never sees all of a path, unless the scope has an empty prefix, which
    /// is the same to it.
    fn note_at_root(&self, taken: usize) {
        if taken == 0 && self.around.get() == Around::Unknown {
            self.around.set(Around::Router);
        }
    }

    pub(super) fn decide_by_base(&self, origin: Presented<&[u8]>) -> Decision<'_, HeaderValue> {
        self.merged.routes.actual_by_base(origin)
    }

    /// Decides on the response of an annotated route.
    #[inline]
    pub(super) fn decide_at(
        &self,
        endpoint: Endpoint,
        origin: Presented<&[u8]>,
    ) -> Decision<'_, HeaderValue> {
        match self.route_at(endpoint) {
            Some(route) => self.merged.routes.actual_at(route, origin),
            // every endpoint is in the table; if not, something is wrong, and all policies have to agree
            None => self.decide_by_all(origin),
        }
    }

    #[inline]
    fn route_at(&self, endpoint: Endpoint) -> Option<RouteId> {
        self.merged.route_at(endpoint, || self.app.as_ref()?.pattern_of(endpoint))
    }

    /// Allows what all policies allow.
    #[cold]
    fn decide_by_all(&self, origin: Presented<&[u8]>) -> Decision<'_, HeaderValue> {
        let table = &self.merged.routes;
        let all = table.routes().map(|route| table.actual_at(route, origin));
        all.fold(self.decide_by_base(origin), |all, own| RouteTable::strictest(&all, &own))
    }

    /// Decides as on a preflight, by everything that the path may lead to. Answers also whether that
    /// includes a route of the table.
    pub(super) fn decide_by_path(
        &self,
        path: &str,
        taken: usize,
        method: &Method,
        origin: Presented<&[u8]>,
    ) -> (Decision<'_, HeaderValue>, bool) {
        let mut found = Routed::default();
        self.find(path, taken, &mut found);
        let decision =
            self.merged.routes.actual(found.forms().as_path_match(), method.as_str(), origin);
        (decision, found.routes().next().is_some())
    }

    /// Decides on a response if a plain route made it: by the base policy, or by an entry for the route.
    /// The request must not have reached an annotated route.
    pub(super) fn decide_plain(
        &self,
        request: &HttpRequest,
        origin: Presented<&[u8]>,
    ) -> Option<Decision<'_, HeaderValue>> {
        let path = request.match_info();
        if !path.unprocessed().is_empty() || self.may_be_answered_by_a_scope(path) {
            return None;
        }
        if !self.has_entries {
            return Some(self.decide_by_base(origin));
        }
        let Some(pattern) = request.match_pattern() else {
            return Some(self.decide_by_all(origin));
        };
        let found = self.paths.as_ref().and_then(|paths| paths.find_plain(path.as_str(), &pattern));
        // the path has been changed since, or nothing is known of paths
        let found = found.unwrap_or_else(|| Routed::of_plain(self.merged.plain.get(&pattern)));
        let method = request.method().as_str();
        Some(self.merged.routes.actual(found.forms().as_path_match(), method, origin))
    }

    /// Whether a scope consumes all of a path. A middleware of the scope may then have answered instead of
    /// an annotated route whose own path is empty, unless a plain route may have answered.
    fn may_be_answered_by_a_scope(&self, path: &Path<Url>) -> bool {
        let Some(paths) = self.paths.as_ref().filter(|_| self.has_empty_paths) else {
            return false;
        };
        if !paths.services().may_end_in_scope(path) {
            return false;
        }
        let mut found = Routed::default();
        self.find(path.as_str(), 0, &mut found);
        let is_plain = |route: RouteId| {
            let report = self.merged.report.routes.get(route.index());
            report.is_some_and(|own| !matches!(own.source, Source::Attribute(_)))
        };
        !found.leads_to_plain() && !found.routes().any(is_plain)
    }

    /// Whether a service without `#[cors]` takes the empty path, such as files at the root.
    #[inline]
    pub(super) fn takes_empty_path(&self) -> bool {
        self.takes_empty_path
    }

    /// A name of a route for messages.
    pub(super) fn name_at(&self, endpoint: Endpoint) -> Option<String> {
        let route = self.route_at(endpoint)?;
        self.merged.report.routes.get(route.index()).map(diagnosis::name)
    }

    #[cold]
    pub(super) fn say_rewritten(&self) {
        self.cors.say(&Misuse::Rewritten { place: self.cors.place() });
    }

    /// Notes a request from an allowed origin that no browser sends without a preflight.
    pub(super) fn note_preflighted(&self) {
        self.cors.note_preflighted(self.merged.preflight_lifetime);
    }
}

/// Whether a scope consumes a path and leaves this rest of it.
fn is_left_by_scope(paths: &Paths, path: &str, rest: &str) -> bool {
    paths.services().scope_leaving(path, rest.len()).is_some()
}
