//! Redirects: who learns what, and where they end.

use cors_core::browser::{BadRedirect, Blocked, Browser, CredentialsMode, Fetch, Outcome};

use super::{API, PAGE, allow, response, send, sent};

/// A call whose answers are redirects to these URLs by a status, one after the other.
fn redirected(fetch: &Fetch, status: u16, to: &[&str]) -> Outcome {
    let mut steps = to.iter();
    send(&mut Browser::new(), fetch, |request| {
        let mut answer = allow(request, &[]);
        if let Some(next) = (!request.is_preflight).then(|| steps.next()).flatten() {
            answer.status = status;
            answer.headers.push(("location".into(), (*next).into()));
        }
        answer
    })
}

fn origins(outcome: &Outcome) -> Vec<String> {
    let requests = outcome.exchanges.iter().map(|exchange| &exchange.request);
    requests.map(|request| request.header("origin").unwrap_or("-".into())).collect()
}

#[test]
fn the_origin_is_lost_where_two_others_take_part() {
    let table: &[(&str, &str, &[&str], &[&str])] = &[
        (PAGE, "https://api.example.com/", &["/x", "/y"], &[PAGE, PAGE, PAGE]),
        (PAGE, "https://api.example.com/", &["https://b.example/"], &[PAGE, "null"]),
        (PAGE, "https://api.example.com/", &["https://api.example.com:8443/"], &[PAGE, "null"]),
        (PAGE, "https://api.example.com/", &["http://api.example.com/"], &[PAGE, "null"]),
        (
            PAGE,
            "https://api.example.com/",
            &["https://b.example/", "https://api.example.com/"],
            &[PAGE, "null", "null"],
        ),
        (PAGE, "https://api.example.com/", &["https://desk.example/x"], &[PAGE, "null"]),
        (API, "https://api.example.com/", &["https://b.example/"], &["-", API]),
        (
            API,
            "https://api.example.com/",
            &["https://b.example/", "https://c.example/"],
            &["-", API, "null"],
        ),
        (API, "https://api.example.com/", &["/x"], &["-", "-"]),
        ("null", "https://api.example.com/", &["https://b.example/"], &["null", "null"]),
    ];
    for (page, url, to, expected) in table {
        let outcome = redirected(&Fetch::new("GET", url).from(page), 302, to);
        assert_eq!(origins(&outcome), *expected, "{page} {url} {to:?}");
        assert!(outcome.result.is_ok(), "{outcome:?}");
    }
}

#[test]
fn every_answer_on_the_way_is_checked() {
    let fetch = Fetch::new("GET", "https://api.example.com/").from(PAGE);
    let outcome = send(&mut Browser::new(), &fetch, |_| {
        response(302, &[("location", "https://desk.example/")])
    });
    assert_eq!(outcome.result, Err(Blocked::Response("no Access-Control-Allow-Origin".into())));
    assert_eq!(outcome.exchanges.len(), 1);
}

#[test]
fn each_url_has_a_preflight_of_its_own_and_none_may_redirect() {
    let put = Fetch::new("PUT", "https://api.example.com/a").from(PAGE);
    let outcome = redirected(&put, 307, &["/b"]);
    assert_eq!(
        sent(&outcome),
        [
            "preflight of PUT https://api.example.com/a",
            "PUT https://api.example.com/a",
            "preflight of PUT https://api.example.com/b",
            "PUT https://api.example.com/b",
        ]
    );
    for status in [301, 302, 303, 307, 308] {
        let outcome = send(&mut Browser::new(), &put, |request| {
            let mut answer = allow(request, &[("location", "/b")]);
            answer.status = status;
            answer
        });
        assert_eq!(outcome.result, Err(Blocked::PreflightStatus(status)));
        assert_eq!(outcome.response(), None);
    }
}

#[test]
fn post_becomes_get_and_loses_its_body() {
    let table = [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (303, "PUT", "GET"),
        (302, "PUT", "PUT"),
        (307, "POST", "POST"),
        (308, "POST", "POST"),
    ];
    for (status, method, expected) in table {
        let fetch = Fetch::new(method, "https://api.example.com/").from(PAGE).body("x");
        let outcome = redirected(&fetch, status, &["/b"]);
        let last = &outcome.exchanges.last().unwrap().request;
        let keeps_body = expected == method;
        assert_eq!(last.method, expected, "{status} {method}");
        assert_eq!(
            (last.body.is_some(), last.header("content-type").is_some()),
            (keeps_body, keeps_body)
        );
    }
}

#[test]
fn a_token_is_for_one_origin() {
    let fetch = Fetch::new("GET", "https://api.example.com/").from(PAGE);
    let fetch = fetch.header("Authorization", "Bearer t");
    let outcome = redirected(&fetch, 302, &["/b", "https://b.example/"]);
    let tokens: Vec<bool> = outcome
        .exchanges
        .iter()
        .filter(|exchange| !exchange.request.is_preflight)
        .map(|exchange| exchange.request.header("authorization").is_some())
        .collect();
    assert_eq!(tokens, [true, true, false]);
    assert_eq!(sent(&outcome).last().unwrap(), "GET https://b.example/", "without a preflight");
}

#[test]
fn twenty_redirects_are_followed() {
    let fetch = Fetch::new("GET", "https://api.example.com/").from(PAGE);
    let outcome = redirected(&fetch, 302, &["/x"; 20]);
    assert_eq!((outcome.result.is_ok(), outcome.exchanges.len()), (true, 21));
    let outcome = redirected(&fetch, 302, &["/x"; 21]);
    assert_eq!(outcome.result, Err(Blocked::Redirect(BadRedirect::TooMany)));
    assert_eq!(outcome.exchanges.len(), 21);
}

#[test]
fn where_no_browser_goes_the_call_ends() {
    let table = [
        ("https://u:p@api.example.com/", Err(BadRedirect::Credentials)),
        ("https://u@api.example.com/", Err(BadRedirect::Credentials)),
        ("ftp://api.example.com/", Err(BadRedirect::Scheme)),
        ("data:text/plain,x", Err(BadRedirect::Scheme)),
        ("https://", Err(BadRedirect::Location)),
        ("", Ok(())),
    ];
    for (location, expected) in table {
        let fetch = Fetch::new("GET", "https://api.example.com/").from(PAGE);
        let result = redirected(&fetch, 302, &[location]).result.map(|_| ());
        assert_eq!(result, expected.map_err(Blocked::Redirect), "{location}");
    }
    let own = Fetch::new("GET", "https://api.example.com/").from(API);
    let outcome = redirected(&own, 302, &["https://u:p@api.example.com/x"]);
    assert_eq!(sent(&outcome)[1], "GET https://api.example.com/x");
}

#[test]
fn credentials_of_mode_same_origin_end_at_the_first_other_origin() {
    let table = [
        (CredentialsMode::Omit, [false, false, false]),
        (CredentialsMode::SameOrigin, [true, false, false]),
        (CredentialsMode::Include, [true, true, true]),
    ];
    for (mode, expected) in table {
        let mut browser = Browser::new();
        for url in ["https://api.example.com", "https://b.example"] {
            browser.set_cookie(url, "sid=1; Secure; SameSite=None").unwrap();
        }
        let fetch = Fetch::new("GET", "https://api.example.com/").from(API).credentials(mode);
        let mut steps = ["https://b.example/", "https://api.example.com/"].into_iter();
        let outcome = send(&mut browser, &fetch, |request| {
            let mut answer = allow(request, &[]);
            if let Some(next) = steps.next() {
                answer.status = 302;
                answer.headers.push(("location".into(), next.into()));
            }
            answer
        });
        let cookies: Vec<bool> = outcome
            .exchanges
            .iter()
            .map(|exchange| exchange.request.header("cookie").is_some())
            .collect();
        assert_eq!(cookies, expected, "{mode:?}");
    }
}
