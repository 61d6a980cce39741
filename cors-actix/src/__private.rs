//! What the code expanded from `#[cors]` calls. Not for use by hand, and free to change.

pub use actix_web::dev::{AppService, HttpServiceFactory};
pub use cors_core::{Location, Off, Operator, Setting, Value};

pub use crate::{
    handler::{Handler, Layer, Route},
    serving::{RouteTag, register},
};
