//! A policy in two forms: as lists, to find where another may differ, and compiled, to see whether it does.

use crate::{
    decide::{Asked, CompiledPolicy, FieldValue, Presented},
    fields::ResponseHeader,
    headers::HeaderName,
    methods::Named,
    origin::OriginPattern,
    policy::{Allowed, Credentials, Policy},
};

/// One of the two policies.
#[derive(Debug)]
pub(super) struct Probe<'p> {
    policy: &'p Policy,
    compiled: CompiledPolicy<String>,
    is_routed: bool,
}

impl<'p> Probe<'p> {
    /// `is_routed` says whether the methods that are asked for are those of a route with this policy.
    pub(super) fn new(policy: &'p Policy, is_routed: bool) -> Self {
        Self { policy, compiled: CompiledPolicy::new(policy, &str::to_owned), is_routed }
    }

    pub(super) fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The origins that may read responses.
    pub(super) fn origins(&self) -> &'p Allowed<OriginPattern> {
        // where CORS is off, there are none
        self.policy.allow_origins()
    }

    /// Those that have credentials if they may read responses.
    pub(super) fn trusted(&self) -> Allowed<OriginPattern> {
        match self.policy.allow_credentials() {
            Credentials::Never => Allowed::default(),
            Credentials::Always => Allowed::any(),
            Credentials::Only(list) => list.clone(),
        }
    }

    /// The response headers that scripts may read.
    pub(super) fn exposed(&self) -> Allowed<HeaderName> {
        let exposes_any = self.policy.exposes_any_header();
        if exposes_any { Allowed::any() } else { self.policy.expose_headers().clone() }
    }

    /// Whether scripts of an origin may read responses.
    pub(super) fn shares(&self, origin: &str) -> bool {
        self.compiled.actual(presented(origin)).is_shared()
    }

    /// Whether they may read responses to requests with credentials.
    pub(super) fn shares_with_credentials(&self, origin: &str) -> bool {
        let decision = self.compiled.actual(presented(origin));
        decision.fields().any(|(header, _)| header == ResponseHeader::AllowCredentials)
    }

    /// Whether they may read a header of a response, if it is not one that they can always read.
    pub(super) fn exposes(&self, origin: &str, name: &str) -> bool {
        const OK: u16 = 200;
        let has =
            |list: &str| list.split(", ").any(|own| own == "*" || own.eq_ignore_ascii_case(name));
        let decision = self.compiled.actual(presented(origin));
        let mut exposed =
            decision.fields().filter(|(own, _)| *own == ResponseHeader::ExposeHeaders);
        exposed.any(|(_, value)| match value {
            FieldValue::Ready(list) => has(list),
            FieldValue::ResponseNames(names) => {
                names.value(OK, [name]).is_some_and(|list| has(&list))
            }
            FieldValue::Request(_) | FieldValue::RequestedNames => false,
        })
    }

    /// Whether a preflight for a method, and perhaps a header, is granted.
    pub(super) fn grants(&self, origin: &str, method: &str, header: Option<&str>) -> bool {
        let origin = presented(origin);
        let Some(method) = Named::read(method.as_bytes()) else { return false };
        let asked = Asked { origin, method };
        let lines = header.into_iter().map(str::as_bytes);
        self.compiled.of(origin).check_preflight(&asked, self.is_routed, lines).is_ok()
    }
}

fn presented(origin: &str) -> Presented<&[u8]> {
    Presented::One(origin.as_bytes())
}
