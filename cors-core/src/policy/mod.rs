//! Policies: from settings as they are written to the merged policy of each route.
//!
//! - In: settings from code, a file, the environment or an attribute.
//! - Out: a [`Policy`], and a [`LayeredPolicy`] that remembers which layer set what.
//! - Invariant: a policy that browsers refuse, or that lets any site use its visitors' cookies, cannot
//!   be made.

mod allowed;
mod builder;
#[cfg(feature = "serde")]
mod config;
mod conflicts;
mod consent;
mod effect;
mod entry;
mod environment;
mod layered;
mod merge;
mod override_builder;
mod overrides;
mod rules;
mod setters;
mod written;

pub use allowed::Allowed;
pub(crate) use builder::DISABLE;
pub use builder::PolicyBuilder;
pub(crate) use consent::{Consent, Consents};
pub(crate) use effect::{Effect, Outcome};
pub use entry::RouteEntry;
pub use layered::{Contribution, LayeredPolicy};
pub use override_builder::OverrideBuilder;
pub use overrides::Override;
pub use rules::Policy;
