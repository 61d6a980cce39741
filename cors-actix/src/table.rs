//! The merged table of one application: base policy, overrides, and the paths they stand for.

use std::{
    cell::OnceCell,
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};

use actix_web::http::header::HeaderValue;
use cors_core::{
    Decision, LayeredPolicy, Policy, Presented, Report, RouteEntry, RouteId, RouteSpec, RouteTable,
    Source, Step,
};

use crate::{
    Cors,
    builder::Preflights,
    collect::{App, Registration},
    introspection::Introspection,
    linker::Linker,
    listing::Service,
    paths::{Matches, Paths},
    request::Head,
    review,
    rows::rows,
    start::StartError,
    tag::{Left, Place, Slot},
};

/// What answers the requests of one application on one worker.
pub(crate) struct Table {
    /// The middleware it belongs to.
    pub(crate) cors: Cors,
    pub(crate) routes: RouteTable<HeaderValue>,
    pub(crate) report: Report,
    registrations: Vec<Registration>,
    places: Places,
    plain: PlainRoutes,
    has_entries: bool,
    /// The longest that a browser may remember a preflight of any route.
    pub(crate) preflight_lifetime: Duration,
    /// Known from the first request on.
    paths: OnceCell<Paths>,
    /// Routes whose own path is empty, so that their scope consumes all of it.
    empty_paths: Vec<RouteId>,
}

/// What the methods of annotated routes are in the table, by their place; those of one route are
/// several routes of the table if they have policies of their own.
#[derive(Debug, Default)]
pub(crate) struct Places(Vec<Option<RouteId>>);

impl Places {
    fn set(&mut self, place: usize, route: RouteId) {
        if self.0.len() <= place {
            self.0.resize(place + 1, None);
        }
        self.0[place] = Some(route);
    }

    fn get(&self, place: Place) -> Option<RouteId> {
        self.0.get(place.index()).copied().flatten()
    }

    /// What the methods of a route are.
    pub(crate) fn routes(&self, slot: &Slot) -> Vec<RouteId> {
        let own = self.0.get(slot.places()).unwrap_or_default();
        let distinct: BTreeSet<RouteId> = own.iter().flatten().copied().collect();
        distinct.into_iter().collect()
    }
}

/// The routes without `#[cors]` that something is known of, by their full pattern.
pub(crate) type PlainRoutes = HashMap<String, Vec<PlainRoute>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PlainRoute {
    pub(crate) id: RouteId,
    /// Whether an entry declares it, so that the methods of its resource are known.
    pub(crate) is_declared: bool,
    /// Whether its resource is also the last of the pattern, so that it takes its requests for certain.
    pub(crate) is_last: bool,
}

/// What is known of where a request went when its response comes back.
pub(crate) enum Destination<'a> {
    /// The router dispatched it to this route.
    Route(RouteId),
    /// The router consumed the path: dispatched to a route without `#[cors]`, or to a scope. The
    /// pattern is that of the resource.
    Plain { path: &'a str, method: &'a str, pattern: Option<String> },
    /// It was answered before the router, or no route was found for it.
    Unknown { path: &'a str, method: &'a str },
}

impl Table {
    /// Merges the overrides of an application's handlers into the base policy.
    pub(crate) fn new(
        cors: &Cors,
        base: &LayeredPolicy,
        entries: &[RouteEntry],
        preflights: Preflights,
        app: Option<&App>,
        known: Option<&Introspection>,
    ) -> Result<Self, StartError> {
        let registrations = app.map(App::registrations).unwrap_or_default();
        // only what is declared counts in a strict table
        let known = known.filter(|_| !preflights.strict).map(Introspection::entries);
        let all: Vec<RouteEntry> =
            known.into_iter().flatten().chain(entries.iter().cloned()).collect();
        let rows = rows(base, &registrations, &all)?;
        let specs: Vec<RouteSpec> = rows.iter().map(|row| row.spec.clone()).collect();
        let routes = RouteTable::new(base.policy(), &specs, header_value)
            .debug(preflights.debug)
            .strict(preflights.strict);
        let (mut empty_paths, mut plain) = (Vec::new(), PlainRoutes::new());
        let mut places = Places::default();
        let annotated: HashSet<&str> = rows
            .iter()
            .filter(|row| row.handler.is_some())
            .map(|row| row.spec.pattern.as_str())
            .collect();
        for (id, row) in routes.routes().zip(&rows) {
            let Some((registration, number)) = row.handler else {
                // what an entry says of a handler's methods is not said of a plain route's
                let is_declared = matches!(row.report.source, Source::Entry(_))
                    && !annotated.contains(row.spec.pattern.as_str());
                let routes: &mut Vec<_> = plain.entry(row.spec.pattern.clone()).or_default();
                routes.push(PlainRoute { id, is_declared, is_last: false });
                continue;
            };
            let registration = &registrations[registration];
            let methods = registration.handler.routes[number].methods;
            for (place, method) in registration.slots[number].places().zip(methods) {
                if row.report.methods.iter().any(|own| own == method) {
                    places.set(place, id);
                }
            }
            if registration.is_empty_path(number) {
                empty_paths.push(id);
            }
        }
        let reports = rows.into_iter().map(|row| row.report).collect();
        let report = Report { base: base.clone(), routes: reports };
        Ok(Self {
            cors: cors.clone(),
            routes,
            registrations,
            places,
            plain,
            has_entries: !entries.is_empty(),
            preflight_lifetime: preflight_lifetime(&report),
            report,
            paths: OnceCell::new(),
            empty_paths,
        })
    }

    /// A table that allows nothing.
    pub(crate) fn closed(cors: &Cors) -> Self {
        let base = LayeredPolicy::default();
        let routes = RouteTable::new(base.policy(), &[], header_value);
        let report = Report { base, routes: Vec::new() };
        Self {
            cors: cors.clone(),
            routes,
            report,
            registrations: Vec::new(),
            places: Places::default(),
            plain: PlainRoutes::new(),
            has_entries: false,
            preflight_lifetime: Duration::ZERO,
            paths: OnceCell::new(),
            empty_paths: Vec::new(),
        }
    }

    /// Whether any route has a policy of its own.
    pub(crate) fn has_routes(&self) -> bool {
        !self.report.routes.is_empty()
    }

    /// Whether the base policy decides on an actual request, whichever route it is dispatched to.
    #[inline]
    pub(crate) fn is_plain(&self, head: &Head<'_>) -> bool {
        let is_alike = || self.routes.are_alike_without_origin() && !head.has_origin();
        !self.has_routes() || is_alike()
    }

    /// Learns where paths lead, at the first request.
    pub(crate) fn learn_paths(
        &self,
        services: Option<&[Service]>,
        known: Option<&Introspection>,
        are_normalized: bool,
    ) {
        if self.has_routes() && self.paths.get().is_none() {
            let may_be_guarded = |prefix: &str| {
                !self.cors.has_unguarded_scopes()
                    && known.is_none_or(|known| known.may_be_guarded(prefix))
            };
            let linker = Linker {
                registrations: &self.registrations,
                places: &self.places,
                plain: &self.plain,
                may_be_guarded: &may_be_guarded,
            };
            let paths = services.and_then(|services| Paths::new(services, &linker, are_normalized));
            let paths = paths.unwrap_or_else(|| {
                tracing::error!(
                    "CORS: this version of actix-web lists its routes in an unknown way; preflights \
                     are granted only if every #[cors] of the application grants them"
                );
                Paths::Unknown(self.routes.routes().map(Step::route).collect())
            });
            _ = self.paths.set(paths);
        }
    }

    /// Whether it matters which plain route a request is dispatched to.
    pub(crate) fn has_entries(&self) -> bool {
        self.has_entries
    }

    /// The route that a tag left word of in a request, if the tag is of this application.
    pub(crate) fn route_left(&self, left: &Left) -> Option<RouteId> {
        let mut slots = self.registrations.iter().flat_map(|own| &own.slots);
        slots.any(|own| left.is_of(own)).then(|| self.places.get(left.place())).flatten()
    }

    /// The route that a request was dispatched to.
    pub(crate) fn route_at(&self, place: Place) -> Option<RouteId> {
        self.places.get(place)
    }

    /// What a path leads to.
    #[inline]
    pub(crate) fn matches(&self, path: &str) -> Matches<'_> {
        let mut found = Matches::default();
        if let Some(paths) = self.paths.get() {
            paths.find(path, &mut found);
        }
        found
    }

    pub(crate) fn decide(
        &self,
        destination: &Destination<'_>,
        origin: Presented<&[u8]>,
    ) -> Decision<'_, HeaderValue> {
        match destination {
            Destination::Route(id) => self.routes.actual_at(*id, origin),
            Destination::Plain { path, method, pattern } => {
                let matches = self.matches_of_plain(path, pattern.as_deref());
                self.routes.actual(matches.as_path_match(), method, origin)
            }
            Destination::Unknown { path, method } => {
                self.routes.actual(self.matches(path).as_path_match(), method, origin)
            }
        }
    }

    /// What has answered a request whose path is consumed: a plain resource, under the base policy
    /// or what an entry says; or a scope for its own path, its middleware perhaps, and then a route
    /// with an empty path may be meant.
    fn matches_of_plain(&self, path: &str, pattern: Option<&str>) -> Matches<'_> {
        if let (Some(paths), Some(pattern)) = (self.paths.get(), pattern) {
            let matches = paths.plain_matches(path, pattern);
            if !matches.is_empty() {
                return matches;
            }
        }
        if self.empty_paths.is_empty() {
            return Matches::default();
        }
        let matches = self.matches(path);
        if !matches.contain_plain() && matches.contain_any_of(&self.empty_paths) {
            matches.make_possible()
        } else {
            Matches::default()
        }
    }

    /// A name of a route for messages.
    pub(crate) fn name(&self, route: RouteId) -> Option<String> {
        self.report.routes.get(route.index()).map(review::name)
    }

    pub(crate) fn paths(&self) -> Option<&Paths> {
        self.paths.get()
    }
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
