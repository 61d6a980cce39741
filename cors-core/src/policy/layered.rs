//! A policy that knows which layer set what.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Consent, Consents, Effect, GroupReport, Groups, OffBy, Override, Policy, near_misses::Ignored,
};
use crate::{
    decide::Reason,
    group_name::{GroupName, group_variable},
    setting::{Key, Off, Operator},
    source::Source,
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
    pub(super) policy: Policy,
    contributions: [Vec<Contribution>; Key::ALL.len()],
    /// The override that turned CORS off; the first one that is as strict as any.
    pub(super) off_by: Option<OffBy>,
    /// What turned CORS off for the base policy, if that was a variable or a file.
    pub(super) off_outside_code: Option<Source>,
    /// What the settings of overrides did, in order.
    pub(super) effects: Vec<Effect>,
    /// The consents that made a difference to this policy or to one that it was made of.
    pub(super) used_consents: Consents,
    /// The variables that have nearly the name of one that is read.
    pub(super) ignored_variables: Vec<Ignored>,
    /// The origin groups of the base policy.
    pub(super) groups: Arc<Groups>,
    group_use: GroupUse,
}

/// Which origin groups the layers have named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct GroupUse {
    /// In this policy, or in one that it was made of.
    ever: BTreeSet<GroupName>,
    /// Those behind the origins that are allowed now.
    origins: BTreeSet<GroupName>,
    /// Those behind the origins that have credentials now.
    credentials: BTreeSet<GroupName>,
}

impl LayeredPolicy {
    pub(crate) fn empty(consents: Consents, groups: Groups) -> Self {
        let policy = Policy { consents, ..Policy::default() };
        Self { policy, groups: Arc::new(groups), ..Self::default() }
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

    /// The layer whose setting is behind a refusal, and the name of the setting; the base policy, if no layer has set
    /// it. `None` if the refusal is about no setting.
    ///
    /// ```
    /// use cors_core::{Override, Policy, Reason, Source};
    ///
    /// let base = Policy::builder().allow_origins(["https://app.example.com"]).build_layered()?;
    /// let (name, source) = base.setting_behind(Reason::HeaderNotAllowed).unwrap();
    /// assert_eq!((name, source), ("allow_headers", Source::Base));
    ///
    /// let off = base.apply(&Override::disable(), &Source::Here, &[])?;
    /// assert_eq!(off.setting_behind(Reason::Disabled), Some(("disable", Source::Here)));
    /// # Ok::<(), cors_core::ConfigErrors>(())
    /// ```
    #[must_use]
    pub fn setting_behind(&self, reason: Reason) -> Option<(&'static str, Source)> {
        if reason == Reason::Disabled {
            let of_base = || self.off_outside_code.clone().unwrap_or(Source::Base);
            let source = self.off_by.as_ref().map_or_else(of_base, |by| by.source.clone());
            return Some((Off::Disable.as_str(), source));
        }
        reason.key().map(|key| (key.as_str(), self.origin_of(key)))
    }

    /// Whether a consent made a difference to this policy, or to one of those between it and the base policy,
    /// each of which has to be valid.
    pub(crate) fn uses(&self, consent: Consent) -> bool {
        self.used_consents.include(consent)
    }

    /// The variables that have nearly the name of one that is read.
    pub(crate) fn ignored_variables(&self) -> &[Ignored] {
        &self.ignored_variables
    }

    /// The origin groups that neither this policy names nor one of those between it and the base policy.
    pub(crate) fn unused_groups(&self) -> impl Iterator<Item = GroupReport> {
        self.groups.all().filter(|group| !self.uses_group(&group.name))
    }

    /// Whether this policy names a group, or one of those between it and the base policy.
    pub(crate) fn uses_group(&self, name: &str) -> bool {
        let variable = group_variable(name);
        self.group_use.ever.iter().any(|own| own.variable() == variable)
    }

    /// The source of a message about an origin of a setting: the layer, and the group that has brought the origin.
    pub(crate) fn source_of_origin(&self, key: Key, origin: &str, layer: &Source) -> Source {
        let names = match key {
            Key::AllowCredentials => &self.group_use.credentials,
            _ => &self.group_use.origins,
        };
        self.groups.source_of(origin, names, layer).unwrap_or_else(|| layer.clone())
    }

    /// The override that turned CORS off.
    pub(crate) fn off_by(&self) -> Option<&OffBy> {
        self.off_by.as_ref()
    }

    /// What the settings of overrides did, in order.
    pub(crate) fn effects(&self) -> &[Effect] {
        &self.effects
    }

    pub(super) fn remember(&mut self, key: Key, operator: Operator, source: &Source) {
        let contributions = &mut self.contributions[key as usize];
        if operator == Operator::Set {
            contributions.clear();
        }
        contributions.push(Contribution { operator, source: source.clone() });
    }

    pub(super) fn remember_groups(&mut self, layer: &Override) {
        for (key, own) in [
            (Key::AllowOrigins, &mut self.group_use.origins),
            (Key::AllowCredentials, &mut self.group_use.credentials),
        ] {
            let named = || layer.groups(key).cloned();
            self.group_use.ever.extend(named());
            match layer.operator(key) {
                Some(Operator::Set) => *own = named().collect(),
                Some(Operator::Add) => own.extend(named()),
                Some(Operator::Remove) => own.retain(|name| !named().any(|other| other == *name)),
                None => {}
            }
        }
    }

    /// The layer that set or last changed a setting.
    pub(crate) fn origin_of(&self, key: Key) -> Source {
        self.contributions(key).last().map_or(Source::Base, |last| last.source.clone())
    }
}

/// One layer's share in the value of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// What the layer did.
    pub operator: Operator,
    /// The layer.
    pub source: Source,
}
