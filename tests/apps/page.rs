//! `docs/apps.md`: the page is made from what both middlewares answered, so that it cannot go stale.

use std::fmt::Write;

use crate::{
    application::{Application, Original},
    applications,
    difference::{Change, Difference},
    lines,
};

const HEAD: &str = "# Applications, with actix-cors and with cors-actix

Public applications that use actix-cors are rebuilt in the tests (`tests/apps`) with their scopes, layers and kinds of \
route, once with the policy that they have and once with what takes its place here. Both are asked the same questions on \
a socket. This page is written by these tests: every answer on it was given, and what is not on it does not differ.

By the checks that browsers make, pages get the same from both, with and without credentials, but for \"No \
credentials\" and \"403 for a method that is not listed\", which take something away, and \"Headers on what another \
layer answers\".

Where an application sets CORS up in a scope for each part, what stands here is one middleware around all of it, or one \
for each scope with `.around_scope(true)`, as its section says.

Both policies are formatted alike, 100 columns wide, and none of those here takes more lines than the other, or than the \
original in its own format.

## Why answers differ

| difference | why |
|---|---|
";

async fn page() -> String {
    let mut page = HEAD.to_owned();
    for difference in Difference::ALL {
        writeln!(page, "| {} | {} |", difference.what(), difference.why()).unwrap();
    }
    for application in applications().await {
        add(&mut page, &application);
    }
    page
}

fn add(page: &mut String, application: &Application) {
    let Original { name, repository, commit, file, lines, counts, codes, note } =
        application.original;
    let [theirs, ours] = ["theirs", "ours"].map(|name| lines::of(application.source, name));
    write!(
        page,
        "\n## {name}\n\n`{file}` of [{repository}](https://github.com/{repository}/tree/{commit}), {lines} {}. {counts}.\n\n",
        if lines == 1 { "line" } else { "lines" },
    )
    .unwrap();
    write!(page, "```rust,ignore\n{}\n```\n\nHere:\n\n", theirs.join("\n")).unwrap();
    write!(page, "```rust,ignore\n{}\n```\n\n", ours.join("\n")).unwrap();
    if !codes.is_empty() {
        write!(page, "The log says {} of it.\n\n", codes.join(" and ")).unwrap();
    }
    if !note.is_empty() {
        write!(page, "{note}\n\n").unwrap();
    }
    page.push_str("| difference | in answers | first asked | cors-actix | actix-cors |\n|---|---|---|---|---|\n");
    let changes = application.changes();
    for difference in application.differences {
        let own: Vec<&Change> =
            changes.iter().filter(|change| change.difference == Some(*difference)).collect();
        let Some(first) = own.first() else { continue };
        let Change { question, what, ours, theirs, .. } = first;
        let [ours, theirs] = [ours, theirs].map(|value| shown(what, value));
        let what = difference.what();
        writeln!(page, "| {what} | {} | {question} | {ours} | {theirs} |", own.len()).unwrap();
    }
}

/// A status, or a header with its name.
fn shown(what: &str, value: &str) -> String {
    match (what, value) {
        (_, "") => "none".to_owned(),
        ("status", _) => value.to_owned(),
        _ => format!("`{what}: {value}`"),
    }
}

#[actix_web::test]
async fn the_page_is_what_was_answered() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/apps.md");
    let page = page().await;
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs")).unwrap();
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page, "docs/apps.md is stale; write it anew with UPDATE=1");
}
