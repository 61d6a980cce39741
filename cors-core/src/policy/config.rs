//! Policies as text: TOML, JSON, YAML, whatever serde reads.
//!
//! The names are those of the builder. A policy that is written and read again is the same policy.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor},
    ser::SerializeMap,
};

use super::{Allowed, DISABLE, Policy, PolicyBuilder, written::Written};
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
                    write_flag(&mut map, key.as_str(), self.allow_credentials)?;
                }
                Key::MaxAge => {
                    if let Some(max_age) = self.max_age {
                        map.serialize_entry(key.as_str(), &max_age.as_secs())?;
                    }
                }
            }
        }
        write_flag(&mut map, DISABLE, self.disabled)?;
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

struct Settings;

impl<'de> Visitor<'de> for Settings {
    type Value = PolicyBuilder;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings of a CORS policy")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<PolicyBuilder, M::Error> {
        let mut written = Vec::new();
        while let Some((name, value)) = map.next_entry()? {
            written.push(Written { name, operator: Operator::Set, value });
        }
        Ok(PolicyBuilder::of_file(written))
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

fn write_flag<M: SerializeMap>(map: &mut M, name: &str, flag: bool) -> Result<(), M::Error> {
    if flag { map.serialize_entry(name, &true) } else { Ok(()) }
}
