//! The table of compiled policies and routes.

use std::collections::HashMap;

use super::{
    PathMatch, RouteId, RouteSpec, ScopeId,
    candidates::{BASE, By, Candidate, Route, Routes},
    patterns::{Pattern, group_by_pattern},
    sharing::Sharing,
};
use crate::{
    decide::CompiledPolicy,
    methods::{self, Named},
    policy::Policy,
    vary::Vary,
};

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
    /// policies.
    pub(super) preflight_vary: Option<Vary>,
    pub(super) safelisted_methods: V,
    pub(super) external: External,
    pub(super) is_debug: bool,
    pub(super) is_strict: bool,
}

/// Which of the policies of a table leave CORS to another layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum External {
    None,
    Some,
    All,
}

impl<V> RouteTable<V> {
    /// Compiles the policies. The order of `routes` is the order in which the router tries them.
    pub fn new(base: &Policy, routes: &[RouteSpec], value: impl Fn(&str) -> V) -> Self {
        Self::with_scopes(base, routes, &[], value)
    }

    /// The same with policies of scopes, which take the place of the base policy where a
    /// [`Step`](super::Step) says so.
    #[expect(clippy::mutable_key_type, reason = "the lookup, made later, is not compared")]
    pub fn with_scopes(
        base: &Policy,
        routes: &[RouteSpec],
        scopes: &[Policy],
        value: impl Fn(&str) -> V,
    ) -> Self {
        let mut distinct = vec![base];
        let mut numbers = HashMap::from([(base, BASE)]);
        let of_routes = routes.iter().map(|route| &route.policy);
        let mut policy_of: Vec<usize> = of_routes
            .chain(scopes)
            .map(|policy| {
                *numbers.entry(policy).or_insert_with(|| {
                    distinct.push(policy);
                    distinct.len() - 1
                })
            })
            .collect();
        let of_scopes = policy_of.split_off(routes.len());
        let (pattern_of, groups) = group_by_pattern(routes);
        let compile = |(index, route): (usize, &RouteSpec)| Route {
            methods: route.methods.as_ref().map(|own| own.iter().collect()),
            policy: policy_of[index],
            guarded: route.guarded,
            pattern: pattern_of[index],
        };
        let mut table = Self {
            routes: Routes::new(routes.iter().enumerate().map(compile).collect(), of_scopes),
            patterns: Vec::new(),
            sharing: Sharing::of(&distinct),
            external: External::among(&distinct),
            policies: distinct
                .into_iter()
                .map(|policy| CompiledPolicy::new(policy, &value))
                .collect(),
            vary: Vary::all().map(|vary| value(&vary.value())).collect(),
            preflight_vary: None,
            safelisted_methods: value(&methods::listed([])),
            is_debug: false,
            is_strict: false,
        };
        let mut all = table.policies.iter().map(CompiledPolicy::preflight_vary);
        table.preflight_vary = all.next().filter(|first| all.all(|other| other == *first));
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

    /// The scopes, in order.
    pub fn scopes(&self) -> impl Iterator<Item = ScopeId> {
        self.routes.scope_ids()
    }

    /// The value of a `Vary` header, made beforehand.
    #[must_use]
    pub fn vary_value(&self, vary: Vary) -> &V {
        &self.vary[vary.index()]
    }

    /// Whether the policy of what was reached allows a method that it is not known to serve: a safelisted one, or
    /// one that its `allow_methods` lists.
    #[must_use]
    pub fn allows_unknown_method(&self, by: Reached, method: &str) -> bool {
        let policy = match by {
            Reached::Route(route) => self.routes.get(route).map(|own| own.policy),
            Reached::Scope(scope) => self.routes.policy_under(Some(scope)),
            Reached::Base => Some(BASE),
        };
        policy.is_some_and(|own| self.policies[own].allows_method(Named::new(method), false))
    }

    /// What could serve a request, in order.
    pub fn reachable<'a>(
        &'a self,
        matches: PathMatch<'a>,
        method: &'a str,
    ) -> impl Iterator<Item = Reached> {
        self.routes.candidates(matches, Named::new(method)).map(Reached::by)
    }
}

/// What could serve a request, by the policy that it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// A route of the table.
    Route(RouteId),
    /// Something outside of the table, in a scope with a policy of its own.
    Scope(ScopeId),
    /// Something outside of the table, under the base policy.
    Base,
}

impl Reached {
    pub(super) fn by(candidate: Candidate) -> Self {
        match candidate.by {
            By::Route(route) => Self::Route(route),
            By::Other(scope) | By::Nothing(scope) => scope.map_or(Self::Base, Self::Scope),
        }
    }

    /// The route, if it is one of the table.
    #[must_use]
    pub fn route(self) -> Option<RouteId> {
        match self {
            Self::Route(route) => Some(route),
            Self::Scope(_) | Self::Base => None,
        }
    }
}

impl External {
    fn among(policies: &[&Policy]) -> Self {
        match policies.iter().filter(|policy| policy.is_external()).count() {
            0 => Self::None,
            count if count == policies.len() => Self::All,
            _ => Self::Some,
        }
    }
}
