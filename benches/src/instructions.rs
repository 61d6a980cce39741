//! Instructions per request. The program runs itself under callgrind, once for each cell, and only
//! what is within the function `counted` counts.

use std::{
    fs, io,
    path::Path,
    process::{Command, Stdio},
};

use bytes::BytesMut;

use crate::{subjects::Runner, suites::Suite};

/// How many requests are counted.
const REQUESTS: u32 = 40;

/// How many requests go before, until buffers have their size and lazy parts are made.
const WARM_UP: u32 = 10;

/// How many processes: hash tables are seeded by chance, and the median is taken.
const PROCESSES: usize = 3;

/// The instructions per request, a row for each case and a column for each subject.
pub type Matrix = Vec<Vec<f64>>;

/// Counts a suite, each cell in processes of its own, which run `program`, this package's.
///
/// # Errors
///
/// Fails where valgrind is missing or its profiles are not as expected.
pub fn count(suite: &Suite, program: &Path) -> io::Result<Matrix> {
    let columns = suite.subjects.len();
    let row =
        |row: usize| (0..columns).map(|column| count_cell(suite, row, column, program)).collect();
    (0..suite.cases.len()).map(row).collect()
}

/// Counts one cell.
///
/// # Errors
///
/// Fails where valgrind is missing or its profiles are not as expected.
pub fn count_cell(suite: &Suite, row: usize, column: usize, program: &Path) -> io::Result<f64> {
    let once = |_| count_once(suite, row, column, program);
    let mut counts = (0..PROCESSES).map(once).collect::<io::Result<Vec<f64>>>()?;
    counts.sort_by(f64::total_cmp);
    Ok(counts[PROCESSES / 2])
}

fn count_once(suite: &Suite, row: usize, column: usize, program: &Path) -> io::Result<f64> {
    let file = format!("cors-benches-{}-{row}-{column}", std::process::id());
    let file = std::env::temp_dir().join(file);
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg("--toggle-collect=*cors_benches::instructions::counted*")
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args([UNDER_CALLGRIND, suite.name, &row.to_string(), &column.to_string()])
        .stdout(Stdio::null())
        .output()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::Error::other(
                "valgrind, which counts instructions, is not installed; apt-get install valgrind",
            ),
            _ => error,
        })?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!("valgrind failed: {text}")));
    }
    let count = read(&file);
    fs::remove_file(&file)?;
    count
}

/// The word on the command line that makes the program count one cell.
pub const UNDER_CALLGRIND: &str = "under-callgrind";

fn read(profile: &Path) -> io::Result<f64> {
    let text = fs::read_to_string(profile)?;
    let total = text.lines().find_map(|line| line.strip_prefix("summary: ")?.trim().parse().ok());
    let total: f64 = total.ok_or_else(|| io::Error::other("a profile without a summary"))?;
    Ok(total / f64::from(REQUESTS))
}

/// What runs under callgrind: one cell of a suite.
pub async fn run(suite: &Suite, row: usize, column: usize) {
    let mut runner = suite.subjects[column].start(&suite.cases[row]).await;
    let mut output = BytesMut::new();
    for _ in 0..WARM_UP {
        output.clear();
        runner(&mut output);
    }
    counted(&mut runner, &mut output);
}

/// Callgrind knows it by its name.
#[inline(never)]
fn counted(runner: &mut Runner, output: &mut BytesMut) {
    for _ in 0..REQUESTS {
        output.clear();
        runner(output);
    }
}
