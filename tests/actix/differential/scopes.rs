//! Policies for the scopes of a random application, and a naive reading of what they cover: patterns as texts,
//! and of what no route takes, the scope in which a router ends that tries one service after the other.

use std::slice;

use actix_web::dev::{Path, ResourceDef, Url};
use proptest::{
    bool::weighted,
    collection::vec,
    prelude::*,
    sample::{Index, select},
};

use super::{
    app::{Application, Item},
    policies::{Layer, Written},
    requests::Ask,
    targets::{join, with_own_segments},
};

/// A scope entry before the application is known whose paths it is made of.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    path: Covered,
    layer: Layer,
}

/// What an entry is for.
#[derive(Debug, Clone)]
enum Covered {
    Literal(&'static str),
    /// The full pattern of something that is registered, or, if not `is_whole`, without its last segment.
    Along {
        target: Index,
        is_whole: bool,
    },
}

/// A policy for a scope.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) path: String,
    pub(super) layer: Layer,
}

const LITERALS: [&str; 9] =
    ["/a", "/b", "/{x}", "/a/b", "/a/{y}", "a", "/nowhere", "/{id:[0-9]+}", "/{x}/{y}"];

pub(super) fn for_scopes() -> impl Strategy<Value = Vec<Draft>> {
    prop_oneof![1 => Just(Vec::new()), 1 => some_for_scopes()]
}

pub(super) fn some_for_scopes() -> impl Strategy<Value = Vec<Draft>> {
    let along = (any::<Index>(), weighted(0.4));
    let path = prop_oneof![
        1 => select(&LITERALS).prop_map(Covered::Literal),
        2 => along.prop_map(|(target, is_whole)| Covered::Along { target, is_whole }),
    ];
    vec((path, select(&Layer::ALL)).prop_map(|(path, layer)| Draft { path, layer }), 1..=3)
}

impl Application {
    /// What the builder says of scopes, in its order.
    pub(super) fn given_for_scopes(&self) -> Vec<Entry> {
        let targets = self.targets();
        let path = |draft: &Draft| match &draft.path {
            Covered::Literal(path) => Some((*path).to_owned()),
            Covered::Along { target, is_whole } => {
                let target = targets.get(target.index(targets.len().max(1)))?;
                let pattern = &target.pattern;
                let end = if *is_whole { None } else { pattern.rfind('/') };
                Some(pattern[..end.unwrap_or(pattern.len())].to_owned())
            }
        };
        let entry = |own: &Draft| Some(Entry { path: path(own)?, layer: own.layer });
        let entries = self.scopes.iter().filter_map(entry);
        entries.filter(|own| may_be_scope(&own.path)).collect()
    }

    /// All that is said of scopes, the outer ones first.
    pub(super) fn for_scopes(&self) -> Vec<Entry> {
        let scopes = self.actix_scopes();
        let mut entries = self.given_for_scopes();
        for entry in &mut entries {
            entry.path = format!("/{}", entry.path.trim_start_matches('/'));
        }
        for (path, own) in &scopes {
            let Some(layer) = own else { continue };
            let is_only = scopes.iter().filter(|(other, _)| other == path).count() == 1;
            let layer = if is_only { *layer } else { Layer::Disable };
            entries.push(Entry { path: path.clone(), layer });
        }
        entries.sort_by_key(|entry| entry.path.len());
        entries
    }

    /// The policy over which a route of this full pattern says what it says.
    pub(super) fn at(&self, pattern: &str) -> Written {
        let entries = self.for_scopes().into_iter();
        let covering = entries.filter(|entry| is_below(pattern, &entry.path));
        covering.fold(self.base.written(), |policy, entry| entry.layer.over(policy))
    }

    /// The policies of which a path has to have all that no route takes: the router has ended in actix's scope
    /// of this full prefix. More than one may be meant where actix has no scope of the path.
    pub(super) fn unrouted(&self, prefix: &str, path: &str) -> Vec<Written> {
        let scopes = self.actix_scopes();
        let is_meant = |own: &String| {
            let is_entered = scopes.iter().any(|(scope, _)| scope == own);
            // an expression that is registered nowhere was never read
            let is_read = || is_simple(own) || (is_whole(own) && self.has_below(own));
            is_below(prefix, own)
                || (!is_entered && is_below(own, prefix) && is_read() && takes(own, path))
        };
        let entries = self.for_scopes().into_iter();
        let meant: Vec<String> = entries.map(|own| own.path).filter(is_meant).collect();
        let is_outer = |own: &&String| {
            let is_inner = |other: &String| other != *own && is_below(other, own);
            meant.iter().any(is_inner)
        };
        let innermost: Vec<_> = meant.iter().filter(|own| !is_outer(own)).collect();
        if innermost.is_empty() {
            return vec![self.base.written()];
        }
        innermost.into_iter().map(|path| self.at(path)).collect()
    }

    /// Whether anything is registered below a path.
    fn has_below(&self, path: &str) -> bool {
        self.targets().iter().any(|own| is_below(&own.pattern, path))
    }

    /// The full prefix of the scope in which a router ends for a request that nothing takes, and which no
    /// middleware changes.
    pub(super) fn end(&self, ask: &Ask) -> String {
        end(&self.items, ask, &mut router_path(ask), "")
    }

    /// The full prefixes of actix's scopes, with what an item in them says.
    fn actix_scopes(&self) -> Vec<(String, Option<Layer>)> {
        let mut found = Vec::new();
        collect("", &self.items, &mut found);
        found
    }
}

/// The path as the router sees it.
fn router_path(ask: &Ask) -> Path<Url> {
    Path::new(Url::new(ask.path.parse().expect("a URI")))
}

fn end(items: &[Item], ask: &Ask, path: &mut Path<Url>, prefix: &str) -> String {
    for item in items {
        match item {
            Item::ReadOnly(inner) if ResourceDef::root_prefix("").capture_match_info(path) => {
                return end(slice::from_ref(inner), ask, path, prefix);
            }
            Item::Scope(scope) => {
                let is_open = scope.guard.is_none_or(|guard| ask.has(guard));
                let own = ResourceDef::root_prefix(scope.prefix);
                if is_open && own.capture_match_info(path) {
                    return end(&scope.items, ask, path, &join(prefix, scope.prefix));
                }
            }
            _ => {}
        }
    }
    prefix.to_owned()
}

fn collect(prefix: &str, items: &[Item], found: &mut Vec<(String, Option<Layer>)>) {
    for item in items {
        match item {
            Item::Scope(scope) => {
                let full = join(prefix, scope.prefix);
                collect(&full, &scope.items, found);
                let own = scope.own.filter(|_| !full.is_empty());
                found.push((full, own));
            }
            Item::ReadOnly(inner) => collect(prefix, slice::from_ref(inner), found),
            _ => {}
        }
    }
}

/// Whether each segment is a text or `{name}`.
fn is_simple(path: &str) -> bool {
    path.split('/').all(|segment| {
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        !name.unwrap_or(segment).contains(['{', '}', '*', ':'])
    })
}

/// Whether no dynamic segment is cut off, nor has groups of the names of others.
fn is_whole(path: &str) -> bool {
    path.matches('{').count() == path.matches('}').count() && path.matches("?P<").count() < 2
}

/// Whether a path would enter a scope of this full prefix.
fn takes(prefix: &str, path: &str) -> bool {
    ResourceDef::prefix(with_own_segments(prefix)).capture_match_info(&mut Path::new(path))
}

/// Whether a text may be the path of a scope entry.
fn may_be_scope(path: &str) -> bool {
    let takes_rest = path.ends_with('*') || path.ends_with(":.*}");
    !path.is_empty() && !path.ends_with('/') && !takes_rest
}

fn is_below(pattern: &str, path: &str) -> bool {
    pattern == path || pattern.starts_with(&format!("{path}/"))
}
