//! Groups of origins as a file names them.

use crate::source::Source;

/// A group of origins that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileOriginGroup {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub source: Source,
    /// The origins as they are written, not yet checked, and where each stands.
    pub origins: Vec<(String, Source)>,
}
