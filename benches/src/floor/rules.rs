//! What the floor decides and writes.

use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
};

use super::{headers::Headers, origins::Origins};
use crate::policy::{EXPOSED, HEADERS, MAX_AGE, METHODS, Policy};

#[derive(Debug)]
pub(super) struct Rules {
    origins: Origins,
    headers: Headers,
    credentials: bool,
    allow_methods: HeaderValue,
    allow_headers: HeaderValue,
    max_age: HeaderValue,
    expose_headers: HeaderValue,
}

impl Rules {
    pub(super) fn new(policy: Policy) -> Self {
        let value = |text: String| HeaderValue::try_from(text).expect("a header value");
        Self {
            origins: policy.origins().collect(),
            headers: Headers::new(&HEADERS),
            credentials: policy.credentials,
            allow_methods: value(METHODS.join(", ")),
            allow_headers: value(HEADERS.join(", ")),
            max_age: HeaderValue::from(MAX_AGE),
            expose_headers: value(EXPOSED.join(", ")),
        }
    }

    pub(super) fn allow(&self, origin: &HeaderValue) -> bool {
        self.origins.contain(origin.as_bytes())
    }

    pub(super) fn answer(
        &self,
        origin: &HeaderValue,
        method: &HeaderValue,
        request: &HeaderMap,
    ) -> HttpResponse {
        let is_granted = self.allow(origin)
            && METHODS.iter().any(|own| own.as_bytes() == method.as_bytes())
            && request
                .get(header::ACCESS_CONTROL_REQUEST_HEADERS)
                .is_none_or(|names| self.headers.contain_all(names.as_bytes()));
        let status = if is_granted { StatusCode::OK } else { StatusCode::FORBIDDEN };
        let mut answer = HttpResponse::new(status);
        let headers = answer.headers_mut();
        if is_granted {
            self.share(origin.clone(), headers);
            headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, self.allow_methods.clone());
            headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, self.allow_headers.clone());
            headers.insert(header::ACCESS_CONTROL_MAX_AGE, self.max_age.clone());
        }
        let vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
        headers.append(header::VARY, HeaderValue::from_static(vary));
        answer
    }

    pub(super) fn adorn(&self, allowed: Option<HeaderValue>, headers: &mut HeaderMap) {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
        let Some(origin) = allowed else { return };
        self.share(origin, headers);
        if self.credentials {
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, self.expose_headers.clone());
        }
    }

    fn share(&self, origin: HeaderValue, headers: &mut HeaderMap) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if self.credentials {
            let yes = HeaderValue::from_static("true");
            headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, yes);
        }
    }
}
