//! Compiled policies: lookups and ready header values instead of lists.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use crate::{
    decision::{Decision, Presented, Reason, RequestHeader, ResponseHeader},
    headers::{self, AllowedNames, Unacceptable},
    methods,
    origin::{Origin, OriginPattern, OriginSet},
    policy::{Allowed, Policy},
    vary::Vary,
};

/// A policy in the form that answers requests.
///
/// `V` is the framework's type for header values; a clone of it should be cheap.
#[derive(Debug)]
pub(crate) struct CompiledPolicy<V> {
    disabled: bool,
    /// `None` for any origin.
    origins: Option<Arc<OriginSet>>,
    credentials: bool,
    methods: MethodRule,
    headers: AllowedNames,
    values: Values<V>,
}

#[derive(Debug)]
enum MethodRule {
    /// What the routes declare.
    AsRouted,
    Any,
    Only(Box<[Box<str>]>),
}

/// Header values that are the same in every answer.
#[derive(Debug)]
struct Values<V> {
    any: V,
    yes: V,
    allow_methods: Option<V>,
    allow_headers: Option<V>,
    expose_headers: Option<V>,
    max_age: Option<V>,
    allow_private_network: Option<V>,
}

/// What a preflight asks for, read and checked for form.
pub(crate) struct Asked<'r> {
    pub(crate) origin: Presented<&'r [u8]>,
    pub(crate) method: &'r str,
    /// Whether a route is known to serve the method.
    pub(crate) routed: bool,
}

/// The lookups made so far, so that policies with one list of origins share one lookup.
#[derive(Default)]
pub(crate) struct OriginSets(HashMap<*const BTreeSet<OriginPattern>, Arc<OriginSet>>);

impl OriginSets {
    fn of(&mut self, origins: &Allowed<OriginPattern>) -> Option<Arc<OriginSet>> {
        let list = origins.list()?;
        let set =
            self.0.entry(Arc::as_ptr(list)).or_insert_with(|| Arc::new(list.iter().collect()));
        Some(Arc::clone(set))
    }
}

impl<V> CompiledPolicy<V> {
    pub(crate) fn new(
        policy: &Policy,
        origins: &mut OriginSets,
        value: &impl Fn(&str) -> V,
    ) -> Self {
        let methods = match policy.allow_methods() {
            None => MethodRule::AsRouted,
            Some(methods) if methods.is_any() => MethodRule::Any,
            Some(methods) => {
                MethodRule::Only(methods.members().map(|method| method.as_str().into()).collect())
            }
        };
        let headers = policy.allow_headers();
        Self {
            disabled: policy.is_disabled(),
            origins: origins.of(policy.allow_origins()),
            credentials: policy.allow_credentials(),
            methods,
            headers: if headers.is_any() {
                AllowedNames::Any
            } else {
                AllowedNames::only(headers.members())
            },
            values: Values::new(policy, value),
        }
    }

    /// Decides what an actual request's response carries.
    ///
    /// Source: Fetch `#cors-check`; the answer to a policy open to all is the same with and without
    /// `Origin`, so that caches can share it (Fetch `#cors-protocol-and-http-caches`).
    pub(crate) fn actual(&self, origin: Presented<&[u8]>) -> Decision<'_, V> {
        let (Ok(reason) | Err(reason)) = self.check_origin(origin);
        self.answer(reason)
    }

    /// What goes with a reason.
    pub(crate) fn answer(&self, reason: Reason) -> Decision<'_, V> {
        let mut decision = Decision::bare(reason, self.actual_vary());
        if !decision.is_shared() {
            return decision;
        }
        self.put_origin(&mut decision);
        if let Some(exposed) = &self.values.expose_headers {
            decision.set(ResponseHeader::ExposeHeaders, exposed);
        }
        decision
    }

    /// Checks the origin of a request of either kind; `Ok` says why it may have the response.
    pub(crate) fn check_origin(&self, origin: Presented<&[u8]>) -> Result<Reason, Reason> {
        if self.disabled {
            return Err(Reason::Disabled);
        }
        let Some(allowed) = &self.origins else {
            return Ok(Reason::AnyOrigin);
        };
        let value = match origin {
            Presented::Absent => return Err(Reason::NoOrigin),
            Presented::Several => return Err(Reason::OriginRepeated),
            Presented::One(value) => value,
        };
        if allowed.contains_exactly(value) {
            return Ok(Reason::OriginAllowed);
        }
        if !allowed.has_more_than_exact() {
            let is_serialised = Origin::is_serialised(value);
            let reason = [Reason::OriginMalformed, Reason::OriginNotAllowed];
            return Err(reason[usize::from(is_serialised)]);
        }
        let origin = Origin::parse(value).ok_or(Reason::OriginMalformed)?;
        allowed.contains(&origin).then_some(Reason::OriginAllowed).ok_or(Reason::OriginNotAllowed)
    }

    /// Checks a preflight in the order of Fetch `#cors-preflight-fetch`; answers how many headers
    /// it names.
    pub(crate) fn check_preflight<'r>(
        &self,
        asked: &Asked<'_>,
        header_lines: impl Iterator<Item = &'r [u8]>,
    ) -> Result<usize, Reason> {
        self.check_origin(asked.origin)?;
        if !self.allows_method(asked.method, asked.routed) {
            return Err(Reason::MethodNotAllowed);
        }
        headers::check_requested(header_lines, &self.headers).map_err(|error| match error {
            Unacceptable::Malformed => Reason::HeadersMalformed,
            Unacceptable::OverLimit => Reason::HeadersOverLimit,
            Unacceptable::NotAllowed => Reason::HeaderNotAllowed,
        })
    }

    /// Browsers send safelisted methods whatever the answer says, so they are never refused.
    pub(crate) fn allows_method(&self, method: &str, routed: bool) -> bool {
        methods::is_safelisted(method)
            || match &self.methods {
                MethodRule::AsRouted => routed,
                MethodRule::Any => true,
                MethodRule::Only(list) => list.iter().any(|allowed| **allowed == *method),
            }
    }

    /// Writes the part that both kinds of answers share.
    pub(crate) fn put_origin<'p>(&'p self, decision: &mut Decision<'p, V>) {
        match &self.origins {
            None => decision.set(ResponseHeader::AllowOrigin, &self.values.any),
            Some(_) => decision.echo(ResponseHeader::AllowOrigin),
        }
        if self.credentials {
            decision.set(ResponseHeader::AllowCredentials, &self.values.yes);
        }
    }

    /// Writes the headers that a preflight may announce: the whole list, which saves the browser
    /// later preflights, or the request's own names if any will do but `*` would not be understood.
    pub(crate) fn put_headers<'p>(&'p self, decision: &mut Decision<'p, V>, requested: usize) {
        match &self.values.allow_headers {
            Some(list) => decision.set(ResponseHeader::AllowHeaders, list),
            None if self.headers.is_any() && requested > 0 => {
                decision.echo(ResponseHeader::AllowHeaders);
            }
            None => {}
        }
        if let Some(max_age) = &self.values.max_age {
            decision.set(ResponseHeader::MaxAge, max_age);
        }
    }

    /// Writes the list of headers without those that were asked for, so that the browser misses one.
    pub(crate) fn put_listed_headers<'p>(&'p self, decision: &mut Decision<'p, V>) {
        if let (AllowedNames::Only(_), Some(list)) = (&self.headers, &self.values.allow_headers) {
            decision.set(ResponseHeader::AllowHeaders, list);
        }
    }

    pub(crate) fn allows_private_network(&self) -> bool {
        self.values.allow_private_network.is_some()
    }

    /// Writes the consent to a preflight of the Private Network Access draft.
    pub(crate) fn put_private_network<'p>(&'p self, decision: &mut Decision<'p, V>) {
        if let Some(yes) = &self.values.allow_private_network {
            decision.set(ResponseHeader::AllowPrivateNetwork, yes);
        }
    }

    /// The methods of a path where no route is known, as far as they can be listed beforehand.
    pub(crate) fn listed_methods(&self) -> Option<&V> {
        self.values.allow_methods.as_ref()
    }

    pub(crate) fn is_any_origin(&self) -> bool {
        self.origins.is_none() && !self.disabled
    }

    pub(crate) fn has_credentials(&self) -> bool {
        self.credentials
    }

    pub(crate) fn any(&self) -> &V {
        &self.values.any
    }

    pub(crate) fn yes(&self) -> &V {
        &self.values.yes
    }

    fn actual_vary(&self) -> Vary {
        if self.is_any_origin() { Vary::NOTHING } else { Vary::of(RequestHeader::Origin) }
    }

    /// What the answer to a preflight depends on, where this policy has the only say.
    pub(crate) fn preflight_vary(&self, methods_matter: bool) -> Vary {
        let mut vary = self.actual_vary();
        let any = |is_any: bool| is_any && !self.credentials && !self.disabled;
        if methods_matter || !any(matches!(self.methods, MethodRule::Any)) {
            vary = vary | Vary::of(RequestHeader::AccessControlRequestMethod);
        }
        if !any(self.headers.is_any()) {
            vary = vary | Vary::of(RequestHeader::AccessControlRequestHeaders);
        }
        if self.values.allow_private_network.is_some() {
            vary = vary | Vary::of(RequestHeader::AccessControlRequestPrivateNetwork);
        }
        vary
    }
}

impl<V> Values<V> {
    fn new(policy: &Policy, value: &impl Fn(&str) -> V) -> Self {
        let list = |text: String| (!text.is_empty()).then(|| value(&text));
        let anonymous = !policy.allow_credentials();
        Self {
            any: value("*"),
            yes: value("true"),
            allow_methods: match policy.allow_methods() {
                Some(methods) if methods.is_any() => anonymous.then(|| value("*")),
                Some(methods) => list(methods.to_string()),
                None => None,
            },
            // `*` never covers Authorization (Fetch `#cors-non-wildcard-request-header-name`)
            allow_headers: match policy.allow_headers() {
                headers if headers.is_any() => anonymous.then(|| value("*, Authorization")),
                headers => list(headers.to_string()),
            },
            expose_headers: list(policy.expose_headers().to_string()),
            max_age: policy.max_age().map(|age| value(&age.to_string())),
            allow_private_network: policy.allow_private_network().then(|| value("true")),
        }
    }
}
