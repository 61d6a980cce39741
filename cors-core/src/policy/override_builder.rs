//! The builder of an override: what `#[cors(...)]` says above a handler, said in code.

use std::time::Duration;

use super::{
    Override,
    written::{WrittenValue, written_max_age},
};
use crate::{
    error::{ConfigError, ConfigErrors},
    setting::{Key, Operator, Setting},
    source::Source,
};

/// Collects the settings of an [`Override`]; they are checked all at once when it is built.
///
/// A method named after a setting replaces what is inherited, `add_…` adds to it, `remove_…` takes
/// away. Every setting can be given once.
///
/// ```
/// use cors_core::{Key, Override, Policy, Source};
///
/// let layer = Override::builder().add_expose_headers(["ETag"]).allow_credentials(false);
/// let layer = layer.build(&Source::Base)?;
/// let base = Policy::builder().expose_headers(["X-Request-Id"]).build_layered()?;
/// let merged = base.apply(&layer, &Source::Base, &[])?;
/// let exposed = merged.policy().value_of(Key::ExposeHeaders);
/// assert_eq!(exposed.as_deref(), Some("ETag, X-Request-Id"));
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct OverrideBuilder {
    written: Vec<(Key, Operator, WrittenValue)>,
    disable: bool,
}

impl Override {
    /// Starts an override that changes nothing yet.
    pub fn builder() -> OverrideBuilder {
        OverrideBuilder::default()
    }
}

/// The three methods of a list.
macro_rules! lists {
    ($($key:ident: $what:literal, $set:ident, $add:ident, $remove:ident;)*) => {
        $(
            #[doc = concat!("Sets ", $what, "; `[\"*\"]` for any.")]
            pub fn $set<I: IntoIterator<Item: Into<String>>>(self, values: I) -> Self {
                self.list(Key::$key, Operator::Set, values)
            }

            #[doc = concat!("Adds to ", $what, ".")]
            pub fn $add<I: IntoIterator<Item: Into<String>>>(self, values: I) -> Self {
                self.list(Key::$key, Operator::Add, values)
            }

            #[doc = concat!("Takes away from ", $what, ".")]
            pub fn $remove<I: IntoIterator<Item: Into<String>>>(self, values: I) -> Self {
                self.list(Key::$key, Operator::Remove, values)
            }
        )*
    };
}

impl OverrideBuilder {
    lists! {
        AllowOrigins: "the origins whose scripts may read responses",
            allow_origins, add_allow_origins, remove_allow_origins;
        AllowMethods: "the methods a preflight may announce",
            allow_methods, add_allow_methods, remove_allow_methods;
        AllowHeaders: "the request headers a preflight may announce",
            allow_headers, add_allow_headers, remove_allow_headers;
        ExposeHeaders: "the response headers scripts may read",
            expose_headers, add_expose_headers, remove_expose_headers;
    }

    /// Sets whether responses to requests with credentials may be read.
    pub fn allow_credentials(self, allow: bool) -> Self {
        self.set(Key::AllowCredentials, WrittenValue::Flag(allow))
    }

    /// Sets how long browsers may remember a preflight, in whole seconds.
    pub fn max_age(self, max_age: Duration) -> Self {
        self.set(Key::MaxAge, written_max_age(max_age))
    }

    /// Turns CORS off: no script of another origin reads the response.
    pub fn disable(mut self) -> Self {
        self.disable = true;
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong with them, in their order; `source` is named as the
    /// layer that holds them.
    pub fn build(&self, source: &Source) -> Result<Override, ConfigErrors> {
        if self.disable && !self.written.is_empty() {
            let error = ConfigError::disable_beside_others().in_layer(source);
            return ConfigErrors::check(Override::disable(), vec![error]);
        }
        if self.disable {
            return Ok(Override::disable());
        }
        let lists: Vec<Vec<&str>> = self.written.iter().map(|own| own.2.elements()).collect();
        let settings = self.written.iter().zip(&lists).map(|((key, operator, value), list)| {
            Setting { key: key.as_str(), operator: *operator, value: value.borrowed(list) }
        });
        Override::from_settings(&settings.collect::<Vec<_>>(), source)
    }

    fn list<I>(mut self, key: Key, operator: Operator, values: I) -> Self
    where
        I: IntoIterator<Item: Into<String>>,
    {
        let values = values.into_iter().map(Into::into).collect();
        self.written.push((key, operator, WrittenValue::List(values)));
        self
    }

    fn set(mut self, key: Key, value: WrittenValue) -> Self {
        self.written.push((key, Operator::Set, value));
        self
    }
}
