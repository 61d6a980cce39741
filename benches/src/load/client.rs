//! A second of load, by wrk or, where the head is larger than the 80 kB it sends, by hand.

use std::{
    env,
    fmt::Write as _,
    fs,
    io::{self, Read, Write},
    net::TcpStream,
    process::Command,
    time::{Duration, Instant},
};

use crate::request::Request;

/// What a server did in a second.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    /// Requests per second.
    pub(super) throughput: f64,
    /// The server's CPU time for a request, in seconds.
    pub(super) cpu: f64,
}

/// The largest head that wrk sends.
const WRK_LIMIT: usize = 80 * 1024;

impl Slot {
    pub(super) fn measure(address: &str, server: u32, request: &Request) -> io::Result<Self> {
        let is_large = request.bytes().len() > WRK_LIMIT;
        let before = cpu_time(server)?;
        let (requests, throughput) =
            if is_large { one_by_one(address, request)? } else { wrk(address, request)? };
        Ok(Self { throughput, cpu: (cpu_time(server)? - before) / requests })
    }
}

/// How many requests were answered, and how many in a second.
fn wrk(address: &str, request: &Request) -> io::Result<(f64, f64)> {
    let script = env::temp_dir().join(format!("cors-benches-{}.lua", std::process::id()));
    fs::write(&script, self::script(request))?;
    let output = on_core(1, "wrk")
        .args(["--threads", "1", "--connections", "32", "--duration", "1s", "--script"])
        .arg(&script)
        .arg(format!("http://{address}{}", request.path))
        .output()?;
    fs::remove_file(&script)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let is_refused = request.method == "GET" && text.contains("Non-2xx");
    if is_refused || text.contains("Socket errors") {
        return Err(io::Error::other(format!("the server does not serve: {text}")));
    }
    let number = |part: &str| -> Option<f64> {
        let line = text.lines().find(|line| line.contains(part))?;
        line.split_whitespace().find_map(|word| word.parse().ok())
    };
    number("requests in").zip(number("Requests/sec:")).ok_or_else(|| {
        let error = String::from_utf8_lossy(&output.stderr);
        io::Error::other(format!("wrk, which Debian's package `wrk` has, said: {text}{error}"))
    })
}

/// The same on a single connection.
fn one_by_one(address: &str, request: &Request) -> io::Result<(f64, f64)> {
    let bytes = request.bytes();
    let mut connection = TcpStream::connect(address)?;
    let mut answer = [0; 4096];
    let mut requests = 0.0;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(1) {
        connection.write_all(&bytes)?;
        // an answer without a body is sent at once
        let length = connection.read(&mut answer)?;
        if !answer[..length].ends_with(b"\r\n\r\n") {
            return Err(io::Error::other("an answer that is no head alone"));
        }
        requests += 1.0;
    }
    Ok((requests, requests / begun.elapsed().as_secs_f64()))
}

/// Of all threads of a process, in seconds; the kernel counts nanoseconds.
fn cpu_time(process: u32) -> io::Result<f64> {
    let mut sum = 0.0;
    for task in fs::read_dir(format!("/proc/{process}/task"))? {
        let text = fs::read_to_string(task?.path().join("schedstat"))?;
        let time: f64 =
            text.split(' ').next().unwrap_or_default().parse().map_err(io::Error::other)?;
        sum += time / 1e9;
    }
    Ok(sum)
}

/// The request as wrk is told it.
fn script(request: &Request) -> String {
    let mut text = format!("wrk.method = {:?}\n", request.method);
    for (name, value) in &request.headers {
        // under another name it would be sent beside wrk's own
        let name = if *name == "host" { "Host" } else { name };
        _ = writeln!(text, "wrk.headers[{name:?}] = {value:?}");
    }
    text
}

/// A program that stays on one core.
pub(super) fn on_core(core: usize, program: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", &core.to_string(), program]);
    command
}
