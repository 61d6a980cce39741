//! The engine against a naive model of the decision, slow and obvious, straight from the Fetch
//! standard and the documentation of the settings; and laws that hold for every policy.

use std::collections::BTreeSet;

use crate::{
    common::Preflight,
    naive_origin::{covers, is_serialised},
};

use cors_core::{
    AllowCredentials, Decision, FieldValue, Key, LayeredPolicy, Off, Operator, Override, PathMatch,
    Policy, PolicyBuilder, PreflightStatus, Presented, Reason, RequestHead, RequestHeader,
    ResponseHeader, RouteSpec, RouteTable, Setting, Source, Step, Value,
    browser::{Blocked, Client},
    requested_names,
};
use proptest::{collection::vec, prelude::*, sample::select};

/// A policy as it is written.
#[derive(Debug, Clone)]
struct Written {
    origins: Vec<&'static str>,
    methods: Option<Vec<&'static str>>,
    headers: Vec<&'static str>,
    exposed: Vec<&'static str>,
    credentials: Credentials,
    off: Option<Off>,
}

/// Who may send cookies.
#[derive(Debug, Clone, PartialEq)]
enum Credentials {
    Never,
    Always,
    Only(Vec<&'static str>),
}

type Request = Preflight<String>;

const PATTERNS: &[&str] = &[
    "https://a.b",
    "https://b",
    "https://ab.b",
    "https://a.b:8443",
    "https://*.b",
    "https://*.a.b",
    "https://*.b:8443",
    "https://*.b:*",
    "https://a.b:*",
    "https://a-*.b",
    "https://*-b.b",
    "https://a.a-*-b.b:*",
    "https://-.b",
    "tauri://localhost",
    "tauri://-",
    "tauri://A.b",
    "app://*",
    "http://localhost:*",
    "http://pr-*.localhost:*",
    "http://[::1]:9090",
    "https://[::ffff:7f00:1]:9090",
    "http://127.0.0.1",
];

/// Origins near the patterns, and what is none.
fn origin() -> impl Strategy<Value = String> {
    let host = vec(
        select(vec!["a", "b", "ab", "a-1", "a--b", "a-_-b", "-", "pr-", "pr-1", "localhost"]),
        1..4,
    )
    .prop_map(|l| l.join("."));
    let scheme = select(vec!["https", "http", "tauri", "app"]);
    let port = select(vec!["", ":8443", ":9090", ":443", ":80", ":1", ":08443", ":", ":65536"]);
    let built =
        (scheme, host, port).prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}"));
    let odd = select(vec![
        "null",
        "",
        "*",
        "https://*.b",
        "https://.b",
        "https://a..b",
        "https://a.b/",
        "https://A.b",
        "https://x@a.b",
        "https://a.b.",
        "https://-a.b",
        "https://a-*.b",
        "tauri://A.b",
        "tauri://*",
        "app://*",
        "app://",
        "app://Q:1",
        "https://[::ffff:7f00:1]:9090",
        "https://[::ffff:127.0.0.1]:9090",
        "file://",
        "https://[::1]:9090",
        "http://[::1]:9090",
        "http://[0::1]:9090",
        "http://127.0.0.1",
        "http://127.1",
        "https://a b",
        "file://a.b",
        "https://evil.com/.b",
        "https://\u{e9}.b",
    ]);
    prop_oneof![4 => built, 1 => odd.prop_map(str::to_owned)]
}

fn exact_pattern() -> impl Strategy<Value = &'static str> {
    select(PATTERNS.iter().copied().filter(|pattern| !pattern.contains('*')).collect::<Vec<_>>())
}

fn method() -> impl Strategy<Value = String> {
    select(vec!["GET", "POST", "PUT", "put", "QUERY", "DELETE", "TRACE", "*", "", "PU T", "x-y"])
        .prop_map(str::to_owned)
}

fn header_line() -> impl Strategy<Value = String> {
    let name = select(vec![
        "x-a",
        "X-A",
        "x-b",
        "authorization",
        "content-type",
        "cookie",
        "sec-x",
        "*",
        "",
        " x-a\t",
        "x a",
        "(bad",
        "x-aa",
    ]);
    vec(name, 0..5).prop_map(|names| names.join(","))
}

fn request() -> impl Strategy<Value = Request> {
    let origins = prop_oneof![8 => vec(origin(), 1), 1 => vec(origin(), 2)];
    let methods = prop_oneof![8 => vec(method(), 1), 1 => vec(method(), 2)];
    (origins, methods, vec(header_line(), 0..3)).prop_map(|(origins, methods, headers)| Request {
        origins,
        methods,
        headers,
    })
}

fn names() -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![
        4 => proptest::sample::subsequence(vec!["X-A", "x-b", "Authorization", "Content-Type"], 0..4),
        1 => Just(vec!["*"]),
    ]
}

fn written() -> impl Strategy<Value = Written> {
    let origins = prop_oneof![
        5 => proptest::sample::subsequence(PATTERNS.to_vec(), 0..PATTERNS.len()),
        1 => Just(vec!["*"]),
    ];
    let methods = prop_oneof![
        2 => proptest::sample::subsequence(vec!["PUT", "QUERY", "put", "GET"], 0..4),
        1 => Just(vec!["*"]),
    ];
    (origins, proptest::option::of(methods), names(), names(), credentials(), off()).prop_map(
        |(origins, methods, headers, exposed, mut credentials, off)| {
            let is_open = origins == ["*"] && credentials == Credentials::Always;
            if is_open || exposed == ["*"] {
                credentials = Credentials::Never;
            }
            Written { origins, methods, headers, exposed, credentials, off }
        },
    )
}

fn credentials() -> impl Strategy<Value = Credentials> {
    let listed = proptest::sample::subsequence(PATTERNS.to_vec(), 0..PATTERNS.len());
    prop_oneof![
        Just(Credentials::Never),
        Just(Credentials::Always),
        listed.prop_map(Credentials::Only)
    ]
}

fn off() -> impl Strategy<Value = Option<Off>> {
    proptest::option::weighted(0.2, select(Off::ALL.to_vec()))
}

impl Credentials {
    fn given(&self) -> AllowCredentials {
        match self {
            Self::Never => false.into(),
            Self::Always => true.into(),
            Self::Only(list) => list.clone().into(),
        }
    }
}

impl Written {
    fn policy(&self) -> LayeredPolicy {
        self.builder().build_layered().expect("a valid policy")
    }

    fn builder(&self) -> PolicyBuilder {
        let mut builder = Policy::builder()
            .allow_origins(self.origins.clone())
            .allow_headers(self.headers.clone())
            .expose_headers(self.exposed.clone())
            .allow_credentials(self.credentials.given())
            .dangerously_allow_scheme_wildcards(true)
            .disable(self.off == Some(Off::Disable))
            .external(self.off == Some(Off::External));
        if let Some(methods) = &self.methods {
            builder = builder.allow_methods(methods.clone());
        }
        builder
    }

    fn is_open(&self) -> bool {
        self.origins == ["*"] && self.off.is_none()
    }

    fn is_left(&self) -> bool {
        self.off == Some(Off::External)
    }

    // the model of an origin: split by hand, compare with each pattern in turn

    fn allows_origin(&self, lines: &[String]) -> bool {
        self.is_open()
            || matches!(lines, [one] if is_serialised(one)
                && self.off.is_none()
                && self.origins.iter().any(|pattern| covers(pattern, one)))
    }

    fn allows_credentials(&self, lines: &[String]) -> bool {
        let [one] = lines else { return false };
        let is_listed = match &self.credentials {
            Credentials::Never => false,
            Credentials::Always => true,
            Credentials::Only(list) => list.iter().any(|pattern| covers(pattern, one)),
        };
        is_listed && is_serialised(one) && self.allows_origin(lines)
    }

    /// Whether it depends on the origin what an answer has.
    fn varies(&self) -> bool {
        let has_list = matches!(&self.credentials, Credentials::Only(list) if !list.is_empty());
        !self.is_left() && (!self.is_open() || has_list)
    }

    fn allows_method(&self, lines: &[String]) -> bool {
        let [method] = lines else { return false };
        let is_sendable = is_token(method)
            && method != "*"
            && !["CONNECT", "TRACE", "TRACK"].contains(&method.to_ascii_uppercase().as_str());
        let is_listed = self
            .methods
            .as_ref()
            .is_some_and(|methods| methods.iter().any(|own| own == method || *own == "*"));
        is_sendable && (is_listed || ["GET", "HEAD", "POST"].contains(&method.as_str()))
    }

    fn allows_headers(&self, lines: &[String]) -> bool {
        let names = requested(lines);
        let is_sendable = |name: &String| {
            let name = name.to_ascii_lowercase();
            name != "*" && name != "cookie" && !name.starts_with("sec-")
        };
        let is_any = self.headers == ["*"];
        let is_listed =
            |name: &String| self.headers.iter().any(|own| own.eq_ignore_ascii_case(name));
        let is_allowed = |name| if is_any { is_sendable(name) } else { is_listed(name) };
        names.iter().all(|name| is_token(name) && is_allowed(name))
    }
}

fn requested(lines: &[String]) -> Vec<String> {
    let elements = lines.iter().flat_map(|line| line.split(','));
    let names = elements.map(|element| element.trim_matches([' ', '\t']).to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}

fn granted(policy: &LayeredPolicy, request: &Request) -> bool {
    let table = RouteTable::new(policy.policy(), &[], str::to_owned);
    table.preflight(PathMatch::NONE, request).is_granted()
}

fn shared(policy: &LayeredPolicy, request: &Request) -> bool {
    let table = RouteTable::new(policy.policy(), &[], str::to_owned);
    let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
    let reason = table.actual(PathMatch::NONE, "GET", origin).reason();
    matches!(reason, Reason::AnyOrigin | Reason::OriginAllowed)
}

/// What a browser asks for a script.
#[derive(Debug, Clone)]
struct Ask {
    origin: String,
    method: &'static str,
    unsafe_names: Vec<String>,
    include_credentials: bool,
    is_forced: bool,
}

fn ask() -> impl Strategy<Value = Ask> {
    let origin = origin().prop_filter("browsers serialise origins", |origin| is_serialised(origin));
    let method = select(vec!["GET", "HEAD", "POST", "PUT", "QUERY", "DELETE", "put", "x-y"]);
    let names = vec!["authorization", "content-type", "x-a", "x-aa", "x-b"];
    let names = proptest::sample::subsequence(names, 0..4);
    (origin, method, names, any::<bool>(), any::<bool>()).prop_map(
        |(origin, method, names, include_credentials, is_forced)| Ask {
            origin,
            method,
            unsafe_names: names.into_iter().map(str::to_owned).collect(),
            include_credentials,
            is_forced,
        },
    )
}

impl Ask {
    fn preflight(&self) -> Request {
        let names = self.unsafe_names.join(",");
        Request {
            origins: vec![self.origin.clone()],
            methods: vec![self.method.to_owned()],
            headers: Some(names).filter(|names| !names.is_empty()).into_iter().collect(),
        }
    }

    /// Whether the same request finds the answer in the preflight cache of Firefox 153, where a `*` means nothing,
    /// and HEAD has to be listed like any other method (`nsPreflightCache::CacheEntry::CheckRequest`).
    fn is_found_by_firefox(&self, decision: &Decision<'_, String>) -> bool {
        let lines = header_lines(decision, &self.preflight());
        let names = |wanted: &str| -> Vec<String> {
            let own = lines.iter().filter(|(name, _)| name == wanted);
            requested(&own.map(|(_, value)| value.clone()).collect::<Vec<_>>())
        };
        let methods = names("access-control-allow-methods");
        let headers = names("access-control-allow-headers");
        let has = |name: &String| headers.iter().any(|own| own.eq_ignore_ascii_case(name));
        (["GET", "POST"].contains(&self.method) || methods.iter().any(|own| own == self.method))
            && self.unsafe_names.iter().all(has)
    }

    fn verdict(&self, decision: &Decision<'_, String>) -> Result<(), Blocked> {
        let client = Client { origin: &self.origin, include_credentials: self.include_credentials };
        let headers = header_lines(decision, &self.preflight());
        let status = PreflightStatus::NoContent.code(decision);
        client.check_preflight(self.method, &self.unsafe_names, self.is_forced, status, &headers)
    }
}

/// The header lines that an adapter writes.
fn header_lines(decision: &Decision<'_, String>, request: &Request) -> Vec<(String, String)> {
    let lines = |(header, value): (ResponseHeader, FieldValue<'_, String>)| {
        let values = match value {
            FieldValue::Ready(value) => vec![value.clone()],
            FieldValue::ResponseNames(_) => unreachable!("no policy here has it"),
            FieldValue::RequestedNames => {
                let lines = request.lines(RequestHeader::AccessControlRequestHeaders);
                vec![requested_names(lines)]
            }
            FieldValue::Request(own) => {
                let text = |line| String::from_utf8_lossy(line).into_owned();
                request.lines(own).map(text).collect()
            }
        };
        values.into_iter().map(move |value| (header.name().to_owned(), value))
    };
    decision.fields().flat_map(lines).collect()
}

fn overlay(base: &LayeredPolicy, key: &str, operator: Operator, list: &[&str]) -> LayeredPolicy {
    let setting = Setting { key, operator, value: Value::List(list) };
    let layer = Override::from_settings(&[setting], &Source::Base).unwrap();
    base.apply(&layer, &Source::Base, &[]).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: crate::cases(4000),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_engine_decides_as_the_model(written in written(), request in request()) {
        let policy = written.policy();
        let table = RouteTable::new(policy.policy(), &[], str::to_owned);

        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let actual = table.actual(PathMatch::NONE, "GET", origin);
        let fields: BTreeSet<&str> = actual.fields().map(|(header, _)| header.name()).collect();
        let allowed = written.allows_origin(&request.origins);
        let mut expected = BTreeSet::new();
        if allowed {
            expected.insert("access-control-allow-origin");
            if written.allows_credentials(&request.origins) {
                expected.insert("access-control-allow-credentials");
            }
            if !written.exposed.is_empty() {
                expected.insert("access-control-expose-headers");
            }
        }
        prop_assert_eq!(fields, expected);
        prop_assert_eq!(actual.vary().headers().count() == 1, written.varies());
        prop_assert_eq!(actual.is_external(), written.is_left());

        let decision = table.preflight(PathMatch::NONE, &request);
        let is_granted = allowed
            && written.allows_method(&request.methods)
            && written.allows_headers(&request.headers);
        prop_assert_eq!(decision.is_granted(), is_granted, "{:?}", decision.reason());
        if !is_granted {
            prop_assert_eq!(decision.fields().count(), 0);
        }
        prop_assert_eq!(decision.is_external(), written.is_left());
        prop_assert!(!written.is_left() || decision.vary().is_empty());
        let is_ok = PreflightStatus::NoContent.code(&decision) == 204;
        prop_assert_eq!(is_ok, is_granted || written.is_left());
    }

    /// The browser's verdict is the policy's, whatever routes share the path; with debug on it is the
    /// same, and the step at which the browser stops is the reason of the decision.
    #[test]
    fn the_browser_comes_to_the_same_verdict(
        base in written(),
        routes in vec((written(), proptest::sample::subsequence(vec!["PUT", "GET", "QUERY"], 1..3), any::<bool>()), 0..3),
        ask in ask(),
    ) {
        let specs: Vec<RouteSpec> = routes.iter().map(|(written, methods, guarded)| {
            let methods = methods.iter().map(|method| method.parse().unwrap());
            let policy = written.policy().policy().clone();
            RouteSpec::new("/", policy).methods(methods).guarded(*guarded)
        }).collect();
        let table = || RouteTable::new(base.policy().policy(), &specs, str::to_owned);
        let (plain, debug) = (table(), table().debug(true));
        let steps_of = |table: &RouteTable<String>| -> Vec<_> { table.routes().map(Step::route).collect() };
        let (steps, debug_steps) = (steps_of(&plain), steps_of(&debug));
        let request = ask.preflight();
        let silent = plain.preflight(PathMatch::certain(&steps), &request);
        let talkative = debug.preflight(PathMatch::certain(&debug_steps), &request);
        prop_assert_eq!(silent.reason(), talkative.reason());
        prop_assert_eq!(silent.vary().value(), talkative.vary().value());
        prop_assert!(!silent.is_explained());

        let (verdict, explained) = (ask.verdict(&silent), ask.verdict(&talkative));
        prop_assert_eq!(verdict.is_ok(), explained.is_ok(), "{:?} {:?}", verdict, explained);
        if silent.is_granted() {
            prop_assert_eq!(&silent, &talkative);
            prop_assert!(ask.include_credentials || verdict.is_ok(), "{:?}", verdict);
            prop_assert!(ask.is_found_by_firefox(&silent), "{:?}", silent);
        } else {
            prop_assert!(verdict.is_err());
            prop_assert_eq!(silent.fields().count(), 0);
        }
        if !silent.is_granted() && !ask.include_credentials {
            let step_fits = match (talkative.is_explained(), explained) {
                (false, Err(Blocked::PreflightOrigin(_))) => true,
                (true, Err(Blocked::Method)) => silent.reason() == Reason::MethodNotAllowed,
                (true, Err(Blocked::Header(_))) => {
                    matches!(silent.reason(), Reason::HeaderNotAllowed | Reason::HeadersOverLimit)
                }
                _ => false,
            };
            prop_assert!(step_fits, "{:?}", silent.reason());
        }
    }

    /// With credentials, `*` is an ordinary name, and never sent.
    #[test]
    fn no_star_goes_with_credentials(written in written(), request in request()) {
        let policy = written.policy();
        let table = RouteTable::new(policy.policy(), &[], str::to_owned).debug(true);
        let origin = Presented::from_lines(request.lines(RequestHeader::Origin));
        let decisions =
            [table.preflight(PathMatch::NONE, &request), table.actual(PathMatch::NONE, "GET", origin)];
        for lines in decisions.iter().map(|decision| header_lines(decision, &request)) {
            let has = |wanted: &str| lines.iter().any(|(_, value)| value == wanted);
            prop_assert!(!(has("true") && has("*")), "{:?}", lines);
            let has_star = lines.iter().any(|(_, value)| value.contains('*') && !value.contains("://"));
            let is_trusted = written.allows_credentials(&request.origins);
            prop_assert!(!(is_trusted && has_star), "{:?}", lines);
        }
    }

    /// `+=` never shrinks what is allowed, `-=` never grows it.
    #[test]
    fn merging_is_monotone(
        written in written(),
        request in request(),
        origins in proptest::sample::subsequence(PATTERNS.to_vec(), 0..4),
        headers in proptest::sample::subsequence(vec!["X-A", "X-B", "Authorization"], 0..3),
    ) {
        let base = written.policy();
        let wider = overlay(&base, "allow_headers", Operator::Add, &headers);
        prop_assert!(!granted(&base, &request) || granted(&wider, &request));
        if written.credentials == Credentials::Never {
            let wider = overlay(&base, "allow_origins", Operator::Add, &origins);
            prop_assert!(!shared(&base, &request) || shared(&wider, &request));
            prop_assert!(!granted(&base, &request) || granted(&wider, &request));
        }
        if !written.is_open() {
            let narrower = overlay(&base, "allow_origins", Operator::Remove, &origins);
            prop_assert!(!shared(&narrower, &request) || shared(&base, &request));
            prop_assert!(!granted(&narrower, &request) || granted(&base, &request));
        }
        if written.headers != ["*"] {
            let narrower = overlay(&base, "allow_headers", Operator::Remove, &headers);
            prop_assert!(!granted(&narrower, &request) || granted(&base, &request));
        }
    }

    /// A policy that is written down and read again is the same policy.
    #[test]
    fn text_keeps_a_policy(
        written in written(),
        max_age in proptest::option::of(any::<u32>()),
        flags in any::<[bool; 5]>(),
        added in proptest::sample::subsequence(
            vec!["null", "http://plain.b", "https://*.github.io", "https://a-*.github.io", "file://"],
            0..3,
        ),
        off in off(),
    ) {
        let [insecure, null, public, file, schemes] = flags;
        let mut builder = written
            .builder()
            .dangerously_allow_insecure_origins(insecure)
            .dangerously_allow_null_origin(null)
            .dangerously_allow_public_suffixes(public)
            .dangerously_allow_file_origin(file)
            .dangerously_allow_scheme_wildcards(schemes);
        if let Some(secs) = max_age {
            builder = builder.max_age(std::time::Duration::from_secs(secs.into()));
        }
        if !written.is_open() {
            let origins = written.origins.iter().chain(&added).copied();
            builder = builder.allow_origins(origins.collect::<Vec<_>>());
        }
        let Ok(mut layered) = builder.build_layered() else { return Ok(()) };
        if let Some(off) = off {
            layered = layered.apply(&Override::off(off), &Source::Base, &[]).unwrap();
        }
        let policy = layered.policy();
        let text = toml::to_string(policy).unwrap();
        prop_assert_eq!(&toml::from_str::<Policy>(&text).unwrap(), policy, "{}", text);
        let text = serde_json::to_string(policy).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Policy>(&text).unwrap(), policy, "{}", text);
    }

    /// The order in which lists are written does not matter.
    #[test]
    fn order_is_irrelevant(written in written(), request in request()) {
        let mut reversed = written.clone();
        reversed.origins.reverse();
        reversed.headers.reverse();
        reversed.exposed.reverse();
        let (one, other) = (written.policy(), reversed.policy());
        prop_assert_eq!(one.policy(), other.policy());
        prop_assert_eq!(granted(&one, &request), granted(&other, &request));
        for key in Key::ALL.iter().copied() {
            prop_assert_eq!(one.policy().value_of(key), other.policy().value_of(key));
        }
    }

    /// Every accepted pattern without a wildcard is an origin that it allows, and allows no other.
    #[test]
    fn an_exact_pattern_allows_itself(pattern in exact_pattern(), origin in origin()) {
        let policy = Policy::builder().allow_origins([pattern]).build_layered().unwrap();
        let request = |origin: &str| Request {
            origins: vec![origin.to_owned()],
            methods: vec!["GET".into()],
            headers: vec![],
        };
        prop_assert!(shared(&policy, &request(pattern)));
        prop_assert_eq!(shared(&policy, &request(&origin)), origin == pattern);
    }

    /// Whatever is written and sent, nothing panics, and a pattern that is accepted can match.
    #[test]
    fn nothing_panics(text in "\\PC{0,40}", bytes in vec(any::<u8>(), 0..60)) {
        if let Ok(policy) = Policy::builder().allow_origins([text.as_str()]).build_layered() {
            let exact = text.replace(":*", ":8443").replace('*', "x");
            let request = Request { origins: vec![exact], methods: vec![], headers: vec![] };
            prop_assert!(shared(&policy, &request), "{}", text);
        }
        let table = RouteTable::new(&Policy::default(), &[], str::to_owned);
        _ = table.actual(PathMatch::NONE, "GET", Presented::One(&bytes));
    }
}
