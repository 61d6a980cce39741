//! Settings as builders and files hold them until they are checked.

use std::time::Duration;

use super::Override;
use crate::{
    error::{ConfigError, Problem},
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
pub(super) enum WrittenValue {
    Flag(bool),
    Number(u64),
    Text(String),
    List(Vec<String>),
    /// A list with elements that are no text, and how those read.
    #[cfg(feature = "serde")]
    Mixed(Vec<Result<String, String>>),
    /// Anything else, and how it reads.
    #[cfg(feature = "serde")]
    Other(String),
}

impl Written {
    pub(super) fn new(name: &str, operator: Operator, value: impl Into<WrittenValue>) -> Self {
        Self { name: name.to_owned(), operator, value: value.into() }
    }

    /// `F` is the form in which the values are seen.
    pub(super) fn list<F, I>(name: &str, operator: Operator, values: I) -> Self
    where
        F: Text + ?Sized,
        I: IntoIterator<Item: AsRef<F>>,
    {
        let values = values.into_iter().map(|value| value.as_ref().text()).collect();
        Self::new(name, operator, WrittenValue::List(values))
    }
}

/// What a value may be seen as.
pub(super) trait Text {
    fn text(&self) -> String;
}

impl Text for str {
    fn text(&self) -> String {
        self.to_owned()
    }
}

/// What is no text stays wrong, and is refused when it is checked.
impl Text for [u8] {
    fn text(&self) -> String {
        String::from_utf8_lossy(self).into_owned()
    }
}

/// The settings that calls of a builder have given.
#[derive(Debug, Clone, Default)]
pub(super) struct Calls(Vec<Written>);

impl Calls {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn as_slice(&self) -> &[Written] {
        &self.0
    }

    /// Takes in what a call gives. What adds to a list, or takes from it, may be called in a loop.
    pub(super) fn give(&mut self, call: Written) {
        use Operator::{Add, Remove, Set};
        let goes_on = |own: &&mut Written| {
            let operators = (own.operator, call.operator);
            own.name == call.name && matches!(operators, (Set | Add, Add) | (Remove, Remove))
        };
        match (self.0.iter_mut().find(goes_on).map(|own| &mut own.value), call.value) {
            (Some(WrittenValue::List(list)), WrittenValue::List(more)) => list.extend(more),
            (_, value) => self.0.push(Written { value, ..call }),
        }
    }
}

/// What can be made of the calls of a builder, and everything that is wrong with them.
pub(super) fn read_calls(calls: &[Written], source: &Source) -> (Override, Vec<ConfigError>) {
    let (layer, mut errors) = read(calls, source);
    let removes =
        |name: &str| calls.iter().any(|own| own.name == name && own.operator == Operator::Remove);
    for error in errors.iter_mut().filter(|error| error.problem == Problem::KeyTwice) {
        let is_mixed = removes(&error.value);
        error.problem = if is_mixed { Problem::AddedAndRemoved } else { Problem::CalledTwice };
    }
    (layer, errors)
}

/// What can be made of the settings, and everything that is wrong with them.
pub(super) fn read(written: &[Written], source: &Source) -> (Override, Vec<ConfigError>) {
    let lists: Vec<Elements<'_>> = written.iter().map(|own| own.value.elements()).collect();
    let settings: Vec<Setting<'_>> = written
        .iter()
        .zip(&lists)
        .map(|(own, elements)| Setting {
            key: &own.name,
            operator: own.operator,
            value: own.value.borrowed(elements),
        })
        .collect();
    Override::read(&settings, source)
}

/// The elements of a list, borrowed.
#[derive(Default)]
struct Elements<'a> {
    texts: Vec<&'a str>,
    /// Of one with elements that are no text.
    #[cfg(feature = "serde")]
    mixed: Vec<Result<&'a str, &'a str>>,
}

impl WrittenValue {
    fn elements(&self) -> Elements<'_> {
        let mut elements = Elements::default();
        match self {
            Self::List(own) => elements.texts = own.iter().map(String::as_str).collect(),
            #[cfg(feature = "serde")]
            Self::Mixed(own) => {
                let borrowed = own.iter().map(|own| own.as_deref().map_err(String::as_str));
                elements.mixed = borrowed.collect();
            }
            _ => {}
        }
        elements
    }

    fn borrowed<'a>(&'a self, elements: &'a Elements<'a>) -> Value<'a> {
        match self {
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Number(number) => Value::Number(*number),
            Self::Text(text) => Value::Text(text),
            Self::List(_) => Value::List(&elements.texts),
            #[cfg(feature = "serde")]
            Self::Mixed(_) => Value::Mixed(&elements.mixed),
            #[cfg(feature = "serde")]
            Self::Other(found) => Value::Other(found),
        }
    }

    /// How it reads in a message.
    pub(super) fn shown(&self) -> String {
        self.borrowed(&self.elements()).to_string()
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
