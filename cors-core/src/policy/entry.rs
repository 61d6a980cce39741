//! Route entries: overrides that are given by pattern and method, where the application is put
//! together, instead of above a handler.

use std::{collections::BTreeSet, str::FromStr};

use super::{LayeredPolicy, Override, OverrideBuilder};
use crate::{
    error::{ConfigError, ConfigErrors, Problem},
    methods::Method,
    source::Source,
};

/// An override for the routes of one pattern.
///
/// ```
/// use cors_core::{Override, RouteEntry, Source};
///
/// let layer = Override::builder().add_expose_headers(["ETag"]);
/// let entry = RouteEntry::new("/files/{name}", ["GET", "PUT"], &layer, Source::Base)?;
/// assert!(entry.covers("/files/{name}", &"PUT".parse()?));
/// assert!(!entry.covers("/files/{name}", &"DELETE".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteEntry {
    pattern: String,
    methods: Option<BTreeSet<Method>>,
    layer: Override,
    source: Source,
}

impl RouteEntry {
    /// An entry for the routes whose full pattern is `pattern`, spelled as the framework has it, and
    /// for `methods`, which are `["*"]` for all.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong with methods and settings.
    pub fn new<I: IntoIterator<Item: AsRef<str>>>(
        pattern: &str,
        methods: I,
        layer: &OverrideBuilder,
        source: Source,
    ) -> Result<Self, ConfigErrors> {
        let slash = if pattern.is_empty() || pattern.starts_with('/') { "" } else { "/" };
        let pattern = format!("{slash}{pattern}");
        let (methods, errors) = read_methods(&pattern, methods);
        let mut errors: Vec<ConfigError> =
            errors.into_iter().map(|error| error.in_layer(&source)).collect();
        let layer = layer.build(&source).unwrap_or_else(|found| {
            errors.extend(found);
            Override::default()
        });
        ConfigErrors::check(Self { pattern, methods, layer, source }, errors)
    }

    /// The full pattern, with a leading slash unless it is empty.
    #[must_use]
    pub fn pattern(&self) -> &str {
        &self.pattern
    }

    /// The methods; `None` for all.
    #[must_use]
    pub fn methods(&self) -> Option<&BTreeSet<Method>> {
        self.methods.as_ref()
    }

    /// Where it was written.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Checks that the base policy has the origin groups that the override names, also where it will apply to no
    /// route.
    ///
    /// ```
    /// use cors_core::{Override, Policy, RouteEntry, Source};
    ///
    /// let layer = Override::builder().allow_origins(["@admin"]);
    /// let entry = RouteEntry::new("/admin", ["*"], &layer, Source::Here)?;
    /// let base = Policy::builder().origin_group("admin", ["https://admin.example.com"]);
    /// assert!(entry.check_groups(&base.build_layered()?).is_ok());
    /// let errors = entry.check_groups(&Policy::builder().build_layered()?).unwrap_err();
    /// assert_eq!(errors.first().code(), "CORS091");
    /// # Ok::<(), cors_core::ConfigErrors>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails with an error for each name that no group has.
    pub fn check_groups(&self, base: &LayeredPolicy) -> Result<(), ConfigErrors> {
        base.check_groups(&self.layer, &self.source)
    }

    /// Whether it applies to a method of a pattern.
    #[must_use]
    pub fn covers(&self, pattern: &str, method: &Method) -> bool {
        self.pattern == pattern && self.methods.as_ref().is_none_or(|own| own.contains(method))
    }
}

fn read_methods<I: IntoIterator<Item: AsRef<str>>>(
    pattern: &str,
    methods: I,
) -> (Option<BTreeSet<Method>>, Vec<ConfigError>) {
    let methods: Vec<I::Item> = methods.into_iter().collect();
    match methods.iter().position(|method| method.as_ref() == "*") {
        Some(_) if methods.len() == 1 => return (None, Vec::new()),
        Some(star) => {
            let problem = Problem::WildcardBesideOthers;
            return (None, vec![ConfigError::new("methods", problem).at(star)]);
        }
        None if methods.is_empty() => {
            return (None, vec![ConfigError::new(pattern, Problem::EntryWithoutMethods)]);
        }
        None => {}
    }
    let mut errors = Vec::new();
    let read = methods.iter().enumerate().filter_map(|(index, method)| {
        Method::from_str(method.as_ref()).map_err(|error| errors.push(error.at(index))).ok()
    });
    (Some(read.collect()), errors)
}

impl LayeredPolicy {
    /// Lays a route entry over this policy; `route_methods` as for [`apply`](Self::apply).
    ///
    /// # Errors
    ///
    /// Fails like [`apply`](Self::apply).
    pub fn apply_entry(
        &self,
        entry: &RouteEntry,
        route_methods: &[Method],
    ) -> Result<Self, ConfigErrors> {
        self.apply(&entry.layer, &entry.source, route_methods)
    }
}
