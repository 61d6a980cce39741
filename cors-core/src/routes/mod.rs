//! The route table: which policy answers which path and method.
//!
//! Paths are matched by the framework, never here: an adapter says which routes match a path, in
//! the order in which its router tries them, and the table decides.

mod path;
mod preflight;
mod sharing;

use std::collections::{BTreeSet, HashMap};

pub use path::{PathMatch, Step};

use path::Candidate;
use sharing::Sharing;

use crate::{
    compiled::{CompiledPolicy, OriginSets},
    decision::Decision,
    methods::{Method, MethodSet, Named},
    policy::Policy,
    reason::Reason,
    request::Presented,
    vary::Vary,
};

/// A route with a policy of its own, as an adapter describes it.
#[derive(Debug, Clone)]
pub struct RouteSpec {
    /// The full pattern of its path. Routes with equal patterns match the same paths.
    pub pattern: String,
    /// The methods it serves; `None` if any request is taken and the methods are not known.
    pub methods: Option<BTreeSet<Method>>,
    /// Its policy, merged.
    pub policy: Policy,
    /// Whether something beside path and method decides if the request reaches it.
    pub guarded: bool,
}

/// A route in a [`RouteTable`]: its place in the list the table was built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteId(u32);

impl RouteId {
    /// The place in the list of [`RouteSpec`]s.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }

    fn at(index: usize) -> Self {
        // no application has as many
        Self(u32::try_from(index).unwrap_or(u32::MAX))
    }
}

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
    policies: Vec<CompiledPolicy<V>>,
    sharing: Sharing,
    routes: Vec<Route>,
    patterns: Vec<Pattern<V>>,
    vary: Vec<V>,
    /// What the answer to a preflight depends on, without and with routes that have a say, if that is
    /// the same under all policies.
    preflight_vary: [Option<Vary>; 2],
    safelisted_methods: V,
    is_debug: bool,
    is_strict: bool,
}

#[derive(Debug)]
struct Route {
    methods: Option<MethodSet>,
    policy: usize,
    guarded: bool,
    /// The same for all routes of one pattern.
    pattern: usize,
}

impl Route {
    #[inline]
    fn serves(&self, method: Named<'_>) -> bool {
        self.methods.as_ref().is_none_or(|own| own.contains(method))
    }
}

/// What the routes of one pattern have in common.
#[derive(Debug)]
struct Pattern<V> {
    /// Those whose methods are known.
    routes: Vec<RouteId>,
    /// The methods under each policy that certainly share it.
    listed_methods: Vec<(usize, V)>,
    /// All methods, as the value of `Allow`.
    allow: V,
}

const BASE: usize = 0;

impl<V> RouteTable<V> {
    /// Compiles the policies. The order of `routes` is the order in which the router tries them.
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
        let mut origins = OriginSets::default();
        let mut table = Self {
            routes: routes.iter().enumerate().map(compile).collect(),
            patterns: Vec::new(),
            sharing: Sharing::of(&distinct),
            policies: distinct
                .into_iter()
                .map(|policy| CompiledPolicy::new(policy, &mut origins, &value))
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
        table.patterns = groups.into_iter().map(|ids| table.pattern(ids, routes, &value)).collect();
        table
    }

    /// Sets whether refused preflights tell the browser more: where the origin is allowed and a
    /// method or a header is not, the answer lists what is allowed, so that the browser's console
    /// names what is not. The browser's verdict stays the same.
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

    fn pattern(
        &self,
        members: Vec<RouteId>,
        specs: &[RouteSpec],
        value: &impl Fn(&str) -> V,
    ) -> Pattern<V> {
        let methods = members.iter().filter_map(|id| specs[id.index()].methods.as_ref()).flatten();
        let methods: BTreeSet<&str> = methods.map(Method::as_str).collect();
        let listed_methods = self.methods_by_policy(&members, &methods, value);
        let allow = value(&methods.into_iter().collect::<Vec<_>>().join(", "));
        let routes = members.into_iter().filter(|id| self.has_methods(*id)).collect();
        Pattern { routes, listed_methods, allow }
    }

    /// The values of `Allow` for the routes of a path, a line for each of their patterns, which is
    /// due where a method is refused because none of them serves it (RFC 9110 §15.5.6).
    pub fn allow_lines<'a>(&'a self, matches: PathMatch<'a>) -> impl Iterator<Item = &'a V> {
        let pattern_of = |id: RouteId| self.routes[id.index()].pattern;
        let is_first = move |index: usize, pattern: usize| {
            matches.routes().take(index).all(|earlier| pattern_of(earlier) != pattern)
        };
        let patterns = matches.routes().map(pattern_of).enumerate();
        patterns
            .filter(move |(index, pattern)| is_first(*index, *pattern))
            .map(|(_, pattern)| &self.patterns[pattern].allow)
    }

    /// For the routes of one pattern: the methods that only one policy can answer, by policy.
    fn methods_by_policy(
        &self,
        members: &[RouteId],
        methods: &BTreeSet<&str>,
        value: &impl Fn(&str) -> V,
    ) -> Vec<(usize, V)> {
        let steps: Vec<Step> = members.iter().copied().map(Step::route).collect();
        let mut listed: Vec<(usize, Vec<&str>)> = Vec::new();
        for method in methods {
            let named = Named::new(method);
            let mut candidates =
                self.candidates(PathMatch::certain(&steps), named).map(|found| found.policy);
            let Some(policy) = candidates.next() else {
                continue;
            };
            let is_shared = candidates.all(|other| other == policy);
            if !is_shared || !self.policies[policy].allows_method(named, || true) {
                continue;
            }
            match listed.iter_mut().find(|(own, _)| *own == policy) {
                Some((_, methods)) => methods.push(method),
                None => listed.push((policy, vec![method])),
            }
        }
        listed.into_iter().map(|(policy, methods)| (policy, value(&methods.join(", ")))).collect()
    }

    /// The routes, in order.
    pub fn routes(&self) -> impl Iterator<Item = RouteId> {
        (0..self.routes.len()).map(RouteId::at)
    }

    /// A ready `Vary` value.
    #[must_use]
    pub fn vary_value(&self, vary: Vary) -> &V {
        &self.vary[vary.index()]
    }

    /// Decides an actual request that the router has dispatched to a route of the table.
    ///
    /// A route of another table counts as none: the base policy answers.
    #[must_use]
    pub fn actual_at(&self, route: RouteId, origin: Presented<&[u8]>) -> Decision<'_, V> {
        let policy = self.routes.get(route.index()).map_or(BASE, |route| route.policy);
        self.policies[policy].actual(origin)
    }

    /// Why the base policy shares the response to an actual request, or does not, for
    /// [`base_decision`](Self::base_decision).
    #[must_use]
    #[inline]
    pub fn base_reason(&self, origin: Presented<&[u8]>) -> Reason {
        self.policies[BASE].admit(origin)
    }

    /// What the base policy answers to an actual request that it has decided for this reason, so that
    /// an adapter need not keep the decision until the response comes.
    #[must_use]
    #[inline]
    pub fn base_decision(&self, reason: Reason) -> Decision<'_, V> {
        self.policies[BASE].answer(reason)
    }

    /// Whether an actual request without `Origin` is answered alike by every policy, so that an adapter
    /// may let the base policy decide before it is known which route takes the request: unless
    /// routes differ in whether they are open to all, or in what they expose to all.
    #[must_use]
    #[inline]
    pub fn are_alike_without_origin(&self) -> bool {
        self.sharing.are_alike_without_origin()
    }

    /// Decides an actual request that no route of the table has answered. Where its path leads to
    /// none, this is the base policy.
    #[must_use]
    #[inline]
    pub fn actual(
        &self,
        matches: PathMatch<'_>,
        method: &str,
        origin: Presented<&[u8]>,
    ) -> Decision<'_, V> {
        if matches.steps.is_empty() {
            return self.policies[BASE].actual(origin);
        }
        self.actual_among(matches, Named::new(method), origin)
    }

    fn actual_among(
        &self,
        matches: PathMatch<'_>,
        method: Named<'_>,
        origin: Presented<&[u8]>,
    ) -> Decision<'_, V> {
        let mut candidates = self.candidates(matches, method);
        let first = candidates.next().map_or(BASE, |candidate| candidate.policy);
        let mut decision = self.policies[first].actual(origin);
        let is_other = |candidate: &Candidate| !self.sharing.are_alike(candidate.policy, first);
        for candidate in candidates.filter(is_other) {
            decision = strictest(&decision, &self.policies[candidate.policy].actual(origin));
        }
        decision
    }
}

/// Of two decisions about one response, the one that shares less; if both share it, what they
/// agree on.
fn strictest<'p, V>(one: &Decision<'p, V>, other: &Decision<'p, V>) -> Decision<'p, V> {
    let vary = one.vary() | other.vary();
    let shares = Decision::is_shared;
    if !shares(one) || !shares(other) {
        let refused = if shares(one) { other } else { one };
        return refused.without_headers(vary);
    }
    one.in_common(other, vary)
}

/// The number of each route's pattern, and the routes of each pattern.
fn group_by_pattern(routes: &[RouteSpec]) -> (Vec<usize>, Vec<Vec<RouteId>>) {
    let mut numbers = HashMap::new();
    let mut groups: Vec<Vec<RouteId>> = Vec::new();
    let mut pattern_of = Vec::with_capacity(routes.len());
    for (index, route) in routes.iter().enumerate() {
        let number = *numbers.entry(route.pattern.as_str()).or_insert(groups.len());
        if number == groups.len() {
            groups.push(Vec::new());
        }
        groups[number].push(RouteId::at(index));
        pattern_of.push(number);
    }
    (pattern_of, groups)
}
