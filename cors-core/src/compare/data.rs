//! Differences as data, for JSON and its like.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::difference::{Change, Comparison, Difference, Place, Standing, Subject, Witness};

#[derive(Serialize)]
struct Table<'a> {
    differences: &'a [Difference],
    more: usize,
}

impl Serialize for Comparison {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Table { differences: &self.differences, more: self.more }.serialize(serializer)
    }
}

impl Serialize for Difference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { place, standing, change } = self;
        let Change { subject, direction, witnesses, more } = change;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("place", place)?;
        match standing {
            Standing::Both => {}
            Standing::New { before } => map.serialize_entry("new_before_as", before)?,
            Standing::Gone { now } => map.serialize_entry("gone_now_as", now)?,
        }
        map.serialize_entry("setting", subject.as_str())?;
        map.serialize_entry("direction", direction.as_str())?;
        match subject {
            Subject::MaxAge { before, now } => {
                map.serialize_entry("before", &before.as_secs())?;
                map.serialize_entry("now", &now.as_secs())?;
            }
            Subject::External { left } => {
                map.serialize_entry("before", &!left)?;
                map.serialize_entry("now", left)?;
            }
            _ => {
                map.serialize_entry("witnesses", witnesses)?;
                map.serialize_entry("more", more)?;
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum PlaceData<'a> {
    Base,
    Scope { path: &'a str, unrouted_only: bool },
    Route { pattern: &'a str, methods: &'a [String] },
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let data = match self {
            Self::Base => PlaceData::Base,
            Self::Scope { path, unrouted_only } => {
                PlaceData::Scope { path, unrouted_only: *unrouted_only }
            }
            Self::Route { pattern, methods } => PlaceData::Route { pattern, methods },
        };
        data.serialize(serializer)
    }
}

#[derive(Serialize)]
struct Request<'a> {
    origin: &'a str,
    with_credentials: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'a str>,
}

impl Serialize for Witness {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { origin, with_credentials, method, header } = self;
        let (method, header) = (method.as_deref(), header.as_deref());
        Request { origin, with_credentials: *with_credentials, method, header }
            .serialize(serializer)
    }
}
