//! The builder: the base policy in code or from a file, and the environment over it.

use std::{collections::BTreeSet, ffi::OsString};

use super::{
    Consent, Consents, Groups, LayeredPolicy, Override, Policy, PolicyFile, environment,
    group_variables::{self, GroupVariable},
    groups::GivenGroup,
    near_misses::Ignored,
    setters::policy_setters,
    written::{self, Calls, Text, Written, WrittenValue},
};
use crate::{
    error::{ConfigError, ConfigErrors, Problem},
    group_name::group_variable,
    setting::{Off, Operator},
    source::Source,
};

/// Collects the settings of a base policy; [`build`](Self::build) checks them all at once.
///
/// Every setting can be given once. For lists that are put together in a loop there is `add_…`, as often as need
/// be:
///
/// ```
/// use cors_core::Policy;
///
/// let mut builder = Policy::builder();
/// for origin in ["https://app.example.com", "https://admin.example.com"] {
///     builder = builder.add_allow_origins([origin]);
/// }
/// assert_eq!(builder.build().unwrap().allow_origins().members().count(), 2);
///
/// let twice = builder.allow_origins(["https://app.example.com"]);
/// assert_eq!(twice.build().unwrap_err().first().code(), "CORS075");
/// ```
///
/// With the crate feature `serde` it can be read from a file: the keys are the names of the methods,
/// `disable` and `external` turn CORS off whatever else is set, and what is wrong with the values comes
/// to light in [`build`](Self::build). What is then called in code replaces a setting of the file, and `add_…` adds to
/// it.
///
/// ```
/// # #[cfg(feature = "serde")] {
/// use cors_core::PolicyBuilder;
///
/// let file = r#"
///     allow_origins = ["https://app.example.com"]
///     expose_headers = ["ETag"]
///     max_age = "10m"
/// "#;
/// let builder: PolicyBuilder = toml::from_str(file).unwrap();
/// assert!(builder.from_env().build().is_ok());
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct PolicyBuilder {
    /// What serde has read, for the code to build on.
    start: Vec<Written>,
    calls: Calls,
    file: Option<Box<PolicyFile>>,
    groups: Vec<GivenGroup>,
    group_variables: Vec<GroupVariable>,
    environment: Vec<environment::Variable>,
    ignored_variables: Vec<Ignored>,
}

/// What is on or off in the base policy, beside its settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Switch {
    Off(Off),
    Consent(Consent),
}

impl Policy {
    /// Starts a policy that allows nothing yet.
    #[must_use]
    pub fn builder() -> PolicyBuilder {
        PolicyBuilder::default()
    }
}

/// The setters, each of them to be called once, and one more for each list.
macro_rules! methods {
    (
        lists {
            $($(#[$list_doc:meta])* $list:ident($values:ident: $form:ty), $add:ident, $remove:ident: $what:literal;)*
        }
        values { $($(#[$doc:meta])* $name:ident($value:ident: $type:ty) as $own:ty;)* }
        switches { $($(#[$switch_doc:meta])* $switch:ident($is_on:ident: bool);)* }
    ) => {
        $(
            $(#[$list_doc])*
            #[must_use]
            pub fn $list<I: IntoIterator<Item: AsRef<$form>>>(self, $values: I) -> Self {
                self.give(Written::list::<$form, _>(stringify!($list), Operator::Set, $values))
            }

            #[doc = concat!("Adds to ", $what, ", as often as it is called.")]
            #[must_use]
            pub fn $add<I: IntoIterator<Item: AsRef<$form>>>(self, $values: I) -> Self {
                self.give(Written::list::<$form, _>(stringify!($list), Operator::Add, $values))
            }
        )*
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(self, $value: $type) -> Self {
                self.give(Written::new(stringify!($name), Operator::Set, Into::<$own>::into($value)))
            }
        )*
        $(
            $(#[$switch_doc])*
            #[must_use]
            pub fn $switch(self, $is_on: bool) -> Self {
                self.give(Written::new(stringify!($switch), Operator::Set, $is_on))
            }
        )*
    };
}

impl PolicyBuilder {
    policy_setters!(methods);

    /// Defines an origin group: origins that several places share, under a name. Wherever origins are listed,
    /// `"@admin"` stands for those of the group `admin`: in `allow_origins` and `allow_credentials`, here, in an
    /// override, above a handler and in an environment variable.
    ///
    /// An operator can give the group other origins without a build: [`from_env`](Self::from_env) reads those of
    /// `admin` from `CORS_ORIGINS_ADMIN`, and those of `admin-ui` from `CORS_ORIGINS_ADMIN_UI`. Whatever stands there
    /// is checked as if it were written in every list that names the group.
    ///
    /// A name is made of lower-case letters, digits, `-` and `_`, and begins with a letter. A group holds origins and
    /// patterns as [`allow_origins`](Self::allow_origins) does, neither `*` nor other groups. It may be empty. Each
    /// name can be given once.
    ///
    /// ```
    /// use cors_core::{Key, Override, Policy, Source};
    ///
    /// let base = Policy::builder()
    ///     .origin_group("admin", ["https://admin.example.com"])
    ///     .allow_origins(["https://app.example.com", "@admin"])
    ///     .from_env_with(|name| (name == "CORS_ORIGINS_ADMIN").then(|| "https://admin.test".into()))
    ///     .build_layered()?;
    /// let origins = base.policy().value_of(Key::AllowOrigins);
    /// assert_eq!(origins.as_deref(), Some("https://admin.test, https://app.example.com"));
    ///
    /// let layer = Override::builder().allow_origins(["@admin"]).build(&Source::Here)?;
    /// let route = base.apply(&layer, &Source::Here, &[])?;
    /// let origins = route.policy().value_of(Key::AllowOrigins);
    /// assert_eq!(origins.as_deref(), Some("https://admin.test"));
    ///
    /// let undefined = Override::builder().allow_origins(["@admn"]).build(&Source::Here)?;
    /// let errors = base.apply(&undefined, &Source::Here, &[]).unwrap_err();
    /// assert_eq!(errors.first().code(), "CORS091");
    /// assert_eq!(errors.first().correction().as_deref(), Some("@admin"));
    /// # Ok::<(), cors_core::ConfigErrors>(())
    /// ```
    #[must_use]
    pub fn origin_group<I: IntoIterator<Item: AsRef<[u8]>>>(
        mut self,
        name: &str,
        origins: I,
    ) -> Self {
        let origins = origins.into_iter().map(|origin| origin.as_ref().text()).collect();
        self.groups.push(GivenGroup { name: name.to_owned(), origins });
        self
    }

    /// Lets environment variables replace what the code says.
    ///
    /// | variable | value |
    /// |---|---|
    /// | `CORS_ALLOW_ORIGINS` (or `CORS_ALLOWED_ORIGINS`) | list |
    /// | `CORS_ALLOW_METHODS` (or `CORS_ALLOWED_METHODS`) | list |
    /// | `CORS_ALLOW_HEADERS` (or `CORS_ALLOWED_HEADERS`) | list |
    /// | `CORS_EXPOSE_HEADERS` (or `CORS_EXPOSED_HEADERS`) | list |
    /// | `CORS_ALLOW_CREDENTIALS` | `true`, `false` or a list of origins |
    /// | `CORS_MAX_AGE` | `600`, `10m` |
    /// | `CORS_DANGEROUSLY_EXPOSE_ANY_HEADER` | `true` or `false` |
    /// | `CORS_DISABLE`, `CORS_EXTERNAL` | `true` or `false` |
    /// | `CORS_ORIGINS_ADMIN` | list: the origins of the [group](Self::origin_group) `admin`, which it may also define |
    ///
    /// A list is separated by commas; blanks around an element are trimmed and empty elements
    /// ignored, so that an empty variable is an empty list. Quotes, brackets and other separators are an error that
    /// says what to write (CORS073). A variable with nearly such a name, such as `CORS_ORIGINS`, is a lint (CORS117).
    /// A variable that is not set changes
    /// nothing. The variables are read now and win over the code wherever this call stands: `CORS_DISABLE=false`
    /// turns CORS on where [`disable(true)`](Self::disable) is called, since both speak of the base policy.
    #[must_use]
    pub fn from_env(self) -> Self {
        let groups = group_variables::names(std::env::vars_os().map(|(name, _)| name));
        self.read_environment(|name| std::env::var_os(name), groups)
    }

    /// [`from_env`](Self::from_env) with another source of variables. It is asked for those of the origin groups that
    /// are defined before this call; a group that nothing but its variable defines is not found.
    ///
    /// ```
    /// use cors_core::Policy;
    ///
    /// let errors = Policy::builder()
    ///     .from_env_with(|name| (name == "CORS_ALLOW_ORIGINS").then(|| "https://a.example, b".into()))
    ///     .build()
    ///     .unwrap_err();
    /// assert_eq!(
    ///     errors.first().to_string(),
    ///     "environment variable CORS_ALLOW_ORIGINS: origin `b` has no scheme; write `https://b`",
    /// );
    /// ```
    #[must_use]
    pub fn from_env_with(self, lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let in_file = self.file.iter().flat_map(|own| own.origin_groups()).map(|own| &own.name);
        let names = self.groups.iter().map(|own| &own.name).chain(in_file);
        let groups = names.map(|name| group_variable(name)).collect();
        self.read_environment(lookup, groups)
    }

    /// Lays what a file says over what the code says, in place of what another file has said.
    ///
    /// See [`from_file`](Self::from_file) for the layers, and [`PolicyFile`] for an example.
    #[must_use]
    pub fn with_file(self, file: PolicyFile) -> Self {
        Self { file: Some(Box::new(file)), ..self }
    }

    /// What the file says, if there is one.
    #[must_use]
    pub fn file(&self) -> Option<&PolicyFile> {
        self.file.as_deref()
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong, in the order in which it was given: the code, the file and its entries,
    /// the environment, then settings that must not stand together.
    pub fn build(&self) -> Result<Policy, ConfigErrors> {
        self.build_layered().map(|layered| layered.policy().clone())
    }

    /// Checks the settings and remembers which of them came from the environment.
    ///
    /// # Errors
    ///
    /// Fails like [`build`](Self::build).
    pub fn build_layered(&self) -> Result<LayeredPolicy, ConfigErrors> {
        let (switches, mut errors) = self.switches();
        let in_file = self.file.as_deref().map(PolicyFile::origin_groups).unwrap_or_default();
        let (groups, found) = Groups::read(&self.groups, in_file, &self.group_variables);
        errors.extend(found);
        let mut layered = LayeredPolicy::empty(switches.consents(), groups);
        let off = self.off(&switches);
        layered.off_outside_code = off.and_then(|off| self.source_of(off));
        let off = off.map(Override::off);
        let start = written::read(&settings_of(&self.start), &Source::Base);
        let calls = written::read_calls(&settings_of(&self.calls_over_start()), &Source::Base);
        for (layer, found) in [start, calls].into_iter().chain(off.map(|off| (off, Vec::new()))) {
            errors.extend(found);
            errors.extend(layered.change(&layer, &Source::Base, &[]));
        }
        errors.extend(self.lay_file(&mut layered));
        for variable in &self.environment {
            let (layer, found) = variable.layer();
            errors.extend(found);
            errors.extend(layered.change(&layer, &variable.source(), &[]));
        }
        errors.extend(environment::both_off(&self.environment));
        errors.extend(self.conflicts(&layered));
        layered.used_consents = layered.policy.used_consents();
        layered.ignored_variables.clone_from(&self.ignored_variables);
        ConfigErrors::check(layered, errors)
    }

    fn read_environment(
        mut self,
        lookup: impl Fn(&str) -> Option<OsString>,
        groups: Vec<String>,
    ) -> Self {
        self.group_variables = group_variables::read(groups, &lookup);
        self.environment = environment::read(&lookup);
        self.ignored_variables = environment::ignored(&self.environment, lookup);
        self
    }

    fn give(mut self, call: Written) -> Self {
        self.calls.give(call);
        self
    }

    /// Lays each setting of the file over what the code says, as a layer of its own.
    fn lay_file(&self, layered: &mut LayeredPolicy) -> Vec<ConfigError> {
        let Some(file) = &self.file else { return Vec::new() };
        let mut errors = file.errors.clone();
        for setting in settings_of(&file.settings) {
            let source = setting.source().unwrap_or(Source::Base);
            let (layer, found) = written::read(std::slice::from_ref(&setting), &source);
            errors.extend(found);
            errors.extend(layered.change(&layer, &source, &[]));
        }
        errors.extend(file.entry_errors());
        errors.sort_by_key(|error| match &error.source {
            Source::File(place) => (place.line, place.column),
            _ => (0, 0),
        });
        errors
    }

    /// Settings that must not stand together, each error with its place in the file if the setting is one of it.
    fn conflicts(&self, layered: &LayeredPolicy) -> Vec<ConfigError> {
        let errors = layered.conflicts(&Source::Base);
        match &self.file {
            Some(file) => {
                file.locate(errors, |key| matches!(layered.origin_of(key), Source::File(_)))
            }
            None => errors,
        }
    }

    /// What adds to a list that serde has not read makes the list.
    fn calls_over_start(&self) -> Vec<Written> {
        let is_read = |name: &str| self.start.iter().any(|own| own.name == name);
        let over_start = |own: &Written| match own.operator {
            Operator::Add if !is_read(&own.name) => {
                Written { operator: Operator::Set, ..own.clone() }
            }
            _ => own.clone(),
        };
        self.calls.as_slice().iter().map(over_start).collect()
    }

    /// The builder of what serde has read, where a name may stand twice.
    #[cfg(feature = "serde")]
    pub(super) fn starting_with(start: Vec<Written>) -> Self {
        Self { start, ..Self::default() }
    }

    fn switches(&self) -> (Switches, Vec<ConfigError>) {
        let mut switches = Switches::default();
        let mut errors = switches.take(self.start.iter(), &Problem::KeyTwice);
        errors.extend(switches.take(self.calls.as_slice().iter(), &Problem::CalledTwice));
        if Off::ALL.into_iter().all(|off| switches.is_on(Switch::Off(off))) {
            errors.push(ConfigError::both_off());
        }
        if let Some(file) = &self.file {
            errors.extend(switches.take(file.settings.iter(), &Problem::KeyTwice));
            errors.extend(file.both_off());
        }
        (switches, errors)
    }

    /// The variable or the place in the file that turns CORS off in this way, if one does.
    fn source_of(&self, off: Off) -> Option<Source> {
        let in_file = || self.file.as_ref().and_then(|file| file.source_of(off));
        environment::source_of(&self.environment, off).or_else(in_file)
    }

    /// How CORS is off: by what the environment says of each way, or else the file, or else the code.
    fn off(&self, switches: &Switches) -> Option<Off> {
        let is_on = |off: &Off| {
            let by_variable = environment::is_on(&self.environment, *off);
            by_variable.unwrap_or_else(|| switches.is_on(Switch::Off(*off)))
        };
        Off::ALL.into_iter().filter(is_on).max()
    }
}

/// What is neither a way of off nor a consent.
fn settings_of(given: &[Written]) -> Vec<Written> {
    given.iter().filter(|own| Switch::parse(&own.name).is_none()).cloned().collect()
}

impl Switch {
    fn parse(name: &str) -> Option<Self> {
        let consent = || Consent::ALL.into_iter().find(|consent| consent.as_str() == name);
        Off::parse(name).map(Self::Off).or_else(|| consent().map(Self::Consent))
    }
}

/// The switches that are on.
#[derive(Default)]
struct Switches(BTreeSet<Switch>);

impl Switches {
    /// Takes in what a file or the calls of the builder say, and returns what is wrong with it.
    fn take<'a>(
        &mut self,
        given: impl Iterator<Item = &'a Written>,
        twice: &Problem,
    ) -> Vec<ConfigError> {
        let (mut seen, mut errors) = (BTreeSet::new(), Vec::new());
        for own in given {
            let Written { name, value, .. } = own;
            let Some(switch) = Switch::parse(name) else { continue };
            if !seen.insert(switch) {
                errors.push(own.locate(ConfigError::new(name.as_str(), twice.clone())));
                continue;
            }
            match value {
                WrittenValue::Flag(true) => _ = self.0.insert(switch),
                WrittenValue::Flag(false) => _ = self.0.remove(&switch),
                _ => {
                    let problem = Problem::Switch { of: name.as_str().into() };
                    errors.push(own.locate(ConfigError::new(value.shown(), problem)));
                }
            }
        }
        errors
    }

    fn is_on(&self, switch: Switch) -> bool {
        self.0.contains(&switch)
    }

    fn consents(&self) -> Consents {
        Consent::ALL.into_iter().filter(|consent| self.is_on(Switch::Consent(*consent))).collect()
    }
}
