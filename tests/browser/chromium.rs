//! Starting Chromium, or saying that it is missing.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Write},
    path::PathBuf,
    process::{self, Child, ChildStdout, Command, Stdio},
    sync::{
        Once,
        atomic::{AtomicU32, Ordering},
    },
};

use serde_json::json;

use crate::webdriver::Session;

/// A running Chromium with its driver; both end with it.
pub(crate) struct Chromium {
    // in the order in which they are to end
    session: Session,
    _driver: Driver,
}

impl std::ops::Deref for Chromium {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Chromium {
    /// Starts the browser with an empty profile.
    pub(crate) async fn start(flags: &[String]) -> Self {
        let programs = Programs::find();
        Self::start_with(programs.expect("chromium and chromedriver in the PATH"), flags).await
    }

    /// The same for tests that have something to do without it; `None`, with a word to the user,
    /// where there is none. With the variable `CI` set nothing may be left out.
    pub(crate) async fn start_if_there(flags: &[String]) -> Option<Self> {
        let Some(programs) = Programs::find() else {
            say_what_is_left_out();
            return None;
        };
        Some(Self::start_with(programs, flags).await)
    }

    async fn start_with(programs: Programs, flags: &[String]) -> Self {
        let Programs { browser, driver } = programs;
        let driver = Driver::start(&driver);
        let own = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ];
        let flags: Vec<&str> = own.into_iter().chain(flags.iter().map(String::as_str)).collect();
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "binary": browser, "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 60_000 },
        });
        let session = Session::open(driver.port, &capabilities).await;
        Self { session, _driver: driver }
    }
}

/// Where browser and driver are.
struct Programs {
    browser: PathBuf,
    driver: PathBuf,
}

impl Programs {
    fn find() -> Option<Self> {
        Some(Self { browser: program("chromium")?, driver: program("chromedriver")? })
    }
}

/// The path of a program.
fn program(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file())
}

fn say_what_is_left_out() {
    static SAID: Once = Once::new();
    let message = "all that needs a real browser; `chromium` and `chromedriver` are not in the \
                   PATH, and on Debian `apt-get install chromium chromium-driver` brings them";
    let is_ci = env::var_os("CI").is_some_and(|value| !value.is_empty());
    assert!(!is_ci, "CI is set, and nothing may be left out: {message}");
    // past the capture of a passing test's output
    SAID.call_once(|| _ = writeln!(io::stderr(), "\nleft out of the tests: {message}\n"));
}

struct Driver {
    child: Child,
    port: u16,
    /// Where driver and browser put their files.
    folder: PathBuf,
    // open, so that the driver can go on writing
    output: BufReader<ChildStdout>,
}

impl Driver {
    /// The driver asks the system for a port of IPv4 and ends if another program has it for IPv6.
    fn start(program: &PathBuf) -> Self {
        (0..5).find_map(|_| Self::try_start(program)).expect("a driver that goes on")
    }

    fn try_start(program: &PathBuf) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = format!("cors-browser-{}-{number}", process::id());
        let folder = env::temp_dir().join(folder);
        fs::create_dir_all(&folder).expect("a folder for temporary files");
        let mut child = Command::new(program)
            .arg("--port=0")
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the driver starts");
        let output = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut driver = Self { child, port: 0, folder, output };
        let mut line = String::new();
        while driver.output.read_line(&mut line).expect("text") > 0 {
            if let Some((_, port)) = line.split_once("successfully on port ") {
                driver.port = port.trim().trim_end_matches('.').parse().expect("a port");
                return Some(driver);
            }
            line.clear();
        }
        None
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
        _ = fs::remove_dir_all(&self.folder);
    }
}
