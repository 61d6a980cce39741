//! `cors-core` without a framework.

use std::{hint::black_box, time::Duration};

use cors_core::{
    PathMatch, Policy, Presented, RequestHead, RequestHeader, RouteTable, is_preflight,
};

use crate::{
    case::Case,
    policy::{EXPOSED, HEADERS, MAX_AGE, METHODS},
    wire::Runner,
};

/// A request whose headers need not be looked for.
struct Head {
    method: &'static str,
    values: [Option<Vec<u8>>; RequestHeader::ALL.len()],
}

impl RequestHead for Head {
    fn method(&self) -> &str {
        self.method
    }

    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]> {
        self.values[header as usize].as_deref().into_iter()
    }
}

pub(super) fn decide(case: &Case) -> Runner {
    let table = table(case);
    let value_of = |header: RequestHeader| {
        let mut headers = case.request.headers.iter();
        let own = headers.find(|(name, _)| name.eq_ignore_ascii_case(header.name()));
        own.map(|(_, value)| value.clone().into_bytes())
    };
    let head = Head {
        method: case.request.method,
        values: std::array::from_fn(|index| value_of(RequestHeader::ALL[index])),
    };
    if is_preflight(&head) {
        Box::new(move |_| {
            black_box(table.preflight(PathMatch::NONE, black_box(&head)));
        })
    } else {
        Box::new(move |_| {
            let head = black_box(&head);
            let origin = Presented::from_lines(head.lines(RequestHeader::Origin));
            black_box(table.actual(PathMatch::NONE, head.method, origin));
        })
    }
}

fn table(case: &Case) -> RouteTable<http::HeaderValue> {
    let exposed: &[&str] = if case.policy.credentials { &EXPOSED } else { &[] };
    let policy = Policy::builder()
        .allow_origins(case.policy.listed())
        .allow_methods(METHODS)
        .allow_headers(HEADERS)
        .expose_headers(exposed.iter().copied())
        .allow_credentials(case.policy.credentials)
        .max_age(Duration::from_secs(MAX_AGE.into()))
        .build()
        .expect("a valid policy");
    let value = |text: &str| http::HeaderValue::from_str(text).expect("a header value");
    RouteTable::new(&policy, &[], value)
}
