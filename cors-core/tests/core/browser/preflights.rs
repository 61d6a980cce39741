//! What is remembered of preflights, for whom and how long.

use std::time::Duration;

use cors_core::browser::{Browser, CredentialsMode, Fetch};

use super::{PAGE, allow, response, send};

fn put() -> Fetch {
    Fetch::new("PUT", "https://api.example.com/lots/1").from(PAGE)
}

/// Whether a call sends a preflight, whose answer has these headers besides.
fn asks(browser: &mut Browser, fetch: &Fetch, more: &[(&str, &str)]) -> bool {
    let outcome = send(browser, fetch, |request| {
        allow(request, if request.is_preflight { more } else { &[] })
    });
    assert!(outcome.result.is_ok(), "{outcome:?}");
    outcome.exchanges[0].request.is_preflight
}

const HOUR: (&str, &str) = ("access-control-max-age", "3600");

#[test]
fn max_age_is_a_number_of_seconds_with_a_limit() {
    let table: [(&[&str], u64); 9] = [
        (&[], 5),
        (&["0"], 0),
        (&["60"], 60),
        (&["0060"], 60),
        (&["86400"], 7200),
        (&["99999999999999999999"], 5),
        (&["-1"], 5),
        (&["abc"], 5),
        (&["60", "60"], 5),
    ];
    for (values, seconds) in table {
        let lines: Vec<_> = values.iter().map(|value| ("access-control-max-age", *value)).collect();
        let mut browser = Browser::new();
        assert!(asks(&mut browser, &put(), &lines));
        assert_eq!(asks(&mut browser, &put(), &lines), seconds == 0, "{values:?}");
        if seconds > 0 {
            browser.wait(Duration::from_millis(seconds * 1000 - 1));
            assert!(!asks(&mut browser, &put(), &lines), "{values:?}");
            browser.wait(Duration::from_millis(1));
            assert!(asks(&mut browser, &put(), &lines), "{values:?}");
        }
    }
    let mut browser = Browser::new().max_age_limit(Duration::from_secs(600));
    asks(&mut browser, &put(), &[HOUR]);
    browser.wait(Duration::from_secs(599));
    assert!(!asks(&mut browser, &put(), &[HOUR]));
    browser.wait(Duration::from_secs(1));
    assert!(asks(&mut browser, &put(), &[HOUR]));
}

#[test]
fn it_is_remembered_for_one_page_url_and_credentials() {
    let include = |fetch: Fetch| fetch.credentials(CredentialsMode::Include);
    let other_url = |url: &str| Fetch::new("PUT", url).from(PAGE);
    let table = [
        ("the same", put(), put(), false),
        ("another page", put(), put().from("https://other.example"), true),
        ("another path", put(), other_url("https://api.example.com/lots/2"), true),
        ("another query", put(), other_url("https://api.example.com/lots/1?a"), true),
        ("another fragment", put(), other_url("https://api.example.com/lots/1#a"), true),
        ("with credentials later", put(), include(put()), true),
        ("without credentials later", include(put()), put(), false),
        ("omit after same-origin", put(), put().credentials(CredentialsMode::Omit), false),
        (
            "another method",
            put(),
            Fetch::new("DELETE", "https://api.example.com/lots/1").from(PAGE),
            true,
        ),
        ("a header more", put(), put().header("X-A", "1"), true),
        ("a header less", put().header("X-A", "1"), put(), false),
        ("the header in another case", put().header("X-A", "1"), put().header("x-a", "2"), false),
        ("an upload listener", put(), put().upload_listener(), false),
    ];
    for (what, first, second, expected) in table {
        let mut browser = Browser::new();
        assert!(asks(&mut browser, &first, &[HOUR]), "{what}");
        assert_eq!(asks(&mut browser, &second, &[HOUR]), expected, "{what}");
    }
}

#[test]
fn lists_count_for_what_was_not_asked() {
    let mut browser = Browser::new();
    let more =
        [HOUR, ("access-control-allow-methods", "PATCH"), ("access-control-allow-headers", "X-B")];
    assert!(asks(&mut browser, &put(), &more));
    let patch = Fetch::new("PATCH", "https://api.example.com/lots/1").from(PAGE);
    assert!(!asks(&mut browser, &patch.header("x-b", "1"), &[]));

    let mut browser = Browser::new();
    let any = [HOUR, ("access-control-allow-headers", "*")];
    assert!(asks(&mut browser, &put(), &any));
    assert!(!asks(&mut browser, &put().header("X-A", "1"), &[]));
    assert!(asks(&mut browser, &put().header("Authorization", "1"), &[]), "not covered by `*`");
}

#[test]
fn a_listener_asks_once_too() {
    let post = Fetch::new("POST", "https://api.example.com/").from(PAGE);
    let mut browser = Browser::new();
    assert!(!asks(&mut browser, &post, &[]));
    let allowed = |browser: &mut Browser, fetch: &Fetch| {
        let outcome =
            send(browser, fetch, |_| response(204, &[("access-control-allow-origin", PAGE), HOUR]));
        assert!(outcome.result.is_ok());
        outcome.exchanges.len() == 2
    };
    let upload = post.upload_listener();
    assert!(allowed(&mut browser, &upload));
    assert!(!allowed(&mut browser, &upload));
}

#[test]
fn a_blocked_call_forgets() {
    let mut browser = Browser::new();
    assert!(asks(&mut browser, &put(), &[HOUR]));
    let blocked = send(&mut browser, &put(), |request| {
        assert!(!request.is_preflight);
        response(200, &[])
    });
    assert!(blocked.result.is_err());
    assert!(asks(&mut browser, &put(), &[HOUR]));

    // a call that never needs a preflight has none to forget
    let get = Fetch::new("GET", "https://api.example.com/lots/1").from(PAGE);
    assert!(send(&mut browser, &get, |_| response(200, &[])).result.is_err());
    assert!(!asks(&mut browser, &put(), &[HOUR]));
}

#[test]
fn a_refusal_is_not_remembered() {
    let mut browser = Browser::new();
    for _ in 0..2 {
        let outcome = send(&mut browser, &put(), |_| response(403, &[HOUR]));
        assert_eq!((outcome.exchanges.len(), outcome.result.is_err()), (1, true));
    }
}
