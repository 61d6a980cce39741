//! Where a setting came from, for messages and reports.

use std::{borrow::Cow, fmt, panic, sync::Arc};

/// The layer that a setting was written in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Source {
    /// The very place a message is about, where the reader sees it.
    Here,
    /// The base policy.
    Base,
    /// A place in a file.
    File(Arc<FilePlace>),
    /// An environment variable.
    Environment(Cow<'static, str>),
    /// The `#[cors(...)]` of a handler.
    Attribute(&'static Location),
    /// Nobody: the framework tells of the route.
    Introspection,
    /// A scope entry, at the place of the call that added it.
    Scope(&'static panic::Location<'static>),
    /// A scope entry in a file.
    ScopeInFile(Arc<FilePlace>),
    /// A route entry, at the place of the call that added it.
    Entry(&'static panic::Location<'static>),
    /// A route entry in a file.
    EntryInFile(Arc<FilePlace>),
    /// An origin group that a layer lists, where the message is about one of its origins.
    Group(Arc<ListedGroup>),
}

impl Source {
    /// The layer; for a group, the one that the message is about.
    #[must_use]
    pub fn layer(&self) -> &Self {
        match self {
            Self::Group(group) => &group.layer,
            layer => layer,
        }
    }

    /// Whether it is a scope entry, in code or in a file.
    #[must_use]
    pub fn is_scope(&self) -> bool {
        matches!(self, Self::Scope(_) | Self::ScopeInFile(_))
    }

    /// Whether it is a route entry, in code or in a file.
    #[must_use]
    pub fn is_entry(&self) -> bool {
        matches!(self, Self::Entry(_) | Self::EntryInFile(_))
    }
}

/// A place in a file of settings.
///
/// Printed with `{:#}` it is the name of the file alone.
///
/// ```
/// use cors_core::FilePlace;
///
/// let place = FilePlace { file: "cors.toml".into(), line: 3, column: 18 };
/// assert_eq!(format!("{place}, {place:#}"), "cors.toml:3:18, cors.toml");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FilePlace {
    /// The name of the file, as it was given.
    pub file: Arc<str>,
    /// The line, counted from one; zero where the file as a whole is meant.
    pub line: u32,
    /// The column, counted in characters from one; zero where the file as a whole is meant.
    pub column: u32,
}

impl fmt::Display for FilePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if f.alternate() || self.line == 0 {
            return Ok(());
        }
        write!(f, ":{}:{}", self.line, self.column)
    }
}

/// An origin group in a list of a layer.
///
/// ```
/// use cors_core::{Policy, Source};
///
/// let errors = Policy::builder().origin_group("dev", ["https://a.example/"]).build().unwrap_err();
/// let source = &errors.first().source;
/// assert!(matches!(source, Source::Group(group) if &*group.name == "dev"));
/// assert_eq!((source.to_string(), source.layer()), ("origin group `dev`".into(), &Source::Base));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ListedGroup {
    /// The name of the group, without the `@`.
    pub name: Box<str>,
    /// The environment variable that its origins are from, if they are from one.
    pub variable: Option<Box<str>>,
    /// The layer that the message is about.
    pub layer: Source,
}

/// A handler, or a module of handlers, and the place of its attribute.
///
/// Printed with `{:#}` it is the path alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Location {
    /// Path of the handler or the module, such as `shop::orders::create`.
    pub handler: &'static str,
    /// Source file, as the compiler names it.
    pub file: &'static str,
    /// Line of the attribute, counted from one.
    pub line: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.handler)?;
        if f.alternate() { Ok(()) } else { write!(f, " at {}:{}", self.file, self.line) }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here => f.write_str("here"),
            Self::Base => f.write_str("base policy"),
            Self::File(place) => place.fmt(f),
            Self::Environment(variable) => write!(f, "environment variable {variable}"),
            Self::Attribute(location) => {
                f.write_str("#[cors] on ")?;
                location.fmt(f)
            }
            own if own.is_scope() && f.alternate() => f.write_str("scope entry"),
            own if own.is_entry() && f.alternate() => f.write_str("route entry"),
            Self::Introspection => f.write_str("introspection"),
            Self::Scope(place) => write!(f, "scope entry at {}:{}", place.file(), place.line()),
            Self::ScopeInFile(place) => write!(f, "scope entry at {place}"),
            Self::Entry(place) => write!(f, "route entry at {}:{}", place.file(), place.line()),
            Self::EntryInFile(place) => write!(f, "route entry at {place}"),
            Self::Group(group) => group.fmt(f),
        }
    }
}

/// The base policy is where a group is expected, and is not named.
impl fmt::Display for ListedGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.layer != Source::Base {
            self.layer.fmt(f)?;
            f.write_str(", ")?;
        }
        write!(f, "origin group `{}`", self.name)?;
        match &self.variable {
            Some(variable) => write!(f, " of environment variable {variable}"),
            None => Ok(()),
        }
    }
}
