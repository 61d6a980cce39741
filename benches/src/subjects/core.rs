//! `cors-core` without a framework.

use std::{cell::RefCell, hint::black_box, rc::Rc, time::Duration};

use cors_core::{
    PathMatch, Policy, Presented, RequestHead, RequestHeader, RouteTable, is_preflight,
};

use crate::{
    case::Case,
    policy::{EXPOSED, HEADERS, MAX_AGE, METHODS, Policy as Listed},
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
    let table = table(case.policy);
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

type Table = RouteTable<http::HeaderValue>;

thread_local! {
    /// The last table with its policy, since a large one takes long to make under callgrind.
    static LAST: RefCell<Option<(Listed, Rc<Table>)>> = const { RefCell::new(None) };
}

fn table(listed: Listed) -> Rc<Table> {
    LAST.with_borrow_mut(|last| match last {
        Some((own, table)) if *own == listed => Rc::clone(table),
        _ => {
            let made = Rc::new(make_table(listed));
            *last = Some((listed, Rc::clone(&made)));
            made
        }
    })
}

fn make_table(listed: Listed) -> Table {
    let exposed: &[&str] = if listed.credentials { &EXPOSED } else { &[] };
    let policy = Policy::builder()
        .allow_origins(listed.listed())
        .allow_methods(METHODS)
        .allow_headers(HEADERS)
        .expose_headers(exposed.iter().copied())
        .allow_credentials(listed.credentials)
        .max_age(Duration::from_secs(MAX_AGE.into()))
        .build()
        .expect("a valid policy");
    let value = |text: &str| http::HeaderValue::from_str(text).expect("a header value");
    RouteTable::new(&policy, &[], value)
}
