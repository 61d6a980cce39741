//! The elements of a list, each checked by itself.

use std::collections::BTreeSet;

use crate::{error::ConfigError, setting::Key};

/// The elements that are right. Each of the others, and what is no text, is an error.
pub(super) fn read_elements<'a, T: Ord>(
    key: Key,
    elements: impl IntoIterator<Item = Result<&'a str, &'a str>>,
    parse: impl Fn(&str) -> Result<T, ConfigError>,
    errors: &mut Vec<ConfigError>,
) -> BTreeSet<T> {
    let mut read = BTreeSet::new();
    for (index, element) in elements.into_iter().enumerate() {
        let parsed = match element {
            Ok(text) => parse(text),
            Err(found) => Err(ConfigError::of_element(key, found)),
        };
        match parsed {
            Ok(element) => _ = read.insert(element),
            Err(error) => errors.push(ConfigError { key: Some(key), ..error.at(index) }),
        }
    }
    read
}
