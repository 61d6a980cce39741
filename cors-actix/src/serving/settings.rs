//! How requests are answered, beside the policy.

use cors_core::PreflightStatus;

/// What the builder was told of it, as the builder's methods of these names say.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub(crate) struct Settings {
    pub(crate) status: PreflightStatus,
    pub(crate) debug: bool,
    pub(crate) strict: bool,
    pub(crate) unguarded_scopes: bool,
    pub(crate) unrewritten_paths: bool,
    pub(crate) introspection: bool,
    pub(crate) around_scope: bool,
    pub(crate) reject_foreign_handshakes: bool,
}
