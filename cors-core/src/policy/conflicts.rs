//! Settings that must not stand together.

use super::LayeredPolicy;
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
            let problem = match (origin.is_null(), policy.allow_credentials) {
                (true, true) => Problem::OriginNullWithCredentials {
                    origins: origins(),
                    credentials: credentials(),
                },
                (true, false) if !policy.consent.null_origin => Problem::OriginNull,
                (false, true) if origin.is_insecure() && !policy.consent.insecure_origins => {
                    Problem::OriginInsecure { origins: origins(), credentials: credentials() }
                }
                (false, true)
                    if origin.may_cover_strangers() && !policy.consent.public_suffixes =>
                {
                    Problem::OriginPublicSuffix {
                        stranger: origin.stranger().map(String::into_boxed_str),
                        origins: origins(),
                        credentials: credentials(),
                    }
                }
                _ => continue,
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
