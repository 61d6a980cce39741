//! The builder of an override: what `#[cors(...)]` says above a handler, said in code.

use super::{
    Override,
    setters::policy_setters,
    written::{self, Written},
};
use crate::{
    error::{ConfigError, ConfigErrors},
    setting::Operator,
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
    written: Vec<Written>,
    disable: bool,
}

impl Override {
    /// Starts an override that changes nothing yet.
    pub fn builder() -> OverrideBuilder {
        OverrideBuilder::default()
    }
}

/// The setters, and two more for each list; consents belong to the base policy.
macro_rules! methods {
    (
        lists {
            $($(#[$list_doc:meta])* $list:ident($values:ident), $add:ident, $remove:ident: $what:literal;)*
        }
        values { $($(#[$doc:meta])* $name:ident($value:ident: $type:ty);)* }
        consents { $($consents:tt)* }
    ) => {
        $(
            $(#[$list_doc])*
            pub fn $list<I: IntoIterator<Item: Into<String>>>(self, $values: I) -> Self {
                self.give(Written::list(stringify!($list), Operator::Set, $values))
            }

            #[doc = concat!("Adds to ", $what, ".")]
            pub fn $add<I: IntoIterator<Item: Into<String>>>(self, $values: I) -> Self {
                self.give(Written::list(stringify!($list), Operator::Add, $values))
            }

            #[doc = concat!("Takes away from ", $what, ".")]
            pub fn $remove<I: IntoIterator<Item: Into<String>>>(self, $values: I) -> Self {
                self.give(Written::list(stringify!($list), Operator::Remove, $values))
            }
        )*
        $(
            $(#[$doc])*
            pub fn $name(self, $value: $type) -> Self {
                self.give(Written::new(stringify!($name), Operator::Set, $value))
            }
        )*
    };
}

impl OverrideBuilder {
    policy_setters!(methods);

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
        let (layer, errors) = written::read(self.written.iter(), source);
        ConfigErrors::check(layer, errors)
    }

    fn give(mut self, written: Written) -> Self {
        self.written.push(written);
        self
    }
}
