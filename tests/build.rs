//! Looks for Chromium, which some tests of `browser/` have nothing to do without: where there is none,
//! they are ignored, and say so, instead of passing.

use std::{env, path::PathBuf};

fn main() {
    println!("cargo::rustc-check-cfg=cfg(without_chromium)");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=PATH");
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).filter(|folder| folder.is_dir()).collect();
    let program =
        |name: &str| folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
    let programs: Option<Vec<_>> = ["chromium", "chromedriver"].into_iter().map(program).collect();
    if programs.is_none() {
        println!("cargo::rustc-cfg=without_chromium");
    }
    // what changes the answer: that they go, or that they come
    for watched in programs.unwrap_or(folders) {
        println!("cargo::rerun-if-changed={}", watched.display());
    }
}
