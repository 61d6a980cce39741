//! The program that speaks `WebDriver` for a browser.

use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use super::display::Display;
use crate::{run::PATIENCE, webdriver::is_ready};

/// A running driver.
pub(super) struct Driver {
    child: Child,
    port: u16,
    /// Where driver and browser put their files.
    folder: PathBuf,
}

impl Driver {
    /// It ends if another program takes the port before it does.
    pub(super) async fn start(program: &Path, display: Option<&Display>) -> Self {
        for _ in 0..5 {
            if let Some(driver) = Self::try_start(program, display).await {
                return driver;
            }
        }
        panic!("{} ends where it should go on", program.display());
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    async fn try_start(program: &Path, display: Option<&Display>) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = format!("cors-browser-{}-{number}", process::id());
        let folder = env::temp_dir().join(folder);
        fs::create_dir_all(&folder).expect("a folder for temporary files");
        let port = free_port();
        let mut command = Command::new(program);
        command
            .arg(format!("--port={port}"))
            .env("TMPDIR", &folder)
            .env("HOME", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Some(display) = display {
            command.env("DISPLAY", display.name());
        }
        let child = command.spawn().expect("the driver starts");
        let mut driver = Self { child, port, folder };
        let deadline = Instant::now() + PATIENCE;
        while driver.is_running() && Instant::now() < deadline {
            if is_ready(port).await {
                return Some(driver);
            }
            actix_web::rt::time::sleep(Duration::from_millis(10)).await;
        }
        None
    }

    fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a state").is_none()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        _ = fs::remove_dir_all(&self.folder);
    }
}

/// A port that nobody has at the moment.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}
