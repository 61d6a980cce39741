//! Makes modules of the Rust blocks of each page, so that they are compiled and run as tests.
//!
//! A block sees what the page has shown before it: its module is inside of the one before. One of items alone is
//! taken as it is, with the tests in it. Any other is the body of a test, which may use `?` and `.await`, and an
//! application that it keeps in `app` has to start. Of a block that is marked `no_run` nothing is run.

#[allow(unreachable_pub, reason = "it is the library of this package as well")]
#[path = "lib.rs"]
mod pages;

use std::{env, fmt::Write, fs, path::Path};

use pages::Block;

fn main() {
    let root = pages::root();
    for watched in ["docs", "README.md", "cors-actix/README.md", "tests/docs/lib.rs"] {
        println!("cargo::rerun-if-changed={}", root.join(watched).display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    let mut code = String::new();
    for page in pages::pages() {
        let rust: Vec<Block> = pages::blocks(&page.text)
            .into_iter()
            .filter(|block| ["rust", "rust,no_run"].contains(&&*block.language))
            .collect();
        _ = writeln!(code, "mod {} {{", name(&page.name));
        for block in &rust {
            _ = writeln!(code, "mod line_{} {{\n#[allow(unused)] use super::*;", block.line);
            code.push_str(&items(block));
        }
        code.push_str(&"}\n".repeat(rust.len() + 1));
    }
    let folder = env::var("OUT_DIR").expect("a folder for what is made");
    fs::write(Path::new(&folder).join("pages.rs"), code).expect("the pages' code");
}

/// A page's name as that of a module.
fn name(page: &str) -> String {
    let stem = page.trim_end_matches(".md").to_lowercase();
    stem.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
}

/// What a block stands for in its module: the items that it begins with, and a test of what follows.
fn items(block: &Block) -> String {
    let (items, code) = split(&block.code);
    if code.is_empty() {
        return items.to_owned();
    }
    let test = if block.language.ends_with("no_run") { "" } else { "#[actix_web::test]" };
    let makes_app = code.lines().any(|line| line.starts_with("let app = move ||"));
    let start = if makes_app { "drop(actix_web::test::init_service(app()).await);" } else { "" };
    format!(
        "{items}\n{test}\nasync fn runs() -> Result<(), Box<dyn std::error::Error>> {{\n\
         _ = {{\n{code}\n{start}\n}};\nOk(())\n}}\n"
    )
}

/// The paragraphs that are items, and from the first that is not, the rest.
fn split(code: &str) -> (&str, &str) {
    let ends = code.match_indices("\n\n").map(|(at, _)| at + 2).chain([code.len()]);
    let are_items = |end: &usize| syn::parse_file(&code[..*end]).is_ok();
    code.split_at(ends.filter(are_items).last().unwrap_or(0))
}
