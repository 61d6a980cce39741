//! End to end: servers on loopback under load of wrk, throughput and the server's CPU time.
//!
//! One worker on the first core, wrk on the second. A round has a slot for each server, one after
//! the other, and what counts is the ratio to the bare application's slot of the same round.

mod client;
mod server;

use std::{
    env, fmt,
    io::{self, BufRead, BufReader},
    process::{Child, Stdio},
};

use self::{
    client::{Slot, on_core},
    server::Server,
};
use crate::{
    case::{Caller, Case, names},
    policy::Policy,
};

/// How many rounds are counted, unless the environment says it.
const ROUNDS: usize = 15;

/// The variable that says another number of rounds.
const ROUNDS_VARIABLE: &str = "LOAD_ROUNDS";

/// The word on the command line that makes the program serve.
pub const SERVE: &str = "serve";

/// Serves with what the name says until the process is killed.
///
/// # Errors
///
/// Fails where the name is unknown or no address is free.
pub async fn serve(name: &str) -> io::Result<()> {
    let server = Server::ALL.into_iter().find(|server| server.to_string() == name);
    server.ok_or_else(|| io::Error::other(format!("no server is called `{name}`")))?.run().await
}

/// The table, in Markdown: medians of the ratios, with their quartiles.
///
/// # Errors
///
/// Fails where `wrk` or `taskset` is missing, or a server does not start.
pub fn table() -> io::Result<String> {
    let rounds = match env::var(ROUNDS_VARIABLE) {
        Ok(text) => text.parse().map_err(io::Error::other)?,
        Err(_) => ROUNDS,
    };
    let servers = Server::ALL.map(Running::start).into_iter().collect::<io::Result<Vec<_>>>()?;
    let names: Vec<_> = Server::ALL[1..].iter().map(ToString::to_string).collect();
    let mut text = format!(
        "| of bare: requests, CPU for each | bare, µs of CPU | {} |\n|---|---|{}\n",
        names.join(" | "),
        "---|".repeat(names.len())
    );
    for case in cases() {
        text.push_str(&row(&case, &servers, rounds)?);
    }
    Ok(text)
}

fn row(case: &Case, servers: &[Running], rounds: usize) -> io::Result<String> {
    let mut slots = vec![Vec::new(); servers.len()];
    // the first round warms up
    for round in 0..=rounds {
        for place in 0..servers.len() {
            let place = (place + round) % servers.len();
            let slot =
                Slot::measure(&servers[place].address, servers[place].process.id(), &case.request)?;
            if round > 0 {
                slots[place].push(slot);
            }
        }
    }
    let bare = &slots[0];
    let cells = slots[1..].iter().map(|slots| {
        let ratios = |of: fn(&Slot) -> f64| {
            let pairs = slots.iter().zip(bare);
            Quartiles::of(pairs.map(|(slot, bare)| of(slot) / of(bare)).collect())
        };
        format!("{}, {}", ratios(|slot| slot.throughput), ratios(|slot| slot.cpu))
    });
    let cells = cells.collect::<Vec<_>>().join(" | ");
    let bare = Quartiles::of(bare.iter().map(|slot| slot.cpu * 1e6).collect());
    Ok(format!("| {} | {:.1} | {cells} |\n", case.name, bare.0[1]))
}

fn cases() -> [Case; 6] {
    let policy = Policy::new(2);
    let repeated = vec!["authorization"; 120_000 / 14].join(",");
    [
        Case::actual("no `Origin`", policy, Caller::Own),
        Case::actual("allowed", policy, Caller::Allowed),
        Case::actual("refused", policy, Caller::Refused),
        Case::preflight("preflight, 2 names", policy, &names(2)),
        Case::preflight("preflight, 20 names", policy, &names(20)),
        Case::preflight("hostile: 120 kB of names", policy, &repeated),
    ]
}

/// A server's process, killed when dropped.
struct Running {
    process: Child,
    address: String,
}

impl Running {
    fn start(server: Server) -> io::Result<Self> {
        let mut process = on_core(0, env::current_exe()?.to_string_lossy().as_ref())
            .args([SERVE, &server.to_string()])
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
        let mut address = String::new();
        BufReader::new(output).read_line(&mut address)?;
        Ok(Self { process, address: address.trim().to_owned() })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // it may have ended
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

/// The first quartile, the median and the third.
struct Quartiles([f64; 3]);

impl Quartiles {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Self([1, 2, 3].map(|quarter| values[(values.len() - 1) * quarter / 4]))
    }
}

impl fmt::Display for Quartiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([first, median, third]) = self;
        write!(f, "{median:.3} [{first:.3} {third:.3}]")
    }
}
