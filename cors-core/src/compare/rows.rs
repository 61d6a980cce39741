//! The places of two tables, side by side.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
};

use super::{
    difference::{Place, Standing},
    policies::{Pair, Side},
};
use crate::{
    policy::{LayeredPolicy, is_below},
    report::{Report, RouteReport, ScopeReport},
};

/// A place with its policy in either table, or with the one that answers there.
pub(super) struct Row<'r> {
    pub(super) place: Place,
    pub(super) standing: Standing,
    pub(super) pair: Pair<'r>,
}

/// The base policy, the scopes and the routes of two tables.
pub(super) fn of_reports<'r>(before: &'r Report, now: &'r Report) -> Vec<Row<'r>> {
    let base = Pair { before: unrouted(&before.base), now: unrouted(&now.base), methods: None };
    let mut rows = vec![Row { place: Place::Base, standing: Standing::Both, pair: base }];
    rows.extend(of_scopes(before, now));
    for row in of_routes(before, now) {
        let is_merged = rows.last_mut().is_some_and(|last| last.take_methods(&row));
        if !is_merged {
            rows.push(row);
        }
    }
    rows
}

impl Row<'_> {
    /// Takes the methods of a row that is the same but for them.
    fn take_methods(&mut self, other: &Self) -> bool {
        let (Place::Route { pattern, methods }, Place::Route { pattern: own, methods: more }) =
            (&mut self.place, &other.place)
        else {
            return false;
        };
        let is_same = pattern == own
            && self.standing == other.standing
            && self.pair.before == other.pair.before
            && self.pair.now == other.pair.now;
        let (Some(known), Some(others)) = (&mut self.pair.methods, &other.pair.methods) else {
            return false;
        };
        if is_same {
            methods.extend(more.iter().cloned());
            known.extend(others);
        }
        is_same
    }
}

fn of_scopes<'r>(before: &'r Report, now: &'r Report) -> impl Iterator<Item = Row<'r>> {
    let [of_before, of_now]: [Vec<_>; 2] = [before, now].map(|report| {
        let scopes = report.scopes.iter();
        scopes.map(|scope| ((scope.path.as_str(), scope.unrouted_only), scope)).collect()
    });
    paired(&of_before, &of_now).into_iter().map(move |shared| {
        let scope = shared.either();
        let (standing, before, now) = match shared {
            Paired::Both(before, now) => {
                (Standing::Both, unrouted(&before.policy), unrouted(&now.policy))
            }
            Paired::New(own) => {
                let (place, side) = around(before, scope);
                (Standing::New { before: place }, side, unrouted(&own.policy))
            }
            Paired::Gone(own) => {
                let (place, side) = around(now, scope);
                (Standing::Gone { now: place }, unrouted(&own.policy), side)
            }
        };
        Row { place: of_scope(scope), standing, pair: Pair { before, now, methods: None } }
    })
}

/// A row for each method of a route.
fn of_routes<'r>(before: &'r Report, now: &'r Report) -> impl Iterator<Item = Row<'r>> {
    let [of_before, of_now]: [Vec<_>; 2] = [before, now].map(|report| {
        let routes = report.routes.iter();
        let of_route = |route: &'r RouteReport| {
            let methods = route.methods.iter().map(String::as_str);
            methods.map(move |method| ((route.pattern.as_str(), method), (route, method)))
        };
        routes.flat_map(of_route).collect()
    });
    paired(&of_before, &of_now).into_iter().map(move |shared| {
        let (route, method) = shared.either();
        let (standing, before, now) = match shared {
            Paired::Both((before, _), (now, _)) => (Standing::Both, routed(before), routed(now)),
            Paired::New((own, _)) => {
                let (place, side) = answering(before, &route.pattern, method);
                (Standing::New { before: place }, side, routed(own))
            }
            Paired::Gone((own, _)) => {
                let (place, side) = answering(now, &route.pattern, method);
                (Standing::Gone { now: place }, routed(own), side)
            }
        };
        let pattern = route.pattern.clone();
        let place = Place::Route { pattern, methods: vec![method.to_owned()] };
        let methods = (method != UNKNOWN).then(|| vec![method]);
        Row { place, standing, pair: Pair { before, now, methods } }
    })
}

/// What a report has for methods that are not known.
const UNKNOWN: &str = "*";

fn unrouted(policy: &LayeredPolicy) -> Side<'_> {
    Side { policy: policy.policy(), is_routed: false }
}

fn routed(route: &RouteReport) -> Side<'_> {
    let is_routed = !route.methods.iter().any(|method| method == UNKNOWN);
    Side { policy: route.policy.policy(), is_routed }
}

fn of_scope(scope: &ScopeReport) -> Place {
    Place::Scope { path: scope.path.clone(), unrouted_only: scope.unrouted_only }
}

/// What answers for a method of a pattern in a table that has no such route, or fewer of them.
fn answering<'r>(report: &'r Report, pattern: &str, method: &str) -> (Place, Side<'r>) {
    let has = |wanted: &str| {
        let mut routes = report.routes.iter().filter(|route| route.pattern == pattern);
        routes.find(|route| route.methods.iter().any(|own| own == wanted))
    };
    if let Some(route) = has(method).or_else(|| has(UNKNOWN)) {
        let (pattern, methods) = (route.pattern.clone(), route.methods.clone());
        return (Place::Route { pattern, methods }, routed(route));
    }
    let scopes = report.scopes.iter().filter(|scope| !scope.unrouted_only);
    innermost(report, scopes.filter(|scope| is_below(pattern, &scope.path)))
}

/// What answers in a scope in a table that does not have it.
fn around<'r>(report: &'r Report, scope: &ScopeReport) -> (Place, Side<'r>) {
    let is_around = |other: &&ScopeReport| {
        is_below(&scope.path, &other.path) && (scope.unrouted_only || !other.unrouted_only)
    };
    innermost(report, report.scopes.iter().filter(is_around))
}

fn innermost<'r>(
    report: &'r Report,
    scopes: impl Iterator<Item = &'r ScopeReport>,
) -> (Place, Side<'r>) {
    match scopes.max_by_key(|scope| scope.path.len()) {
        Some(scope) => (of_scope(scope), unrouted(&scope.policy)),
        None => (Place::Base, unrouted(&report.base)),
    }
}

/// What two lists have under one key.
#[derive(Clone, Copy)]
enum Paired<T> {
    Both(T, T),
    New(T),
    Gone(T),
}

impl<T: Copy> Paired<T> {
    fn either(&self) -> T {
        match *self {
            Self::Both(_, own) | Self::New(own) | Self::Gone(own) => own,
        }
    }
}

/// Pairs the first with the first of a key, the second with the second, in the order of the second list; then come
/// those that only the first has.
fn paired<K: Hash + Eq, T: Copy>(before: &[(K, T)], now: &[(K, T)]) -> Vec<Paired<T>> {
    let mut by_key: HashMap<&K, VecDeque<usize>> = HashMap::new();
    for (index, (key, _)) in before.iter().enumerate() {
        by_key.entry(key).or_default().push_back(index);
    }
    let mut is_gone = vec![true; before.len()];
    let mut all: Vec<Paired<T>> = Vec::with_capacity(now.len());
    for (key, own) in now {
        let other = by_key.get_mut(key).and_then(VecDeque::pop_front);
        all.push(other.map_or(Paired::New(*own), |index| {
            is_gone[index] = false;
            Paired::Both(before[index].1, *own)
        }));
    }
    let gone = before.iter().zip(&is_gone).filter(|(_, is_gone)| **is_gone);
    all.extend(gone.map(|((_, own), _)| Paired::Gone(*own)));
    all
}
