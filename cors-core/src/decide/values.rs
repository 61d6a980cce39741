//! The header values of a policy's answers, made beforehand.

use super::ExposedNames;
use crate::{
    fields::ResponseHeader,
    methods::{self, Method},
    policy::{Allowed, Credentials, Policy},
};

/// The values that are the same in every answer of a policy, by header.
#[derive(Debug)]
pub(crate) struct Values<V> {
    ready: [Option<V>; ResponseHeader::ALL.len()],
    exposed: ExposedNames,
}

impl<V> Values<V> {
    pub(crate) fn new(policy: &Policy, value: &impl Fn(&str) -> V) -> Self {
        let ready = std::array::from_fn(|index| {
            let text = text(policy, ResponseHeader::ALL[index]);
            text.map(|text| value(&text))
        });
        Self { ready, exposed: ExposedNames::new(policy.expose_headers()) }
    }

    pub(crate) fn get(&self, header: ResponseHeader) -> Option<&V> {
        self.ready[header as usize].as_ref()
    }

    /// What is exposed of a response whose headers are all to be.
    pub(crate) fn exposed(&self) -> &ExposedNames {
        &self.exposed
    }
}

fn text(policy: &Policy, header: ResponseHeader) -> Option<String> {
    let list = |text: String| (!text.is_empty()).then_some(text);
    let anonymous = *policy.allow_credentials() != Credentials::Always;
    match header {
        // these two are there for any policy, because several may have to agree on them
        ResponseHeader::AllowOrigin => Some("*".to_owned()),
        ResponseHeader::AllowCredentials => Some("true".to_owned()),
        ResponseHeader::AllowMethods => {
            let is_any = policy.allow_methods().is_some_and(Allowed::is_any);
            let star = (is_any && anonymous).then_some("*");
            let listed = policy.allow_methods().into_iter().flat_map(Allowed::members);
            Some(methods::listed(star.into_iter().chain(listed.map(Method::as_str))))
        }
        // `*` never covers Authorization (Fetch `#cors-non-wildcard-request-header-name`)
        ResponseHeader::AllowHeaders => match policy.allow_headers() {
            headers if headers.is_any() => anonymous.then(|| "*, Authorization".to_owned()),
            headers => list(headers.to_string()),
        },
        ResponseHeader::MaxAge => policy.max_age().map(|age| age.to_string()),
        ResponseHeader::ExposeHeaders if policy.exposes_any_header() => {
            anonymous.then(|| "*".to_owned())
        }
        ResponseHeader::ExposeHeaders => list(policy.expose_headers().to_string()),
    }
}
