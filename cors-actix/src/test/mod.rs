//! For tests of your own application: what a script of another origin gets from it.
//!
//! ```
//! use actix_web::{App, HttpResponse, delete, test::init_service};
//! use cors_actix::{Cors, cors, test::Call};
//!
//! #[cors(allow_origins = ["https://admin.example.com"], allow_headers += ["X-Csrf-Token"])]
//! #[delete("/users/{id}")]
//! async fn delete_user() -> HttpResponse {
//!     HttpResponse::NoContent().finish()
//! }
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), cors_actix::ConfigErrors> {
//! let cors = Cors::builder().allow_origins(["https://app.example.com"]).build()?;
//! let app = init_service(App::new().service(delete_user).wrap(cors.clone())).await;
//!
//! let delete = Call::new("DELETE", "/users/1").header("X-Csrf-Token", "t");
//! delete.clone().from("https://admin.example.com").send(&app).await.assert_readable();
//! delete.from("https://app.example.com").send(&app).await.assert_blocked();
//! assert_eq!(cors.misuses(), []);
//! # Ok(())
//! # }
//! ```
//!
//! # A session
//!
//! [`Call::send`] has a browser of its own, which remembers nothing. A [`Browser`] keeps cookies and preflights from
//! call to call, as long as they last on a clock that the test puts forward:
//!
//! ```
//! use std::time::Duration;
//! use actix_web::{App, HttpRequest, HttpResponse, get, put, test::init_service};
//! use cors_actix::{Cors, cors, test::{Browser, Call, CredentialsMode}};
//!
//! #[cors]
//! #[get("/login")]
//! async fn login() -> HttpResponse {
//!     HttpResponse::Ok().insert_header(("Set-Cookie", "sid=1; Max-Age=900; HttpOnly; Secure; SameSite=None")).finish()
//! }
//!
//! #[cors(max_age = "10m")]
//! #[put("/lots/{id}")]
//! async fn save(request: HttpRequest) -> HttpResponse {
//!     match request.headers().get("Cookie") {
//!         Some(_) => HttpResponse::NoContent().finish(),
//!         None => HttpResponse::Unauthorized().finish(),
//!     }
//! }
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), cors_actix::ConfigErrors> {
//! let cors = Cors::builder()
//!     .allow_origins(["https://desk.example"])
//!     .allow_headers(["Content-Type"])
//!     .allow_credentials(true)
//!     .build()?;
//! let app = init_service(App::new().service((login, save)).wrap(cors)).await;
//!
//! let mut browser = Browser::new();
//! let call = |method: &str, path: &str| {
//!     let call = Call::new(method, &format!("https://api.example.com{path}"));
//!     call.from("https://desk.example").credentials(CredentialsMode::Include)
//! };
//! let put = call("PUT", "/lots/1").header("Content-Type", "application/json").body("{}");
//!
//! assert_eq!(browser.send(&app, &put).await.status(), Some(401));
//! browser.send(&app, &call("GET", "/login")).await.assert_readable();
//! let saved = browser.send(&app, &put).await;
//! assert_eq!(saved.status(), Some(204), "{saved}");
//! assert!(!saved.has_preflight(), "its answer is remembered for ten minutes");
//!
//! browser.wait(Duration::from_secs(15 * 60));
//! let late = browser.send(&app, &put).await;
//! assert!(late.has_preflight());
//! assert_eq!(late.status(), Some(401), "the cookie has expired");
//! # Ok(())
//! # }
//! ```
//!
//! Redirects are followed, within the application, or from one to another where the test has
//! several [`Servers`]:
//!
//! ```
//! use actix_web::{App, HttpResponse, get, test::init_service, web::Redirect};
//! use cors_actix::{Cors, cors, test::{Call, Servers}};
//!
//! #[cors]
//! #[get("/file")]
//! async fn file() -> Redirect {
//!     Redirect::to("https://files.example.net/1")
//! }
//!
//! #[cors]
//! #[get("/1")]
//! async fn stored() -> HttpResponse {
//!     HttpResponse::Ok().finish()
//! }
//!
//! # #[actix_web::main]
//! # async fn main() -> Result<(), cors_actix::ConfigErrors> {
//! let cors = || Cors::builder().allow_origins(["https://desk.example"]).build();
//! let api = init_service(App::new().service(file).wrap(cors()?)).await;
//! let files = init_service(App::new().service(stored).wrap(cors()?)).await;
//!
//! let servers = Servers::new().at("https://api.example.com", &api).at("https://files.example.net", &files);
//! let outcome = Call::new("GET", "https://api.example.com/file").from("https://desk.example").send(&servers).await;
//! outcome.assert_blocked();
//! let last = &outcome.exchanges().last().unwrap().request;
//! assert_eq!(last.header("origin").unwrap(), "null", "a second origin does not learn the page's");
//! # Ok(())
//! # }
//! ```
//!
//! # What is modelled
//!
//! A `fetch` of the default mode "cors", by the Fetch standard: `cors_core::browser` has the rules, which
//! are compared with what Chromium, Firefox and `WebKit` do. The browser itself sets `Host`, `Origin`, `Accept`,
//! `User-Agent`, `Referer`, `Sec-Fetch-*`, `Content-Length`, `Cookie`, and the type of a body that is a text. A call to
//! the page's own origin is not subject to CORS, and has no `Origin` if it is GET or HEAD. Not modelled are the HTTP
//! cache, other modes, mixed content, and settings by which browsers block cookies of other sites.
//!
//! # Mistakes
//!
//! A call that no browser would send as it is written is a mistake of the test, not an outcome:
//! [`Call::send`] panics with what is wrong and what to write, so that no assertion passes because of it. Where calls
//! are data, [`Call::check`] answers the same as values.
//!
//! # The merged table
//!
//! It can be compared as a whole: `cors.reports()[0]` is a value, prints as text, and
//! with `{:#}` without the places in the source, so that a snapshot of it holds; with the feature
//! `serde` it is JSON as well.
//!

mod browser;
mod call;
mod outcome;
mod servers;

pub use browser::Browser;
pub use call::Call;
pub use cors_core::browser::{
    BadRedirect, Blocked, Body, CredentialsMode, Exchange, InvalidFetch, Reason, RejectedCookie,
    Request, Response,
};
pub use outcome::Outcome;
pub use servers::{Application, Servers, Target};
