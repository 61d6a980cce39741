//! Overrides: what one route changes in the policy it inherits.

use std::{collections::BTreeSet, fmt, str::FromStr};

use super::{
    Allowed, Credentials,
    elements::read_elements,
    listed_origins::{GroupNames, ListedOrigins},
};
use crate::{
    error::{ConfigError, ConfigErrors, Problem},
    group_name::GroupName,
    headers::HeaderName,
    max_age::MaxAge,
    methods::Method,
    origin::OriginPattern,
    setting::{Key, Off, Operator, Setting, Value, closest},
    source::Source,
};

/// The checked changes that one layer makes to the policy it inherits.
///
/// The names of origin groups in it are found among those of the base policy when it is laid over a policy.
///
/// ```
/// use cors_core::{Operator, Override, Setting, Source, Value};
///
/// let settings = [Setting {
///     key: "expose_headers",
///     operator: Operator::Add,
///     value: Value::List(&["ETag", "E Tag"]),
/// }];
/// let errors = Override::from_settings(&settings, &Source::Base).unwrap_err();
/// assert_eq!(errors.first().element, Some(1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Override {
    pub(super) off: Option<Off>,
    /// Without the origins of the groups.
    pub(super) allow_origins: Option<Change<OriginPattern>>,
    pub(super) origin_groups: GroupNames,
    pub(super) allow_methods: Option<Change<Method>>,
    pub(super) allow_headers: Option<Change<HeaderName>>,
    pub(super) expose_headers: Option<Change<HeaderName>>,
    /// Without the origins of the groups.
    pub(super) allow_credentials: Option<Credentials>,
    pub(super) credential_groups: GroupNames,
    pub(super) max_age: Option<MaxAge>,
    pub(super) expose_any_header: Option<bool>,
}

/// A change of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change<T> {
    Set(Allowed<T>),
    Add(BTreeSet<T>),
    Remove(BTreeSet<T>),
}

impl Override {
    /// The override that turns CORS off for a route, in one of the two ways.
    #[must_use]
    pub fn off(off: Off) -> Self {
        Self { off: Some(off), ..Self::default() }
    }

    /// The override that refuses all other origins.
    #[must_use]
    pub fn disable() -> Self {
        Self::off(Off::Disable)
    }

    /// The override that leaves CORS to another layer.
    #[must_use]
    pub fn external() -> Self {
        Self::off(Off::External)
    }

    /// Checks settings and puts them together.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong with any of the settings, in their order.
    pub fn from_settings(settings: &[Setting<'_>], source: &Source) -> Result<Self, ConfigErrors> {
        let (changes, errors) = Self::read(settings, source);
        ConfigErrors::check(changes, errors)
    }

    /// What can be made of the settings, and everything that is wrong with them.
    pub(crate) fn read(settings: &[Setting<'_>], source: &Source) -> (Self, Vec<ConfigError>) {
        let (changes, errors) = Self::read_each(settings, source);
        (changes, errors.into_iter().map(|(_, error)| error).collect())
    }

    /// The same, where each error has the number of its setting.
    pub(super) fn read_each(
        settings: &[Setting<'_>],
        source: &Source,
    ) -> (Self, Vec<(usize, ConfigError)>) {
        let mut changes = Self::default();
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for (index, setting) in settings.iter().enumerate() {
            let mut errors = Vec::new();
            match Key::parse(setting.key) {
                None => errors.push(unknown_key(setting.key)),
                Some(key) if !seen.insert(key) => {
                    errors.push(ConfigError::of_key(key, setting.key, Problem::KeyTwice));
                    // its value is checked all the same
                    Self::default().take(key, setting, &mut errors);
                }
                Some(key) => changes.take(key, setting, &mut errors),
            }
            all.extend(errors.into_iter().map(|error| (index, error.in_layer(source))));
        }
        (changes, all)
    }

    fn take(&mut self, key: Key, setting: &Setting<'_>, errors: &mut Vec<ConfigError>) {
        if !key.is_list() && setting.operator != Operator::Set {
            errors.push(ConfigError::of_key(key, setting.key, Problem::Operator));
            return;
        }
        match key {
            Key::AllowOrigins => self.take_origins(setting, errors),
            Key::AllowMethods => {
                self.allow_methods = change(key, setting, Method::from_str, errors);
            }
            Key::AllowHeaders => {
                self.allow_headers = change(key, setting, HeaderName::of_request, errors);
            }
            Key::ExposeHeaders => {
                self.expose_headers = change(key, setting, HeaderName::of_response, errors);
            }
            Key::AllowCredentials => {
                if let Some((credentials, groups)) = Credentials::read(setting, errors) {
                    self.allow_credentials = Some(credentials);
                    self.credential_groups = groups;
                }
            }
            Key::MaxAge => self.max_age = max_age(setting, errors),
            Key::ExposeAnyHeader => self.expose_any_header = flag(key, setting, errors),
        }
    }

    fn take_origins(&mut self, setting: &Setting<'_>, errors: &mut Vec<ConfigError>) {
        let mut groups = GroupNames::default();
        let read = |elements: &[Result<&str, &str>], errors: &mut Vec<ConfigError>| {
            let listed = ListedOrigins::read(Key::AllowOrigins, elements, errors);
            groups = listed.groups;
            listed.origins
        };
        self.allow_origins = change_of(Key::AllowOrigins, setting, read, errors);
        self.origin_groups = groups;
    }

    /// The groups that a setting names.
    pub(super) fn groups(&self, key: Key) -> impl Iterator<Item = &GroupName> {
        let listed = match key {
            Key::AllowOrigins => Some(&self.origin_groups),
            Key::AllowCredentials => Some(&self.credential_groups),
            _ => None,
        };
        listed.into_iter().flat_map(GroupNames::names)
    }

    /// Whether a policy that was right before can be wrong with this layer over it.
    pub(crate) fn can_conflict(&self) -> bool {
        [Key::AllowOrigins, Key::AllowCredentials, Key::ExposeHeaders]
            .into_iter()
            .any(|key| self.operator(key).is_some())
    }

    /// What this override does to a setting, `None` if it leaves it alone.
    #[must_use]
    pub fn operator(&self, key: Key) -> Option<Operator> {
        let set = |is_set: bool| is_set.then_some(Operator::Set);
        match key {
            Key::AllowOrigins => self.allow_origins.as_ref().map(Change::operator),
            Key::AllowMethods => self.allow_methods.as_ref().map(Change::operator),
            Key::AllowHeaders => self.allow_headers.as_ref().map(Change::operator),
            Key::ExposeHeaders => self.expose_headers.as_ref().map(Change::operator),
            Key::AllowCredentials => set(self.allow_credentials.is_some()),
            Key::MaxAge => set(self.max_age.is_some()),
            Key::ExposeAnyHeader => set(self.expose_any_header.is_some()),
        }
    }
}

impl<T: Ord + fmt::Display> Change<T> {
    /// The elements that are added or taken away, and whether each makes no difference to a list.
    pub(super) fn elements(&self, inherited: &Allowed<T>) -> Vec<(String, bool)> {
        let (elements, is_added) = match self {
            Self::Set(_) => return Vec::new(),
            Self::Add(elements) => (elements, true),
            Self::Remove(elements) => (elements, false),
        };
        let is_there =
            |own: &T| inherited.is_any() || inherited.members().any(|other| other == own);
        elements.iter().map(|own| (own.to_string(), is_there(own) == is_added)).collect()
    }
}

impl<T> Change<T> {
    fn operator(&self) -> Operator {
        match self {
            Self::Set(_) => Operator::Set,
            Self::Add(_) => Operator::Add,
            Self::Remove(_) => Operator::Remove,
        }
    }
}

fn unknown_key(name: &str) -> ConfigError {
    let did_you_mean = closest(name, Key::ALL.iter().map(|key| key.as_str()));
    ConfigError::new(name, Problem::UnknownKey { did_you_mean })
}

fn change<T: Ord>(
    key: Key,
    setting: &Setting<'_>,
    parse: impl Fn(&str) -> Result<T, ConfigError>,
    errors: &mut Vec<ConfigError>,
) -> Option<Change<T>> {
    let read = |elements: &[Result<&str, &str>], errors: &mut Vec<ConfigError>| {
        read_elements(key, elements.iter().copied(), parse, errors)
    };
    change_of(key, setting, read, errors)
}

/// The change of a list whose elements `read` checks.
fn change_of<T: Ord>(
    key: Key,
    setting: &Setting<'_>,
    read: impl FnOnce(&[Result<&str, &str>], &mut Vec<ConfigError>) -> BTreeSet<T>,
    errors: &mut Vec<ConfigError>,
) -> Option<Change<T>> {
    let elements = match setting.value {
        Value::List(elements) => elements,
        Value::Mixed(elements) => {
            read(elements, errors);
            return None;
        }
        _ => {
            errors.push(ConfigError::of_kind(key, &setting.value));
            return None;
        }
    };
    if let Some(star) = elements.iter().position(|element| *element == "*") {
        let problem = match (setting.operator, elements.len()) {
            (Operator::Set, 1) => return Some(Change::Set(Allowed::any())),
            (Operator::Set, _) => Problem::WildcardBesideOthers,
            _ => Problem::WildcardChange,
        };
        errors.push(ConfigError::of_key(key, "*", problem).at(star));
        return None;
    }
    if let [only] = elements
        && ["any", "all"].iter().any(|name| name.eq_ignore_ascii_case(only))
    {
        errors.push(ConfigError::of_key(key, *only, Problem::WildcardByName).at(0));
        return None;
    }
    let elements: Vec<Result<&str, &str>> = elements.iter().map(|own| Ok(*own)).collect();
    let members = read(&elements, errors);
    Some(match setting.operator {
        Operator::Set => Change::Set(Allowed::only(members)),
        Operator::Add => Change::Add(members),
        Operator::Remove => Change::Remove(members),
    })
}

fn flag(key: Key, setting: &Setting<'_>, errors: &mut Vec<ConfigError>) -> Option<bool> {
    let found = match setting.value {
        Value::Flag(flag) => return Some(flag),
        Value::Text("true") => return Some(true),
        Value::Text("false") => return Some(false),
        // a variable has no quotes
        Value::Text(text) => text.to_owned(),
        _ => setting.value.to_string(),
    };
    errors.push(ConfigError::of_key(key, found, Problem::Switch { of: key.as_str().into() }));
    None
}

fn max_age(setting: &Setting<'_>, errors: &mut Vec<ConfigError>) -> Option<MaxAge> {
    let max_age = match setting.value {
        Value::Text(text) => text.parse(),
        Value::Other(text) if text.parse::<f64>().is_ok() => text.parse(),
        Value::Number(secs) => MaxAge::from_secs(secs),
        _ => Err(ConfigError::of_kind(Key::MaxAge, &setting.value)),
    };
    match max_age {
        Ok(max_age) => return Some(max_age),
        Err(error) => errors.push(ConfigError { key: Some(Key::MaxAge), ..error }),
    }
    None
}
