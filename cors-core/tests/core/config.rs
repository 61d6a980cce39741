//! Policies from files: the same vocabulary, the same checks, and back to text without a loss.

use cors_core::{Key, Policy, PolicyBuilder};

const EVERYTHING: &str = r#"
allow_origins = ["http://intranet.example", "https://*.example.com:*"]
allow_methods = ["PUT"]
allow_headers = ["Content-Type"]
expose_headers = ["ETag"]
allow_credentials = true
max_age = "10m"
dangerously_expose_any_header = true
dangerously_allow_insecure_origins = true
"#;

#[test]
fn a_file_says_what_the_builder_says() {
    let built = Policy::builder()
        .allow_origins(["https://*.example.com:*", "http://intranet.example"])
        .allow_methods(["PUT"])
        .allow_headers(["Content-Type"])
        .expose_headers(["ETag"])
        .allow_credentials(true)
        .max_age(std::time::Duration::from_secs(10 * 60))
        .dangerously_expose_any_header(true)
        .dangerously_allow_insecure_origins(true)
        .build()
        .unwrap();
    assert_eq!(toml::from_str::<Policy>(EVERYTHING).unwrap(), built);
    let json = r#"{"allow_origins": ["*"], "max_age": 5}"#;
    let policy: Policy = serde_json::from_str(json).unwrap();
    assert!(policy.allow_origins().is_any());
}

#[test]
fn a_policy_is_written_as_its_settings() {
    let policy: Policy = toml::from_str(EVERYTHING).unwrap();
    let expected = "allow_origins = [\"http://intranet.example\", \"https://*.example.com:*\"]\n\
        allow_methods = [\"PUT\"]\n\
        allow_headers = [\"Content-Type\"]\n\
        expose_headers = [\"ETag\"]\n\
        allow_credentials = true\n\
        max_age = 600\n\
        dangerously_expose_any_header = true\n\
        dangerously_allow_insecure_origins = true\n";
    assert_eq!(toml::to_string(&policy).unwrap(), expected);
    assert_eq!(toml::to_string(&Policy::default()).unwrap(), "");
}

#[test]
fn credentials_of_a_list_are_written_as_a_list() {
    let text = "allow_origins = [\"*\"]\nallow_credentials = [\"https://a.example\"]\n";
    let policy: Policy = toml::from_str(text).unwrap();
    assert_eq!(toml::to_string(&policy).unwrap(), text);
    let builder = Policy::builder().allow_origins(["*"]).allow_credentials(["https://a.example"]);
    assert_eq!(builder.build().unwrap(), policy);
}

#[test]
fn everything_wrong_in_a_file_is_said_at_once() {
    let text = r#"
        allow_origins = ["https://a.example/", "https://b.example"]
        expose_header = ["ETag"]
        allow_methods = "PUT"
        allow_headers = [7]
        max_age = -1
        allow_credentials = 1.5
        dangerously_allow_null_origin = "yes"
    "#;
    let builder: PolicyBuilder = toml::from_str(text).unwrap();
    let errors = builder.build().unwrap_err();
    let mut found: Vec<(&str, Option<Key>)> =
        errors.iter().map(|error| (error.code(), error.key)).collect();
    // a format need not keep the order of its names
    found.sort_unstable();
    let expected = [
        ("CORS005", Some(Key::AllowOrigins)),
        ("CORS050", Some(Key::MaxAge)),
        ("CORS052", None),
        ("CORS060", None),
        ("CORS063", Some(Key::AllowMethods)),
        ("CORS063", Some(Key::AllowCredentials)),
        ("CORS076", Some(Key::AllowHeaders)),
    ];
    assert_eq!(found, expected);
    let text = serde_json::from_str::<Policy>(r#"{"max_age": "x", "allow_origins": [""]}"#)
        .unwrap_err()
        .to_string();
    assert!(text.starts_with("[CORS050] "), "{text}");
    assert!(text.contains("\n[CORS001] "), "{text}");
}

#[test]
fn a_name_that_stands_twice_is_refused() {
    for (json, code) in [
        (r#"{"max_age": 1, "max_age": 2}"#, "CORS061"),
        (r#"{"disable": true, "disable": false}"#, "CORS061"),
    ] {
        let builder: PolicyBuilder = serde_json::from_str(json).unwrap();
        assert_eq!(builder.build().unwrap_err().first().code(), code, "{json}");
    }
}

#[test]
fn a_file_can_turn_cors_off_and_keep_its_settings() {
    let text = format!("{EVERYTHING}disable = true\n");
    let policy: Policy = toml::from_str(&text).unwrap();
    assert!(policy.is_disabled());
    assert_eq!(toml::to_string(&policy).unwrap(), "disable = true\n");
    let wrong = format!("{EVERYTHING}disable = true\nmax_ages = 5\n");
    assert!(toml::from_str::<Policy>(&wrong).is_err());
}

#[test]
fn code_and_environment_win_over_the_file() {
    let file: PolicyBuilder =
        toml::from_str("allow_headers = [\"X-File\"]\nmax_age = 5\nallow_credentials = true\n")
            .unwrap();
    let policy = file
        .allow_headers(["X-Code"])
        .from_env_with(|name| (name == "CORS_MAX_AGE").then(|| "7".into()))
        .build()
        .unwrap();
    let values =
        [Key::AllowHeaders, Key::MaxAge, Key::AllowCredentials].map(|key| policy.value_of(key));
    assert_eq!(
        values.each_ref().map(Option::as_deref),
        [Some("X-Code"), Some("7 s"), Some("true")]
    );
}
