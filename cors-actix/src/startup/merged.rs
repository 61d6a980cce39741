//! What the merge has made of an application, compiled, and where each route is in it.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};

use actix_web::http::header::HeaderValue;
use cors_core::{
    LayeredPolicy, Policy, Report, RouteId, RouteReport, RouteSpec, RouteTable, ScopeId,
    ScopeReport, Source,
};
use smallvec::SmallVec;

use super::{
    merge::{Declared, Row, merge},
    mount::{Mount, Registered},
    route_mark::Endpoint,
    scopes::{Area, innermost},
    start_error::StartError,
};

/// The merged policies of one application, compiled.
pub(crate) struct Merged {
    pub(crate) routes: RouteTable<HeaderValue>,
    pub(crate) report: Report,
    /// Whether any route or scope has a policy of its own. Each request asks, so that it is kept.
    pub(crate) has_any: bool,
    pub(crate) mounts: Vec<Mount>,
    /// The route of the table that each endpoint is; several if it is in doubt which pattern it has.
    endpoints: Vec<SmallVec<[RouteId; 1]>>,
    pub(crate) plain: PlainRoutes,
    /// The scopes whose policies plain routes have, the inner ones first.
    areas: Vec<Area>,
    /// The parts of the application where what no route takes has a policy of its own, the inner ones first; of
    /// several of one path each counts.
    pub(crate) unrouted: Vec<Area>,
    /// The longest that a browser may remember a preflight of any route.
    pub(crate) preflight_lifetime: Duration,
    /// What is wrong with handlers of which it is not certain that the middleware is around them: they alone
    /// allow nothing.
    pub(crate) doubtful: Option<StartError>,
}

/// The routes without `#[cors]` that something is known of, by their full pattern.
pub(crate) type PlainRoutes = HashMap<String, Vec<PlainRoute>>;

/// What is known of a route without `#[cors]`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlainRoute {
    pub(crate) id: RouteId,
    /// Whether it comes from the user's own entry, which is taken at its word.
    pub(crate) is_declared: bool,
}

impl Merged {
    /// Lays the entries of scopes, overrides and the entries of routes over the base policy. A handler whose
    /// scope is not known allows nothing to other origins.
    ///
    /// The table has the routes of annotated handlers in the order of their registration, once for each
    /// pattern that they may have, then the plain routes that have an entry.
    pub(crate) fn new(
        base: &LayeredPolicy,
        declared: &Declared<'_>,
        registered: Registered,
    ) -> Result<Self, StartError> {
        let (mounts, rows) = merge(base, declared, registered)?;
        let doubtful = rows.doubtful;
        Ok(Self { doubtful, ..Self::of_rows(base, rows.areas, rows.routes, mounts) })
    }

    /// Sets how preflights are refused: see the settings of these names in the core's table.
    pub(crate) fn answering(mut self, debug: bool, strict: bool) -> Self {
        self.routes = self.routes.debug(debug).strict(strict);
        self
    }

    /// A table that allows nothing to anyone.
    pub(crate) fn closed(mounts: Vec<Mount>) -> Self {
        Self::of_rows(&LayeredPolicy::default(), Vec::new(), Vec::new(), mounts)
    }

    fn of_rows(
        base: &LayeredPolicy,
        scopes: Vec<ScopeReport>,
        rows: Vec<Row>,
        mounts: Vec<Mount>,
    ) -> Self {
        let specs: Vec<RouteSpec> = rows.iter().map(|row| row.spec.clone()).collect();
        let policies: Vec<Policy> = scopes.iter().map(|own| own.policy.policy().clone()).collect();
        let routes = RouteTable::with_scopes(base.policy(), &specs, &policies, header_value);
        let (areas, unrouted) = areas(&routes, &scopes);
        let endpoints = endpoints(&routes, &rows, &mounts);
        let plain = plain_routes(&routes, &rows);
        let reports = rows.into_iter().map(|row| row.report).collect();
        let report = Report::new(base.clone(), reports).scopes(scopes);
        let preflight_lifetime = preflight_lifetime(&report);
        let has_any = !report.routes.is_empty() || !unrouted.is_empty();
        let doubtful = None;
        Self {
            routes,
            report,
            has_any,
            mounts,
            endpoints,
            plain,
            areas,
            unrouted,
            preflight_lifetime,
            doubtful,
        }
    }

    /// Whether an annotated route has a pattern.
    pub(crate) fn has_annotated(&self, pattern: &str) -> bool {
        let is_annotated = |own: &RouteReport| matches!(own.source, Source::Attribute(_));
        self.report.routes.iter().any(|own| own.pattern == pattern && is_annotated(own))
    }

    /// Whether any scope has a policy of its own.
    #[inline]
    pub(crate) fn has_scopes(&self) -> bool {
        !self.unrouted.is_empty()
    }

    /// The scope whose policy a plain route of this full pattern has; `None` for the base policy.
    pub(crate) fn scope_of(&self, pattern: &str) -> Option<ScopeId> {
        innermost(&self.areas, pattern)
    }

    /// The route of the table that an endpoint is. `pattern` is called only if that is in doubt.
    #[inline]
    pub(crate) fn route_at(
        &self,
        endpoint: Endpoint,
        pattern: impl FnOnce() -> Option<String>,
    ) -> Option<RouteId> {
        let routes = self.endpoints.get(endpoint.index)?;
        if let [only] = routes[..] {
            return Some(only);
        }
        let pattern = pattern()?;
        routes.iter().copied().find(|route| self.has_pattern(*route, &pattern))
    }

    /// The routes of the table that a route of a mounted handler is at this full pattern: several if its
    /// methods have different policies.
    pub(crate) fn routes_of(&self, mount: usize, route: usize, pattern: &str) -> Vec<RouteId> {
        let own = self.endpoints.get(self.mounts[mount].endpoints(route)).unwrap_or_default();
        let own = own.iter().flatten().copied();
        let distinct: BTreeSet<RouteId> =
            own.filter(|route| self.has_pattern(*route, pattern)).collect();
        distinct.into_iter().collect()
    }

    fn has_pattern(&self, route: RouteId, pattern: &str) -> bool {
        self.report.routes.get(route.index()).is_some_and(|own| own.pattern == pattern)
    }
}

/// The areas of plain routes, and those of what no route takes: where a module has a say it is in the place of
/// the scope.
fn areas(table: &RouteTable<HeaderValue>, reports: &[ScopeReport]) -> (Vec<Area>, Vec<Area>) {
    let area = |(own, id): (&ScopeReport, ScopeId)| {
        (own.unrouted_only, Area { path: own.path.clone(), id })
    };
    let all = reports.iter().zip(table.scopes()).map(area);
    let (of_modules, of_scopes): (Vec<_>, Vec<_>) = all.partition(|own| own.0);
    let of_routes: Vec<Area> = of_scopes.into_iter().map(|own| own.1).collect();
    let mut unrouted: Vec<Area> = of_modules.into_iter().map(|own| own.1).collect();
    let has_module = |path: &str| unrouted.iter().any(|own| own.path == path);
    let others: Vec<Area> =
        of_routes.iter().filter(|own| !has_module(&own.path)).cloned().collect();
    unrouted.extend(others);
    unrouted.sort_by_key(|own| Reverse(own.path.len()));
    (of_routes, unrouted)
}

/// The routes of the table that each endpoint is.
fn endpoints(
    table: &RouteTable<HeaderValue>,
    rows: &[Row],
    mounts: &[Mount],
) -> Vec<SmallVec<[RouteId; 1]>> {
    let mut endpoints = Vec::new();
    for (id, row) in table.routes().zip(rows) {
        let Some((mount, number)) = row.handler else { continue };
        let methods = mounts[mount].handler.routes[number].methods;
        for (endpoint, method) in mounts[mount].endpoints(number).zip(methods) {
            if row.report.methods.iter().any(|own| own == method) {
                endpoints.resize(endpoints.len().max(endpoint + 1), SmallVec::new());
                endpoints[endpoint].push(id);
            }
        }
    }
    endpoints
}

fn plain_routes(table: &RouteTable<HeaderValue>, rows: &[Row]) -> PlainRoutes {
    let annotated = rows.iter().filter(|row| row.handler.is_some() && row.is_certain);
    let annotated: HashSet<&str> = annotated.map(|row| row.spec.pattern.as_str()).collect();
    let mut plain = PlainRoutes::new();
    for (id, row) in table.routes().zip(rows).filter(|(_, row)| row.handler.is_none()) {
        // an entry for a handler's methods says nothing of a plain route of the same pattern
        let is_declared =
            row.report.source.is_entry() && !annotated.contains(row.spec.pattern.as_str());
        let routes = plain.entry(row.spec.pattern.clone()).or_default();
        routes.push(PlainRoute { id, is_declared });
    }
    plain
}

fn preflight_lifetime(report: &Report) -> Duration {
    let of_routes = report.routes.iter().map(|route| &route.policy);
    let of_scopes = report.scopes.iter().map(|scope| &scope.policy);
    let all = std::iter::once(&report.base).chain(of_scopes).chain(of_routes);
    all.map(LayeredPolicy::policy).map(Policy::preflight_lifetime).max().unwrap_or_default()
}

/// Every value the core builds is made of checked tokens, origins and numbers. Those that are in most
/// answers need no count of their clones; the first clone of any other makes its bytes countable.
fn header_value(text: &str) -> HeaderValue {
    match text {
        "*" => HeaderValue::from_static("*"),
        "true" => HeaderValue::from_static("true"),
        "Origin" => HeaderValue::from_static("Origin"),
        text => HeaderValue::from_str(text)
            .map_or(HeaderValue::from_static(""), |original| original.clone()),
    }
}
