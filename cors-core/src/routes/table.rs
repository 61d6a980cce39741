//! The table of compiled policies and routes.

use std::collections::HashMap;

use super::{
    PathMatch, RouteId, RouteSpec,
    candidates::{BASE, Candidate, Route, Routes},
    patterns::{Pattern, group_by_pattern},
    sharing::Sharing,
};
use crate::{decide::CompiledPolicy, methods::Named, policy::Policy, vary::Vary};

/// The base policy and the routes that override it, compiled; answers every request.
///
/// `V` is the framework's type for header values, made once by the function given to
/// [`new`](Self::new) and cloned into answers.
///
/// ```
/// use cors_core::{PathMatch, Policy, Presented, Reason, RouteTable};
///
/// let policy = Policy::builder().allow_origins(["https://app.example.com"]).build()?;
/// let table = RouteTable::new(&policy, &[], |text| text.to_owned());
///
/// let decision = table.actual(PathMatch::NONE, "GET", Presented::One(b"https://app.example.com"));
/// assert_eq!(decision.reason(), Reason::OriginAllowed);
/// assert_eq!(decision.vary().value(), "Origin");
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
#[derive(Debug)]
pub struct RouteTable<V> {
    /// Distinct policies, the base first.
    pub(super) policies: Vec<CompiledPolicy<V>>,
    pub(super) sharing: Sharing,
    pub(super) routes: Routes,
    pub(super) patterns: Vec<Pattern<V>>,
    vary: Vec<V>,
    /// The request headers that the answer to a preflight depends on, if they are the same under all
    /// policies: first where the path leads to no route of the table, then where it does.
    pub(super) preflight_vary: [Option<Vary>; 2],
    pub(super) safelisted_methods: V,
    pub(super) is_debug: bool,
    pub(super) is_strict: bool,
}

impl<V> RouteTable<V> {
    /// Compiles the policies. The order of `routes` is the order in which the router tries them.
    #[expect(clippy::mutable_key_type, reason = "the lookup, made later, is not compared")]
    pub fn new(base: &Policy, routes: &[RouteSpec], value: impl Fn(&str) -> V) -> Self {
        let mut distinct = vec![base];
        let mut numbers = HashMap::from([(base, BASE)]);
        let policy_of: Vec<usize> = routes
            .iter()
            .map(|route| {
                *numbers.entry(&route.policy).or_insert_with(|| {
                    distinct.push(&route.policy);
                    distinct.len() - 1
                })
            })
            .collect();
        let (pattern_of, groups) = group_by_pattern(routes);
        let compile = |(index, route): (usize, &RouteSpec)| Route {
            methods: route.methods.as_ref().map(|own| own.iter().collect()),
            policy: policy_of[index],
            guarded: route.guarded,
            pattern: pattern_of[index],
        };
        let mut table = Self {
            routes: Routes::new(routes.iter().enumerate().map(compile).collect()),
            patterns: Vec::new(),
            sharing: Sharing::of(&distinct),
            policies: distinct
                .into_iter()
                .map(|policy| CompiledPolicy::new(policy, &value))
                .collect(),
            vary: Vary::all().map(|vary| value(&vary.value())).collect(),
            preflight_vary: [None; 2],
            safelisted_methods: value("GET, HEAD, POST"),
            is_debug: false,
            is_strict: false,
        };
        table.preflight_vary = [false, true].map(|matter| {
            let mut all = table.policies.iter().map(|policy| policy.preflight_vary(matter));
            let first = all.next()?;
            all.all(|other| other == first).then_some(first)
        });
        let ids: Vec<RouteId> = table.routes.ids().collect();
        let pattern = |places: Vec<usize>| {
            let members = places.into_iter().map(|place| ids[place]).collect();
            Pattern::new(members, routes, &table.routes, &table.policies, &value)
        };
        table.patterns = groups.into_iter().map(pattern).collect();
        table
    }

    /// Sets whether the browser's console names what a refused preflight asked too much of: if the origin
    /// is allowed and a method or a header is not, the answer lists those that are. The browser blocks the
    /// request as before.
    #[must_use]
    pub fn debug(mut self, is_debug: bool) -> Self {
        self.is_debug = is_debug;
        self
    }

    /// Sets whether preflights for what no route of the table serves are refused: an unknown path, or
    /// a method that none of its routes has. Otherwise the base policy decides on them.
    #[must_use]
    pub fn strict(mut self, is_strict: bool) -> Self {
        self.is_strict = is_strict;
        self
    }

    /// The values of `Allow` for the routes of a path, a line for each of their patterns, which is
    /// due where a method is refused because none of them serves it (RFC 9110 §15.5.6).
    pub fn allow_lines<'a>(&'a self, matches: PathMatch<'a>) -> impl Iterator<Item = &'a V> {
        let patterns = move || matches.routes().filter_map(|id| Some(self.routes.get(id)?.pattern));
        let is_first = move |index: usize, pattern: usize| {
            patterns().take(index).all(|earlier| earlier != pattern)
        };
        let patterns = patterns().enumerate();
        patterns
            .filter(move |(index, pattern)| is_first(*index, *pattern))
            .map(|(_, pattern)| &self.patterns[pattern].allow)
    }

    /// The routes, in order.
    pub fn routes(&self) -> impl Iterator<Item = RouteId> {
        self.routes.ids()
    }

    /// The value of a `Vary` header, made beforehand.
    #[must_use]
    pub fn vary_value(&self, vary: Vary) -> &V {
        &self.vary[vary.index()]
    }

    /// Whether the base policy allows a method that no route is known to serve: a safelisted one, or one
    /// that its `allow_methods` lists.
    #[must_use]
    pub fn base_allows_method(&self, method: &str) -> bool {
        self.policies[BASE].allows_method(Named::new(method), false)
    }

    /// The routes that could serve a request, in order; `None` for anything outside of the table.
    pub fn reachable<'a>(
        &'a self,
        matches: PathMatch<'a>,
        method: &'a str,
    ) -> impl Iterator<Item = Option<RouteId>> {
        self.routes.candidates(matches, Named::new(method)).map(Candidate::route)
    }
}
