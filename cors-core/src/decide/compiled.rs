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
    policy::{Credentials, Policy},
    setting::Off,
    vary::Vary,
};

/// A policy in the form that answers requests.
///
/// `V` is the framework's type for header values; a clone of it should be cheap.
#[derive(Debug)]
pub(crate) struct CompiledPolicy<V> {
    admitted: Admitted,
    credentials: bool,
    methods: MethodRule,
    headers: AllowedNames,
    values: Values<V>,
    /// The request headers that the answer to an actual request depends on.
    actual_vary: Vary,
    /// The headers of a response that scripts may read.
    shared: Headers,
    /// The headers of every granted preflight, without the list of methods.
    granted: Headers,
    /// What the origins with credentials get, where others are allowed without.
    trusted: Option<Box<Trusted<V>>>,
}

/// A policy with credentials for the listed origins.
#[derive(Debug)]
struct Trusted<V> {
    origins: Arc<OriginSet>,
    policy: CompiledPolicy<V>,
}

/// Who may have a response.
#[derive(Debug)]
enum Admitted {
    Nobody(Off),
    Anybody,
    Listed(Arc<OriginSet>),
}

impl Admitted {
    fn of(policy: &Policy) -> Self {
        match (policy.off(), policy.allow_origins().lookup()) {
            (Some(off), _) => Self::Nobody(off),
            (None, None) => Self::Anybody,
            (None, Some(listed)) => Self::Listed(listed),
        }
    }
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
        let mut compiled = Self::for_others(policy, value);
        let trusted = policy.with_credentials().and_then(|(own, list)| {
            let policy = Self::for_others(&own, value);
            Some(Box::new(Trusted { origins: list.lookup()?, policy }))
        });
        if let Some(Trusted { policy, .. }) = trusted.as_deref() {
            // who asks decides which of the two answers, also where nobody is named
            compiled.actual_vary = compiled.actual_vary | policy.actual_vary;
        }
        Self { trusted, ..compiled }
    }

    /// The policy for origins that are not on a list of those with credentials.
    fn for_others(policy: &Policy, value: &impl Fn(&str) -> V) -> Self {
        let credentials = *policy.allow_credentials() == Credentials::Always;
        let methods = match policy.allow_methods() {
            None => MethodRule::AsRouted,
            Some(methods) if methods.is_any() => MethodRule::Any,
            Some(methods) => MethodRule::Only(methods.members().collect()),
        };
        let headers = policy.allow_headers();
        let mut compiled = Self {
            admitted: Admitted::of(policy),
            credentials,
            methods,
            headers: if headers.is_any() {
                AllowedNames::ANY
            } else {
                AllowedNames::only(headers.members())
            },
            values: Values::new(policy, value),
            actual_vary: Vary::NOTHING,
            shared: Headers::default(),
            granted: Headers::default(),
            trusted: None,
        };
        if !policy.allow_origins().is_any() && !compiled.is_external() {
            compiled.actual_vary = Vary::of(RequestHeader::Origin);
        }
        compiled.shared = compiled.with_origin(&[ResponseHeader::ExposeHeaders]);
        if policy.exposes_any_header() && credentials {
            let mut decision = compiled.bare(Reason::OriginAllowed, Vary::NOTHING);
            decision.set_all(compiled.shared);
            decision.expose_any();
            compiled.shared = decision.headers();
        }
        compiled.granted =
            compiled.with_origin(&[ResponseHeader::AllowHeaders, ResponseHeader::MaxAge]);
        compiled
    }

    /// The headers that both kinds of answers have, and these.
    fn with_origin(&self, others: &[ResponseHeader]) -> Headers {
        let mut decision = self.bare(Reason::PreflightGranted, Vary::NOTHING);
        if self.is_any_origin() {
            decision.set(ResponseHeader::AllowOrigin);
        } else {
            decision.echo(ResponseHeader::AllowOrigin);
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
    #[inline]
    pub(crate) fn actual(&self, origin: Presented<&[u8]>) -> Decision<'_, V> {
        let own = self.of(origin);
        own.answer(own.admit(origin))
    }

    /// The policy as this origin sees it.
    #[inline]
    pub(crate) fn of(&self, origin: Presented<&[u8]>) -> &Self {
        match &self.trusted {
            None => self,
            Some(trusted) => self.of_one(trusted, origin),
        }
    }

    #[inline(never)]
    fn of_one<'p>(&'p self, trusted: &'p Trusted<V>, origin: Presented<&[u8]>) -> &'p Self {
        match origin {
            Presented::One(value) if trusted.origins.allows(value) => &trusted.policy,
            _ => self,
        }
    }

    /// An answer without any header of the CORS protocol.
    #[inline]
    pub(crate) fn bare(&self, reason: Reason, vary: Vary) -> Decision<'_, V> {
        Decision::bare(reason, vary, &self.values)
    }

    /// The answer to an actual request that was decided for this reason.
    #[inline]
    pub(crate) fn answer(&self, reason: Reason) -> Decision<'_, V> {
        let mut decision = self.bare(reason, self.actual_vary);
        if reason.is_shared() {
            decision.set_second(self.trusted.is_some());
            decision.set_all(self.shared);
        }
        decision
    }

    /// Checks the origin of a preflight; `Ok` says why it may have the response.
    #[inline]
    pub(crate) fn check_origin(&self, origin: Presented<&[u8]>) -> Result<Reason, Reason> {
        match (self.admit(origin), origin) {
            (reason, _) if reason.is_shared() => Ok(reason),
            // where all are left to another layer, none is checked
            (Reason::External, _) => Err(Reason::ExternalInPart),
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
        match (&self.admitted, origin) {
            (Admitted::Nobody(Off::Disable), _) => Reason::Disabled,
            (Admitted::Nobody(Off::External), _) => Reason::External,
            (Admitted::Anybody, _) => Reason::AnyOrigin,
            (Admitted::Listed(_), Presented::Absent) => Reason::NoOrigin,
            (Admitted::Listed(_), Presented::Several) => Reason::OriginRepeated,
            (Admitted::Listed(own), Presented::One(value)) if own.allows(value) => {
                Reason::OriginAllowed
            }
            (Admitted::Listed(_), Presented::One(_)) => Reason::OriginNotAllowed,
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
    /// the whole list of headers, which saves the browser later preflights. If any header is allowed, it has the
    /// request's own names as well: credentials keep `*` from meaning that, and Firefox never finds `*` in its
    /// preflight cache.
    pub(crate) fn grant<'p>(&'p self, decision: &mut Decision<'p, V>, requested: Requested) {
        self.answer_by(decision);
        decision.set_all(self.granted);
        // beside `*`, nothing need be written anew for what is no browser
        if self.headers.is_any() && (self.credentials || requested.is_as_sent) {
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

    /// Whether a list of methods has to name the requested one beside those that are known before.
    pub(crate) fn is_any_method(&self) -> bool {
        matches!(self.methods, MethodRule::Any)
    }

    pub(crate) fn is_any_origin(&self) -> bool {
        matches!(self.admitted, Admitted::Anybody)
    }

    pub(crate) fn is_external(&self) -> bool {
        matches!(self.admitted, Admitted::Nobody(Off::External))
    }

    pub(crate) fn has_credentials(&self) -> bool {
        self.credentials
    }

    /// The request headers that the answer to a preflight depends on: it has the methods of the path, and names
    /// what was asked for under "any".
    pub(crate) fn preflight_vary(&self) -> Vary {
        self.actual_vary
            | Vary::of(RequestHeader::AccessControlRequestMethod)
            | Vary::of(RequestHeader::AccessControlRequestHeaders)
    }
}
