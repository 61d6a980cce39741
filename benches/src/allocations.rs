//! Heap allocations per request.
//!
//! The counter takes the allocator's place in whatever program refers to it, so that it is given
//! here by the programs that count: where instructions are counted, the allocator is the system's.

use std::fmt::Write;

use bytes::BytesMut;

use crate::{case::Case, subjects::Subject, suites::Suite};

/// How many requests go before, until buffers have their size and lazy parts are made.
const WARM_UP: u32 = 10;

/// Counts the allocations of what it runs.
pub type Counter = fn(&mut dyn FnMut()) -> u64;

/// Counts the allocations of one request. Must be called in an actix runtime.
pub async fn count(subject: Subject, case: &Case, counter: Counter) -> u64 {
    let mut runner = subject.start(case).await;
    let mut output = BytesMut::new();
    for _ in 0..WARM_UP {
        output.clear();
        runner(&mut output);
    }
    output.clear();
    counter(&mut || runner(&mut output))
}

/// The table of a suite, in Markdown.
pub async fn table(suite: &Suite, counter: Counter) -> String {
    let names: Vec<String> = suite.subjects.iter().map(ToString::to_string).collect();
    let mut text = format!("| {}, allocations | {} |\n", suite.name, names.join(" | "));
    _ = writeln!(text, "|---|{}", "---|".repeat(names.len()));
    for case in &suite.cases {
        _ = write!(text, "| {} |", case.name);
        for subject in suite.subjects {
            _ = write!(text, " {} |", count(*subject, case, counter).await);
        }
        text.push('\n');
    }
    text
}
