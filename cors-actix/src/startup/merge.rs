//! Merging: what the base policy, attributes and route entries make of every route.

use std::collections::{BTreeSet, HashSet};

use cors_core::{
    ConfigError, ConfigErrors, LayeredPolicy, Method, Override, RouteEntry, RouteReport, RouteSpec,
    ScopeEntry, ScopeReport, Source,
};

use super::{
    entries::{browser_methods, group_by_entries, lay_entries},
    mount::{Inside, Mount, Registered},
    pattern_groups::{MOST_GROUPS, has_too_many_groups},
    scopes::{ScopeModule, ScopePolicies},
    start_error::StartError,
};
use crate::handler::Route;

/// What was said in code, beside the handlers.
pub(crate) struct Declared<'a> {
    pub(crate) scopes: &'a [ScopeEntry],
    pub(crate) entries: &'a [RouteEntry],
    /// The full patterns that resources without `#[cors]` are known to have.
    pub(crate) plain: &'a HashSet<String>,
}

/// A route before compilation.
pub(super) struct Row {
    /// The mount and the number of the route in it; `None` for routes without `#[cors]`.
    pub(super) handler: Option<(usize, usize)>,
    /// Whether the handler is surely there.
    pub(super) is_certain: bool,
    pub(super) spec: RouteSpec,
    pub(super) report: RouteReport,
}

/// Everything that has a policy of its own, in the order of the table.
pub(super) struct Rows {
    pub(super) areas: Vec<ScopeReport>,
    pub(super) routes: Vec<Row>,
    /// What is wrong with handlers that may be elsewhere.
    pub(super) doubtful: Option<StartError>,
}

/// Lays the entries of scopes, overrides and the entries of routes over the base policy. A handler whose scope is not
/// known allows nothing to other origins.
///
/// The rows of annotated handlers are in the order of their registration, once for each pattern that they may have;
/// then come the plain routes that have an entry.
pub(super) fn merge(
    base: &LayeredPolicy,
    declared: &Declared<'_>,
    registered: Registered,
) -> Result<(Vec<Mount>, Rows), StartError> {
    let Registered { mounts, scopes } = registered;
    let (mut entries, mut errors) = (declared.scopes.to_vec(), Vec::new());
    for scope in scopes {
        match scope {
            Ok(entry) => entries.push(entry),
            Err(found) => errors.push(found),
        }
    }
    let scopes = ScopePolicies::new(base, &entries);
    let Declared { entries, plain, .. } = *declared;
    let (areas, rows, doubtful) = (Vec::new(), Vec::new(), Vec::new());
    let mut merge = Merge { base, scopes: &scopes, entries, plain, areas, rows, errors, doubtful };
    merge.add_scopes(&mounts);
    for (index, mount) in mounts.iter().enumerate() {
        for (number, route) in mount.handler.routes.iter().enumerate() {
            merge.add_handler((index, number), mount, route);
        }
    }
    merge.add_plain_routes();
    let Merge { areas, rows, errors, doubtful, .. } = merge;
    StartError::check(errors)?;
    let doubtful = StartError::check(doubtful).err();
    Ok((mounts, Rows { areas, routes: rows, doubtful }))
}

struct Merge<'a> {
    base: &'a LayeredPolicy,
    scopes: &'a ScopePolicies<'a>,
    entries: &'a [RouteEntry],
    /// The full patterns that resources without `#[cors]` are known to have.
    plain: &'a HashSet<String>,
    areas: Vec<ScopeReport>,
    rows: Vec<Row>,
    errors: Vec<ConfigErrors>,
    /// Those of handlers that may be elsewhere.
    doubtful: Vec<ConfigErrors>,
}

impl Merge<'_> {
    fn add_scopes(&mut self, mounts: &[Mount]) {
        let of_routes = self.scopes.of_routes();
        let of_unrouted = self.scopes.of_unrouted(&ScopeModule::all(mounts));
        for report in of_routes.into_iter().chain(of_unrouted) {
            match report {
                Ok(report) => self.areas.push(report),
                Err(errors) => self.errors.push(errors),
            }
        }
    }

    fn add_handler(&mut self, handler: (usize, usize), mount: &Mount, route: &Route) {
        if mount.inside == Inside::No {
            return;
        }
        let groups = check_groups(mount, route);
        let is_certain = mount.prefixes.len() == 1;
        for prefix in &mount.prefixes {
            let pattern = prefix.clone() + &route.pattern();
            for (names, entries) in group_by_entries(self.entries, &pattern, route.methods) {
                let methods = browser_methods(&names);
                let policy = groups.clone().and_then(|()| self.scopes.at(&pattern, &methods));
                let policy = policy.and_then(|scope| mount.handler.layer.apply(&scope, &methods));
                let policy = policy.and_then(|policy| lay_entries(policy, &entries, &methods));
                let policy =
                    policy.or_else(|errors| self.close_if_doubtful(errors, mount, &methods));
                let own = Annotated { handler, is_certain, mount, route, pattern: &pattern };
                self.add(policy, |policy| own.row(&names, policy));
            }
        }
        if mount.prefixes.is_empty() {
            let policy = self.closed(mount, &browser_methods(route.methods));
            let pattern = "(in an unknown scope)";
            let own = Annotated { handler, is_certain, mount, route, pattern };
            self.add(policy, |policy| own.row(route.methods, policy));
        }
    }

    /// A policy that allows nothing, if the handler may be outside: then what does not fit here may be right where
    /// the handler is.
    fn close_if_doubtful(
        &mut self,
        errors: ConfigErrors,
        mount: &Mount,
        methods: &[Method],
    ) -> Result<LayeredPolicy, ConfigErrors> {
        if mount.inside != Inside::Perhaps {
            return Err(errors);
        }
        self.doubtful.push(errors);
        self.closed(mount, methods)
    }

    fn closed(&self, mount: &Mount, methods: &[Method]) -> Result<LayeredPolicy, ConfigErrors> {
        let source = Source::Attribute(mount.handler.location);
        self.base.apply(&Override::disable(), &source, methods)
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
        let policy = self.scopes.at(pattern, known);
        let policy = policy.and_then(|policy| lay_entries(policy, entries, known));
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

/// Fails for a pattern at which actix's router panics.
fn check_groups(mount: &Mount, route: &Route) -> Result<(), ConfigErrors> {
    let pattern = route.pattern();
    let source = Source::Attribute(mount.handler.location);
    let error = || ConfigError::pattern_groups(&pattern, MOST_GROUPS, &source);
    let errors = has_too_many_groups(&pattern).then(error).into_iter().collect();
    ConfigErrors::check((), errors)
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
