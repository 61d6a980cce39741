//! Random requests, most of them along the paths of an application.

use std::fmt;

use actix_web::{
    http::{Method, header},
    test::TestRequest,
};
use proptest::{
    array,
    bool::weighted,
    option,
    prelude::*,
    sample::{Index, select, subsequence},
};

use super::{
    app::{Application, Guard},
    handlers::OTHER_HOST,
    policies::{APP, METHODS, ONE, TWO},
    targets::Target,
};
use crate::support::EVIL;

/// The host that no guard asks for.
const HOST: &str = "api.example.com";

/// A request, and the preflight that announces it.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub(super) path: String,
    pub(super) method: &'static str,
    pub(super) origin: Option<&'static str>,
    /// Names of headers, in lower case and sorted, as a browser sends them.
    pub(super) names: Vec<&'static str>,
    host: &'static str,
    /// Headers that guards look at; no preflight has them.
    guarding: Vec<&'static str>,
}

/// A request before the application is known whose paths it is made of.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    path: Path,
    /// One of those that are served there, or this one.
    method: (Option<Index>, &'static str),
    origin: Option<&'static str>,
    names: Vec<&'static str>,
    host: &'static str,
    guarding: Vec<&'static str>,
}

#[derive(Debug, Clone)]
enum Path {
    Literal(&'static str),
    Along { target: Index, segments: [&'static str; 4], number: bool, twist: Twist },
}

/// What is odd about a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Twist {
    Nothing,
    SlashAtEnd,
    NoSlashAtEnd,
    DoubleSlash,
    SlashesAtEnd,
    Deeper,
    Shallower,
    UpperCase,
    Encoded,
}

const SEGMENTS: [&str; 16] = [
    "a", "1", "b", "12", "A", "a%2Fb", "%20", "a.b", "..", "%C3%A9", "", "a-b", "a/b", "%61",
    "%2e", "1%",
];

const LITERALS: [&str; 14] = [
    "/", "/a", "/a/b", "/b", "/a/a/a", "/1", "//", "/a//b", "/a/", "/%2F", "/a%00", "/a?x=/b",
    "/a/../b", "/a;v=1",
];

/// Any request.
pub(super) fn draft() -> impl Strategy<Value = Draft> {
    let origin = option::weighted(0.95, select(&[APP, ONE, TWO, EVIL, "null"]));
    let names = subsequence(vec!["authorization", "x-base", "x-one", "x-two"], 0..3);
    let host = prop_oneof![3 => Just(HOST), 1 => Just(OTHER_HOST)];
    let guarding = subsequence(vec!["x-blue", "x-red"], 0..=2);
    (path(), method(), origin, names, host, guarding).prop_map(
        |(path, method, origin, names, host, guarding)| Draft {
            path,
            method,
            origin,
            names,
            host,
            guarding,
        },
    )
}

fn method() -> impl Strategy<Value = (Option<Index>, &'static str)> {
    let any_method = prop_oneof![Just("PUT"), Just("DELETE"), select(&METHODS)];
    (option::weighted(0.7, any::<Index>()), any_method)
}

fn path() -> impl Strategy<Value = Path> {
    let twist = prop_oneof![
        3 => Just(Twist::Nothing),
        1 => select(&[
            Twist::SlashAtEnd,
            Twist::NoSlashAtEnd,
            Twist::DoubleSlash,
            Twist::SlashesAtEnd,
            Twist::Deeper,
            Twist::Shallower,
            Twist::UpperCase,
            Twist::Encoded,
        ]),
    ];
    let segment = prop_oneof![2 => select(&SEGMENTS[..4]), 1 => select(&SEGMENTS)];
    prop_oneof![
        1 => select(&LITERALS).prop_map(Path::Literal),
        9 => (any::<Index>(), array::uniform4(segment), weighted(0.8), twist).prop_map(
            |(target, segments, number, twist)| Path::Along { target, segments, number, twist },
        ),
    ]
}

impl Draft {
    /// The request for an application.
    pub(super) fn along(&self, application: &Application) -> Ask {
        let Self { path, method: (served, method), origin, names, host, guarding } = self.clone();
        let targets = application.targets();
        let (path, methods) = match path {
            Path::Literal(path) => (path.to_owned(), Vec::new()),
            Path::Along { target, segments, number, twist } => {
                let Target { pattern, methods, .. } = target.get(&targets);
                (twist.of(&fill(pattern, &segments, number)), methods.clone())
            }
        };
        let method = match served {
            Some(index) if !methods.is_empty() => *index.get(&methods),
            _ => method,
        };
        Ask { path, method, origin, names, host, guarding }
    }
}

/// Puts values in the place of dynamic segments; a number where one is asked for, if `number`.
fn fill(pattern: &str, segments: &[&str], number: bool) -> String {
    let mut path = String::new();
    let mut values = segments.iter().cycle();
    let mut rest = pattern;
    while let Some((fixed, dynamic)) = rest.split_once('{') {
        let value = values.next().expect("it goes round");
        let (segment, after) = dynamic.split_once('}').expect("segments are closed");
        path.push_str(fixed);
        path.push_str(if number && segment.contains("[0-9]") { "7" } else { value });
        rest = after.strip_prefix('*').unwrap_or(after);
    }
    path.push_str(rest);
    if path.starts_with('/') { path } else { format!("/{path}") }
}

impl Twist {
    fn of(self, path: &str) -> String {
        let trimmed = path.trim_end_matches('/');
        match self {
            Self::Nothing => path.to_owned(),
            Self::SlashAtEnd => format!("{path}/"),
            Self::NoSlashAtEnd => format!("/{}", trimmed.trim_start_matches('/')),
            Self::DoubleSlash => path.replacen('/', "//", 2),
            Self::SlashesAtEnd => format!("{path}//"),
            Self::Deeper => format!("{path}/a"),
            Self::Shallower => {
                let end = trimmed.rfind('/').unwrap_or_default();
                format!("/{}", trimmed[..end].trim_start_matches('/'))
            }
            Self::UpperCase => path.replace('a', "A"),
            Self::Encoded => path.replace('a', "%61"),
        }
    }
}

impl Ask {
    /// A request for the root.
    pub(super) fn of_root(
        method: &'static str,
        origin: Option<&'static str>,
        names: Vec<&'static str>,
    ) -> Self {
        Self { path: "/".into(), method, origin, names, host: HOST, guarding: vec![] }
    }

    /// The same with each set of the headers that guards look at; this one comes first.
    pub(super) fn with_all_guarding(&self) -> Vec<Self> {
        let sets = [vec![], vec!["x-blue"], vec!["x-red"], vec!["x-blue", "x-red"]];
        let others = sets.into_iter().filter(|guarding| *guarding != self.guarding);
        let others = others.map(|guarding| Self { guarding, ..self.clone() });
        std::iter::once(self.clone()).chain(others).collect()
    }

    /// Whether a guard lets it in.
    pub(super) fn has(&self, guard: Guard) -> bool {
        match guard {
            Guard::Blue => self.guarding.contains(&"x-blue"),
            Guard::Red => self.guarding.contains(&"x-red"),
            Guard::Host => self.host == OTHER_HOST,
        }
    }

    /// The path without a query, with the one letter decoded that may be encoded.
    pub(super) fn path_at_router(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        path.replace("%61", "a")
    }

    /// The request itself, with this method or another one.
    pub(super) fn actual(&self, method: &str) -> TestRequest {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let mut request = self.to_path().method(method);
        for name in &self.guarding {
            request = request.insert_header((*name, "1"));
        }
        request
    }

    /// What a browser sends first; `None` for a request of no other origin.
    pub(super) fn preflight(&self) -> Option<TestRequest> {
        self.origin?;
        let request = self.to_path().method(Method::OPTIONS);
        let request = request.insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, self.method));
        if self.names.is_empty() {
            return Some(request);
        }
        let names = self.names.join(",");
        Some(request.insert_header((header::ACCESS_CONTROL_REQUEST_HEADERS, names)))
    }

    fn to_path(&self) -> TestRequest {
        let request = TestRequest::with_uri(&self.path).insert_header((header::HOST, self.host));
        match self.origin {
            Some(origin) => request.insert_header((header::ORIGIN, origin)),
            None => request,
        }
    }

    /// Requests with one thing less.
    pub(super) fn smaller(&self) -> Vec<Self> {
        let mut found = Vec::new();
        for index in 0..self.names.len() {
            let mut smaller = self.clone();
            smaller.names.remove(index);
            found.push(smaller);
        }
        for index in 0..self.guarding.len() {
            let mut smaller = self.clone();
            smaller.guarding.remove(index);
            found.push(smaller);
        }
        if self.host != HOST {
            found.push(Self { host: HOST, ..self.clone() });
        }
        found
    }

    /// The same for the path that a middleware which adds a slash makes of this one.
    pub(super) fn with_slash(&self) -> Self {
        let end = self.path.find('?').unwrap_or(self.path.len());
        let (path, query) = self.path.split_at(end);
        Self { path: format!("{path}/{query}"), ..self.clone() }
    }

    /// Whether no middleware that merges or trims slashes would change the path.
    pub(super) fn is_clean(&self) -> bool {
        let path = self.path.split('?').next().unwrap_or_default();
        path == "/" || (!path.contains("//") && !path.ends_with('/'))
    }
}

impl fmt::Display for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, method, origin, names, host, guarding } = self;
        let origin = origin.unwrap_or("no origin");
        write!(
            f,
            "{method} {path} at {host} from {origin}, announcing {names:?}, with {guarding:?}"
        )
    }
}
