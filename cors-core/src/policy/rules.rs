//! The rules themselves: who may call what, as plain data.

use std::time::Duration;

use super::{Allowed, Consent, Consents};
use crate::{
    headers::HeaderName,
    max_age::{self, MaxAge},
    methods::Method,
    origin::OriginPattern,
    setting::Key,
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
/// assert!(policy.allow_credentials());
/// # Ok::<(), cors_core::ConfigErrors>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Policy {
    pub(super) disabled: bool,
    pub(super) allow_origins: Allowed<OriginPattern>,
    pub(super) allow_methods: Option<Allowed<Method>>,
    pub(super) allow_headers: Allowed<HeaderName>,
    pub(super) expose_headers: Allowed<HeaderName>,
    pub(super) allow_credentials: bool,
    pub(super) max_age: Option<MaxAge>,
    pub(super) consents: Consents,
}

impl Policy {
    /// The consents that make a difference to some origin.
    pub(super) fn used_consents(&self) -> Consents {
        let is_used = |consent: &Consent| {
            let mut origins = self.allow_origins.members();
            origins.any(|origin| consent.matters(origin, self.allow_credentials))
        };
        self.consents.given().filter(is_used).collect()
    }

    /// Whether a preflight for a method that its route serves is granted, as far as the method goes.
    pub(super) fn lets_route_serve(&self, method: &Method) -> bool {
        let is_listed =
            |own: &Allowed<Method>| own.is_any() || own.members().any(|own| own == method);
        method.is_safelisted() || self.allow_methods.as_ref().is_none_or(is_listed)
    }

    pub(crate) fn consents(&self) -> Consents {
        self.consents
    }

    /// Whether CORS is off: no cross-origin script reads a response, no preflight is granted.
    #[must_use]
    pub fn is_disabled(&self) -> bool {
        self.disabled
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

    /// Whether responses to requests with credentials may be read.
    #[must_use]
    pub fn allow_credentials(&self) -> bool {
        self.allow_credentials
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
        let flag = |flag: bool| flag.then(|| "true".to_owned());
        let text = match key {
            Key::AllowOrigins => Some(self.allow_origins.to_string()),
            Key::AllowMethods => self.allow_methods.as_ref().map(Allowed::to_string),
            Key::AllowHeaders => Some(self.allow_headers.to_string()),
            Key::ExposeHeaders => Some(self.expose_headers.to_string()),
            Key::AllowCredentials => flag(self.allow_credentials),
            Key::MaxAge => self.max_age.map(|age| format!("{age} s")),
        };
        text.filter(|text| !text.is_empty())
    }
}
