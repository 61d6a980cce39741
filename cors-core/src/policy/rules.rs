//! The rules themselves: who may call what, as plain data.

use std::time::Duration;

use super::{Allowed, Consent, Consents, Credentials};
use crate::{
    headers::HeaderName,
    max_age::{self, MaxAge},
    methods::Method,
    origin::OriginPattern,
    setting::{Key, Off},
};

/// Who may call what, validated: a `Policy` in a state that browsers refuse, or that lets any site
/// use its visitors' cookies, cannot be made.
///
/// The default allows nothing.
///
/// ```
/// use cors_core::Policy;
///
/// let policy = Policy::builder()
///     .allow_origins(["https://app.example.com"])
///     .allow_headers(["Content-Type"])
///     .allow_credentials(true)
///     .build()?;
/// assert!(!policy.allow_credentials().is_never());
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Policy {
    /// If it is set, everything else is as in the default.
    pub(super) off: Option<Off>,
    pub(super) allow_origins: Allowed<OriginPattern>,
    pub(super) allow_methods: Option<Allowed<Method>>,
    pub(super) allow_headers: Allowed<HeaderName>,
    pub(super) expose_headers: Allowed<HeaderName>,
    pub(super) allow_credentials: Credentials,
    pub(super) max_age: Option<MaxAge>,
    pub(super) expose_any_header: bool,
    pub(super) consents: Consents,
}

impl Policy {
    /// What the listed origins see of a policy that allows credentials for some origins only, and the list: all
    /// others see the policy without credentials.
    pub(crate) fn with_credentials(&self) -> Option<(Self, &Allowed<OriginPattern>)> {
        let Credentials::Only(list) = &self.allow_credentials else { return None };
        // they are answered by name
        let any = self.allow_origins.is_any();
        let allow_origins = if any { list.clone() } else { self.allow_origins.clone() };
        let allow_credentials = Credentials::Always;
        Some((Self { allow_origins, allow_credentials, ..self.clone() }, list))
    }
}

impl Policy {
    /// The consents that make a difference to some origin.
    pub(super) fn used_consents(&self) -> Consents {
        let is_used = |consent: &Consent| {
            self.origins_at_risk().any(|(_, origin, has)| consent.matters(origin, has))
        };
        self.consents.given().filter(is_used).collect()
    }

    /// All origins that the policy lists, with the setting that does and whether they have credentials by it.
    pub(super) fn origins_at_risk(&self) -> impl Iterator<Item = (Key, &OriginPattern, bool)> {
        let have_all = self.allow_credentials == Credentials::Always;
        let allowed = self.allow_origins.members();
        let allowed = allowed.map(move |origin| (Key::AllowOrigins, origin, have_all));
        let listed = self.allow_credentials.listed();
        allowed.chain(listed.map(|origin| (Key::AllowCredentials, origin, true)))
    }

    /// Whether a preflight for a method that its route serves is granted, as far as the method goes.
    pub(crate) fn lets_route_serve(&self, method: &Method) -> bool {
        let is_listed =
            |own: &Allowed<Method>| own.is_any() || own.members().any(|own| own == method);
        method.is_safelisted() || self.allow_methods.as_ref().is_none_or(is_listed)
    }

    pub(crate) fn consents(&self) -> Consents {
        self.consents
    }

    /// Whether CORS is off, and how.
    #[must_use]
    pub fn off(&self) -> Option<Off> {
        self.off
    }

    /// Whether CORS is off for all: no cross-origin script reads a response, no preflight is granted.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        self.off == Some(Off::Disable)
    }

    /// Whether CORS is left to another layer: nothing is added to a response, and a preflight gets an ok
    /// status and no header.
    #[must_use]
    pub fn is_external(&self) -> bool {
        self.off == Some(Off::External)
    }

    /// Origins whose scripts may read responses.
    #[must_use]
    pub fn allow_origins(&self) -> &Allowed<OriginPattern> {
        &self.allow_origins
    }

    /// Methods a preflight may announce; `None` for the methods of the routes.
    #[must_use]
    pub fn allow_methods(&self) -> Option<&Allowed<Method>> {
        self.allow_methods.as_ref()
    }

    /// Request headers a preflight may announce.
    #[must_use]
    pub fn allow_headers(&self) -> &Allowed<HeaderName> {
        &self.allow_headers
    }

    /// Response headers scripts may read beside the safelisted ones.
    #[must_use]
    pub fn expose_headers(&self) -> &Allowed<HeaderName> {
        &self.expose_headers
    }

    /// Whose scripts may read responses to requests with credentials.
    #[must_use]
    pub fn allow_credentials(&self) -> &Credentials {
        &self.allow_credentials
    }

    /// Whether scripts may read whatever headers a response has.
    #[must_use]
    pub fn exposes_any_header(&self) -> bool {
        self.expose_any_header
    }

    /// How long browsers may remember a preflight; `None` leaves it to them (5 s).
    #[must_use]
    pub fn max_age(&self) -> Option<MaxAge> {
        self.max_age
    }

    /// The longest that a browser may remember a preflight: what [`max_age`](Self::max_age) says up to a
    /// day, or five seconds where it says nothing.
    ///
    /// Source: Fetch `#cors-preflight-cache`.
    #[must_use]
    pub fn preflight_lifetime(&self) -> Duration {
        max_age::remembered(self.max_age)
    }

    /// The value of a setting as text, `None` if it is unset or empty.
    #[must_use]
    pub fn value_of(&self, key: Key) -> Option<String> {
        let credentials = &self.allow_credentials;
        let text = match key {
            Key::AllowOrigins => Some(self.allow_origins.to_string()),
            Key::AllowMethods => self.allow_methods.as_ref().map(Allowed::to_string),
            Key::AllowHeaders => Some(self.allow_headers.to_string()),
            Key::ExposeHeaders => Some(self.expose_headers.to_string()),
            Key::AllowCredentials => (!credentials.is_never()).then(|| credentials.to_string()),
            Key::ExposeAnyHeader => self.expose_any_header.then(|| "true".to_owned()),
            Key::MaxAge => self.max_age.map(|age| format!("{age} s")),
        };
        text.filter(|text| !text.is_empty())
    }
}
