//! What every format is read into: values, each with its place.

use std::{collections::HashMap, sync::Arc};

use crate::{
    error::{ConfigError, Endless, Problem},
    source::{FilePlace, Source},
};

/// How deep values may stand in each other. Settings need five.
pub(super) const DEEPEST: usize = 32;

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) place: Arc<FilePlace>,
    pub(super) value: Value,
}

/// A value as every format has it.
#[derive(Debug, Clone)]
#[cfg_attr(
    not(any(feature = "toml", feature = "json", feature = "yaml")),
    expect(dead_code, reason = "the formats make them")
)]
pub(super) enum Value {
    Flag(bool),
    Number(u64),
    Text(String),
    List(Vec<Node>),
    Table(Vec<Member>),
    /// Anything else, and how it reads.
    Other(String),
}

/// A key of a table, its place, and its value.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) place: Arc<FilePlace>,
    pub(super) node: Node,
}

impl Value {
    /// The number that a text in decimal notation is. `2.0` is two: to a schema the two are the same.
    #[cfg(any(feature = "toml", feature = "json", feature = "yaml"))]
    pub(super) fn of_number(text: &str) -> Self {
        if let Ok(number) = text.parse() {
            return Self::Number(number);
        }
        let whole = text.parse::<f64>().ok().filter(|own| own.fract() == 0.0);
        let digits = whole.filter(|own| *own >= 0.0).map(|own| format!("{:.0}", own.abs()));
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(number) => Self::Number(number),
            None => Self::Other(text.to_owned()),
        }
    }

    /// How it reads in a message.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("{text:?}"),
            Self::List(_) => "[…]".to_owned(),
            Self::Table(_) => "{…}".to_owned(),
            Self::Other(text) => text.clone(),
        }
    }
}

/// The error of something at a place.
pub(super) fn error(
    place: &Arc<FilePlace>,
    value: impl Into<Box<str>>,
    problem: Problem,
) -> ConfigError {
    ConfigError::new(value, problem).in_layer(&Source::File(Arc::clone(place)))
}

/// The error of values that stand too deep in each other.
pub(super) fn too_deep(place: &Arc<FilePlace>) -> ConfigError {
    error(place, "", Problem::FileEndless { what: Endless::Nesting, limit: DEEPEST })
}

/// What is wrong with a tree whatever it means: keys that stand twice in a table, and values too deep in each other.
pub(super) fn check(node: &Node, depth: usize, errors: &mut Vec<ConfigError>) {
    if depth > DEEPEST {
        errors.push(too_deep(&node.place));
        return;
    }
    match &node.value {
        Value::List(elements) => elements.iter().for_each(|own| check(own, depth + 1, errors)),
        Value::Table(members) => {
            let mut seen: HashMap<&str, &Arc<FilePlace>> = HashMap::new();
            for Member { key, place, node } in members {
                if let Some(first) = seen.get(key.as_str()) {
                    let first = Some(Arc::clone(first));
                    errors.push(error(place, key.as_str(), Problem::FileKeyTwice { first }));
                } else {
                    seen.insert(key, place);
                }
                check(node, depth + 1, errors);
            }
        }
        _ => {}
    }
}

#[cfg(all(test, any(feature = "toml", feature = "json", feature = "yaml")))]
mod tests {
    use super::Value;

    #[test]
    fn a_number_is_whole_and_not_negative() {
        let whole = [("0", 0), ("600", 600), ("2.0", 2), ("6e2", 600), ("-0", 0), ("-0.0", 0)];
        for (text, expected) in whole {
            assert!(
                matches!(Value::of_number(text), Value::Number(own) if own == expected),
                "{text}"
            );
        }
        for text in ["-1", "1.5", "1e400", "nan", "inf", "1e-3", "", "x"] {
            assert!(matches!(Value::of_number(text), Value::Other(own) if own == text), "{text}");
        }
    }
}
