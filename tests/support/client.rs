//! An HTTP client without opinions: no redirects, no decompression, every header line as it came.

use std::net::SocketAddr;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Header lines, repeated names allowed.
    pub headers: Vec<(String, String)>,
    /// The body, perhaps empty.
    pub body: String,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header lines; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: &str, url: impl Into<String>) -> Self {
        Self { method: method.into(), url: url.into(), headers: Vec::new(), body: String::new() }
    }

    /// Adds a header line.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Fails with a text if the request cannot be written or the server does not answer.
    pub async fn send(&self) -> Result<Response, String> {
        self.send_to(None).await
    }

    /// Sends the request to an address, whatever the name in its URL.
    ///
    /// # Errors
    ///
    /// Fails like [`Request::send`].
    pub async fn send_to(&self, address: Option<SocketAddr>) -> Result<Response, String> {
        let text = |error: &dyn std::fmt::Display| format!("{} {}: {error}", self.method, self.url);
        let method = awc::http::Method::from_bytes(self.method.as_bytes());
        let method = method.map_err(|error| text(&error))?;
        let client = awc::Client::builder().disable_redirects().no_default_headers().finish();
        let mut request = client.request(method, &self.url).no_decompress();
        if let Some(address) = address {
            request = request.address(address);
        }
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| text(&error))?;
            let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|error| text(&error))?;
            request.headers_mut().append(name, value);
        }
        let response = if self.body.is_empty() {
            request.send().await
        } else {
            request.send_body(self.body.clone()).await
        };
        let mut response = response.map_err(|error| text(&error))?;
        let headers = header_lines(response.headers());
        // the answer to a HEAD has no body to wait for
        let has_body = self.method != "HEAD";
        let body = if has_body {
            let body = response.body().await.map_err(|error| text(&error))?;
            String::from_utf8_lossy(&body).into_owned()
        } else {
            String::new()
        };
        Ok(Response { status: response.status().as_u16(), headers, body })
    }
}

/// Opens a `WebSocket` at a URL and answers the head of the server's response.
///
/// # Errors
///
/// Fails with a text if the server does not answer.
pub async fn handshake(url: &str, origin: &str) -> Result<Response, String> {
    let mut request = awc::Client::new().ws(url);
    if !origin.is_empty() {
        request = request.header("origin", origin);
    }
    let (response, _connection) = request.connect().await.map_err(|error| error.to_string())?;
    Ok(Response {
        status: response.status().as_u16(),
        headers: header_lines(response.headers()),
        body: String::new(),
    })
}

fn header_lines(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

impl Response {
    /// The values of all lines of a header.
    pub fn lines<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let own = move |(other, _): &&(String, String)| other == name;
        self.headers.iter().filter(own).map(|(_, value)| value.as_str())
    }

    /// The value of a header as Fetch's "get" has it: all lines, joined.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        let lines: Vec<&str> = self.lines(name).collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }

    /// Every `access-control-*` and `vary` line, sorted: the whole of what CORS added.
    #[must_use]
    pub fn cors(&self) -> Vec<String> {
        let is_cors = |name: &str| name == "vary" || name.starts_with("access-control-");
        let mut lines: Vec<String> = self
            .headers
            .iter()
            .filter(|(name, _)| is_cors(name))
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        lines.sort();
        lines
    }
}
