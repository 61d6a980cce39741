//! What `#[cors]` makes of a handler: data about its routes, and its settings with those of the modules
//! around it.

use cors_core::{ConfigErrors, LayeredPolicy, Location, Method, Off, Override, Setting, Source};

/// A handler with `#[cors]`, as the attribute read it.
#[derive(Debug)]
pub struct Handler {
    /// Where it is.
    pub location: &'static Location,
    /// Its route attributes.
    pub routes: &'static [Route],
    /// What it says.
    pub layer: Layer,
}

/// What one `#[cors]` says, on a handler or on a module around it.
#[derive(Debug)]
pub struct Layer {
    /// Where it stands.
    pub location: &'static Location,
    /// The layer of the module around it, over which it applies; `None` if only the base policy is.
    pub over: Option<&'static Layer>,
    /// The prefix that actix's `#[scope]` puts before the paths of the handlers in it, with a slash first;
    /// `None` for a handler, for a module without `#[scope]`, and for one with `#[scope]` above `#[cors]`.
    pub scope: Option<&'static str>,
    /// How it turns CORS off, if it does.
    pub off: Option<Off>,
    /// What it sets, adds and takes away.
    pub settings: &'static [Setting<'static>],
}

/// One route attribute of a handler.
#[derive(Debug)]
pub struct Route {
    /// Its path, as it was written.
    pub path: &'static str,
    /// The name of its resource.
    pub name: &'static str,
    /// Its methods.
    pub methods: &'static [&'static str],
    /// Whether it has a `guard` argument.
    pub guarded: bool,
}

/// Every handler is a `static` of its own.
impl PartialEq for Handler {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Handler {}

/// Every layer of a module is a `static` of its own.
impl PartialEq for Layer {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Route {
    /// The pattern as actix registers it: with a leading slash, unless it is empty.
    pub(crate) fn pattern(&self) -> String {
        let slash = if self.path.is_empty() || self.path.starts_with('/') { "" } else { "/" };
        format!("{slash}{}", self.path)
    }
}

impl Layer {
    /// Lays the layers of the modules around over the base policy, then this one.
    pub(crate) fn apply(
        &self,
        base: &LayeredPolicy,
        methods: &[Method],
    ) -> Result<LayeredPolicy, ConfigErrors> {
        let source = Source::Attribute(self.location);
        let changes = self.changes(&source)?;
        match self.over {
            Some(outer) => outer.apply(base, methods)?.apply(&changes, &source, methods),
            None => base.apply(&changes, &source, methods),
        }
    }

    fn changes(&self, source: &Source) -> Result<Override, ConfigErrors> {
        match self.off {
            Some(off) => Ok(Override::off(off)),
            None => Override::from_settings(self.settings, source),
        }
    }
}
