//! Files of settings: what a file says becomes a [`PolicyFile`](crate::PolicyFile), a layer over what the code says.
//!
//! - In: a path, or the contents of a file with its name and format.
//! - Out: the settings, scopes, routes and groups of origins that the file holds, each with its line and column, and
//!   everything that is wrong with how they are put together.
//! - Invariant: a format's module makes a [tree](tree) of its text and knows nothing of settings; what may stand
//!   where is told once for all formats. Whatever a file holds, the work is bounded by its size, which is bounded.

mod format;
#[cfg(feature = "json")]
mod json;
mod layout;
mod names;
mod reading;
mod schema;
mod text;
#[cfg(feature = "toml")]
mod toml;
mod tree;
#[cfg(feature = "yaml")]
mod yaml;

pub use format::FileFormat;
pub use schema::SCHEMA;
