//! What goes over the network.

use crate::browser::client::get;

/// A request as the browser sends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The whole URL, without a fragment.
    pub url: String,
    /// All header lines but `Host`, `Content-Length` and what else belongs to the connection. A character of a
    /// value stands for one byte.
    pub headers: Vec<(String, String)>,
    /// The body; `None` where the request has none.
    pub body: Option<Vec<u8>>,
    /// Whether it is a preflight.
    pub is_preflight: bool,
}

/// A server's answer, as far as a browser's decisions depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// All header lines; names in lower case.
    pub headers: Vec<(String, String)>,
}

/// A request, and what came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What the browser sent.
    pub request: Request,
    /// What the server answered.
    pub response: Response,
}

impl Request {
    /// The origin of the URL, `https://api.example.com`.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.url[..self.authority_end()]
    }

    /// Host and perhaps port, as `Host` has them.
    #[must_use]
    pub fn authority(&self) -> &str {
        let origin = self.origin();
        origin.split_once("://").map_or(origin, |(_, authority)| authority)
    }

    /// Path and query, as the request line has them.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.url[self.authority_end()..]
    }

    /// The value of a header, all lines joined (`#concept-header-list-get`).
    ///
    /// ```
    /// use cors_core::browser::{Browser, Fetch};
    ///
    /// let mut browser = Browser::new();
    /// let fetch = Fetch::new("put", "/lots/1").from("https://desk.example").header("X-B", "1").header("X-A", "1");
    /// let fetching = browser.start(&fetch)?;
    /// let preflight = fetching.request().unwrap();
    /// assert_eq!((&preflight.method[..], preflight.target()), ("OPTIONS", "/lots/1"));
    /// assert_eq!(preflight.header("access-control-request-method").unwrap(), "PUT");
    /// assert_eq!(preflight.header("access-control-request-headers").unwrap(), "x-a,x-b");
    /// # Ok::<(), Vec<cors_core::browser::InvalidFetch>>(())
    /// ```
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        get(&self.headers, name)
    }

    /// The value of `Content-Length`, if there is one: that of the body, and 0 for a POST or a PUT without any.
    ///
    /// Source: Fetch `#concept-http-network-or-cache-fetch`.
    #[must_use]
    pub fn content_length(&self) -> Option<usize> {
        let is_empty = || matches!(self.method.as_str(), "POST" | "PUT").then_some(0);
        self.body.as_ref().map(Vec::len).or_else(is_empty)
    }

    fn authority_end(&self) -> usize {
        let start = self.url.find("://").map_or(0, |at| at + 3);
        self.url[start..].find(['/', '?']).map_or(self.url.len(), |at| start + at)
    }
}

impl Response {
    /// The value of a header, all lines joined (`#concept-header-list-get`).
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        get(&self.headers, name)
    }
}
