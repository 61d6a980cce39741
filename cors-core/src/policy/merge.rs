//! Merging: a policy, and what a layer changes in it.

use std::{fmt, sync::Arc};

use super::{
    Allowed, Consents, Effect, ElementEffect, Groups, LayeredPolicy, OffBy, Outcome, Override,
    Policy, overrides::Change,
};
use crate::{
    error::{ConfigError, ConfigErrors, Problem},
    methods::Method,
    setting::{Key, Off, Operator},
    source::Source,
};

impl LayeredPolicy {
    /// Lays an override over this policy. `route_methods` are the methods of the route it belongs
    /// to; if `allow_methods` is unset, they are what the override adds to or takes from.
    ///
    /// # Errors
    ///
    /// Fails if the result is a pair of settings that browsers refuse or that would open the
    /// visitors' sessions to any site; the errors name both settings and where they came from.
    pub fn apply(
        &self,
        layer: &Override,
        source: &Source,
        route_methods: &[Method],
    ) -> Result<Self, ConfigErrors> {
        let mut merged = self.clone();
        let mut errors = merged.change(layer, source, route_methods);
        merged.effects.extend(self.effects_of(layer, source, &merged.policy, route_methods));
        merged.used_consents = self.used_consents.and(merged.policy.used_consents());
        merged.off_by = self.off_by_with(layer, source);
        if layer.can_conflict() {
            errors.extend(merged.conflicts(source));
        }
        ConfigErrors::check(merged, errors)
    }

    /// Applies without looking for conflicts, so that several layers can be checked as one.
    pub(super) fn change(
        &mut self,
        layer: &Override,
        source: &Source,
        route_methods: &[Method],
    ) -> Vec<ConfigError> {
        self.remember_groups(layer);
        let groups = Arc::clone(&self.groups);
        let (resolved, mut errors) = layer.resolved(&groups, source);
        let (written, layer) = (layer, &*resolved);
        let policy = &mut self.policy;
        let mut refused = Vec::new();
        change_list(
            Key::AllowOrigins,
            layer.allow_origins.as_ref(),
            &mut policy.allow_origins,
            &mut refused,
        );
        if layer.allow_methods.is_some() {
            let methods = policy
                .allow_methods
                .get_or_insert_with(|| Allowed::only(route_methods.iter().cloned().collect()));
            change_list(Key::AllowMethods, layer.allow_methods.as_ref(), methods, &mut refused);
        }
        change_list(
            Key::AllowHeaders,
            layer.allow_headers.as_ref(),
            &mut policy.allow_headers,
            &mut refused,
        );
        let exposed = &mut policy.expose_headers;
        change_list(Key::ExposeHeaders, layer.expose_headers.as_ref(), exposed, &mut refused);
        // what is off stays off, and the stricter way counts
        policy.off = policy.off.max(layer.off);
        policy.max_age = layer.max_age.or(policy.max_age);
        policy.expose_any_header = layer.expose_any_header.unwrap_or(policy.expose_any_header);
        if let Some(credentials) = &layer.allow_credentials {
            policy.allow_credentials.clone_from(credentials);
        }
        if policy.off.is_some() {
            // nothing else has a meaning then, and equal policies are compiled once
            *policy = Policy { off: policy.off, ..Policy::default() };
        }
        errors.extend(refused.into_iter().map(|(key, member)| {
            let member = written.as_written(key, member);
            let problem = Problem::TakeFromAny { inherited: self.origin_of(key) };
            ConfigError::of_key(key, member, problem).in_layer(source)
        }));
        for key in Key::ALL.iter().copied() {
            if let Some(operator) = layer.operator(key) {
                self.remember(key, operator, source);
            }
        }
        errors
    }
}

impl LayeredPolicy {
    /// What the settings of an override did to this policy, of which they made `merged`. Nothing is said of
    /// a base policy that is off: that is a switch for all, which leaves everything else in place.
    fn effects_of(
        &self,
        layer: &Override,
        source: &Source,
        merged: &Policy,
        route_methods: &[Method],
    ) -> Vec<Effect> {
        if self.off_by.is_none() && self.policy.off.is_some() {
            return Vec::new();
        }
        let outcome_of = |key| match &self.off_by {
            Some(by) => Outcome::Off(by.clone()),
            // what a group holds is not said here, and may be the same by chance
            None if layer.groups(key).next().is_none()
                && is_same(key, &self.policy, merged, route_methods) =>
            {
                Outcome::Same { inherited: self.origin_of(key) }
            }
            None => Outcome::Changed,
        };
        let keys = Key::ALL.iter().copied().filter(|key| layer.operator(*key).is_some());
        let of_keys = keys.map(|key| Effect {
            source: source.clone(),
            key: Some(key),
            name: key.as_str(),
            outcome: outcome_of(key),
            elements: self.effects_of_elements(key, layer, route_methods),
        });
        let of_off = layer.off.map(|off| Effect {
            source: source.clone(),
            key: None,
            name: off.as_str(),
            outcome: self.outcome_of_off(off),
            elements: Vec::new(),
        });
        of_keys.chain(of_off).collect()
    }

    /// What the elements did that an override adds to a list of this policy or takes from it. A method that the
    /// route does not serve is left out.
    fn effects_of_elements(
        &self,
        key: Key,
        layer: &Override,
        route_methods: &[Method],
    ) -> Vec<ElementEffect> {
        fn of<T: Ord + fmt::Display>(
            change: Option<&Change<T>>,
            list: &Allowed<T>,
        ) -> Vec<(String, bool)> {
            change.map_or_else(Vec::new, |change| change.elements(list))
        }
        let policy = &self.policy;
        let Some(operator) = layer.operator(key).filter(|_| policy.off.is_none()) else {
            return Vec::new();
        };
        let elements = match key {
            Key::AllowOrigins => of(layer.allow_origins.as_ref(), &policy.allow_origins),
            Key::AllowHeaders => of(layer.allow_headers.as_ref(), &policy.allow_headers),
            Key::ExposeHeaders => of(layer.expose_headers.as_ref(), &policy.expose_headers),
            Key::AllowMethods => {
                let routed = || Allowed::only(route_methods.iter().cloned().collect());
                let methods = policy.allow_methods.clone().unwrap_or_else(routed);
                let is_served = |name: &str| {
                    route_methods.is_empty() || route_methods.iter().any(|own| own.as_str() == name)
                };
                let mut elements = of(layer.allow_methods.as_ref(), &methods);
                // to take away what is in no list is idle, whatever the route serves
                let is_missing = |is_idle: bool| is_idle && operator == Operator::Remove;
                elements.retain(|(name, is_idle)| is_served(name) || is_missing(*is_idle));
                elements
            }
            Key::AllowCredentials | Key::MaxAge | Key::ExposeAnyHeader => Vec::new(),
        };
        let inherited = self.origin_of(key);
        let effect = |(value, is_idle)| ElementEffect {
            value,
            operator,
            is_idle,
            inherited: inherited.clone(),
        };
        elements.into_iter().map(effect).collect()
    }

    /// What turning CORS off does where it may be off already; whether a stricter way counts shows in the end.
    fn outcome_of_off(&self, off: Off) -> Outcome {
        match &self.off_by {
            Some(by) if by.off == off => Outcome::Same { inherited: by.source.clone() },
            _ => Outcome::Changed,
        }
    }

    /// The override that turned CORS off once a layer lies over this policy.
    fn off_by_with(&self, layer: &Override, source: &Source) -> Option<OffBy> {
        let known = self.off_by.clone();
        let own = layer.off.map(|off| OffBy { source: source.clone(), off });
        let is_stricter = layer.off > known.as_ref().map(|by| by.off);
        if is_stricter { own } else { known }
    }
}

/// Whether two policies say the same by a setting of a route with these methods.
fn is_same(key: Key, one: &Policy, other: &Policy, route_methods: &[Method]) -> bool {
    match key {
        Key::AllowOrigins => one.allow_origins == other.allow_origins,
        Key::AllowMethods if route_methods.is_empty() => one.allow_methods == other.allow_methods,
        Key::AllowMethods => route_methods
            .iter()
            .all(|method| one.lets_route_serve(method) == other.lets_route_serve(method)),
        Key::AllowHeaders => one.allow_headers == other.allow_headers,
        Key::ExposeHeaders => one.expose_headers == other.expose_headers,
        Key::AllowCredentials => one.allow_credentials == other.allow_credentials,
        Key::MaxAge => one.max_age == other.max_age,
        Key::ExposeAnyHeader => one.expose_any_header == other.expose_any_header,
    }
}

impl Override {
    /// An origin that is taken away, or the group that it is from.
    fn as_written(&self, key: Key, member: String) -> String {
        let is_own = match &self.allow_origins {
            Some(Change::Remove(own)) => own.iter().any(|own| own.as_str() == member),
            _ => false,
        };
        let group = self.groups(key).next().filter(|_| !is_own);
        group.map_or(member, ToString::to_string)
    }

    /// Checks the settings of this layer against each other, whatever they will be laid over. The origins of groups
    /// are not known then.
    ///
    /// # Errors
    ///
    /// Fails if two of them must not stand together.
    pub fn check_alone(&self, source: &Source) -> Result<(), ConfigErrors> {
        let mut alone = LayeredPolicy::empty(Consents::all(), Groups::default());
        // taking away from nothing is no problem of the layer itself, and the groups are those of a base policy
        _ = alone.change(self, source, &[]);
        ConfigErrors::check((), alone.conflicts(source))
    }
}

/// Changes a list, or notes a member that should be taken from `*`.
fn change_list<T: Ord + Clone + fmt::Display>(
    key: Key,
    change: Option<&Change<T>>,
    inherited: &mut Allowed<T>,
    refused: &mut Vec<(Key, String)>,
) {
    match change {
        None => {}
        Some(Change::Set(allowed)) => inherited.clone_from(allowed),
        Some(Change::Add(added)) => {
            inherited.change(|members| members.extend(added.iter().cloned()));
        }
        Some(Change::Remove(removed)) => {
            let has_list =
                inherited.change(|members| members.retain(|member| !removed.contains(member)));
            if !has_list {
                refused.extend(removed.first().map(|member| (key, member.to_string())));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use super::{LayeredPolicy, Override};
    use crate::{Policy, Source};

    #[test]
    fn a_list_of_origins_that_several_routes_have_is_looked_up_in_one_set() {
        let base = Policy::builder().allow_origins(["https://a.example"]).build_layered().unwrap();
        let set = |layered: &LayeredPolicy| layered.policy().allow_origins().lookup().unwrap();
        let lay = |layer: &Override| base.apply(layer, &Source::Base, &[]).unwrap();
        let build = |builder: crate::OverrideBuilder| builder.build(&Source::Base).unwrap();

        let inherited = lay(&build(Override::builder().max_age(Duration::from_secs(5))));
        assert!(Arc::ptr_eq(&set(&base), &set(&inherited)));
        let own = build(Override::builder().allow_origins(["https://b.example"]));
        assert!(Arc::ptr_eq(&set(&lay(&own)), &set(&lay(&own))));
        assert!(set(&lay(&own)).allows(b"https://b.example"));

        let more = lay(&build(Override::builder().add_allow_origins(["https://b.example"])));
        for (layered, origin, is_allowed) in [
            (&base, b"https://a.example", true),
            (&base, b"https://b.example", false),
            (&more, b"https://a.example", true),
            (&more, b"https://b.example", true),
        ] {
            assert_eq!(set(layered).allows(origin), is_allowed, "{layered:?}");
        }
    }
}
