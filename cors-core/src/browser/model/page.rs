//! The page whose script calls: its origin, and what else is of the same origin or site.

use url::Url;

use super::{
    invalid::{InvalidFetch, Reason},
    site::{Site, is_trustworthy},
};

/// A page, as far as its calls depend on it.
#[derive(Debug, Clone)]
pub(super) struct Page {
    pub(super) origin: String,
    /// `None` for pages that share an origin or a site with no server.
    url: Option<Url>,
}

impl Page {
    /// Reads a serialised origin (`#origin-header`), `null` for an opaque one.
    ///
    /// # Errors
    ///
    /// Fails with what is wrong if no browser sends it.
    pub(super) fn parse(origin: &str) -> Result<Self, InvalidFetch> {
        let opaque = ["null", "file://"].contains(&origin);
        let url = if opaque { None } else { Some(parse(origin)?) };
        Ok(Self { origin: origin.to_owned(), url })
    }

    pub(super) fn is_same_origin(&self, url: &Url) -> bool {
        self.url.as_ref().is_some_and(|own| own.origin() == url.origin())
    }

    pub(super) fn is_same_site(&self, url: &Url) -> bool {
        self.url.as_ref().is_some_and(|own| Site::of(own) == Site::of(url))
    }

    /// The site of the page, which partitioned cookies belong to.
    pub(super) fn site(&self) -> Option<Site> {
        self.url.as_ref().map(Site::of)
    }

    /// `Referer` under the default policy, strict-origin-when-cross-origin.
    pub(super) fn referrer(&self, to: &Url) -> Option<String> {
        let url = self.url.as_ref().filter(|url| is_http(url))?;
        let is_downgrade = is_trustworthy(url) && !is_trustworthy(to);
        (!is_downgrade).then(|| format!("{}/", self.origin))
    }
}

/// Checks that an origin is one that a browser can send, `null` included.
///
/// # Errors
///
/// Fails with what is wrong with it, and what to write.
///
/// ```
/// use cors_core::browser::check_origin;
///
/// assert!(check_origin("https://desk.example").is_ok());
/// let problem = check_origin("desk.example").unwrap_err();
/// assert_eq!(problem.to_string(), "origin `desk.example` has no scheme; write `https://desk.example`");
/// ```
pub fn check_origin(origin: &str) -> Result<(), InvalidFetch> {
    Page::parse(origin).map(|_| ())
}

fn parse(origin: &str) -> Result<Url, InvalidFetch> {
    let problem = |reason, fix: String| Err(InvalidFetch::new(reason, origin, fix));
    if origin.is_empty() {
        return problem(Reason::EmptyOrigin, "name the page's origin, or `null`".into());
    }
    if origin.contains('*') {
        return problem(Reason::OriginIsPattern, "write one that it stands for".into());
    }
    if origin.contains(|char: char| char.is_whitespace() || char.is_control() || char == ',') {
        return problem(Reason::Origin, "name one origin, without blanks and commas".into());
    }
    if !origin.contains("://") {
        return without_scheme(origin);
    }
    let url = match Url::parse(origin) {
        Ok(url) => url,
        Err(error) => return problem(Reason::Origin, format!("the URL standard says: {error}")),
    };
    if !url.has_host() || matches!(url.scheme(), "blob" | "data" | "file" | "ftp" | "javascript") {
        return problem(Reason::OriginScheme, "opaque origins are sent as `null`".into());
    }
    if let Some(scheme) = url.scheme().strip_prefix("ws").filter(|rest| ["", "s"].contains(rest)) {
        let fix = origin.split_once("://").map_or("", |(_, rest)| rest);
        return problem(Reason::OriginScheme, format!("write `http{scheme}://{fix}`"));
    }
    let serialised = serialised(&url);
    if serialised == origin {
        return Ok(url);
    }
    let reason = if !url.username().is_empty() || url.password().is_some() {
        Reason::OriginCredentials
    } else if has_path(origin) {
        Reason::OriginPath
    } else {
        Reason::OriginSpelling
    };
    problem(reason, format!("write `{serialised}`"))
}

fn without_scheme(origin: &str) -> Result<Url, InvalidFetch> {
    if origin.eq_ignore_ascii_case("null") {
        return Err(InvalidFetch::new(Reason::OriginSpelling, origin, "write `null`"));
    }
    let is_local = origin.starts_with("localhost") || origin.starts_with(|c: char| c.is_numeric());
    let scheme = if is_local { "http" } else { "https" };
    let fix = match Url::parse(&format!("{scheme}://{origin}")) {
        Ok(url) => format!("write `{}`", serialised(&url)),
        Err(_) => "write it as in `https://app.example.com`".to_owned(),
    };
    Err(InvalidFetch::new(Reason::OriginWithoutScheme, origin, fix))
}

/// `#ascii-serialisation-of-an-origin`; schemes of applications have origins of the same form.
fn serialised(url: &Url) -> String {
    if is_http(url) {
        return url.origin().ascii_serialization();
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
}

fn has_path(origin: &str) -> bool {
    let authority = origin.split_once("://").map_or(origin, |(_, authority)| authority);
    authority.contains(['/', '?', '#', '\\'])
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_as_browsers_send_them_are_taken() {
        for origin in [
            "https://desk.example",
            "http://localhost:3000",
            "http://[::1]:3000",
            "http://[::ffff:7f00:1]",
            "http://my_app.example.com",
            "https://app.example.com.",
            "https://xn--bcher-kva.example",
            "http://pr-.localhost",
            "https://desk.example:80",
            "capacitor://localhost",
            "app://-",
            "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
            "moz-extension://3c0f7d4c-3b9e-4f9b-8b1c-0d3d8a1f0a11",
            "vscode-webview://1A2b",
            "file://",
            "null",
        ] {
            assert_eq!(Page::parse(origin).unwrap().origin, origin);
        }
    }

    #[test]
    fn what_no_browser_sends_is_refused_with_what_to_write() {
        let table = [
            ("", "is empty; name the page's origin, or `null`"),
            ("*", "is a pattern, and a page has one origin; write one that it stands for"),
            (
                "https://*.example.com",
                "is a pattern, and a page has one origin; write one that it stands for",
            ),
            ("desk.example", "has no scheme; write `https://desk.example`"),
            ("desk.example/x", "has no scheme; write `https://desk.example`"),
            ("localhost:3000", "has no scheme; write `http://localhost:3000`"),
            ("127.0.0.1:3000", "has no scheme; write `http://127.0.0.1:3000`"),
            ("/", "has no scheme; write it as in `https://app.example.com`"),
            ("NULL", "is not spelled as browsers send it; write `null`"),
            ("https://desk.example/", "has a path; write `https://desk.example`"),
            ("https://desk.example/a?b", "has a path; write `https://desk.example`"),
            ("https://desk.example#x", "has a path; write `https://desk.example`"),
            (
                "https://u:p@desk.example",
                "has a user name or password; write `https://desk.example`",
            ),
            (
                "https://desk.example:443",
                "is not spelled as browsers send it; write `https://desk.example`",
            ),
            (
                "http://desk.example:080",
                "is not spelled as browsers send it; write `http://desk.example`",
            ),
            (
                "HTTPS://Desk.example",
                "is not spelled as browsers send it; write `https://desk.example`",
            ),
            (
                "https://bücher.example",
                "is not spelled as browsers send it; write `https://xn--bcher-kva.example`",
            ),
            (" https://desk.example", "is malformed; name one origin, without blanks and commas"),
            (
                "https://a.example https://b.example",
                "is malformed; name one origin, without blanks and commas",
            ),
            (
                "https://a.example,https://b.example",
                "is malformed; name one origin, without blanks and commas",
            ),
            ("https://", "is malformed; the URL standard says: empty host"),
            (
                "https://desk.example:99999",
                "is malformed; the URL standard says: invalid port number",
            ),
            ("ws://desk.example", "has a scheme that no page has; write `http://desk.example`"),
            ("wss://desk.example", "has a scheme that no page has; write `https://desk.example`"),
            (
                "file:///home/a.html",
                "has a scheme that no page has; opaque origins are sent as `null`",
            ),
            (
                "blob:https://desk.example",
                "has a scheme that no page has; opaque origins are sent as `null`",
            ),
        ];
        for (origin, expected) in table {
            let problem = check_origin(origin).unwrap_err().to_string();
            assert_eq!(problem, format!("origin `{origin}` {expected}"));
        }
    }

    #[test]
    fn referrers_say_where_from_and_never_downwards() {
        let referrer =
            |page: &str, to: &str| Page::parse(page).unwrap().referrer(&Url::parse(to).unwrap());
        assert_eq!(
            referrer("https://a.example", "https://b.example/x").unwrap(),
            "https://a.example/"
        );
        assert_eq!(
            referrer("https://a.example", "http://localhost:8080/").unwrap(),
            "https://a.example/"
        );
        assert_eq!(referrer("http://a.example", "http://b.example/").unwrap(), "http://a.example/");
        for (page, to) in [
            ("https://a.example", "http://b.example/"),
            ("null", "https://b.example/"),
            ("capacitor://localhost", "https://b.example/"),
        ] {
            assert_eq!(referrer(page, to), None, "{page} {to}");
        }
    }
}
