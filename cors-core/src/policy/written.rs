//! Settings as builders and files hold them until they are checked.

use std::{collections::HashMap, sync::Arc, time::Duration};

use super::Override;
use crate::{
    error::{ConfigError, Problem},
    setting::{Operator, Setting, Value},
    source::{FilePlace, Source},
};

/// A setting as it was given.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) name: String,
    pub(crate) operator: Operator,
    pub(crate) value: WrittenValue,
    /// Where it stands, if it is one of a file.
    pub(crate) places: Option<Places>,
}

/// Where a setting stands in a file.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    pub(crate) key: Arc<FilePlace>,
    pub(crate) value: Arc<FilePlace>,
    /// Those of the elements of a list.
    pub(crate) elements: Vec<Arc<FilePlace>>,
}

#[derive(Debug, Clone)]
pub(crate) enum WrittenValue {
    Flag(bool),
    Number(u64),
    Text(String),
    List(Vec<String>),
    /// A list with elements that are no text, and how those read.
    Mixed(Vec<Result<String, String>>),
    /// Anything else, and how it reads.
    Other(String),
}

impl Written {
    pub(crate) fn new(name: &str, operator: Operator, value: impl Into<WrittenValue>) -> Self {
        Self { name: name.to_owned(), operator, value: value.into(), places: None }
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

    /// The layer that it is, if it is one of a file.
    pub(super) fn source(&self) -> Option<Source> {
        self.places.as_ref().map(|places| Source::File(Arc::clone(&places.key)))
    }

    /// The error with the place in the file that it is about.
    pub(super) fn locate(&self, error: ConfigError) -> ConfigError {
        let Some(places) = &self.places else { return error };
        let element = error.element.and_then(|index| places.elements.get(index as usize));
        let is_of_key = matches!(error.problem, Problem::UnknownKey { .. } | Problem::KeyTwice);
        let whole = if is_of_key { &places.key } else { &places.value };
        error.in_layer(&Source::File(Arc::clone(element.unwrap_or(whole))))
    }

    /// The elements of a list, and which each is.
    pub(super) fn elements(&self) -> HashMap<&str, usize> {
        let WrittenValue::List(own) = &self.value else { return HashMap::new() };
        own.iter().enumerate().map(|(index, text)| (text.as_str(), index)).collect()
    }

    /// Takes in what adds to the same list, unless one of the two is no list.
    fn extend(&mut self, more: Self) -> Result<(), Self> {
        match (&mut self.value, more.value) {
            (WrittenValue::List(own), WrittenValue::List(more)) => own.extend(more),
            (WrittenValue::Mixed(own), WrittenValue::List(more)) => {
                own.extend(more.into_iter().map(Ok));
            }
            (WrittenValue::List(own), WrittenValue::Mixed(more)) => {
                let own = std::mem::take(own).into_iter().map(Ok);
                self.value = WrittenValue::Mixed(own.chain(more).collect());
            }
            (WrittenValue::Mixed(own), WrittenValue::Mixed(more)) => own.extend(more),
            (_, value) => return Err(Self { value, ..more }),
        }
        if let (Some(own), Some(more)) = (&mut self.places, more.places) {
            own.elements.extend(more.elements);
        }
        Ok(())
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
        let more = match self.0.iter_mut().find(goes_on) {
            Some(own) => own.extend(call).err(),
            None => Some(call),
        };
        self.0.extend(more);
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
    let (layer, errors) = Override::read_each(&settings, source);
    let located = |(index, error): (usize, ConfigError)| match written.get(index) {
        Some(own) => own.locate(error),
        None => error,
    };
    (layer, errors.into_iter().map(located).collect())
}

/// The elements of a list, borrowed.
#[derive(Default)]
struct Elements<'a> {
    texts: Vec<&'a str>,
    /// Of one with elements that are no text.
    mixed: Vec<Result<&'a str, &'a str>>,
}

impl WrittenValue {
    fn elements(&self) -> Elements<'_> {
        let mut elements = Elements::default();
        match self {
            Self::List(own) => elements.texts = own.iter().map(String::as_str).collect(),
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
            Self::Mixed(_) => Value::Mixed(&elements.mixed),
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
