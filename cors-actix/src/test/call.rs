//! What a script asks for.

use std::net::SocketAddr;

use cors_core::browser::{Body, CredentialsMode, Fetch, InvalidFetch};

/// A script's call of a route, by `fetch` on a page.
///
/// ```
/// use cors_actix::test::{Call, CredentialsMode};
///
/// let call = Call::new("put", "/lots/1")
///     .from("https://desk.example")
///     .header("Content-Type", "application/json")
///     .body(r#"{"name":"a"}"#)
///     .credentials(CredentialsMode::Include)
///     .cookie("sid", "1")
///     .browser_header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)")
///     .peer_addr("203.0.113.7:4711".parse().unwrap());
/// assert!(call.check().is_ok());
///
/// let problems = Call::new("PUT", "lots/1").check().unwrap_err();
/// assert_eq!(problems[0].to_string(), "path `lots/1` has no slash at its start; write `/lots/1`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Call {
    pub(super) fetch: Fetch,
    pub(super) peer_addr: Option<SocketAddr>,
}

impl Call {
    /// `fetch(url, { method })` on a page of `https://page.example`.
    ///
    /// The URL is a path of `http://localhost:8080`, or an HTTP URL in full. As in browsers a blank is sent as
    /// `%20` and a fragment is not sent; `put` is sent as `PUT`, and so are the other methods whose case browsers mend,
    /// which `patch` is not one of.
    pub fn new(method: &str, url: &str) -> Self {
        Self { fetch: Fetch::new(method, url), peer_addr: None }
    }

    /// Sets the origin of the page; `null` for an opaque one, such as that of a sandboxed frame.
    pub fn from(self, origin: &str) -> Self {
        self.with(|fetch| fetch.from(origin))
    }

    /// Adds a header that the script sets, which the preflight may have to announce. `User-Agent` can be
    /// set by scripts, too.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.with(|fetch| fetch.header(name, value))
    }

    /// Sets a header that the browser sets by itself, such as `User-Agent`, `Referer`, `Accept-Language` or
    /// `Sec-Fetch-Site`: on the preflight too, which does not announce it, and in the place of the one that would be sent.
    pub fn browser_header(self, name: &str, value: &str) -> Self {
        self.with(|fetch| fetch.browser_header(name, value))
    }

    /// Stores a cookie of the called host before the call, as set with `SameSite=None` for all its paths. It is
    /// sent if the [credentials mode](Self::credentials) says so, and never on preflights.
    /// [`Browser::set_cookie`](super::Browser::set_cookie) takes attributes.
    pub fn cookie(self, name: &str, value: &str) -> Self {
        self.with(|fetch| fetch.cookie(name, value))
    }

    /// Sets the body: a text, which is of type `text/plain;charset=UTF-8` unless a header says something
    /// else, or bytes, which have no type by themselves.
    pub fn body(self, body: impl Into<Body>) -> Self {
        self.with(|fetch| fetch.body(body))
    }

    /// Sets the credentials mode; "same-origin" is the default of `fetch`.
    pub fn credentials(self, mode: CredentialsMode) -> Self {
        self.with(|fetch| fetch.credentials(mode))
    }

    /// Sets the credentials mode to "include".
    pub fn with_credentials(self) -> Self {
        self.credentials(CredentialsMode::Include)
    }

    /// Listens to the progress of the upload, as an `XMLHttpRequest` can, so that there is a preflight whatever
    /// the method and headers.
    pub fn upload_listener(self) -> Self {
        self.with(Fetch::upload_listener)
    }

    /// Sets the address that the application sees at the other end of the connection.
    pub fn peer_addr(mut self, address: SocketAddr) -> Self {
        self.peer_addr = Some(address);
        self
    }

    /// Checks that a browser would send every part of the call as it is written.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong: at least one problem, in the order of method, URL, origin, headers,
    /// cookies and body.
    pub fn check(&self) -> Result<(), Vec<InvalidFetch>> {
        self.fetch.check()
    }

    fn with(self, change: impl FnOnce(Fetch) -> Fetch) -> Self {
        Self { fetch: change(self.fetch), ..self }
    }
}
