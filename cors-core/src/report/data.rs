//! The table as data, for JSON and its like.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{Report, RouteReport, ScopeReport};
use crate::{
    policy::{LayeredPolicy, Policy},
    setting::Key,
};

#[derive(Serialize)]
struct Table<'a> {
    base: Layered<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    scopes: &'a [ScopeReport],
    routes: &'a [RouteReport],
}

#[derive(Serialize)]
struct Scope<'a> {
    path: &'a str,
    source: String,
    unrouted_only: bool,
    #[serde(flatten)]
    layered: Layered<'a>,
}

#[derive(Serialize)]
struct Route<'a> {
    methods: &'a [String],
    pattern: &'a str,
    guarded: bool,
    source: String,
    #[serde(flatten)]
    layered: Layered<'a>,
}

#[derive(Serialize)]
struct Layered<'a> {
    policy: &'a Policy,
    /// What shaped each setting, in order.
    layers: BTreeMap<&'static str, Vec<String>>,
}

impl<'a> Layered<'a> {
    fn of(layered: &'a LayeredPolicy) -> Self {
        let layers = Key::ALL.iter().copied().filter_map(|key| {
            let own = layered.contributions(key).iter();
            let own: Vec<String> =
                own.map(|layer| format!("{} {}", layer.operator.as_str(), layer.source)).collect();
            (!own.is_empty()).then_some((key.as_str(), own))
        });
        Self { policy: layered.policy(), layers: layers.collect() }
    }
}

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { base, scopes, routes } = self;
        Table { base: Layered::of(base), scopes, routes }.serialize(serializer)
    }
}

impl Serialize for ScopeReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { path, source, policy, unrouted_only } = self;
        let (source, unrouted_only) = (source.to_string(), *unrouted_only);
        Scope { path, source, unrouted_only, layered: Layered::of(policy) }.serialize(serializer)
    }
}

impl Serialize for RouteReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { methods, pattern, guarded, source, policy } = self;
        let layered = Layered::of(policy);
        let guarded = *guarded;
        Route { methods, pattern, guarded, source: source.to_string(), layered }
            .serialize(serializer)
    }
}
