//! Overrides with the origins in place of the names of groups.

use std::borrow::Cow;

use super::{
    Allowed, Credentials, Groups, LayeredPolicy, Override, listed_origins::GroupNames,
    overrides::Change,
};
use crate::{
    error::{ConfigError, ConfigErrors, Problem},
    origin::OriginPattern,
    setting::Key,
    source::Source,
};

impl Override {
    /// The override with the origins of the groups that it names, and an error for each name that no group has.
    pub(super) fn resolved(
        &self,
        groups: &Groups,
        source: &Source,
    ) -> (Cow<'_, Self>, Vec<ConfigError>) {
        let mut errors = Vec::new();
        let mut resolved = Cow::Borrowed(self);
        if !self.origin_groups.is_empty() {
            let lists = groups.lists(Key::AllowOrigins, &self.origin_groups, source, &mut errors);
            let own = resolved.to_mut();
            own.allow_origins = own.allow_origins.take().map(|change| change.with(&lists));
        }
        if !self.credential_groups.is_empty() {
            let names = &self.credential_groups;
            let lists = groups.lists(Key::AllowCredentials, names, source, &mut errors);
            let own = resolved.to_mut();
            own.allow_credentials = own.allow_credentials.take().map(|own| own.with(&lists));
        }
        (resolved, errors)
    }
}

impl LayeredPolicy {
    /// Fails with an error for each name in an override that no group of the base policy has.
    pub(super) fn check_groups(
        &self,
        layer: &Override,
        source: &Source,
    ) -> Result<(), ConfigErrors> {
        let (_, errors) = layer.resolved(&self.groups, source);
        ConfigErrors::check((), errors)
    }
}

impl Groups {
    /// The lists of the groups that a setting names.
    fn lists(
        &self,
        key: Key,
        names: &GroupNames,
        source: &Source,
        errors: &mut Vec<ConfigError>,
    ) -> Vec<&Allowed<OriginPattern>> {
        let mut lists = Vec::new();
        for (name, place) in names.with_places() {
            match self.find(name) {
                Some(Ok(list)) => lists.push(list),
                Some(Err(found)) => errors.extend_from_slice(found),
                None => {
                    let did_you_mean = self.closest(name).map(String::into_boxed_str);
                    let problem = Problem::GroupUndefined { did_you_mean };
                    let error = ConfigError::of_key(key, name.to_string(), problem).at(place);
                    errors.push(error.in_layer(source));
                }
            }
        }
        lists
    }
}

impl Change<OriginPattern> {
    fn with(self, lists: &[&Allowed<OriginPattern>]) -> Self {
        let more = lists.iter().flat_map(|list| list.members().cloned());
        match self {
            Self::Set(own) => Self::Set(joined(&own, lists)),
            Self::Add(own) => Self::Add(own.into_iter().chain(more).collect()),
            Self::Remove(own) => Self::Remove(own.into_iter().chain(more).collect()),
        }
    }
}

impl Credentials {
    fn with(self, lists: &[&Allowed<OriginPattern>]) -> Self {
        let own = if let Self::Only(own) = self { own } else { Allowed::default() };
        let origins = joined(&own, lists);
        if origins.members().next().is_none() { Self::Never } else { Self::Only(origins) }
    }
}

/// One list of all. A group that stands alone is shared, so that all routes which list it look origins up in one set.
fn joined(
    own: &Allowed<OriginPattern>,
    lists: &[&Allowed<OriginPattern>],
) -> Allowed<OriginPattern> {
    let is_empty = own.members().next().is_none();
    match lists {
        [only] if is_empty => (*only).clone(),
        _ => {
            let all = std::iter::once(own).chain(lists.iter().copied());
            Allowed::only(all.flat_map(|list| list.members().cloned()).collect())
        }
    }
}
