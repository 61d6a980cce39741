//! Settings as builders and files hold them until they are checked.

use std::time::Duration;

use super::Override;
use crate::{
    error::ConfigError,
    setting::{Operator, Setting, Value},
    source::Source,
};

/// A setting as it was given.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) name: String,
    pub(super) operator: Operator,
    pub(super) value: WrittenValue,
}

#[derive(Debug, Clone)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize), serde(untagged))]
pub(super) enum WrittenValue {
    Flag(bool),
    Number(u64),
    Text(String),
    List(Vec<String>),
    #[cfg(feature = "serde")]
    Other(serde::de::IgnoredAny),
}

impl Written {
    pub(super) fn new(name: &str, operator: Operator, value: impl Into<WrittenValue>) -> Self {
        Self { name: name.to_owned(), operator, value: value.into() }
    }

    pub(super) fn list<I>(name: &str, operator: Operator, values: I) -> Self
    where
        I: IntoIterator<Item: Into<String>>,
    {
        let values = values.into_iter().map(Into::into).collect();
        Self::new(name, operator, WrittenValue::List(values))
    }
}

/// What can be made of the settings, and everything that is wrong with them.
pub(super) fn read<'a>(
    written: impl Iterator<Item = &'a Written> + Clone,
    source: &Source,
) -> (Override, Vec<ConfigError>) {
    let lists: Vec<Vec<&str>> = written.clone().map(|own| own.value.elements()).collect();
    let settings: Vec<Setting<'_>> = written
        .zip(&lists)
        .map(|(own, elements)| Setting {
            key: &own.name,
            operator: own.operator,
            value: own.value.borrowed(elements),
        })
        .collect();
    Override::read(&settings, source)
}

impl WrittenValue {
    fn elements(&self) -> Vec<&str> {
        match self {
            Self::List(elements) => elements.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    fn borrowed<'a>(&'a self, elements: &'a [&'a str]) -> Value<'a> {
        match self {
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Number(number) => Value::Number(*number),
            Self::Text(text) => Value::Text(text),
            Self::List(_) => Value::List(elements),
            #[cfg(feature = "serde")]
            Self::Other(_) => Value::Other,
        }
    }
}

impl From<bool> for WrittenValue {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

/// A part of a second stays, to be refused when it is checked.
impl From<Duration> for WrittenValue {
    fn from(duration: Duration) -> Self {
        match duration.subsec_nanos() {
            0 => Self::Number(duration.as_secs()),
            _ => Self::Text(format!("{duration:?}")),
        }
    }
}
