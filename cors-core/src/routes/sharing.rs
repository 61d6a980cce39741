//! Which policies answer actual requests in the same way, even if they differ on preflights.

use std::collections::HashMap;

use crate::{
    headers::HeaderName,
    origin::OriginPattern,
    policy::{Allowed, Credentials, Policy},
    setting::Off,
};

/// The policies of a table, sorted by how they answer actual requests.
#[derive(Debug)]
pub(super) struct Sharing {
    /// The kind of each policy.
    kinds: Vec<usize>,
    are_alike_without_origin: bool,
}

impl Sharing {
    #[expect(clippy::mutable_key_type, reason = "the lookup, made later, is not compared")]
    pub(super) fn of(policies: &[&Policy]) -> Self {
        let mut numbers = HashMap::new();
        let kinds: Vec<usize> = policies
            .iter()
            .map(|policy| {
                let next = numbers.len();
                *numbers.entry(Kind::of(policy)).or_insert(next)
            })
            .collect();
        let is_one = numbers.len() == 1;
        let are_alike_without_origin = is_one || numbers.keys().all(Kind::is_by_origin);
        Self { kinds, are_alike_without_origin }
    }

    /// Whether two policies answer every actual request alike.
    pub(super) fn are_alike(&self, one: usize, other: usize) -> bool {
        self.kinds[one] == self.kinds[other]
    }

    #[inline]
    pub(super) fn are_alike_without_origin(&self) -> bool {
        self.are_alike_without_origin
    }
}

/// What the answer to an actual request depends on.
#[derive(PartialEq, Eq, Hash)]
struct Kind<'p> {
    off: Option<Off>,
    origins: &'p Allowed<OriginPattern>,
    credentials: &'p Credentials,
    exposed: &'p Allowed<HeaderName>,
    exposes_any: bool,
}

impl<'p> Kind<'p> {
    fn of(policy: &'p Policy) -> Self {
        Self {
            off: policy.off(),
            origins: policy.allow_origins(),
            credentials: policy.allow_credentials(),
            exposed: policy.expose_headers(),
            exposes_any: policy.exposes_any_header(),
        }
    }

    /// Whether a request without `Origin` gets no header but `Vary`.
    fn is_by_origin(&self) -> bool {
        self.off != Some(Off::External) && !self.origins.is_any()
    }
}
