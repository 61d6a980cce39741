//! Instructions per request. The program runs itself under callgrind, once for each cell, and only
//! what is within the function `counted` counts.

use std::{
    collections::HashMap,
    fs, io,
    panic::resume_unwind,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::{self, ScopedJoinHandle},
};

use bytes::BytesMut;

use crate::{suites::Suite, wire::Runner};

/// How many requests are counted.
const REQUESTS: u32 = 40;

/// How many requests go before, until buffers have their size and lazy parts are made.
const WARM_UP: u32 = 10;

/// How many processes: hash tables are seeded by chance, and the median is taken.
const PROCESSES: usize = 3;

/// The instructions per request, a row for each case and a column for each subject.
pub type Matrix = Vec<Vec<f64>>;

/// One cell of a suite's table.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// The number of the case.
    pub row: usize,
    /// The number of the subject.
    pub column: usize,
    /// This package's program, which is run.
    pub program: &'a Path,
}

/// Counts a suite, each cell in processes of its own, which run `program`, this package's.
///
/// # Errors
///
/// Fails where valgrind is missing or its profiles are not as expected.
pub fn count(suite: &Suite, program: &Path) -> io::Result<Matrix> {
    let columns = suite.subjects.len();
    let row = |row: usize| {
        (0..columns).map(|column| Cell { suite, row, column, program }.count()).collect()
    };
    (0..suite.cases.len()).map(row).collect()
}

/// Counts several rows of a column in one process, in their order: those of one policy need it made once.
///
/// # Errors
///
/// Fails where valgrind is missing or its profiles are not as expected.
pub fn count_together(
    suite: &Suite,
    rows: &[usize],
    column: usize,
    program: &Path,
) -> io::Result<Vec<f64>> {
    let file = profile_file(&format!("{}-together-{column}", suite.name));
    run_under_callgrind(suite, rows, column, program, &file)?;
    // one is written after each row, and one at the end
    let parts = (1..=rows.len()).map(|part| format!("{}.{part}", file.display()));
    let counts = parts.map(|part| {
        let profile = fs::read_to_string(&part)?;
        fs::remove_file(&part)?;
        total(&profile)
    });
    let counts = counts.collect();
    fs::remove_file(&file)?;
    counts
}

impl Cell<'_> {
    /// Its instructions per request.
    ///
    /// # Errors
    ///
    /// Fails where valgrind is missing or its profiles are not as expected.
    pub fn count(self) -> io::Result<f64> {
        self.count_in(PROCESSES)
    }

    /// The same with so many processes.
    ///
    /// # Errors
    ///
    /// Fails where valgrind is missing or its profiles are not as expected.
    pub fn count_in(self, processes: usize) -> io::Result<f64> {
        let mut counts = thread::scope(|scope| {
            let once = |process| scope.spawn(move || self.count_once(process));
            let running: Vec<_> = (0..processes).map(once).collect();
            let joined =
                |own: ScopedJoinHandle<'_, _>| own.join().unwrap_or_else(|own| resume_unwind(own));
            running.into_iter().map(joined).collect::<io::Result<Vec<f64>>>()
        })?;
        counts.sort_by(f64::total_cmp);
        Ok(counts[processes / 2])
    }

    fn count_once(self, process: usize) -> io::Result<f64> {
        total(&self.profile(process, |file| fs::read_to_string(file))?)
    }

    /// The same for each function, called ones not included.
    ///
    /// # Errors
    ///
    /// Fails where valgrind is missing or its profiles are not as expected.
    pub fn functions(self) -> io::Result<HashMap<String, f64>> {
        let output = self.profile(0, |file| {
            Command::new("callgrind_annotate").arg("--threshold=100").arg(file).output()
        })?;
        let text = String::from_utf8_lossy(&output.stdout);
        // such as ` 1,234 (5.67%)  file.rs:path::function [program]`
        let function = |line: &str| {
            let (count, rest) = line.trim().split_once(" (")?;
            let count: f64 = count.replace(',', "").parse().ok()?;
            let (_, name) = rest.split_once("%)")?;
            let name = name.rsplit_once(" [").map_or(name, |(name, _)| name);
            Some((name.trim().to_owned(), count / f64::from(REQUESTS)))
        };
        Ok(text.lines().filter_map(function).collect())
    }

    /// Runs it under callgrind and reads the profile; processes at once have their numbers.
    fn profile<T>(
        self,
        process: usize,
        read: impl FnOnce(&Path) -> io::Result<T>,
    ) -> io::Result<T> {
        let Self { suite, row, column, program } = self;
        let file = profile_file(&format!("{row}-{column}-{process}"));
        run_under_callgrind(suite, &[row], column, program, &file)?;
        // that of the end has nothing in it
        let own = PathBuf::from(format!("{}.1", file.display()));
        let found = read(&own);
        fs::remove_file(&own)?;
        fs::remove_file(&file)?;
        found
    }
}

fn profile_file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("cors-benches-{}-{name}", std::process::id()))
}

/// The instructions per request of a profile.
fn total(profile: &str) -> io::Result<f64> {
    let total =
        profile.lines().find_map(|line| line.strip_prefix("summary: ")?.trim().parse().ok());
    let total: f64 = total.ok_or_else(|| io::Error::other("a profile without a summary"))?;
    Ok(total / f64::from(REQUESTS))
}

/// Counts rows in one process, which writes a profile after each.
fn run_under_callgrind(
    suite: &Suite,
    rows: &[usize],
    column: usize,
    program: &Path,
    file: &Path,
) -> io::Result<()> {
    let rows: Vec<String> = rows.iter().map(usize::to_string).collect();
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        // valgrind keeps one option for each spelling of a function
        .arg("--toggle-collect=*cors_benches::instructions::counted*")
        .arg("--dump-after=cors_benches::instructions::counted*")
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(program)
        .args([UNDER_CALLGRIND, suite.name, &rows.join(","), &column.to_string()])
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
    Ok(())
}

/// The word on the command line that makes the program count one cell.
pub const UNDER_CALLGRIND: &str = "under-callgrind";

/// What runs under callgrind: rows of a suite, separated by commas, for one subject.
///
/// # Errors
///
/// Fails where a row is no number.
pub async fn run(suite: &Suite, rows: &str, column: usize) -> io::Result<()> {
    for row in rows.split(',') {
        let row: usize = row.parse().map_err(io::Error::other)?;
        let mut runner = suite.subjects[column].start(&suite.cases[row]).await;
        let mut output = BytesMut::new();
        for _ in 0..WARM_UP {
            output.clear();
            runner(&mut output);
        }
        counted(&mut runner, &mut output);
    }
    Ok(())
}

/// Callgrind knows it by its name.
#[inline(never)]
fn counted(runner: &mut Runner, output: &mut BytesMut) {
    for _ in 0..REQUESTS {
        output.clear();
        runner(output);
    }
}
