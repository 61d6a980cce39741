//! A policy that is written to a file and read from it is the same policy, in every format.

use std::time::Duration;

use cors_core::{FileFormat, Policy};
use proptest::{
    option,
    prelude::*,
    sample::{select, subsequence},
};

use super::support::{Json, Toml, Yaml, over_nothing};

const ORIGINS: &[&str] = &[
    "https://app.example.com",
    "https://*.example.com:*",
    "https://app-*.example.com",
    "http://localhost:3000",
    "http://[::1]:*",
    "http://intranet.example",
    "https://*.github.io",
    "https://xn--bcher-kva.example",
    "vscode-webview://*",
    "app://My.App",
];

/// Names that another format may take for something else.
const METHODS: &[&str] = &["PUT", "patch", "null", "true", "1e3", "0x10", "~", "no", "-"];
const HEADERS: &[&str] =
    &["X-A", "Content-Type", "null", "false", "12", ".5", "#x", "!x", "&a", "1.0e1"];

fn list(values: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![
        5 => subsequence(values, 0..values.len()),
        1 => Just(vec!["*"]),
    ]
}

fn credentials() -> impl Strategy<Value = cors_core::AllowCredentials> {
    prop_oneof![any::<bool>().prop_map(Into::into), subsequence(ORIGINS, 1..4).prop_map(Into::into),]
}

prop_compose! {
    fn policy()(
        origins in list(ORIGINS),
        methods in option::of(list(METHODS)),
        headers in list(HEADERS),
        exposed in list(HEADERS),
        credentials in option::of(credentials()),
        max_age in option::of(any::<u32>()),
        expose_any in option::of(any::<bool>()),
        off in option::weighted(0.2, select(vec!["disable", "external"])),
        consents in any::<[bool; 5]>(),
    ) -> Policy {
        // without those that must not stand together
        let is_open = origins == ["*"] || exposed == ["*"];
        let mut builder = Policy::builder()
            .allow_origins(origins)
            .allow_headers(headers)
            .expose_headers(exposed)
            .dangerously_allow_insecure_origins(true)
            .dangerously_allow_public_suffixes(true)
            .dangerously_allow_scheme_wildcards(true)
            .dangerously_allow_null_origin(consents[0])
            .dangerously_allow_file_origin(consents[1]);
        if let Some(methods) = methods {
            builder = builder.allow_methods(methods);
        }
        if let Some(credentials) = credentials.filter(|_| !is_open) {
            builder = builder.allow_credentials(credentials);
        }
        if let Some(seconds) = max_age {
            builder = builder.max_age(Duration::from_secs(seconds.into()));
        }
        if let Some(expose_any) = expose_any {
            builder = builder.dangerously_expose_any_header(expose_any);
        }
        builder = match off {
            Some("disable") => builder.disable(true),
            Some(_) => builder.external(true),
            None => builder,
        };
        builder.build().unwrap()
    }
}

/// What an independent writer of the format makes of a policy.
fn written(policy: &Policy, format: FileFormat) -> String {
    match format {
        Json => serde_json::to_string(policy).unwrap(),
        Yaml => serde_saphyr::to_string(policy).unwrap(),
        _ => toml::to_string(policy).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_policy_that_is_written_and_read_is_the_same(policy in policy()) {
        for format in FileFormat::ALL {
            let text = written(&policy, format);
            let read = over_nothing(format, &text).build();
            prop_assert_eq!(read.as_ref(), Ok(&policy), "{}:\n{}", format, text);
        }
        // JSON is YAML as well, and so is pretty JSON
        let text = serde_json::to_string_pretty(&policy).unwrap();
        prop_assert_eq!(over_nothing(Json, &text).build(), Ok(policy.clone()));
        prop_assert_eq!(over_nothing(Yaml, &text).build(), Ok(policy.clone()));
        // and TOML that is written by hand has one line for each element
        let text = toml::to_string_pretty(&policy).unwrap();
        prop_assert_eq!(over_nothing(Toml, &text).build(), Ok(policy.clone()));
    }
}
