//! The builder: the base policy in code, and the environment over it.

use std::{ffi::OsString, time::Duration};

use super::{Consent, Key, LayeredPolicy, Operator, Override, Policy, Setting, Source, Value};
use crate::{
    environment,
    error::{ConfigError, ConfigErrors},
    max_age::MaxAge,
};

/// Collects the settings of a base policy; [`build`](Self::build) checks them all at once.
///
/// Calling a method again replaces what was given before.
#[derive(Debug, Clone, Default)]
pub struct PolicyBuilder {
    lists: Vec<(Key, Vec<String>)>,
    allow_credentials: Option<bool>,
    max_age: Option<Duration>,
    allow_private_network: Option<bool>,
    consent: Consent,
    environment: Option<Vec<environment::Variable>>,
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
    pub fn allow_credentials(mut self, allow: bool) -> Self {
        self.allow_credentials = Some(allow);
        self
    }

    /// Sets how long browsers may remember a preflight, in whole seconds; zero turns that off.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// Sets whether preflights of the retired Private Network Access draft are granted.
    ///
    /// Only Chromium 98 to 141 sent them; today's browsers ask their user instead.
    #[must_use]
    pub fn allow_private_network(mut self, allow: bool) -> Self {
        self.allow_private_network = Some(allow);
        self
    }

    /// Consents to plain-http origins in a policy with credentials: whoever controls the network
    /// can then act as such an origin and read the visitors' data.
    #[must_use]
    pub fn dangerously_allow_insecure_origins(mut self, consent: bool) -> Self {
        self.consent.insecure_origins = consent;
        self
    }

    /// Consents to the origin `null`, which any page can take on by opening a sandboxed frame.
    #[must_use]
    pub fn dangerously_allow_null_origin(mut self, consent: bool) -> Self {
        self.consent.null_origin = consent;
        self
    }

    /// Consents to subdomain patterns over a public suffix, such as `https://*.github.io`, in a
    /// policy with credentials: anybody can register a name there and read the visitors' data.
    ///
    /// Without the crate feature `public-suffix` such patterns are not recognised.
    #[must_use]
    pub fn dangerously_allow_public_suffixes(mut self, consent: bool) -> Self {
        self.consent.public_suffixes = consent;
        self
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
        self.environment = Some(environment::read(lookup));
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong, in the order of [`Key::ALL`], then the environment, then
    /// settings that must not stand together.
    pub fn build(&self) -> Result<Policy, ConfigErrors> {
        self.build_layered().map(|layered| layered.policy().clone())
    }

    /// Checks the settings and remembers which of them came from the environment.
    ///
    /// # Errors
    ///
    /// Fails like [`build`](Self::build).
    pub fn build_layered(&self) -> Result<LayeredPolicy, ConfigErrors> {
        let mut layered = LayeredPolicy::empty(self.consent);
        let (layer, mut errors) = self.code_layer();
        errors.extend(layered.change(&layer, &Source::Base, &[]));
        for variable in self.environment.iter().flatten() {
            let (layer, found) = variable.layer();
            errors.extend(found);
            errors.extend(layered.change(&layer, &variable.source(), &[]));
        }
        errors.extend(layered.conflicts(&Source::Base));
        ConfigErrors::check(layered, errors)
    }

    fn list<I: IntoIterator<Item: Into<String>>>(mut self, key: Key, values: I) -> Self {
        self.lists.retain(|(other, _)| *other != key);
        self.lists.push((key, values.into_iter().map(Into::into).collect()));
        self
    }

    fn code_layer(&self) -> (Override, Vec<ConfigError>) {
        let lists: Vec<(Key, Vec<&str>)> = self
            .lists
            .iter()
            .map(|(key, values)| (*key, values.iter().map(String::as_str).collect()))
            .collect();
        let mut settings: Vec<(Key, Value<'_>)> =
            lists.iter().map(|(key, values)| (*key, Value::List(values))).collect();
        let flags = [
            (Key::AllowCredentials, self.allow_credentials),
            (Key::AllowPrivateNetwork, self.allow_private_network),
        ];
        settings
            .extend(flags.into_iter().filter_map(|(key, flag)| Some((key, Value::Flag(flag?)))));
        settings.sort_by_key(|(key, _)| *key);
        let settings: Vec<Setting<'_>> = settings
            .into_iter()
            .map(|(key, value)| Setting { key: key.as_str(), operator: Operator::Set, value })
            .collect();
        let (mut layer, mut errors) = Override::read(&settings, &Source::Base);
        match self.max_age.map(MaxAge::try_from).transpose() {
            Ok(max_age) => layer.max_age = max_age,
            Err(error) => errors.push(ConfigError { key: Some(Key::MaxAge), ..error }),
        }
        (layer, errors)
    }
}
