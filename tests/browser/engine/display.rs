//! A screen that nobody sees, for browsers that have no other way.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

/// A running X server.
pub(super) struct Display {
    child: Child,
    name: String,
}

impl Display {
    /// Starts one with a number that is free.
    pub(super) fn start() -> Self {
        let mut child = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1024x768x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let output = child.stdout.take().expect("it is piped");
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number).expect("text");
        let name = format!(":{}", number.trim());
        Self { child, name }
    }

    /// The value of `DISPLAY`.
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
