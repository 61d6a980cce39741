//! What a browser remembers between calls, and its clock.

use std::time::Duration;

use url::Url;

use super::{
    cookie::{Context, Cookie, RejectedCookie},
    cookies::Cookies,
    page::Page,
    preflights::{Preflights, Subject},
    site::Site,
};
use crate::browser::Headers;

/// The state of a browser.
#[derive(Debug, Clone)]
pub(super) struct Memory {
    pub(super) cookies: Cookies,
    pub(super) preflights: Preflights,
    /// Since the Unix epoch.
    pub(super) now: Duration,
    pub(super) max_age_limit: Duration,
}

impl Memory {
    /// Whether a remembered preflight makes another needless.
    pub(super) fn covers(&self, subject: &Subject<'_>) -> bool {
        self.preflights.cover(subject, self.now)
    }

    pub(super) fn remember(&mut self, subject: &Subject<'_>, answer: &Headers) {
        self.preflights.remember(subject, answer, self.now, self.max_age_limit);
    }

    /// Stores a cookie that goes to the whole host whatever the page.
    pub(super) fn give_cookie(&mut self, url: &Url, (name, value): &(String, String)) {
        let context = Context { url, page: None, is_same_site: true, now: self.now };
        self.cookies.store(Cookie::of_host(name, value, url), &context);
    }

    /// The value of `Cookie` for a call of a page.
    pub(super) fn cookie_header(&self, page: &Page, url: &Url) -> Option<String> {
        let site = page.site();
        self.cookies.header(&self.context(page, site.as_ref(), url))
    }

    /// Stores a cookie that a response sets.
    ///
    /// # Errors
    ///
    /// Fails with the reason if browsers do not store it.
    pub(super) fn set_cookie(
        &mut self,
        page: &Page,
        url: &Url,
        line: &str,
    ) -> Result<(), RejectedCookie> {
        let site = page.site();
        let context = self.context(page, site.as_ref(), url);
        self.cookies.set(line, &context)
    }

    fn context<'a>(&self, page: &Page, site: Option<&'a Site>, url: &'a Url) -> Context<'a> {
        Context { url, page: site, is_same_site: page.is_same_site(url), now: self.now }
    }
}
