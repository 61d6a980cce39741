//! The schema and the parser agree on what a file may hold: on keys, kinds of values, and what has to be there.

use cors_core::{FileFormat, SCHEMA};
use jsonschema::Validator;
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

use super::support::{Json, Yaml, codes};

/// What is wrong with how a file is put together. Other codes are about what the values mean.
const OF_STRUCTURE: [&str; 9] = [
    "CORS050", "CORS052", "CORS060", "CORS063", "CORS067", "CORS076", "CORS086", "CORS087",
    "CORS088",
];

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::validator_for(&schema).unwrap()
}

/// Every key that may stand anywhere in a file, and some that may stand nowhere.
fn keys() -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let of =
        |part: &Value| part["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let definitions = &schema["definitions"];
    let unknown = ["", "allow_origin", "Path", "method", "$schema", "add_max_age", "origins"]
        .map(str::to_owned);
    [of(&schema), of(&definitions["scope"]), of(&definitions["route"]), unknown.to_vec()].concat()
}

fn any_value() -> impl Strategy<Value = Value> {
    select(vec![
        Value::Null,
        json!(true),
        json!(0),
        json!(-1),
        json!(2.0),
        json!(1.5),
        json!(4_294_967_295_u64),
        json!(4_294_967_296_u64),
        json!(1e300),
        json!("text"),
        json!("true"),
        json!("10m"),
        json!("10 m"),
        json!(""),
        json!([]),
        json!(["PUT"]),
        json!(["PUT", 5]),
        json!([null]),
        json!([["PUT"]]),
        json!([{}]),
        json!({}),
        json!({"a": 1}),
        json!({"a": ["https://a.example"]}),
        json!({"a": ["https://a.example", false]}),
    ])
}

/// A value as a key wants it.
fn right_value(key: &str) -> BoxedStrategy<Value> {
    let texts = |values: &'static [&'static str]| {
        proptest::sample::subsequence(values, 0..=values.len()).prop_map(|own| json!(own)).boxed()
    };
    match key {
        "path" => select(vec![json!("/api"), json!("/{id}/x")]).boxed(),
        "methods" => select(vec![json!(["PUT", "GET"]), json!(["*"]), json!([])]).boxed(),
        "max_age" => select(vec![json!(600), json!("10m"), json!(7.0), json!("600")]).boxed(),
        "allow_credentials" => {
            prop_oneof![any::<bool>().prop_map(Value::from), texts(&["https://a.example"])].boxed()
        }
        "origin_groups" => select(vec![json!({}), json!({"a": [], "b": ["x"]})]).boxed(),
        key if key.contains("origins") && !key.starts_with("dangerously") => {
            texts(&["https://a.example", "https://b.example"])
        }
        key if key.ends_with("methods") => texts(&["PUT", "PATCH"]),
        key if key.ends_with("headers") => texts(&["X-A", "X-B"]),
        _ => any::<bool>().prop_map(Value::from).boxed(),
    }
}

fn member() -> impl Strategy<Value = (String, Value)> {
    select(keys()).prop_flat_map(|key| {
        let value = prop_oneof![9 => right_value(&key), 1 => any_value()];
        value.prop_map(move |value| (key.clone(), value))
    })
}

fn table(most: usize) -> impl Strategy<Value = Map<String, Value>> {
    vec(member(), 0..most).prop_map(|members| members.into_iter().collect())
}

fn entry() -> impl Strategy<Value = Value> {
    let paths = prop_oneof![9 => Just(Some(json!("/api"))), 1 => Just(None)];
    let methods = prop_oneof![
        9 => Just(Some(json!(["PUT"]))),
        1 => Just(Some(json!([]))),
        2 => Just(None),
    ];
    (table(3), paths, methods).prop_map(|(mut entry, path, methods)| {
        entry.extend(path.map(|own| ("path".to_owned(), own)));
        entry.extend(methods.map(|own| ("methods".to_owned(), own)));
        Value::Object(entry)
    })
}

fn document() -> impl Strategy<Value = Value> {
    let entries = || option::of(vec(prop_oneof![9 => entry(), 1 => any_value()], 0..3));
    let table = (table(4), entries(), entries()).prop_map(|(mut file, scopes, routes)| {
        file.extend(scopes.map(|own| ("scopes".to_owned(), own.into())));
        file.extend(routes.map(|own| ("routes".to_owned(), own.into())));
        Value::Object(file)
    });
    prop_oneof![30 => table, 1 => any_value()]
}

/// The document in each format that can hold it.
fn written(document: &Value) -> Vec<(FileFormat, String)> {
    let toml = toml::to_string(document).ok().map(|text| (FileFormat::Toml, text));
    let json = (Json, serde_json::to_string(document).unwrap());
    let yaml = (Yaml, serde_saphyr::to_string(document).unwrap());
    toml.into_iter().chain([json, yaml]).collect()
}

fn is_well_formed(format: FileFormat, text: &str) -> bool {
    let found = codes(format, text);
    assert!(!found.contains(&"CORS083"), "{format}: {text}");
    !found.iter().any(|code| OF_STRUCTURE.contains(code))
}

proptest! {
    #![proptest_config(ProptestConfig {
        // few documents are right but for one thing
        cases: ProptestConfig::default().cases * 8,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn schema_and_parser_agree(document in document()) {
        let is_valid = thread_validator(|own| own.is_valid(&document));
        for (format, text) in written(&document) {
            prop_assert_eq!(is_well_formed(format, &text), is_valid, "{}:\n{}", format, text);
        }
    }
}

/// Compiled once.
fn thread_validator<T>(ask: impl FnOnce(&Validator) -> T) -> T {
    thread_local!(static VALIDATOR: Validator = validator());
    VALIDATOR.with(ask)
}

/// The examples that the guide and editors start from.
#[test]
fn the_example_files_say_the_same_and_are_valid() {
    let [toml, json, yaml] = [
        (FileFormat::Toml, include_str!("../../../../examples/files/cors.toml")),
        (Json, include_str!("../../../../examples/files/cors.json")),
        (Yaml, include_str!("../../../../examples/files/cors.yaml")),
    ];
    for (format, text) in [toml, json, yaml] {
        assert_eq!(codes(format, text), [""; 0], "{format}");
        let built = super::support::over_nothing(format, text).build();
        assert_eq!(built, super::support::over_nothing(toml.0, toml.1).build(), "{format}");
    }
    let document: Value = serde_json::from_str(json.1).unwrap();
    assert!(validator().is_valid(&document));
    assert_eq!(toml::from_str::<Value>(toml.1).unwrap(), document);
}
