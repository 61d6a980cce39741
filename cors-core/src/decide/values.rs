//! The header values of a policy's answers, made beforehand.

use crate::{fields::ResponseHeader, policy::Policy};

/// The values that are the same in every answer of a policy, by header.
#[derive(Debug)]
pub(crate) struct Values<V>([Option<V>; ResponseHeader::ALL.len()]);

impl<V> Values<V> {
    pub(crate) fn new(policy: &Policy, value: &impl Fn(&str) -> V) -> Self {
        Self(std::array::from_fn(|index| {
            let text = text(policy, ResponseHeader::ALL[index]);
            text.map(|text| value(&text))
        }))
    }

    pub(crate) fn get(&self, header: ResponseHeader) -> Option<&V> {
        self.0[header as usize].as_ref()
    }
}

fn text(policy: &Policy, header: ResponseHeader) -> Option<String> {
    let list = |text: String| (!text.is_empty()).then_some(text);
    let anonymous = !policy.allow_credentials();
    match header {
        // these two are there for any policy, because several may have to agree on them
        ResponseHeader::AllowOrigin => Some("*".to_owned()),
        ResponseHeader::AllowCredentials => Some("true".to_owned()),
        ResponseHeader::AllowMethods => match policy.allow_methods()? {
            methods if methods.is_any() => anonymous.then(|| "*".to_owned()),
            methods => list(methods.to_string()),
        },
        // `*` never covers Authorization (Fetch `#cors-non-wildcard-request-header-name`)
        ResponseHeader::AllowHeaders => match policy.allow_headers() {
            headers if headers.is_any() => anonymous.then(|| "*, Authorization".to_owned()),
            headers => list(headers.to_string()),
        },
        ResponseHeader::MaxAge => policy.max_age().map(|age| age.to_string()),
        ResponseHeader::ExposeHeaders => list(policy.expose_headers().to_string()),
    }
}
