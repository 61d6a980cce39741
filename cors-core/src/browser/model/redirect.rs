//! What follows from a redirect (`#concept-http-redirect-fetch`).

use url::{ParseError, Url};

use super::{address::has_credentials, header::Line, message::Response};
use crate::browser::client::{BadRedirect, get};

/// The part of a request that redirects change.
#[derive(Debug, Clone)]
pub(super) struct Redirected {
    pub(super) method: String,
    pub(super) url: Url,
    pub(super) headers: Vec<Line>,
    pub(super) body: Option<Vec<u8>>,
}

/// Where a response leads, if it is a redirect (`#concept-response-location-url`).
///
/// # Errors
///
/// Fails if a browser does not go there, whatever the page.
pub(super) fn location(response: &Response, url: &Url) -> Result<Option<Url>, BadRedirect> {
    let is_redirect = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    let Some(location) = get(&response.headers, "location").filter(|_| is_redirect) else {
        return Ok(None);
    };
    let lines = response.headers.iter().filter(|(name, _)| name == "location").count();
    if lines > 1 {
        return Err(BadRedirect::Location);
    }
    let mut next = join(url, &location).map_err(|_| BadRedirect::Location)?;
    if !matches!(next.scheme(), "http" | "https") {
        return Err(BadRedirect::Scheme);
    }
    if next.fragment().is_none() {
        next.set_fragment(url.fragment());
    }
    Ok(Some(next))
}

/// Reads the value as UTF-8 where it is that.
fn join(url: &Url, location: &str) -> Result<Url, ParseError> {
    let bytes: Option<Vec<u8>> =
        location.chars().map(|char| u8::try_from(u32::from(char)).ok()).collect();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    url.join(text.as_deref().unwrap_or(location))
}

/// Whether a redirect has a user name or password where that ends the fetch.
pub(super) fn is_credentialed(next: &Url, is_cors: bool, is_same_origin: bool) -> bool {
    has_credentials(next) && (is_cors || !is_same_origin)
}

impl Redirected {
    /// Takes away what the next server must not get.
    pub(super) fn follow(&mut self, status: u16, next: Url) {
        let becomes_get = match status {
            301 | 302 => self.method == "POST",
            303 => !matches!(self.method.as_str(), "GET" | "HEAD"),
            _ => false,
        };
        if becomes_get {
            "GET".clone_into(&mut self.method);
            self.body = None;
            self.drop_headers(&OF_BODY);
        }
        if self.url.origin() != next.origin() {
            // `#cors-non-wildcard-request-header-name`
            self.drop_headers(&["authorization"]);
        }
        self.url = next;
    }

    fn drop_headers(&mut self, names: &[&str]) {
        let is_one = |name: &str| names.iter().any(|own| own.eq_ignore_ascii_case(name));
        self.headers.retain(|(name, _)| !is_one(name));
    }
}

/// `#request-body-header-name`.
const OF_BODY: [&str; 4] =
    ["content-encoding", "content-language", "content-location", "content-type"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn post_becomes_get_as_the_status_says() {
        let table = [
            (301, "POST", "GET"),
            (302, "POST", "GET"),
            (303, "POST", "GET"),
            (303, "PUT", "GET"),
            (303, "HEAD", "HEAD"),
            (301, "PUT", "PUT"),
            (302, "DELETE", "DELETE"),
            (307, "POST", "POST"),
            (308, "POST", "POST"),
        ];
        for (status, method, expected) in table {
            let mut request = Redirected {
                method: method.to_owned(),
                url: Url::parse("https://a.example/").unwrap(),
                headers: ["Content-Type", "X-A", "Authorization"]
                    .map(|name| (name.to_owned(), "1".to_owned()))
                    .to_vec(),
                body: Some(vec![1]),
            };
            request.follow(status, Url::parse("https://a.example/b").unwrap());
            let keeps_body = method == expected;
            assert_eq!(request.method, expected, "{status} {method}");
            assert_eq!(request.body.is_some(), keeps_body, "{status} {method}");
            let names: Vec<&str> = request.headers.iter().map(|(name, _)| &name[..]).collect();
            let all = ["Content-Type", "X-A", "Authorization"];
            assert_eq!(names, if keeps_body { &all[..] } else { &all[1..] }, "{status} {method}");
            request.follow(status, Url::parse("https://a.example:8443/b").unwrap());
            assert!(!request.headers.iter().any(|(name, _)| name == "Authorization"));
        }
    }

    #[test]
    fn locations_are_read_as_urls() {
        let url = Url::parse("https://a.example/b/c?d#e").unwrap();
        let table = [
            (302, "/x", Ok(Some("https://a.example/x#e"))),
            (307, "x?y", Ok(Some("https://a.example/b/x?y#e"))),
            (308, "//b.example/x#f", Ok(Some("https://b.example/x#f"))),
            (301, "http://b.example:80", Ok(Some("http://b.example/#e"))),
            (303, "/\u{c3}\u{bc}", Ok(Some("https://a.example/%C3%BC#e"))),
            (200, "/x", Ok(None)),
            (304, "/x", Ok(None)),
            (300, "/x", Ok(None)),
            (302, "http://", Err(BadRedirect::Location)),
            (302, "data:,x", Err(BadRedirect::Scheme)),
            (302, "app://x", Err(BadRedirect::Scheme)),
        ];
        for (status, value, expected) in table {
            let headers = vec![("location".to_owned(), value.to_owned())];
            let next = location(&Response { status, headers }, &url);
            let next = next.map(|next| next.map(|url| url.to_string()));
            assert_eq!(next, expected.map(|next| next.map(str::to_owned)), "{status} {value}");
        }
        let two = vec![("location".to_owned(), "/x".to_owned()); 2];
        let two = location(&Response { status: 302, headers: two }, &url);
        assert_eq!(two, Err(BadRedirect::Location));
    }
}
