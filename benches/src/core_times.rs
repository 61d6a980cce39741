//! Times of the core's decisions as ratios to a loop that takes the same in any language, to be
//! compared with libraries of other languages.
//!
//! The rows are those of the pure core of Go's jub0bs/cors: what an actual request's origin is
//! compared with, and what a preflight's requested headers are. A row here is a whole
//! decision: that of a preflight reads its origin and method besides, as the row without headers shows.

use std::{
    fmt::Write,
    hint::black_box,
    time::{Duration, Instant},
};

use cors_core::{PathMatch, Policy, Presented, RequestHead, RequestHeader, RouteTable};

/// How often a row is timed; the median counts.
const TIMES: usize = 15;

/// How long it is timed.
const SLOT: Duration = Duration::from_millis(30);

/// The table, in Markdown.
///
/// # Panics
///
/// Panics if a row is not decided as it should be.
#[must_use]
pub fn table() -> String {
    let mut hash = BASIS;
    let loop_time = median(&mut || {
        hash = black_box(BUFFER).into_iter().fold(hash, fnv);
        hash
    });
    let mut text = format!("| core, of {loop_time:.1} ns | ns | ratio |\n|---|---|---|\n");
    for Row { name, mut decide } in origins().into_iter().chain(headers()) {
        let time = median(&mut decide);
        _ = writeln!(text, "| {name} | {time:.1} | {:.2} |", time / loop_time);
    }
    text
}

/// The loop: FNV-1a of 64 bytes, each step of which waits for the one before, in the call before too.
const BUFFER: [u8; 64] = {
    let mut bytes = [0; 64];
    let mut next = 0_u8;
    while next < 64 {
        bytes[next as usize] = next;
        next += 1;
    }
    bytes
};
const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

struct Row {
    name: &'static str,
    decide: Box<dyn FnMut() -> u64>,
}

/// Nanoseconds of a call.
fn median(call: &mut dyn FnMut() -> u64) -> f64 {
    let mut times: Vec<f64> = (0..TIMES)
        .map(|_| {
            let (begun, mut calls) = (Instant::now(), 0_u32);
            while begun.elapsed() < SLOT {
                for _ in 0..1_000 {
                    black_box(call());
                }
                calls += 1_000;
            }
            begun.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[TIMES / 2]
}

fn origins() -> Vec<Row> {
    let one = || vec!["https://example.com".to_owned()];
    let many = |count| (0..count).map(|number| format!("https://a-{number:07}.example.com"));
    let below = || vec!["https://*.example.com".to_owned()];
    let long = format!("https://{}.example.com", "a".repeat((1 << 20) - 20));
    [
        ("1 origin, hit", one(), "https://example.com", true),
        ("1 origin, miss", one(), "https://example.org", false),
        ("10 origins, hit", many(10).collect(), "https://a-0000005.example.com", true),
        ("1 200 origins, hit", many(1_200).collect(), "https://a-0000600.example.com", true),
        ("1 200 origins, miss", many(1_200).collect(), "https://a-0000600.example.org", false),
        (
            "1 200 origins, first label",
            many(1_200).collect(),
            "https://b-0000600.example.com",
            false,
        ),
        ("subdomains, hit", below(), "https://foo.example.com", true),
        ("subdomains, miss", below(), "https://foo.example.org", false),
        ("origin of 1 MiB", one(), &long, false),
    ]
    .map(|(name, listed, origin, is_allowed)| {
        let (table, origin) = (table_of(&listed), origin.to_owned());
        let decide = move || {
            let origin = Presented::One(black_box(origin.as_bytes()));
            u64::from(black_box(&table).actual(PathMatch::NONE, "GET", origin).is_shared())
        };
        assert_eq!(decide(), u64::from(is_allowed), "{name}");
        Row { name, decide: Box::new(decide) }
    })
    .into()
}

/// What is allowed of request headers.
const ALLOWED: [&str; 6] =
    ["accept", "authorization", "content-type", "x-csrf-token", "x-request-id", "x-requested-with"];

fn headers() -> Vec<Row> {
    const MIB: usize = 1 << 20;
    [
        ("no headers", vec![], true),
        ("3 headers of 6", vec!["authorization,content-type,x-request-id".to_owned()], true),
        ("6 headers of 6", vec![ALLOWED.join(",")], true),
        ("1 MiB of commas", vec![",".repeat(MIB)], false),
        ("1 MiB of `accept,`", vec!["accept,".repeat(MIB / 7)], false),
        ("1 MiB of blanks", vec![" ".repeat(MIB)], false),
        ("a name of 1 MiB", vec!["a".repeat(MIB)], false),
        ("1 024 empty lines", vec![String::new(); 1_024], false),
    ]
    .map(|(name, lines, is_allowed)| {
        let table = table_of(&["https://example.com".to_owned()]);
        let head = Preflight(lines);
        let decide = move || {
            let decision = black_box(&table).preflight(PathMatch::NONE, black_box(&head));
            u64::from(decision.is_granted())
        };
        assert_eq!(decide(), u64::from(is_allowed), "{name}");
        Row { name, decide: Box::new(decide) }
    })
    .into()
}

fn table_of(origins: &[String]) -> RouteTable<String> {
    let policy = Policy::builder().allow_origins(origins).allow_headers(ALLOWED);
    RouteTable::new(&policy.build().expect("a valid policy"), &[], str::to_owned)
}

/// A preflight with these lines of `Access-Control-Request-Headers`.
struct Preflight(Vec<String>);

impl RequestHead for Preflight {
    fn method(&self) -> &'static str {
        "OPTIONS"
    }

    fn lines(&self, header: RequestHeader) -> impl Iterator<Item = &[u8]> {
        let (one, many): (Option<&[u8]>, &[String]) = match header {
            RequestHeader::Origin => (Some(b"https://example.com"), &[]),
            RequestHeader::AccessControlRequestMethod => (Some(b"GET"), &[]),
            RequestHeader::AccessControlRequestHeaders => (None, &self.0),
            _ => (None, &[]),
        };
        one.into_iter().chain(many.iter().map(String::as_bytes))
    }
}
