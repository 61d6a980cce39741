//! The builder: the base policy in code or from a file, and the environment over it.

use std::{collections::BTreeSet, ffi::OsString};

use super::{
    Consent, Consents, LayeredPolicy, Override, Policy, environment,
    setters::policy_setters,
    written::{self, Written, WrittenValue},
};
use crate::{
    error::{ConfigError, ConfigErrors, Problem},
    setting::Operator,
    source::Source,
};

/// Collects the settings of a base policy; [`build`](Self::build) checks them all at once.
///
/// Calling a method again replaces what was given before.
///
/// With the crate feature `serde` it can be read from a file: the keys are the names of the methods,
/// `disable = true` turns CORS off whatever else is set, and what is wrong with the values comes to
/// light in [`build`](Self::build).
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
    written: Vec<Written>,
    environment: Vec<environment::Variable>,
}

/// The name of the setting that turns CORS off.
pub(crate) const DISABLE: &str = "disable";

/// A setting of the base policy that no override has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Switch {
    Disable,
    Consent(Consent),
}

impl Policy {
    /// Starts a policy that allows nothing yet.
    #[must_use]
    pub fn builder() -> PolicyBuilder {
        PolicyBuilder::default()
    }
}

/// The setters, a later call in the place of an earlier one.
macro_rules! methods {
    (
        lists {
            $($(#[$list_doc:meta])* $list:ident($values:ident), $add:ident, $remove:ident: $what:literal;)*
        }
        values { $($(#[$doc:meta])* $name:ident($value:ident: $type:ty);)* }
        consents { $($(#[$consent_doc:meta])* $consent:ident($is_given:ident: bool);)* }
    ) => {
        $(
            $(#[$list_doc])*
            #[must_use]
            pub fn $list<I: IntoIterator<Item: Into<String>>>(self, $values: I) -> Self {
                self.set(Written::list(stringify!($list), Operator::Set, $values))
            }
        )*
        $(
            $(#[$doc])*
            #[must_use]
            pub fn $name(self, $value: $type) -> Self {
                self.set(Written::new(stringify!($name), Operator::Set, $value))
            }
        )*
        $(
            $(#[$consent_doc])*
            #[must_use]
            pub fn $consent(self, $is_given: bool) -> Self {
                self.set(Written::new(stringify!($consent), Operator::Set, $is_given))
            }
        )*
    };
}

impl PolicyBuilder {
    policy_setters!(methods);

    /// Lets environment variables replace what the code says.
    ///
    /// | variable | value |
    /// |---|---|
    /// | `CORS_ALLOW_ORIGINS` (or `CORS_ALLOWED_ORIGINS`) | list |
    /// | `CORS_ALLOW_METHODS`, `CORS_ALLOW_HEADERS`, `CORS_EXPOSE_HEADERS` | list |
    /// | `CORS_ALLOW_CREDENTIALS` | `true` or `false` |
    /// | `CORS_MAX_AGE` | `600`, `10m` |
    ///
    /// A list is separated by commas; blanks around an element are trimmed and empty elements
    /// ignored, so that an empty variable is an empty list. A variable that is not set changes
    /// nothing. The variables are read now and win over the code wherever this call stands.
    #[must_use]
    pub fn from_env(self) -> Self {
        self.from_env_with(|name| std::env::var_os(name))
    }

    /// [`from_env`](Self::from_env) with another source of variables.
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
    pub fn from_env_with(mut self, lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        self.environment = environment::read(lookup);
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong, in the order in which it was given, then the
    /// environment, then settings that must not stand together.
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
        let mut layered = LayeredPolicy::empty(switches.consents());
        let (layer, found) = self.layer(&switches);
        errors.extend(found);
        errors.extend(layered.change(&layer, &Source::Base, &[]));
        for variable in &self.environment {
            let (layer, found) = variable.layer();
            errors.extend(found);
            errors.extend(layered.change(&layer, &variable.source(), &[]));
        }
        errors.extend(layered.conflicts(&Source::Base));
        layered.used_consents = layered.policy.used_consents();
        ConfigErrors::check(layered, errors)
    }

    fn set(mut self, written: Written) -> Self {
        self.written.retain(|other| other.name != written.name);
        self.written.push(written);
        self
    }

    /// The builder of a file, where a name may stand twice.
    #[cfg(feature = "serde")]
    pub(super) fn of_file(written: Vec<Written>) -> Self {
        Self { written, ..Self::default() }
    }

    fn switches(&self) -> (Switches, Vec<ConfigError>) {
        let (mut seen, mut on) = (BTreeSet::new(), BTreeSet::new());
        let mut errors = Vec::new();
        for Written { name, value, .. } in &self.written {
            let Some(switch) = Switch::parse(name) else { continue };
            if !seen.insert(switch) {
                errors.push(ConfigError::key_twice(name));
                continue;
            }
            match value {
                WrittenValue::Flag(true) => _ = on.insert(switch),
                WrittenValue::Flag(false) => {}
                _ => errors.push(ConfigError::new(name.as_str(), Problem::Switch)),
            }
        }
        (Switches(on), errors)
    }

    fn layer(&self, switches: &Switches) -> (Override, Vec<ConfigError>) {
        let settings = self.written.iter().filter(|own| Switch::parse(&own.name).is_none());
        let (layer, errors) = written::read(settings, &Source::Base);
        (if switches.is_on(Switch::Disable) { Override::disable() } else { layer }, errors)
    }
}

impl Switch {
    fn parse(name: &str) -> Option<Self> {
        if name == DISABLE {
            return Some(Self::Disable);
        }
        Consent::ALL.into_iter().find(|consent| consent.as_str() == name).map(Self::Consent)
    }
}

/// The switches that are on.
struct Switches(BTreeSet<Switch>);

impl Switches {
    fn is_on(&self, switch: Switch) -> bool {
        self.0.contains(&switch)
    }

    fn consents(&self) -> Consents {
        Consent::ALL.into_iter().filter(|consent| self.is_on(Switch::Consent(*consent))).collect()
    }
}
