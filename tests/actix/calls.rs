//! What a test's call sends, and what no browser would send.

use std::sync::{Arc, Mutex};

use actix_web::{
    App, Error, HttpRequest, HttpResponse,
    dev::{Service, ServiceResponse},
    test::init_service,
    web,
};
use cors_actix::{
    Cors,
    test::{Blocked, Browser, Call, CredentialsMode, Reason},
};

use crate::support::APP;

/// Without credentials.
const OTHER: &str = "https://other.example";

/// What reached the handler.
#[derive(Debug, Clone, Default)]
struct Seen(Arc<Mutex<Vec<Vec<String>>>>);

impl Seen {
    fn last(&self) -> Vec<String> {
        self.0.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

async fn note(request: HttpRequest, body: web::Bytes, seen: web::Data<Seen>) -> HttpResponse {
    let peer = request.peer_addr().map_or("unknown".to_owned(), |address| address.to_string());
    let uri = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let connection = request.connection_info().clone();
    let (scheme, host) = (connection.scheme(), connection.host());
    let mut lines = vec![
        format!("{} {uri} at {scheme}://{host} by {peer}", request.method()),
        format!("body {:?}", String::from_utf8_lossy(&body)),
    ];
    let headers = request.headers().iter();
    let mut headers: Vec<String> = headers
        .map(|(name, value)| format!("{name}: {}", value.as_bytes().escape_ascii()))
        .collect();
    headers.sort();
    lines.append(&mut headers);
    seen.0.lock().unwrap().push(lines);
    HttpResponse::Ok().finish()
}

async fn app(
    seen: Seen,
) -> impl Service<
    actix_http::Request,
    Response = ServiceResponse<impl actix_web::body::MessageBody>,
    Error = Error,
> {
    let cors = Cors::builder()
        .allow_origins([APP, OTHER])
        .allow_methods(["PUT", "DELETE", "PROPFIND", "PATCH"])
        .allow_headers(["Content-Type", "X-A", "User-Agent"])
        .allow_credentials([APP])
        .build()
        .unwrap();
    let app = App::new().app_data(web::Data::new(seen));
    init_service(app.default_service(web::to(note)).wrap(cors)).await
}

#[actix_web::test]
async fn the_application_sees_all_that_a_browser_sends() {
    let seen = Seen::default();
    let app = app(seen.clone()).await;
    let call = Call::new("put", "/lots/1?a=b c#top")
        .from(APP)
        .header("Content-Type", "application/json")
        .header("X-A", "ü")
        .body("{}")
        .credentials(CredentialsMode::Include)
        .cookie("sid", "1")
        .cookie("lang", "ü")
        .peer_addr("203.0.113.7:4711".parse().unwrap())
        .browser_header("User-Agent", "Own/1.0")
        .browser_header("Sec-Fetch-Site", "none");
    let outcome = call.send(&app).await;
    outcome.assert_readable();
    assert!(outcome.has_preflight());
    assert_eq!(
        seen.last(),
        [
            "PUT /lots/1?a=b%20c at http://localhost:8080 by 203.0.113.7:4711",
            "body \"{}\"",
            "accept: */*",
            "content-length: 2",
            "content-type: application/json",
            "cookie: sid=1; lang=\\xc3\\xbc",
            "host: localhost:8080",
            "origin: https://app.example.com",
            "referer: https://app.example.com/",
            "sec-fetch-dest: empty",
            "sec-fetch-mode: cors",
            "sec-fetch-site: none",
            "user-agent: Own/1.0",
            "x-a: \\xfc",
        ]
    );
    Call::new("GET", "https://api.example.com").from(APP).send(&app).await.assert_readable();
    assert_eq!(
        seen.last(),
        [
            "GET / at https://api.example.com by unknown",
            "body \"\"",
            "accept: */*",
            "host: api.example.com",
            "origin: https://app.example.com",
            "referer: https://app.example.com/",
            "sec-fetch-dest: empty",
            "sec-fetch-mode: cors",
            "sec-fetch-site: same-site",
            "user-agent: Mozilla/5.0",
        ]
    );
    assert_eq!(seen.0.lock().unwrap().len(), 2, "the preflight reaches no handler");
}

#[actix_web::test]
async fn methods_are_sent_as_browsers_send_them() {
    let seen = Seen::default();
    let app = app(seen.clone()).await;
    for (method, sent) in [
        ("put", Some("PUT ")),
        ("Delete", Some("DELETE ")),
        ("get", Some("GET ")),
        ("PATCH", Some("PATCH ")),
        ("PROPFIND", Some("PROPFIND ")),
        // refused by the preflight: these stay as they are
        ("patch", None),
        ("propfind", None),
    ] {
        seen.0.lock().unwrap().clear();
        let outcome = Call::new(method, "/").from(APP).send(&app).await;
        match sent {
            Some(sent) => assert!(seen.last()[0].starts_with(sent), "{method}: {outcome}"),
            None => {
                assert!(
                    seen.last().is_empty() && outcome.status().is_none(),
                    "{method}: {outcome}"
                );
            }
        }
    }
}

#[actix_web::test]
async fn a_browsers_own_headers_need_no_leave_and_a_scripts_do() {
    let seen = Seen::default();
    let app = app(seen.clone()).await;
    let get = || Call::new("GET", "/").from(APP);
    for name in ["User-Agent", "Referer", "Sec-CH-UA", "Accept-Language", "DNT", "If-None-Match"] {
        let outcome = get().browser_header(name, "1").send(&app).await;
        outcome.assert_readable();
        assert!(!outcome.has_preflight(), "{name}");
        assert!(seen.last().contains(&format!("{}: 1", name.to_lowercase())), "{name}");
    }
    let outcome = get().header("User-Agent", "1").send(&app).await;
    assert!(outcome.has_preflight() && outcome.is_readable(), "{outcome}");
    let outcome = get().header("If-None-Match", "1").send(&app).await;
    let step = Some(&Blocked::PreflightOrigin("no Access-Control-Allow-Origin".into()));
    assert_eq!(outcome.blocked(), step, "{outcome}");
}

#[actix_web::test]
async fn the_pages_own_server_is_called_without_cors() {
    let seen = Seen::default();
    let app = app(seen.clone()).await;
    for (method, origin) in [("GET", None), ("DELETE", Some("origin: https://api.example.com"))] {
        let call = Call::new(method, "https://api.example.com/x").from("https://api.example.com");
        let outcome = call.header("X-Other", "1").cookie("sid", "1").send(&app).await;
        outcome.assert_readable();
        assert!(!outcome.has_preflight());
        let sent = seen.last().into_iter().find(|line| line.starts_with("origin"));
        assert_eq!(sent.as_deref(), origin);
        assert!(seen.last().contains(&"cookie: sid=1".to_owned()), "{method}");
    }
}

#[actix_web::test]
async fn a_cookie_goes_where_the_credentials_mode_says() {
    use CredentialsMode::{Include, Omit, SameOrigin};
    let seen = Seen::default();
    let app = app(seen.clone()).await;
    for (mode, expected) in [(Omit, false), (SameOrigin, false), (Include, true)] {
        let call = Call::new("GET", "/").from(APP).cookie("sid", "1").credentials(mode);
        call.send(&app).await.assert_readable();
        let is_sent = seen.last().contains(&"cookie: sid=1".to_owned());
        assert_eq!(is_sent, expected, "{mode:?}");
    }
    Call::new("GET", "/").from(OTHER).with_credentials().send(&app).await.assert_blocked();
    Call::new("GET", "/").from(OTHER).send(&app).await.assert_readable();
    Call::new("GET", "/").from("null").send(&app).await.assert_blocked();
}

#[test]
fn what_no_browser_sends_is_answered_as_a_value() {
    let get = || Call::new("GET", "/");
    let table = [
        (get().header("Cookie", "a=1"), Reason::ForbiddenHeader),
        (get().header("Referer", "https://a.example"), Reason::ForbiddenHeader),
        (get().header("Sec-Fetch-Site", "none"), Reason::ForbiddenHeader),
        (get().header("Proxy-Authorization", "Basic"), Reason::ForbiddenHeader),
        (get().header("X-HTTP-Method-Override", "TRACE"), Reason::ForbiddenHeader),
        (get().header("X A", "1"), Reason::HeaderIsNoToken),
        (get().header("X-A", "a\nb"), Reason::ControlInHeader),
        (get().header("X-A", "€"), Reason::WideHeader),
        (get().browser_header("Origin", APP), Reason::HeaderFollows),
        (get().browser_header("X-Token", "1"), Reason::NotOfBrowsers),
        (get().body("x"), Reason::BodyOfGet),
        (get().cookie("a;b", "1"), Reason::Cookie),
        (get().from("https://desk.example/"), Reason::OriginPath),
        (get().from("desk.example"), Reason::OriginWithoutScheme),
        (get().from("https://*.example"), Reason::OriginIsPattern),
        (get().from("https://desk.example:443"), Reason::OriginSpelling),
        (Call::new("PUT", "lots/1"), Reason::NoSlash),
        (Call::new("PUT", "//lots/1"), Reason::PathIsHost),
        (Call::new("PUT", ""), Reason::EmptyUrl),
        (Call::new("PUT", "localhost:8080/lots"), Reason::UrlWithoutScheme),
        (Call::new("PUT", "ws://a.example/"), Reason::UrlScheme),
        (Call::new("PUT", "https://u:p@a.example/"), Reason::UrlCredentials),
        (Call::new("CONNECT", "/"), Reason::ForbiddenMethod),
        (Call::new("trace", "/"), Reason::ForbiddenMethod),
        (Call::new("PU T", "/"), Reason::MethodIsNoToken),
    ];
    for (call, reason) in table {
        let problems = call.check().unwrap_err();
        assert_eq!((problems.len(), problems[0].reason), (1, reason), "{call:?}");
    }
    assert!(get().check().is_ok());
}

#[actix_web::test]
#[should_panic(
    expected = "no browser would send this call:\n  path `lots/1` has no slash at its start; write \
                           `/lots/1`\n  origin `https://desk.example/` has a path; write `https://desk.example`\n  \
                           header `Cookie` cannot be set by scripts; store it with `cookie`"
)]
async fn a_mistake_is_no_outcome() {
    let app = app(Seen::default()).await;
    let call = Call::new("PUT", "lots/1").from("https://desk.example/").header("Cookie", "a=1");
    call.send(&app).await.assert_blocked();
}

#[actix_web::test]
#[should_panic(expected = "method `TRACE` is forbidden to scripts")]
async fn a_mistake_is_no_outcome_in_a_session_either() {
    let app = app(Seen::default()).await;
    let call = Call::new("TRACE", "/");
    Browser::new().send(&app, &call).await.assert_blocked();
}

#[actix_web::test]
async fn what_actix_cannot_take_is_no_panic() {
    let app = app(Seen::default()).await;
    let outcome = Call::new("GET", &format!("/{}", "a".repeat(70_000))).from(APP).send(&app).await;
    assert!(matches!(outcome.blocked(), Some(Blocked::Network(_))), "{outcome:?}");
}
