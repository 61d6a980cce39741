//! Settings that must not stand together.

use super::{Consent, Credentials, LayeredPolicy};
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
        let credentials = || self.origin_of(Key::AllowCredentials);
        for (key, origin, has_credentials) in policy.origins_at_risk() {
            let lacks = |consent: Consent| {
                consent.matters(origin, has_credentials) && !policy.consents.include(consent)
            };
            let origins = || self.origin_of(key);
            let problem = if has_credentials && origin.is_null() {
                Problem::OriginNullWithCredentials {
                    origins: origins(),
                    credentials: credentials(),
                }
            } else if has_credentials && origin.is_file() {
                Problem::OriginFileWithCredentials {
                    origins: origins(),
                    credentials: credentials(),
                }
            } else if lacks(Consent::NullOrigin) {
                Problem::OriginNull
            } else if lacks(Consent::FileOrigin) {
                Problem::OriginFileWithoutConsent
            } else if lacks(Consent::SchemeWildcards) {
                Problem::OriginAnyHostWithCredentials {
                    origins: origins(),
                    credentials: credentials(),
                }
            } else if lacks(Consent::InsecureOrigins) {
                Problem::OriginInsecure { origins: origins(), credentials: credentials() }
            } else if has_credentials && lacks(Consent::PublicSuffixes) {
                Problem::OriginPublicSuffix {
                    stranger: origin.stranger().map(String::into_boxed_str),
                    origins: origins(),
                    credentials: credentials(),
                }
            } else {
                continue;
            };
            let value = origin.as_str();
            let source = self.source_of_origin(key, value, source);
            errors.push(ConfigError::of_key(key, value, problem).in_layer(&source));
        }
        let mut fail = |key, value: &str, problem| {
            errors.push(ConfigError::of_key(key, value, problem).in_layer(source));
        };
        if policy.allow_credentials == Credentials::Always && policy.allow_origins.is_any() {
            let problem = Problem::AnyOriginWithCredentials {
                origins: self.origin_of(Key::AllowOrigins),
                credentials: credentials(),
            };
            fail(Key::AllowOrigins, "*", problem);
        }
        if !policy.allow_credentials.is_never() && policy.expose_headers.is_any() {
            let problem = Problem::ExposeAnyWithCredentials {
                exposed: self.origin_of(Key::ExposeHeaders),
                credentials: credentials(),
            };
            fail(Key::ExposeHeaders, "*", problem);
        }
        errors
    }
}
