//! The builder of an override: what `#[cors(...)]` says above a handler, said in code.

use std::collections::BTreeSet;

use super::{
    Override,
    setters::policy_setters,
    written::{self, Calls, Written},
};
use crate::{
    error::{ConfigError, ConfigErrors},
    setting::{Off, Operator},
    source::Source,
};

/// Collects the settings of an [`Override`]; they are checked all at once when it is built.
///
/// A method named after a setting replaces what is inherited, `add_…` adds to it, `remove_…` takes
/// away. Every setting can be given once; what adds or takes away can be called as often as need be.
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
    calls: Calls,
    off: BTreeSet<Off>,
}

impl Override {
    /// Starts an override that changes nothing yet.
    pub fn builder() -> OverrideBuilder {
        OverrideBuilder::default()
    }
}

/// The setters, and two more for each list; switches belong to the base policy.
macro_rules! methods {
    (
        lists {
            $($(#[$list_doc:meta])* $list:ident($values:ident: $form:ty), $add:ident, $remove:ident: $what:literal;)*
        }
        values { $($(#[$doc:meta])* $name:ident($value:ident: $type:ty) as $own:ty;)* }
        switches { $($switches:tt)* }
    ) => {
        $(
            $(#[$list_doc])*
            pub fn $list<I: IntoIterator<Item: AsRef<$form>>>(self, $values: I) -> Self {
                self.give(Written::list::<$form, _>(stringify!($list), Operator::Set, $values))
            }

            #[doc = concat!("Adds to ", $what, ".")]
            pub fn $add<I: IntoIterator<Item: AsRef<$form>>>(self, $values: I) -> Self {
                self.give(Written::list::<$form, _>(stringify!($list), Operator::Add, $values))
            }

            #[doc = concat!("Takes away from ", $what, ".")]
            pub fn $remove<I: IntoIterator<Item: AsRef<$form>>>(self, $values: I) -> Self {
                self.give(Written::list::<$form, _>(stringify!($list), Operator::Remove, $values))
            }
        )*
        $(
            $(#[$doc])*
            pub fn $name(self, $value: $type) -> Self {
                self.give(Written::new(stringify!($name), Operator::Set, Into::<$own>::into($value)))
            }
        )*
    };
}

/// The names of the setters, with the setting that each is about.
macro_rules! names {
    (
        lists {
            $($(#[$list_doc:meta])* $list:ident($values:ident: $form:ty), $add:ident, $remove:ident: $what:literal;)*
        }
        values { $($(#[$doc:meta])* $name:ident($value:ident: $type:ty) as $own:ty;)* }
        switches { $($switches:tt)* }
    ) => {
        &[
            $(
                (stringify!($list), stringify!($list), Operator::Set),
                (stringify!($add), stringify!($list), Operator::Add),
                (stringify!($remove), stringify!($list), Operator::Remove),
            )*
            $((stringify!($name), stringify!($name), Operator::Set),)*
        ]
    };
}

/// Every name that changes a setting in an override: the name, the setting, and what it does to it.
pub(crate) const OVERRIDE_NAMES: &[(&str, &str, Operator)] = policy_setters!(names);

impl OverrideBuilder {
    policy_setters!(methods);

    /// Turns CORS off: no script of another origin reads the response, and preflights are refused.
    pub fn disable(mut self) -> Self {
        self.off.insert(Off::Disable);
        self
    }

    /// Leaves CORS to another layer, such as a proxy: nothing is added to the response, and every
    /// preflight gets an ok status without headers.
    pub fn external(mut self) -> Self {
        self.off.insert(Off::External);
        self
    }

    /// Checks the settings.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong with them, in their order; `source` is named as the
    /// layer that holds them.
    pub fn build(&self, source: &Source) -> Result<Override, ConfigErrors> {
        let (layer, errors) = written::read_calls(self.calls.as_slice(), source);
        let Some(off) = self.off.last().copied() else {
            return ConfigErrors::check(layer, errors);
        };
        let both = (self.off.len() > 1).then(ConfigError::both_off);
        let beside = (!self.calls.is_empty()).then(|| ConfigError::off_beside_others(off));
        let of_off = both.into_iter().chain(beside).map(|error| error.in_layer(source));
        ConfigErrors::check(Override::off(off), of_off.chain(errors).collect())
    }

    pub(crate) fn give(mut self, call: Written) -> Self {
        self.calls.give(call);
        self
    }
}
