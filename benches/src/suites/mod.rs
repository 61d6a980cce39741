//! What is measured: cases, each with several subjects.

mod growth;
mod requests;
mod suite;

pub use suite::Suite;

impl Suite {
    /// All suites, made anew.
    #[must_use]
    pub fn all() -> Vec<Self> {
        vec![
            requests::requests(),
            growth::origins(),
            growth::patterns(),
            growth::routes(),
            growth::routing(),
            growth::paths(),
            requests::core(),
        ]
    }

    /// The suite of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|suite| suite.name == name)
    }
}
