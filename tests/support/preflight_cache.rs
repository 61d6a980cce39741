//! What a browser remembers of preflights.
//!
//! Source: `#cors-preflight-cache`.

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use cors_core::browser::{Client, Headers, is_safelisted_method, list};

use crate::client::Request;

/// The longest that an entry lives: the limit Chromium imposes.
const LIMIT: u64 = 7200;

/// The CORS-preflight cache.
#[derive(Debug, Default)]
pub(crate) struct PreflightCache(RefCell<Vec<Entry>>);

#[derive(Debug)]
struct Entry {
    origin: String,
    url: String,
    credentials: bool,
    what: Granted,
    expires: Instant,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Granted {
    Method(String),
    Header(String),
}

impl PreflightCache {
    /// Whether the cache makes a preflight needless, apart from the use-CORS-preflight flag.
    pub(crate) fn covers(
        &self,
        client: &Client<'_>,
        request: &Request,
        unsafe_names: &[String],
        is_forced: bool,
    ) -> bool {
        let entries = self.0.borrow();
        let matching: Vec<&Granted> = entries
            .iter()
            .filter(|entry| entry.is_for(client, &request.url))
            .map(|entry| &entry.what)
            .collect();
        let method = &request.method;
        let has_method = matching
            .iter()
            .any(|what| matches!(what, Granted::Method(own) if own == method || own == "*"));
        let has_header = |name: &String| {
            matching.iter().any(|what| match what {
                Granted::Header(own) if own == "*" => name != "authorization",
                Granted::Header(own) => own.eq_ignore_ascii_case(name),
                Granted::Method(_) => false,
            })
        };
        (has_method || (is_safelisted_method(method) && !is_forced))
            && unsafe_names.iter().all(has_header)
    }

    /// Remembers what a preflight's answer grants: the end of `#cors-preflight-fetch`.
    pub(crate) fn remember(
        &self,
        client: &Client<'_>,
        request: &Request,
        is_forced: bool,
        answer: &Headers,
    ) {
        let elements = |name| list(answer, name).ok().flatten();
        let methods = elements("access-control-allow-methods");
        let methods = match methods {
            None if is_forced => vec![request.method.clone()],
            methods => methods.unwrap_or_default(),
        };
        let names = elements("access-control-allow-headers").unwrap_or_default();
        let granted =
            methods.into_iter().map(Granted::Method).chain(names.into_iter().map(Granted::Header));
        let expires = Instant::now() + max_age(answer);
        let mut entries = self.0.borrow_mut();
        for what in granted {
            let known = entries
                .iter_mut()
                .find(|entry| entry.is_for(client, &request.url) && entry.what == what);
            if let Some(entry) = known {
                entry.expires = expires;
                continue;
            }
            entries.push(Entry {
                origin: client.origin.to_owned(),
                url: request.url.clone(),
                credentials: client.include_credentials,
                what,
                expires,
            });
        }
    }

    /// `#concept-cache-clear`, after a network error.
    pub(crate) fn forget(&self, client: &Client<'_>, request: &Request) {
        self.0
            .borrow_mut()
            .retain(|entry| !(entry.origin == client.origin && entry.url == request.url));
    }
}

impl Entry {
    /// `#concept-cache-match`.
    fn is_for(&self, client: &Client<'_>, url: &str) -> bool {
        self.origin == client.origin
            && self.url == url
            && (self.credentials || !client.include_credentials)
            && self.expires > Instant::now()
    }
}

/// `Access-Control-Max-Age`, or 5 seconds where it is missing or malformed.
fn max_age(answer: &Headers) -> Duration {
    let lines: Vec<&str> = answer
        .iter()
        .filter(|(name, _)| name == "access-control-max-age")
        .map(|(_, value)| value.as_str())
        .collect();
    let seconds = match lines[..] {
        [value] if value.bytes().all(|byte| byte.is_ascii_digit()) => value.parse().unwrap_or(5),
        _ => 5,
    };
    Duration::from_secs(seconds.min(LIMIT))
}
