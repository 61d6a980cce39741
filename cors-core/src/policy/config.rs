//! Policies as text: TOML, JSON, YAML, whatever serde reads.
//!
//! The names are those of the builder. A policy that is written and read again is the same policy.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
    ser::SerializeMap,
};

use super::{
    Allowed, Credentials, Policy, PolicyBuilder,
    written::{Written, WrittenValue},
};
use crate::setting::{Key, Operator};

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for key in Key::ALL.iter().copied() {
            match key {
                Key::AllowOrigins => write_list(&mut map, key, &self.allow_origins)?,
                Key::AllowMethods => {
                    if let Some(methods) = &self.allow_methods {
                        map.serialize_entry(key.as_str(), &texts(methods))?;
                    }
                }
                Key::AllowHeaders => write_list(&mut map, key, &self.allow_headers)?,
                Key::ExposeHeaders => write_list(&mut map, key, &self.expose_headers)?,
                Key::AllowCredentials => {
                    write_credentials(&mut map, key, &self.allow_credentials)?;
                }
                Key::ExposeAnyHeader => {
                    write_flag(&mut map, key.as_str(), self.expose_any_header)?;
                }
                Key::MaxAge => {
                    if let Some(max_age) = self.max_age {
                        map.serialize_entry(key.as_str(), &max_age.as_secs())?;
                    }
                }
            }
        }
        if let Some(off) = self.off {
            write_flag(&mut map, off.as_str(), true)?;
        }
        for consent in self.consents.given() {
            write_flag(&mut map, consent.as_str(), true)?;
        }
        map.end()
    }
}

/// Checks the policy; the error holds everything that is wrong with it.
impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        PolicyBuilder::deserialize(deserializer)?.build().map_err(D::Error::custom)
    }
}

/// Reads the settings; [`build`](PolicyBuilder::build) checks them.
impl<'de> Deserialize<'de> for PolicyBuilder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Settings)
    }
}

/// Whatever a file may hold, so that what is wrong can be named.
#[derive(Deserialize)]
#[serde(untagged)]
enum Raw {
    Flag(bool),
    Number(u64),
    Integer(i64),
    Decimal(f64),
    Text(String),
    List(Vec<Raw>),
    Null(()),
    Other(IgnoredAny),
}

impl Raw {
    /// How it reads in a message.
    fn shown(&self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Integer(number) => number.to_string(),
            Self::Decimal(number) => format!("{number:?}"),
            Self::Text(text) => text.clone(),
            Self::List(_) => "[…]".to_owned(),
            Self::Null(()) => "null".to_owned(),
            Self::Other(_) => "{…}".to_owned(),
        }
    }
}

impl From<Raw> for WrittenValue {
    fn from(raw: Raw) -> Self {
        match raw {
            Raw::Flag(flag) => Self::Flag(flag),
            Raw::Number(number) => Self::Number(number),
            Raw::Text(text) => Self::Text(text),
            Raw::List(elements) => of_list(elements),
            Raw::Integer(_) | Raw::Decimal(_) | Raw::Null(()) | Raw::Other(_) => {
                Self::Other(raw.shown())
            }
        }
    }
}

fn of_list(elements: Vec<Raw>) -> WrittenValue {
    let text = |element: Raw| match element {
        Raw::Text(text) => Ok(text),
        other => Err(other.shown()),
    };
    let elements: Vec<Result<String, String>> = elements.into_iter().map(text).collect();
    match elements.iter().cloned().collect::<Result<Vec<String>, String>>() {
        Ok(texts) => WrittenValue::List(texts),
        Err(_) => WrittenValue::Mixed(elements),
    }
}

struct Settings;

impl<'de> Visitor<'de> for Settings {
    type Value = PolicyBuilder;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings of a CORS policy")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<PolicyBuilder, M::Error> {
        let mut written = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Raw>()? {
            written.push(Written::new(&name, Operator::Set, value));
        }
        Ok(PolicyBuilder::starting_with(written))
    }
}

fn texts<T: fmt::Display>(list: &Allowed<T>) -> Vec<String> {
    if list.is_any() {
        return vec!["*".to_owned()];
    }
    list.members().map(T::to_string).collect()
}

fn write_list<M: SerializeMap, T: fmt::Display>(
    map: &mut M,
    key: Key,
    list: &Allowed<T>,
) -> Result<(), M::Error> {
    let texts = texts(list);
    if texts.is_empty() { Ok(()) } else { map.serialize_entry(key.as_str(), &texts) }
}

fn write_credentials<M: SerializeMap>(
    map: &mut M,
    key: Key,
    credentials: &Credentials,
) -> Result<(), M::Error> {
    match credentials {
        Credentials::Only(origins) => write_list(map, key, origins),
        Credentials::Always | Credentials::Never => {
            write_flag(map, key.as_str(), !credentials.is_never())
        }
    }
}

fn write_flag<M: SerializeMap>(map: &mut M, name: &str, flag: bool) -> Result<(), M::Error> {
    if flag { map.serialize_entry(name, &true) } else { Ok(()) }
}
