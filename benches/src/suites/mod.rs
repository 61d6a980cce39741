//! What is measured: cases, each with several subjects.

mod growth;
mod requests;

pub(crate) use growth::grouped;

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

impl Suite {
    /// All suites, made anew.
    #[must_use]
    pub fn all() -> Vec<Self> {
        vec![
            requests::requests(),
            growth::origins(),
            growth::routes(),
            growth::routing(),
            requests::core(),
        ]
    }

    /// The suite of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|suite| suite.name == name)
    }
}
