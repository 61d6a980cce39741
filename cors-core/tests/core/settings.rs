//! Settings that are given twice, in a loop, in vain, or in a file with a value of another kind.

use cors_core::{Key, Override, OverrideBuilder, Policy, PolicyBuilder, Source};

const APP: &str = "https://app.example.com";
const ADMIN: &str = "https://admin.example.com";

fn base() -> PolicyBuilder {
    Policy::builder().allow_origins([APP])
}

fn codes(builder: &PolicyBuilder) -> Vec<&'static str> {
    builder.build().err().into_iter().flatten().map(|error| error.code()).collect()
}

fn codes_of(builder: &OverrideBuilder) -> Vec<&'static str> {
    let built = builder.build(&Source::Here);
    built.err().into_iter().flatten().map(|error| error.code()).collect()
}

/// `.allow_origins(a).allow_origins(b)` kept `b`, in silence.
#[test]
fn a_setter_called_twice_kept_the_second_value() {
    let minute = std::time::Duration::from_secs(60);
    let twice = [
        base().allow_origins([ADMIN]),
        base().allow_origins([APP]),
        base().add_allow_origins([ADMIN]).allow_origins([APP]),
        Policy::builder().add_allow_origins([ADMIN]).allow_origins([APP]),
        base().allow_headers(["X-A"]).allow_headers(["X-B"]),
        base().allow_methods(["PUT"]).allow_methods(["*"]),
        base().expose_headers(["ETag"]).expose_headers(["Link"]),
        base().max_age(minute).max_age(minute),
        base().allow_credentials(true).allow_credentials(false),
        base().allow_credentials([APP]).allow_credentials([ADMIN]),
        base().dangerously_expose_any_header(true).dangerously_expose_any_header(false),
        base().disable(true).disable(false),
        base().dangerously_allow_null_origin(true).dangerously_allow_null_origin(true),
    ];
    for builder in twice {
        assert_eq!(codes(&builder), ["CORS075"], "{builder:?}");
    }
    let layer = Override::builder;
    let twice = [
        layer().allow_headers(["X-A"]).allow_headers(["X-B"]),
        layer().add_allow_headers(["X-A"]).allow_headers(["X-B"]),
        layer().max_age(minute).max_age(minute),
    ];
    for builder in twice {
        assert_eq!(codes_of(&builder), ["CORS075"], "{builder:?}");
    }
    for builder in [
        layer().add_allow_headers(["X-A"]).remove_allow_headers(["X-B"]),
        layer().allow_headers(["X-A"]).remove_allow_headers(["X-A"]),
    ] {
        let errors = builder.build(&Source::Here).unwrap_err();
        let message = "`remove_allow_headers` stands beside `allow_headers` or `add_allow_headers` in one override; \
                       write the list that is meant, or put the two into layers of their own";
        assert_eq!(
            (errors.first().code(), errors.first().message()),
            ("CORS078", message.to_owned())
        );
    }
    let message = |builder: &PolicyBuilder| builder.build().unwrap_err().first().message();
    assert_eq!(
        message(&base().allow_origins([ADMIN])),
        "`allow_origins` is called twice, and one call would replace the other; give one list, or add to it in a \
         loop by `add_allow_origins`"
    );
    assert_eq!(
        message(&base().max_age(minute).max_age(minute)),
        "`max_age` is called twice, and one call would replace the other; keep one"
    );
}

/// The last origin of a loop stayed.
#[test]
fn a_loop_over_a_configuration_adds() {
    let configured = [APP, ADMIN, APP];
    let in_a_loop = |start: PolicyBuilder| {
        configured.iter().fold(start, |own, origin| own.add_allow_origins([origin]))
    };
    let whole = Policy::builder().allow_origins([APP, ADMIN]).build().unwrap();
    assert_eq!(in_a_loop(Policy::builder()).build().unwrap(), whole);
    assert_eq!(in_a_loop(base()).build().unwrap(), whole);

    // `*` alone is any, and beside others it is an error, as in one list
    let any = Policy::builder().add_allow_origins(["*"]);
    assert!(any.build().unwrap().allow_origins().is_any());
    assert_eq!(codes(&in_a_loop(any)), ["CORS018"]);
    // each value is checked
    assert_eq!(codes(&in_a_loop(base().add_allow_origins(["app.example.com"]))), ["CORS003"]);

    let layer = Override::builder().add_allow_headers(["X-A"]).add_allow_headers(["X-B"]);
    let layer = layer.remove_expose_headers(["ETag"]).remove_expose_headers(["Link"]);
    let layer = layer.allow_methods(["PUT"]).add_allow_methods(["PATCH"]);
    let exposing = base().expose_headers(["ETag", "Link", "Age"]).build_layered().unwrap();
    let merged = exposing.apply(&layer.build(&Source::Here).unwrap(), &Source::Here, &[]).unwrap();
    let value = |key| merged.policy().value_of(key);
    assert_eq!(value(Key::AllowHeaders).as_deref(), Some("X-A, X-B"));
    assert_eq!(value(Key::ExposeHeaders).as_deref(), Some("Age"));
    assert_eq!(value(Key::AllowMethods).as_deref(), Some("PATCH, PUT"));
}

#[cfg(feature = "serde")]
fn file(text: &str) -> PolicyBuilder {
    toml::from_str(text).unwrap()
}

/// A later layer may replace.
#[cfg(feature = "serde")]
#[test]
fn code_replaces_what_a_file_says_and_adds_to_it() {
    let value = |builder: &PolicyBuilder, key| builder.build().unwrap().value_of(key);
    let start =
        || file("allow_origins = [\"https://app.example.com\"]\nmax_age = 60\ndisable = true");
    let replaced = start().allow_origins([ADMIN]).disable(false);
    assert_eq!(value(&replaced, Key::AllowOrigins).as_deref(), Some(ADMIN));
    assert_eq!(value(&replaced, Key::MaxAge).as_deref(), Some("60 s"));
    let added = start().add_allow_origins([ADMIN]).disable(false);
    let both = "https://admin.example.com, https://app.example.com";
    assert_eq!(value(&added, Key::AllowOrigins).as_deref(), Some(both));
    let variable = |name: &str| (name == "CORS_ALLOW_ORIGINS").then(|| APP.into());
    let by_variable = added.from_env_with(variable);
    assert_eq!(value(&by_variable, Key::AllowOrigins).as_deref(), Some(APP));
    assert_eq!(codes(&start().allow_origins([ADMIN]).allow_origins([APP])), ["CORS075"]);
}

/// They were told to expect a list, or a flag, without a word of the value.
#[cfg(feature = "serde")]
#[test]
fn a_value_of_another_kind_in_a_file_is_named() {
    let origins = "a list, such as `[\"https://app.example.com\"]`";
    let headers = "a list, such as `[\"X-Request-Id\"]`";
    let element = |key: &str, element: &str, holds: &str| {
        format!("`{key}` has the element `{element}`, which is no text; it holds {holds}")
    };
    let holds = |key: &str, value: &str, holds: &str| {
        format!("`{key}` is `{value}`, and should be {holds}")
    };
    let seconds = "which is no whole number of seconds; write `600` or `\"10m\"`";
    let rows = [
        ("allow_origins = [\"https://a.example\", 3]", element("allow_origins", "3", origins)),
        ("allow_origins = [true]", element("allow_origins", "true", origins)),
        ("expose_headers = [\"ETag\", [\"Link\"]]", element("expose_headers", "[…]", headers)),
        ("allow_headers = [{ name = \"X-A\" }]", element("allow_headers", "{…}", headers)),
        ("allow_headers = [-1.5]", element("allow_headers", "-1.5", headers)),
        (
            "allow_credentials = [1]",
            element("allow_credentials", "1", &format!("`true`, `false` or {origins}")),
        ),
        ("max_age = 2.0", format!("`max_age` is `2.0`, {seconds}")),
        ("allow_origins = 3", holds("allow_origins", "3", origins)),
        ("allow_origins = \"https://a.example\"", holds("allow_origins", "\"https://a.example\"", origins)),
        ("allow_headers = { a = 1 }", holds("allow_headers", "{…}", headers)),
        (
            "max_age = [600]",
            holds("max_age", "[…]", "seconds or a text with a unit, such as `600` or `\"10m\"`"),
        ),
        ("max_age = 1.5", format!("`max_age` is `1.5`, {seconds}")),
        (
            "max_age = -1",
            "`max_age` is `-1`, which is less than nothing; write `0`, so that browsers remember no preflight"
                .to_owned(),
        ),
        ("disable = \"yes\"", "`disable` is `\"yes\"`; write `true` or `false`".to_owned()),
        ("external = 1", "`external` is `1`; write `true` or `false`".to_owned()),
        (
            "dangerously_allow_null_origin = \"true\"",
            "`dangerously_allow_null_origin` is `\"true\"`; write `true` or `false`".to_owned(),
        ),
    ];
    for (text, message) in rows {
        let errors = file(text).build().unwrap_err();
        assert_eq!(errors.iter().count(), 1, "{text}: {errors}");
        assert_eq!(errors.first().to_string(), message, "{text}");
    }
    // all at once, beside what is wrong with the others
    let text = "allow_origins = [\"https://a.example/\", 3, \"https://b.example\", true]";
    let errors = file(text).build().unwrap_err();
    let errors: Vec<_> = errors.iter().map(|own| (own.code(), own.element)).collect();
    assert_eq!(errors, [("CORS005", Some(0)), ("CORS076", Some(1)), ("CORS076", Some(3))]);
    let json = r#"{ "allow_origins": ["https://a.example", null], "max_age": null }"#;
    let builder: PolicyBuilder = serde_json::from_str(json).unwrap();
    let errors = builder.build().unwrap_err().to_string();
    assert!(errors.contains("`allow_origins` has the element `null`"), "{errors}");
    assert!(errors.contains("`max_age` is `null`"), "{errors}");
}
