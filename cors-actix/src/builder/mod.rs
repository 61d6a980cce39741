//! The builder of the middleware.
//!
//! - In: the base policy, entries for scopes and routes, and how the middleware answers.
//! - Out: a [`Cors`](crate::Cors), or everything that is wrong at once.

mod entries;
mod given;
mod policy;
mod settings;

pub use policy::CorsBuilder;
