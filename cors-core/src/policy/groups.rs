//! Origin groups: lists of origins under a name, which other lists refer to as `@name`.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Allowed, FileOriginGroup,
    group_list::read_group,
    group_variables::{self, GroupVariable},
};
use crate::{
    error::{ConfigError, Problem},
    group_name::{GroupName, group_variable, similar_name},
    origin::OriginPattern,
    source::{ListedGroup, Source},
};

/// A group as it was given.
#[derive(Debug, Clone)]
pub(super) struct GivenGroup {
    pub(super) name: String,
    pub(super) origins: Vec<String>,
}

/// The groups of a base policy. All layers over it share them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Groups {
    defined: BTreeMap<GroupName, Group>,
    /// The lists of variables that replace no defined group, by the name of the variable. What is wrong with one is
    /// an error where it is used: it may not be meant for this.
    of_variables: BTreeMap<String, Result<Allowed<OriginPattern>, Vec<ConfigError>>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    origins: Allowed<OriginPattern>,
    /// The variable that has replaced the list.
    variable: Option<String>,
}

/// What a report says of a group that nothing lists.
pub(crate) struct GroupReport {
    /// That of the variable, if no group can have it.
    pub(crate) name: String,
    /// The variable that its origins are from.
    pub(crate) variable: Option<String>,
    /// Where nothing but a variable defines the group: that of the group with the closest name.
    pub(crate) did_you_mean: Option<String>,
}

impl Groups {
    /// Checks the groups of the code, of which later ones do not replace earlier ones, and lays those of a file and
    /// then the variables over them.
    pub(super) fn read(
        given: &[GivenGroup],
        file: &[FileOriginGroup],
        variables: &[GroupVariable],
    ) -> (Self, Vec<ConfigError>) {
        let (mut groups, mut errors) = (Self::default(), Vec::new());
        for GivenGroup { name, origins } in given {
            let is_new = |own: &GroupName| !groups.defined.contains_key(own);
            match groups.check_name(name) {
                Ok(name) if is_new(&name) => groups.define(name, origins, &mut errors),
                Ok(_) => errors.push(ConfigError::new(name.as_str(), Problem::GroupTwice)),
                Err(error) => errors.push(error),
            }
        }
        for group in file {
            match groups.check_name(&group.name) {
                Ok(name) => groups.define_in_file(name, group, &mut errors),
                Err(error) => errors.push(error.in_layer(&group.source)),
            }
        }
        for variable in variables {
            groups.replace(variable, &mut errors);
        }
        (groups, errors)
    }

    /// The origins of a group, or what is wrong with them; `None` if there is no such group.
    pub(super) fn find(
        &self,
        name: &GroupName,
    ) -> Option<Result<&Allowed<OriginPattern>, &[ConfigError]>> {
        if let Some(group) = self.defined.get(name) {
            return Some(Ok(&group.origins));
        }
        let list = self.of_variables.get(&name.variable())?;
        Some(list.as_ref().map_err(Vec::as_slice))
    }

    /// The name of a group that is closest to one that no group has.
    pub(super) fn closest(&self, wrong: &GroupName) -> Option<String> {
        let of_variables = self.of_variables.keys();
        let of_variables = of_variables.filter_map(|own| group_variables::group_of(own));
        let defined = self.defined.keys().map(|own| own.as_str().to_owned());
        closest(wrong.as_str(), defined.chain(of_variables))
    }

    /// Names one of these groups as the source of a message about one of its origins, if it has it.
    pub(super) fn source_of<'a>(
        &self,
        origin: &str,
        names: impl IntoIterator<Item = &'a GroupName>,
        layer: &Source,
    ) -> Option<Source> {
        let has_it = |name: &&GroupName| {
            let list = self.find(name).and_then(Result::ok);
            list.is_some_and(|list| list.members().any(|own| own.as_str() == origin))
        };
        let name = names.into_iter().find(has_it)?;
        let variable = match self.defined.get(name) {
            Some(group) => group.variable.clone(),
            None => Some(name.variable()),
        };
        Some(in_group(name.as_str(), variable.map(String::into_boxed_str), layer))
    }

    /// All of them, for reports.
    pub(super) fn all(&self) -> impl Iterator<Item = GroupReport> {
        let defined = self.defined.iter().map(|(name, group)| GroupReport {
            name: name.as_str().to_owned(),
            variable: group.variable.clone(),
            did_you_mean: None,
        });
        let of_variables = self.of_variables.keys().map(|variable| GroupReport {
            name: group_variables::group_of(variable).unwrap_or_else(|| variable.clone()),
            variable: Some(variable.clone()),
            did_you_mean: self.variable_like(variable),
        });
        defined.chain(of_variables)
    }

    /// The variable of the group whose name is closest to that of another variable.
    fn variable_like(&self, variable: &str) -> Option<String> {
        let own = self.defined.keys().map(|own| group_variables::like_group(&own.variable()));
        let name = closest(&group_variables::like_group(variable), own)?;
        Some(group_variable(&name))
    }

    fn check_name(&self, written: &str) -> Result<GroupName, ConfigError> {
        let error = |problem| ConfigError::new(written, problem);
        let name = GroupName::parse(written)
            .ok_or_else(|| error(Problem::GroupName { write: similar_name(written) }))?;
        let mut others = self.defined.keys().filter(|other| **other != name);
        match others.find(|other| other.variable() == name.variable()) {
            Some(other) => {
                Err(error(Problem::GroupVariableShared { other: other.as_str().into() }))
            }
            None => Ok(name),
        }
    }

    fn define(&mut self, name: GroupName, origins: &[String], errors: &mut Vec<ConfigError>) {
        let elements: Vec<&str> = origins.iter().map(String::as_str).collect();
        let (origins, found) = read_group(name.as_str(), &elements);
        let source = in_group(name.as_str(), None, &Source::Base);
        errors.extend(found.into_iter().map(|error| match error.problem {
            // which names the group itself
            Problem::GroupElement { .. } => error,
            _ => error.in_layer(&source),
        }));
        self.defined.insert(name, Group { origins: Allowed::only(origins), variable: None });
    }

    fn define_in_file(
        &mut self,
        name: GroupName,
        group: &FileOriginGroup,
        errors: &mut Vec<ConfigError>,
    ) {
        let elements: Vec<&str> = group.origins.iter().map(|own| own.0.as_str()).collect();
        let (origins, found) = read_group(name.as_str(), &elements);
        errors.extend(found.into_iter().map(|error| {
            let place = error.element.and_then(|index| group.origins.get(index as usize));
            let source = place.map_or(&group.source, |own| &own.1);
            ConfigError { element: None, ..error }.in_layer(source)
        }));
        self.defined.insert(name, Group { origins: Allowed::only(origins), variable: None });
    }

    fn replace(&mut self, variable: &GroupVariable, errors: &mut Vec<ConfigError>) {
        let name = variable.name().to_owned();
        let taken = self.defined.iter_mut().find(|(own, _)| own.variable() == name);
        if let Some((own, group)) = taken {
            let (origins, found) = variable.origins(own.as_str());
            *group = Group { origins: Allowed::only(origins), variable: Some(name) };
            errors.extend(found);
            return;
        }
        let (origins, found) = variable.origins(&group_variables::like_group(&name));
        let list = if found.is_empty() { Ok(Allowed::only(origins)) } else { Err(found) };
        self.of_variables.insert(name, list);
    }
}

fn in_group(name: &str, variable: Option<Box<str>>, layer: &Source) -> Source {
    Source::Group(Arc::new(ListedGroup { name: name.into(), variable, layer: layer.clone() }))
}

/// The name that is closest to a misspelt one.
fn closest(wrong: &str, names: impl Iterator<Item = String>) -> Option<String> {
    names
        .map(|name| (strsim::damerau_levenshtein(&name, wrong), name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, name)| *distance <= (name.len() / 3).max(1))
        .map(|(_, name)| name)
}
