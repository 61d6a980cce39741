//! One cookie, as a `Set-Cookie` line says it (RFC 6265bis, sections 5.6 and 5.7).

use std::{fmt, time::Duration};

use url::{Host, Url};

use super::{
    cookie_date,
    invalid::InvalidFetch,
    site::{Site, is_public_suffix, is_trustworthy},
};

/// A cookie in store.
#[derive(Debug, Clone)]
pub(super) struct Cookie {
    pub(super) name: String,
    pub(super) value: String,
    domain: String,
    is_host_only: bool,
    pub(super) path: String,
    /// Since the Unix epoch; `None` for a cookie of the session.
    pub(super) expires: Option<Duration>,
    pub(super) is_secure: bool,
    is_same_site: bool,
    /// The site of the page, for a cookie that is `Partitioned`.
    partition: Option<Site>,
}

/// Who sets or asks for cookies.
#[derive(Debug)]
pub(super) struct Context<'a> {
    pub(super) url: &'a Url,
    /// The site of the page.
    pub(super) page: Option<&'a Site>,
    pub(super) is_same_site: bool,
    pub(super) now: Duration,
}

/// Why a browser does not store a cookie.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RejectedCookie {
    /// What should set it is no path or URL that a script could call.
    Url(InvalidFetch),
    /// It has neither a name nor a value.
    Empty,
    /// It has a control character.
    Control,
    /// Name and value have more than 4096 bytes.
    TooLong,
    /// `Domain` does not cover the host, or is a public suffix.
    Domain,
    /// It is `Secure`, and the URL is neither HTTPS nor of this machine.
    Insecure,
    /// It is `SameSite=None` or `Partitioned` and not `Secure`.
    NotSecure,
    /// It is `SameSite=Lax`, which is the default, or `Strict`, and the page is of another site.
    CrossSite,
    /// Its name starts with `__Secure-` or `__Host-`, and it lacks what that promises.
    Prefix,
    /// A `Secure` cookie of this name exists, which no plain HTTP response can replace.
    OverSecure,
}

/// The attributes of a line, last of each.
#[derive(Debug, Default)]
struct Attributes<'a> {
    domain: &'a str,
    path: Option<&'a str>,
    expires: Option<Duration>,
    max_age: Option<i64>,
    is_secure: bool,
    is_partitioned: bool,
    same_site: Option<&'a str>,
}

/// The most that a cookie lives (RFC 6265bis, section 5.5), in seconds.
const LIMIT: i64 = 400 * 24 * 60 * 60;

impl Cookie {
    /// A cookie that goes to the whole host whatever the page.
    pub(super) fn of_host(name: &str, value: &str, url: &Url) -> Self {
        Self {
            name: isomorphic(name),
            value: isomorphic(value),
            domain: host(url),
            is_host_only: true,
            path: "/".to_owned(),
            expires: None,
            is_secure: false,
            is_same_site: false,
            partition: None,
        }
    }

    /// Reads a `Set-Cookie` line of a response.
    ///
    /// # Errors
    ///
    /// Fails with the reason if browsers do not store it.
    pub(super) fn parse(line: &str, context: &Context<'_>) -> Result<Self, RejectedCookie> {
        if line.contains(|char: char| char.is_ascii_control() && char != '\t') {
            return Err(RejectedCookie::Control);
        }
        let mut parts = line.split(';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let (name, value) = (trim(name), trim(value));
        if name.is_empty() && value.is_empty() {
            return Err(RejectedCookie::Empty);
        }
        // a character stands for a byte of the line
        if name.chars().count() + value.chars().count() > 4096 {
            return Err(RejectedCookie::TooLong);
        }
        let attributes = Attributes::of(parts);
        let (domain, is_host_only) = domain(&attributes, context.url)?;
        let path = attributes.path.filter(|path| path.starts_with('/'));
        let cookie = Self {
            name: name.to_owned(),
            value: value.to_owned(),
            domain,
            is_host_only,
            path: path.map_or_else(|| default_path(context.url), str::to_owned),
            expires: attributes.expiry(context.now),
            is_secure: attributes.is_secure,
            is_same_site: attributes.is_same_site(),
            partition: context.page.filter(|_| attributes.is_partitioned).cloned(),
        };
        cookie.check(&attributes, context)?;
        Ok(cookie)
    }

    fn check(
        &self,
        attributes: &Attributes<'_>,
        context: &Context<'_>,
    ) -> Result<(), RejectedCookie> {
        if self.is_secure && !is_trustworthy(context.url) {
            return Err(RejectedCookie::Insecure);
        }
        if !self.is_secure && (!self.is_same_site || attributes.is_partitioned) {
            return Err(RejectedCookie::NotSecure);
        }
        if self.is_same_site && !context.is_same_site {
            return Err(RejectedCookie::CrossSite);
        }
        let has_prefix = |prefix: &str| {
            // the value of a cookie without a name counts as well
            let text = if self.name.is_empty() { &self.value } else { &self.name };
            text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let is_of_host = self.is_secure && self.is_host_only && attributes.path == Some("/");
        let is_named = !self.name.is_empty();
        if (has_prefix("__Secure-") && !(self.is_secure && is_named))
            || (has_prefix("__Host-") && !(is_of_host && is_named))
        {
            return Err(RejectedCookie::Prefix);
        }
        Ok(())
    }

    /// Whether a line that sets one cookie replaces the other.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
            && self.path == other.path
            && self.has_domain_of(other)
            && self.partition == other.partition
    }

    fn has_domain_of(&self, other: &Self) -> bool {
        self.domain == other.domain && self.is_host_only == other.is_host_only
    }

    /// Whether a plain HTTP response that sets the other would hide this one, which is `Secure`.
    pub(super) fn is_hidden_by(&self, other: &Self) -> bool {
        let is_near = covers(&self.domain, &other.domain) || covers(&other.domain, &self.domain);
        self.is_secure
            && self.name == other.name
            && is_near
            && path_matches(&self.path, &other.path)
    }

    pub(super) fn is_expired(&self, now: Duration) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// Whether the cookie goes with a request.
    pub(super) fn goes_to(&self, context: &Context<'_>) -> bool {
        let host = host(context.url);
        let is_host =
            if self.is_host_only { host == self.domain } else { covers(&self.domain, &host) };
        is_host
            && path_matches(&self.path, context.url.path())
            && (!self.is_secure || is_trustworthy(context.url))
            && (!self.is_same_site || context.is_same_site)
            && self.partition.as_ref().is_none_or(|own| Some(own) == context.page)
            && !self.is_expired(context.now)
    }
}

impl<'a> Attributes<'a> {
    fn of(parts: impl Iterator<Item = &'a str>) -> Self {
        let mut attributes = Self::default();
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let value = trim(value);
            if value.chars().count() <= 1024 {
                attributes.set(&trim(name).to_ascii_lowercase(), value);
            }
        }
        attributes
    }

    fn set(&mut self, name: &str, value: &'a str) {
        match name {
            "domain" => self.domain = value.strip_prefix('.').unwrap_or(value),
            "path" => self.path = Some(value),
            "expires" => self.expires = cookie_date::parse(value).or(self.expires),
            "max-age" => self.max_age = max_age(value).or(self.max_age),
            "secure" => self.is_secure = true,
            "partitioned" => self.is_partitioned = true,
            "samesite" => self.same_site = Some(value),
            _ => {}
        }
    }

    /// `Max-Age` counts before `Expires`.
    fn expiry(&self, now: Duration) -> Option<Duration> {
        let limit = now.saturating_add(Duration::from_secs(LIMIT.unsigned_abs()));
        let of_age = self.max_age.map(|age| {
            u64::try_from(age).map_or(Duration::ZERO, |age| {
                if age == 0 { Duration::ZERO } else { now.saturating_add(Duration::from_secs(age)) }
            })
        });
        of_age.or(self.expires).map(|expires| expires.min(limit))
    }

    /// Any value but None is as none: Lax, which for a script's call is the same as Strict.
    fn is_same_site(&self) -> bool {
        !self.same_site.is_some_and(|value| value.eq_ignore_ascii_case("none"))
    }
}

/// The domain, and whether the cookie is for this host alone.
fn domain(attributes: &Attributes<'_>, url: &Url) -> Result<(String, bool), RejectedCookie> {
    let host = host(url);
    if attributes.domain.is_empty() {
        return Ok((host, true));
    }
    // as in a URL, so that case and international names do not matter
    let domain = Host::parse(attributes.domain).map_err(|_| RejectedCookie::Domain)?.to_string();
    if is_public_suffix(&domain) {
        return if domain == host { Ok((host, true)) } else { Err(RejectedCookie::Domain) };
    }
    if covers(&domain, &host) { Ok((domain, false)) } else { Err(RejectedCookie::Domain) }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// `domain-match`; an address is a public suffix here, so that none has subdomains.
fn covers(domain: &str, host: &str) -> bool {
    let is_below = |rest: &str| rest.ends_with('.');
    host == domain || host.strip_suffix(domain).is_some_and(is_below)
}

/// `path-match`.
fn path_matches(own: &str, path: &str) -> bool {
    let is_below = |rest: &str| own.ends_with('/') || rest.is_empty() || rest.starts_with('/');
    path.strip_prefix(own).is_some_and(is_below)
}

/// `default-path`.
fn default_path(url: &Url) -> String {
    let path = url.path();
    match path.rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(end) => path[..end].to_owned(),
    }
}

/// Seconds, no more than a cookie may live; `None` if it is no number.
fn max_age(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number {
        return None;
    }
    Some(if value.starts_with('-') { -1 } else { digits.parse().unwrap_or(LIMIT).min(LIMIT) })
}

/// A text as header lines have it, where each byte is a character.
pub(super) fn isomorphic(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

impl fmt::Display for RejectedCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url(problem) => return problem.fmt(f),
            Self::Empty => "it has neither a name nor a value",
            Self::Control => "it has a control character",
            Self::TooLong => "name and value have more than 4096 bytes",
            Self::Domain => "its Domain does not cover the host, or is a public suffix",
            Self::Insecure => "it is Secure, and the URL is plain HTTP",
            Self::NotSecure => "it has to be Secure beside SameSite=None or Partitioned",
            Self::CrossSite => {
                "the page is of another site, for which it has to be SameSite=None and Secure"
            }
            Self::Prefix => "its name promises attributes that it lacks",
            Self::OverSecure => "a Secure cookie of this name exists, and the URL is plain HTTP",
        })
    }
}

/// As `Display`, since `unwrap` prints it.
impl fmt::Debug for RejectedCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for RejectedCookie {}
