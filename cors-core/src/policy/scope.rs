//! Scope entries: overrides for everything below a path, registered routes and the router's own answers alike.

use super::{LayeredPolicy, Override, OverrideBuilder};
use crate::{
    error::{ConfigError, ConfigErrors, Problem},
    methods::Method,
    source::Source,
};

/// An override for a part of an application: all patterns that are its path, or begin with it and a slash.
///
/// ```
/// use cors_core::{Override, ScopeEntry, Source};
///
/// let layer = Override::builder().allow_credentials(false);
/// let scope = ScopeEntry::new("/api", &layer, Source::Base)?;
/// assert!(scope.covers("/api") && scope.covers("/api/users/{id}"));
/// assert!(!scope.covers("/apix") && !scope.covers("/{tenant}"));
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeEntry {
    path: String,
    layer: Override,
    source: Source,
}

impl ScopeEntry {
    /// An entry for what is registered below `path`, which is spelled as the framework has it, with its
    /// dynamic segments.
    ///
    /// # Errors
    ///
    /// Fails if the path is that of the whole application, ends in a slash or takes the rest of a path by
    /// itself, and with everything that is wrong with the settings.
    pub fn new(path: &str, layer: &OverrideBuilder, source: Source) -> Result<Self, ConfigErrors> {
        let wrong_path = check_path(path).err().map(|error| error.in_layer(&source));
        let mut errors: Vec<ConfigError> = wrong_path.into_iter().collect();
        let layer = layer.build(&source).unwrap_or_else(|found| {
            errors.extend(found);
            Override::default()
        });
        let path = format!("/{}", path.trim_start_matches('/'));
        ConfigErrors::check(Self { path, layer, source }, errors)
    }

    /// An entry for what is registered in a scope of this full prefix, which the framework has told.
    ///
    /// # Errors
    ///
    /// Fails if the prefix is empty, which would be the whole application, and with everything that is wrong
    /// with the settings.
    pub fn of_prefix(
        prefix: &str,
        layer: &OverrideBuilder,
        source: Source,
    ) -> Result<Self, ConfigErrors> {
        if prefix.is_empty() {
            let error = ConfigError::new("", Problem::ScopeOfAll).in_layer(&source);
            return Err(ConfigErrors::one(error));
        }
        let layer = layer.build(&source)?;
        Ok(Self { path: prefix.to_owned(), layer, source })
    }

    /// The path, with a leading slash.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Where it was written.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// Checks that the base policy has the origin groups that the override names, also where nothing is in the scope.
    ///
    /// ```
    /// use cors_core::{Override, Policy, ScopeEntry, Source};
    ///
    /// let layer = Override::builder().allow_origins(["@admin"]);
    /// let entry = ScopeEntry::new("/admin", &layer, Source::Here)?;
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

    /// The same with CORS off instead of its settings.
    #[must_use]
    pub fn disabled(self) -> Self {
        Self { layer: Override::disable(), ..self }
    }

    /// Whether it applies to what is registered by this full pattern.
    #[must_use]
    pub fn covers(&self, pattern: &str) -> bool {
        is_below(pattern, &self.path)
    }
}

/// Whether a pattern is that of a path, or begins with it and a slash: then it is below. Patterns are compared
/// as texts, not what they match.
///
/// ```
/// assert!(cors_core::is_below("/api/users/{id}", "/api"));
/// assert!(!cors_core::is_below("/apix", "/api"));
/// ```
#[must_use]
pub fn is_below(pattern: &str, path: &str) -> bool {
    let rest = pattern.strip_prefix(path);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn check_path(path: &str) -> Result<(), ConfigError> {
    let Some(write) = scope_path(path) else {
        return Err(ConfigError::new(path, Problem::ScopeOfAll));
    };
    if write.trim_start_matches('/') == path.trim_start_matches('/') {
        return Ok(());
    }
    Err(ConfigError::new(path, Problem::ScopePath { write }))
}

/// The path of the scope that a pattern means: without a slash at its end, and without a last segment that stands
/// for all that is below. `None` if that is the whole application.
///
/// ```
/// use cors_core::scope_path;
///
/// for pattern in ["/api", "api/", "/api/*", "/api/{tail:.*}"] {
///     assert_eq!(scope_path(pattern).as_deref(), Some("/api"));
/// }
/// assert_eq!(scope_path("/*"), None);
/// ```
#[must_use]
pub fn scope_path(pattern: &str) -> Option<String> {
    let trimmed = pattern.trim_end_matches('/');
    let (before, last) = trimmed.rsplit_once('/').unwrap_or(("", trimmed));
    let stands_for_all = last.ends_with('*') || last.ends_with(":.*}");
    let path = if stands_for_all { before } else { trimmed };
    let path = path.trim_start_matches('/');
    (!path.is_empty()).then(|| format!("/{path}"))
}

impl LayeredPolicy {
    /// Lays a scope entry over this policy; `route_methods` as for [`apply`](Self::apply).
    ///
    /// # Errors
    ///
    /// Fails like [`apply`](Self::apply).
    pub fn apply_scope(
        &self,
        entry: &ScopeEntry,
        route_methods: &[Method],
    ) -> Result<Self, ConfigErrors> {
        self.apply(&entry.layer, &entry.source, route_methods)
    }
}

#[cfg(test)]
mod tests {
    use super::ScopeEntry;
    use crate::{Override, Source};

    fn entry(path: &str) -> Result<ScopeEntry, String> {
        let entry = ScopeEntry::new(path, &Override::builder(), Source::Base);
        entry.map_err(|errors| errors.to_string())
    }

    #[test]
    fn a_scope_covers_its_path_and_what_is_below() {
        let rows = [
            ("/api", "/api", true),
            ("/api", "/api/x", true),
            ("/api", "/api/", true),
            ("/api", "/apix", false),
            ("/api", "/", false),
            ("/api", "/v1/api", false),
            ("api", "/api/x", true),
            ("/{tenant}", "/{tenant}/users", true),
            // patterns are compared, not what they match
            ("/{tenant}", "/admin", false),
            ("/{tenant}", "/{id}/users", false),
        ];
        for (path, pattern, covers) in rows {
            assert_eq!(entry(path).unwrap().covers(pattern), covers, "{path} {pattern}");
        }
    }

    #[test]
    fn a_path_that_is_no_scope_is_refused_with_one_that_is() {
        let whole = |_: &str| {
            "[CORS068] the whole application is no scope of its own; set it in the base policy, or give the \
             scope a path such as `/api`"
                .to_owned()
        };
        let write = |path: &str, write: &str| {
            format!("[CORS069] scope `{path}` covers everything below by itself; write `{write}`")
        };
        let rows = [
            ("", whole("")),
            ("/", whole("/")),
            ("/{tail:.*}", whole("/{tail:.*}")),
            ("/*", whole("/*")),
            ("/api/", write("/api/", "/api")),
            ("/api/*", write("/api/*", "/api")),
            ("/api/{tail:.*}", write("/api/{tail:.*}", "/api")),
            ("/api/{tail}*", write("/api/{tail}*", "/api")),
            ("/{tenant}/files/", write("/{tenant}/files/", "/{tenant}/files")),
        ];
        for (path, message) in rows {
            assert_eq!(entry(path).unwrap_err(), message);
        }
    }
}
