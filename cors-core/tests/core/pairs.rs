//! Random lists of patterns and random origins near them, against the naive model: whether a pattern is accepted,
//! whether an origin is allowed, and which pattern of a list another one covers.
//!
//! `PAIRS=10000000 cargo test --release -p cors-policy-core --all-features --test core pairs` tries more.

use std::fmt::Write;

use cors_core::{Concern, Origin, OriginPattern, PathMatch, Policy, Presented, RouteTable};

use crate::naive_origin::{covers, is_pattern, is_serialised};

/// Numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn scheme(&mut self) -> &'static str {
        let usual = ["https", "https", "https", "http", "app", "vscode-webview"];
        let odd = ["ws", "file", "HTTPS", "data", "a+b.c", ""];
        if self.one_in(30) { self.of(&odd) } else { self.of(&usual) }
    }

    fn label(&mut self) -> String {
        let parts = ["a", "b", "app", "x", "-", "1", "0", "_", "A", "pr", "xn--"];
        let longest = if self.one_in(3) { 4 } else { 2 };
        (0..=self.below(longest)).map(|_| self.of(&parts)).collect()
    }

    fn host(&mut self) -> String {
        let odd = ["127.0.0.1", "[::1]", "[::ffff:7f00:1]", "localhost", "1", "", "a..b", ".", "-"];
        if self.one_in(12) {
            return self.of(&odd).to_owned();
        }
        let base = self.of(&["a.b", "a.b", "b", "localhost", "a.b.", "x-1.a.b"]).to_owned();
        let labels = (0..self.below(3)).map(|_| self.label() + ".");
        labels.collect::<String>() + &base
    }

    fn port(&mut self) -> &'static str {
        let odd = [":443", ":80", ":0", ":", ":08", ":65536"];
        if self.one_in(30) { self.of(&odd) } else { self.of(&["", "", "", ":1", ":8443"]) }
    }

    fn pattern(&mut self) -> String {
        if self.one_in(60) {
            return self.of(&["null", "file://", "*", "", "file:///x"]).to_owned();
        }
        let mut host = self.host();
        match self.below(6) {
            0 => host.insert_str(0, "*."),
            1 => "*".clone_into(&mut host),
            2 | 3 => host.insert(self.below(host.len() + 1), '*'),
            _ => {}
        }
        let port = if self.one_in(5) { ":*" } else { self.port() };
        format!("{}://{host}{port}", self.scheme())
    }

    /// A pattern that may be covered by this one.
    fn narrower(&mut self, pattern: &str) -> String {
        let label = self.label();
        let fill = match self.below(4) {
            0 => label,
            1 => format!("{label}*"),
            2 => format!("*{label}"),
            _ => format!("*.{label}"),
        };
        let own_port = self.port();
        let ports = pattern.replace(":*", if self.one_in(2) { ":*" } else { own_port });
        let (scheme, rest) = ports.split_once("://").unwrap_or(("", &ports));
        format!("{scheme}://{}", rest.replacen('*', &fill, 1))
    }

    /// Something that the pattern stands for, or nearly.
    fn origin_near(&mut self, pattern: &str) -> String {
        let own_port = self.port();
        let mut origin = match pattern.strip_suffix(":*") {
            Some(origin) => format!("{origin}{own_port}"),
            None => pattern.to_owned(),
        };
        while let Some(star) = origin.find('*') {
            let fill = if self.one_in(4) { self.host() } else { self.label() };
            origin.replace_range(star..=star, &fill);
        }
        // another address is beyond the model
        if self.one_in(3) && !origin.contains(['[', '7']) {
            let place = self.below(origin.len() + 1);
            match self.below(3) {
                0 => origin.insert_str(place, self.of(&["a", "-", ".", "*", "/", ":", "_", "A"])),
                1 if place < origin.len() => _ = origin.remove(place),
                _ => origin.truncate(place),
            }
        }
        origin
    }
}

fn pairs() -> usize {
    std::env::var("PAIRS").ok().and_then(|text| text.parse().ok()).unwrap_or(40_000)
}

/// What one more label of punycode is, a table says.
fn has_punycode(text: &str) -> bool {
    text.contains("xn--")
}

/// How many origins are tried on a list.
const ORIGINS: usize = 8;

#[test]
fn random_pairs_are_decided_as_the_naive_model_does() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut tried, mut allowed) = (0, 0);
    while tried < pairs() {
        let count = 1 + random.below(6);
        let patterns: Vec<String> = (0..count).map(|_| random.pattern()).collect();
        let mut accepted = Vec::new();
        for text in patterns {
            let is_accepted = text.parse::<OriginPattern>().is_ok();
            if text.split(['/', '.']).any(has_punycode) {
                assert!(!is_accepted || is_pattern(&text), "{text:?}");
            } else {
                assert_eq!(is_accepted, is_pattern(&text), "{text:?}");
            }
            if is_accepted {
                accepted.push(text);
            }
        }
        let policy = Policy::builder()
            .allow_origins(&accepted)
            .dangerously_allow_null_origin(true)
            .dangerously_allow_file_origin(true);
        let layered = policy.build_layered().unwrap();
        let table = RouteTable::new(layered.policy(), &[], str::to_owned);
        for _ in 0..ORIGINS {
            let origin = match accepted.get(random.below(count)) {
                Some(pattern) => random.origin_near(pattern),
                None => format!("{}://{}{}", random.scheme(), random.host(), random.port()),
            };
            let is_right = is_serialised(&origin);
            assert_eq!(Origin::parse(origin.as_bytes()).is_some(), is_right, "{origin:?}");
            let expected = is_right && accepted.iter().any(|pattern| covers(pattern, &origin));
            let presented = Presented::One(origin.as_bytes());
            let is_allowed = table.actual(PathMatch::NONE, "GET", presented).is_shared();
            assert_eq!(is_allowed, expected, "{accepted:?} {origin:?}");
            allowed += usize::from(is_allowed);
            tried += 1;
        }
    }
    println!("{tried} pairs, {allowed} of them allowed");
    assert!(allowed > tried / 10 && allowed < tried / 10 * 9, "{allowed} of {tried}");
}

/// A pattern is said to be covered by another one if that has what stands for all of its origins, and only then.
#[test]
fn a_pattern_is_covered_if_another_one_has_all_its_origins() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut counts = [0, 0];
    for _ in 0..pairs() / 10 {
        let other = random.pattern();
        let own = if random.one_in(2) { random.narrower(&other) } else { random.pattern() };
        let is_right = |text: &String| is_pattern(text) && text.parse::<OriginPattern>().is_ok();
        if !is_right(&own) || !is_right(&other) {
            continue;
        }
        if own == other {
            continue;
        }
        let policy = Policy::builder()
            .allow_origins([&own, &other])
            .dangerously_allow_null_origin(true)
            .dangerously_allow_file_origin(true)
            .build_layered()
            .unwrap();
        let is_covered = policy.lints().iter().any(|lint| {
            *lint.value == *own && matches!(&lint.concern, Concern::OriginCovered { .. })
        });
        // whatever stands for the wildcards, with bytes that the other's text has not
        let samples = samples(&own);
        let is_all = samples.iter().all(|origin| covers(&other, origin));
        assert_eq!(is_covered, is_all, "{own} {other} {samples:?}");
        counts[usize::from(is_covered)] += 1;
    }
    let [not_covered, is_covered] = counts;
    println!("{is_covered} covered, {not_covered} not");
    assert!(is_covered > pairs() / 200 && not_covered > is_covered, "{counts:?}");
}

/// Origins of a pattern that no narrower pattern of these tests has all of.
fn samples(pattern: &str) -> Vec<String> {
    let Some((scheme, rest)) = pattern.split_once("://") else { return vec![pattern.to_owned()] };
    let (host, port) = rest.strip_suffix(":*").map_or((rest, ""), |host| (host, ":*"));
    let ports: &[&str] = if port == ":*" { &["", ":4711"] } else { &[""] };
    let fills: &[&str] = match host {
        "*" => &["Q", "q.q"],
        _ if host.starts_with("*.") => &["q_", "q.q"],
        _ => &["q", "zz"],
    };
    let mut origins = Vec::new();
    for port in ports {
        for fill in fills {
            let mut origin = format!("{scheme}://");
            write!(origin, "{}{port}", host.replace('*', fill)).unwrap();
            origins.push(origin);
        }
    }
    origins
}
