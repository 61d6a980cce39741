//! The core from outside, in one program, so that it is built in one go.

#[cfg(all(feature = "idna", feature = "public-suffix"))]
mod checks;
#[cfg(all(feature = "idna", feature = "public-suffix", feature = "serde"))]
mod codes;
#[cfg(feature = "public-suffix")]
mod common;
#[cfg(feature = "serde")]
mod config;
mod decisions;
mod features;
#[cfg(feature = "public-suffix")]
mod hostile;
#[cfg(feature = "public-suffix")]
mod merge;
#[cfg(all(feature = "public-suffix", feature = "serde"))]
mod oracle;
#[cfg(all(feature = "idna", feature = "public-suffix"))]
mod public_suffixes;
