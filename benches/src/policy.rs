//! The policy that all subjects have: 5 methods, 24 request headers, an hour, exact origins.

/// What differs between policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// How many origins are listed.
    pub origins: usize,
    /// How many patterns are listed beside them, of all kinds; only our own subjects know these.
    pub patterns: usize,
    /// Whether credentials are allowed and [`EXPOSED`] may be read.
    pub credentials: bool,
}

/// The methods that are allowed.
pub const METHODS: [&str; 5] = ["DELETE", "GET", "PATCH", "POST", "PUT"];

/// How long a preflight is remembered, in seconds.
pub const MAX_AGE: u16 = 3600;

/// The request headers that are allowed, sorted as browsers sort them.
pub const HEADERS: [&str; 24] = [
    "authorization",
    "content-type",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "prefer",
    "range",
    "traceparent",
    "tracestate",
    "x-account-id",
    "x-api-key",
    "x-api-version",
    "x-app-version",
    "x-client-id",
    "x-correlation-id",
    "x-csrf-token",
    "x-device-id",
    "x-feature-flags",
    "x-idempotency-key",
    "x-request-id",
    "x-requested-with",
    "x-session-id",
    "x-tenant-id",
];

/// The response headers that GitHub's API exposes.
pub const EXPOSED: [&str; 18] = [
    "ETag",
    "Link",
    "Location",
    "Retry-After",
    "X-GitHub-OTP",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Used",
    "X-RateLimit-Resource",
    "X-RateLimit-Reset",
    "X-OAuth-Scopes",
    "X-Accepted-OAuth-Scopes",
    "X-Poll-Interval",
    "X-GitHub-Media-Type",
    "X-GitHub-SSO",
    "X-GitHub-Request-Id",
    "Deprecation",
    "Sunset",
];

/// The kinds of patterns, each with an origin that it stands for.
const KINDS: [(&str, &str); 5] = [
    ("https://*.NUMBER.example.net", "https://x.NUMBER.example.net"),
    ("https://app-NUMBER-*.shop.example", "https://app-NUMBER-x.shop.example"),
    ("https://pr-*.NUMBER.example.org", "https://pr-x.NUMBER.example.org"),
    ("https://host-NUMBER.example.org:*", "https://host-NUMBER.example.org:8443"),
    ("app-NUMBER://*", "app-NUMBER://x"),
];

/// An origin that no policy lists.
pub const REFUSED: &str = "https://no-0000001.example.com";

impl Policy {
    /// A policy without credentials.
    #[must_use]
    pub fn new(origins: usize) -> Self {
        Self { origins, patterns: 0, credentials: false }
    }

    /// Lists patterns as well.
    #[must_use]
    pub fn with_patterns(self, patterns: usize) -> Self {
        Self { patterns, ..self }
    }

    /// Allows credentials and exposes 18 headers.
    #[must_use]
    pub fn with_credentials(self) -> Self {
        Self { credentials: true, ..self }
    }

    /// The origins that are listed.
    pub fn origins(self) -> impl Iterator<Item = String> {
        (0..self.origins).map(origin)
    }

    /// The origins and the patterns that are listed.
    pub fn listed(self) -> impl Iterator<Item = String> {
        let patterns = (0..self.patterns).map(|number| {
            let (kind, number) = (KINDS[number % KINDS.len()].0, number / KINDS.len());
            kind.replace("NUMBER", &number.to_string())
        });
        self.origins().chain(patterns)
    }

    /// An origin of a pattern of each kind, with its name; the patterns are in the middle of the list.
    pub fn callers(self) -> impl Iterator<Item = (&'static str, String)> {
        let number = (self.patterns / KINDS.len() / 2).to_string();
        KINDS.into_iter().map(move |(kind, origin)| (kind, origin.replace("NUMBER", &number)))
    }

    /// The listed origin that requests come from.
    #[must_use]
    pub fn caller(self) -> String {
        origin(self.origins / 2)
    }
}

fn origin(number: usize) -> String {
    format!("https://a-{number:07}.example.com")
}
