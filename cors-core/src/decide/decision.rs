//! Decisions: what is answered.
//!
//! A decision names the headers of the answer and where their values come from; it borrows what
//! was built beforehand and allocates nothing.

use super::{ExposedNames, Reason, requested::Requested, values::Values};
use crate::{
    fields::{RequestHeader, ResponseHeader},
    vary::Vary,
};

/// Where the value of a response header comes from.
#[derive(Debug, PartialEq, Eq)]
pub enum FieldValue<'p, V> {
    /// A value that was built when the policy was compiled.
    Ready(&'p V),
    /// The value of this request header, which has one line. It has passed the grammar.
    Request(RequestHeader),
    /// What [`ExposedNames::value`] makes of the response, which is known to the adapter alone: perhaps nothing.
    ResponseNames(&'p ExposedNames),
    /// What [`requested_names`](crate::requested_names) makes of the request, which has the names in a form
    /// that no browser sends, so that it is not copied.
    RequestedNames,
}

impl<V> Clone for FieldValue<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for FieldValue<'_, V> {}

/// Which headers an answer has: of each two bits, whether there is a ready line and whether there is one that
/// is made of the request or the response.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Headers(u16);

const READY: u16 = 1;

const ECHOED: u16 = 1 << 1;

const fn bits(header: ResponseHeader, lines: u16) -> u16 {
    lines << (2 * header as u16)
}

/// What to answer: the headers of the CORS protocol, `Vary`, and the reason.
#[derive(Debug)]
pub struct Decision<'p, V> {
    reason: Reason,
    headers: Headers,
    vary: Vary,
    is_explained: bool,
    /// Whether other origins have credentials where this one has none.
    is_second: bool,
    /// Whether the requested headers are written as browsers do.
    names_as_sent: bool,
    /// Where the values are of all headers that do not repeat one of the request.
    values: &'p Values<V>,
    /// The list of methods, if it comes from the routes of the path.
    methods: Option<&'p V>,
}

impl<'p, V> Decision<'p, V> {
    /// An answer without any header of the CORS protocol.
    pub(crate) const fn bare(reason: Reason, vary: Vary, values: &'p Values<V>) -> Self {
        let headers = Headers(0);
        Self {
            reason,
            headers,
            vary,
            is_explained: false,
            is_second: false,
            names_as_sent: true,
            values,
            methods: None,
        }
    }

    /// Turns an answer that nothing is written into yet into a refusal.
    pub(crate) fn refuse(&mut self, reason: Reason) {
        self.reason = reason;
    }

    /// Makes the answer take its values from another policy.
    pub(crate) fn take_from(&mut self, values: &'p Values<V>) {
        self.values = values;
    }

    /// Adds a header, if the policy has a value for it.
    pub(crate) fn set(&mut self, header: ResponseHeader) {
        self.headers.0 |= bits(header, u16::from(self.values.get(header).is_some()));
    }

    /// Which headers there are.
    pub(crate) fn headers(&self) -> Headers {
        self.headers
    }

    /// Adds the headers of another decision of the same policy.
    pub(crate) fn set_all(&mut self, headers: Headers) {
        self.headers.0 |= headers.0;
    }

    /// Adds a list of methods.
    pub(crate) fn set_methods(&mut self, list: &'p V) {
        self.headers.0 |= bits(ResponseHeader::AllowMethods, READY);
        self.methods = Some(list);
    }

    /// Adds a line that repeats the counterpart in the request, which is checked, and which the
    /// answer depends on then.
    pub(crate) fn echo(&mut self, header: ResponseHeader) {
        self.vary = self.vary | Vary::of(header.counterpart());
        self.headers.0 |= bits(header, ECHOED);
    }

    /// Allows the headers that a preflight names, if any.
    pub(crate) fn echo_names(&mut self, requested: Requested) {
        if requested.names > 0 {
            self.echo(ResponseHeader::AllowHeaders);
            self.names_as_sent = requested.is_as_sent;
        }
    }

    /// Exposes whatever headers the response has.
    pub(crate) fn expose_any(&mut self) {
        self.headers.0 |= bits(ResponseHeader::ExposeHeaders, ECHOED);
    }

    /// Whether there is a line of a header, of this kind.
    fn has(&self, header: ResponseHeader, line: u16) -> bool {
        self.headers.0 & bits(header, line) != 0
    }

    /// The line that repeats what the request has.
    fn echoed(&self, header: ResponseHeader) -> FieldValue<'p, V> {
        match header {
            ResponseHeader::AllowHeaders if !self.names_as_sent => FieldValue::RequestedNames,
            ResponseHeader::ExposeHeaders => FieldValue::ResponseNames(self.values.exposed()),
            _ => FieldValue::Request(header.counterpart()),
        }
    }

    /// The ready line.
    fn ready(&self, header: ResponseHeader) -> Option<FieldValue<'p, V>> {
        let of_path = self.methods.filter(|_| header == ResponseHeader::AllowMethods);
        of_path.or_else(|| self.values.get(header)).map(FieldValue::Ready)
    }

    /// The headers that two decisions agree on, if both let scripts read the response. Exposed headers are
    /// left out, because the two lists may differ.
    pub(crate) fn in_common(&self, other: &Self, vary: Vary) -> Self {
        let mut common = Self::bare(self.reason, vary, self.values);
        common.is_second = self.is_second || other.is_second;
        for header in [ResponseHeader::AllowOrigin, ResponseHeader::AllowCredentials] {
            let is_in = |own: &Self, line| own.has(header, line);
            if is_in(self, READY) && is_in(other, READY) {
                common.set(header);
            } else if [self, other].into_iter().all(|own| is_in(own, READY | ECHOED)) {
                common.echo(header);
            }
        }
        common
    }

    /// Why it was decided so.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// The lines of the CORS protocol that the answer carries, and no others of them. A list may have two.
    pub fn fields(&self) -> impl Iterator<Item = (ResponseHeader, FieldValue<'p, V>)> + '_ {
        let mut left = u32::from(self.headers.0);
        std::iter::from_fn(move || {
            let line = left.trailing_zeros() as usize;
            let header = *ResponseHeader::ALL.get(line / 2)?;
            left &= left - 1;
            let is_ready = line.is_multiple_of(2);
            let value = if is_ready { self.ready(header)? } else { self.echoed(header) };
            Some((header, value))
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

    /// Whether this refuses a preflight with headers from which the browser names the failing step; only
    /// with [`RouteTable::debug`](crate::RouteTable::debug).
    #[must_use]
    pub fn is_explained(&self) -> bool {
        self.is_explained
    }

    /// Whether scripts of the request's origin may read the response.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.reason.is_shared()
    }

    /// Whether scripts of the request's origin may read the response, and no other origins may send cookies where it
    /// may not.
    pub(crate) fn is_shared_with_credentials(&self) -> bool {
        self.is_shared() && !self.is_second
    }

    /// Notes whether other origins have credentials where this one has none.
    pub(crate) fn set_second(&mut self, is_second: bool) {
        self.is_second = is_second;
    }

    /// Whether CORS is left to another layer, so that nothing is added to the answer and nothing taken
    /// away.
    #[must_use]
    pub fn is_external(&self) -> bool {
        self.reason == Reason::External
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

/// The status of a granted preflight, and of one that is left to another layer. A refused one gets 403, or
/// 405 if the path has no such method, unless it is explained: browsers look at methods and headers only
/// where the status is ok.
///
/// Source: Fetch `#http-responses`, RFC 9110 §15.5.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
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
        let is_ok = decision.is_granted() || decision.is_explained() || decision.is_external();
        match (is_ok, self) {
            (false, _) if decision.reason == Reason::MethodNotRouted => 405,
            (false, _) => 403,
            (true, Self::NoContent) => 204,
            (true, Self::Ok) => 200,
        }
    }
}

/// Whether CORS headers mean anything on a response of this status: not on a 101, because the
/// `WebSocket` handshake is not subject to CORS and the server has to check `Origin` itself.
///
/// Source: Fetch `#websocket-protocol`, RFC 6455 §10.2.
#[must_use]
pub const fn applies_to_status(status: u16) -> bool {
    status != 101
}
