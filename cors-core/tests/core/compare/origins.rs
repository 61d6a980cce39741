//! Lists of origins.

use super::{A, B, assert_lines, consenting};

/// What one list has beside the other, and the other way round.
type Row = (&'static [&'static str], &'static [&'static str], &'static [&'static str]);

#[track_caller]
fn assert_rows(rows: &[Row]) {
    for (before, now, expected) in rows {
        let expected: Vec<String> = expected
            .iter()
            .map(|own| {
                let (sign, origins) = own.split_at(1);
                let words =
                    if sign == "+" { ("wider", "may") } else { ("narrower", "may no longer") };
                format!("{}: {origins} {} read responses (allow_origins)", words.0, words.1)
            })
            .collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        assert_lines(&consenting(before), &consenting(now), &expected);
    }
}

#[test]
fn what_is_spelled_differently_and_means_the_same_has_no_difference() {
    assert_rows(&[
        (&[], &[], &[]),
        (&[A], &[A], &[]),
        (&["*"], &["*"], &[]),
        (&[A, B], &[B, A], &[]),
        (&["https://*.example.com", "https://app.example.com"], &["https://*.example.com"], &[]),
        (&["https://*.a.b", "https://*.x.a.b", "https://y-*.a.b"], &["https://*.a.b"], &[]),
        (&["https://*.a.b:*", "https://*.a.b", "https://*.a.b:1"], &["https://*.a.b:*"], &[]),
        (&["https://a.b:*", "https://a.b", "https://a.b:1"], &["https://a.b:*"], &[]),
        (&["https://a-*.b", "https://a-b-*.b", "https://a-*-c.b"], &["https://a-*.b"], &[]),
        (&["app://*", "app://a", "app://*.x"], &["app://*"], &[]),
    ]);
    // nobody needs them
    let plain = cors_core::Policy::builder().allow_origins([A]);
    assert_lines(&consenting(&[A]), &plain, &[]);
}

#[test]
fn an_origin_is_named_that_one_list_has_only() {
    assert_rows(&[
        (&[A], &[A, B], &["+https://b.example"]),
        (&[A], &[B], &["+https://b.example", "-https://a.example"]),
        (&[], &["null"], &["+null"]),
        (&[], &["file://"], &["+file://"]),
        (&["null"], &["file://"], &["+file://", "-null"]),
        (&[A], &["*"], &["+https://evil.example"]),
        (&["https://evil.example"], &["*"], &["+https://a1.evil1"]),
        (&["https://*.example", "https://*.evil1", "null"], &["*"], &["+https://a2.evil2"]),
        (&[], &["https://*.preview.example.com"], &["+https://a.preview.example.com"]),
        (&[], &["http://[::1]:9090"], &["+http://[::1]:9090"]),
    ]);
}

#[test]
fn an_origin_of_a_pattern_is_found_beside_those_of_the_other_list() {
    assert_rows(&[
        (&["https://a.x"], &["https://*.x"], &["+https://a2.b2.x"]),
        (
            &["https://a.x", "https://*.b2.x", "https://a3-*.b3.x"],
            &["https://*.x"],
            &["+https://a3.b3.x"],
        ),
        (&["https://*.a.x"], &["https://*.x"], &["+https://a.x"]),
        (&["https://*.x"], &["https://*.x:*"], &["+https://a.x:8443"]),
        (&["https://*.x:8443"], &["https://*.x:*"], &["+https://a.x"]),
        (&["https://*.x", "https://*.x:8443"], &["https://*.x:*"], &["+https://a2.b2.x:8444"]),
        (&["https://*.x:1"], &["https://*.x:2"], &["+https://a.x:2", "-https://a.x:1"]),
        (&["http://localhost"], &["http://localhost:*"], &["+http://localhost:8443"]),
        (&["http://localhost:8443"], &["http://localhost:*"], &["+http://localhost"]),
        (&["http://*.x"], &["https://*.x"], &["+https://a.x", "-http://a.x"]),
        (&["https://a-*.x"], &["https://*.x"], &["+https://a.x"]),
        (&["https://*-a.x", "https://a.x"], &["https://*.x"], &["+https://a2.b2.x"]),
        (&["https://app-1*.x"], &["https://app-*.x"], &["+https://app-1.x"]),
        (&["https://app-1*.x", "https://app-1.x"], &["https://app-*.x"], &["+https://app-a.x"]),
        (&["https://*-1.x"], &["https://app-*.x"], &["+https://app-a.x", "-https://1-1.x"]),
        (
            &["https://*.app-1.x"],
            &["https://*.app-2.x"],
            &["+https://a.app-2.x", "-https://a.app-1.x"],
        ),
        (&["app://a"], &["app://*"], &["+app://a1"]),
        (&["app://*.x"], &["app://*"], &["+app://a"]),
        (&["app://A"], &["app://a"], &["+app://a", "-app://A"]),
    ]);
}

/// Each of the first characters is taken by another pattern; only what is in none of them is left, or nothing.
#[test]
fn many_patterns_that_nearly_cover_one_leave_what_they_leave() {
    let signs = || ('a'..='z').chain('0'..='9').chain(['-']);
    let mut before: Vec<String> = signs().map(|sign| format!("https://p{sign}*.x")).collect();
    let singles = signs().filter(|sign| *sign != 'q').map(|sign| format!("https://p{sign}.x"));
    before.extend(singles);
    let texts = |list: &[String]| consenting(&list.iter().map(String::as_str).collect::<Vec<_>>());
    let pattern = consenting(&["https://p*.x"]);
    let only = "wider: https://pq.x may read responses (allow_origins)";
    assert_eq!(super::lines(&texts(&before), &pattern), [only]);
    before.push("https://pq.x".to_owned());
    assert!(super::lines(&texts(&before), &pattern).is_empty());
    let singles: Vec<String> = signs().map(|sign| format!("https://p{sign}.x")).collect();
    let longer = "wider: https://pa1a.x may read responses (allow_origins)";
    assert_eq!(super::lines(&texts(&singles), &pattern), [longer]);
}

#[test]
fn several_origins_are_one_difference() {
    assert_rows(&[
        (&[], &[A, B], &["+https://a.example and https://b.example"]),
        (
            &[],
            &[A, B, "https://c.example"],
            &["+https://a.example, https://b.example and https://c.example"],
        ),
        (
            &[],
            &[A, B, "https://c.example", "https://d.example", "https://*.e.example"],
            &["+https://a.e.example, https://a.example, https://b.example and 2 more"],
        ),
    ]);
}
