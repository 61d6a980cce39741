//! What a file says, as it was read: settings, scopes, routes and groups of origins, each with its place.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    FileOriginGroup, OverrideBuilder, RouteEntry, ScopeEntry,
    written::{Written, WrittenValue},
};
use crate::{
    error::{ConfigError, ConfigErrors, Problem},
    setting::{Key, Off},
    source::{FilePlace, Source},
};

/// What a file says. It is not checked yet: what is wrong with it comes out of
/// [`PolicyBuilder::build`](crate::PolicyBuilder::build), beside what is wrong with the code.
///
/// A file is a layer of its own, apart from what is said in code. So a builder that is kept can be given what the
/// file says today, and makes of it what it would have made at the start:
///
/// ```
/// # #[cfg(feature = "toml")] {
/// use cors_core::{FileFormat, Key, Policy, PolicyFile};
///
/// let code = Policy::builder().allow_origins(["https://app.example.com"]);
/// for seconds in ["60", "600"] {
///     let text = format!("max_age = {seconds}");
///     let file = PolicyFile::parse("cors.toml", FileFormat::Toml, text);
///     let policy = code.clone().with_file(file).build().unwrap();
///     assert_eq!(policy.value_of(Key::MaxAge), Some(format!("{seconds} s")));
///     assert_eq!(policy.value_of(Key::AllowOrigins).as_deref(), Some("https://app.example.com"));
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct PolicyFile {
    pub(crate) name: Arc<str>,
    /// The settings of the base policy.
    pub(crate) settings: Vec<Written>,
    pub(crate) scopes: Vec<FileEntry>,
    pub(crate) routes: Vec<FileEntry>,
    pub(crate) origin_groups: Vec<FileOriginGroup>,
    /// What is wrong with the file itself, and with how it is put together.
    pub(crate) errors: Vec<ConfigError>,
}

/// An entry for a scope or a route.
#[derive(Debug, Clone)]
pub(crate) struct FileEntry {
    pub(crate) place: Arc<FilePlace>,
    pub(crate) path: (String, Source),
    /// Those of a route.
    pub(crate) methods: FileMethods,
    pub(crate) overrides: OverrideBuilder,
}

/// The methods of an entry, and their places.
#[derive(Debug, Clone, Default)]
pub(crate) struct FileMethods {
    /// That of the list.
    pub(crate) source: Option<Source>,
    pub(crate) names: Vec<(String, Source)>,
}

impl PolicyFile {
    /// A file that says nothing.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            settings: Vec::new(),
            scopes: Vec::new(),
            routes: Vec::new(),
            origin_groups: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The name of the file, as it was given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The entries for scopes, in their order. Those with something wrong are left out, and
    /// [`build`](crate::PolicyBuilder::build) says what that is.
    ///
    /// ```
    /// # #[cfg(feature = "toml")] {
    /// use cors_core::{FileFormat, PolicyFile};
    ///
    /// let text = "[[scopes]]\npath = \"/api\"\nadd_expose_headers = [\"ETag\"]";
    /// let file = PolicyFile::parse("cors.toml", FileFormat::Toml, text);
    /// let scopes = file.scope_entries();
    /// assert_eq!(scopes[0].path(), "/api");
    /// assert_eq!(scopes[0].source().to_string(), "scope entry at cors.toml:1:1");
    /// # }
    /// ```
    #[must_use]
    pub fn scope_entries(&self) -> Vec<ScopeEntry> {
        self.scopes.iter().filter_map(|own| own.scope().ok()).collect()
    }

    /// The entries for routes, in their order. Those with something wrong are left out, and
    /// [`build`](crate::PolicyBuilder::build) says what that is.
    ///
    /// ```
    /// # #[cfg(feature = "toml")] {
    /// use cors_core::{FileFormat, PolicyFile};
    ///
    /// let text = "[[routes]]\npath = \"/users/{id}\"\nmethods = [\"PUT\"]\nmax_age = 60";
    /// let file = PolicyFile::parse("cors.toml", FileFormat::Toml, text);
    /// assert!(file.route_entries()[0].covers("/users/{id}", &"PUT".parse().unwrap()));
    /// # }
    /// ```
    #[must_use]
    pub fn route_entries(&self) -> Vec<RouteEntry> {
        self.routes.iter().filter_map(|own| own.route().ok()).collect()
    }

    /// The groups of origins, in the order of the file.
    ///
    /// ```
    /// # #[cfg(feature = "toml")] {
    /// use cors_core::{FileFormat, PolicyFile};
    ///
    /// let text = "[origin_groups]\nadmin = [\"https://admin.example.com\"]";
    /// let file = PolicyFile::parse("cors.toml", FileFormat::Toml, text);
    /// let group = &file.origin_groups()[0];
    /// assert_eq!((&*group.name, group.source.to_string()), ("admin", "cors.toml:2:1".to_owned()));
    /// assert_eq!(group.origins[0].0, "https://admin.example.com");
    /// # }
    /// ```
    #[must_use]
    pub fn origin_groups(&self) -> &[FileOriginGroup] {
        &self.origin_groups
    }

    /// What is wrong with the entries.
    pub(super) fn entry_errors(&self) -> impl Iterator<Item = ConfigError> {
        let scopes = self.scopes.iter().filter_map(|own| own.scope().err());
        let routes = self.routes.iter().filter_map(|own| own.route().err());
        scopes.chain(routes).flatten()
    }

    /// What the file says of a way of off.
    pub(super) fn is_off(&self, off: Off) -> Option<bool> {
        let own = self.settings.iter().find(|own| own.name == off.as_str())?;
        if let WrittenValue::Flag(flag) = own.value { Some(flag) } else { None }
    }

    /// Where the file turns CORS off in this way.
    pub(super) fn source_of(&self, off: Off) -> Option<Source> {
        self.is_off(off).filter(|is_off| *is_off)?;
        self.settings.iter().find(|own| own.name == off.as_str())?.source()
    }

    /// The error of a file that turns CORS off in both ways.
    pub(super) fn both_off(&self) -> Option<ConfigError> {
        let source = self.source_of(Off::External)?;
        self.source_of(Off::Disable).map(|_| ConfigError::both_off().in_layer(&source))
    }

    /// Gives the errors of settings that must not stand together the places of what they are about, where that is
    /// the file's own.
    pub(super) fn locate(
        &self,
        errors: Vec<ConfigError>,
        is_own: impl Fn(Key) -> bool,
    ) -> Vec<ConfigError> {
        let keys: BTreeSet<Key> = errors.iter().filter_map(|error| error.key).collect();
        let own = |key: &Key| self.settings.iter().find(|own| own.name == key.as_str());
        let keys = keys.into_iter().filter(|key| is_own(*key));
        let settings = keys.filter_map(|key| Some((key, own(&key)?)));
        // there may be as many errors as elements
        let known: BTreeMap<Key, (&Written, HashMap<&str, usize>)> =
            settings.map(|(key, own)| (key, (own, own.elements()))).collect();
        let locate = |error: ConfigError| match error.key.and_then(|key| known.get(&key)) {
            Some((own, elements)) => match elements.get(&*error.value) {
                Some(element) => ConfigError { element: None, ..own.locate(error.at(*element)) },
                // it says which group has brought the origin
                None if matches!(error.source, Source::Group(_)) => error,
                None => own.locate(error),
            },
            None => error,
        };
        errors.into_iter().map(locate).collect()
    }
}

impl FileEntry {
    fn scope(&self) -> Result<ScopeEntry, ConfigErrors> {
        let source = Source::ScopeInFile(Arc::clone(&self.place));
        let entry = ScopeEntry::new(&self.path.0, &self.overrides, source.clone());
        entry.map_err(|errors| self.locate(errors, &source))
    }

    fn route(&self) -> Result<RouteEntry, ConfigErrors> {
        let source = Source::EntryInFile(Arc::clone(&self.place));
        let names = self.methods.names.iter().map(|(name, _)| name);
        let entry = RouteEntry::new(&self.path.0, names, &self.overrides, source.clone());
        entry.map_err(|errors| self.locate(errors, &source))
    }

    /// Gives the errors of path and methods their places, and those of the whole; those of settings have them.
    fn locate(&self, errors: ConfigErrors, own: &Source) -> ConfigErrors {
        let of_element = |index: u32| self.methods.names.get(index as usize).map(|(_, own)| own);
        errors.map(|error| {
            if error.source != *own {
                return error;
            }
            let source = match &error.problem {
                Problem::ScopeOfAll | Problem::ScopePath { .. } => Some(&self.path.1),
                Problem::EntryWithoutMethods => self.methods.source.as_ref(),
                _ => error.element.and_then(of_element),
            };
            let whole = || Source::File(Arc::clone(&self.place));
            let source = source.cloned().unwrap_or_else(whole);
            error.in_layer(&source)
        })
    }
}

/// The place of a whole file.
pub(crate) fn whole(name: &Arc<str>) -> Arc<FilePlace> {
    Arc::new(FilePlace { file: Arc::clone(name), line: 0, column: 0 })
}
