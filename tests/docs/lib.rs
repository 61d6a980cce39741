//! The README and the pages of the guide, and the code blocks in them.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A page of the documentation.
#[derive(Debug)]
pub struct Page {
    /// Its path below the root of the repository.
    pub name: String,
    /// Its Markdown.
    pub text: String,
}

/// A fenced block of a page.
#[derive(Debug, PartialEq, Eq)]
pub struct Block {
    /// The line of the page on which its code begins.
    pub line: usize,
    /// What stands behind the backticks, such as `rust`.
    pub language: String,
    /// What stands between the fences.
    pub code: String,
}

/// The root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The README and every page of `docs/`, by name.
///
/// # Panics
///
/// Panics if one cannot be read.
#[must_use]
pub fn pages() -> Vec<Page> {
    let root = root();
    let folder = fs::read_dir(root.join("docs")).expect("the folder of the guide");
    let names = folder.map(|file| file.expect("a file").file_name().into_string().expect("text"));
    let is_page = |name: &String| Path::new(name).extension().is_some_and(|own| own == "md");
    let mut names: Vec<String> = names.filter(is_page).map(|name| format!("docs/{name}")).collect();
    names.extend(["README.md".to_owned(), "cors-actix/README.md".to_owned()]);
    names.sort();
    let read = |name: String| {
        let text = fs::read_to_string(root.join(&name)).expect("a page");
        Page { name, text }
    };
    names.into_iter().map(read).collect()
}

/// The fenced blocks of a page.
#[must_use]
pub fn blocks(markdown: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<Block> = None;
    for (i, line) in markdown.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => {
                let language = language.trim().to_owned();
                open = Some(Block { line: i + 2, language, code: String::new() });
            }
            (Some(_), Some(_)) => found.extend(open.take()),
            (None, Some(block)) => {
                block.code.push_str(line);
                block.code.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}
