//! Environment variables that hold the lists of origin groups.

use std::{collections::BTreeSet, ffi::OsString};

use super::{group_list::read_group, notation};
use crate::{
    error::{ConfigError, Problem},
    group_name::{GroupName, VARIABLE_PREFIX},
    origin::OriginPattern,
    setting::Key,
    source::Source,
};

/// A variable that was found.
#[derive(Debug, Clone)]
pub(super) struct GroupVariable {
    name: String,
    value: OsString,
}

/// The variables of these names that are set.
pub(super) fn read(
    names: impl IntoIterator<Item = String>,
    lookup: impl Fn(&str) -> Option<OsString>,
) -> Vec<GroupVariable> {
    let names: BTreeSet<String> = names.into_iter().collect();
    let found = |name: String| lookup(&name).map(|value| GroupVariable { name, value });
    names.into_iter().filter_map(found).collect()
}

/// The names among those of all variables that begin like those of groups.
pub(super) fn names(all: impl Iterator<Item = OsString>) -> Vec<String> {
    let names = all.filter_map(|name| name.into_string().ok());
    names.filter(|name| name.starts_with(VARIABLE_PREFIX)).collect()
}

/// A group that has this variable, in one of its spellings; `None` if no group can have it.
pub(super) fn group_of(variable: &str) -> Option<String> {
    let name = GroupName::parse(&like_group(variable))?;
    (name.variable() == variable).then(|| name.as_str().to_owned())
}

/// What follows the beginning that all such variables have, as in the name of a group.
pub(super) fn like_group(variable: &str) -> String {
    variable.strip_prefix(VARIABLE_PREFIX).unwrap_or(variable).to_ascii_lowercase()
}

impl GroupVariable {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The origins of the group, and everything that is wrong with the value. If anything is, the notation is the
    /// cause where another one would be right.
    pub(super) fn origins(&self, group: &str) -> (BTreeSet<OriginPattern>, Vec<ConfigError>) {
        let Some(text) = self.value.to_str() else {
            return self.refused("", Problem::NotUnicode);
        };
        let (origins, errors) = read_group(group, &notation::as_read(text));
        if !errors.is_empty()
            && let Some(write) = meant(group, text)
        {
            return self.refused(text.trim(), Problem::Notation { write });
        }
        (origins, errors.into_iter().map(|error| error.in_layer(&self.source())).collect())
    }

    fn refused(
        &self,
        value: &str,
        problem: Problem,
    ) -> (BTreeSet<OriginPattern>, Vec<ConfigError>) {
        // written by the rules of that list
        let error = ConfigError::of_key(Key::AllowOrigins, value, problem);
        (BTreeSet::new(), vec![error.in_layer(&self.source())])
    }

    fn source(&self) -> Source {
        Source::Environment(self.name.clone().into())
    }
}

/// What the author of a value means that is written in another notation.
fn meant(group: &str, text: &str) -> Option<String> {
    let correct = |element: &str| {
        let (_, errors) = read_group(group, &[element]);
        let correction = errors.first().and_then(ConfigError::correction);
        correction.unwrap_or_else(|| element.to_owned())
    };
    let elements: Vec<String> = notation::elements(text)?.into_iter().map(correct).collect();
    Some(elements.join(", "))
}
