//! The demo as a program of its own, on ports that the system chooses.

use std::{
    env,
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

/// The running demo; it ends with this.
#[derive(Debug)]
pub struct Demo {
    child: Child,
    // open, so that the demo can go on writing
    _output: BufReader<ChildStdout>,
    /// Where it listens.
    pub ports: Ports,
}

/// The ports of the demo's two servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports {
    /// Of the API.
    pub api: u16,
    /// Of the page.
    pub page: u16,
}

impl Demo {
    /// The command that runs it, with nothing of `CORS_…` in its environment.
    #[must_use]
    pub fn command() -> Command {
        let mut command = Command::new(env!("CARGO"));
        command
            .args(["run", "--quiet", "--example", "demo", "--"])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
        let inherited = env::vars_os().map(|(name, _)| name);
        for name in inherited.filter(|name| name.to_string_lossy().starts_with("CORS_")) {
            command.env_remove(name);
        }
        command.env("API_ADDR", "127.0.0.1:0").env("PAGE_ADDR", "127.0.0.1:0");
        command
    }

    /// Starts it; when it has said where it listens, it takes connections.
    ///
    /// # Panics
    ///
    /// If it ends instead.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("cargo starts");
        let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut said = String::new();
        let ports = loop {
            assert_ne!(output.read_line(&mut said).expect("text"), 0, "the demo ended: {said}");
            if let Some(ports) = Ports::said(&said) {
                break ports;
            }
        };
        Self { child, _output: output, ports }
    }
}

impl Demo {
    /// The number of its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

impl Ports {
    /// Those that the demo prints, once both are there.
    #[must_use]
    pub fn said(text: &str) -> Option<Self> {
        let port = |before: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(before))?;
            line.split_whitespace().next()?.parse().ok()
        };
        Some(Self { api: port("API   http://127.0.0.1:")?, page: port("page  http://localhost:")? })
    }
}
