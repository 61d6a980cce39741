//! What a script asks for, as it is written and as it is sent.

use url::Url;

use super::{
    address,
    header::{self, Line},
    invalid::{InvalidFetch, Reason},
    method::normalized,
    page::Page,
};

/// A script's `fetch(url, { method, headers, body, credentials })`, in its default mode "cors".
///
/// ```
/// use cors_core::browser::{Fetch, Reason};
///
/// let fetch = Fetch::new("put", "/lots/1").from("https://desk.example").header("X-Csrf-Token", "t").body("{}");
/// assert!(fetch.check().is_ok());
/// let problems = fetch.header("Cookie", "sid=1").check().unwrap_err();
/// assert_eq!(problems[0].reason, Reason::ForbiddenHeader);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Fetch {
    method: String,
    url: String,
    origin: String,
    headers: Vec<Line>,
    browser_headers: Vec<Line>,
    cookies: Vec<(String, String)>,
    body: Option<Body>,
    credentials: CredentialsMode,
    has_upload_listener: bool,
}

/// Whether cookies go with a call, and whether those of its response are stored
/// (`#concept-request-credentials-mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CredentialsMode {
    /// Never.
    Omit,
    /// Only if the server is of the page's origin; the default of `fetch`.
    #[default]
    SameOrigin,
    /// Always, which the server has to allow.
    Include,
}

/// A request's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A text, which is of type `text/plain;charset=UTF-8` unless the script says something else.
    Text(String),
    /// Bytes, which have no type unless the script says one.
    Bytes(Vec<u8>),
}

/// A fetch whose every part a browser would send.
#[derive(Debug, Clone)]
pub(super) struct ValidFetch {
    pub(super) page: Page,
    pub(super) method: String,
    pub(super) url: Url,
    /// With the type of the body.
    pub(super) headers: Vec<Line>,
    pub(super) browser_headers: Vec<Line>,
    pub(super) cookies: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
    pub(super) credentials: CredentialsMode,
    pub(super) is_forced: bool,
}

impl Fetch {
    /// `fetch(url, { method })` on a page of `https://page.example`. A path alone is one of
    /// `http://localhost:8080`.
    pub fn new(method: &str, url: &str) -> Self {
        Self {
            method: method.to_owned(),
            url: url.to_owned(),
            origin: "https://page.example".to_owned(),
            headers: Vec::new(),
            browser_headers: Vec::new(),
            cookies: Vec::new(),
            body: None,
            credentials: CredentialsMode::default(),
            has_upload_listener: false,
        }
    }

    /// Sets the origin of the page, `null` for an opaque one.
    pub fn from(mut self, origin: &str) -> Self {
        origin.clone_into(&mut self.origin);
        self
    }

    /// Adds a header that the script sets, which preflights may have to announce.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets a header that the browser sets by itself, such as `User-Agent`, `Referer` or `Sec-Fetch-Site`, on
    /// the preflight too. It needs no announcement, and replaces what the model would send.
    pub fn browser_header(mut self, name: &str, value: &str) -> Self {
        self.browser_headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Stores a cookie of the called host before the call, as set with `SameSite=None` for all its paths. It is
    /// sent if the credentials mode says so.
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        self.cookies.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sets the credentials mode.
    pub fn credentials(mut self, mode: CredentialsMode) -> Self {
        self.credentials = mode;
        self
    }

    /// Listens to the progress of the upload, as an `XMLHttpRequest` can, so that there is a preflight whatever
    /// the method and headers.
    pub fn upload_listener(mut self) -> Self {
        self.has_upload_listener = true;
        self
    }

    /// The method as it was given.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The URL or path as it was given.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The origin of the page.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Checks that a browser would send every part of the fetch as it is written.
    ///
    /// # Errors
    ///
    /// Fails with everything that is wrong: at least one problem, in the order of the parts.
    pub fn check(&self) -> Result<(), Vec<InvalidFetch>> {
        self.parse().map(|_| ())
    }

    pub(super) fn parse(&self) -> Result<ValidFetch, Vec<InvalidFetch>> {
        let mut problems = Vec::new();
        let method = normalized(&self.method).map_err(|problem| problems.push(problem));
        let url = address::parse(&self.url).map_err(|problem| problems.push(problem));
        let page = Page::parse(&self.origin).map_err(|problem| problems.push(problem));
        let headers = lines(&mut problems, &self.headers, header::of_script);
        let browser_headers = lines(&mut problems, &self.browser_headers, header::of_browser);
        problems.extend(self.cookies.iter().filter_map(invalid_cookie));
        if let (Ok(method), Some(_)) = (&method, &self.body)
            && matches!(method.as_str(), "GET" | "HEAD")
        {
            let fix = "leave the body out, or use `POST`";
            problems.push(InvalidFetch::new(Reason::BodyOfGet, method, fix));
        }
        let (Ok(method), Ok(url), Ok(page), []) = (method, url, page, &problems[..]) else {
            return Err(problems);
        };
        Ok(ValidFetch {
            page,
            method,
            url,
            headers: self.with_type_of_body(headers),
            browser_headers,
            cookies: self.cookies.clone(),
            body: self.body.clone().map(Body::into_bytes),
            credentials: self.credentials,
            is_forced: self.has_upload_listener,
        })
    }

    /// The end of `#dom-request`: the type that a body brings with it.
    fn with_type_of_body(&self, mut headers: Vec<Line>) -> Vec<Line> {
        let has_type = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if matches!(self.body, Some(Body::Text(_))) && !has_type {
            headers.push(("content-type".to_owned(), "text/plain;charset=UTF-8".to_owned()));
        }
        headers
    }
}

fn lines(
    problems: &mut Vec<InvalidFetch>,
    lines: &[Line],
    check: impl Fn(&str, &str) -> Result<Line, InvalidFetch>,
) -> Vec<Line> {
    let checked = lines.iter().map(|(name, value)| check(name, value));
    checked.filter_map(|line| line.map_err(|problem| problems.push(problem)).ok()).collect()
}

/// What a `Set-Cookie` line could not say.
fn invalid_cookie((name, value): &(String, String)) -> Option<InvalidFetch> {
    let pair = format!("{name}={value}");
    let is_bad = |text: &str| text.contains(|char: char| char == ';' || char.is_control());
    let fix = if name.is_empty() || name.contains('=') {
        "give it a name without `=`"
    } else if is_bad(&pair) {
        "leave out semicolons and control characters"
    } else if name.trim() != name || value.trim() != value {
        "leave out the blanks at its ends"
    } else {
        return None;
    };
    Some(InvalidFetch::new(Reason::Cookie, &pair, fix))
}

impl Body {
    fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_owned())
    }
}

impl<const N: usize> From<&[u8; N]> for Body {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}
