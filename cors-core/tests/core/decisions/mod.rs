//! Decisions as rows: policy and request on the left, the whole answer on the right.

mod ambiguity;
mod base_policy;
mod credentials;
mod expose_any;
mod external;
mod handshakes;
mod refusals;
mod routes;
mod scopes;

use cors_core::{
    Decision, FieldValue, LayeredPolicy, Method, Operator, Override, Policy, PolicyBuilder,
    RequestHead, RequestHeader, RouteId, RouteSpec, RouteTable, Setting, Source, Step, Value,
    requested_names,
};

const A: &str = "https://a.example";

const EVIL: &str = "https://evil.example";

#[derive(Debug)]
struct Request {
    method: &'static str,
    headers: Vec<(RequestHeader, &'static str)>,
}

impl RequestHead for Request {
    fn method(&self) -> &str {
        self.method
    }

    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]> {
        let own = move |(name, _): &&(RequestHeader, &str)| *name == header;
        self.headers.iter().filter(own).map(|(_, value)| value.as_bytes())
    }
}

fn preflight(origin: &'static str, method: &'static str, headers: &[&'static str]) -> Request {
    let mut request = Request {
        method: "OPTIONS",
        headers: vec![
            (RequestHeader::Origin, origin),
            (RequestHeader::AccessControlRequestMethod, method),
        ],
    };
    let name = RequestHeader::AccessControlRequestHeaders;
    request.headers.extend(headers.iter().map(|value| (name, *value)));
    request
}

/// The whole answer on one line: `name: value` pairs, then the reason.
fn show(decision: &Decision<'_, String>, request: &Request) -> String {
    let short = |name: &str| name.replace("access-control-", "");
    let mut parts: Vec<String> = decision
        .fields()
        .map(|(header, value)| match value {
            FieldValue::Ready(value) => format!("{}: {value}", short(header.name())),
            FieldValue::Request(own) => {
                let lines: Vec<_> = request.lines(own).map(String::from_utf8_lossy).collect();
                format!("{}: {}", short(header.name()), lines.join(" + "))
            }
            FieldValue::ResponseNames(names) => {
                let value = names.value(200, ["x-carried"]).unwrap_or_default();
                format!("{}: {value} (of the response)", short(header.name()))
            }
            FieldValue::RequestedNames => {
                let lines = request.lines(RequestHeader::AccessControlRequestHeaders);
                format!("{}: {} (anew)", short(header.name()), requested_names(lines))
            }
        })
        .collect();
    parts.push(format!("{:?}", decision.reason()));
    parts.join("; ")
}

fn list() -> PolicyBuilder {
    listed(&["X-E"], 10 * 60)
}

fn listed(exposed: &[&str], max_age: u64) -> PolicyBuilder {
    Policy::builder()
        .allow_origins([A, "https://b.example:8443"])
        .allow_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allow_headers(["Content-Type", "Authorization", "X-A"])
        .expose_headers(exposed)
        .max_age(std::time::Duration::from_secs(max_age))
}

fn any() -> PolicyBuilder {
    any_of(&["*"])
}

/// Any method and header.
fn any_of(origins: &[&str]) -> PolicyBuilder {
    Policy::builder().allow_origins(origins).allow_methods(["*"]).allow_headers(["*"])
}

fn base_table(policy: &PolicyBuilder) -> RouteTable<String> {
    RouteTable::new(&policy.build().unwrap(), &[], str::to_owned)
}

fn overlay(base: &LayeredPolicy, settings: &[Setting<'_>]) -> Policy {
    let layer = Override::from_settings(settings, &Source::Base).unwrap();
    base.apply(&layer, &Source::Base, &[]).unwrap().policy().clone()
}

fn origins<'a>(operator: Operator, list: &'a [&'a str]) -> [Setting<'a>; 1] {
    [Setting { key: "allow_origins", operator, value: Value::List(list) }]
}

/// A route of the pattern `/x` unless said otherwise.
struct Route(&'static str, &'static [&'static str], Policy, bool);

fn first<V>(table: &RouteTable<V>) -> RouteId {
    table.routes().next().unwrap()
}

/// Routes of the root, in order.
fn steps<V>(table: &RouteTable<V>) -> Vec<Step> {
    table.routes().map(Step::route).collect()
}

fn route_table(base: &PolicyBuilder, routes: &[Route]) -> RouteTable<String> {
    let specs: Vec<RouteSpec> = routes
        .iter()
        .map(|Route(pattern, methods, policy, guarded)| {
            let methods = methods.iter().map(|method| method.parse::<Method>().unwrap());
            RouteSpec::new(*pattern, policy.clone()).methods(methods).guarded(*guarded)
        })
        .collect();
    RouteTable::new(&base.build().unwrap(), &specs, str::to_owned)
}
