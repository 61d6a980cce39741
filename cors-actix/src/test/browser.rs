//! A browser whose calls reach applications of the test.

use std::{net::SocketAddr, time::Duration};

use actix_http::Request;
use actix_web::{
    http::{
        Method, Uri,
        header::{HeaderName, HeaderValue},
    },
    test::TestRequest,
};
use cors_core::browser::{self, Fetching, InvalidFetch, RejectedCookie};

use super::{call::Call, outcome::Outcome, servers::Target};

/// A browser: it keeps cookies and what preflights have granted from call to call.
///
/// Its clock stands still but for [`wait`](Self::wait). The [module](super) has an example.
#[derive(Debug, Clone, Default)]
pub struct Browser(browser::Browser);

impl Browser {
    /// A browser that has called nobody yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets how long a preflight is remembered at most, whatever the policy's `max_age`: two hours unless it is set,
    /// as in Chromium. Firefox has a day, `WebKit` ten minutes.
    #[must_use]
    pub fn max_age_limit(self, limit: Duration) -> Self {
        Self(self.0.max_age_limit(limit))
    }

    /// Puts the clock forward: cookies and remembered preflights expire.
    pub fn wait(&mut self, time: Duration) {
        self.0.wait(time);
    }

    /// Stores what a `Set-Cookie` line says, as after a visit to this URL: the page is of the same site.
    ///
    /// ```
    /// use cors_actix::test::{Browser, RejectedCookie};
    ///
    /// let mut browser = Browser::new();
    /// let url = "https://api.example.com/login";
    /// assert_eq!(browser.set_cookie(url, "sid=1; Path=/; SameSite=Lax; Secure"), Ok(()));
    /// assert_eq!(browser.set_cookie(url, "sid=1; SameSite=None"), Err(RejectedCookie::NotSecure));
    /// assert_eq!(browser.cookies(url).unwrap(), [("sid", "1")]);
    /// ```
    ///
    /// # Errors
    ///
    /// Fails with the reason if browsers do not store it, or if the URL is none that a script could call.
    pub fn set_cookie(&mut self, url: &str, line: &str) -> Result<(), RejectedCookie> {
        self.0.set_cookie(url, line)
    }

    /// Names and values of the cookies that a page at this URL would send to it.
    ///
    /// # Errors
    ///
    /// Fails if the URL is none that a script could call.
    pub fn cookies(&self, url: &str) -> Result<Vec<(&str, &str)>, InvalidFetch> {
        self.0.cookies(url)
    }

    /// Makes a call: sends the preflight, where one is needed and not remembered, and if it is granted the request
    /// itself, and follows redirects.
    ///
    /// A target that is an application is at the origin of the call; a redirect to another origin is then one to
    /// where nothing answers, and no assertion on the [`Outcome`] holds.
    ///
    /// # Panics
    ///
    /// Panics with everything that is wrong if a browser would not send the call as it is written;
    /// [`Call::check`] answers it.
    #[track_caller]
    pub fn send<T: Target>(&mut self, target: &T, call: &Call) -> impl Future<Output = Outcome> {
        run(self.start(call), target, call)
    }

    /// Insists on a call that a browser would send as it is written.
    #[track_caller]
    fn start(&mut self, call: &Call) -> Fetching<'_> {
        self.0.start(&call.fetch).unwrap_or_else(|problems| {
            let lines: Vec<String> = problems.iter().map(|it| format!("\n  {it}")).collect();
            panic!("no browser would send this call:{}", lines.concat())
        })
    }
}

async fn run<T: Target>(mut fetching: Fetching<'_>, target: &T, call: &Call) -> Outcome {
    let fetch = &call.fetch;
    let title = format!("{} {} from {}", fetch.method(), fetch.url(), fetch.origin());
    let called = fetching.request().map(|request| request.origin().to_owned());
    while let Some(request) = fetching.request() {
        let origin = request.origin();
        let Some(server) = target.at(origin, called.as_deref().unwrap_or_default()) else {
            let why = format!("no application of the test is at {origin}; add it to `Servers`");
            fetching.fail(why);
            break;
        };
        match of_actix(request, call.peer_addr) {
            Ok(request) => {
                let response = server.answer(request).await;
                fetching.receive(response);
            }
            Err(why) => fetching.fail(why),
        }
    }
    Outcome::new(title, fetching.into_outcome())
}

impl Call {
    /// Does what a browser does that has called nobody yet: sends the preflight, where one is needed, and if it is
    /// granted the request itself, and follows redirects.
    ///
    /// # Panics
    ///
    /// Panics with everything that is wrong if a browser would not send the call as it is written;
    /// [`check`](Self::check) answers it.
    #[track_caller]
    pub fn send<T: Target>(&self, target: &T) -> impl Future<Output = Outcome> {
        // at once, so that the place of the call is known
        _ = Browser::new().start(self);
        async move { Browser::new().send(target, self).await }
    }
}

/// The request as actix has it.
///
/// # Errors
///
/// Fails if actix cannot have it, such as a URL of more than 65534 bytes.
fn of_actix(request: &browser::Request, peer: Option<SocketAddr>) -> Result<Request, String> {
    let method = Method::from_bytes(request.method.as_bytes()).map_err(|it| it.to_string())?;
    // with the scheme where it is HTTPS, as in HTTP/2, so that the application knows
    let is_https = request.url.starts_with("https://");
    let uri = if is_https { &request.url } else { request.target() };
    let uri = Uri::try_from(uri).map_err(|it| format!("{}: {it}", request.url))?;
    let mut sent = TestRequest::default().method(method);
    sent = sent.insert_header(("host", request.authority()));
    for (name, value) in &request.headers {
        let bytes: Option<Vec<u8>> =
            value.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect();
        let value = HeaderValue::from_bytes(&bytes.unwrap_or_default());
        let value = value.map_err(|it| format!("{name}: {it}"))?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|it| it.to_string())?;
        sent = sent.append_header((name, value));
    }
    if let Some(peer) = peer {
        sent = sent.peer_addr(peer);
    }
    if let Some(length) = request.content_length() {
        sent = sent.insert_header(("content-length", length));
    }
    if let Some(body) = &request.body {
        sent = sent.set_payload(body.clone());
    }
    let mut sent = sent.to_request();
    sent.head_mut().uri = uri;
    Ok(sent)
}
