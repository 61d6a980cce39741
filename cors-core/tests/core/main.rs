//! The core from outside, in one program, so that it is built in one go.

#[cfg(feature = "browser")]
mod browser;
#[cfg(all(feature = "idna", feature = "public-suffix"))]
mod checks;
#[cfg(all(
    feature = "idna",
    feature = "public-suffix",
    feature = "serde",
    feature = "toml",
    feature = "json"
))]
mod codes;
#[cfg(feature = "public-suffix")]
mod common;
mod compare;
#[cfg(feature = "serde")]
mod config;
mod decisions;
mod environment;
mod features;
#[cfg(all(
    feature = "json",
    feature = "toml",
    feature = "yaml",
    feature = "public-suffix",
    feature = "serde"
))]
mod files;
#[cfg(feature = "idna")]
mod found_in_use;
mod groups;
#[cfg(feature = "public-suffix")]
mod hostile;
#[cfg(feature = "public-suffix")]
mod merge;
#[cfg(feature = "public-suffix")]
mod naive_origin;
mod off;
#[cfg(all(feature = "public-suffix", feature = "serde"))]
mod oracle;
#[cfg(all(feature = "idna", feature = "public-suffix"))]
mod pairs;
#[cfg(all(feature = "idna", feature = "public-suffix"))]
mod public_suffixes;
mod settings;
mod table_lints;

/// How many cases of a property are tried: `PROPTEST_CASES`, or so many, a few seconds' worth.
fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
