//! What a browser remembers of preflights (`#cors-preflight-cache`).

use std::time::Duration;

use crate::browser::{Client, Headers, client::get, is_safelisted_method, list};

/// The CORS-preflight cache.
#[derive(Debug, Clone, Default)]
pub(super) struct Preflights(Vec<Entry>);

/// What a preflight is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) client: &'a Client<'a>,
    pub(super) url: &'a str,
    pub(super) method: &'a str,
    pub(super) unsafe_names: &'a [String],
    pub(super) is_forced: bool,
}

#[derive(Debug, Clone)]
struct Entry {
    origin: String,
    url: String,
    has_credentials: bool,
    what: Granted,
    expires: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Granted {
    Method(String),
    Header(String),
}

impl Preflights {
    /// Whether the cache makes a preflight needless: the condition in `#concept-http-fetch`.
    pub(super) fn cover(&self, subject: &Subject<'_>, now: Duration) -> bool {
        let own = self.0.iter().filter(|entry| entry.is_for(subject) && entry.expires > now);
        let granted: Vec<&Granted> = own.map(|entry| &entry.what).collect();
        let has_method = granted.iter().any(
            |what| matches!(what, Granted::Method(own) if own == subject.method || own == "*"),
        );
        let has_header = |name: &String| {
            granted.iter().any(|what| match what {
                Granted::Header(own) if own == "*" => name != "authorization",
                Granted::Header(own) => own.eq_ignore_ascii_case(name),
                Granted::Method(_) => false,
            })
        };
        (has_method || (is_safelisted_method(subject.method) && !subject.is_forced))
            && subject.unsafe_names.iter().all(has_header)
    }

    /// Remembers what a preflight's answer grants: the end of `#cors-preflight-fetch`.
    pub(super) fn remember(
        &mut self,
        subject: &Subject<'_>,
        answer: &Headers,
        now: Duration,
        limit: Duration,
    ) {
        let elements = |name| list(answer, name).ok().flatten();
        let methods = match elements("access-control-allow-methods") {
            None if subject.is_forced => vec![subject.method.to_owned()],
            methods => methods.unwrap_or_default(),
        };
        let names = elements("access-control-allow-headers").unwrap_or_default();
        let expires = now.saturating_add(max_age(answer).min(limit));
        let headers = names.into_iter().map(|name| Granted::Header(name.to_ascii_lowercase()));
        for what in methods.into_iter().map(Granted::Method).chain(headers) {
            let known = |entry: &&mut Entry| entry.is_for(subject) && entry.what == what;
            match self.0.iter_mut().find(known) {
                Some(entry) => entry.expires = expires,
                None => self.0.push(Entry::new(subject, what, expires)),
            }
        }
    }

    /// `#concept-cache-clear`, after a network error.
    pub(super) fn forget(&mut self, origin: &str, url: &str) {
        self.0.retain(|entry| !(entry.origin == origin && entry.url == url));
    }
}

impl Entry {
    fn new(subject: &Subject<'_>, what: Granted, expires: Duration) -> Self {
        Self {
            origin: subject.client.origin.to_owned(),
            url: subject.url.to_owned(),
            has_credentials: subject.client.include_credentials,
            what,
            expires,
        }
    }

    /// `#concept-cache-match`.
    fn is_for(&self, subject: &Subject<'_>) -> bool {
        self.origin == subject.client.origin
            && self.url == subject.url
            && (self.has_credentials || !subject.client.include_credentials)
    }
}

/// `Access-Control-Max-Age`, or 5 seconds where it is missing or malformed.
fn max_age(answer: &Headers) -> Duration {
    let digits = get(answer, "access-control-max-age");
    let digits = digits.filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()));
    Duration::from_secs(digits.and_then(|value| value.parse().ok()).unwrap_or(5))
}
