//! Settings in files and in the environment, each read as an application reads it.

use std::collections::HashMap;

use cors_actix::{Cors, CorsBuilder, FileFormat, PolicyBuilder, PolicyFile, report::Lint};
use cors_tests_docs::{Block, Page, blocks, pages};

/// An application's file, of which a table is the policy.
#[derive(serde::Deserialize)]
struct Settings {
    cors: PolicyBuilder,
}

/// Does something with each block of a language.
fn each(language: &str, mut run: impl FnMut(&Page, &Block)) {
    let mut count = 0;
    for page in pages() {
        for block in blocks(&page.text).iter().filter(|block| block.language == language) {
            run(&page, block);
            count += 1;
        }
    }
    assert!(count > 0, "no block of {language}");
}

#[test]
fn every_language_is_one_that_is_checked() {
    // the lines of that page are those of `tests/apps`, which compiles them
    for page in pages().into_iter().filter(|page| page.name != "docs/apps.md") {
        for block in blocks(&page.text) {
            let language = block.language.as_str();
            let is_checked = ["rust", "rust,no_run", "toml", "sh", "text"].contains(&language);
            assert!(is_checked, "{}:{}: `{language}`", page.name, block.line);
        }
    }
}

#[test]
fn every_file_loads() {
    each("toml", |page, block| {
        let place = format!("{}:{}", page.name, block.line);
        if block.code.starts_with("[dependencies]") {
            assert_dependencies(&block.code, &place);
            return;
        }
        let table: toml::Table = toml::from_str(&block.code).expect(&place);
        let cors = if table.contains_key("cors") {
            let settings: Settings = toml::from_str(&block.code).expect(&place);
            CorsBuilder::from(settings.cors)
        } else {
            let file = PolicyFile::parse(&place, FileFormat::Toml, &block.code);
            Cors::builder().with_file(file)
        };
        assert_eq!(cors.build().err(), None, "{place}");
    });
}

/// What a page asks for in `Cargo.toml` has to be there.
fn assert_dependencies(code: &str, place: &str) {
    let manifest: toml::Table =
        toml::from_str(include_str!("../../cors-actix/Cargo.toml")).unwrap();
    let asked: toml::Table = toml::from_str(code).expect(place);
    let asked = &asked["dependencies"]["cors-actix"];
    for feature in asked.get("features").and_then(toml::Value::as_array).into_iter().flatten() {
        let feature = feature.as_str().expect(place);
        assert!(manifest["features"].get(feature).is_some(), "{place}: {feature}");
    }
}

#[test]
fn every_variable_is_read() {
    let mut count = 0;
    each("sh", |page, block| {
        let place = format!("{}:{}", page.name, block.line);
        let lines = block.code.lines().filter(|line| line.starts_with("CORS_"));
        let variables: HashMap<&str, &str> =
            lines.map(|line| line.split_once('=').expect("a value")).collect();
        assert_eq!(lints(&variables, &place), [""; 0], "{place}");
        for (name, value) in &variables {
            let alone = lints(&HashMap::from([(*name, *value)]), &place);
            assert!(!alone.contains(&"CORS117"), "{place}: `{name}` is not read");
            count += 1;
        }
    });
    assert!(count > 0);
}

/// The codes of what is surely a mistake in variables, which have to be right in themselves.
fn lints(variables: &HashMap<&str, &str>, place: &str) -> Vec<&'static str> {
    let found = |name: &str| variables.get(name).map(Into::into);
    let policy = PolicyBuilder::default().from_env_with(found).build_layered();
    let policy = policy.unwrap_or_else(|errors| panic!("{place}: {errors}"));
    policy.lints().iter().map(Lint::code).collect()
}
