//! Random pairs of policies: every request of a small universe is decided by both tables, and a comparison has to
//! say what they do differently, and nothing else.

use std::{collections::BTreeSet, time::Duration};

use cors_core::{
    AllowCredentials, Comparison, Difference, Direction, FieldValue, Method, PathMatch, Policy,
    Presented, Report, ResponseHeader, RouteReport, RouteSpec, RouteTable, Source, Step, Subject,
};
use proptest::{
    prelude::*,
    sample::{select, subsequence},
};

use super::consenting;
use crate::common::Preflight;

const PATTERNS: [&str; 16] = [
    "https://a.x",
    "https://b.x",
    "https://a.b.x",
    "https://a.x:8443",
    "https://*.x",
    "https://*.b.x",
    "https://*.x:*",
    "https://a.x:*",
    "https://a-*.x",
    "https://a-1*.x",
    "https://*-1.x:*",
    "https://c.a-*.x",
    "app://*",
    "app://*.q",
    "null",
    "file://",
];

const ORIGINS: [&str; 24] = [
    "https://a.x",
    "https://b.x",
    "https://c.x",
    "https://a.b.x",
    "https://c.b.x",
    "https://c.d.x",
    "https://a.x:8443",
    "https://a.x:1",
    "https://c.x:1",
    "https://c.b.x:1",
    "https://a-1.x",
    "https://a-2.x",
    "https://a-11.x",
    "https://a-1-1.x",
    "https://c-1.x",
    "https://a-1.x:1",
    "https://c-1.x:1",
    "https://c.a-1.x",
    "app://q",
    "app://a.q",
    "app://a.q:1",
    "null",
    "file://",
    "http://evil.example",
];

const METHODS: [&str; 5] = ["GET", "PUT", "DELETE", "PATCH", "QUERY"];

const REQUEST_HEADERS: [&str; 5] = ["authorization", "content-type", "x-a", "x-b", "accept"];

const EXPOSED: [&str; 4] = ["etag", "link", "x-a", "x-q"];

#[derive(Debug, Clone)]
struct Written {
    origins: Vec<&'static str>,
    methods: Option<Vec<&'static str>>,
    headers: Vec<&'static str>,
    exposed: Vec<&'static str>,
    exposes_any: bool,
    credentials: Credentials,
    max_age: Option<u64>,
    off: Option<&'static str>,
}

#[derive(Debug, Clone)]
enum Credentials {
    Never,
    Always,
    Only(Vec<&'static str>),
}

fn few(all: &[&'static str], most: usize) -> impl Strategy<Value = Vec<&'static str>> + use<> {
    prop_oneof![5 => subsequence(all.to_vec(), 0..=most), 1 => Just(vec!["*"])]
}

fn origins() -> impl Strategy<Value = Vec<&'static str>> {
    few(&PATTERNS, 6)
}

fn credentials() -> impl Strategy<Value = Credentials> {
    prop_oneof![
        Just(Credentials::Never),
        Just(Credentials::Always),
        subsequence(PATTERNS.to_vec(), 0..5).prop_map(Credentials::Only)
    ]
}

fn off() -> impl Strategy<Value = Option<&'static str>> {
    proptest::option::weighted(0.1, select(vec!["disable", "external"]))
}

fn written() -> impl Strategy<Value = Written> {
    let of_request = ["Authorization", "Content-Type", "X-A", "Accept", "Cookie"];
    let of_response = ["ETag", "Link", "X-A", "Expires"];
    (
        origins(),
        proptest::option::of(few(&["GET", "PUT", "DELETE", "QUERY"], 4)),
        few(&of_request, 4),
        few(&of_response, 4),
        proptest::bool::weighted(0.2),
        credentials(),
        proptest::option::of(select(vec![5, 60])),
        off(),
    )
        .prop_map(
            |(origins, methods, headers, exposed, exposes_any, credentials, max_age, off)| {
                Written {
                    origins,
                    methods,
                    headers,
                    exposed,
                    exposes_any,
                    credentials,
                    max_age,
                    off,
                }
            },
        )
}

/// Another policy, or the same with some of its settings changed.
fn pair() -> impl Strategy<Value = (Written, Written)> {
    (written(), written(), proptest::collection::vec(proptest::bool::weighted(0.3), 7)).prop_map(
        |(one, other, changed)| {
            let mut next = one.clone();
            let mut changed = changed.into_iter();
            let mut is_changed = || changed.next().unwrap_or(false);
            if is_changed() {
                next.origins = other.origins;
            }
            if is_changed() {
                next.methods = other.methods;
            }
            if is_changed() {
                next.headers = other.headers;
            }
            if is_changed() {
                (next.exposed, next.exposes_any) = (other.exposed, other.exposes_any);
            }
            if is_changed() {
                next.credentials = other.credentials;
            }
            if is_changed() {
                next.max_age = other.max_age;
            }
            if is_changed() {
                next.off = other.off;
            }
            (one, next)
        },
    )
}

fn served() -> impl Strategy<Value = Option<Vec<&'static str>>> {
    proptest::option::of(subsequence(METHODS.to_vec(), 1..4))
}

impl Written {
    fn policy(&self) -> cors_core::LayeredPolicy {
        let is_safe = |origin: &&&str| !["null", "file://"].contains(*origin);
        let has_unsafe = self.origins.iter().any(|origin| !is_safe(&origin));
        let is_all = self.exposed == ["*"] && !self.exposes_any;
        let credentials: AllowCredentials = match &self.credentials {
            _ if is_all => false.into(),
            Credentials::Never => false.into(),
            Credentials::Always => (self.origins != ["*"] && !has_unsafe).into(),
            Credentials::Only(list) => {
                list.iter().filter(is_safe).copied().collect::<Vec<_>>().into()
            }
        };
        let exposed =
            if self.exposed == ["*"] && self.exposes_any { vec![] } else { self.exposed.clone() };
        let mut builder = consenting(&self.origins)
            .allow_headers(&self.headers)
            .expose_headers(exposed)
            .allow_credentials(credentials)
            .disable(self.off == Some("disable"))
            .external(self.off == Some("external"));
        if self.exposes_any {
            builder = builder.dangerously_expose_any_header(true);
        }
        if let Some(methods) = &self.methods {
            builder = builder.allow_methods(methods);
        }
        if let Some(secs) = self.max_age {
            builder = builder.max_age(Duration::from_secs(secs));
        }
        builder.build_layered().expect("a valid policy")
    }
}

/// A table with one route, or with the base policy alone.
struct Asked {
    policy: Policy,
    table: RouteTable<String>,
    steps: Vec<Step>,
}

impl Asked {
    fn new(policy: &Policy, served: Option<&[&str]>) -> Self {
        let spec = served.map(|methods| {
            let methods = methods.iter().map(|method| method.parse::<Method>().unwrap());
            RouteSpec::new("/x", policy.clone()).methods(methods)
        });
        let base = if served.is_some() { &Policy::default() } else { policy };
        let table = RouteTable::new(base, spec.as_slice(), str::to_owned);
        let steps = table.routes().map(Step::route).collect();
        Self { policy: policy.clone(), table, steps }
    }

    fn matches(&self) -> PathMatch<'_> {
        if self.steps.is_empty() { PathMatch::NONE } else { PathMatch::certain(&self.steps) }
    }

    fn actual(&self, origin: &str) -> cors_core::Decision<'_, String> {
        let origin = Presented::One(origin.as_bytes());
        match self.table.routes().next() {
            Some(route) => self.table.actual_at(route, origin),
            None => self.table.actual(PathMatch::NONE, "GET", origin),
        }
    }

    fn shares(&self, origin: &str) -> bool {
        self.actual(origin).is_shared()
    }

    fn shares_with_credentials(&self, origin: &str) -> bool {
        let decision = self.actual(origin);
        decision.fields().any(|(header, _)| header == ResponseHeader::AllowCredentials)
    }

    fn exposes(&self, origin: &str, name: &str) -> bool {
        let decision = self.actual(origin);
        decision.fields().filter(|(header, _)| *header == ResponseHeader::ExposeHeaders).any(
            |(_, value)| {
                let list = match value {
                    FieldValue::Ready(list) => list.clone(),
                    FieldValue::ResponseNames(names) => {
                        names.value(200, [name]).unwrap_or_default()
                    }
                    _ => unreachable!("exposed headers are no echo"),
                };
                list.split(", ").any(|own| own == "*" || own.eq_ignore_ascii_case(name))
            },
        )
    }

    fn grants(&self, origin: &str, method: &str, header: Option<&str>) -> bool {
        let request = Preflight {
            origins: vec![origin.to_owned()],
            methods: vec![method.to_owned()],
            headers: header.map(str::to_ascii_lowercase).into_iter().collect(),
        };
        self.table.preflight(self.matches(), &request).is_granted()
    }
}

/// What a difference is about, and its direction.
type Kind = (&'static str, &'static str);

/// What one table lets through beside the other: by the first thing for which the other refuses a request.
fn beside(from: &Asked, to: &Asked, methods: &[&str]) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for origin in ORIGINS {
        if !to.shares(origin) {
            continue;
        }
        let has_more = to.shares_with_credentials(origin) && !from.shares_with_credentials(origin);
        if !from.shares(origin) {
            let is_off = from.policy.is_disabled() || to.policy.is_disabled();
            found.insert(if is_off { "disable" } else { "allow_origins" });
            if has_more {
                found.insert("new, with credentials");
            }
            continue;
        }
        if has_more {
            found.insert("allow_credentials");
        }
        for name in EXPOSED {
            if to.exposes(origin, name) && !from.exposes(origin, name) {
                found.insert("expose_headers");
            }
        }
        for method in methods {
            if !to.grants(origin, method, None) {
                continue;
            }
            if !from.grants(origin, method, None) {
                found.insert("allow_methods");
                continue;
            }
            for name in REQUEST_HEADERS {
                if to.grants(origin, method, Some(name)) && !from.grants(origin, method, Some(name))
                {
                    found.insert("allow_headers");
                }
            }
        }
    }
    found
}

/// Whether both grant a preflight, so that it matters how long it is remembered.
fn remember(before: &Asked, now: &Asked, methods: &[&str]) -> bool {
    ORIGINS.iter().any(|origin| {
        methods
            .iter()
            .any(|method| before.grants(origin, method, None) && now.grants(origin, method, None))
    })
}

fn is_right(difference: &Difference, before: &Asked, now: &Asked) -> bool {
    let change = &difference.change;
    let (from, to) = match change.direction {
        Direction::Wider => (before, now),
        Direction::Narrower => (now, before),
        _ => return change.witnesses.is_empty(),
    };
    !change.witnesses.is_empty()
        && change.witnesses.iter().all(|witness| {
            let origin = &witness.origin;
            let (method, header) = (witness.method.as_deref(), witness.header.as_deref());
            let is_shared =
                to.shares(origin) && to.shares_with_credentials(origin) == witness.with_credentials;
            let is_different = match change.subject {
                Subject::Origins | Subject::Disable => !from.shares(origin),
                Subject::Credentials => {
                    witness.with_credentials
                        && from.shares(origin)
                        && !from.shares_with_credentials(origin)
                }
                Subject::Methods => {
                    let method = method.unwrap();
                    from.shares(origin)
                        && to.grants(origin, method, None)
                        && !from.grants(origin, method, None)
                }
                Subject::RequestHeaders => {
                    let method = method.unwrap();
                    from.grants(origin, method, None)
                        && to.grants(origin, method, header)
                        && !from.grants(origin, method, header)
                }
                Subject::ExposedHeaders => {
                    let name = header.unwrap();
                    from.shares(origin) && to.exposes(origin, name) && !from.exposes(origin, name)
                }
                _ => false,
            };
            is_shared && is_different
        })
}

fn kinds(found: &Comparison) -> BTreeSet<Kind> {
    let mut kinds = BTreeSet::new();
    for Difference { change, .. } in &found.differences {
        let direction = change.direction.as_str();
        kinds.insert((change.subject.as_str(), direction));
        let is_of_origins = matches!(change.subject, Subject::Origins | Subject::Disable);
        if is_of_origins && change.witnesses.iter().any(|witness| witness.with_credentials) {
            kinds.insert(("new, with credentials", direction));
        }
    }
    kinds
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: crate::cases(2000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_comparison_says_what_the_tables_decide_differently((one, other) in pair(), served in served()) {
        let [before, now] = [&one, &other].map(Written::policy);
        let found = match &served {
            None => Comparison::of_policies(before.policy(), now.policy()),
            Some(methods) => {
                let base = Policy::builder().build_layered().unwrap();
                let [before, now] = [&before, &now].map(|policy| {
                    let methods = methods.iter().map(|method| (*method).to_owned()).collect();
                    let route = RouteReport::new("/x", methods, Source::Here, policy.clone());
                    Report::new(base.clone(), vec![route])
                });
                Comparison::of_reports(&before, &now)
            }
        };
        let [before, now] =
            [before, now].map(|policy| Asked::new(policy.policy(), served.as_deref()));
        for difference in &found.differences {
            prop_assert!(is_right(difference, &before, &now), "{}", difference);
        }
        let kinds = kinds(&found);
        prop_assert_eq!(found.more, 0);

        let [was_left, is_left] = [&before, &now].map(|own| own.policy.is_external());
        if was_left || is_left {
            let unknown = (was_left != is_left).then_some(("external", "unknown"));
            prop_assert_eq!(kinds, BTreeSet::from_iter(unknown));
            return Ok(());
        }
        let methods = served.as_deref().unwrap_or(&METHODS);
        let wider = beside(&before, &now, methods).into_iter().map(|kind| (kind, "wider"));
        let narrower = beside(&now, &before, methods).into_iter().map(|kind| (kind, "narrower"));
        let age = ("max_age", "changed");
        let is_longer = before.policy.preflight_lifetime() != now.policy.preflight_lifetime();
        let is_remembered = is_longer && remember(&before, &now, methods);
        let of_age = is_remembered.then_some(age);
        let expected: BTreeSet<Kind> = wider.chain(narrower).chain(of_age).collect();
        prop_assert!(
            expected.is_subset(&kinds),
            "of {:?} these are missing: {:?}\n{}",
            expected, expected.difference(&kinds), found
        );
        // whatever else is said has a witness beyond the universe, which was checked
        prop_assert!(is_longer || !kinds.contains(&age));
    }
}
