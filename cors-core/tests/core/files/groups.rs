//! Groups of origins in a file: over those of the code, under those of the environment.

use cors_core::{Policy, PolicyBuilder};

use super::support::{Json, Toml, Yaml, errors, file};

const ADMIN: &str = "https://admin.example.com";

fn origins(builder: &PolicyBuilder) -> Vec<String> {
    let policy = builder.build().unwrap_or_else(|errors| panic!("{errors}"));
    policy.allow_origins().members().map(ToString::to_string).collect()
}

fn with_variables(builder: PolicyBuilder, variables: &[(&str, &str)]) -> PolicyBuilder {
    builder.from_env_with(|name| {
        variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into())
    })
}

#[test]
fn a_list_is_that_of_the_last_layer_that_has_one() {
    let code = || Policy::builder().origin_group("admin", [ADMIN]).allow_origins(["@admin"]);
    let texts = [
        file(Toml, "[origin_groups]\nadmin = [\"https://file.example\"]"),
        file(Json, r#"{"origin_groups": {"admin": ["https://file.example"]}}"#),
        file(Yaml, "origin_groups:\n  admin: [https://file.example]"),
    ];
    let variable = [("CORS_ORIGINS_ADMIN", "https://variable.example")];
    assert_eq!(origins(&code()), [ADMIN]);
    assert_eq!(origins(&with_variables(code(), &variable)), ["https://variable.example"]);
    for text in texts {
        let with_file = code().with_file(text.clone());
        assert_eq!(origins(&with_file), ["https://file.example"]);
        let with_both = with_variables(with_file, &variable);
        assert_eq!(origins(&with_both), ["https://variable.example"]);
        // of a group that the file alone defines as well
        let alone = Policy::builder().allow_origins(["@admin"]).with_file(text);
        assert_eq!(origins(&alone), ["https://file.example"]);
        assert_eq!(origins(&with_variables(alone, &variable)), ["https://variable.example"]);
    }
}

#[test]
fn what_is_wrong_with_a_group_has_its_place() {
    let rows = [
        ("admin = [\"https://a.example/\"]", vec!["cors.toml:2:10: origin `https://a.example/`"]),
        (
            "admin = [\"*\", \"@b\"]",
            vec!["cors.toml:2:10: origin group `admin`", "cors.toml:2:15: "],
        ),
        ("\"Admin UI\" = []", vec!["cors.toml:2:1: origin group `Admin UI` has an invalid name"]),
        ("a-b = []\na_b = []", vec!["cors.toml:3:1: "]),
        ("admin = []\nadmin = []", vec!["cors.toml:3:1: `admin` is given twice"]),
    ];
    for (text, expected) in rows {
        let text = format!("[origin_groups]\n{text}");
        let found = errors(Toml, &text);
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (line, start) in found.iter().zip(expected) {
            assert!(line.contains(start), "{line}: {start}");
        }
    }
}

/// The place of the list in the file was named, and not the variable that had brought the origin.
#[test]
fn a_conflict_names_the_variable_behind_a_group_in_a_file() {
    let text = "allow_origins = [\"@admin\"]\nallow_credentials = true";
    let code = Policy::builder().origin_group("admin", [ADMIN]).with_file(file(Toml, text));
    let errors = with_variables(code, &[("CORS_ORIGINS_ADMIN", "http://admin.test")]).build();
    let line = errors.unwrap_err().first().to_string();
    let start = "origin group `admin` of environment variable CORS_ORIGINS_ADMIN: origin `http://admin.test` \
                 (cors.toml:1:1) is not https";
    assert!(line.starts_with(start), "{line}");
}
