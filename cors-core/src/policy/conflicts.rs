//! Settings that must not stand together.

use super::{Consent, LayeredPolicy};
use crate::{
    error::{ConfigError, Problem},
    setting::Key,
    source::Source,
};

impl LayeredPolicy {
    /// Pairs of settings that must not stand together.
    pub(super) fn conflicts(&self, source: &Source) -> Vec<ConfigError> {
        let policy = &self.policy;
        let mut errors = Vec::new();
        let mut fail = |key, value: &str, problem| {
            errors.push(ConfigError::of_key(key, value, problem).in_layer(source));
        };
        let credentials = || self.origin_of(Key::AllowCredentials);
        let origins = || self.origin_of(Key::AllowOrigins);
        for origin in policy.allow_origins.members() {
            let lacks = |consent: Consent| {
                consent.matters(origin, policy.allow_credentials)
                    && !policy.consents.include(consent)
            };
            let problem = if policy.allow_credentials && origin.is_null() {
                Problem::OriginNullWithCredentials {
                    origins: origins(),
                    credentials: credentials(),
                }
            } else if lacks(Consent::NullOrigin) {
                Problem::OriginNull
            } else if lacks(Consent::InsecureOrigins) {
                Problem::OriginInsecure { origins: origins(), credentials: credentials() }
            } else if policy.allow_credentials && lacks(Consent::PublicSuffixes) {
                Problem::OriginPublicSuffix {
                    stranger: origin.stranger().map(String::into_boxed_str),
                    origins: origins(),
                    credentials: credentials(),
                }
            } else {
                continue;
            };
            fail(Key::AllowOrigins, origin.as_str(), problem);
        }
        if policy.allow_credentials && policy.allow_origins.is_any() {
            let problem = Problem::AnyOriginWithCredentials {
                origins: origins(),
                credentials: credentials(),
            };
            fail(Key::AllowOrigins, "*", problem);
        }
        if policy.allow_credentials && policy.expose_headers.is_any() {
            let problem = Problem::ExposeAnyWithCredentials {
                exposed: self.origin_of(Key::ExposeHeaders),
                credentials: credentials(),
            };
            fail(Key::ExposeHeaders, "*", problem);
        }
        errors
    }
}
