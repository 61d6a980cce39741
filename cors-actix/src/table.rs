//! The merged table of one application: base policy, overrides, and the paths they stand for.

use std::collections::{BTreeSet, HashMap, HashSet};

use actix_web::http::header::HeaderValue;
use cors_core::{
    Decision, LayeredPolicy, Method, PathMatch, Presented, Report, RouteId, RouteReport, RouteSpec,
    RouteTable,
};

use crate::{
    collect::{App, Registration, ScopeKey},
    paths::{MAX_DYNAMIC_SEGMENTS, Matches, Paths, count_dynamic_segments, leaf_pattern},
    start::StartError,
};

/// What answers the requests of one application on one worker.
pub(crate) struct Table {
    pub(crate) routes: RouteTable<HeaderValue>,
    pub(crate) report: Report,
    paths: Paths,
    /// Routes whose own path is empty, so that their scope consumes all of it.
    empty_paths: HashSet<RouteId>,
}

/// What is known of where a request went when its response comes back.
pub(crate) enum Destination<'a> {
    /// The router dispatched it to this route.
    Route(RouteId),
    /// The router consumed the path: dispatched to a route without `#[cors]`, or to a scope.
    Plain { path: &'a str, method: &'a str },
    /// It was answered before the router, or no route was found for it.
    Unknown { path: &'a str, method: &'a str },
    /// Nothing is known, and no route has a policy of its own.
    Any,
}

impl Table {
    /// Merges the overrides of an application's handlers into the base policy.
    pub(crate) fn new(
        base: &LayeredPolicy,
        app: Option<&App>,
        debug: bool,
    ) -> Result<Self, StartError> {
        let registrations = app.map(App::registrations).unwrap_or_default();
        let rows = rows(base, &registrations)?;
        let specs: Vec<RouteSpec> = rows.iter().map(|row| row.spec.clone()).collect();
        let routes = RouteTable::new(base.policy(), &specs, header_value).debug(debug);
        for (id, row) in routes.routes().zip(&rows) {
            let slot = &registrations[row.registration].slots[row.route];
            slot.id.set(Some(id));
        }
        let patterns = specs.iter().map(|spec| spec.pattern.as_str());
        let paths = Paths::new(routes.routes().zip(patterns));
        let has_empty_path = |row: &Row| registrations[row.registration].is_empty_path(row.route);
        let empty_paths = routes.routes().zip(&rows).filter(|(_, row)| has_empty_path(row));
        let empty_paths = empty_paths.map(|(id, _)| id).collect();
        let report =
            Report { base: base.clone(), routes: rows.into_iter().map(|row| row.report).collect() };
        Ok(Self { routes, report, paths, empty_paths })
    }

    /// A table that allows nothing.
    pub(crate) fn closed() -> Self {
        let base = LayeredPolicy::default();
        let routes = RouteTable::new(base.policy(), &[], header_value);
        let report = Report { base, routes: Vec::new() };
        Self { routes, report, paths: Paths::default(), empty_paths: HashSet::new() }
    }

    /// Whether any route has a policy of its own.
    pub(crate) fn has_routes(&self) -> bool {
        !self.report.routes.is_empty()
    }

    /// The routes whose pattern matches a path.
    pub(crate) fn matches(&self, path: &str) -> Matches {
        self.paths.matches(path)
    }

    pub(crate) fn decide(
        &self,
        destination: &Destination<'_>,
        origin: Presented<&[u8]>,
    ) -> Decision<'_, HeaderValue> {
        match destination {
            Destination::Route(id) => self.routes.actual_at(*id, origin),
            Destination::Any => self.routes.actual(PathMatch::NONE, "", origin),
            Destination::Plain { path, method } => {
                let matches = self.matches_of_scope_itself(path);
                self.routes.actual(matches.as_path_match(), method, origin)
            }
            Destination::Unknown { path, method } => {
                self.routes.actual(self.matches(path).as_path_match(), method, origin)
            }
        }
    }

    /// A scope's middleware may answer a request for the scope's own path, which the scope has
    /// consumed; only then can a route with an empty path be meant.
    fn matches_of_scope_itself(&self, path: &str) -> Matches {
        if self.empty_paths.is_empty() {
            return Matches::default();
        }
        let matches = self.matches(path);
        if matches.contain_any_of(&self.empty_paths) {
            matches.make_possible()
        } else {
            Matches::default()
        }
    }

    /// A name of a route for messages.
    pub(crate) fn name(&self, route: RouteId) -> Option<String> {
        let route = self.report.routes.get(route.index())?;
        Some(format!("{} {} ({})", route.methods.join(", "), route.pattern, route.location))
    }
}

/// A route before compilation.
struct Row {
    registration: usize,
    route: usize,
    spec: RouteSpec,
    report: RouteReport,
}

fn rows(base: &LayeredPolicy, registrations: &[Registration]) -> Result<Vec<Row>, StartError> {
    let mut rows = Vec::new();
    let mut error = StartError::default();
    let mut scopes: HashMap<(ScopeKey, String), usize> = HashMap::new();
    for (index, registration) in registrations.iter().enumerate() {
        let prefix = registration.scope.as_ref().map(|scope| scope.marker.prefix());
        let Some(prefix) = prefix.unwrap_or_else(|| Some(String::new())) else {
            error.join(StartError::unknown_scope(registration.handler.location));
            continue;
        };
        let scope = registration.scope.as_ref().map(|scope| {
            let next = scopes.len();
            *scopes.entry((scope.key, prefix.clone())).or_insert(next)
        });
        for route in 0..registration.handler.routes.len() {
            match row(base, registration, route, &prefix, scope) {
                Ok((spec, report)) => {
                    rows.push(Row { registration: index, route, spec, report });
                }
                Err(found) => error.join(found),
            }
        }
    }
    error.or(rows)
}

fn row(
    base: &LayeredPolicy,
    registration: &Registration,
    route: usize,
    prefix: &str,
    scope: Option<usize>,
) -> Result<(RouteSpec, RouteReport), StartError> {
    let handler = registration.handler;
    let route = &handler.routes[route];
    let pattern = format!("{prefix}{}", leaf_pattern(route.path));
    if count_dynamic_segments(&pattern) > MAX_DYNAMIC_SEGMENTS {
        return Err(StartError::too_many_segments(handler.location, &pattern));
    }
    // actix serves CONNECT and TRACE, but no browser's script can send them
    let methods: Vec<Method> =
        route.methods.iter().filter_map(|method| method.parse().ok()).collect();
    let policy = base.apply(&handler.layer()?, &handler.source(), &methods)?;
    let spec = RouteSpec {
        pattern: pattern.clone(),
        methods: methods.into_iter().collect::<BTreeSet<_>>(),
        policy: policy.policy().clone(),
        guarded: route.guarded,
        scope,
    };
    let report = RouteReport {
        methods: route.methods.iter().map(ToString::to_string).collect(),
        pattern,
        location: handler.location,
        guarded: route.guarded,
        policy,
    };
    Ok((spec, report))
}

/// Every value the core builds is made of checked tokens, origins and numbers.
fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
