//! Whole sessions of a browser: cookies, remembered preflights, redirects from one application to another.

use std::time::Duration;

use actix_web::{
    App, Error, HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{Service, ServiceResponse},
    get,
    http::StatusCode,
    put, route,
    test::init_service,
    web,
};
use cors_actix::{
    Cors, CorsBuilder, cors,
    test::{BadRedirect, Blocked, Browser, Call, CredentialsMode, RejectedCookie, Servers},
};

use serde::Deserialize;

use crate::support::{APP, EVIL};

const API: &str = "https://api.example.com";
const FAR: &str = "https://far.example.net";

#[derive(Debug, Deserialize)]
struct Login {
    set: String,
}

#[derive(Debug, Deserialize)]
struct Redirect {
    status: u16,
    to: String,
}

#[cors]
#[get("/login")]
async fn login(login: web::Query<Login>) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Set-Cookie", login.set.as_str())).finish()
}

/// Answers with the cookies it gets.
#[cors(max_age = "10m", allow_headers += ["X-A"], expose_headers += ["X-Cookie", "X-Token"])]
#[put("/lots")]
async fn save(request: HttpRequest) -> HttpResponse {
    echo(&request)
}

#[cors(expose_headers += ["X-Cookie", "X-Token"])]
#[get("/lots")]
async fn list(request: HttpRequest) -> HttpResponse {
    echo(&request)
}

fn echo(request: &HttpRequest) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    for (from, to) in [("cookie", "x-cookie"), ("authorization", "x-token")] {
        if let Some(value) = request.headers().get(from) {
            response.insert_header((to, value.clone()));
        }
    }
    response.finish()
}

/// Redirects by the status that is asked for.
#[cors(allow_headers += ["Authorization", "Content-Type"])]
#[route("/go", method = "GET", method = "POST", method = "PUT")]
async fn go(to: web::Query<Redirect>) -> HttpResponse {
    redirect(&to)
}

fn redirect(to: &Redirect) -> HttpResponse {
    let status = StatusCode::from_u16(to.status).unwrap();
    HttpResponse::build(status).insert_header(("Location", to.to.as_str())).finish()
}

fn base() -> CorsBuilder {
    Cors::builder().allow_origins([APP]).allow_credentials(true)
}

async fn app(
    cors: CorsBuilder,
) -> impl Service<actix_http::Request, Response = ServiceResponse<impl MessageBody>, Error = Error>
{
    let services = (login, save, list, go);
    init_service(App::new().service(services).wrap(cors.build().unwrap())).await
}

fn call(method: &str, target: &str) -> Call {
    Call::new(method, &format!("{API}{target}")).from(APP).credentials(CredentialsMode::Include)
}

/// The path of a redirect.
fn to(status: u16, to: &str) -> String {
    format!("/go?status={status}&to={to}")
}

#[actix_web::test]
async fn a_preflight_is_remembered_as_long_as_the_route_says() {
    let app = app(base()).await;
    let mut browser = Browser::new();
    let put = call("PUT", "/lots").header("X-A", "1");
    for (seconds, expected) in [(0, true), (0, false), (599, false), (1, true), (599, false)] {
        browser.wait(Duration::from_secs(seconds));
        let outcome = browser.send(&app, &put).await;
        outcome.assert_readable();
        assert_eq!(outcome.has_preflight(), expected, "after {seconds} s");
    }
    let without = put.clone().credentials(CredentialsMode::Omit);
    assert!(!browser.send(&app, &without).await.has_preflight(), "one with credentials serves");
    let mut brief = Browser::new().max_age_limit(Duration::from_secs(60));
    for (seconds, expected) in [(0, true), (59, false), (1, true)] {
        brief.wait(Duration::from_secs(seconds));
        assert_eq!(brief.send(&app, &put).await.has_preflight(), expected, "after {seconds} s");
    }
    // each `Call::send` has a browser of its own
    for _ in 0..2 {
        assert!(put.send(&app).await.has_preflight());
    }
}

#[actix_web::test]
async fn cookies_are_stored_and_sent_as_their_lines_say() {
    let app = app(base()).await;
    let table = [
        ("sid=1", true, None),
        ("sid=1; SameSite=Strict", true, None),
        ("sid=1; Secure; SameSite=None", true, None),
        ("sid=1; Max-Age=0", false, None),
        ("sid=1; Path=/other", false, None),
        ("sid=1; SameSite=None", false, Some(RejectedCookie::NotSecure)),
        ("sid=1; Domain=example.org", false, Some(RejectedCookie::Domain)),
    ];
    for (line, is_sent, rejected) in table {
        let mut browser = Browser::new();
        let entry = browser.send(&app, &call("GET", &format!("/login?set={line}"))).await;
        entry.assert_readable();
        assert!(!entry.exposes("set-cookie"));
        assert_eq!(entry.rejected_cookies().first().map(|(_, why)| why), rejected.as_ref());
        let listed = browser.send(&app, &call("GET", "/lots")).await;
        assert_eq!(listed.header("x-cookie").as_deref(), is_sent.then_some("sid=1"), "{line}");
        let omitted = call("GET", "/lots").credentials(CredentialsMode::SameOrigin);
        assert_eq!(browser.send(&app, &omitted).await.header("x-cookie"), None, "{line}");
    }
}

#[actix_web::test]
async fn a_page_of_another_site_needs_same_site_none() {
    let far = "https://desk.example";
    let app = app(base().add_allow_origins([far])).await;
    let table = [
        ("sid=1", false),
        ("sid=1; SameSite=Lax; Secure", false),
        ("sid=1; SameSite=Strict; Secure", false),
        ("sid=1; SameSite=None; Secure", true),
    ];
    for (line, expected) in table {
        let mut browser = Browser::new();
        let entry = browser.send(&app, &call("GET", &format!("/login?set={line}")).from(far)).await;
        entry.assert_readable();
        assert_eq!(entry.rejected_cookies().is_empty(), expected, "{entry}");
        browser.set_cookie(API, line).unwrap();
        let outcome = browser.send(&app, &call("GET", "/lots").from(far)).await;
        assert_eq!(outcome.header("x-cookie").is_some(), expected, "{line}: {outcome}");
        let own = browser.send(&app, &call("GET", "/lots")).await;
        assert_eq!(own.header("x-cookie").as_deref(), Some("sid=1"), "{line}");
    }
}

#[actix_web::test]
async fn a_cookie_that_is_not_stored_is_shown() {
    let app = app(base()).await;
    let outcome = call("GET", "/login?set=a=1; SameSite=None").send(&app).await;
    assert_eq!(
        outcome.to_string(),
        "GET https://api.example.com/login?set=a=1; SameSite=None from https://app.example.com\n  \
         response 200\n    access-control-allow-credentials: true\n    access-control-allow-origin: \
         https://app.example.com\n    vary: Origin\n  cookie not stored: a=1; SameSite=None (it has to be Secure \
         beside SameSite=None or Partitioned)\n  readable: "
    );
}

#[actix_web::test]
async fn redirects_within_the_application_are_followed() {
    let app = app(base()).await;
    let table = [
        ("GET", 302, "/lots", Some("GET")),
        ("GET", 307, "https://api.example.com/lots", Some("GET")),
        ("POST", 301, "/lots", Some("GET")),
        ("POST", 302, "/lots", Some("GET")),
        ("PUT", 303, "/lots", Some("GET")),
        ("PUT", 307, "/lots", Some("PUT")),
        ("PUT", 308, "/lots", Some("PUT")),
        // the route of the goal does not allow it
        ("POST", 307, "/nowhere", Some("POST")),
        ("PUT", 302, "/nowhere", None),
    ];
    for (method, status, goal, expected) in table {
        let outcome = call(method, &to(status, goal)).send(&app).await;
        assert_eq!(outcome.is_readable(), expected.is_some(), "{method} {status}: {outcome}");
        if let Some(expected) = expected {
            assert_eq!(outcome.exchanges().last().unwrap().request.method, expected, "{outcome}");
        }
    }
}

#[actix_web::test]
async fn a_redirect_is_shown_with_its_goal() {
    let app = app(base()).await;
    let outcome = call("GET", &to(302, "/lots")).send(&app).await;
    assert_eq!(
        outcome.to_string(),
        "GET https://api.example.com/go?status=302&to=/lots from https://app.example.com\n  response 302\n    \
         access-control-allow-credentials: true\n    access-control-allow-origin: https://app.example.com\n    \
         location: /lots\n    vary: Origin\n  response 200\n    access-control-allow-credentials: true\n    \
         access-control-allow-origin: https://app.example.com\n    access-control-expose-headers: X-Cookie, \
         X-Token\n    vary: Origin\n  readable: "
    );
}

#[actix_web::test]
async fn a_loop_ends_after_twenty_redirects() {
    let service = web::resource("/circle")
        .to(|| async { HttpResponse::Found().insert_header(("Location", "/circle")).finish() });
    let app = init_service(App::new().service(service).wrap(base().build().unwrap())).await;
    let outcome = call("GET", "/circle").send(&app).await;
    assert_eq!(outcome.blocked(), Some(&Blocked::Redirect(BadRedirect::TooMany)));
    assert_eq!(outcome.exchanges().len(), 21);
    outcome.assert_blocked();
}

#[actix_web::test]
async fn from_one_application_to_another_the_origin_is_lost() {
    let api = app(base()).await;
    let listed = app(base()).await;
    let open = app(Cors::builder().allow_origins(["*"])).await;
    let away =
        call("GET", &to(302, &format!("{FAR}/lots"))).credentials(CredentialsMode::SameOrigin);

    let servers = Servers::new().at(API, &api).at(FAR, &listed);
    let outcome = away.send(&servers).await;
    outcome.assert_blocked();
    assert_eq!(outcome.exchanges()[1].request.header("origin").unwrap(), "null");

    let servers = Servers::new().at(API, &api).at(FAR, &open);
    let outcome = away.clone().header("Authorization", "Bearer t").send(&servers).await;
    outcome.assert_readable();
    assert_eq!(outcome.header("x-token"), None, "the token is for one origin");

    // a page's own redirects keep the origin, and its cookies of mode same-origin stay behind
    let own = away.from(API).cookie("sid", "1");
    let outcome = own.send(&Servers::new().at(API, &api).at(FAR, &open)).await;
    assert_eq!(outcome.exchanges()[0].request.header("cookie").unwrap(), "sid=1");
    assert_eq!(outcome.exchanges()[1].request.header("origin").unwrap(), API);
    assert_eq!(outcome.header("x-cookie"), None);
    outcome.assert_readable();
}

#[actix_web::test]
async fn where_no_application_is_nothing_is_known() {
    let app = app(base()).await;
    let outcome = call("GET", &to(302, &format!("{FAR}/lots"))).send(&app).await;
    assert_eq!(outcome.status(), Some(302));
    let why = "no application of the test is at https://far.example.net; add it to `Servers`";
    assert_eq!(outcome.blocked(), Some(&Blocked::Network(why.to_owned())));
    // another host is another origin, though it is the same application
    let outcome = call("GET", &to(302, "http://api.example.com/lots")).send(&app).await;
    assert!(matches!(outcome.blocked(), Some(Blocked::Network(_))), "{outcome}");
}

#[actix_web::test]
#[should_panic(expected = "it is not known whether a script gets the response")]
async fn what_is_not_known_is_not_blocked() {
    let app = app(base()).await;
    let outcome = call("GET", &to(302, &format!("{FAR}/lots"))).send(&app).await;
    outcome.assert_blocked();
}

#[actix_web::test]
#[should_panic(
    expected = "origin `https://far.example.net/` has a path; write `https://far.example.net`"
)]
async fn a_server_is_at_an_origin() {
    let app = app(base()).await;
    drop(Servers::new().at("https://far.example.net/", &app));
}

#[actix_web::test]
async fn a_foreign_page_learns_nothing_in_a_session_either() {
    let app = app(base()).await;
    let mut browser = Browser::new();
    browser.send(&app, &call("PUT", "/lots")).await.assert_readable();
    let evil = call("PUT", "/lots").from(EVIL);
    let outcome = browser.send(&app, &evil).await;
    assert!(outcome.has_preflight(), "what one page was granted serves no other");
    outcome.assert_blocked();
}
