//! The merged table of one application: base policy, overrides, and the paths they stand for.

use std::{cell::OnceCell, collections::BTreeSet};

use actix_web::{dev::ResourceMap, http::header::HeaderValue};
use cors_core::{
    Decision, LayeredPolicy, Method, PathMatch, Presented, Report, RouteId, RouteReport, RouteSpec,
    RouteTable, Step,
};

use crate::{
    collect::{App, Registration},
    paths::{Matches, Paths},
    start::StartError,
};

/// What answers the requests of one application on one worker.
pub(crate) struct Table {
    pub(crate) routes: RouteTable<HeaderValue>,
    pub(crate) report: Report,
    registrations: Vec<Registration>,
    /// Known from the first request on.
    paths: OnceCell<Paths>,
    /// Routes whose own path is empty, so that their scope consumes all of it.
    empty_paths: Vec<RouteId>,
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
            slot.set(id);
        }
        let has_empty_path = |row: &Row| registrations[row.registration].is_empty_path(row.route);
        let empty_paths = routes.routes().zip(&rows).filter(|(_, row)| has_empty_path(row));
        let empty_paths = empty_paths.map(|(id, _)| id).collect();
        let report =
            Report { base: base.clone(), routes: rows.into_iter().map(|row| row.report).collect() };
        Ok(Self { routes, report, registrations, paths: OnceCell::new(), empty_paths })
    }

    /// A table that allows nothing.
    pub(crate) fn closed() -> Self {
        let base = LayeredPolicy::default();
        let routes = RouteTable::new(base.policy(), &[], header_value);
        let report = Report { base, routes: Vec::new() };
        let (registrations, empty_paths) = (Vec::new(), Vec::new());
        Self { routes, report, registrations, paths: OnceCell::new(), empty_paths }
    }

    /// Whether any route has a policy of its own.
    pub(crate) fn has_routes(&self) -> bool {
        !self.report.routes.is_empty()
    }

    /// Learns where paths lead, at the first request.
    pub(crate) fn learn_paths(&self, map: &ResourceMap) {
        if self.has_routes() && self.paths.get().is_none() {
            let paths = Paths::new(map, &self.registrations).unwrap_or_else(|| {
                tracing::error!(
                    "CORS: this version of actix-web lists its routes in an unknown way; preflights \
                     are granted only if every #[cors] of the application grants them"
                );
                Paths::Unknown(self.routes.routes().map(Step::route).collect())
            });
            _ = self.paths.set(paths);
        }
    }

    /// What a path leads to.
    pub(crate) fn matches(&self, path: &str) -> Matches {
        self.paths.get().map(|paths| paths.matches(path)).unwrap_or_default()
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
    for (index, registration) in registrations.iter().enumerate() {
        let prefix = registration.marker.as_ref().map(|marker| marker.prefix());
        let Some(prefix) = prefix.unwrap_or_else(|| Some(String::new())) else {
            error.join(StartError::unknown_scope(registration.handler.location));
            continue;
        };
        for route in 0..registration.handler.routes.len() {
            match row(base, registration, route, &prefix) {
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
) -> Result<(RouteSpec, RouteReport), StartError> {
    let handler = registration.handler;
    let route = &handler.routes[route];
    let pattern = format!("{prefix}{}", registration.leaf_pattern(route));
    // actix serves CONNECT and TRACE, but no browser's script can send them
    let methods: Vec<Method> =
        route.methods.iter().filter_map(|method| method.parse().ok()).collect();
    let policy = handler.layer.apply(base, &methods)?;
    let spec = RouteSpec {
        pattern: pattern.clone(),
        methods: Some(methods.into_iter().collect::<BTreeSet<_>>()),
        policy: policy.policy().clone(),
        guarded: route.guarded,
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
