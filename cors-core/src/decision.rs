//! Decisions: what a request asks, what is answered, and why.
//!
//! A decision names the headers of the answer and where their values come from; it borrows what
//! was built beforehand and allocates nothing.

use std::fmt;

use crate::{methods::Named, values::Values, vary::Vary};

/// What a decision needs to know of a request. Adapters implement it for their request type.
pub trait RequestHead {
    /// The method, as it was sent.
    fn method(&self) -> &str;

    /// The values of all lines of a header.
    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]>;
}

/// The request headers that CORS decisions depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RequestHeader {
    /// `Origin`
    Origin,
    /// `Access-Control-Request-Method`
    AccessControlRequestMethod,
    /// `Access-Control-Request-Headers`
    AccessControlRequestHeaders,
    /// `Access-Control-Request-Private-Network`
    AccessControlRequestPrivateNetwork,
}

impl RequestHeader {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Origin,
        Self::AccessControlRequestMethod,
        Self::AccessControlRequestHeaders,
        Self::AccessControlRequestPrivateNetwork,
    ];

    /// The field name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Origin => "Origin",
            Self::AccessControlRequestMethod => "Access-Control-Request-Method",
            Self::AccessControlRequestHeaders => "Access-Control-Request-Headers",
            Self::AccessControlRequestPrivateNetwork => "Access-Control-Request-Private-Network",
        }
    }
}

/// The response headers of the CORS protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResponseHeader {
    /// `Access-Control-Allow-Origin`
    AllowOrigin,
    /// `Access-Control-Allow-Credentials`
    AllowCredentials,
    /// `Access-Control-Allow-Methods`
    AllowMethods,
    /// `Access-Control-Allow-Headers`
    AllowHeaders,
    /// `Access-Control-Max-Age`
    MaxAge,
    /// `Access-Control-Expose-Headers`
    ExposeHeaders,
    /// `Access-Control-Allow-Private-Network`
    AllowPrivateNetwork,
}

impl ResponseHeader {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::AllowOrigin,
        Self::AllowCredentials,
        Self::AllowMethods,
        Self::AllowHeaders,
        Self::MaxAge,
        Self::ExposeHeaders,
        Self::AllowPrivateNetwork,
    ];

    /// The field name, in lower case.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AllowOrigin => "access-control-allow-origin",
            Self::AllowCredentials => "access-control-allow-credentials",
            Self::AllowMethods => "access-control-allow-methods",
            Self::AllowHeaders => "access-control-allow-headers",
            Self::MaxAge => "access-control-max-age",
            Self::ExposeHeaders => "access-control-expose-headers",
            Self::AllowPrivateNetwork => "access-control-allow-private-network",
        }
    }

    /// The request header whose value it repeats, where it repeats one.
    const fn counterpart(self) -> RequestHeader {
        match self {
            Self::AllowMethods => RequestHeader::AccessControlRequestMethod,
            Self::AllowHeaders => RequestHeader::AccessControlRequestHeaders,
            _ => RequestHeader::Origin,
        }
    }
}

/// Where the value of a response header comes from.
#[derive(Debug, PartialEq, Eq)]
pub enum FieldValue<'p, V> {
    /// A value that was built when the policy was compiled.
    Ready(&'p V),
    /// The value of this request header, each of its lines as a line of the answer. It has passed
    /// the grammar.
    Request(RequestHeader),
}

impl<V> Clone for FieldValue<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for FieldValue<'_, V> {}

/// How the values of a header of the request look: most decisions accept exactly one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presented<T> {
    /// The header is missing.
    Absent,
    /// One line.
    One(T),
    /// Several lines, which no browser sends.
    Several,
}

impl<T> Presented<T> {
    /// Reads the lines of a header.
    pub fn from_lines(lines: impl IntoIterator<Item = T>) -> Self {
        let mut lines = lines.into_iter();
        match (lines.next(), lines.next()) {
            (None, _) => Self::Absent,
            (Some(line), None) => Self::One(line),
            (Some(_), Some(_)) => Self::Several,
        }
    }

    /// The same with another view of the line.
    pub fn as_deref(&self) -> Presented<&[u8]>
    where
        T: AsRef<[u8]>,
    {
        match self {
            Self::Absent => Presented::Absent,
            Self::One(line) => Presented::One(line.as_ref()),
            Self::Several => Presented::Several,
        }
    }
}

impl<T: Clone> Presented<&T> {
    /// The same with a line of its own.
    #[must_use]
    pub fn cloned(self) -> Presented<T> {
        match self {
            Self::Absent => Presented::Absent,
            Self::One(line) => Presented::One(line.clone()),
            Self::Several => Presented::Several,
        }
    }
}

/// Why a request was decided the way it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The request has no `Origin`, so CORS does not apply.
    NoOrigin,
    /// The policy is open to any origin.
    AnyOrigin,
    /// The policy lists the origin.
    OriginAllowed,
    /// A preflight asked for nothing the policy does not allow.
    PreflightGranted,
    /// CORS is off for the route.
    Disabled,
    /// `Origin` is not the serialisation of an origin. Said of preflights; for actual requests it is one
    /// that is not allowed.
    OriginMalformed,
    /// There are several `Origin` lines.
    OriginRepeated,
    /// The policy does not list the origin.
    OriginNotAllowed,
    /// `Access-Control-Request-Method` is no token, or a method browsers never send.
    MethodMalformed,
    /// There are several `Access-Control-Request-Method` lines.
    MethodRepeated,
    /// No route is known at the path, and only known ones count.
    PathNotRouted,
    /// No route of the path serves the method.
    MethodNotRouted,
    /// The method is not allowed.
    MethodNotAllowed,
    /// `Access-Control-Request-Headers` is no list of tokens.
    HeadersMalformed,
    /// `Access-Control-Request-Headers` is longer than any browser's.
    HeadersOverLimit,
    /// A requested header is not allowed.
    HeaderNotAllowed,
}

impl Reason {
    /// Whether it lets scripts of the request's origin have a response.
    pub(crate) const fn is_shared(self) -> bool {
        matches!(self, Self::AnyOrigin | Self::OriginAllowed)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOrigin => "no origin",
            Self::AnyOrigin => "any origin is allowed",
            Self::OriginAllowed => "the origin is allowed",
            Self::PreflightGranted => "the preflight is granted",
            Self::Disabled => "CORS is disabled for the route",
            Self::OriginMalformed => "the origin is malformed",
            Self::OriginRepeated => "there are several Origin headers",
            Self::OriginNotAllowed => "the origin is not allowed",
            Self::MethodMalformed => "the requested method is malformed",
            Self::MethodRepeated => "there are several requested methods",
            Self::PathNotRouted => "no route is known at the path",
            Self::MethodNotRouted => "no route at the path serves the requested method",
            Self::MethodNotAllowed => "the requested method is not allowed",
            Self::HeadersMalformed => "the requested headers are malformed",
            Self::HeadersOverLimit => "there are too many requested headers",
            Self::HeaderNotAllowed => "a requested header is not allowed",
        })
    }
}

/// Which headers an answer has, as bits.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Headers {
    present: u8,
    /// Those of them that repeat one of the request.
    echoed: u8,
}

/// What to answer: the headers of the CORS protocol, `Vary`, and the reason.
#[derive(Debug)]
pub struct Decision<'p, V> {
    reason: Reason,
    headers: Headers,
    vary: Vary,
    is_explained: bool,
    /// Where the values of all others are.
    values: &'p Values<V>,
    /// The list of methods, if it is that of a path.
    methods: Option<&'p V>,
}

impl<'p, V> Decision<'p, V> {
    /// An answer without any header of the CORS protocol.
    pub(crate) const fn bare(reason: Reason, vary: Vary, values: &'p Values<V>) -> Self {
        let headers = Headers { present: 0, echoed: 0 };
        Self { reason, headers, vary, is_explained: false, values, methods: None }
    }

    /// Turns an answer that nothing is written into yet into a refusal.
    pub(crate) fn refuse(&mut self, reason: Reason) {
        self.reason = reason;
    }

    /// Lets the answer have the values of another policy.
    pub(crate) fn take_from(&mut self, values: &'p Values<V>) {
        self.values = values;
    }

    /// Adds a header, if its value is ready.
    pub(crate) fn set(&mut self, header: ResponseHeader) {
        self.headers.present |= u8::from(self.values.get(header).is_some()) << header as u8;
    }

    /// Which headers there are.
    pub(crate) fn headers(&self) -> Headers {
        self.headers
    }

    /// Adds headers that a decision of the same policy had, and depended on the request as this one does.
    pub(crate) fn set_all(&mut self, headers: Headers) {
        self.headers.present |= headers.present;
        self.headers.echoed |= headers.echoed;
    }

    /// Adds a list of methods.
    pub(crate) fn set_methods(&mut self, list: &'p V) {
        self.headers.present |= 1 << ResponseHeader::AllowMethods as u8;
        self.methods = Some(list);
    }

    /// Adds a header that repeats its counterpart in the request, which is checked, and which the
    /// answer depends on then.
    pub(crate) fn echo(&mut self, header: ResponseHeader) {
        self.vary = self.vary | Vary::of(header.counterpart());
        self.headers.present |= 1 << header as u8;
        self.headers.echoed |= 1 << header as u8;
    }

    fn field(&self, header: ResponseHeader) -> Option<FieldValue<'p, V>> {
        let bit = 1 << header as u8;
        if self.headers.present & bit == 0 {
            return None;
        }
        if self.headers.echoed & bit != 0 {
            return Some(FieldValue::Request(header.counterpart()));
        }
        let of_path = self.methods.filter(|_| header == ResponseHeader::AllowMethods);
        of_path.or_else(|| self.values.get(header)).map(FieldValue::Ready)
    }

    /// What two decisions that both share the response agree on. Exposed headers are left out:
    /// their lists differ, or the policies would be one.
    pub(crate) fn in_common(&self, other: &Self, vary: Vary) -> Self {
        let mut common = Self::bare(self.reason, vary, self.values);
        for header in [ResponseHeader::AllowOrigin, ResponseHeader::AllowCredentials] {
            match (self.field(header), other.field(header)) {
                (None, _) | (_, None) => {}
                (Some(FieldValue::Ready(_)), Some(FieldValue::Ready(_))) => common.set(header),
                _ => common.echo(header),
            }
        }
        common
    }

    /// Why it was decided so.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// The headers of the CORS protocol that the answer carries, and no others of them.
    pub fn fields(&self) -> impl Iterator<Item = (ResponseHeader, FieldValue<'p, V>)> + '_ {
        let mut left = self.headers.present;
        std::iter::from_fn(move || {
            let header = *ResponseHeader::ALL.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            self.field(header).map(|value| (header, value))
        })
    }

    /// The same without any header of the protocol.
    pub(crate) fn without_headers(&self, vary: Vary) -> Self {
        Self::bare(self.reason, vary, self.values)
    }

    /// The request headers the answer depends on.
    #[must_use]
    pub fn vary(&self) -> Vary {
        self.vary
    }

    /// Marks a refusal whose headers let the browser find the reason itself.
    pub(crate) fn explain(&mut self) {
        self.is_explained = true;
    }

    /// Whether this refuses a preflight with headers that let the browser name the step that fails;
    /// only with [`RouteTable::debug`](crate::RouteTable::debug).
    #[must_use]
    pub fn is_explained(&self) -> bool {
        self.is_explained
    }

    /// Whether scripts of the request's origin may have the response.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.reason.is_shared()
    }

    /// Whether a preflight is granted.
    #[must_use]
    pub fn is_granted(&self) -> bool {
        self.reason == Reason::PreflightGranted
    }
}

/// Two decisions are the same if they answer the same, and for the same reason.
impl<V: PartialEq> PartialEq for Decision<'_, V> {
    fn eq(&self, other: &Self) -> bool {
        self.reason == other.reason
            && self.vary == other.vary
            && self.is_explained == other.is_explained
            && self.fields().eq(other.fields())
    }
}

impl<V: Eq> Eq for Decision<'_, V> {}

/// The status of a granted preflight. A refused one gets 403, or 405 if the path has no such method,
/// unless it is explained: browsers look at methods and headers only where the status is ok.
///
/// Source: Fetch `#http-responses`, RFC 9110 §15.5.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PreflightStatus {
    /// 204
    #[default]
    NoContent,
    /// 200, for clients that take nothing else for success.
    Ok,
}

impl PreflightStatus {
    /// The status code of the answer to a preflight.
    #[must_use]
    pub fn code<V>(self, decision: &Decision<'_, V>) -> u16 {
        match (decision.is_granted() || decision.is_explained(), self) {
            (false, _) if decision.reason == Reason::MethodNotRouted => 405,
            (false, _) => 403,
            (true, Self::NoContent) => 204,
            (true, Self::Ok) => 200,
        }
    }
}

/// Whether the request is a preflight: OPTIONS with `Origin` and `Access-Control-Request-Method`.
///
/// Every other OPTIONS request belongs to the application.
///
/// Source: Fetch `#cors-preflight-request`.
#[inline]
pub fn is_preflight<R: RequestHead>(request: &R) -> bool {
    request.method() == "OPTIONS"
        && request.lines(RequestHeader::Origin).next().is_some()
        && request.lines(RequestHeader::AccessControlRequestMethod).next().is_some()
}

/// Whether a browser has surely sent a preflight before this request, as far as the method tells:
/// one that is not safelisted, to another origin than the page's. `host` answers the value of `Host`.
///
/// Source: Fetch `#main-fetch`, `#cors-safelisted-method`.
#[inline]
pub fn needs_preflight<'r, R: RequestHead>(
    request: &'r R,
    host: impl FnOnce() -> Option<&'r [u8]>,
) -> bool {
    if Named::new(request.method()).is_safelisted() {
        return false;
    }
    let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
    let Presented::One(origin) = origin else { return false };
    // no scheme is longer, and the rest may be anything
    let start = &origin[..origin.len().min(70)];
    let scheme_end = start.windows(3).position(|part| part == b"://").map(|start| start + 3);
    let origin_host = scheme_end.map(|start| &origin[start..]);
    origin_host.is_some() && origin_host != host()
}

/// Whether CORS headers mean anything on a response of this status: not on a 101, because the
/// `WebSocket` handshake is not subject to CORS and the server has to check `Origin` itself.
///
/// Source: Fetch `#websocket-protocol`, RFC 6455 §10.2.
#[must_use]
pub const fn applies_to_status(status: u16) -> bool {
    status != 101
}
