//! Merging: a policy, what a layer changes in it, and a memory of who set what.

use std::fmt;

use super::{
    Allowed, Consent, Contribution, Key, Operator, Override, Policy, Source, overrides::Change,
};
use crate::{
    error::{ConfigError, ConfigErrors, Problem},
    methods::Method,
};

/// A policy that remembers which layers its settings came from.
///
/// ```
/// use cors_core::{Key, Operator, Override, Policy, Setting, Source, Value};
///
/// let base = Policy::builder()
///     .allow_origins(["https://app.example.com"])
///     .expose_headers(["X-Request-Id"])
///     .build_layered()?;
/// let etag = Setting {
///     key: "expose_headers",
///     operator: Operator::Add,
///     value: Value::List(&["ETag"]),
/// };
/// let layer = Override::from_settings(&[etag], &Source::Base)?;
/// let route = base.apply(&layer, &Source::Base, &[])?;
///
/// let exposed = route.policy().value_of(Key::ExposeHeaders);
/// assert_eq!(exposed.as_deref(), Some("ETag, X-Request-Id"));
/// assert_eq!(route.contributions(Key::ExposeHeaders).len(), 2);
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LayeredPolicy {
    policy: Policy,
    contributions: [Vec<Contribution>; Key::ALL.len()],
}

impl LayeredPolicy {
    pub(crate) fn empty(consent: Consent) -> Self {
        Self { policy: Policy { consent, ..Policy::default() }, ..Self::default() }
    }

    /// The policy that the layers add up to.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The layers that shaped a setting, in order.
    #[must_use]
    pub fn contributions(&self, key: Key) -> &[Contribution] {
        &self.contributions[key as usize]
    }

    /// Lays an override over this policy. `route_methods` are the methods of the route it belongs
    /// to; they stand for an unset `allow_methods` when the override adds to it or takes from it.
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
        if layer.can_conflict() {
            errors.extend(merged.conflicts(source));
        }
        ConfigErrors::check(merged, errors)
    }

    /// Applies without looking for conflicts, so that several layers can be checked as one.
    pub(crate) fn change(
        &mut self,
        layer: &Override,
        source: &Source,
        route_methods: &[Method],
    ) -> Vec<ConfigError> {
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
        policy.disabled |= layer.disable;
        policy.max_age = layer.max_age.or(policy.max_age);
        policy.allow_credentials = layer.allow_credentials.unwrap_or(policy.allow_credentials);
        if policy.disabled {
            // nothing else has a meaning then, and equal policies are compiled once
            *policy = Policy { disabled: true, ..Policy::default() };
        }
        let errors = refused.into_iter().map(|(key, member)| {
            let problem = Problem::TakeFromAny { inherited: self.origin_of(key) };
            ConfigError::of_key(key, member, problem).in_layer(source)
        });
        let errors = errors.collect();
        for key in Key::ALL {
            if let Some(operator) = layer.operator(key) {
                self.remember(key, operator, source);
            }
        }
        errors
    }

    fn remember(&mut self, key: Key, operator: Operator, source: &Source) {
        let contributions = &mut self.contributions[key as usize];
        if operator == Operator::Set {
            contributions.clear();
        }
        contributions.push(Contribution { operator, source: source.clone() });
    }

    /// The layer that set or last changed a setting.
    pub(crate) fn origin_of(&self, key: Key) -> Source {
        self.contributions(key).last().map_or(Source::Base, |last| last.source.clone())
    }

    /// Pairs of settings that must not stand together.
    pub(crate) fn conflicts(&self, source: &Source) -> Vec<ConfigError> {
        let policy = &self.policy;
        let mut errors = Vec::new();
        let mut fail = |key, value: &str, problem| {
            errors.push(ConfigError::of_key(key, value, problem).in_layer(source));
        };
        let credentials = || self.origin_of(Key::AllowCredentials);
        let origins = || self.origin_of(Key::AllowOrigins);
        for origin in policy.allow_origins.members() {
            let problem = match (origin.is_null(), policy.allow_credentials) {
                (true, true) => Problem::OriginNullWithCredentials {
                    origins: origins(),
                    credentials: credentials(),
                },
                (true, false) if !policy.consent.null_origin => Problem::OriginNull,
                (false, true) if origin.is_insecure() && !policy.consent.insecure_origins => {
                    Problem::OriginInsecure { origins: origins(), credentials: credentials() }
                }
                (false, true)
                    if origin.covers_public_suffix() && !policy.consent.public_suffixes =>
                {
                    Problem::OriginPublicSuffix { origins: origins(), credentials: credentials() }
                }
                _ => continue,
            };
            fail(Key::AllowOrigins, origin.as_str(), problem);
        }
        if policy.allow_credentials && policy.allow_origins.is_any() {
            let problem = Problem::AnyOriginWithCredentials {
                origins: origins(),
                credentials: credentials(),
            };
            fail(Key::AllowOrigins, "*", problem);
        }
        if policy.allow_credentials && policy.expose_headers.is_any() {
            let problem = Problem::ExposeAnyWithCredentials {
                exposed: self.origin_of(Key::ExposeHeaders),
                credentials: credentials(),
            };
            fail(Key::ExposeHeaders, "*", problem);
        }
        errors
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
