//! The route table: which policy answers which path and method.
//!
//! Paths are matched by the framework, never here: an adapter says which routes match a path, in
//! the order in which its router tries them, and the table decides.

use std::collections::{BTreeSet, HashMap};

use crate::{
    compiled::{Asked, CompiledPolicy, OriginSets},
    decision::{Decision, Presented, Reason, RequestHead, RequestHeader, ResponseHeader},
    methods::{self, Method},
    policy::Policy,
    token::is_token,
    vary::Vary,
};

/// A route with a policy of its own, as an adapter describes it.
#[derive(Debug, Clone)]
pub struct RouteSpec {
    /// The full pattern of its path. Routes with equal patterns match the same paths.
    pub pattern: String,
    /// The methods it serves.
    pub methods: BTreeSet<Method>,
    /// Its policy, merged.
    pub policy: Policy,
    /// Whether something beside path and method decides if the request reaches it.
    pub guarded: bool,
    /// The scope the router enters before it tries the route; `None` for the root.
    pub scope: Option<usize>,
}

/// A route in a [`RouteTable`]: its place in the list the table was built from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteId(usize);

impl RouteId {
    /// The place in the list of [`RouteSpec`]s.
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// The routes of a table that a request's path leads to, as the adapter found them.
#[derive(Debug, Clone, Copy)]
pub struct PathMatch<'a> {
    routes: &'a [RouteId],
    is_certain: bool,
}

impl<'a> PathMatch<'a> {
    /// No route of the table has the path.
    pub const NONE: PathMatch<'static> = PathMatch { routes: &[], is_certain: true };

    /// The routes whose pattern matches the path, in the order in which the router tries them.
    #[must_use]
    pub fn certain(routes: &'a [RouteId]) -> Self {
        Self { routes, is_certain: true }
    }

    /// Routes that the request may reach if something rewrites its path, in order; or a route
    /// outside of the table serves it.
    #[must_use]
    pub fn possible(routes: &'a [RouteId]) -> Self {
        Self { routes, is_certain: routes.is_empty() }
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
    routes: Vec<Route>,
    /// For each pattern, the methods under each policy that certainly share it.
    listed_methods: Vec<Vec<(usize, V)>>,
    vary: Vec<V>,
    safelisted_methods: V,
    is_debug: bool,
}

#[derive(Debug)]
struct Route {
    methods: BTreeSet<Method>,
    policy: usize,
    guarded: bool,
    scope: Option<usize>,
    /// The same for all routes of one pattern.
    pattern: usize,
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
            methods: route.methods.clone(),
            policy: policy_of[index],
            guarded: route.guarded,
            scope: route.scope,
            pattern: pattern_of[index],
        };
        let mut origins = OriginSets::default();
        let mut table = Self {
            routes: routes.iter().enumerate().map(compile).collect(),
            listed_methods: Vec::new(),
            policies: distinct
                .into_iter()
                .map(|policy| CompiledPolicy::new(policy, &mut origins, &value))
                .collect(),
            vary: Vary::all().map(|vary| value(&vary.value())).collect(),
            safelisted_methods: value("GET, HEAD, POST"),
            is_debug: false,
        };
        table.listed_methods =
            groups.iter().map(|members| table.methods_by_policy(members, &value)).collect();
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

    /// For the routes of one pattern: the methods that only one policy can answer, by policy.
    fn methods_by_policy(
        &self,
        members: &[RouteId],
        value: &impl Fn(&str) -> V,
    ) -> Vec<(usize, V)> {
        let methods: BTreeSet<&Method> =
            members.iter().flat_map(|id| &self.routes[id.0].methods).collect();
        let mut listed: Vec<(usize, Vec<&str>)> = Vec::new();
        for method in methods.into_iter().map(Method::as_str) {
            let mut candidates =
                self.candidates(PathMatch::certain(members), method).map(|found| found.policy);
            let Some(policy) = candidates.next() else {
                continue;
            };
            let is_shared = candidates.all(|other| other == policy);
            if !is_shared || !self.policies[policy].allows_method(method, true) {
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
        (0..self.routes.len()).map(RouteId)
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
        let policy = self.routes.get(route.0).map_or(BASE, |route| route.policy);
        self.policies[policy].actual(origin)
    }

    /// Decides an actual request that no route of the table has answered. Where its path leads to
    /// none, this is the base policy.
    #[must_use]
    pub fn actual(
        &self,
        matches: PathMatch<'_>,
        method: &str,
        origin: Presented<&[u8]>,
    ) -> Decision<'_, V> {
        let mut candidates = self.candidates(matches, method);
        let first = candidates.next().map_or(BASE, |candidate| candidate.policy);
        let mut decision = self.policies[first].actual(origin);
        for candidate in candidates.filter(|candidate| candidate.policy != first) {
            decision = strictest(&decision, &self.policies[candidate.policy].actual(origin));
        }
        decision
    }

    /// Decides a preflight.
    ///
    /// It is granted only if every route that the announced request may reach grants it.
    pub fn preflight<R: RequestHead>(
        &self,
        matches: PathMatch<'_>,
        request: &R,
    ) -> Decision<'_, V> {
        let vary = self.preflight_vary(matches);
        self.try_preflight(matches, request, vary).unwrap_or_else(|reason| {
            let refused = Decision::bare(reason, vary);
            if self.is_debug { self.explain(refused, matches, request) } else { refused }
        })
    }

    fn try_preflight<R: RequestHead>(
        &self,
        matches: PathMatch<'_>,
        request: &R,
        vary: Vary,
    ) -> Result<Decision<'_, V>, Reason> {
        let method = requested_method(request)?;
        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let header_lines = || request.lines(RequestHeader::AccessControlRequestHeaders);
        let routed = matches.routes.iter().any(|id| self.serves(*id, method));
        let mut requested = 0;
        for candidate in self.candidates(matches, method) {
            let asked = Asked { origin, method, routed };
            requested = self.policies[candidate.policy].check_preflight(&asked, header_lines())?;
        }
        let mut decision = Decision::bare(Reason::PreflightGranted, vary);
        self.put_origin(&mut decision, matches, method);
        if let Some(winner) = self.only_candidate(matches, method) {
            let policy = &self.policies[winner.policy];
            policy.put_headers(&mut decision, requested);
            self.put_methods(&mut decision, winner, matches, method);
            if asks_for_private_network(request) {
                policy.put_private_network(&mut decision);
            }
        } else {
            put_no_more_than_asked(&mut decision, requested);
        }
        Ok(decision)
    }

    /// Adds to a refusal what lets the browser find the reason itself. What no browser sends is not
    /// explained, and neither is a refused origin: its missing header says enough.
    fn explain<'p, R: RequestHead>(
        &'p self,
        refused: Decision<'p, V>,
        matches: PathMatch<'_>,
        request: &R,
    ) -> Decision<'p, V> {
        let reason = refused.reason();
        let (Reason::MethodNotAllowed | Reason::HeaderNotAllowed, Ok(method)) =
            (reason, requested_method(request))
        else {
            return refused;
        };
        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let is_refused = |policy: usize| self.policies[policy].check_origin(origin).is_err();
        if self.candidates(matches, method).any(|candidate| is_refused(candidate.policy)) {
            return refused;
        }
        let mut decision = refused;
        decision.explain();
        self.put_origin(&mut decision, matches, method);
        let winner = self.only_candidate(matches, method);
        match (reason, winner) {
            (Reason::MethodNotAllowed, winner) => {
                let listed = winner.and_then(|winner| self.listed(winner, matches));
                let list = listed.unwrap_or(&self.safelisted_methods);
                decision.set(ResponseHeader::AllowMethods, list);
            }
            (_, Some(winner)) => {
                self.put_methods(&mut decision, winner, matches, method);
                self.policies[winner.policy].put_listed_headers(&mut decision);
            }
            (_, None) => put_no_more_than_asked(&mut decision, 0),
        }
        decision
    }

    /// The first candidate, if all of them have its policy.
    fn only_candidate(&self, matches: PathMatch<'_>, method: &str) -> Option<Candidate> {
        let mut candidates = self.candidates(matches, method);
        let first = candidates.next()?;
        candidates.all(|other| other.policy == first.policy).then_some(first)
    }

    /// Writes what all candidates agree on: the origin, and credentials if all allow them.
    fn put_origin<'p>(
        &'p self,
        decision: &mut Decision<'p, V>,
        matches: PathMatch<'_>,
        method: &str,
    ) {
        let policies =
            || self.candidates(matches, method).map(|candidate| &self.policies[candidate.policy]);
        let base = &self.policies[BASE];
        if policies().all(CompiledPolicy::is_any_origin) {
            decision.set(ResponseHeader::AllowOrigin, base.any());
        } else {
            decision.echo(ResponseHeader::AllowOrigin, RequestHeader::Origin);
        }
        if policies().all(CompiledPolicy::has_credentials) {
            decision.set(ResponseHeader::AllowCredentials, base.yes());
        }
    }

    /// Writes the methods that the answer lets the browser remember for this URL. A method under
    /// another policy must not ride along, so where other patterns match the path too, only the
    /// requested method is named.
    fn put_methods<'p>(
        &'p self,
        decision: &mut Decision<'p, V>,
        winner: Candidate,
        matches: PathMatch<'_>,
        method: &str,
    ) {
        match self.listed(winner, matches) {
            Some(list) => decision.set(ResponseHeader::AllowMethods, list),
            None if methods::is_safelisted(method) => {}
            None => decision
                .echo(ResponseHeader::AllowMethods, RequestHeader::AccessControlRequestMethod),
        }
    }

    /// The ready list of the methods that share the winner's policy, where no other pattern
    /// matches the path.
    fn listed(&self, winner: Candidate, matches: PathMatch<'_>) -> Option<&V> {
        let Some(route) = winner.route else {
            let is_alone = matches.routes.is_empty();
            return self.policies[winner.policy].listed_methods().filter(|_| is_alone);
        };
        let route = &self.routes[route.0];
        let is_alone = matches.routes.iter().all(|id| self.routes[id.0].pattern == route.pattern);
        let of_pattern = &self.listed_methods[route.pattern];
        let own = of_pattern.iter().find(|(policy, _)| *policy == winner.policy);
        own.filter(|_| is_alone).map(|(_, list)| list)
    }

    fn preflight_vary(&self, matches: PathMatch<'_>) -> Vary {
        let methods_matter = !matches.routes.is_empty();
        matches
            .routes
            .iter()
            .map(|id| self.routes[id.0].policy)
            .fold(self.policies[BASE].preflight_vary(methods_matter), |vary, policy| {
                vary | self.policies[policy].preflight_vary(methods_matter)
            })
    }

    fn serves(&self, route: RouteId, method: &str) -> bool {
        self.routes[route.0].methods.iter().any(|own| own.as_str() == method)
    }

    /// The policies under which a request may be served, each with the route that brings it.
    ///
    /// An unguarded route ends the search: in its own scope nothing after it is tried, and at the
    /// root nothing at all. Where only guarded routes match, the base policy may serve it as well.
    fn candidates<'a>(
        &'a self,
        matches: PathMatch<'a>,
        method: &'a str,
    ) -> impl Iterator<Item = Candidate> + 'a {
        let serves = move |id: &RouteId| self.serves(*id, method);
        let ends_search =
            move |id: &RouteId| matches.is_certain && serves(id) && !self.routes[id.0].guarded;
        let end = matches
            .routes
            .iter()
            .position(|id| ends_search(id) && self.routes[id.0].scope.is_none())
            .map_or(matches.routes.len(), |last| last + 1);
        let reachable = &matches.routes[..end];
        let is_settled = reachable.iter().any(ends_search);
        let routes = reachable.iter().enumerate().filter_map(move |(index, id)| {
            let scope = self.routes[id.0].scope;
            let passed_over = reachable[..index]
                .iter()
                .any(|earlier| ends_search(earlier) && self.routes[earlier.0].scope == scope);
            (serves(id) && !passed_over)
                .then(|| Candidate { policy: self.routes[id.0].policy, route: Some(*id) })
        });
        let base = Candidate { policy: BASE, route: None };
        routes.chain((!is_settled).then_some(base))
    }
}

#[derive(Clone, Copy)]
struct Candidate {
    policy: usize,
    route: Option<RouteId>,
}

/// Writes an answer that holds for this very request and lets the browser remember nothing else,
/// because several policies had to agree on it.
fn put_no_more_than_asked<V>(decision: &mut Decision<'_, V>, requested: usize) {
    decision.echo(ResponseHeader::AllowMethods, RequestHeader::AccessControlRequestMethod);
    if requested > 0 {
        let own = RequestHeader::AccessControlRequestHeaders;
        decision.echo(ResponseHeader::AllowHeaders, own);
    }
}

/// The value of `Access-Control-Request-Method`, if a browser could have sent it.
fn requested_method<R: RequestHead>(request: &R) -> Result<&str, Reason> {
    let lines = request.lines(RequestHeader::AccessControlRequestMethod);
    match Presented::from_lines(lines) {
        Presented::Several => Err(Reason::MethodRepeated),
        Presented::One(line) if is_token(line) => std::str::from_utf8(line)
            .ok()
            // the name `*` would be understood as any method when it comes back
            .filter(|method| !methods::is_forbidden(method) && *method != "*")
            .ok_or(Reason::MethodMalformed),
        Presented::One(_) | Presented::Absent => Err(Reason::MethodMalformed),
    }
}

fn asks_for_private_network<R: RequestHead>(request: &R) -> bool {
    let lines = request.lines(RequestHeader::AccessControlRequestPrivateNetwork);
    Presented::from_lines(lines) == Presented::One(b"true")
}

/// Of two decisions about one response, the one that shares less; if both share it, what they
/// agree on.
fn strictest<'p, V>(one: &Decision<'p, V>, other: &Decision<'p, V>) -> Decision<'p, V> {
    let vary = one.vary() | other.vary();
    let shares = |decision: &Decision<'p, V>| {
        matches!(decision.reason(), Reason::AnyOrigin | Reason::OriginAllowed)
    };
    if !shares(one) || !shares(other) {
        let refused = if shares(one) { other } else { one };
        return Decision::bare(refused.reason(), vary);
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
        groups[number].push(RouteId(index));
        pattern_of.push(number);
    }
    (pattern_of, groups)
}
