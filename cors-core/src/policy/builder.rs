//! The builder: the base policy in code or from a file, and the environment over it.

use std::{collections::BTreeSet, ffi::OsString, time::Duration};

use super::{
    LayeredPolicy, Override, Policy, environment,
    rules::Consent,
    written::{Written, WrittenValue, written_max_age},
};
use crate::{
    error::{ConfigError, ConfigErrors, Problem},
    setting::{Key, Operator, Setting},
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

/// A setting of the base policy that no override has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Switch {
    Disable,
    InsecureOrigins,
    NullOrigin,
    PublicSuffixes,
}

impl Policy {
    /// Starts a policy that allows nothing yet.
    #[must_use]
    pub fn builder() -> PolicyBuilder {
        PolicyBuilder::default()
    }
}

impl PolicyBuilder {
    /// Sets the origins whose scripts may read responses; `["*"]` for any.
    ///
    /// [`OriginPattern`](crate::OriginPattern) has the spelling.
    #[must_use]
    pub fn allow_origins<I: IntoIterator<Item: Into<String>>>(self, origins: I) -> Self {
        self.list(Key::AllowOrigins, origins)
    }

    /// Sets the methods a preflight may announce; `["*"]` for any.
    ///
    /// Unset, these are the methods of the routes that the framework's adapter knows. GET, HEAD and
    /// POST need no entry: browsers send them without asking (Fetch `#cors-safelisted-method`).
    #[must_use]
    pub fn allow_methods<I: IntoIterator<Item: Into<String>>>(self, methods: I) -> Self {
        self.list(Key::AllowMethods, methods)
    }

    /// Sets the request headers a preflight may announce; `["*"]` for any.
    ///
    /// Browsers name a header only if its value needs permission, so `Content-Type` belongs here
    /// for JSON bodies (Fetch `#cors-unsafe-request-header-names`).
    #[must_use]
    pub fn allow_headers<I: IntoIterator<Item: Into<String>>>(self, headers: I) -> Self {
        self.list(Key::AllowHeaders, headers)
    }

    /// Sets the response headers scripts may read beside the safelisted ones; `["*"]` for all, which
    /// cannot be combined with credentials.
    #[must_use]
    pub fn expose_headers<I: IntoIterator<Item: Into<String>>>(self, headers: I) -> Self {
        self.list(Key::ExposeHeaders, headers)
    }

    /// Sets whether responses to requests with cookies, client certificates or HTTP authentication
    /// may be read.
    #[must_use]
    pub fn allow_credentials(self, allow: bool) -> Self {
        self.set(Key::AllowCredentials.as_str(), WrittenValue::Flag(allow))
    }

    /// Sets how long browsers may remember a preflight, in whole seconds; zero turns that off.
    #[must_use]
    pub fn max_age(self, max_age: Duration) -> Self {
        self.set(Key::MaxAge.as_str(), written_max_age(max_age))
    }

    /// Consents to plain-http origins in a policy with credentials: whoever controls the network
    /// can then act as such an origin and read the visitors' data.
    #[must_use]
    pub fn dangerously_allow_insecure_origins(self, consent: bool) -> Self {
        self.set(Switch::InsecureOrigins.as_str(), WrittenValue::Flag(consent))
    }

    /// Consents to the origin `null`, which any page can take on by opening a sandboxed frame.
    #[must_use]
    pub fn dangerously_allow_null_origin(self, consent: bool) -> Self {
        self.set(Switch::NullOrigin.as_str(), WrittenValue::Flag(consent))
    }

    /// Consents to subdomain patterns over a public suffix, such as `https://*.github.io`, in a
    /// policy with credentials: anybody can register a name there and read the visitors' data.
    ///
    /// Without the crate feature `public-suffix` they cannot be told from others, so that every
    /// subdomain pattern needs this in a policy with credentials.
    #[must_use]
    pub fn dangerously_allow_public_suffixes(self, consent: bool) -> Self {
        self.set(Switch::PublicSuffixes.as_str(), WrittenValue::Flag(consent))
    }

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
        let mut layered = LayeredPolicy::empty(switches.consent());
        let (layer, found) = self.layer(&switches);
        errors.extend(found);
        errors.extend(layered.change(&layer, &Source::Base, &[]));
        for variable in &self.environment {
            let (layer, found) = variable.layer();
            errors.extend(found);
            errors.extend(layered.change(&layer, &variable.source(), &[]));
        }
        errors.extend(layered.conflicts(&Source::Base));
        ConfigErrors::check(layered, errors)
    }

    fn list<I: IntoIterator<Item: Into<String>>>(self, key: Key, values: I) -> Self {
        self.set(key.as_str(), WrittenValue::List(values.into_iter().map(Into::into).collect()))
    }

    fn set(mut self, name: &str, value: WrittenValue) -> Self {
        self.written.retain(|other| other.name != name);
        self.written.push(Written { name: name.to_owned(), value });
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
        for Written { name, value } in &self.written {
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
        let written = || self.written.iter().filter(|own| Switch::parse(&own.name).is_none());
        let lists: Vec<Vec<&str>> = written().map(|own| own.value.elements()).collect();
        let settings: Vec<Setting<'_>> = written()
            .zip(&lists)
            .map(|(own, elements)| Setting {
                key: &own.name,
                operator: Operator::Set,
                value: own.value.borrowed(elements),
            })
            .collect();
        let (layer, errors) = Override::read(&settings, &Source::Base);
        (if switches.is_on(Switch::Disable) { Override::disable() } else { layer }, errors)
    }
}

impl Switch {
    const ALL: [Self; 4] =
        [Self::Disable, Self::InsecureOrigins, Self::NullOrigin, Self::PublicSuffixes];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::InsecureOrigins => "dangerously_allow_insecure_origins",
            Self::NullOrigin => "dangerously_allow_null_origin",
            Self::PublicSuffixes => "dangerously_allow_public_suffixes",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|switch| switch.as_str() == name)
    }
}

/// The switches that are on.
struct Switches(BTreeSet<Switch>);

impl Switches {
    fn is_on(&self, switch: Switch) -> bool {
        self.0.contains(&switch)
    }

    fn consent(&self) -> Consent {
        Consent {
            insecure_origins: self.is_on(Switch::InsecureOrigins),
            null_origin: self.is_on(Switch::NullOrigin),
            public_suffixes: self.is_on(Switch::PublicSuffixes),
        }
    }
}
