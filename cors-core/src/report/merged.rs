//! The merged table, and the lints of all that is in it.

use std::collections::{HashMap, HashSet};

use super::{Concern, Lint};
use crate::{
    policy::{Consent, Effect, LayeredPolicy},
    setting::Key,
    source::Source,
};

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
    /// A base policy without origins is no concern where some route has its own, and neither is a consent
    /// that some route needs. A setting of a module or an entry is without effect only if it has none in
    /// any route.
    #[must_use]
    pub fn lints(&self) -> Vec<Lint> {
        let mut lints = self.lints_of_base();
        let of_base: HashSet<_> = self.base.lints().iter().map(identity).collect();
        for lint in self.routes.iter().flat_map(|route| self.lints_of(route)) {
            let is_new = lint.concern == Concern::NoOrigins || !of_base.contains(&identity(&lint));
            if is_new && !lints.contains(&lint) {
                lints.push(lint);
            }
        }
        lints.extend(self.settings_without_effect());
        lints
    }

    fn lints_of_base(&self) -> Vec<Lint> {
        let is_used = |name: &str| {
            let consent = Consent::ALL.into_iter().find(|own| own.as_str() == name);
            consent.is_some_and(|own| self.routes.iter().any(|route| route.policy.uses(own)))
        };
        let mut lints = self.base.lints();
        lints.retain(|lint| match lint.concern {
            Concern::NoOrigins => !self.is_for_routes(),
            Concern::ConsentUnused => !is_used(&lint.value),
            _ => true,
        });
        lints
    }

    /// The lints of the settings of a route that differ from the base policy.
    fn lints_of(&self, route: &RouteReport) -> Vec<Lint> {
        let is_changed = |key| route.policy.contributions(key) != self.base.contributions(key);
        let own = |key: &Key| {
            is_changed(*key)
                || (*key == Key::AllowOrigins
                    // whether an origin is a risk depends on credentials as well
                    && (is_changed(Key::AllowCredentials)
                        || (self.is_for_routes() && route.policy.allows_no_origin())))
        };
        let keys = Key::ALL.iter().copied().filter(own);
        // a module of handlers or an entry may have brought it
        let name = |lint: Lint| match lint.source {
            Source::Attribute(_) | Source::Entry(_) => lint,
            _ => Lint { source: route.source.clone(), ..lint },
        };
        keys.flat_map(|key| route.policy.lints_of(key)).map(name).collect()
    }

    /// Whether the base policy is there for routes that have origins of their own.
    fn is_for_routes(&self) -> bool {
        self.routes.iter().any(|route| allows_some_origin(&route.policy))
    }

    /// What the settings of overrides did, each with the policy of the route.
    fn effects(&self) -> impl Iterator<Item = (&LayeredPolicy, &Effect)> {
        let policies = self.routes.iter().map(|route| &route.policy);
        policies.flat_map(|policy| policy.effects().iter().map(move |effect| (policy, effect)))
    }

    /// The settings of overrides that did nothing in any route that they apply to.
    fn settings_without_effect(&self) -> Vec<Lint> {
        let mut found: Vec<Lint> = Vec::new();
        let mut is_useful: HashMap<(&Source, Option<Key>), bool> = HashMap::new();
        for (policy, effect) in self.effects() {
            let lint = Lint::of_effect(effect, policy.disabled_by());
            let known = is_useful.entry((&effect.source, effect.key)).or_insert_with(|| {
                found.extend(lint.clone());
                lint.is_none()
            });
            *known |= lint.is_none();
        }
        found.retain(|lint| is_useful.get(&(&lint.source, lint.key)) == Some(&false));
        found
    }
}

/// What a lint says, wherever it was written.
fn identity(lint: &Lint) -> (Option<Key>, Box<str>, Concern) {
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

    /// The module of the handler.
    static MODULE: Location = Location { handler: "shop", file: "src/shop.rs", line: 1 };

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

    /// A base policy with `layers` over it, as a route.
    fn route(base: &PolicyBuilder, layers: &[(&Source, Override)]) -> RouteReport {
        let base = base.build_layered().unwrap();
        let policy = layers.iter().fold(base, |policy, (source, layer)| {
            policy.apply(layer, source, &["PUT".parse().unwrap()]).unwrap()
        });
        RouteReport::new("/rates", vec!["PUT".into()], Source::Attribute(&PLACE), policy)
    }

    fn without_effect(base: &PolicyBuilder, routes: Vec<RouteReport>) -> Vec<String> {
        let report = Report::new(base.build_layered().unwrap(), routes);
        report.lints().iter().map(|lint| format!("{} {lint}", lint.code())).collect()
    }

    /// An override that did nothing passed in silence.
    #[test]
    fn settings_without_effect_are_said_with_both_places() {
        let (module, handler) = (Source::Attribute(&MODULE), Source::Attribute(&PLACE));
        let day = std::time::Duration::from_secs(86_400);
        let base = Policy::builder()
            .allow_origins(["https://a.example"])
            .expose_headers(["ETag"])
            .max_age(day)
            .allow_credentials(true);
        let build = |layer: crate::OverrideBuilder| layer.build(&Source::Here).unwrap();
        let layer = Override::builder;
        let at_handler = "#[cors] on `shop::rates` at src/shop.rs:12";
        let at_module = "#[cors] on `shop` at src/shop.rs:1";
        let same = |key: &str, by: &str| {
            let what = "changes nothing, because it was so before";
            format!("CORS113 {at_handler}: `{key}` {what} ({by}); leave it out")
        };
        let off = |key: &str| {
            let what = "has no effect, because CORS is off there";
            format!("CORS114 {at_handler}: `{key}` {what} ({at_module}); remove one of the two")
        };
        let rows = [
            (layer().expose_headers(["etag"]), vec![same("expose_headers", "base policy")]),
            (layer().add_expose_headers(["ETag"]), vec![same("expose_headers", "base policy")]),
            (layer().remove_expose_headers(["Link"]), vec![same("expose_headers", "base policy")]),
            (layer().remove_allow_headers(["X-A"]), vec![same("allow_headers", "base policy")]),
            (
                layer().allow_origins(["https://a.example"]),
                vec![same("allow_origins", "base policy")],
            ),
            (layer().allow_credentials(true), vec![same("allow_credentials", "base policy")]),
            (layer().max_age(day), vec![same("max_age", "base policy")]),
            (layer().add_expose_headers(["Link"]), vec![]),
            (layer().remove_expose_headers(["ETag"]), vec![]),
            (layer().allow_credentials(false), vec![]),
            // the route serves PUT, and what it does not serve is none of its business
            (layer().allow_methods(["PUT"]), vec![same("allow_methods", "base policy")]),
            (layer().allow_methods(["*"]), vec![same("allow_methods", "base policy")]),
            (layer().add_allow_methods(["PATCH"]), vec![same("allow_methods", "base policy")]),
            (layer().remove_allow_methods(["GET"]), vec![same("allow_methods", "base policy")]),
            (layer().remove_allow_methods(["PUT"]), vec![]),
            (layer().allow_methods(["PATCH"]), vec![]),
            (layer().disable(), vec![]),
            (layer(), vec![]),
        ];
        for (own, expected) in rows {
            let route = route(&base, &[(&handler, build(own.clone()))]);
            assert_eq!(without_effect(&base, vec![route]), expected, "{own:?}");
        }
        let link = || build(layer().add_expose_headers(["Link"]));
        let both = route(&base, &[(&module, link()), (&handler, link())]);
        assert_eq!(without_effect(&base, vec![both]), [same("expose_headers", at_module)]);
        let off_twice = [(&module, Override::disable()), (&handler, Override::disable())];
        let disabled = route(&base, &off_twice);
        assert_eq!(without_effect(&base, vec![disabled]), [same("disable", at_module)]);
        let disabled = route(&base, &[(&module, Override::disable()), (&handler, link())]);
        assert_eq!(without_effect(&base, vec![disabled]), [off("expose_headers")]);
    }

    /// Turned off later, as by an entry.
    #[test]
    fn a_setting_of_a_route_that_is_off_in_the_end_is_said() {
        let (module, handler) = (Source::Attribute(&MODULE), Source::Attribute(&PLACE));
        let base = Policy::builder().allow_origins(["https://a.example"]);
        let link =
            || Override::builder().add_expose_headers(["Link"]).build(&Source::Here).unwrap();
        let off = || route(&base, &[(&module, link()), (&handler, Override::disable())]);
        let on = || route(&base, &[(&module, link())]);
        let lints = without_effect(&base, vec![off()]);
        assert!(lints[0].starts_with("CORS114 #[cors] on `shop` at"), "{lints:?}");
        assert!(lints[0].contains("off there (#[cors] on `shop::rates` at"), "{lints:?}");
        assert_eq!(lints.len(), 1);
        assert_eq!(without_effect(&base, vec![off(), on()]), [""; 0]);
    }

    /// It changes one route of several.
    #[test]
    fn an_entry_that_does_something_somewhere_is_not_said() {
        let handler = Source::Attribute(&PLACE);
        let entry = Source::Entry(std::panic::Location::caller());
        let base = Policy::builder().allow_origins(["https://a.example"]);
        let link =
            || Override::builder().add_expose_headers(["Link"]).build(&Source::Here).unwrap();
        let has_it = || route(&base, &[(&handler, link()), (&entry, link())]);
        let gets_it = || route(&base, &[(&entry, link())]);
        for routes in [vec![has_it(), gets_it()], vec![gets_it(), has_it()]] {
            assert_eq!(without_effect(&base, routes), [""; 0]);
        }
        assert_eq!(without_effect(&base, vec![has_it(), has_it()]).len(), 1);
    }

    #[test]
    fn a_consent_that_a_route_needs_is_not_said() {
        let handler = Source::Attribute(&PLACE);
        let base = Policy::builder()
            .allow_origins(["https://a.example"])
            .dangerously_allow_insecure_origins(true);
        let insecure = Override::builder().allow_origins(["http://b.example"]);
        let with = |own: crate::OverrideBuilder| {
            let layer = own.build(&Source::Here).unwrap();
            without_effect(&base, vec![route(&base, &[(&handler, layer)])])
        };
        let unused = "CORS112 `dangerously_allow_insecure_origins(true)` makes no difference to any origin; leave it out";
        assert_eq!(with(insecure.clone()), [unused]);
        assert_eq!(with(insecure.allow_credentials(true)), [""; 0]);
        // a module needs it, although its only handler then does without
        let module = Source::Attribute(&MODULE);
        let base = base.allow_credentials(true);
        let added = Override::builder().add_allow_origins(["http://b.example"]);
        let without = Override::builder().allow_credentials(false);
        let build = |own: crate::OverrideBuilder| own.build(&Source::Here).unwrap();
        let route = route(&base, &[(&module, build(added)), (&handler, build(without))]);
        assert_eq!(without_effect(&base, vec![route]), [""; 0]);
    }

    /// The origins are the base policy's, and the route adds credentials.
    #[test]
    fn a_risk_shows_where_credentials_are_added() {
        let handler = Source::Attribute(&PLACE);
        let base = Policy::builder().allow_origins(["http://localhost:3000"]);
        let layer = Override::builder().allow_credentials(true).build(&Source::Here).unwrap();
        let lints = without_effect(&base, vec![route(&base, &[(&handler, layer)])]);
        assert!(lints[0].starts_with("CORS109 #[cors] on `shop::rates`"), "{lints:?}");
        assert_eq!(lints.len(), 1);
        // by a module, which is named once
        let module = Source::Attribute(&MODULE);
        let layer = || Override::builder().allow_credentials(true).build(&Source::Here).unwrap();
        let of_module = || route(&base, &[(&module, layer())]);
        let lints = without_effect(&base, vec![of_module(), of_module()]);
        assert!(lints[0].starts_with("CORS109 #[cors] on `shop` "), "{lints:?}");
        assert_eq!(lints.len(), 1);
    }

    /// It turns one route off of two, of which the other is off already.
    #[test]
    fn a_disable_that_does_something_somewhere_is_not_said() {
        let handler = Source::Attribute(&PLACE);
        let entry = Source::Entry(std::panic::Location::caller());
        let base = Policy::builder().allow_origins(["https://a.example"]);
        let on = || route(&base, &[(&entry, Override::disable())]);
        let off =
            || route(&base, &[(&handler, Override::disable()), (&entry, Override::disable())]);
        assert_eq!(without_effect(&base, vec![on(), off()]), [""; 0]);
        assert_eq!(without_effect(&base, vec![off(), on()]), [""; 0]);
        assert_eq!(without_effect(&base, vec![off(), off()]).len(), 1);
    }
}
