//! Origins and settings that stopped people, each with what is right.

use cors_core::{
    ConfigError, LayeredPolicy, Lint, Origin, PathMatch, Policy, PolicyBuilder, Presented,
    RouteTable,
};

fn origins(list: &[&str]) -> PolicyBuilder {
    Policy::builder().allow_origins(list)
}

fn is_shared(policy: &LayeredPolicy, origin: &str) -> bool {
    let table = RouteTable::new(policy.policy(), &[], str::to_owned);
    table.actual(PathMatch::NONE, "GET", Presented::One(origin.as_bytes())).is_shared()
}

/// Whether each origin is shared with itself.
fn assert_admitted(list: &[&str]) {
    for origin in list {
        let policy = origins(&[origin]).build_layered();
        let policy = policy.unwrap_or_else(|errors| panic!("{errors}"));
        assert!(is_shared(&policy, origin), "{origin}");
        assert_eq!(policy.lints(), [], "{origin}");
    }
}

/// The code and the correction of the one thing that is wrong.
fn error(builder: &PolicyBuilder) -> (&'static str, Option<String>) {
    let errors = builder.build().unwrap_err();
    assert_eq!(errors.iter().count(), 1, "{errors}");
    (errors.first().code(), errors.first().correction())
}

/// The same of a variable.
fn error_of(name: &str, value: &str) -> (&'static str, Option<String>) {
    error(&environment(&[(name, value)]))
}

fn environment(variables: &[(&str, &str)]) -> PolicyBuilder {
    let value = |name: &str| {
        variables.iter().find(|(own, _)| *own == name).map(|(_, value)| (*value).into())
    };
    origins(&["https://app.example.com"]).from_env_with(value)
}

fn codes(policy: &LayeredPolicy) -> Vec<&'static str> {
    policy.lints().iter().map(Lint::code).collect()
}

/// Each was CORS010.
#[test]
fn a_label_with_a_hyphen_at_its_end_was_an_invalid_host() {
    assert_admitted(&[
        "app://-",
        "app://.",
        "capacitor-electron://-",
        "https://multi-page-.surge.sh",
        "http://pr-.localhost",
        "https://-.example.com",
    ]);
}

/// Chromium sends `http://pr-.localhost`, which was malformed.
#[test]
fn a_page_at_a_label_with_a_hyphen_at_its_end_was_no_subdomain() {
    let policy = origins(&["http://*.localhost:*"]).build_layered().unwrap();
    for origin in ["http://pr-.localhost", "http://pr-.localhost:3000", "http://-.-a.localhost"] {
        assert!(is_shared(&policy, origin), "{origin}");
        assert!(Origin::parse(origin.as_bytes()).is_some(), "{origin}");
    }
}

/// It was CORS008, and the correction matched nothing.
#[test]
fn an_extension_with_an_identifier_in_upper_case_was_told_lower_case() {
    assert_admitted(&[
        "safari-web-extension://7F3B9C1D-0000-4E4B-8D1C-3A7E5D0F9B11",
        "chrome-extension://ABCDEFGHIJKLMNOP",
        "app://MyHost",
    ]);
    let policy = origins(&["app://MyHost"]).build_layered().unwrap();
    assert!(!is_shared(&policy, "app://myhost"));
    // the host of a site has no case
    let expected = ("CORS008", Some("https://app.example.com".to_owned()));
    assert_eq!(error(&origins(&["https://App.example.com"])), expected);
}

/// CORS014 said that it is sent as `null`, and `null` did not admit it.
#[test]
fn a_web_view_with_file_access_was_told_that_it_sends_null() {
    let file = origins(&["file://"]);
    assert_eq!(error(&file), ("CORS025", None));
    let consenting = file.dangerously_allow_file_origin(true);
    let policy = consenting.build_layered().unwrap();
    assert!(is_shared(&policy, "file://") && !is_shared(&policy, "null"));
    assert_eq!(error(&consenting.allow_credentials(true)), ("CORS026", None));
    let null = origins(&["null"]).dangerously_allow_null_origin(true).build_layered().unwrap();
    assert!(!is_shared(&null, "file://"));
    assert_eq!(error(&origins(&["file:///srv/index.html"])).0, "CORS014");
}

/// It was CORS010 in the spelling of Chromium, and without a correction in any other.
#[test]
fn a_mapped_address_was_an_invalid_host() {
    assert_admitted(&["http://[::ffff:7f00:1]:3000", "https://[::ffff:c000:221]"]);
    for written in ["http://[::ffff:127.0.0.1]:3000", "http://[0:0:0:0:0:ffff:7f00:1]:3000"] {
        let expected = ("CORS023", Some("http://[::ffff:7f00:1]:3000".to_owned()));
        assert_eq!(error(&origins(&[written])), expected, "{written}");
    }
}

/// Only `["*"]` was left, which rules credentials out.
#[test]
fn hosts_that_are_made_up_at_installation_were_a_misplaced_wildcard() {
    let table = [
        ("vscode-webview://*", "vscode-webview://1k2j3h4g"),
        ("moz-extension://*", "moz-extension://0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"),
        ("safari-web-extension://*", "safari-web-extension://7F3B9C1D"),
        ("capacitor-electron://*", "capacitor-electron://-"),
    ];
    for (pattern, origin) in table {
        let policy = origins(&[pattern]).build_layered().unwrap();
        assert!(is_shared(&policy, origin) && !is_shared(&policy, "https://a.example"));
        assert_eq!(policy.lints(), [], "{pattern}");
        let credentials = origins(&[pattern]).allow_credentials(true);
        assert_eq!(error(&credentials), ("CORS027", None));
        let consenting = credentials.dangerously_allow_scheme_wildcards(true);
        assert!(is_shared(&consenting.build_layered().unwrap(), origin));
    }
    for web in ["http://*", "https://*", "ws://*", "wss://*", "ftp://*", "file://*", "blob://*"] {
        assert!(origins(&[web]).build().is_err(), "{web}");
    }
    for other in ["filesystem://*", "data://*", "javascript://*", "about://*"] {
        assert!(origins(&[other]).build().is_err(), "{other}");
    }
}

/// The hint led to `https://*.netlify.app`, which admits every tenant.
#[test]
fn a_part_of_a_label_was_told_to_allow_all_subdomains() {
    let app = origins(&["https://app-*.example.com"]).allow_credentials(true);
    let policy = app.build_layered().unwrap();
    assert!(is_shared(&policy, "https://app-42-x.example.com"));
    for origin in [
        "https://app-.example.com",
        "https://app-a.b.example.com",
        "https://app-a_b.example.com",
        "https://evil.example.com",
        "https://app-1.example.com.evil.com",
    ] {
        assert!(!is_shared(&policy, origin), "{origin}");
    }
    for wrong in ["https://app-*", "http://10.0.0.*", "https://a*b*.example.com"] {
        assert_eq!(error(&origins(&[wrong])), ("CORS013", None), "{wrong}");
    }
}

#[cfg(feature = "public-suffix")]
#[test]
fn a_part_of_a_label_that_anybody_may_register_needs_consent_beside_credentials() {
    let preview = origins(&["https://deploy-preview-*--site.netlify.app"]);
    assert_eq!(codes(&preview.build_layered().unwrap()), ["CORS108"]);
    let credentials = preview.allow_credentials(true);
    let errors = credentials.build().unwrap_err();
    assert_eq!(errors.first().code(), "CORS021");
    assert!(errors.to_string().contains("`deploy-preview-attacker--site.netlify.app`"), "{errors}");
    let policy = credentials.dangerously_allow_public_suffixes(true).build_layered().unwrap();
    assert!(is_shared(&policy, "https://deploy-preview-7--site.netlify.app"));
    assert!(!is_shared(&policy, "https://site.netlify.app"));
}

/// `CORS_ALLOWED_ORIGINS` worked, and these did nothing in silence.
#[test]
fn variables_in_the_past_tense_were_ignored() {
    let policy = environment(&[
        ("CORS_ALLOWED_METHODS", "PUT"),
        ("CORS_ALLOWED_HEADERS", "X-A"),
        ("CORS_EXPOSED_HEADERS", "ETag"),
    ]);
    let policy = policy.build_layered().unwrap();
    for (key, value) in [
        (cors_core::Key::AllowMethods, "PUT"),
        (cors_core::Key::AllowHeaders, "X-A"),
        (cors_core::Key::ExposeHeaders, "ETag"),
    ] {
        assert_eq!(policy.policy().value_of(key).as_deref(), Some(value));
    }
    assert_eq!(policy.lints(), []);
}

#[test]
fn variables_with_nearly_the_right_name_were_ignored_in_silence() {
    for name in ["CORS_ORIGINS", "CORS_ALLOW_ORIGIN", "CORS_ORIGIN", "CORS_ALLOWED_ORIGIN"] {
        let policy = environment(&[(name, "https://a.example")]).build_layered().unwrap();
        assert_eq!(codes(&policy), ["CORS117"]);
        assert!(policy.lints()[0].message().ends_with("write `CORS_ALLOW_ORIGINS`"));
    }
}

#[test]
fn methods_with_a_bar_between_them_were_one_method() {
    let expected = ("CORS073", Some("GET, PUT".to_owned()));
    assert_eq!(error_of("CORS_ALLOW_METHODS", "GET|PUT"), expected);
    assert_eq!(error(&Policy::builder().allow_methods(["GET|PUT"])).0, "CORS032");
}

/// The hints were about wildcards and schemes.
#[test]
fn quotes_and_json_lists_had_hints_about_something_else() {
    let table = [
        ("\"*\"", "*"),
        ("'https://a.example'", "https://a.example"),
        ("[\"https://a.example\",\"https://b.example\"]", "https://a.example, https://b.example"),
        ("[]", ""),
    ];
    for (value, write) in table {
        let expected = (value != "[]").then(|| ("CORS073", Some(write.to_owned())));
        match expected {
            Some(expected) => assert_eq!(error_of("CORS_ALLOW_ORIGINS", value), expected),
            None => assert!(environment(&[("CORS_ALLOW_ORIGINS", value)]).build().is_err()),
        }
    }
}

#[test]
fn a_negative_max_age_was_called_no_whole_number() {
    let errors = environment(&[("CORS_MAX_AGE", "-1")]).build().unwrap_err();
    assert_eq!(errors.first().code(), "CORS050");
    assert!(errors.first().message().contains("write `0`"), "{errors}");
}

/// Both bytes may stand in a token.
#[test]
fn quotes_and_bars_were_parts_of_a_header_name() {
    for value in ["'X-A, X-B'", "X-A|X-B"] {
        let expected = ("CORS073", Some("X-A, X-B".to_owned()));
        assert_eq!(error_of("CORS_ALLOW_HEADERS", value), expected);
    }
    for name in ["'X-A", "X-A|X-B"] {
        assert_eq!(error(&Policy::builder().allow_headers([name])).0, "CORS044", "{name}");
        assert_eq!(error(&Policy::builder().expose_headers([name])).0, "CORS044", "{name}");
    }
}

#[test]
fn origins_without_a_comma_between_them_were_an_invalid_host() {
    for separator in [" ", ";", "|", "\n", "; ", "\r\n", " | "] {
        let value = format!("https://a.example{separator}https://b.example");
        let expected = ("CORS073", Some("https://a.example, https://b.example".to_owned()));
        assert_eq!(error_of("CORS_ALLOW_ORIGINS", &value), expected, "{value:?}");
    }
    let errors = environment(&[("CORS_ALLOW_ORIGINS", "https://a.example https://b.example")]);
    let message = errors.build().unwrap_err().first().message();
    assert!(message.contains("commas alone separate the elements of a list"), "{message}");
}

#[test]
fn any_and_all_were_names_and_hosts() {
    for name in ["CORS_ALLOW_ORIGINS", "CORS_ALLOW_METHODS", "CORS_ALLOW_HEADERS"] {
        for value in ["any", "all", "ALL"] {
            assert_eq!(error_of(name, value), ("CORS074", Some("*".to_owned())), "{name}={value}");
        }
    }
}

#[test]
fn a_loopback_host_without_a_scheme_was_told_https() {
    for value in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "app.localhost:3000"] {
        let expected = ("CORS003", Some(format!("http://{value}")));
        assert_eq!(error_of("CORS_ALLOW_ORIGINS", value), expected);
    }
    let expected = ("CORS003", Some("https://app.example.com:3000".to_owned()));
    assert_eq!(error_of("CORS_ALLOW_ORIGINS", "app.example.com:3000"), expected);
}

/// It built, and no page has such an origin.
#[test]
fn the_origin_of_a_web_socket_was_accepted() {
    let table = [
        ("ws://a.example", "http://a.example"),
        ("wss://a.example", "https://a.example"),
        ("wss://app-*.example.com", "https://app-*.example.com"),
    ];
    for (written, right) in table {
        assert_eq!(error(&origins(&[written])), ("CORS024", Some(right.to_owned())));
    }
}

/// People copy such lists.
#[test]
fn headers_that_scripts_cannot_set_were_errors() {
    let copied = ["Cookie", "Accept-Encoding", "Origin", "User-Agent", "X-A"];
    let policy = origins(&["https://a.example"]).allow_headers(copied).build_layered().unwrap();
    assert_eq!(codes(&policy), ["CORS116", "CORS116", "CORS116"]);
    let cookie = policy.lints().into_iter().find(|lint| &*lint.value == "Cookie").unwrap();
    assert!(cookie.message().contains("`allow_credentials`"), "{cookie}");
}

/// What is no text is refused with a code, as any other origin.
#[test]
fn an_origin_of_bytes_that_are_no_text_is_an_error() {
    let errors = Policy::builder().allow_origins([b"https://\xff.example"]).build().unwrap_err();
    assert_eq!(errors.iter().map(ConfigError::code).collect::<Vec<_>>(), ["CORS009"]);
}
