//! Compiled policies: lookups, and header values that are made beforehand.

use std::sync::Arc;

use super::{
    Decision, Presented, Reason,
    decision::Headers,
    requested::{self, AllowedNames, Requested, Unacceptable},
    values::Values,
};
use crate::{
    fields::{RequestHeader, ResponseHeader},
    methods::{MethodSet, Named},
    origin::{Origin, OriginSet},
    policy::Policy,
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
    /// The request headers that the answer to a preflight depends on: first where only this policy's list of
    /// methods counts, then where routes bring methods too.
    preflight_vary: [Vary; 2],
    /// The request headers that the answer to an actual request depends on.
    actual_vary: Vary,
    /// The headers of a response that scripts may read.
    shared: Headers,
    /// The headers of every granted preflight, without the list of methods.
    granted: Headers,
    /// Whether the answer repeats the requested headers.
    echoes_headers: bool,
}

#[derive(Debug)]
enum MethodRule {
    /// What the routes declare.
    AsRouted,
    Any,
    Only(MethodSet),
}

/// What a preflight asks for; the method is checked for form.
pub(crate) struct Asked<'r> {
    pub(crate) origin: Presented<&'r [u8]>,
    pub(crate) method: Named<'r>,
}

impl<V> CompiledPolicy<V> {
    pub(crate) fn new(policy: &Policy, value: &impl Fn(&str) -> V) -> Self {
        let methods = match policy.allow_methods() {
            None => MethodRule::AsRouted,
            Some(methods) if methods.is_any() => MethodRule::Any,
            Some(methods) => MethodRule::Only(methods.members().collect()),
        };
        let headers = policy.allow_headers();
        let mut compiled = Self {
            disabled: policy.is_disabled(),
            origins: policy.allow_origins().lookup(),
            credentials: policy.allow_credentials(),
            methods,
            headers: if headers.is_any() {
                AllowedNames::ANY
            } else {
                AllowedNames::only(headers.members())
            },
            values: Values::new(policy, value),
            preflight_vary: [Vary::NOTHING; 2],
            actual_vary: Vary::NOTHING,
            shared: Headers::default(),
            granted: Headers::default(),
            echoes_headers: headers.is_any() && policy.allow_credentials(),
        };
        if !compiled.is_any_origin() {
            compiled.actual_vary = Vary::of(RequestHeader::Origin);
        }
        compiled.preflight_vary = [false, true].map(|matter| compiled.depends_on(matter));
        compiled.shared = compiled.with_origin(&[ResponseHeader::ExposeHeaders]);
        compiled.granted =
            compiled.with_origin(&[ResponseHeader::AllowHeaders, ResponseHeader::MaxAge]);
        compiled
    }

    /// The headers that both kinds of answers have, and these.
    fn with_origin(&self, others: &[ResponseHeader]) -> Headers {
        let mut decision = self.bare(Reason::PreflightGranted, Vary::NOTHING);
        match &self.origins {
            None => decision.set(ResponseHeader::AllowOrigin),
            Some(_) => decision.echo(ResponseHeader::AllowOrigin),
        }
        if self.credentials {
            decision.set(ResponseHeader::AllowCredentials);
        }
        for header in others {
            decision.set(*header);
        }
        decision.headers()
    }

    /// Decides what an actual request's response carries.
    ///
    /// Source: Fetch `#cors-check`; the answer to a policy open to all is the same with and without
    /// `Origin`, so that caches can share it (Fetch `#cors-protocol-and-http-caches`).
    pub(crate) fn actual(&self, origin: Presented<&[u8]>) -> Decision<'_, V> {
        self.answer(self.admit(origin))
    }

    /// An answer without any header of the CORS protocol.
    pub(crate) fn bare(&self, reason: Reason, vary: Vary) -> Decision<'_, V> {
        Decision::bare(reason, vary, &self.values)
    }

    /// The answer to an actual request that was decided for this reason.
    #[inline]
    pub(crate) fn answer(&self, reason: Reason) -> Decision<'_, V> {
        let mut decision = self.bare(reason, self.actual_vary);
        if reason.is_shared() {
            decision.set_all(self.shared);
        }
        decision
    }

    /// Checks the origin of a preflight; `Ok` says why it may have the response.
    #[inline]
    pub(crate) fn check_origin(&self, origin: Presented<&[u8]>) -> Result<Reason, Reason> {
        match (self.admit(origin), origin) {
            (reason, _) if reason.is_shared() => Ok(reason),
            (Reason::OriginNotAllowed, Presented::One(value)) if !Origin::is_serialised(value) => {
                Err(Reason::OriginMalformed)
            }
            (reason, _) => Err(reason),
        }
    }

    /// Why a request of either kind may have the response, or may not. An origin that is not allowed is
    /// not looked at any further.
    #[inline]
    pub(crate) fn admit(&self, origin: Presented<&[u8]>) -> Reason {
        if self.disabled {
            return Reason::Disabled;
        }
        match (&self.origins, origin) {
            (None, _) => Reason::AnyOrigin,
            (Some(_), Presented::Absent) => Reason::NoOrigin,
            (Some(_), Presented::Several) => Reason::OriginRepeated,
            (Some(allowed), Presented::One(value)) if allowed.allows(value) => {
                Reason::OriginAllowed
            }
            (Some(_), Presented::One(_)) => Reason::OriginNotAllowed,
        }
    }

    /// Checks a preflight in the order of Fetch `#cors-preflight-fetch`; answers which headers it
    /// names.
    #[inline]
    pub(crate) fn check_preflight<'r>(
        &self,
        asked: &Asked<'_>,
        is_routed: bool,
        header_lines: impl Iterator<Item = &'r [u8]>,
    ) -> Result<Requested, Reason> {
        self.check_origin(asked.origin)?;
        if !self.allows_method(asked.method, is_routed) {
            return Err(Reason::MethodNotAllowed);
        }
        requested::check(header_lines, &self.headers).map_err(|error| match error {
            Unacceptable::Malformed => Reason::HeadersMalformed,
            Unacceptable::OverLimit => Reason::HeadersOverLimit,
            Unacceptable::NotAllowed => Reason::HeaderNotAllowed,
        })
    }

    /// Browsers send safelisted methods whatever the answer says, so they are never refused.
    /// `is_routed` says whether a route is known to serve the method.
    #[inline]
    pub(crate) fn allows_method(&self, method: Named<'_>, is_routed: bool) -> bool {
        method.is_safelisted()
            || match &self.methods {
                MethodRule::AsRouted => is_routed,
                MethodRule::Any => true,
                MethodRule::Only(list) => list.contains(method),
            }
    }

    /// Writes the answer to a preflight that only this policy has to allow, without the methods. It has
    /// the whole list of headers, which saves the browser later preflights; or the request's own names, if
    /// any header is allowed and credentials keep `*` from meaning that.
    pub(crate) fn grant<'p>(&'p self, decision: &mut Decision<'p, V>, requested: Requested) {
        self.answer_by(decision);
        decision.set_all(self.granted);
        if self.echoes_headers {
            decision.echo_names(requested);
        }
    }

    /// Writes the list of allowed headers to a refusal, so that the browser names the one that is missing.
    pub(crate) fn put_listed_headers(&self, decision: &mut Decision<'_, V>) {
        if !self.headers.is_any() {
            decision.set(ResponseHeader::AllowHeaders);
        }
    }

    /// Makes an answer take its header values from this policy.
    pub(crate) fn answer_by<'p>(&'p self, decision: &mut Decision<'p, V>) {
        decision.take_from(&self.values);
    }

    /// The list of methods for a path at which no route is known, if there is one.
    pub(crate) fn listed_methods(&self) -> Option<&V> {
        self.values.get(ResponseHeader::AllowMethods)
    }

    pub(crate) fn is_any_origin(&self) -> bool {
        self.origins.is_none() && !self.disabled
    }

    pub(crate) fn has_credentials(&self) -> bool {
        self.credentials
    }

    /// The request headers that the answer to a preflight depends on, if only this policy decides.
    /// `methods_matter` says whether routes bring methods too.
    pub(crate) fn preflight_vary(&self, methods_matter: bool) -> Vary {
        self.preflight_vary[usize::from(methods_matter)]
    }

    fn depends_on(&self, methods_matter: bool) -> Vary {
        let mut vary = self.actual_vary;
        let any = |is_any: bool| is_any && !self.credentials && !self.disabled;
        if methods_matter || !any(matches!(self.methods, MethodRule::Any)) {
            vary = vary | Vary::of(RequestHeader::AccessControlRequestMethod);
        }
        if !any(self.headers.is_any()) {
            vary = vary | Vary::of(RequestHeader::AccessControlRequestHeaders);
        }
        vary
    }
}
