//! A browser, and what it remembers between the calls of its pages.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use url::Url;

use super::{
    address,
    cookie::{Context, RejectedCookie, isomorphic},
    cookies::Cookies,
    fetch::Fetch,
    fetching::Fetching,
    invalid::InvalidFetch,
    memory::Memory,
    preflights::Preflights,
    site::Site,
};

/// A browser: its cookies, what it remembers of preflights, and its clock.
///
/// It does not touch the network: [`start`](Self::start) says what to send, and is told what came back. The clock
/// stands still but for [`wait`](Self::wait).
///
/// ```
/// use std::time::Duration;
/// use cors_core::browser::{Browser, Fetch, Outcome, Request, Response};
///
/// fn answer(request: &Request) -> Response {
///     let headers: &[(&str, &str)] = match request.is_preflight {
///         true => &[("access-control-allow-methods", "PUT"), ("access-control-max-age", "600")],
///         false => &[],
///     };
///     let headers = [("access-control-allow-origin", "*")].iter().chain(headers);
///     let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
///     Response { status: 200, headers: headers.map(owned).collect() }
/// }
///
/// fn send(browser: &mut Browser, fetch: &Fetch) -> Outcome {
///     let mut fetching = browser.start(fetch).unwrap();
///     while let Some(request) = fetching.request() {
///         let response = answer(request);
///         fetching.receive(response);
///     }
///     fetching.into_outcome()
/// }
///
/// let mut browser = Browser::new();
/// let put = Fetch::new("PUT", "https://api.example.com/lots/1").from("https://desk.example");
/// assert_eq!(send(&mut browser, &put).exchanges.len(), 2);
/// browser.wait(Duration::from_secs(599));
/// assert_eq!(send(&mut browser, &put).exchanges.len(), 1, "the preflight is remembered");
/// browser.wait(Duration::from_secs(1));
/// assert_eq!(send(&mut browser, &put).exchanges.len(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Browser(Memory);

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Browser {
    /// A browser that has called nobody yet, at the present time.
    #[must_use]
    pub fn new() -> Self {
        Self(Memory {
            cookies: Cookies::default(),
            preflights: Preflights::default(),
            now: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            max_age_limit: Duration::from_secs(7200),
        })
    }

    /// Sets how long a preflight is remembered at most, whatever `Access-Control-Max-Age` says: two hours
    /// unless it is set, as in Chromium. Firefox has a day, `WebKit` ten minutes.
    #[must_use]
    pub fn max_age_limit(mut self, limit: Duration) -> Self {
        self.0.max_age_limit = limit;
        self
    }

    /// Puts the clock forward: cookies and remembered preflights expire.
    pub fn wait(&mut self, time: Duration) {
        self.0.now = self.0.now.saturating_add(time);
    }

    /// Stores what a `Set-Cookie` line says, as after a visit to this URL: the page is of the same site.
    ///
    /// # Errors
    ///
    /// Fails with the reason if browsers do not store it, or if the URL is none that a script could call.
    pub fn set_cookie(&mut self, url: &str, line: &str) -> Result<(), RejectedCookie> {
        let url = address::parse(url).map_err(RejectedCookie::Url)?;
        let site = Site::of(&url);
        self.0.cookies.set(&isomorphic(line), &context(&url, &site, self.0.now))
    }

    /// Names and values of the cookies that a page at this URL would send to it.
    ///
    /// # Errors
    ///
    /// Fails if the URL is none that a script could call.
    pub fn cookies(&self, url: &str) -> Result<Vec<(&str, &str)>, InvalidFetch> {
        let url = address::parse(url)?;
        let site = Site::of(&url);
        Ok(self.0.cookies.of(&context(&url, &site, self.0.now)))
    }

    /// Begins a fetch.
    ///
    /// # Errors
    ///
    /// Fails with everything in it that no browser would send as it is written; see [`Fetch::check`].
    pub fn start(&mut self, fetch: &Fetch) -> Result<Fetching<'_>, Vec<InvalidFetch>> {
        fetch.parse().map(|fetch| Fetching::new(&mut self.0, fetch))
    }
}

/// A page at the URL itself.
fn context<'a>(url: &'a Url, site: &'a Site, now: Duration) -> Context<'a> {
    Context { url, page: Some(site), is_same_site: true, now }
}
