//! The tables, in Markdown.

use std::{fmt::Write, io};

use crate::{instructions, suites::Suite};

/// The table of a suite: of the first subject how many instructions a request takes, of the others
/// how many more.
///
/// # Errors
///
/// Fails where instructions cannot be counted.
pub fn table(suite: &Suite) -> io::Result<String> {
    let counts = instructions::count(suite, &std::env::current_exe()?)?;
    let names: Vec<String> = suite.subjects.iter().map(ToString::to_string).collect();
    let mut text = format!("| {} | {} |\n", suite.name, names.join(" | "));
    _ = writeln!(text, "|---|{}", "---|".repeat(names.len()));
    for (case, counts) in suite.cases.iter().zip(counts) {
        let more = counts.iter().skip(1).map(|count| format!(" | {:+.0}", count - counts[0]));
        _ = writeln!(text, "| {} | {:.0}{} |", case.name, counts[0], more.collect::<String>());
    }
    Ok(text)
}
