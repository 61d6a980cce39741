//! What answers the requests of one application on one worker.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashSet,
    rc::Rc,
    sync::Arc,
};

use actix_web::{
    HttpRequest,
    dev::{Path, Url},
    http::{Method, header::HeaderValue},
};
use cors_core::{Decision, Presented, RouteId, RouteTable, Source};

use super::{
    answers::Answers,
    application::Application,
    cors::Cors,
    position::{Around, Extent},
    request::Head,
};
use crate::{
    diagnosis::{self, Misuse},
    routing::{Paths, Progress, Routed},
    startup::{App, Endpoint, Merged},
};

/// The merged policies of an application, and where its paths lead.
pub(super) struct Table {
    /// The middleware it belongs to.
    pub(super) cors: Cors,
    pub(super) app: Option<Rc<App>>,
    answers: Arc<Answers>,
    pub(super) application: Arc<Application>,
    /// The number of the policies that it answers by.
    pub(super) version: u64,
    /// Where paths lead, where only refusals ask for it.
    pub(super) plain_paths: OnceCell<Option<Paths>>,
    /// What the middleware is wrapped around, as far as that is known.
    around: Cell<Around>,
    pub(super) extent: Extent,
    /// The address of the application's resource map.
    pub(super) map: usize,
    /// Whether another one of the application is inside of it.
    pub(super) is_around_another: Cell<bool>,
    /// The plain routes and the methods for which it was said that a preflight was refused for want of knowledge.
    pub(super) said: RefCell<HashSet<(u32, Option<&'static str>)>>,
}

impl Table {
    pub(super) fn new(
        cors: Cors,
        app: Option<Rc<App>>,
        (application, version, answers): (Arc<Application>, u64, Arc<Answers>),
        (around, extent): (Around, Extent),
        map: usize,
    ) -> Self {
        Self {
            cors,
            app,
            answers,
            application,
            version,
            plain_paths: OnceCell::new(),
            around: Cell::new(around),
            extent,
            map,
            is_around_another: Cell::new(false),
            said: RefCell::default(),
        }
    }

    /// The same by the policies that have taken the place of its own, if any have.
    pub(super) fn replaced(&self) -> Option<Self> {
        if self.version == self.cors.current().version() {
            return None;
        }
        let (version, answers) = self.cors.current().answers_in(&self.application)?;
        let known = (Arc::clone(&self.application), version, answers);
        let position = (self.around.get(), self.extent.clone());
        let table = Self::new(self.cors.handle(), self.app.clone(), known, position, self.map);
        table.is_around_another.set(self.is_around_another.get());
        Some(table)
    }

    #[inline]
    pub(super) fn merged(&self) -> &Merged {
        &self.answers.merged
    }

    /// Where paths lead; `None` if nothing is known of that.
    pub(super) fn paths(&self) -> Option<&Paths> {
        self.answers.paths.as_ref()
    }

    /// Whether the base policy decides on an actual request, whichever route takes it.
    #[inline]
    pub(super) fn is_plain(&self, head: &Head<'_>) -> bool {
        let is_alike = || self.merged().routes.are_alike_without_origin() && !head.has_origin();
        !self.merged().has_any || is_alike()
    }

    /// What a path leads to, whose first `taken` bytes were consumed before it came here: by the scope
    /// that the middleware is wrapped around, or by an outer middleware that strips a prefix.
    /// `progress` counts from the beginning of the path as well.
    pub(super) fn find(
        &self,
        path: &str,
        taken: usize,
        progress: Progress<'_>,
        found: &mut Routed,
    ) {
        if !self.merged().has_any {
            return;
        }
        let (Some(paths), Some(rest)) = (self.paths(), path.get(taken..)) else {
            let routes = &self.merged().routes;
            *found = Routed::anywhere(routes.routes(), routes.scopes());
            return;
        };
        if paths.services().is_around_scope() {
            if paths.services().is_left_by_own(path, rest.len()) {
                return paths.find(path, progress, found);
            }
            // the path has been changed in the scope, in front of what the router reads on
            *found = Routed::anywhere(self.merged().routes.routes(), self.merged().routes.scopes());
            return;
        }
        if taken == 0 || taken == path.len() {
            // all is taken also where a resource is wrapped, and on a scope's own path
            paths.find(path, progress, found);
            self.note_at_root(taken);
            return;
        }
        match self.around.get() {
            Around::Scope => paths.find(path, progress, found),
            Around::Unknown if is_left_by_scope(paths, path, rest) => {
                paths.find(path, progress, found);
                paths.find_beside(rest, progress.behind(taken), found);
            }
            Around::Unknown | Around::Router => paths.find(rest, progress.behind(taken), found),
        }
    }

    /// What a path leads to that no router of the middleware's has looked at yet.
    #[inline]
    pub(super) fn find_ahead(&self, path: &Path<Url>, found: &mut Routed) {
        let taken = path.as_str().len() - path.unprocessed().len();
        self.find(path.as_str(), taken, Progress::Ahead, found);
    }

    /// A middleware in a scope never sees all of a path, unless the scope has an empty prefix, which
    /// is the same to it.
    fn note_at_root(&self, taken: usize) {
        if taken == 0 && self.around.get() == Around::Unknown {
            self.around.set(Around::Router);
        }
    }

    fn is_around_scope(&self) -> bool {
        self.paths().is_some_and(|paths| paths.services().is_around_scope())
    }

    #[inline]
    pub(super) fn decide_by_base(&self, origin: Presented<&[u8]>) -> Decision<'_, HeaderValue> {
        self.merged().routes.actual_by_base(origin)
    }

    /// Decides on the response of an annotated route.
    #[inline]
    pub(super) fn decide_at(
        &self,
        endpoint: Endpoint,
        origin: Presented<&[u8]>,
    ) -> Decision<'_, HeaderValue> {
        match self.route_at(endpoint) {
            Some(route) => self.merged().routes.actual_at(route, origin),
            // it is not in the scope that the middleware is wrapped around, whatever has passed its response on
            None if self.is_around_scope() => self.merged().routes.actual_elsewhere(),
            // every endpoint is in the table; if not, something is wrong, and all policies have to agree
            None => self.decide_by_all(origin),
        }
    }

    #[inline]
    fn route_at(&self, endpoint: Endpoint) -> Option<RouteId> {
        self.merged().route_at(endpoint, || self.app.as_ref()?.pattern_of(endpoint))
    }

    /// Allows what all policies allow.
    #[cold]
    pub(super) fn decide_by_all(&self, origin: Presented<&[u8]>) -> Decision<'_, HeaderValue> {
        let table = &self.merged().routes;
        let of_scopes = table.scopes().map(|scope| table.actual_under(scope, origin));
        let all = table.routes().map(|route| table.actual_at(route, origin)).chain(of_scopes);
        all.fold(self.decide_by_base(origin), |all, own| RouteTable::strictest(&all, &own))
    }

    /// Decides as on a preflight, by everything that the path may lead to. Answers also whether that
    /// includes a route of the table.
    pub(super) fn decide_by_path(
        &self,
        path: &str,
        taken: usize,
        progress: Progress<'_>,
        method: &Method,
        origin: Presented<&[u8]>,
    ) -> (Decision<'_, HeaderValue>, bool) {
        let mut found = Routed::default();
        self.find(path, taken, progress, &mut found);
        let decision =
            self.merged().routes.actual(found.forms().as_path_match(), method.as_str(), origin);
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
        if !self.answers.has_entries && !self.merged().has_scopes() {
            return Some(self.decide_by_base(origin));
        }
        let paths = self.paths();
        let ends = |paths: &&Paths| paths.services().may_end_in_scope(path);
        let ending = paths.filter(ends);
        let Some(pattern) = request.match_pattern() else {
            // a scope answers for its own path, or it is not known what does
            return ending.is_none().then(|| self.decide_by_all(origin));
        };
        let found = match ending.filter(|_| self.merged().has_scopes()) {
            Some(paths) => Some(paths.find_plain_or_end(path, &pattern)),
            None => paths.and_then(|paths| paths.find_plain(path.as_str(), &pattern)),
        };
        let (text, method) = (path.as_str(), request.method());
        let decide = |found: &Routed| {
            self.merged().routes.actual(found.forms().as_path_match(), method.as_str(), origin)
        };
        if let Some(found) = &found {
            return Some(decide(found));
        }
        // the path has been changed since, or is told by another pattern than it was dispatched by, or nothing is
        // known of paths
        let (routes, scope) = (self.merged().plain.get(&pattern), self.merged().scope_of(&pattern));
        let by_pattern = decide(&Routed::of_plain(routes, scope));
        if paths.is_none() || !self.merged().has_scopes() {
            return Some(by_pattern);
        }
        let by_path = self.decide_by_path(text, 0, Progress::of(path), method, origin).0;
        Some(RouteTable::strictest(&by_pattern, &by_path))
    }

    /// Whether a scope consumes all of a path. A middleware of the scope may then have answered instead of
    /// an annotated route whose own path is empty, unless a plain route may have answered.
    fn may_be_answered_by_a_scope(&self, path: &Path<Url>) -> bool {
        let Some(paths) = self.paths().filter(|_| self.answers.has_empty_paths) else {
            return false;
        };
        if !paths.services().may_end_in_scope(path) {
            return false;
        }
        let mut found = Routed::default();
        paths.find(path.as_str(), Progress::Ahead, &mut found);
        let is_plain = |route: RouteId| {
            let report = self.merged().report.routes.get(route.index());
            report.is_some_and(|own| !matches!(own.source, Source::Attribute(_)))
        };
        !found.leads_to_plain() && !found.routes().any(is_plain)
    }

    /// Whether a service without `#[cors]` takes the empty path, such as files at the root.
    #[inline]
    pub(super) fn takes_empty_path(&self) -> bool {
        self.answers.takes_empty_path
    }

    /// A name of a route for messages.
    pub(super) fn name_at(&self, endpoint: Endpoint) -> Option<String> {
        let route = self.route_at(endpoint)?;
        self.merged().report.routes.get(route.index()).map(diagnosis::name)
    }

    #[cold]
    pub(super) fn say_rewritten(&self) {
        self.cors.say(&Misuse::Rewritten { place: self.cors.place() });
    }

    /// Notes a request from an allowed origin that no browser sends without a preflight.
    pub(super) fn note_preflighted(&self) {
        self.cors.note_preflighted(self.merged().preflight_lifetime);
    }
}

/// Whether a scope consumes a path and leaves this rest of it.
fn is_left_by_scope(paths: &Paths, path: &str, rest: &str) -> bool {
    paths.services().scope_leaving(path, rest.len()).is_some()
}
