//! Settings as builders and files hold them until they are checked.

use std::time::Duration;

use crate::setting::Value;

/// A setting as it was given.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) name: String,
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

pub(super) fn written_max_age(max_age: Duration) -> WrittenValue {
    match max_age.subsec_nanos() {
        0 => WrittenValue::Number(max_age.as_secs()),
        _ => WrittenValue::Text(format!("{max_age:?}")),
    }
}

impl WrittenValue {
    pub(super) fn elements(&self) -> Vec<&str> {
        match self {
            Self::List(elements) => elements.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    pub(super) fn borrowed<'a>(&'a self, elements: &'a [&'a str]) -> Value<'a> {
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
