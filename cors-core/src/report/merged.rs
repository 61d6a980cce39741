//! The merged table, and the lints of all that is in it.

use std::collections::HashSet;

use super::{Concern, Lint};
use crate::{policy::LayeredPolicy, setting::Key, source::Source};

/// What an adapter made of the base policy and all overrides when an application started.
///
/// It prints as text; with `{:#}` the places in the source are left out, so that a snapshot holds
/// when lines move. With the crate feature `serde` it can be written as JSON and the like.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The base policy.
    pub base: LayeredPolicy,
    /// The routes with a policy of their own, in registration order.
    pub routes: Vec<RouteReport>,
}

/// One route of a [`Report`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RouteReport {
    /// The methods it serves.
    pub methods: Vec<String>,
    /// The full pattern of its path, scopes included.
    pub pattern: String,
    /// The handler's attribute, or the route entry or the introspection if no handler has one.
    pub source: Source,
    /// Whether a guard beside the method decides too.
    pub guarded: bool,
    /// The effective policy.
    pub policy: LayeredPolicy,
}

impl RouteReport {
    /// A route without a guard beside the method.
    #[must_use]
    pub fn new(
        pattern: impl Into<String>,
        methods: Vec<String>,
        source: Source,
        policy: LayeredPolicy,
    ) -> Self {
        Self { methods, pattern: pattern.into(), source, guarded: false, policy }
    }

    /// Sets whether a guard beside the method decides too.
    #[must_use]
    pub fn guarded(self, guarded: bool) -> Self {
        Self { guarded, ..self }
    }
}

impl Report {
    /// The table of a base policy and its routes.
    #[must_use]
    pub fn new(base: LayeredPolicy, routes: Vec<RouteReport>) -> Self {
        Self { base, routes }
    }

    /// What is legal in the base policy or in that of a route, and surely a mistake; each once.
    ///
    /// A base policy without origins is no concern where some route has its own.
    #[must_use]
    pub fn lints(&self) -> Vec<Lint> {
        let mut lints = self.base.lints();
        let of_base: HashSet<(Key, Box<str>, Concern)> = lints.iter().map(identity).collect();
        let is_for_routes = self.routes.iter().any(|route| allows_some_origin(&route.policy));
        if is_for_routes {
            lints.retain(|lint| lint.concern != Concern::NoOrigins);
        }
        for route in &self.routes {
            let own = |key: Key| {
                route.policy.contributions(key) != self.base.contributions(key)
                    || (key == Key::AllowOrigins
                        && is_for_routes
                        && route.policy.allows_no_origin())
            };
            let found = Key::ALL.iter().copied().filter(|key| own(*key));
            let found = found.flat_map(|key| route.policy.lints_of(key));
            let is_new = |lint: &Lint| {
                lint.concern == Concern::NoOrigins || !of_base.contains(&identity(lint))
            };
            // a module of handlers or an entry may have brought it
            let name = |lint: Lint| match lint.source {
                Source::Attribute(_) | Source::Entry(_) => lint,
                _ => Lint { source: route.source.clone(), ..lint },
            };
            for lint in found.filter(is_new).map(name) {
                if !lints.contains(&lint) {
                    lints.push(lint);
                }
            }
        }
        lints
    }
}

/// What a lint says, wherever it was written.
fn identity(lint: &Lint) -> (Key, Box<str>, Concern) {
    (lint.key, lint.value.clone(), lint.concern.clone())
}

fn allows_some_origin(layered: &LayeredPolicy) -> bool {
    let origins = layered.policy().allow_origins();
    origins.is_any() || origins.members().next().is_some()
}

#[cfg(test)]
mod tests {
    use super::{Report, RouteReport};
    use crate::{Location, Operator, Override, Policy, PolicyBuilder, Setting, Source, Value};

    static PLACE: Location = Location { handler: "shop::rates", file: "src/shop.rs", line: 12 };

    /// The lints of a base policy and of one route for each list of settings.
    fn lints(base: &PolicyBuilder, routes: &[&[Setting<'_>]]) -> Vec<String> {
        let base = base.build_layered().unwrap();
        let source = Source::Attribute(&PLACE);
        let route = |settings: &&[Setting<'_>]| {
            let layer = Override::from_settings(settings, &source).unwrap();
            RouteReport {
                methods: vec!["PUT".into()],
                pattern: "/rates".into(),
                source: source.clone(),
                guarded: false,
                policy: base.apply(&layer, &source, &[]).unwrap(),
            }
        };
        let routes = routes.iter().map(route).collect();
        let report = Report { base, routes };
        let show = |lint: &crate::Lint| format!("{} {} {}", lint.code(), lint.value, lint.source);
        report.lints().iter().map(show).collect()
    }

    fn list<'a>(key: &'a str, operator: Operator, list: &'a [&'a str]) -> Setting<'a> {
        Setting { key, operator, value: Value::List(list) }
    }

    #[test]
    fn a_route_is_linted_for_what_it_adds() {
        let base = Policy::builder().allow_origins(["https://a.example"]).allow_headers(["Accept"]);
        let of_base = "CORS105 Accept base policy";
        let of_route = "CORS105 Content-Language #[cors] on `shop::rates` at src/shop.rs:12";
        let more = list("allow_headers", Operator::Add, &["Content-Language"]);
        assert_eq!(lints(&base, &[&[]]), [of_base]);
        assert_eq!(lints(&base, &[&[more]]), [of_base, of_route]);
    }

    #[test]
    fn what_a_module_brings_is_said_once_and_of_the_module() {
        static MODULE: Location = Location { handler: "shop", file: "src/shop.rs", line: 1 };
        let base = Policy::builder().allow_origins(["https://a.example"]).build_layered().unwrap();
        let module = Source::Attribute(&MODULE);
        let more = list("allow_headers", Operator::Add, &["Accept"]);
        let layer = Override::from_settings(&[more], &module).unwrap();
        let route = |pattern: &str| RouteReport {
            methods: vec!["GET".into()],
            pattern: pattern.into(),
            source: Source::Attribute(&PLACE),
            guarded: false,
            policy: base.apply(&layer, &module, &[]).unwrap(),
        };
        let report = Report { routes: vec![route("/a"), route("/b")], base: base.clone() };
        let sources: Vec<Source> = report.lints().into_iter().map(|lint| lint.source).collect();
        assert_eq!(sources, [module]);
    }

    #[test]
    fn origins_may_be_left_to_the_routes() {
        let base = Policy::builder().allow_headers(["X-A"]);
        let own = list("allow_origins", Operator::Set, &["https://a.example"]);
        let of_route = "CORS107  #[cors] on `shop::rates` at src/shop.rs:12";
        assert_eq!(lints(&base, &[std::slice::from_ref(&own)]), [""; 0]);
        assert_eq!(lints(&base, &[&[own], &[]]), [of_route]);
        assert_eq!(lints(&base, &[&[]]), ["CORS107  base policy"]);
        let base = base.allow_origins(["https://a.example"]);
        let none = list("allow_origins", Operator::Remove, &["https://a.example"]);
        assert_eq!(lints(&base, &[&[none]]), [of_route]);
    }
}
