//! What goes over the network for a call.

use cors_core::browser::{
    Blocked, Body, Browser, CredentialsMode, Fetch, Reason, Request, is_forbidden_request_header,
};

use super::{API, PAGE, allow, response, send};

/// The requests of a call that is allowed.
fn requests(fetch: &Fetch) -> Vec<Request> {
    let outcome = send(&mut Browser::new(), fetch, |request| allow(request, &[]));
    assert!(outcome.result.is_ok(), "{outcome:?}");
    outcome.exchanges.into_iter().map(|exchange| exchange.request).collect()
}

fn lines(request: &Request) -> Vec<String> {
    let mut lines: Vec<String> =
        request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    lines.sort();
    lines
}

#[test]
fn a_preflight_and_its_request_have_exactly_these_headers() {
    let fetch = Fetch::new("put", "https://api.example.com/lots/1?a=b c#top")
        .from(PAGE)
        .header("X-B", "1")
        .header("X-A", " 2 ")
        .cookie("sid", "1")
        .credentials(CredentialsMode::Include)
        .browser_header("User-Agent", "Own/1.0")
        .body("ü");
    let [preflight, request] = &requests(&fetch)[..] else { panic!("two requests") };
    assert_eq!((&preflight.method[..], &preflight.body), ("OPTIONS", &None));
    assert_eq!(preflight.url, "https://api.example.com/lots/1?a=b%20c");
    assert_eq!(
        lines(preflight),
        [
            "User-Agent: Own/1.0",
            "accept: */*",
            "access-control-request-headers: x-a,x-b",
            "access-control-request-method: PUT",
            "origin: https://desk.example",
            "referer: https://desk.example/",
            "sec-fetch-dest: empty",
            "sec-fetch-mode: cors",
            "sec-fetch-site: cross-site",
        ]
    );
    assert_eq!((&request.method[..], &request.url), ("PUT", &preflight.url));
    assert_eq!(request.body.as_deref(), Some("ü".as_bytes()));
    assert_eq!(
        lines(request),
        [
            "User-Agent: Own/1.0",
            "X-A: 2",
            "X-B: 1",
            "accept: */*",
            "content-type: text/plain;charset=UTF-8",
            "cookie: sid=1",
            "origin: https://desk.example",
            "referer: https://desk.example/",
            "sec-fetch-dest: empty",
            "sec-fetch-mode: cors",
            "sec-fetch-site: cross-site",
        ]
    );
}

#[test]
fn a_url_has_an_origin_an_authority_and_a_target() {
    let table = [
        ("/", "http://localhost:8080", "localhost:8080", "/"),
        ("https://api.example.com", API, "api.example.com", "/"),
        ("https://api.example.com?x=/y", API, "api.example.com", "/?x=/y"),
        ("http://[::1]:81/a?b", "http://[::1]:81", "[::1]:81", "/a?b"),
    ];
    for (url, origin, authority, target) in table {
        let request = &requests(&Fetch::new("GET", url))[0];
        let seen = (request.origin(), request.authority(), request.target());
        assert_eq!(seen, (origin, authority, target), "{url}");
    }
}

#[test]
fn the_origin_is_sent_where_a_browser_sends_it() {
    let table = [
        ("GET", PAGE, Some(PAGE)),
        ("GET", API, None),
        ("HEAD", API, None),
        ("POST", API, Some(API)),
        ("PUT", API, Some(API)),
        ("GET", "null", Some("null")),
        ("GET", "file://", Some("file://")),
    ];
    for (method, origin, expected) in table {
        let fetch = Fetch::new(method, "https://api.example.com/x").from(origin);
        let request = requests(&fetch).pop().unwrap();
        assert_eq!(request.header("origin").as_deref(), expected, "{method} {origin}");
    }
}

#[test]
fn the_pages_own_server_is_not_asked_for_leave() {
    let fetch = Fetch::new("DELETE", "https://api.example.com/x").from(API).header("X-A", "1");
    let answer = response(200, &[("etag", "1"), ("set-cookie", "a=1")]);
    let outcome = send(&mut Browser::new(), &fetch, |request| {
        assert!(!request.is_preflight);
        answer.clone()
    });
    assert_eq!(outcome.result.unwrap(), ["etag"]);
}

#[test]
fn sec_fetch_site_says_how_far_away_the_page_is() {
    let table = [
        (API, "https://api.example.com/", Some("same-origin")),
        ("https://app.example.com", "https://api.example.com/", Some("same-site")),
        ("http://app.example.com", "https://api.example.com/", Some("cross-site")),
        (PAGE, "https://api.example.com/", Some("cross-site")),
        ("null", "https://api.example.com/", Some("cross-site")),
        ("http://localhost:3000", "/", Some("same-site")),
        (PAGE, "http://api.example.com/", None),
    ];
    for (page, url, expected) in table {
        let request = requests(&Fetch::new("GET", url).from(page)).pop().unwrap();
        assert_eq!(request.header("sec-fetch-site").as_deref(), expected, "{page} {url}");
    }
}

#[test]
fn the_script_replaces_what_the_browser_would_set() {
    let fetch = Fetch::new("GET", "/").header("accept", "text/html").header("User-Agent", "mine");
    let [preflight, request] = &requests(&fetch)[..] else { panic!("user-agent is announced") };
    assert_eq!(preflight.header("accept").unwrap(), "*/*");
    assert_eq!(preflight.header("user-agent").unwrap(), "Mozilla/5.0");
    assert_eq!(preflight.header("access-control-request-headers").unwrap(), "user-agent");
    assert_eq!(request.header("accept").unwrap(), "text/html");
    assert_eq!(request.header("user-agent").unwrap(), "mine");
}

#[test]
fn a_text_has_a_type_and_bytes_have_none() {
    let table: [(Body, Option<&str>); 4] = [
        ("a".into(), Some("text/plain;charset=UTF-8")),
        (String::from("a").into(), Some("text/plain;charset=UTF-8")),
        (b"a".into(), None),
        (vec![97].into(), None),
    ];
    for (body, expected) in table {
        let fetch = Fetch::new("POST", "/").body(body);
        let request = requests(&fetch).pop().unwrap();
        assert_eq!(request.header("content-type").as_deref(), expected);
        assert_eq!(request.body.as_deref(), Some(&b"a"[..]));
    }
    let fetch = Fetch::new("POST", "/").body("{}").header("CONTENT-TYPE", "application/json");
    let [preflight, request] = &requests(&fetch)[..] else { panic!("JSON is announced") };
    assert_eq!(preflight.header("access-control-request-headers").unwrap(), "content-type");
    assert_eq!(request.header("content-type").unwrap(), "application/json");
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_nothing_is_sent() {
    let fetch = Fetch::new("TRACE", "lots")
        .from("desk.example")
        .header("X Foo", "1")
        .header("Cookie", "a=1")
        .header("X-A", "1\r\n2")
        .browser_header("X-Token", "1")
        .cookie("a=b", "1")
        .body("x");
    let problems = fetch.check().unwrap_err();
    let reasons: Vec<Reason> = problems.iter().map(|problem| problem.reason).collect();
    let expected = [
        Reason::ForbiddenMethod,
        Reason::NoSlash,
        Reason::OriginWithoutScheme,
        Reason::HeaderIsNoToken,
        Reason::ForbiddenHeader,
        Reason::ControlInHeader,
        Reason::NotOfBrowsers,
        Reason::Cookie,
    ];
    assert_eq!(reasons, expected);
    assert_eq!(Browser::new().start(&fetch).unwrap_err(), problems);
    assert_eq!(
        problems[5].to_string(),
        "header value `1\\r\\n2` has a control character; write it on one line, or percent-encoded"
    );
}

#[test]
fn get_and_head_have_no_body() {
    for (method, is_refused) in [
        ("GET", true),
        ("get", true),
        ("head", true),
        ("POST", false),
        ("OPTIONS", false),
        ("query", false),
    ] {
        for body in ["", "x"] {
            let problems = Fetch::new(method, "/").body(body).check();
            let reason = problems.err().map(|problems| problems[0].reason);
            assert_eq!(reason, is_refused.then_some(Reason::BodyOfGet), "{method}");
        }
    }
}

#[test]
fn cookies_that_no_line_could_set_are_refused() {
    for (name, value) in
        [("", "1"), ("a=b", "1"), ("a;b", "1"), ("a", "1;2"), ("a", "1\n"), (" a", "1")]
    {
        let problems = Fetch::new("GET", "/").cookie(name, value).check().unwrap_err();
        assert_eq!(problems[0].reason, Reason::Cookie, "{name:?} {value:?}");
    }
    assert!(Fetch::new("GET", "/").cookie("__Host-a", "b=c d").check().is_ok());
}

#[test]
fn forbidden_headers_are_told_from_their_likes() {
    assert!(is_forbidden_request_header("SEC-anything", ""));
    assert!(is_forbidden_request_header("x-method-override", "a,TRACK"));
    assert!(!is_forbidden_request_header("x-method", "TRACE"));
    assert!(!is_forbidden_request_header("X-HTTP-Method-Override", "TRACES"));
}

#[test]
fn a_fetch_without_an_answer_is_blocked() {
    let mut browser = Browser::new();
    let mut fetching = browser.start(&Fetch::new("GET", "/")).unwrap();
    fetching.fail("connection refused");
    assert!(fetching.request().is_none());
    fetching.receive(response(200, &[]));
    let result = fetching.into_outcome().result;
    assert_eq!(result, Err(Blocked::Network("connection refused".into())));
    let unended = browser.start(&Fetch::new("GET", "/")).unwrap().into_outcome();
    assert!(matches!(unended.result, Err(Blocked::Network(_))));
}

/// `data:,x` was told to write `http://data:,x`.
#[test]
fn a_host_with_a_port_is_no_scheme() {
    let table = [
        ("api.example:8080/x", Reason::UrlWithoutScheme),
        ("localhost:3000", Reason::UrlWithoutScheme),
        ("data:,x", Reason::UrlScheme),
        ("mailto:a@b.example", Reason::UrlScheme),
        ("ftp://api.example/", Reason::UrlScheme),
    ];
    for (url, reason) in table {
        let problems = Fetch::new("GET", url).from(PAGE).check().unwrap_err();
        assert_eq!(problems.iter().map(|own| own.reason).collect::<Vec<_>>(), [reason], "{url}");
        assert_eq!(format!("{:?}", problems[0]), problems[0].to_string());
    }
}

/// Fetch `#concept-http-network-or-cache-fetch`: POST and PUT have a length without a body, others have not.
#[test]
fn a_length_is_sent_for_bodies_and_for_what_may_have_one() {
    let length = |method: &str, body: Option<&str>| {
        let fetch = Fetch::new(method, "https://api.example.com/").from("https://api.example.com");
        let fetch = body.into_iter().fold(fetch, Fetch::body);
        Browser::new().start(&fetch).unwrap().request().unwrap().content_length()
    };
    let table = [
        ("GET", None, None),
        ("DELETE", None, None),
        ("POST", None, Some(0)),
        ("PUT", None, Some(0)),
        ("DELETE", Some("abc"), Some(3)),
        ("POST", Some(""), Some(0)),
    ];
    for (method, body, expected) in table {
        assert_eq!(length(method, body), expected, "{method} {body:?}");
    }
}
