//! What the code expanded from `#[cors]` calls. Not for use by hand, and free to change.

pub use actix_web::dev::{AppService, HttpServiceFactory};
pub use cors_core::{Location, Operator, Setting, Value};

use cors_core::{ConfigErrors, LayeredPolicy, Method, Override, Source};

pub use crate::{collect::register, tag::RouteTag};

/// A handler with `#[cors]`, as the attribute read it.
#[derive(Debug)]
pub struct Handler {
    pub location: &'static Location,
    pub routes: &'static [Route],
    pub layer: Layer,
}

/// What one `#[cors]` says, on a handler or on a module around it.
#[derive(Debug)]
pub struct Layer {
    pub location: &'static Location,
    /// The layer of the module around; the outermost lies on the base policy.
    pub over: Option<&'static Layer>,
    pub disable: bool,
    pub settings: &'static [Setting<'static>],
}

/// One route attribute of a handler.
#[derive(Debug)]
pub struct Route {
    pub path: &'static str,
    pub name: &'static str,
    pub methods: &'static [&'static str],
    /// Whether it has a `guard` argument.
    pub guarded: bool,
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
        if self.disable {
            return Ok(Override::disable());
        }
        Override::from_settings(self.settings, source)
    }
}
