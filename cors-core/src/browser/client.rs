//! The side of the browser that asks, and the checks it makes on the answers.

use std::fmt;

/// Header lines of an answer; names in lower case.
pub type Headers = [(String, String)];

/// The side of the browser that asks.
#[derive(Debug, Clone)]
pub struct Client<'a> {
    /// The page's origin, serialised.
    pub origin: &'a str,
    /// Whether the credentials mode is "include".
    pub include_credentials: bool,
}

/// The step at which the browser gave up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Blocked {
    /// The CORS check of the preflight's answer (`#cors-check`).
    PreflightOrigin(String),
    /// The preflight's answer has no ok status.
    PreflightStatus(u16),
    /// This list in the preflight's answer is malformed.
    List(&'static str),
    /// The method is not in `Access-Control-Allow-Methods`.
    Method,
    /// A header is not in `Access-Control-Allow-Headers`.
    Header(String),
    /// The CORS check of the response itself.
    Response(String),
    /// A redirect that a fetch does not follow.
    Redirect(BadRedirect),
    /// Nothing came back.
    Network(String),
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PreflightOrigin(why) => write!(f, "preflight: {why}"),
            Self::PreflightStatus(status) => write!(f, "preflight: status {status}"),
            Self::List(name) => write!(f, "preflight: {name} is malformed"),
            Self::Method => f.write_str("preflight: method not allowed"),
            Self::Header(name) => write!(f, "preflight: header {name} not allowed"),
            Self::Response(why) => write!(f, "response: {why}"),
            Self::Redirect(why) => write!(f, "redirect: {why}"),
            Self::Network(why) => write!(f, "network: {why}"),
        }
    }
}

/// Why a redirect is not followed (`#concept-http-redirect-fetch`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadRedirect {
    /// `Location` is no URL, or there are several.
    Location,
    /// `Location` leads to something else than HTTP.
    Scheme,
    /// `Location` has a user name or a password in it.
    Credentials,
    /// It is the twenty-first of a fetch.
    TooMany,
}

impl fmt::Display for BadRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Location => "Location is no URL",
            Self::Scheme => "Location is not HTTP",
            Self::Credentials => "Location has a user name or password",
            Self::TooMany => "more than 20",
        })
    }
}

impl Client<'_> {
    /// `#cors-preflight-fetch`, step 7. `is_forced` is the use-CORS-preflight flag, set by upload
    /// listeners and streamed bodies; `unsafe_names` are in lower case.
    ///
    /// # Errors
    ///
    /// Fails with the first step that the answer does not pass.
    pub fn check_preflight(
        &self,
        method: &str,
        unsafe_names: &[String],
        is_forced: bool,
        status: u16,
        headers: &Headers,
    ) -> Result<(), Blocked> {
        self.cors_check(headers).map_err(Blocked::PreflightOrigin)?;
        if !(200..300).contains(&status) {
            return Err(Blocked::PreflightStatus(status));
        }
        let methods = list(headers, "access-control-allow-methods")?;
        let names = list(headers, "access-control-allow-headers")?.unwrap_or_default();
        let methods = match methods {
            None if is_forced => vec![method.to_owned()],
            methods => methods.unwrap_or_default(),
        };
        let star = |list: &[String]| !self.include_credentials && list.iter().any(|v| v == "*");
        if !methods.iter().any(|own| own == method)
            && !is_safelisted_method(method)
            && !star(&methods)
        {
            return Err(Blocked::Method);
        }
        let lists = |name: &str| names.iter().any(|own| own.eq_ignore_ascii_case(name));
        let is_covered_by_star = |name: &str| name != "authorization" && star(&names);
        match unsafe_names.iter().find(|name| !lists(name) && !is_covered_by_star(name)) {
            Some(name) => Err(Blocked::Header(name.clone())),
            None => Ok(()),
        }
    }

    /// `#cors-check`; the error says which header failed.
    ///
    /// # Errors
    ///
    /// Fails with what is missing or wrong.
    pub fn cors_check(&self, headers: &Headers) -> Result<(), String> {
        let Some(allowed) = get(headers, "access-control-allow-origin") else {
            return Err("no Access-Control-Allow-Origin".into());
        };
        if !self.include_credentials && allowed == "*" {
            return Ok(());
        }
        if allowed != self.origin {
            return Err(format!("Access-Control-Allow-Origin is {allowed}"));
        }
        let credentials = get(headers, "access-control-allow-credentials");
        if self.include_credentials && credentials.as_deref() != Some("true") {
            return Err("no Access-Control-Allow-Credentials".into());
        }
        Ok(())
    }

    /// `#concept-filtered-response-cors`: names of the headers that the script can read, in lower
    /// case, sorted, each once.
    #[must_use]
    pub fn readable(&self, headers: &Headers) -> Vec<String> {
        let exposed = list(headers, "access-control-expose-headers");
        let exposed = exposed.ok().flatten().unwrap_or_default();
        let star = !self.include_credentials && exposed.iter().any(|name| name == "*");
        let is_exposed = |name: &str| exposed.iter().any(|own| own.eq_ignore_ascii_case(name));
        let is_readable =
            |name: &String| star || SAFELISTED.contains(&name.as_str()) || is_exposed(name);
        names(headers, is_readable)
    }
}

/// The names of headers, each once, in order, without those that no script ever reads
/// (`#forbidden-response-header-name`).
pub(super) fn names(headers: &Headers, is_readable: impl Fn(&String) -> bool) -> Vec<String> {
    let is_forbidden = |name: &String| matches!(name.as_str(), "set-cookie" | "set-cookie2");
    let names = headers.iter().map(|(name, _)| name);
    let mut names: Vec<String> =
        names.filter(|name| !is_forbidden(name) && is_readable(name)).cloned().collect();
    names.sort();
    names.dedup();
    names
}

/// `#cors-safelisted-response-header-name`.
const SAFELISTED: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// `#cors-safelisted-method`.
#[must_use]
pub fn is_safelisted_method(method: &str) -> bool {
    ["GET", "HEAD", "POST"].contains(&method)
}

/// `#extract-header-list-values` for a list of tokens: one bad token fails the whole list.
///
/// # Errors
///
/// Fails with the name of a malformed list.
pub fn list(headers: &Headers, name: &'static str) -> Result<Option<Vec<String>>, Blocked> {
    let Some(value) = get(headers, name) else { return Ok(None) };
    let elements = value.split(',').map(|element| element.trim_matches([' ', '\t']));
    let values: Vec<String> =
        elements.filter(|element| !element.is_empty()).map(str::to_owned).collect();
    if values.iter().all(|value| is_token(value)) {
        Ok(Some(values))
    } else {
        Err(Blocked::List(name))
    }
}

/// The `token` of RFC 9110, section 5.6.2.
pub(super) fn is_token(text: &str) -> bool {
    let is_tchar = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(is_tchar)
}

/// `#concept-header-list-get`: all lines of a header, joined.
pub(in crate::browser) fn get(headers: &Headers, name: &str) -> Option<String> {
    let own = headers.iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
    let lines: Vec<&str> = own.map(|(_, value)| value.as_str()).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}
