//! Commands, each of which names what is there: packages, examples, tests, and what is measured.

use std::fs;

use cors_tests_docs::{blocks, pages, root};

/// Every command of cargo, in blocks and in the running text.
fn commands() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for page in pages() {
        let blocks = blocks(&page.text).into_iter().filter(|block| block.language == "sh");
        let code: Vec<String> = blocks.map(|block| block.code).collect();
        let lines = code.iter().flat_map(|code| code.lines());
        // every second part between backticks is code
        let spans = page.text.split('`').skip(1).step_by(2);
        let of_cargo = lines.chain(spans).filter(|line| line.starts_with("cargo "));
        let without_comment =
            |line: &str| line.split(" #").next().unwrap_or(line).trim().to_owned();
        found.extend(of_cargo.map(|line| (page.name.clone(), without_comment(line))));
    }
    found
}

#[test]
fn every_command_names_what_is_there() {
    let commands = commands();
    assert!(commands.len() > 3, "{commands:?}");
    for (page, command) in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        assert!(["run", "test", "check", "info"].contains(&words[1]), "{page}: {command}");
        for pair in words.windows(2) {
            let is_there = match pair {
                ["-p", package] => manifests().contains(&format!("name = \"{package}\"")),
                ["--example" | "--test" | "--bin", target] => {
                    manifests().contains(&format!("name = \"{target}\""))
                        || root().join(format!("benches/src/bin/{target}.rs")).is_file()
                }
                ["--", measured] if words.contains(&"cors-benches") => {
                    measures().contains(&format!("\"{measured}\""))
                }
                _ => true,
            };
            assert!(is_there, "{page}: `{command}` names `{}`", pair[1]);
        }
    }
}

/// The workspace's manifests.
fn manifests() -> String {
    let workspace: toml::Table =
        toml::from_str(&read("Cargo.toml")).expect("the workspace's manifest");
    let members = workspace["workspace"]["members"].as_array().expect("members").iter();
    members.map(|own| read(&format!("{}/Cargo.toml", own.as_str().expect("a path")))).collect()
}

/// The files that name what can be measured.
fn measures() -> String {
    ["main.rs", "suites/growth.rs", "suites/requests.rs"]
        .map(|file| read(&format!("benches/src/{file}")))
        .concat()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).expect(path)
}
