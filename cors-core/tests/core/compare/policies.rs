//! The other settings, and how they depend on each other.

use std::time::Duration;

use cors_core::PolicyBuilder;

use super::{A, B, assert_lines, consenting};

fn a() -> PolicyBuilder {
    consenting(&[A])
}

fn any() -> PolicyBuilder {
    consenting(&["*"])
}

#[test]
fn methods() {
    let of = |methods: &[&str]| a().allow_methods(methods);
    let rows = [
        (of(&["PUT"]), of(&["PUT"]), [].as_slice()),
        (a(), of(&["PUT"]), &["wider: https://a.example may send PUT (allow_methods)"]),
        // those are always let through
        (a(), of(&["GET", "HEAD", "POST"]), &[]),
        (of(&["PUT"]), of(&["GET", "PUT"]), &[]),
        (
            of(&["PUT", "DELETE"]),
            of(&["PATCH"]),
            &[
                "wider: https://a.example may send PATCH (allow_methods)",
                "narrower: https://a.example may no longer send DELETE and PUT (allow_methods)",
            ],
        ),
        (of(&[]), of(&["*"]), &["wider: https://a.example may send PUT (allow_methods)"]),
        (of(&["PUT"]), of(&["*"]), &["wider: https://a.example may send PATCH (allow_methods)"]),
        (
            of(&["PUT", "PATCH", "DELETE", "X-Other-0"]),
            of(&["*"]),
            &["wider: https://a.example may send X-Other-1 (allow_methods)"],
        ),
        // case matters
        (
            of(&["PUT"]),
            of(&["Put"]),
            &[
                "wider: https://a.example may send Put (allow_methods)",
                "narrower: https://a.example may no longer send PUT (allow_methods)",
            ],
        ),
        (
            of(&[]),
            of(&["PUT", "DELETE", "PATCH", "QUERY", "LOCK"]),
            &["wider: https://a.example may send DELETE, LOCK, PATCH and 2 more (allow_methods)"],
        ),
    ];
    for (before, now, expected) in rows {
        assert_lines(&before, &now, expected);
    }
}

#[test]
fn request_headers() {
    let of = |names: &[&str]| a().allow_headers(names);
    let rows = [
        (of(&["X-A"]), of(&["x-a"]), [].as_slice()),
        (a(), of(&["X-A"]), &["wider: https://a.example may send the header X-A (allow_headers)"]),
        (
            of(&["X-A"]),
            of(&["X-B", "X-C"]),
            &[
                "wider: https://a.example may send the headers X-B and X-C (allow_headers)",
                "narrower: https://a.example may no longer send the header X-A (allow_headers)",
            ],
        ),
        // one that both have is not among those that are counted
        (
            of(&["X-A", "X-Z"]),
            of(&["X-A", "X-B", "X-C", "X-D", "X-E", "X-Z"]),
            &[
                "wider: https://a.example may send the headers X-B, X-C, X-D and 1 more (allow_headers)",
            ],
        ),
        // no script can set them
        (a(), of(&["Cookie", "Sec-Fetch-Site"]), &[]),
        // scripts ask for it if its value is long or odd
        (
            a(),
            of(&["Accept"]),
            &["wider: https://a.example may send the header Accept (allow_headers)"],
        ),
        // `*` is answered with `Authorization` beside it
        (
            of(&["X-A"]),
            of(&["*"]),
            &["wider: https://a.example may send the header Authorization (allow_headers)"],
        ),
        (
            of(&["Authorization", "X-Requested-With"]).allow_credentials(true),
            of(&["*"]).allow_credentials(true),
            &["wider: https://a.example may send the header X-Other-0 (allow_headers)"],
        ),
    ];
    for (before, now, expected) in rows {
        assert_lines(&before, &now, expected);
    }
}

#[test]
fn exposed_headers() {
    let of = |names: &[&str]| a().expose_headers(names);
    let all = || a().dangerously_expose_any_header(true);
    let rows = [
        (of(&["ETag"]), of(&["etag"]), [].as_slice()),
        (
            a(),
            of(&["ETag"]),
            &["wider: https://a.example may read the header ETag (expose_headers)"],
        ),
        // it is in the answer to whoever may read it
        (a(), of(&["Access-Control-Allow-Origin"]), &[]),
        // scripts can read them anyway
        (a(), of(&["Content-Type", "Expires"]), &[]),
        (
            of(&["X-A"]),
            of(&["*"]),
            &["wider: https://a.example may read the header ETag (expose_headers)"],
        ),
        (
            of(&["ETag"]),
            of(&["*"]),
            &["wider: https://a.example may read the header X-Request-Id (expose_headers)"],
        ),
        (of(&["*"]), all(), &[]),
        (all(), all().expose_headers(["ETag"]), &[]),
        (
            a().allow_credentials(true),
            all().allow_credentials(true),
            &["wider: https://a.example may read the header ETag (expose_headers)"],
        ),
        (
            of(&["*"]),
            all().allow_credentials(true),
            &["wider: https://a.example may read responses with credentials (allow_credentials)"],
        ),
        (
            any().expose_headers(["*"]),
            any().allow_credentials([A]).dangerously_expose_any_header(true),
            &["wider: https://a.example may read responses with credentials (allow_credentials)"],
        ),
    ];
    for (before, now, expected) in rows {
        assert_lines(&before, &now, expected);
    }
}

#[test]
fn credentials() {
    let ab = || consenting(&[A, B]);
    let below = || consenting(&["https://*.example"]);
    let rows = [
        (
            a(),
            a().allow_credentials(true),
            ["wider: https://a.example may read responses with credentials (allow_credentials)"]
                .as_slice(),
        ),
        // spelled in two ways
        (a().allow_credentials(true), a().allow_credentials([A]), &[]),
        (a().allow_credentials([A]), a().allow_credentials([A, B]), &[]),
        (below().allow_credentials([A]), below().allow_credentials([A, "http://*.other"]), &[]),
        (
            ab().allow_credentials([A]),
            ab().allow_credentials([B]),
            &[
                "wider: https://b.example may read responses with credentials (allow_credentials)",
                "narrower: https://a.example may no longer read responses with credentials \
             (allow_credentials)",
            ],
        ),
        (
            any(),
            any().allow_credentials([A]),
            &["wider: https://a.example may read responses with credentials (allow_credentials)"],
        ),
        (
            any().allow_credentials([A]),
            any().allow_credentials(["https://*.example"]),
            &[
                "wider: https://a2.b2.example may read responses with credentials (allow_credentials)",
            ],
        ),
        (
            below().allow_credentials([A]),
            below().allow_credentials(["https://x-*.example"]),
            &[
                "wider: https://x-1.example may read responses with credentials (allow_credentials)",
                "narrower: https://a.example may no longer read responses with credentials \
             (allow_credentials)",
            ],
        ),
        // what both patterns of one policy stand for
        (
            consenting(&["https://x-*.example"]),
            consenting(&["https://x-*.example"]).allow_credentials(["https://*-y.example"]),
            &[
                "wider: https://x-1-y.example may read responses with credentials (allow_credentials)",
            ],
        ),
        // of an origin that is new altogether, that is said beside it
        (
            a(),
            ab().allow_credentials([B]),
            &["wider: https://b.example (with credentials) may read responses (allow_origins)"],
        ),
        (
            a(),
            any().allow_credentials([B]),
            &[
                "wider: https://b.example (with credentials) and https://evil.example may read responses \
             (allow_origins)",
            ],
        ),
        (
            a(),
            ab().allow_credentials(true),
            &[
                "wider: https://b.example (with credentials) may read responses (allow_origins)",
                "wider: https://a.example may read responses with credentials (allow_credentials)",
            ],
        ),
    ];
    for (before, now, expected) in rows {
        assert_lines(&before, &now, expected);
    }
}

/// Beside more new origins than are shown.
#[test]
fn a_new_origin_with_credentials_is_shown_first() {
    let many = ["https://b.example", "https://c.example", "https://d.example", "https://z.example"];
    let now = consenting(&many).allow_credentials(["https://z.example"]);
    let expected = "wider: https://z.example (with credentials), https://b.example, https://c.example \
                    and 1 more may read responses (allow_origins)";
    assert_lines(&consenting(&[]), &now, &[expected]);
}

#[test]
fn max_age() {
    let of = |secs: u64| a().max_age(Duration::from_secs(secs));
    let rows = [
        (
            of(600),
            of(60),
            ["changed: preflights may be remembered for 60 s, not 600 s (max_age)"].as_slice(),
        ),
        (a(), of(0), &["changed: preflights may be remembered for 0 s, not 5 s (max_age)"]),
        (a(), of(5), &[]),
        // browsers remember for a day at most
        (of(86_400), of(100_000), &[]),
    ];
    for (before, now, expected) in rows {
        assert_eq!(super::lines(&before, &now), expected);
    }
}

#[test]
fn what_no_origin_can_use_makes_no_difference() {
    let full = |origins: &[&str]| {
        consenting(origins)
            .allow_methods(["*"])
            .allow_headers(["*"])
            .expose_headers(["ETag"])
            .max_age(Duration::from_secs(600))
    };
    assert_lines(&consenting(&[]), &full(&[]), &[]);
    // all of it is new to the new origin, and nobody else has it
    assert_lines(
        &a(),
        &full(&[B]),
        &[
            "wider: https://b.example may read responses (allow_origins)",
            "narrower: https://a.example may no longer read responses (allow_origins)",
        ],
    );
    // some have it
    let found = super::lines(&a().expose_headers(["ETag"]), &full(&[A, B]));
    let expected = [
        "wider: https://b.example may read responses (allow_origins)",
        "wider: https://a.example may send PUT (allow_methods)",
        "wider: https://a.example may send the header Authorization (allow_headers)",
        "changed: preflights may be remembered for 600 s, not 5 s (max_age)",
    ];
    assert_eq!(found, expected);
}

/// The rest is compared for an origin that is in both, though neither pattern covers the other.
#[test]
fn an_origin_that_two_patterns_share_is_found() {
    let before = consenting(&["https://*.x.example:*", "https://a-*.y", "app://*"]);
    for own in ["https://*.example", "https://*-b.y", "app://*.z", "https://q.x.example:8080"] {
        let now = consenting(&[own]).allow_methods(["PUT"]);
        let lines = super::lines(&before, &now);
        assert!(lines.iter().any(|line| line.contains(" may send PUT")), "{own} {lines:?}");
    }
    let now = consenting(&["https://*.other"]).allow_methods(["PUT"]);
    assert!(!super::lines(&before, &now).iter().any(|line| line.contains("PUT")));
}

#[test]
fn off() {
    let disabled = || a().allow_methods(["PUT"]).disable(true);
    let external = || a().allow_methods(["PUT"]).external(true);
    let rows = [
        (disabled(), disabled(), [].as_slice()),
        (external(), external(), &[]),
        (external(), cors_core::Policy::builder().external(true), &[]),
        (disabled(), any().disable(true), &[]),
        // nobody could call before either
        (consenting(&[]), disabled(), &[]),
        (
            a(),
            disabled(),
            &[
                "narrower: CORS is disabled: https://a.example may no longer read responses (disable)",
            ],
        ),
        (
            disabled(),
            any().allow_credentials([A]),
            &["wider: CORS is no longer disabled: https://a.example (with credentials) and \
             https://evil.example may read responses (disable)"],
        ),
        (a(), external(), &["unknown: CORS is left to another layer (external)"]),
        (external(), a(), &["unknown: CORS is no longer left to another layer (external)"]),
        (consenting(&[]), external(), &["unknown: CORS is left to another layer (external)"]),
        (disabled(), external(), &["unknown: CORS is left to another layer (external)"]),
    ];
    for (before, now, expected) in rows {
        assert_eq!(super::lines(&before, &now), expected);
    }
}
