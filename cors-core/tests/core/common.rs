//! A preflight as header lines.

use cors_core::{RequestHead, RequestHeader};

#[derive(Debug, Clone)]
pub(crate) struct Preflight<T> {
    pub(crate) origins: Vec<T>,
    pub(crate) methods: Vec<T>,
    pub(crate) headers: Vec<T>,
}

impl<T: AsRef<[u8]>> RequestHead for Preflight<T> {
    fn method(&self) -> &'static str {
        "OPTIONS"
    }

    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]> {
        match header {
            RequestHeader::Origin => &self.origins[..],
            RequestHeader::AccessControlRequestMethod => &self.methods,
            RequestHeader::AccessControlRequestHeaders => &self.headers,
            _ => &[],
        }
        .iter()
        .map(T::as_ref)
    }
}
