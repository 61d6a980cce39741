//! Code, file, environment: later wins, setting by setting.

use cors_core::{Key, Policy, PolicyBuilder, Reason, Source};

use super::support::{Json, Toml, Yaml, file, lines, name};

const APP: &str = "https://app.example.com";

fn code() -> PolicyBuilder {
    Policy::builder()
        .allow_origins([APP])
        .allow_headers(["X-Code"])
        .max_age(std::time::Duration::from_secs(1))
}

fn with_variables(builder: PolicyBuilder, variables: &[(&str, &str)]) -> PolicyBuilder {
    builder.from_env_with(|name| {
        variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into())
    })
}

#[test]
fn a_file_stands_between_code_and_environment_wherever_it_is_called() {
    let text = "allow_headers = [\"X-File\"]\nmax_age = \"2s\"\nexpose_headers = [\"ETag\"]";
    let variables = [("CORS_MAX_AGE", "3")];
    let early = with_variables(
        Policy::builder()
            .with_file(file(Toml, text))
            .allow_origins([APP])
            .allow_headers(["X-Code"])
            .max_age(std::time::Duration::from_secs(1)),
        &variables,
    );
    let late = with_variables(code(), &variables).with_file(file(Toml, text));
    for builder in [early, late] {
        let layered = builder.build_layered().unwrap();
        let expected = [
            (Key::AllowOrigins, APP, "base policy"),
            (Key::AllowHeaders, "X-File", "cors.toml:1:1"),
            (Key::MaxAge, "3 s", "environment variable CORS_MAX_AGE"),
            (Key::ExposeHeaders, "ETag", "cors.toml:3:1"),
        ];
        for (key, value, source) in expected {
            assert_eq!(layered.policy().value_of(key).as_deref(), Some(value), "{key}");
            let last = layered.contributions(key).last().unwrap();
            assert_eq!(last.source.to_string(), source, "{key}");
        }
        let text = cors_core::Report::new(layered, Vec::new()).to_string();
        assert!(text.contains("[= cors.toml:3:1]"), "{text}");
    }
}

#[test]
fn another_file_takes_the_place_of_the_first() {
    let first = code().with_file(file(Toml, "allow_headers = [\"X-File\"]"));
    let second = first.clone().with_file(file(Json, "{\"expose_headers\": [\"ETag\"]}"));
    let values = |builder: &PolicyBuilder| {
        let policy = builder.build().unwrap();
        [Key::AllowHeaders, Key::ExposeHeaders].map(|key| policy.value_of(key).unwrap_or_default())
    };
    assert_eq!(values(&first), ["X-File", ""]);
    assert_eq!(values(&second), ["X-Code", "ETag"]);
    assert_eq!(second.file().unwrap().name(), "cors.json");
}

#[test]
fn off_and_consents_are_settings_like_others() {
    let disabled = "disable = true";
    let variable = |value: &'static str| vec![("CORS_DISABLE", value)];
    // what the code says, the file, the variables, and who has disabled CORS in the end
    let rows = [
        (false, disabled, vec![], Some("cors.toml:1:1")),
        (true, "disable = false", vec![], None),
        (true, "", vec![], Some("base policy")),
        (false, disabled, variable("false"), None),
        (false, "disable = false", variable("true"), Some("environment variable CORS_DISABLE")),
        // the stricter way counts, as it does where a variable says it
        (true, "external = true", vec![], Some("base policy")),
        (false, "external = true", variable("true"), Some("environment variable CORS_DISABLE")),
    ];
    for (code_says, text, variables, by) in rows {
        let builder = code().disable(code_says).with_file(file(Toml, text));
        let layered = with_variables(builder, &variables).build_layered().unwrap();
        assert_eq!(layered.policy().is_disabled(), by.is_some(), "{text} {variables:?}");
        if let Some(by) = by {
            let (_, source) = layered.setting_behind(Reason::Disabled).unwrap();
            assert_eq!(source.to_string(), by, "{text}");
        }
    }
    let null = || Policy::builder().allow_origins(["null"]);
    let with =
        |builder: PolicyBuilder, text: &str| lines(builder.with_file(file(Toml, text)).build());
    assert!(with(null(), "dangerously_allow_null_origin = true").is_empty());
    let taken_back =
        with(null().dangerously_allow_null_origin(true), "dangerously_allow_null_origin = false");
    assert!(taken_back[0].starts_with("[CORS015] origin `null`"), "{taken_back:?}");
}

#[test]
fn everything_wrong_in_code_file_and_environment_is_said_at_once() {
    let builder = Policy::builder().allow_headers(["X Y"]).with_file(file(
        Yaml,
        "max_age: soon\nallow_origins: [a.example]\nx: 1\nscopes: [{path: /}]",
    ));
    let builder = with_variables(builder, &[("CORS_EXPOSE_HEADERS", "E Tag;")]);
    let found = lines(builder.build());
    let codes: Vec<&str> = found.iter().map(|line| &line[1..8]).collect();
    assert_eq!(
        codes,
        ["CORS040", "CORS050", "CORS003", "CORS060", "CORS068", "CORS073"],
        "{found:#?}"
    );
    assert!(found[2].contains("cors.yaml:2:17: "), "{found:#?}");
    assert!(found[4].contains("cors.yaml:4:17: "), "{found:#?}");
}

/// One of the two may be in the file and the other in code.
#[test]
fn settings_that_must_not_stand_together_are_told_with_both_places() {
    let found = lines(
        code()
            .allow_credentials(true)
            .with_file(file(Json, "{\"allow_origins\": [\"*\"]}"))
            .build(),
    );
    let expected = "[CORS019] cors.json:1:20: `allow_origins = [\"*\"]` (cors.json:1:2) cannot be combined with \
                    `allow_credentials = true` (base policy); list the origins, or name those that may send cookies, \
                    as in `allow_credentials = [\"https://app.example.com\"]`";
    assert_eq!(found, [expected]);
    let found = lines(
        Policy::builder()
            .allow_origins(["*"])
            .with_file(file(Toml, "allow_credentials = true"))
            .build(),
    );
    let expected = "[CORS019] `allow_origins = [\"*\"]` (base policy) cannot be combined with \
                    `allow_credentials = true` (cors.toml:1:1); list the origins, or name those that may send cookies, \
                    as in `allow_credentials = [\"https://app.example.com\"]`";
    assert_eq!(found, [expected]);
}

#[test]
fn a_source_names_the_file_without_the_place_if_it_is_to_be_short() {
    for format in [Toml, Json, Yaml] {
        let text = if format == Json { "{\"max_age\": 5}" } else { "max_age: 5" };
        let text = if format == Toml { "max_age = 5" } else { text };
        let layered = Policy::builder().with_file(file(format, text)).build_layered().unwrap();
        let source = &layered.contributions(Key::MaxAge)[0].source;
        assert!(matches!(source, Source::File(_)));
        assert_eq!(format!("{source:#}"), name(format));
    }
}
