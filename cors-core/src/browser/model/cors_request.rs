//! A call as the Fetch standard's "request" has it, and what is sent for it.

use url::Url;

use super::{
    fetch::{CredentialsMode, ValidFetch},
    header::Line,
    message::Request,
    page::Page,
    preflights::Subject,
    redirect::{Redirected, is_credentialed},
    site::is_trustworthy,
};
use crate::browser::{
    Client,
    client::{BadRedirect, is_safelisted_method},
    safelist::unsafe_names,
};

/// A call between two redirects.
#[derive(Debug)]
pub(super) struct CorsRequest {
    pub(super) page: Page,
    pub(super) sent: Redirected,
    browser_headers: Vec<Line>,
    credentials: CredentialsMode,
    /// The use-CORS-preflight flag.
    pub(super) is_forced: bool,
    /// Whether the response tainting is "cors".
    pub(super) is_cors: bool,
    /// Whether redirects have made the origin `null` (`#concept-request-tainted-origin`).
    is_tainted: bool,
    distance: Distance,
    redirects: usize,
}

/// How far from the page the furthest server is that took part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    SameOrigin,
    SameSite,
    CrossSite,
}

impl CorsRequest {
    pub(super) fn new(fetch: ValidFetch) -> Self {
        Self {
            is_cors: !fetch.page.is_same_origin(&fetch.url),
            distance: Distance::between(&fetch.page, &fetch.url),
            page: fetch.page,
            sent: Redirected {
                method: fetch.method,
                url: fetch.url,
                headers: fetch.headers,
                body: fetch.body,
            },
            browser_headers: fetch.browser_headers,
            credentials: fetch.credentials,
            is_forced: fetch.is_forced,
            is_tainted: false,
            redirects: 0,
        }
    }

    /// Goes where a response leads: `#concept-http-redirect-fetch`.
    ///
    /// # Errors
    ///
    /// Fails if a browser does not go there.
    pub(super) fn redirect(&mut self, status: u16, next: Url) -> Result<(), BadRedirect> {
        if self.redirects == 20 {
            return Err(BadRedirect::TooMany);
        }
        self.redirects += 1;
        let is_same_origin = self.page.is_same_origin(&next);
        if is_credentialed(&next, self.is_cors, is_same_origin) {
            return Err(BadRedirect::Credentials);
        }
        let here = &self.sent.url;
        let is_elsewhere = here.origin() != next.origin();
        self.is_tainted = self.is_tainted || (is_elsewhere && !self.page.is_same_origin(here));
        self.is_cors = self.is_cors || !is_same_origin;
        self.distance = self.distance.max(Distance::between(&self.page, &next));
        self.sent.follow(status, next);
        Ok(())
    }

    /// Whether the CORS protocol asks for a preflight, remembered or not.
    pub(super) fn needs_preflight(&self) -> bool {
        let is_safe = || unsafe_names(&self.sent.headers).is_empty();
        let is_safe = is_safelisted_method(&self.sent.method) && is_safe();
        self.is_cors && (self.is_forced || !is_safe)
    }

    /// `#concept-http-network-or-cache-fetch`, `includeCredentials`.
    pub(super) fn includes_credentials(&self) -> bool {
        match self.credentials {
            CredentialsMode::Omit => false,
            CredentialsMode::SameOrigin => !self.is_cors,
            CredentialsMode::Include => true,
        }
    }

    pub(super) fn client(&self) -> Client<'_> {
        let include_credentials = self.credentials == CredentialsMode::Include;
        Client { origin: self.origin(), include_credentials }
    }

    /// `#serializing-a-request-origin`.
    pub(super) fn origin(&self) -> &str {
        if self.is_tainted { "null" } else { &self.page.origin }
    }

    pub(super) fn subject<'s>(
        &'s self,
        client: &'s Client<'s>,
        unsafe_names: &'s [String],
    ) -> Subject<'s> {
        Subject {
            client,
            url: self.sent.url.as_str(),
            method: &self.sent.method,
            unsafe_names,
            is_forced: self.is_forced,
        }
    }

    /// `#cors-preflight-fetch`.
    pub(super) fn preflight(&self, names: &[String]) -> Request {
        let mut headers =
            vec![line("accept", "*/*"), line("access-control-request-method", &self.sent.method)];
        if !names.is_empty() {
            headers.push(line("access-control-request-headers", &names.join(",")));
        }
        headers.push(line("origin", self.origin()));
        // what the page accepts is said by the request alone
        let own = self.own_headers().into_iter().filter(|(name, _)| !is(name, "accept"));
        headers.extend(own);
        Request {
            method: "OPTIONS".to_owned(),
            url: self.url(),
            headers,
            body: None,
            is_preflight: true,
        }
    }

    /// The request itself.
    pub(super) fn actual(&self, cookies: Option<String>) -> Request {
        let mut headers = self.sent.headers.clone();
        // `#append-a-request-origin-header`
        let is_read = matches!(self.sent.method.as_str(), "GET" | "HEAD");
        if self.is_cors || !is_read {
            headers.push(line("origin", self.origin()));
        }
        let of_script: Vec<String> = headers.iter().map(|(name, _)| name.clone()).collect();
        let is_missing = |(name, _): &Line| !of_script.iter().any(|other| is(other, name));
        headers.extend(self.own_headers().into_iter().filter(is_missing));
        headers.extend(cookies.map(|cookies| line("cookie", &cookies)));
        Request {
            method: self.sent.method.clone(),
            url: self.url(),
            headers,
            body: self.sent.body.clone(),
            is_preflight: false,
        }
    }

    /// The URL as it is sent.
    fn url(&self) -> String {
        let mut url = self.sent.url.clone();
        url.set_fragment(None);
        // neither fails for a URL with a host
        _ = url.set_username("").and(url.set_password(None));
        url.into()
    }

    /// What the browser sets by itself, on preflights too.
    fn own_headers(&self) -> Vec<Line> {
        let url = &self.sent.url;
        let mut headers = vec![line("accept", "*/*"), line("user-agent", "Mozilla/5.0")];
        headers.extend(self.page.referrer(url).map(|referrer| line("referer", &referrer)));
        if is_trustworthy(url) {
            headers.push(line("sec-fetch-dest", "empty"));
            headers.push(line("sec-fetch-mode", "cors"));
            headers.push(line("sec-fetch-site", self.distance.text()));
        }
        let is_replaced = |name: &str| self.browser_headers.iter().any(|(own, _)| is(own, name));
        headers.retain(|(name, _)| !is_replaced(name));
        headers.extend(self.browser_headers.iter().cloned());
        headers
    }
}

impl Distance {
    fn between(page: &Page, url: &Url) -> Self {
        if page.is_same_origin(url) {
            Self::SameOrigin
        } else if page.is_same_site(url) {
            Self::SameSite
        } else {
            Self::CrossSite
        }
    }

    /// `Sec-Fetch-Site`.
    fn text(self) -> &'static str {
        match self {
            Self::SameOrigin => "same-origin",
            Self::SameSite => "same-site",
            Self::CrossSite => "cross-site",
        }
    }
}

fn line(name: &str, value: &str) -> Line {
    (name.to_owned(), value.to_owned())
}

fn is(name: &str, other: &str) -> bool {
    name.eq_ignore_ascii_case(other)
}
