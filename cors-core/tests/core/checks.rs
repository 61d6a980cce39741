//! The checks that the best configuration checkers make between them, row by row: what is written,
//! and the code of what is said; rows that accept stand beside them.

use std::time::Duration;

use cors_core::{Policy, PolicyBuilder};

fn origins(list: &[&str]) -> PolicyBuilder {
    Policy::builder().allow_origins(list.iter().copied())
}

fn with_credentials(list: &[&str]) -> PolicyBuilder {
    origins(list).allow_credentials(true)
}

/// The codes of the errors, or else of the lints.
fn codes(builder: &PolicyBuilder) -> Vec<&'static str> {
    match builder.build_layered() {
        Err(errors) => errors.iter().map(cors_core::ConfigError::code).collect(),
        Ok(policy) => policy.lints().iter().map(cors_core::Lint::code).collect(),
    }
}

/// Those of jub0bs/cors's thirty checks that are about one origin, by their number in its order.
#[test]
fn checks_of_an_origin() {
    let label = "a".repeat(63);
    let host = |last: usize| format!("{label}.{label}.{label}.{}", "a".repeat(last));
    let (longest, too_long) = (format!("https://{}", host(61)), format!("https://{}", host(62)));
    let base = |last: usize| format!("https://*.{}", host(last));
    let (longest_base, too_long_base) = (base(59), base(60));
    let huge = format!("https://{}", "a".repeat(320));
    let long_scheme = format!("{}://example.com", "a".repeat(65));
    let patterns: &[(u8, &str, &[&str])] = &[
        (2, &huge, &["CORS002"]),
        (3, "null", &["CORS015"]),
        (4, "ht_tps://example.com", &["CORS004"]),
        (4, "1http://example.com", &["CORS004"]),
        (4, "HTTPS://example.com", &["CORS008"]),
        (4, &long_scheme, &["CORS004"]),
        (5, "file:///x", &["CORS014"]),
        (6, "https:/example.com", &["CORS004"]),
        (6, "example.com", &["CORS003"]),
        (7, "https://exa%6dple.com", &["CORS010"]),
        (7, "https://b\u{fc}cher.example", &["CORS009"]),
        (7, "https://xn--bcher-kva.example", &[]),
        (8, "https://a..example.com", &["CORS010"]),
        // browsers send these
        (8, "https://-a.example.com", &[]),
        (8, "https://a-.example.com", &[]),
        (8, "https://xn--.example.com", &["CORS010"]),
        (8, "https://xn--a.example.com", &["CORS010"]),
        (9, &longest, &[]),
        (9, &too_long, &["CORS010"]),
        (9, &longest_base, &[]),
        (9, &too_long_base, &["CORS010"]),
        (10, "https://1.2.3.example", &[]),
        (10, "https://example.1a", &[]),
        (10, "https://example.0x1g", &[]),
        (10, "https://example.0x1f", &["CORS010"]),
        (10, "https://example.123", &["CORS010"]),
        (10, "http://127.0.0.1.", &["CORS023"]),
        (11, "http://127.1", &["CORS023"]),
        (11, "http://[0:0::1]", &["CORS023"]),
        (11, "http://[::ffff:127.0.0.1]", &["CORS023"]),
        (11, "http://[::ffff:7f00:1]", &[]),
        (12, "http://[fe80::1%25eth0]", &["CORS010"]),
        (12, "http://[::1", &["CORS010"]),
        (12, "http://[::1]x", &["CORS010"]),
        (13, "https://foo.*", &["CORS013"]),
        (13, "https://*foo.example.com", &[]),
        (13, "https://*foo.com", &["CORS108"]),
        (13, "https://**.example.com", &["CORS013"]),
        (13, "https://*.*.example.com", &["CORS013"]),
        (13, "http://*.127.0.0.1", &["CORS010"]),
        (13, "https://example.com:8*", &["CORS013"]),
        (14, "https://example.com:", &["CORS011"]),
        (14, "https://example.com:0", &["CORS011"]),
        (14, "https://example.com:08443", &["CORS011"]),
        (14, "https://example.com:65536", &["CORS011"]),
        (14, "https://example.com:65535", &[]),
        (15, "https://example.com:443", &["CORS012"]),
        (15, "http://example.com:80", &["CORS012"]),
        (15, "http://example.com:443", &[]),
        (16, "https://example.com/", &["CORS005"]),
        (16, "https://example.com/x", &["CORS006"]),
        (16, "https://example.com?x", &["CORS006"]),
        (16, "https://example.com#x", &["CORS006"]),
        (16, "https://u@example.com", &["CORS007"]),
        (16, " https://example.com", &["CORS022"]),
        (16, "https://exa mple.com", &["CORS010"]),
        (17, "https://127.0.0.1", &[]),
    ];
    for (number, pattern, expected) in patterns {
        assert_eq!(codes(&origins(&[pattern])), *expected, "check {number}: {pattern}");
    }
}

/// The others of the thirty.
#[test]
fn checks_of_a_policy() {
    let app = || origins(&["https://example.com"]);
    let day = Duration::from_secs(24 * 60 * 60);
    let policies: &[(u8, PolicyBuilder, &[&str])] = &[
        (1, origins(&[]), &["CORS107"]),
        (1, Policy::builder().max_age(day), &["CORS107"]),
        (18, with_credentials(&["*"]), &["CORS019"]),
        (19, with_credentials(&["http://example.com"]), &["CORS017"]),
        (
            19,
            with_credentials(&["http://localhost:3000", "http://*.localhost", "http://[::1]"]),
            &["CORS109", "CORS109", "CORS109"],
        ),
        (19, with_credentials(&["http://127.0.0.1:*"]), &["CORS109"]),
        (
            20,
            with_credentials(&["https://*.github.io", "https://*.co.uk."]),
            &["CORS021", "CORS021"],
        ),
        (20, with_credentials(&["https://*.example.co.uk"]), &[]),
        (21, app().allow_methods(["", "PU T"]), &["CORS030", "CORS030"]),
        (
            22,
            app().allow_methods(["connect", "TRACE", "Track"]),
            &["CORS031", "CORS031", "CORS031"],
        ),
        (23, app().allow_headers(["", "x:y"]), &["CORS040", "CORS040"]),
        (24, app().allow_headers(["Host", "Sec-X", "proxy-x"]), &["CORS116", "CORS116", "CORS116"]),
        (25, app().allow_headers(["Access-Control-Max-Age"]), &["CORS043"]),
        (26, app().max_age(day), &[]),
        (26, app().max_age(Duration::ZERO), &[]),
        (26, app().max_age(day + Duration::from_secs(1)), &["CORS102"]),
        (26, app().max_age(Duration::from_millis(1500)), &["CORS050"]),
        (26, app().max_age(Duration::MAX), &["CORS050"]),
        (27, app().expose_headers(["x y"]), &["CORS040"]),
        (28, app().expose_headers(["set-cookie", "Set-Cookie2"]), &["CORS042", "CORS042"]),
        (29, app().expose_headers(["Origin"]), &["CORS043"]),
        (30, app().expose_headers(["*"]).allow_credentials(true), &["CORS020"]),
        (30, app().expose_headers(["*"]), &[]),
        (30, app().dangerously_expose_any_header(true).allow_credentials(true), &[]),
        (30, app().dangerously_expose_any_header(true), &["CORS121"]),
    ];
    for (number, builder, expected) in policies {
        assert_eq!(codes(builder), *expected, "check {number}: {builder:?}");
    }
}

/// What is checked beside credentials is checked of a list of origins with credentials.
#[test]
fn checks_of_origins_with_credentials() {
    let listing = |list: &[&str]| origins(&["*"]).allow_credentials(list);
    let app = "https://app.example.com";
    let consents = |builder: PolicyBuilder| {
        let builder = builder.dangerously_allow_null_origin(true);
        builder.dangerously_allow_insecure_origins(true).dangerously_allow_public_suffixes(true)
    };
    let rows: [(PolicyBuilder, &[&str]); 24] = [
        (listing(&[app]), &[]),
        (listing(&[app, "https://*.preview.example.com"]), &[]),
        (listing(&[]), &[]),
        (listing(&["*"]), &["CORS053"]),
        (listing(&[app, "*"]), &["CORS053"]),
        (listing(&["app.example.com", "https://app.example.com/"]), &["CORS003", "CORS005"]),
        (listing(&["null"]), &["CORS016"]),
        (consents(listing(&["null"])), &["CORS016"]),
        (listing(&["http://app.example.com"]), &["CORS017"]),
        (listing(&["http://*.example.com", "https://*.github.io"]), &["CORS017", "CORS021"]),
        (listing(&["http://app.example.com"]).dangerously_allow_insecure_origins(true), &[]),
        (listing(&["https://*.github.io"]).dangerously_allow_public_suffixes(true), &[]),
        (listing(&["http://localhost:3000"]), &["CORS109"]),
        (listing(&["https://app.example.com:*"]), &["CORS110"]),
        (listing(&["https://203.0.113.7"]), &["CORS111"]),
        (listing(&["https://a.example.com", "https://*.example.com"]), &["CORS103"]),
        (listing(&["https://co.uk"]), &["CORS104"]),
        (listing(&[app]).expose_headers(["*"]), &["CORS020"]),
        (listing(&[app]).allow_methods(["*"]).allow_headers(["*"]), &[]),
        (origins(&[app]).allow_credentials([app]), &[]),
        (origins(&[app]).allow_credentials(["https://b.example"]), &["CORS120"]),
        (origins(&["https://*.example.com"]).allow_credentials([app]), &[]),
        // what is allowed without credentials is no risk
        (origins(&[app, "http://plain.example"]).allow_credentials([app]), &[]),
        (origins(&[app, "http://localhost:3000"]).allow_credentials([app]), &[]),
    ];
    for (builder, expected) in rows {
        assert_eq!(codes(&builder), expected, "{builder:?}");
    }
}

/// What passed in silence: each is refused, said, or fine for a reason that the documentation of its setting
/// gives.
#[test]
fn risks() {
    let credentials = |origin| with_credentials(&[origin]);
    let plain = |origin| origins(&[origin]);
    let suffixes = |builder: PolicyBuilder| builder.dangerously_allow_public_suffixes(true);
    let insecure = |builder: PolicyBuilder| builder.dangerously_allow_insecure_origins(true);
    let null = |builder: PolicyBuilder| builder.dangerously_allow_null_origin(true);
    let file = |builder: PolicyBuilder| builder.dangerously_allow_file_origin(true);
    let schemes = |builder: PolicyBuilder| builder.dangerously_allow_scheme_wildcards(true);
    let app = "https://app.example.com";
    let table: &[(PolicyBuilder, &[&str])] = &[
        // an allowed origin is trusted with its visitors' sessions, whatever it sends
        (credentials(app).allow_headers(["*"]).allow_methods(["*"]), &[]),
        // the own machine, and what merely ends like it
        (credentials("https://localhost:3000"), &["CORS109"]),
        (credentials("http://app.localhost:*"), &["CORS109"]),
        (credentials("http://127.0.0.1:3000"), &["CORS109"]),
        (credentials("http://[::1]"), &["CORS109"]),
        (credentials("https://evillocalhost"), &[]),
        (credentials("https://localhost.example.com"), &[]),
        (credentials("tauri://localhost"), &[]),
        (plain("http://localhost:*"), &[]),
        // any port
        (credentials("https://app.example.com:*"), &["CORS110"]),
        (credentials("https://*.app.example.com:*"), &["CORS110"]),
        (credentials("https://app.example.com:8443"), &[]),
        (plain("https://app.example.com:*"), &[]),
        // addresses
        (credentials("https://203.0.113.7"), &["CORS111"]),
        (credentials("https://203.0.113.7:*"), &["CORS110", "CORS111"]),
        (credentials("https://[2001:db8::1]:8443"), &["CORS111"]),
        (insecure(credentials("http://192.168.1.10:3000")), &["CORS111"]),
        (plain("http://192.168.1.10:3000"), &[]),
        // names of strangers, without credentials
        (plain("https://*.com"), &["CORS108"]),
        (plain("https://*.amazonaws.com"), &["CORS108"]),
        (plain("https://*.ck:*"), &["CORS108"]),
        (suffixes(plain("https://*.com")), &[]),
        (plain("https://*.example.com"), &[]),
        (plain("https://com"), &["CORS104"]),
        // a part of a label, where it is what people register
        (credentials("https://app-*.example.com"), &[]),
        (credentials("https://app-*.github.io"), &["CORS021"]),
        (credentials("https://deploy-preview-*--site.netlify.app"), &["CORS021"]),
        (plain("https://deploy-preview-*--site.netlify.app"), &["CORS108"]),
        (suffixes(credentials("https://deploy-preview-*--site.netlify.app")), &[]),
        (credentials("https://app-*.me.github.io"), &[]),
        (credentials("http://app-*.example.com"), &["CORS017"]),
        (credentials("http://pr-*.localhost:3000"), &["CORS109"]),
        // whatever is installed with a scheme
        (plain("vscode-webview://*"), &[]),
        (credentials("vscode-webview://*"), &["CORS027"]),
        (schemes(credentials("moz-extension://*")), &[]),
        (schemes(plain("moz-extension://*")), &["CORS112"]),
        (schemes(credentials("moz-extension://1a2b")), &["CORS112"]),
        (credentials("moz-extension://1a2b"), &[]),
        // pages from disk
        (plain("file://"), &["CORS025"]),
        (file(plain("file://")), &[]),
        (credentials("file://"), &["CORS026"]),
        (file(credentials("file://")), &["CORS026"]),
        (file(plain(app)), &["CORS112"]),
        // consents that nothing needs
        (suffixes(credentials(app)), &["CORS112"]),
        (insecure(credentials(app)), &["CORS112"]),
        (insecure(plain("http://app.example.com")), &["CORS112"]),
        (insecure(credentials("http://app.example.com")), &[]),
        (null(credentials(app)), &["CORS112"]),
        (null(plain("null")), &[]),
        (null(suffixes(plain("*"))), &["CORS112", "CORS112"]),
        (credentials(app).dangerously_allow_null_origin(false), &[]),
        // origins that no page has
        (plain("javascript://x"), &["CORS024"]),
        (plain("data://x"), &["CORS024"]),
        (plain("ftp://example.com"), &["CORS024"]),
        (plain("ws://example.com"), &["CORS024"]),
        (plain("wss://*.example.com"), &["CORS024"]),
        (plain("mailto:a@example.com"), &["CORS024"]),
    ];
    for (builder, expected) in table {
        assert_eq!(codes(builder), *expected, "{builder:?}");
    }
}

/// Each consent lifts its own check and no other.
#[test]
fn consents() {
    type Consent = fn(PolicyBuilder) -> PolicyBuilder;
    let consents: [Consent; 5] = [
        |builder| builder.dangerously_allow_insecure_origins(true),
        |builder| builder.dangerously_allow_public_suffixes(true),
        |builder| builder.dangerously_allow_null_origin(true),
        |builder| builder.dangerously_allow_file_origin(true),
        |builder| builder.dangerously_allow_scheme_wildcards(true),
    ];
    // the code without consent, and the consent that lifts it
    let table = [
        (with_credentials(&["http://example.com"]), "CORS017", Some(0)),
        (with_credentials(&["https://*.github.io"]), "CORS021", Some(1)),
        (with_credentials(&["https://app-*.github.io"]), "CORS021", Some(1)),
        (origins(&["null"]), "CORS015", Some(2)),
        (with_credentials(&["null"]), "CORS016", None),
        (origins(&["file://"]), "CORS025", Some(3)),
        (with_credentials(&["file://"]), "CORS026", None),
        (with_credentials(&["vscode-webview://*"]), "CORS027", Some(4)),
    ];
    for (builder, code, lifted_by) in table {
        let expected: [Option<&str>; 5] =
            std::array::from_fn(|consent| (Some(consent) != lifted_by).then_some(code));
        let found = consents.map(|consent| codes(&consent(builder.clone())).first().copied());
        assert_eq!(found, expected, "{builder:?}");
    }
}

/// actix-cors starts with each of these, and none of them does what its author thinks.
#[test]
fn origins_that_a_peer_accepts_in_silence() {
    let table = [
        ("https://x/", "CORS005", "https://x"),
        ("https://UPPER.example", "CORS008", "https://upper.example"),
        ("https://h:443", "CORS012", "https://h"),
        ("bare.example", "CORS003", "https://bare.example"),
        ("https://h/foo?x=1", "CORS006", "https://h"),
    ];
    for (written, code, correction) in table {
        let errors = origins(&[written]).build().unwrap_err();
        let error = errors.first();
        assert_eq!((error.code(), error.correction().as_deref()), (code, Some(correction)));
    }
    assert_eq!(codes(&origins(&["/just/path"])), ["CORS004"]);
}

#[test]
fn the_corrections_of_a_policy_build() {
    let errors = with_credentials(&["http://app.example.com", "App.example.com", "http://127.1"])
        .build()
        .unwrap_err();
    let corrections: Vec<String> =
        errors.iter().filter_map(cors_core::ConfigError::correction).collect();
    assert_eq!(
        corrections,
        ["https://app.example.com", "http://127.0.0.1", "https://app.example.com"],
    );
}
