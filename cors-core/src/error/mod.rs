//! What can be wrong with a policy, in the same words wherever it was written.
//!
//! - In: a problem, the value that has it, the setting and the layer that hold the value.
//! - Out: a [`ConfigError`] with a stable code, and a message that says what to write instead.
//! - Invariant: it knows names and texts alone, so that everything that checks something can use it.

mod config_error;
mod file_message;
mod group_message;
mod message;
mod problem;

pub use config_error::{ConfigError, ConfigErrors};
pub use problem::{Endless, Problem};
