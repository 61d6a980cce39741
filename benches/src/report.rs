//! The tables, in Markdown.

use std::{fmt::Write, io};

use crate::{allocations, instructions, suites::Suite};

/// The table of a suite: of the first subject what a request costs, of the others how much more;
/// instructions, and after the slash heap allocations.
///
/// # Errors
///
/// Fails where instructions cannot be counted.
pub async fn table(suite: &Suite) -> io::Result<String> {
    let counts = instructions::count(suite, &std::env::current_exe()?)?;
    let names: Vec<String> = suite.subjects.iter().map(ToString::to_string).collect();
    let mut text = format!("| {} | {} |\n", suite.name, names.join(" | "));
    _ = writeln!(text, "|---|{}", "---|".repeat(names.len()));
    for (case, counts) in suite.cases.iter().zip(counts) {
        let mut allocated = Vec::new();
        for subject in suite.subjects {
            allocated.push(allocations::count(*subject, case).await);
        }
        let cells = counts.iter().zip(&allocated).enumerate().map(|(column, (count, heap))| {
            if column == 0 {
                return format!("{count:.0} / {heap}");
            }
            let more = heap.cast_signed() - allocated[0].cast_signed();
            format!("{:+.0} / {more:+}", count - counts[0])
        });
        _ = writeln!(text, "| {} | {} |", case.name, cells.collect::<Vec<_>>().join(" | "));
    }
    Ok(text)
}
