//! What variables of the environment are called, and how their values are written.

use cors_core::{ConfigErrors, Key, LayeredPolicy, Policy};

fn build(variables: &[(&str, &str)]) -> Result<LayeredPolicy, ConfigErrors> {
    Policy::builder()
        .from_env_with(|name| {
            variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into())
        })
        .allow_origins(["https://code.example"])
        .build_layered()
}

#[test]
fn a_list_has_two_names_which_may_be_set_to_the_same() {
    let table = [
        (Key::AllowOrigins, "CORS_ALLOW_ORIGINS", "CORS_ALLOWED_ORIGINS", "https://a.example"),
        (Key::AllowMethods, "CORS_ALLOW_METHODS", "CORS_ALLOWED_METHODS", "PATCH, PUT"),
        (Key::AllowHeaders, "CORS_ALLOW_HEADERS", "CORS_ALLOWED_HEADERS", "X-A"),
        (Key::ExposeHeaders, "CORS_EXPOSE_HEADERS", "CORS_EXPOSED_HEADERS", "ETag"),
    ];
    for (key, name, other, value) in table {
        let variables: [&[(&str, &str)]; 3] =
            [&[(name, value)], &[(other, value)], &[(name, value), (other, value)]];
        for variables in variables {
            let layered = build(variables).unwrap();
            assert_eq!(layered.policy().value_of(key).as_deref(), Some(value), "{variables:?}");
        }
        let errors = build(&[(name, value), (other, "*")]).unwrap_err();
        assert_eq!(errors.first().code(), "CORS071");
    }
}

#[test]
fn a_variable_with_nearly_the_right_name_is_told_it() {
    let table = [
        ("CORS_ORIGINS", "CORS_ALLOW_ORIGINS"),
        ("CORS_ALLOW_ORIGIN", "CORS_ALLOW_ORIGINS"),
        ("CORS_ALLOWED_ORIGIN", "CORS_ALLOW_ORIGINS"),
        ("CORS_METHODS", "CORS_ALLOW_METHODS"),
        ("CORS_HEADERS", "CORS_ALLOW_HEADERS"),
        ("CORS_EXPOSED_HEADER", "CORS_EXPOSE_HEADERS"),
        ("CORS_CREDENTIALS", "CORS_ALLOW_CREDENTIALS"),
        ("CORS_MAXAGE", "CORS_MAX_AGE"),
        ("CORS_DISABLED", "CORS_DISABLE"),
    ];
    for (name, right) in table {
        let lints = build(&[(name, "x")]).unwrap().lints();
        let messages: Vec<String> = lints.iter().map(ToString::to_string).collect();
        let expected =
            format!("environment variable {name}: `{name}` is not read; write `{right}`");
        assert_eq!(messages, [expected]);
        assert_eq!(lints[0].code(), "CORS117");
    }
    // it may be another component's
    for right in ["CORS_ALLOW_ORIGINS", "CORS_ALLOWED_ORIGINS"] {
        let variables = [("CORS_ORIGINS", "x"), (right, "https://a.example")];
        assert_eq!(build(&variables).unwrap().lints(), []);
    }
    assert_eq!(build(&[("CORS_SOMETHING_ELSE", "x")]).unwrap().lints(), []);
}

/// Each of these was read as it is, or explained by something else.
#[test]
fn another_notation_is_told_the_right_one() {
    let origins = "https://a.example, https://b.example";
    let table = [
        ("CORS_ALLOW_ORIGINS", "\"*\"", "*"),
        ("CORS_ALLOW_ORIGINS", "[\"*\"]", "*"),
        ("CORS_ALLOW_ORIGINS", "'https://a.example'", "https://a.example"),
        ("CORS_ALLOW_ORIGINS", "[\"https://a.example\", \"https://b.example\"]", origins),
        ("CORS_ALLOW_ORIGINS", "https://a.example https://b.example", origins),
        ("CORS_ALLOW_ORIGINS", "https://a.example;https://b.example", origins),
        ("CORS_ALLOW_ORIGINS", "https://a.example|https://b.example", origins),
        ("CORS_ALLOW_ORIGINS", "https://a.example\nhttps://b.example\n", origins),
        ("CORS_ALLOW_ORIGINS", "'https://a.example/'; \"b.example\"", origins),
        ("CORS_ALLOW_ORIGINS", "[http://[::1]:3000]", "http://[::1]:3000"),
        ("CORS_ALLOW_METHODS", "GET|PUT", "GET, PUT"),
        ("CORS_ALLOW_METHODS", "GET PUT", "GET, PUT"),
        ("CORS_ALLOW_METHODS", "['GET', 'PUT']", "GET, PUT"),
        ("CORS_ALLOW_HEADERS", "'X-A, X-B'", "X-A, X-B"),
        ("CORS_ALLOW_HEADERS", "X-A|X-B", "X-A, X-B"),
        ("CORS_ALLOW_HEADERS", "X-A;X-B", "X-A, X-B"),
        ("CORS_EXPOSE_HEADERS", "\"ETag\"", "ETag"),
        ("CORS_EXPOSE_HEADERS", "\"any\"", "*"),
        ("CORS_MAX_AGE", "\"10m\"", "10m"),
        ("CORS_ALLOW_CREDENTIALS", "'true'", "true"),
        ("CORS_DISABLE", "\"true\"", "true"),
    ];
    for (name, value, write) in table {
        let errors = build(&[(name, value)]).unwrap_err();
        let error = errors.first();
        assert_eq!((errors.iter().count(), error.code()), (1, "CORS073"), "{error}");
        assert_eq!(error.correction().as_deref(), Some(write), "{error}");
        assert!(error.to_string().ends_with(&format!("; write `{write}`")), "{error}");
        assert!(build(&[(name, write)]).is_ok(), "{write}");
    }
}

#[test]
fn any_and_all_are_told_to_be_a_star() {
    for name in
        ["CORS_ALLOW_ORIGINS", "CORS_ALLOW_METHODS", "CORS_ALLOW_HEADERS", "CORS_EXPOSE_HEADERS"]
    {
        for value in ["any", "all", "ALL", "Any"] {
            let errors = build(&[(name, value)]).unwrap_err();
            let error = errors.first();
            assert_eq!(
                (error.code(), error.correction()),
                ("CORS074", Some("*".into())),
                "{error}"
            );
        }
    }
}

#[test]
fn a_loopback_host_without_a_scheme_is_told_http() {
    let table = [
        ("localhost:3000", "http://localhost:3000"),
        ("localhost", "http://localhost"),
        ("localhost:*", "http://localhost:*"),
        ("app.localhost:3000", "http://app.localhost:3000"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("app.example.com:3000", "https://app.example.com:3000"),
    ];
    for (value, write) in table {
        let errors = build(&[("CORS_ALLOW_ORIGINS", value)]).unwrap_err();
        assert_eq!(errors.first().correction().as_deref(), Some(write), "{value}");
    }
}
