//! Requests: any bytes as any number of lines of the headers that decisions depend on.

use std::sync::LazyLock;

use cors_core::{
    FieldValue, PathMatch, Policy, Presented, RequestHead, RequestHeader, RouteTable,
    requested_names,
};

/// A first byte that chooses the policy, then lines, each with a first byte that chooses its header.
pub fn request(input: &[u8]) {
    let Some((choice, rest)) = input.split_first() else { return };
    let tables = &*TABLES;
    let [plain, debug] = &tables[usize::from(*choice) % tables.len()];
    let mut request = Lines::default();
    for line in rest.split(|byte| *byte == b'\n') {
        let Some((header, value)) = line.split_first() else { continue };
        request.0[usize::from(*header) % 3].push(value);
    }
    check_actual(plain, &request);
    check_preflight(plain, &request);
    check_preflight(debug, &request);
    let decide = |table: &RouteTable<String>| table.preflight(PathMatch::NONE, &request).reason();
    assert_eq!(decide(plain), decide(debug));
}

fn check_actual(table: &RouteTable<String>, request: &Lines<'_>) {
    let origins = &request.0[0];
    let presented = Presented::from_lines(origins.iter().copied());
    let decision = table.actual(PathMatch::NONE, "GET", presented);
    for (_, value) in decision.fields() {
        check_value(value, request);
    }
    let names_the_origin =
        decision.fields().any(|(_, value)| value == FieldValue::Request(RequestHeader::Origin));
    assert!(!names_the_origin || origins.len() == 1);
}

fn check_preflight(table: &RouteTable<String>, request: &Lines<'_>) {
    let decision = table.preflight(PathMatch::NONE, request);
    let is_answered = decision.fields().count() > 0;
    assert_eq!(decision.is_granted() || decision.is_explained(), is_answered, "{decision:?}");
    assert!(!decision.is_external() || decision.vary().is_empty(), "{decision:?}");
    for (_, value) in decision.fields() {
        check_value(value, request);
    }
    assert!(!is_answered || request.0[1].len() == 1);
}

/// What comes back from the request is within the grammar of the header it comes back in.
fn check_value(value: FieldValue<'_, String>, request: &Lines<'_>) {
    let names = RequestHeader::AccessControlRequestHeaders;
    match value {
        FieldValue::Request(own) => {
            let lines: Vec<&[u8]> = request.lines(own).collect();
            let [line] = lines[..] else { panic!("{own:?} has {} lines", lines.len()) };
            assert!(line.len() <= 4096, "{own:?}");
            match own {
                RequestHeader::Origin => assert!(
                    line.iter().all(|byte| byte.is_ascii_graphic() && !b",;\"\\*".contains(byte)),
                    "{}",
                    line.escape_ascii()
                ),
                RequestHeader::AccessControlRequestMethod => check_token(line),
                _ => {
                    let elements: Vec<&[u8]> = line.split(|byte| *byte == b',').collect();
                    assert!(elements.is_sorted_by(|one, other| one < other));
                    assert!(!line.iter().any(u8::is_ascii_uppercase));
                    elements.into_iter().for_each(check_token);
                }
            }
        }
        FieldValue::RequestedNames => {
            let line = requested_names(request.lines(names));
            line.split(',').for_each(|name| check_token(name.as_bytes()));
        }
        FieldValue::Ready(_) | FieldValue::ResponseNames(_) => {}
    }
}

/// A name that stands for itself alone: `*` would stand for any.
fn check_token(name: &[u8]) {
    let is_token = !name.is_empty() && name.iter().copied().all(is_tchar);
    assert!(is_token && name != b"*", "{}", name.escape_ascii());
}

fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// The lines of the three request headers.
#[derive(Debug, Default)]
struct Lines<'a>([Vec<&'a [u8]>; 3]);

impl RequestHead for Lines<'_> {
    fn method(&self) -> &str {
        "OPTIONS"
    }

    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]> {
        self.0[header as usize].iter().copied()
    }
}

/// For each policy, the table without and with debug.
static TABLES: LazyLock<Vec<[RouteTable<String>; 2]>> = LazyLock::new(|| {
    let listed = Policy::builder().allow_origins([
        "https://example.com",
        "https://*.a.example:*",
        "http://[::1]:9090",
    ]);
    let some = listed.clone().allow_methods(["PUT"]).allow_headers(["X-A", "authorization"]);
    let any = Policy::builder().allow_origins(["*"]).allow_methods(["*"]).allow_headers(["*"]);
    let any_header = listed.allow_methods(["*"]).allow_headers(["*"]);
    let policies = [
        some.clone(),
        some.clone().allow_credentials(true),
        any.clone(),
        any.clone().allow_credentials(["https://example.com", "https://*.a.example:*"]),
        any_header.clone(),
        any_header.allow_credentials(true),
        some.external(true),
    ];
    let table = |policy: cors_core::PolicyBuilder| {
        let policy = policy.build().expect("a valid policy");
        let table = || RouteTable::new(&policy, &[], str::to_owned);
        [table(), table().debug(true)]
    };
    policies.into_iter().map(table).collect()
});
