//! Merging: what the base policy, attributes and route entries make of every route.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};

use actix_web::http::header::HeaderValue;
use cors_core::{
    ConfigErrors, LayeredPolicy, Method, Override, Policy, Report, RouteEntry, RouteId,
    RouteReport, RouteSpec, RouteTable, Source,
};
use smallvec::SmallVec;

use super::{registry::Mount, route_mark::Endpoint, start_error::StartError};
use crate::handler::Route;

/// The merged policies of one application, compiled.
pub(crate) struct Merged {
    pub(crate) routes: RouteTable<HeaderValue>,
    pub(crate) report: Report,
    pub(crate) mounts: Vec<Mount>,
    /// The route of the table that each endpoint is; several if it is in doubt which pattern it has.
    endpoints: Vec<SmallVec<[RouteId; 1]>>,
    pub(crate) plain: PlainRoutes,
    /// The longest that a browser may remember a preflight of any route.
    pub(crate) preflight_lifetime: Duration,
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

/// A route before compilation.
struct Row {
    /// The mount and the number of the route in it; `None` for routes without `#[cors]`.
    handler: Option<(usize, usize)>,
    /// Whether the handler is surely there.
    is_certain: bool,
    spec: RouteSpec,
    report: RouteReport,
}

impl Merged {
    /// Lays overrides and entries over the base policy. A handler whose scope is not known allows nothing
    /// to other origins.
    ///
    /// The table has the routes of annotated handlers in the order of their registration, once for each
    /// pattern that they may have, then the plain routes that have an entry.
    pub(crate) fn new(
        base: &LayeredPolicy,
        entries: &[RouteEntry],
        mounts: Vec<Mount>,
        plain: &HashSet<String>,
    ) -> Result<Self, StartError> {
        let mut merge = Merge { base, entries, plain, rows: Vec::new(), errors: Vec::new() };
        for (index, mount) in mounts.iter().enumerate() {
            for (number, route) in mount.handler.routes.iter().enumerate() {
                merge.add_handler((index, number), mount, route);
            }
        }
        merge.add_plain_routes();
        let Merge { rows, errors, .. } = merge;
        StartError::check(errors)?;
        Ok(Self::of_rows(base, rows, mounts))
    }

    /// Sets how preflights are refused: see the settings of these names in the core's table.
    pub(crate) fn answering(mut self, debug: bool, strict: bool) -> Self {
        self.routes = self.routes.debug(debug).strict(strict);
        self
    }

    /// A table that allows nothing to anyone.
    pub(crate) fn closed(mounts: Vec<Mount>) -> Self {
        Self::of_rows(&LayeredPolicy::default(), Vec::new(), mounts)
    }

    fn of_rows(base: &LayeredPolicy, rows: Vec<Row>, mounts: Vec<Mount>) -> Self {
        let specs: Vec<RouteSpec> = rows.iter().map(|row| row.spec.clone()).collect();
        let routes = RouteTable::new(base.policy(), &specs, header_value);
        let endpoints = endpoints(&routes, &rows, &mounts);
        let plain = plain_routes(&routes, &rows);
        let reports = rows.into_iter().map(|row| row.report).collect();
        let report = Report::new(base.clone(), reports);
        let preflight_lifetime = preflight_lifetime(&report);
        Self { routes, report, mounts, endpoints, plain, preflight_lifetime }
    }

    /// Whether an annotated route has a pattern.
    pub(crate) fn has_annotated(&self, pattern: &str) -> bool {
        let is_annotated = |own: &RouteReport| matches!(own.source, Source::Attribute(_));
        self.report.routes.iter().any(|own| own.pattern == pattern && is_annotated(own))
    }

    /// Whether any route has a policy of its own.
    #[inline]
    pub(crate) fn has_routes(&self) -> bool {
        !self.report.routes.is_empty()
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
        let is_declared = matches!(row.report.source, Source::Entry(_))
            && !annotated.contains(row.spec.pattern.as_str());
        let routes = plain.entry(row.spec.pattern.clone()).or_default();
        routes.push(PlainRoute { id, is_declared });
    }
    plain
}

struct Merge<'a> {
    base: &'a LayeredPolicy,
    entries: &'a [RouteEntry],
    /// The full patterns that resources without `#[cors]` are known to have.
    plain: &'a HashSet<String>,
    rows: Vec<Row>,
    errors: Vec<ConfigErrors>,
}

impl Merge<'_> {
    fn add_handler(&mut self, handler: (usize, usize), mount: &Mount, route: &Route) {
        let is_certain = mount.prefixes.len() == 1;
        for prefix in &mount.prefixes {
            let pattern = prefix.clone() + &route.pattern();
            for (names, entries) in group_by_entries(self.entries, &pattern, route.methods) {
                let methods = browser_methods(&names);
                let policy = mount.handler.layer.apply(self.base, &methods);
                let policy = policy.and_then(|policy| lay_entries(policy, &entries, &methods));
                let own = Annotated { handler, is_certain, mount, route, pattern: &pattern };
                self.add(policy, |policy| own.row(&names, policy));
            }
        }
        if mount.prefixes.is_empty() {
            let source = Source::Attribute(mount.handler.location);
            let methods = browser_methods(route.methods);
            let policy = self.base.apply(&Override::disable(), &source, &methods);
            let pattern = "(in an unknown scope)";
            let own = Annotated { handler, is_certain, mount, route, pattern };
            self.add(policy, |policy| own.row(route.methods, policy));
        }
    }

    /// Adds the plain routes that have an entry: those for single methods first, then those for all.
    fn add_plain_routes(&mut self) {
        let patterns: Vec<&str> = self.entries.iter().map(RouteEntry::pattern).collect();
        let mut seen = HashSet::new();
        for pattern in patterns.into_iter().filter(|pattern| seen.insert(*pattern)) {
            let own = || self.entries.iter().filter(|entry| entry.pattern() == pattern);
            let named: BTreeSet<&Method> =
                own().filter_map(RouteEntry::methods).flatten().collect();
            let is_plain = self.plain.contains(pattern);
            let unknown =
                named.into_iter().filter(|method| is_plain || !self.is_served(pattern, method));
            let unknown: Vec<&str> = unknown.map(Method::as_str).collect();
            let for_all: Vec<&RouteEntry> = own().filter(|own| own.methods().is_none()).collect();
            for (names, entries) in group_by_entries(self.entries, pattern, &unknown) {
                self.add_plain(pattern, Some(&names), &entries);
            }
            // at the first request it is known whether there is a plain route as well
            if !for_all.is_empty() && (is_plain || !self.is_annotated(pattern)) {
                self.add_plain(pattern, None, &for_all);
            }
        }
    }

    fn add_plain(&mut self, pattern: &str, names: Option<&[&str]>, entries: &[&RouteEntry]) {
        let methods = names.map(browser_methods);
        let known = methods.as_deref().unwrap_or_default();
        let policy = lay_entries(self.base.clone(), entries, known);
        let Some(source) = entries.last().map(|entry| entry.source().clone()) else { return };
        self.add(policy, |policy| Row {
            handler: None,
            is_certain: true,
            spec: spec(pattern, methods.map(|own| own.into_iter().collect()), false, &policy),
            report: RouteReport::new(pattern, texts(names.unwrap_or(&["*"])), source, policy),
        });
    }

    fn add(
        &mut self,
        policy: Result<LayeredPolicy, ConfigErrors>,
        row: impl FnOnce(LayeredPolicy) -> Row,
    ) {
        match policy {
            Ok(policy) => self.rows.push(row(policy)),
            Err(errors) => self.errors.push(errors),
        }
    }

    /// Whether an annotated handler certainly has the pattern.
    fn is_annotated(&self, pattern: &str) -> bool {
        let is_own = |row: &Row| row.handler.is_some() && row.is_certain;
        self.rows.iter().any(|row| is_own(row) && row.spec.pattern == pattern)
    }

    /// Whether an annotated handler certainly serves the method at the pattern.
    fn is_served(&self, pattern: &str, method: &Method) -> bool {
        self.rows.iter().any(|row| {
            row.handler.is_some()
                && row.is_certain
                && !row.spec.guarded
                && row.spec.pattern == pattern
                && row.spec.methods.as_ref().is_some_and(|own| own.contains(method))
        })
    }
}

/// A route of an annotated handler, at one of the patterns that it may have.
struct Annotated<'a> {
    handler: (usize, usize),
    is_certain: bool,
    mount: &'a Mount,
    route: &'a Route,
    pattern: &'a str,
}

impl Annotated<'_> {
    fn row(self, names: &[&str], policy: LayeredPolicy) -> Row {
        let methods = Some(browser_methods(names).into_iter().collect());
        let guarded = self.route.guarded;
        let source = Source::Attribute(self.mount.handler.location);
        Row {
            handler: Some(self.handler),
            is_certain: self.is_certain,
            spec: spec(self.pattern, methods, guarded, &policy),
            report: RouteReport::new(self.pattern, texts(names), source, policy).guarded(guarded),
        }
    }
}

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// Those that scripts can send: actix serves CONNECT and TRACE as well.
fn browser_methods(names: &[&str]) -> Vec<Method> {
    names.iter().filter_map(|name| name.parse().ok()).collect()
}

/// Methods that have the same entries together, in their order.
fn group_by_entries<'e, 'm>(
    entries: &'e [RouteEntry],
    pattern: &str,
    methods: &[&'m str],
) -> Vec<(Vec<&'m str>, Vec<&'e RouteEntry>)> {
    let mut groups: Vec<(Vec<&str>, Vec<&RouteEntry>)> = Vec::new();
    for name in methods {
        let method: Option<Method> = name.parse().ok();
        let covers = |entry: &&RouteEntry| {
            method.as_ref().is_some_and(|method| entry.covers(pattern, method))
        };
        let own: Vec<&RouteEntry> = entries.iter().filter(covers).collect();
        match groups.iter_mut().find(|(_, other)| *other == own) {
            Some((names, _)) => names.push(name),
            None => groups.push((vec![name], own)),
        }
    }
    groups
}

fn lay_entries(
    policy: LayeredPolicy,
    entries: &[&RouteEntry],
    methods: &[Method],
) -> Result<LayeredPolicy, ConfigErrors> {
    entries.iter().try_fold(policy, |policy, entry| policy.apply_entry(entry, methods))
}

fn spec(
    pattern: &str,
    methods: Option<BTreeSet<Method>>,
    guarded: bool,
    policy: &LayeredPolicy,
) -> RouteSpec {
    let mut spec = RouteSpec::new(pattern, policy.policy().clone()).guarded(guarded);
    spec.methods = methods;
    spec
}

fn preflight_lifetime(report: &Report) -> Duration {
    let of_routes = report.routes.iter().map(|route| &route.policy);
    let policies = std::iter::once(&report.base).chain(of_routes).map(LayeredPolicy::policy);
    policies.map(Policy::preflight_lifetime).max().unwrap_or_default()
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
