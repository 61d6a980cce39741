//! Merging: what the base policy, attributes and route entries make of every route.

use std::collections::BTreeSet;

use cors_core::{ConfigErrors, LayeredPolicy, Method, RouteEntry, RouteReport, RouteSpec, Source};

use crate::{
    __private::Route,
    collect::{Registration, leaf_pattern},
    start::StartError,
};

/// A route before compilation.
pub(crate) struct Row {
    /// The registration and the number of the route in it; `None` for routes without `#[cors]`.
    pub(crate) handler: Option<(usize, usize)>,
    pub(crate) spec: RouteSpec,
    pub(crate) report: RouteReport,
}

/// The rows of annotated handlers in the order of their registration, then those of plain routes
/// that have an entry. A route whose methods have different entries makes several rows.
pub(crate) fn rows(
    base: &LayeredPolicy,
    registrations: &[Registration],
    entries: &[RouteEntry],
) -> Result<Vec<Row>, StartError> {
    let mut merge = Merge { base, entries, rows: Vec::new(), error: StartError::default() };
    for (index, registration) in registrations.iter().enumerate() {
        let Some(prefix) = registration.prefix() else {
            merge.error.join(StartError::unknown_scope(registration.handler.location));
            continue;
        };
        for (number, route) in registration.handler.routes.iter().enumerate() {
            let pattern = format!("{prefix}{}", leaf_pattern(route.path));
            merge.add_handler((index, number), registration, route, &pattern);
        }
    }
    merge.add_plain_routes();
    merge.error.or(merge.rows)
}

struct Merge<'a> {
    base: &'a LayeredPolicy,
    entries: &'a [RouteEntry],
    rows: Vec<Row>,
    error: StartError,
}

impl Merge<'_> {
    fn add_handler(
        &mut self,
        place: (usize, usize),
        registration: &Registration,
        route: &Route,
        pattern: &str,
    ) {
        let layer = &registration.handler.layer;
        for (names, entries) in group_by_entries(self.entries, pattern, route.methods) {
            // actix serves CONNECT and TRACE, but no browser's script can send them
            let methods: Vec<Method> = names.iter().filter_map(|name| name.parse().ok()).collect();
            let policy = layer.apply(self.base, &methods);
            let policy = policy.and_then(|policy| lay_entries(policy, &entries, &methods));
            self.add(policy, |policy| Row {
                handler: Some(place),
                spec: spec(pattern, Some(methods.into_iter().collect()), route.guarded, &policy),
                report: RouteReport {
                    methods: names.iter().map(ToString::to_string).collect(),
                    pattern: pattern.to_owned(),
                    source: Source::Attribute(registration.handler.location),
                    guarded: route.guarded,
                    policy,
                },
            });
        }
    }

    /// Adds what entries say of routes that no handler's attribute has made known: of single
    /// methods first, then of all others.
    fn add_plain_routes(&mut self) {
        let patterns: Vec<&str> = self.entries.iter().map(RouteEntry::pattern).collect();
        for (index, pattern) in patterns.iter().enumerate() {
            if patterns[..index].contains(pattern) {
                continue;
            }
            let own = || self.entries.iter().filter(|entry| entry.pattern() == *pattern);
            let named: BTreeSet<&Method> =
                own().filter_map(RouteEntry::methods).flatten().collect();
            let unknown = named.into_iter().filter(|method| !self.is_served(pattern, method));
            let unknown: Vec<&str> = unknown.map(Method::as_str).collect();
            let for_all: Vec<&RouteEntry> = own().filter(|own| own.methods().is_none()).collect();
            for (names, entries) in group_by_entries(self.entries, pattern, &unknown) {
                self.add_plain(pattern, Some(&names), &entries);
            }
            if !for_all.is_empty() {
                self.add_plain(pattern, None, &for_all);
            }
        }
    }

    fn add_plain(&mut self, pattern: &str, names: Option<&[&str]>, entries: &[&RouteEntry]) {
        let methods: Option<Vec<Method>> =
            names.map(|names| names.iter().filter_map(|name| name.parse().ok()).collect());
        let known = methods.as_deref().unwrap_or_default();
        let policy = lay_entries(self.base.clone(), entries, known);
        let Some(source) = entries.last().map(|entry| entry.source().clone()) else { return };
        self.add(policy, |policy| Row {
            handler: None,
            spec: spec(pattern, methods.map(|own| own.into_iter().collect()), false, &policy),
            report: RouteReport {
                methods: names.unwrap_or(&["*"]).iter().map(ToString::to_string).collect(),
                pattern: pattern.to_owned(),
                source,
                guarded: false,
                policy,
            },
        });
    }

    fn add(
        &mut self,
        policy: Result<LayeredPolicy, ConfigErrors>,
        row: impl FnOnce(LayeredPolicy) -> Row,
    ) {
        match policy {
            Ok(policy) => self.rows.push(row(policy)),
            Err(errors) => self.error.join(errors.into()),
        }
    }

    /// Whether an annotated handler certainly serves the method at the pattern.
    fn is_served(&self, pattern: &str, method: &Method) -> bool {
        self.rows.iter().any(|row| {
            row.handler.is_some()
                && !row.spec.guarded
                && row.spec.pattern == pattern
                && row.spec.methods.as_ref().is_some_and(|own| own.contains(method))
        })
    }
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
    RouteSpec { pattern: pattern.to_owned(), methods, policy: policy.policy().clone(), guarded }
}
