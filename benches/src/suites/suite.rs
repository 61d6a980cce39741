//! A suite as data.

use crate::{case::Case, subjects::Subject};

/// Cases, each of which is measured with each of the subjects.
#[derive(Debug)]
pub struct Suite {
    /// The name on the command line.
    pub name: &'static str,
    /// The columns.
    pub subjects: &'static [Subject],
    /// The rows.
    pub cases: Vec<Case>,
}
