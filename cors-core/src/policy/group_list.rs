//! The list of an origin group, as it is defined.

use std::collections::BTreeSet;

use super::elements::read_elements;
use crate::{
    error::{ConfigError, Problem},
    origin::OriginPattern,
    setting::Key,
};

/// The origins of a group. Each element that is none is an error, `*` and other groups included.
pub(super) fn read_group(
    group: &str,
    elements: &[&str],
) -> (BTreeSet<OriginPattern>, Vec<ConfigError>) {
    let parse = |element: &str| {
        if element == "*" || element.starts_with('@') {
            let problem = Problem::GroupElement { group: group.into() };
            return Err(ConfigError::new(element, problem));
        }
        element.parse()
    };
    let mut errors = Vec::new();
    let elements = elements.iter().map(|own| Ok(*own));
    let origins = read_elements(Key::AllowOrigins, elements, parse, &mut errors);
    // the list is that of no setting
    let errors = errors.into_iter().map(|error| ConfigError { key: None, ..error });
    (origins, errors.collect())
}
