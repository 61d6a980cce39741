//! What is different without the features `public-suffix` and `idna`: a value that a feature would
//! refuse never builds without it, since another crate of the build may turn it on.
//!
//! `cargo test -p cors-policy-core` runs this without them, `cargo test -p cors-policy-core --all-features` with.

use cors_core::{ConfigErrors, Policy, PolicyBuilder};

const KNOWS_SUFFIXES: bool = cfg!(feature = "public-suffix");
const KNOWS_NAMES: bool = cfg!(feature = "idna");

fn origin(text: &str) -> PolicyBuilder {
    Policy::builder().allow_origins([text])
}

fn code(result: &Result<Policy, ConfigErrors>) -> Option<&'static str> {
    result.as_ref().err().map(|errors| errors.first().code())
}

#[test]
fn subdomains_beside_credentials_need_consent_unless_no_public_suffix_is_known_to_be_among_them() {
    let refused = Some("CORS021");
    let table = [
        ("https://*.github.io", refused, refused),
        ("https://*.co.uk:*", refused, refused),
        ("https://*.com", refused, refused),
        ("https://*.example.com", None, refused),
        ("https://*.shop.example.com:8443", None, refused),
        ("http://*.localhost:*", None, refused),
        ("https://app-*.github.io", refused, refused),
        ("https://bucket.s3-*.amazonaws.com", refused, refused),
        ("https://app-*.example.com", None, refused),
        ("http://pr-*.localhost:*", None, refused),
        ("https://app.example.com", None, None),
        ("https://github.io", None, None),
        ("http://localhost:*", None, None),
    ];
    for (text, with, without) in table {
        let credentials = || origin(text).allow_credentials(true);
        let expected = if KNOWS_SUFFIXES { with } else { without };
        assert_eq!(code(&credentials().build()), expected, "{text}");
        let consent = credentials().dangerously_allow_public_suffixes(true);
        assert_eq!(code(&consent.build()), None, "{text}, with consent");
        assert_eq!(code(&origin(text).build()), None, "{text}, without credentials");
        assert!(with.is_none() || without.is_some(), "{text}: a feature refuses what built before");
    }
}

#[test]
fn names_in_punycode_are_refused_unless_they_are_known_to_be_sent() {
    let refused = Some("CORS010");
    let table = [
        ("https://xn--a.example.com", refused, refused),
        ("https://xn--.example.com", refused, refused),
        ("https://*.xn--a.example.com", refused, refused),
        ("https://xn--bcher-kva.example", None, refused),
        ("https://*.xn--bcher-kva.example:*", None, refused),
        ("https://xn--xample-2of.com", None, refused),
        ("https://a.xn--bcher-kva.example", None, refused),
        ("https://axn--bcher.example", None, None),
        ("https://app-*.xn--a.example", refused, refused),
        ("https://app-*.xn--bcher-kva.example", None, refused),
        // an application may call itself as it likes
        ("app://xn--a", None, None),
    ];
    for (text, with, without) in table {
        let expected = if KNOWS_NAMES { with } else { without };
        assert_eq!(code(&origin(text).build()), expected, "{text}");
        assert!(with.is_none() || without.is_some(), "{text}: a feature refuses what built before");
    }
}

#[test]
fn what_cannot_be_told_is_said_with_the_fix() {
    let message = |builder: &PolicyBuilder| builder.build().unwrap_err().first().to_string();
    let suffix = message(&origin("https://*.github.io").allow_credentials(true));
    let name = message(&origin("https://xn--a.example.com"));
    let expected = if KNOWS_SUFFIXES {
        "origin `https://*.github.io` (base policy) covers names that anybody can register, such as \
         `attacker.github.io`, while `allow_credentials = true` (base policy); list your own, or set \
         `dangerously_allow_public_suffixes = true` in the base policy"
    } else {
        "origin `https://*.github.io` (base policy) may cover names that anybody can register, which \
         cannot be told without the feature `public-suffix` of `cors-policy-core`, while \
         `allow_credentials = true` (base policy); turn the feature on, list your own, or set \
         `dangerously_allow_public_suffixes = true` in the base policy"
    };
    assert_eq!(suffix, expected);
    let expected = if KNOWS_NAMES {
        "origin `https://xn--a.example.com` has an invalid host; write a domain name or a canonical \
         IP address"
    } else {
        "origin `https://xn--a.example.com` has an `xn--` label, which cannot be checked without the \
         feature `idna` of `cors-policy-core`; turn it on"
    };
    assert_eq!(name, expected);
}
