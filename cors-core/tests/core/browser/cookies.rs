//! Cookies: which are stored, and which go along.

use std::time::Duration;

use cors_core::browser::{Browser, CredentialsMode, Fetch, RejectedCookie};

use super::{PAGE, allow, send};

const SAME_SITE: &str = "https://app.example.com";

/// Stores a line after a visit; answers the pairs that go to a URL then.
fn stored(from: &str, line: &str, to: &str) -> Result<String, RejectedCookie> {
    let mut browser = Browser::new();
    browser.set_cookie(from, line)?;
    let pairs = browser.cookies(to).unwrap();
    let text: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Ok(text.join("; "))
}

#[test]
fn a_line_says_who_gets_the_cookie() {
    const AT: &str = "https://api.example.com/a/b";
    let table = [
        ("sid=1", AT, "sid=1"),
        (" sid = 1 ; Path = / ", AT, "sid=1"),
        ("sid", AT, "=sid"),
        ("=1", AT, "=1"),
        ("sid=", AT, "sid="),
        ("sid=a=b", AT, "sid=a=b"),
        ("sid=\"1\"", AT, "sid=\"1\""),
        // default path: up to the last slash
        ("sid=1", "https://api.example.com/a", "sid=1"),
        ("sid=1", "https://api.example.com/a/c", "sid=1"),
        ("sid=1", "https://api.example.com/ab", ""),
        ("sid=1", "https://api.example.com/", ""),
        ("sid=1; Path=x", "https://api.example.com/a", "sid=1"),
        ("sid=1; Path=/", "https://api.example.com/", "sid=1"),
        ("sid=1; Path=/c/", "https://api.example.com/c/d", "sid=1"),
        ("sid=1; Path=/c/", "https://api.example.com/c", ""),
        ("sid=1; Path=/c; Path=/d", "https://api.example.com/d", "sid=1"),
        // the host alone, unless it says more
        ("sid=1; Path=/", "https://example.com/", ""),
        ("sid=1; Path=/", "https://x.api.example.com/", ""),
        ("sid=1; Path=/", "https://api.example.com:8443/", "sid=1"),
        ("sid=1; Path=/; Domain=example.com", "https://www.example.com/", "sid=1"),
        ("sid=1; Path=/; Domain=.Example.COM", "https://example.com/", "sid=1"),
        ("sid=1; Path=/; Domain=example.com", "https://notexample.com/", ""),
        ("sid=1; Path=/; Domain=", "https://x.api.example.com/", ""),
        // Secure
        ("sid=1; Path=/; Secure", "http://api.example.com/", ""),
        ("sid=1; Path=/", "http://api.example.com/", "sid=1"),
    ];
    for (line, to, expected) in table {
        assert_eq!(stored(AT, line, to).unwrap(), expected, "{line} {to}");
    }
}

#[test]
fn what_browsers_do_not_store_is_rejected_with_the_reason() {
    const HTTPS: &str = "https://api.example.com/";
    const PLAIN: &str = "http://api.example.com/";
    let long = format!("a={}", "b".repeat(4096));
    let table = [
        (HTTPS, "", Err(RejectedCookie::Empty)),
        (HTTPS, "=", Err(RejectedCookie::Empty)),
        (HTTPS, "; Path=/", Err(RejectedCookie::Empty)),
        (HTTPS, "a=\u{1}", Err(RejectedCookie::Control)),
        (HTTPS, &long, Err(RejectedCookie::TooLong)),
        (HTTPS, &long[..4097], Ok(())),
        (HTTPS, "a=1; Domain=example.org", Err(RejectedCookie::Domain)),
        (HTTPS, "a=1; Domain=x.api.example.com", Err(RejectedCookie::Domain)),
        (HTTPS, "a=1; Domain=com", Err(RejectedCookie::Domain)),
        (HTTPS, "a=1; Domain=ample.com", Err(RejectedCookie::Domain)),
        ("https://a.github.io/", "a=1; Domain=github.io", Err(RejectedCookie::Domain)),
        ("https://github.io/", "a=1; Domain=github.io", Ok(())),
        ("http://127.0.0.1/", "a=1; Domain=127.0.0.1", Ok(())),
        ("http://127.0.0.1/", "a=1; Domain=0.0.1", Err(RejectedCookie::Domain)),
        (PLAIN, "a=1; Secure", Err(RejectedCookie::Insecure)),
        ("http://localhost:8080/", "a=1; Secure", Ok(())),
        ("/", "a=1; Secure; SameSite=None", Ok(())),
        (HTTPS, "a=1; SameSite=None", Err(RejectedCookie::NotSecure)),
        (HTTPS, "a=1; samesite=NONE; secure", Ok(())),
        (HTTPS, "a=1; SameSite=Other", Ok(())),
        (HTTPS, "a=1; Partitioned", Err(RejectedCookie::NotSecure)),
        (HTTPS, "__Secure-a=1", Err(RejectedCookie::Prefix)),
        (HTTPS, "__secure-a=1; Secure", Ok(())),
        (HTTPS, "__Host-a=1; Secure", Err(RejectedCookie::Prefix)),
        (HTTPS, "__Host-a=1; Secure; Path=/x", Err(RejectedCookie::Prefix)),
        (HTTPS, "__Host-a=1; Secure; Path=/; Domain=api.example.com", Err(RejectedCookie::Prefix)),
        (HTTPS, "__Host-a=1; Secure; Path=/", Ok(())),
        (HTTPS, "=__Host-a", Err(RejectedCookie::Prefix)),
    ];
    for (url, line, expected) in table {
        assert_eq!(Browser::new().set_cookie(url, line), expected, "{url} {line}");
    }
    let problem = Browser::new().set_cookie("lots", "a=1").unwrap_err();
    assert!(problem.to_string().starts_with("path `lots` has no slash"), "{problem}");
}

#[test]
fn a_secure_cookie_is_not_replaced_over_plain_http() {
    let mut browser = Browser::new();
    browser.set_cookie("https://api.example.com/", "a=1; Secure; Path=/").unwrap();
    let plain = "http://api.example.com/x";
    for line in ["a=2", "a=2; Path=/", "a=2; Domain=example.com", "a=; Max-Age=0; Path=/"] {
        assert_eq!(browser.set_cookie(plain, line), Err(RejectedCookie::OverSecure), "{line}");
    }
    assert_eq!(browser.set_cookie(plain, "b=2"), Ok(()));
    assert_eq!(browser.set_cookie("https://api.example.com/", "a=2; Path=/"), Ok(()));
    let pairs = [("a", "2"), ("b", "2")];
    assert_eq!(browser.cookies("https://api.example.com/").unwrap(), pairs);
}

#[test]
fn cookies_expire() {
    let table = [
        ("a=1", None),
        ("a=1; Max-Age=60", Some(60_u64)),
        ("a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Some(60)),
        ("a=1; Max-Age=0", Some(0)),
        ("a=1; Max-Age=-5", Some(0)),
        ("a=1; Max-Age=", None),
        ("a=1; Max-Age=6x", None),
        ("a=1; Max-Age=1e3", None),
        ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
        ("a=1; Expires=soon", None),
        ("a=1; Max-Age=99999999999999999999", Some(400 * 24 * 60 * 60)),
        ("a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT", Some(400 * 24 * 60 * 60)),
    ];
    for (line, seconds) in table {
        let mut browser = Browser::new();
        browser.set_cookie("/", line).unwrap();
        let is_there = |browser: &Browser| !browser.cookies("/").unwrap().is_empty();
        let Some(seconds) = seconds else {
            browser.wait(Duration::from_secs(100 * 365 * 24 * 60 * 60));
            assert!(is_there(&browser), "{line}");
            continue;
        };
        assert_eq!(is_there(&browser), seconds > 0, "{line}");
        browser.wait(Duration::from_secs(seconds.saturating_sub(1)));
        assert_eq!(is_there(&browser), seconds > 0, "{line}");
        browser.wait(Duration::from_secs(1));
        assert!(!is_there(&browser), "{line}");
    }
    let mut browser = Browser::new();
    browser.set_cookie("/", "a=1").unwrap();
    browser.set_cookie("/", "a=; Max-Age=0").unwrap();
    assert_eq!(browser.cookies("/").unwrap(), []);
}

#[test]
fn longer_paths_come_first_and_a_new_value_keeps_its_place() {
    let mut browser = Browser::new();
    for line in ["a=1", "b=2", "c=3; Path=/x", "a=4"] {
        browser.set_cookie("/", line).unwrap();
    }
    assert_eq!(browser.cookies("/x/y").unwrap(), [("c", "3"), ("a", "4"), ("b", "2")]);
}

/// A call with all credentials, whose response sets a cookie; answers what was sent, and what a second call sends.
fn two_calls(page: &str, mode: CredentialsMode, line: &str) -> (Vec<Option<String>>, usize) {
    let mut browser = Browser::new();
    let fetch = Fetch::new("POST", "https://api.example.com/").from(page).header("X-A", "1");
    let fetch = fetch.credentials(mode);
    let mut cookies = Vec::new();
    let mut rejected = 0;
    for _ in 0..2 {
        let set = [("set-cookie", line)];
        let outcome = send(&mut browser, &fetch, |request| allow(request, &set));
        rejected += outcome.rejected_cookies.len();
        for exchange in outcome.exchanges {
            let cookie = exchange.request.header("cookie");
            if exchange.request.is_preflight {
                assert_eq!(cookie, None, "a preflight has no cookies");
            } else {
                cookies.push(cookie);
            }
        }
    }
    (cookies, rejected)
}

#[test]
fn same_site_decides_beside_the_credentials_mode() {
    use CredentialsMode::{Include, Omit, SameOrigin};
    const OWN: &str = "https://api.example.com";
    let table = [
        (SAME_SITE, Include, "a=1", true, 0),
        (SAME_SITE, Include, "a=1; SameSite=Lax", true, 0),
        (SAME_SITE, Include, "a=1; SameSite=Strict", true, 0),
        (SAME_SITE, Include, "a=1; SameSite=None; Secure", true, 0),
        (PAGE, Include, "a=1; SameSite=None; Secure", true, 0),
        (PAGE, Include, "a=1; SameSite=None; Secure; Partitioned", true, 0),
        (PAGE, Include, "a=1; SameSite=None", false, 2),
        (PAGE, Include, "a=1", false, 2),
        (PAGE, Include, "a=1; SameSite=Lax", false, 2),
        (PAGE, Include, "a=1; SameSite=Strict", false, 2),
        ("null", Include, "a=1; SameSite=Lax", false, 2),
        ("null", Include, "a=1; SameSite=None; Secure", true, 0),
        // another scheme is another site
        ("http://app.example.com", Include, "a=1; SameSite=Lax", false, 2),
        (SAME_SITE, SameOrigin, "a=1", false, 0),
        (SAME_SITE, Omit, "a=1", false, 0),
        (OWN, SameOrigin, "a=1; SameSite=Strict", true, 0),
        (OWN, Include, "a=1", true, 0),
        (OWN, Omit, "a=1", false, 0),
    ];
    for (page, mode, line, is_sent, rejected) in table {
        let expected = vec![None, is_sent.then(|| "a=1".to_owned())];
        assert_eq!(two_calls(page, mode, line), (expected, rejected), "{page} {mode:?} {line}");
    }
}

#[test]
fn what_a_visit_has_set_goes_to_pages_of_the_same_site_alone() {
    let table = [
        ("sid=1; SameSite=Lax", false),
        ("sid=1; SameSite=Strict", false),
        ("sid=1; SameSite=None; Secure", true),
        ("sid=1; SameSite=None; Secure; Partitioned", false),
    ];
    for (line, is_sent_elsewhere) in table {
        let mut browser = Browser::new();
        browser.set_cookie("https://api.example.com/", line).unwrap();
        for (page, expected) in [(SAME_SITE, true), (PAGE, is_sent_elsewhere)] {
            let fetch = Fetch::new("GET", "https://api.example.com/").from(page);
            let fetch = fetch.credentials(CredentialsMode::Include);
            let outcome = send(&mut browser, &fetch, |request| allow(request, &[]));
            let cookie = outcome.exchanges[0].request.header("cookie");
            assert_eq!(cookie.is_some(), expected, "{page} {line}");
        }
    }
}

#[test]
fn cookies_are_stored_though_the_script_does_not_get_the_response() {
    let mut browser = Browser::new();
    let fetch = Fetch::new("GET", "https://api.example.com/").from(SAME_SITE);
    let fetch = fetch.credentials(CredentialsMode::Include);
    let outcome = send(&mut browser, &fetch, |_| super::response(200, &[("set-cookie", "a=1")]));
    assert!(outcome.result.is_err());
    assert_eq!(browser.cookies("https://api.example.com/").unwrap(), [("a", "1")]);
}

/// The hidden cookie had expired, and the one that it hides was refused all the same.
#[test]
fn an_expired_secure_cookie_hides_nothing() {
    let mut browser = Browser::new();
    browser.set_cookie("https://api.example.com/", "a=1; Secure; Max-Age=60").unwrap();
    let plain = "http://api.example.com/";
    assert_eq!(browser.set_cookie(plain, "a=2"), Err(RejectedCookie::OverSecure));
    browser.wait(Duration::from_secs(61));
    assert_eq!(browser.set_cookie(plain, "a=2"), Ok(()));
    // `expect` shows a sentence
    let error = browser.set_cookie(plain, "b=1; Secure").unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string());
}

/// The clock overflowed.
#[test]
fn everything_expires_after_the_longest_wait() {
    let mut browser = Browser::new().max_age_limit(Duration::MAX);
    browser.set_cookie("https://api.example.com/", "a=1; Max-Age=60").unwrap();
    browser.wait(Duration::MAX);
    browser.wait(Duration::MAX);
    assert_eq!(browser.cookies("https://api.example.com/").unwrap(), []);
    browser.set_cookie("https://api.example.com/", "a=1; Max-Age=60").unwrap();
}

/// In UTF-8 each of these has two bytes, and each byte above ASCII counted twice.
#[test]
fn a_cookie_is_as_long_as_its_bytes() {
    let mut browser = Browser::new();
    let url = "https://api.example.com/";
    let line = |count: usize| format!("a={}", "\u{e9}".repeat(count));
    assert_eq!(browser.set_cookie(url, &line(2047)), Ok(()));
    assert_eq!(browser.set_cookie(url, &line(2048)), Err(RejectedCookie::TooLong));
}
