//! The README and the guide: their code runs, their settings load, their commands and links lead somewhere.

mod commands;
mod links;
mod settings;
mod wire;

/// The Rust blocks of each page; `build.rs` says how they come here.
#[allow(
    warnings,
    clippy::all,
    clippy::pedantic,
    reason = "a page shows as much as its reader needs, and some of it is used by no test"
)]
mod pages {
    include!(concat!(env!("OUT_DIR"), "/pages.rs"));
}
