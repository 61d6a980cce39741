//! What the code expanded from `#[cors]` calls. Not for use by hand, and free to change.

pub use actix_web::dev::{AppService, HttpServiceFactory};
pub use cors_core::{Location, Operator, Setting, Value};

use cors_core::{ConfigErrors, Override, Source};

pub use crate::{collect::register, tag::RouteTag};

/// A handler with `#[cors]`, as the attribute read it.
#[derive(Debug)]
pub struct Handler {
    pub location: &'static Location,
    pub routes: &'static [Route],
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

impl Handler {
    pub(crate) fn source(&self) -> Source {
        Source::Attribute(self.location)
    }

    pub(crate) fn layer(&self) -> Result<Override, ConfigErrors> {
        if self.disable {
            return Ok(Override::disable());
        }
        Override::from_settings(self.settings, &self.source())
    }
}
