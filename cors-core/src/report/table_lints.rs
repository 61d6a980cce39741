//! The lints of a whole table, each once.

use std::collections::{HashMap, HashSet};

use super::{Concern, Lint, Report, RouteReport, overlap::have_effect};
use crate::{
    methods::Method,
    policy::{Consent, Effect, LayeredPolicy},
    setting::Key,
    source::Source,
};

impl Report {
    /// What is legal in the base policy or in that of a scope or a route, and surely a mistake; each once.
    ///
    /// A base policy without origins is no concern where some route has its own, and neither is a consent
    /// that some route needs, nor an origin with credentials that some route admits. A setting of a module or an entry is without effect only if it has none in
    /// any route.
    #[must_use]
    pub fn lints(&self) -> Vec<Lint> {
        let mut lints = self.lints_of_base();
        let of_base: HashSet<_> = self.base.lints().iter().map(identity).collect();
        let scopes = self.scopes.iter().map(|own| (&own.source, &own.policy));
        let routes = self.routes.iter().map(|own| (&own.source, &own.policy));
        for lint in scopes.chain(routes).flat_map(|(source, own)| self.lints_of(source, own)) {
            let is_new = lint.concern == Concern::NoOrigins || !of_base.contains(&identity(&lint));
            if is_new && !lints.contains(&lint) && !self.has_effect_elsewhere(&lint) {
                lints.push(lint);
            }
        }
        lints.extend(self.methods_shut_out());
        let settings = self.settings_without_effect();
        lints.extend(self.elements_without_effect(&settings));
        lints.extend(settings);
        lints
    }

    /// Whether it is about an origin with credentials that some route admits which has them from the same layer.
    fn has_effect_elsewhere(&self, lint: &Lint) -> bool {
        let has_effect = |own: &LayeredPolicy| {
            own.origin_of(Key::AllowCredentials) == *lint.source.layer()
                && have_effect(own.policy(), &lint.value)
        };
        lint.concern == Concern::CredentialsWithoutEffect && self.policies().any(has_effect)
    }

    fn lints_of_base(&self) -> Vec<Lint> {
        let is_used = |name: &str| {
            let consent = Consent::ALL.into_iter().find(|own| own.as_str() == name);
            consent.is_some_and(|own| self.policies().any(|policy| policy.uses(own)))
        };
        let mut lints = self.base.lints();
        lints.retain(|lint| match lint.concern {
            Concern::NoOrigins => !self.is_for_routes(),
            Concern::ConsentUnused => !is_used(&lint.value),
            Concern::GroupUnused { .. } => {
                !self.policies().any(|policy| policy.uses_group(&lint.value))
            }
            Concern::ExposeAnyAlone => !self.policies().any(needs_expose_any),
            Concern::CredentialsWithoutEffect => {
                !self.policies().any(|own| have_effect(own.policy(), &lint.value))
            }
            _ => true,
        });
        lints
    }

    /// The policies of scopes and routes.
    fn policies(&self) -> impl Iterator<Item = &LayeredPolicy> {
        let of_scopes = self.scopes.iter().map(|own| &own.policy);
        of_scopes.chain(self.routes.iter().map(|own| &own.policy))
    }

    /// The lints of the settings of a scope or a route that differ from the base policy.
    fn lints_of(&self, source: &Source, policy: &LayeredPolicy) -> Vec<Lint> {
        let is_changed = |key| policy.contributions(key) != self.base.contributions(key);
        let own = |key: &Key| {
            is_changed(*key)
                || (*key == Key::AllowOrigins
                    // whether an origin is a risk depends on credentials as well
                    && (is_changed(Key::AllowCredentials)
                        || (self.is_for_routes() && policy.allows_no_origin())))
        };
        let keys = Key::ALL.iter().copied().filter(own);
        // a module of handlers or an entry may have brought it
        let name = |lint: Lint| match lint.source.layer() {
            Source::Attribute(_) => lint,
            entry if entry.is_scope() || entry.is_entry() => lint,
            _ => Lint { source: source.clone(), ..lint },
        };
        keys.flat_map(|key| policy.lints_of(key)).map(name).collect()
    }

    /// Whether the base policy is there for routes that have origins of their own.
    fn is_for_routes(&self) -> bool {
        self.policies().any(allows_some_origin)
    }

    /// The methods of annotated handlers that are not on the list which applies to them, each once for a list. A
    /// handler or an entry for it may leave out a method.
    fn methods_shut_out(&self) -> Vec<Lint> {
        let mut found: Vec<Lint> = Vec::new();
        for RouteReport { methods, source, policy, .. } in &self.routes {
            let list = policy.origin_of(Key::AllowMethods);
            // an entry is about this route, so it means what it says
            let is_own = list == *source || list.is_entry();
            if !matches!(source, Source::Attribute(_)) || is_own {
                continue;
            }
            let methods = methods.iter().filter_map(|name| name.parse::<Method>().ok());
            for method in methods.filter(|method| !policy.policy().lets_route_serve(method)) {
                let value = method.as_str();
                if !found.iter().any(|own| own.source == list && *own.value == *value) {
                    let concern = Concern::MethodShutOut { handler: source.clone() };
                    let (source, key) = (list.clone(), Some(Key::AllowMethods));
                    found.push(Lint { source, key, value: value.into(), concern });
                }
            }
        }
        found
    }

    /// What the settings of overrides did, each with the policy of the route.
    fn effects(&self) -> impl Iterator<Item = (&LayeredPolicy, &Effect)> {
        self.policies()
            .flat_map(|policy| policy.effects().iter().map(move |effect| (policy, effect)))
    }

    /// The settings of overrides that did nothing in any route that they apply to.
    fn settings_without_effect(&self) -> Vec<Lint> {
        let mut found: Vec<Lint> = Vec::new();
        let mut is_useful: HashMap<(&Source, Option<Key>), bool> = HashMap::new();
        for (policy, effect) in self.effects() {
            let lint = Lint::of_effect(effect, policy.off_by());
            let known = is_useful.entry((&effect.source, effect.key)).or_insert_with(|| {
                found.extend(lint.clone());
                lint.is_none()
            });
            *known |= lint.is_none();
        }
        found.retain(|lint| is_useful.get(&(&lint.source, lint.key)) == Some(&false));
        found
    }

    /// The elements of `+=` and `-=` that did nothing in any route that they apply to.
    fn elements_without_effect(&self, settings: &[Lint]) -> Vec<Lint> {
        let mut found: Vec<Lint> = Vec::new();
        let mut is_useful: HashMap<(&Source, Option<Key>, &str), bool> = HashMap::new();
        let said: HashSet<_> = settings.iter().map(|own| (&own.source, own.key)).collect();
        let is_on = |(policy, _): &(&LayeredPolicy, &Effect)| policy.off_by().is_none();
        for (_, effect) in self.effects().filter(is_on) {
            if said.contains(&(&effect.source, effect.key)) {
                continue;
            }
            for element in &effect.elements {
                let id = (&effect.source, effect.key, element.value.as_str());
                let known = is_useful.entry(id).or_insert_with(|| {
                    found.push(Lint::of_element(effect, element));
                    !element.is_idle
                });
                *known |= !element.is_idle;
            }
        }
        found.retain(|lint| is_useful.get(&(&lint.source, lint.key, &*lint.value)) == Some(&false));
        found
    }
}

/// What a lint says, wherever it was written.
fn identity(lint: &Lint) -> (Option<Key>, Box<str>, Concern) {
    (lint.key, lint.value.clone(), lint.concern.clone())
}

fn needs_expose_any(layered: &LayeredPolicy) -> bool {
    let policy = layered.policy();
    policy.exposes_any_header() && !policy.allow_credentials().is_never()
}

fn allows_some_origin(layered: &LayeredPolicy) -> bool {
    let origins = layered.policy().allow_origins();
    origins.is_any() || origins.members().next().is_some()
}
