//! What the log says of a refused preflight: what it asked for, the route, and whose setting refused.

use actix_web::{HttpRequest, dev::ServiceRequest};
use cors_core::{Handshake, LayeredPolicy, PathMatch, Reached, Reason, RequestHeader, ScopeId};

use super::{
    request::{Head, Values},
    table::Table,
};
use crate::{
    diagnosis::{Misuse, log},
    routing::{Paths, Progress, Routed, Services},
};

impl Table {
    /// Writes what was decided on a preflight, and if it was refused, by whose setting.
    #[cold]
    pub(super) fn log_preflight(
        &self,
        request: &HttpRequest,
        head: &Head<'_>,
        matches: PathMatch<'_>,
        reason: Reason,
    ) {
        let routes = &self.merged().routes;
        let method = text(head.values(RequestHeader::AccessControlRequestMethod));
        let refused = routes.refused_by(matches, head).filter(|own| own.1 == reason);
        let first = || routes.reachable(matches, method.as_deref().unwrap_or_default()).next();
        let reached = refused.map(|own| own.0).or_else(first);
        tracing::debug!(
            target: log::TARGET,
            method,
            path = ?request.path(),
            pattern = reached.and_then(|own| self.pattern_of(own, request)),
            origin = text(head.values(RequestHeader::Origin)),
            reason = %reason,
            setting = refused.and_then(|own| self.setting_of(own.0, reason)),
            "preflight"
        );
    }

    /// Writes why a handshake of a `WebSocket` was refused, and by whose setting.
    #[cold]
    pub(super) fn log_handshake(
        &self,
        request: &ServiceRequest,
        (head, handshake): (&Head<'_>, &Handshake<'_>),
        reason: Reason,
    ) {
        let (routes, method) = (&self.merged().routes, request.method().as_str());
        let mut found = Routed::default();
        self.find_ahead(request.match_info(), &mut found);
        let is_refusing = |own: &Reached| {
            let decision = match *own {
                Reached::Route(route) => routes.actual_at(route, handshake.origin()),
                Reached::Scope(scope) => routes.actual_under(scope, handshake.origin()),
                Reached::Base => routes.actual_by_base(handshake.origin()),
            };
            handshake.refusal(&decision) == Some(reason)
        };
        let refused = routes.reachable(found.forms().as_path_match(), method).find(is_refusing);
        tracing::debug!(
            target: log::TARGET,
            method,
            path = ?request.path(),
            pattern = refused.and_then(|own| self.pattern_of(own, request.request())),
            origin = text(head.values(RequestHeader::Origin)),
            reason = %reason,
            setting = refused.and_then(|own| self.setting_of(own, reason)),
            "foreign handshake"
        );
    }

    /// The setting behind a refusal, with the layer that it comes from.
    fn setting_of(&self, reached: Reached, reason: Reason) -> Option<String> {
        let (name, source) = self.policy_of(reached)?.setting_behind(reason)?;
        Some(format!("{name} ({source})"))
    }

    fn policy_of(&self, reached: Reached) -> Option<&LayeredPolicy> {
        let report = &self.merged().report;
        match reached {
            Reached::Route(route) => Some(&report.routes.get(route.index())?.policy),
            Reached::Scope(scope) => Some(&report.scopes.get(scope.index())?.policy),
            Reached::Base => Some(&report.base),
        }
    }

    /// The full pattern of the route, or of the first one that takes the path, if possible one without `#[cors]`.
    fn pattern_of(&self, reached: Reached, request: &HttpRequest) -> Option<String> {
        if let Some(route) = reached.route() {
            return self.merged().report.routes.get(route.index()).map(|own| own.pattern.clone());
        }
        let paths = self.paths().or_else(|| self.plain_paths(request))?;
        paths.services().first_of(request.path())
    }

    /// Says that a preflight was refused only because it is not known which methods a plain route serves, if that is
    /// so: once for each route and each usual method, and for one of all others.
    #[cold]
    pub(super) fn review_refusal(&self, request: &HttpRequest, head: &Head<'_>) {
        if self.cors.settings().introspection {
            // then they are known
            return;
        }
        let path = request.match_info();
        let Some(paths) = self.paths().or_else(|| self.plain_paths(request)) else { return };
        let mut found = Routed::default();
        if self.merged().has_any {
            self.find_ahead(path, &mut found);
        } else {
            paths.find(path.as_str(), Progress::Ahead, &mut found);
        }
        if self.merged().routes.lacks_methods(found.forms().as_path_match(), head) {
            let mut methods = head.values(RequestHeader::AccessControlRequestMethod);
            let method = methods.next().and_then(|value| value.to_str().ok());
            self.say_unknown(paths.services(), path.as_str(), method.unwrap_or_default());
        }
    }

    /// Where the paths of an application lead that has nothing but plain routes, so that nobody had to know before.
    fn plain_paths(&self, request: &HttpRequest) -> Option<&Paths> {
        let make = || Paths::of_plain(request.resource_map(), self.merged());
        self.plain_paths.get_or_init(make).as_ref()
    }

    fn say_unknown(&self, services: &Services, path: &str, method: &str) {
        let is_allowed = |scope: Option<ScopeId>| {
            let reached = scope.map_or(Reached::Base, Reached::Scope);
            self.merged().routes.allows_unknown_method(reached, method)
        };
        let Some((number, pattern)) = services.first_unknown(path, is_allowed) else { return };
        let usual = USUAL_METHODS.into_iter().find(|own| own.eq_ignore_ascii_case(method));
        if usual.is_some_and(|own| own != method) {
            // methods are case-sensitive, and no route serves `patch`
            return;
        }
        if self.said.borrow_mut().insert((number, usual)) {
            self.cors.say(&Misuse::MethodUnknown { method: method.to_owned(), pattern });
        }
    }
}

/// Those that browsers ask for and that routes mostly serve.
const USUAL_METHODS: [&str; 3] = ["PUT", "PATCH", "DELETE"];

/// The first line of a header, with what is no printable ASCII escaped.
fn text(mut lines: Values<'_>) -> Option<String> {
    lines.next().map(|line| line.as_bytes().escape_ascii().to_string())
}
