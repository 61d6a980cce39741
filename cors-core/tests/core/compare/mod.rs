//! Pairs of policies and of tables, and the printed differences.

mod bounds;
#[cfg(feature = "serde")]
mod data;
#[cfg(feature = "public-suffix")]
mod oracle;
mod origins;
mod policies;
mod reports;

use cors_core::{Comparison, Policy, PolicyBuilder};

const A: &str = "https://a.example";
const B: &str = "https://b.example";

/// Origins that may be called with whatever consents they need: consents are no part of what is compared.
fn consenting(origins: &[&str]) -> PolicyBuilder {
    Policy::builder()
        .allow_origins(origins)
        .dangerously_allow_null_origin(true)
        .dangerously_allow_file_origin(true)
        .dangerously_allow_insecure_origins(true)
        .dangerously_allow_public_suffixes(true)
        .dangerously_allow_scheme_wildcards(true)
}

/// What is printed of two policies, without where they are.
fn lines(before: &PolicyBuilder, now: &PolicyBuilder) -> Vec<String> {
    let [before, now] = [before, now].map(|own| own.build().expect("a valid policy"));
    let text = Comparison::of_policies(&before, &now).to_string();
    let own = |line: &str| line.strip_prefix("base policy: ").unwrap_or(line).to_owned();
    text.lines().map(own).collect()
}

/// What the other way round is printed of the same pair.
fn mirrored(line: &str) -> String {
    let (direction, rest) = line.split_once(": ").unwrap();
    match direction {
        "wider" => format!("narrower: {}", rest.replace(" may ", " may no longer ")),
        "narrower" => format!("wider: {}", rest.replace(" may no longer ", " may ")),
        _ => line.to_owned(),
    }
}

/// Checks a pair in both directions.
#[track_caller]
fn assert_lines(before: &PolicyBuilder, now: &PolicyBuilder, expected: &[&str]) {
    assert_eq!(lines(before, now), expected, "{before:?} {now:?}");
    let mut back: Vec<String> = expected.iter().map(|line| mirrored(line)).collect();
    let mut found = lines(now, before);
    back.sort();
    found.sort();
    assert_eq!(found, back, "back, {before:?} {now:?}");
}
