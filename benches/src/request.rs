//! Requests as data: every subject gets the same bytes.

/// A request without a body.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// The path.
    pub path: String,
    /// All headers, in the order in which they are sent.
    pub headers: Vec<(&'static str, String)>,
}

/// What Chromium sends with a call of `fetch`, whatever the call is.
const BROWSER: [(&str, &str); 8] = [
    ("host", "api.example.com"),
    ("connection", "keep-alive"),
    (
        "user-agent",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    ("accept", "*/*"),
    ("accept-encoding", "gzip, deflate, br, zstd"),
    ("accept-language", "en-US,en;q=0.9"),
    ("sec-fetch-mode", "cors"),
    ("referer", "https://app.example.com/"),
];

impl Request {
    /// A GET without `Origin`.
    #[must_use]
    pub fn plain(path: &str) -> Self {
        Self::new("GET", path)
    }

    /// A GET from another origin.
    #[must_use]
    pub fn actual(path: &str, origin: &str) -> Self {
        Self::new("GET", path).with("origin", origin)
    }

    /// A preflight; `names` is the value of `Access-Control-Request-Headers`.
    #[must_use]
    pub fn preflight(path: &str, origin: &str, method: &str, names: &str) -> Self {
        let request = Self::new("OPTIONS", path)
            .with("origin", origin)
            .with("access-control-request-method", method);
        if names.is_empty() {
            request
        } else {
            request.with("access-control-request-headers", names)
        }
    }

    fn new(method: &'static str, path: &str) -> Self {
        let headers = BROWSER.map(|(name, value)| (name, value.to_owned())).into();
        Self { method, path: path.to_owned(), headers }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The head as it is sent.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}
