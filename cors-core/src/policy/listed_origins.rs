//! The elements of a list of origins: patterns, and the names of origin groups.

use std::collections::{BTreeMap, BTreeSet};

use super::elements::read_elements;
use crate::{
    error::{ConfigError, Problem},
    group_name::{GroupName, similar_name},
    origin::OriginPattern,
    setting::Key,
};

/// What a list of origins holds.
#[derive(Debug, Default)]
pub(super) struct ListedOrigins {
    pub(super) origins: BTreeSet<OriginPattern>,
    pub(super) groups: GroupNames,
}

/// The groups that a list names, each with the place of an element that does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct GroupNames(BTreeMap<GroupName, usize>);

impl GroupNames {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &GroupName> {
        self.0.keys()
    }

    pub(super) fn with_places(&self) -> impl Iterator<Item = (&GroupName, usize)> {
        self.0.iter().map(|(name, place)| (name, *place))
    }
}

impl ListedOrigins {
    /// Reads a list without `*`. Each element that is wrong is an error.
    pub(super) fn read(
        key: Key,
        elements: &[Result<&str, &str>],
        errors: &mut Vec<ConfigError>,
    ) -> Self {
        let mut listed = Self::default();
        for element in read_elements(key, elements.iter().copied(), Element::parse, errors) {
            match element {
                Element::Origin(origin) => _ = listed.origins.insert(origin),
                Element::Group(name) => {
                    let written = name.to_string();
                    let place = elements.iter().position(|own| *own == Ok(&written));
                    listed.groups.0.insert(name, place.unwrap_or_default());
                }
            }
        }
        listed
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Element {
    Origin(OriginPattern),
    Group(GroupName),
}

impl Element {
    fn parse(text: &str) -> Result<Self, ConfigError> {
        let Some(name) = text.strip_prefix('@') else { return text.parse().map(Self::Origin) };
        GroupName::parse(name).map(Self::Group).ok_or_else(|| {
            let write = similar_name(name).map(|name| format!("@{name}"));
            ConfigError::new(text, Problem::GroupName { write })
        })
    }
}
