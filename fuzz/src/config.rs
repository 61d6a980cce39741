//! Text of a configuration file, in TOML and in JSON.

use cors_core::{Policy, PolicyBuilder};

/// A policy comes back from its text unchanged; a wrong one is explained.
pub fn config(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let builder = if text.starts_with('{') {
        serde_json::from_str::<PolicyBuilder>(text).ok()
    } else {
        toml::from_str::<PolicyBuilder>(text).ok()
    };
    let Some(builder) = builder else { return };
    match builder.build() {
        Ok(policy) => {
            let text = toml::to_string(&policy).expect("a policy is a table");
            assert_eq!(toml::from_str::<Policy>(&text).expect("valid"), policy, "{text}");
            let text = serde_json::to_string(&policy).expect("a policy is an object");
            assert_eq!(serde_json::from_str::<Policy>(&text).expect("valid"), policy, "{text}");
        }
        Err(errors) => crate::check_errors(&errors),
    }
}
