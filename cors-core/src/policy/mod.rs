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
mod credentials;
mod effect;
mod elements;
mod entry;
mod environment;
mod file;
mod file_group;
mod given_credentials;
mod group_list;
mod group_variables;
mod groups;
mod layered;
mod listed_origins;
mod merge;
mod near_misses;
mod notation;
mod override_builder;
mod overrides;
mod resolve;
mod rules;
mod scope;
mod setters;
mod written;

pub use allowed::Allowed;
pub use builder::PolicyBuilder;
pub(crate) use consent::{Consent, Consents};
pub use credentials::Credentials;
pub(crate) use effect::{Effect, ElementEffect, OffBy, Outcome};
pub use entry::RouteEntry;
pub use file::PolicyFile;
pub(crate) use file::{FileEntry, FileMethods, whole};
pub use file_group::FileOriginGroup;
pub use given_credentials::AllowCredentials;
pub(crate) use groups::{GroupReport, Groups};
pub use layered::{Contribution, LayeredPolicy};
pub(crate) use override_builder::OVERRIDE_NAMES;
pub use override_builder::OverrideBuilder;
pub use overrides::Override;
pub use rules::Policy;
pub use scope::{ScopeEntry, is_below, scope_path};
#[cfg(test)]
pub(crate) use setters::policy_setters;
pub(crate) use written::{Places, Written, WrittenValue};
