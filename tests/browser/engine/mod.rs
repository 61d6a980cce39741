//! Starting browsers, or saying which are missing: a file for each engine has all that is its own.

mod chromium;
mod display;
mod driver;
mod firefox;
mod webkit;

use std::{
    env,
    io::{self, Write},
    net::SocketAddr,
    ops::Deref,
    path::PathBuf,
    sync::Mutex,
};

use serde_json::{Value, json};

use self::{display::Display, driver::Driver};
use crate::webdriver::Session;

/// A browser engine; all are driven by the same protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

/// What starting an engine takes.
struct Setup {
    /// The driver's program.
    driver: &'static str,
    /// Other programs that have to be in the PATH.
    others: &'static [&'static str],
    /// Whether it draws on a screen of X.
    has_window: bool,
    /// How to get the programs.
    remedy: &'static str,
    /// The capabilities of a session whose requests go through a SOCKS proxy, if there is one.
    capabilities: fn(Option<SocketAddr>) -> Value,
}

/// A running browser with its driver; both end with it.
pub(crate) struct LiveBrowser {
    // in the order in which they are to end
    session: Session,
    _driver: Driver,
    _display: Option<Display>,
}

impl Deref for LiveBrowser {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::WebKit];

    /// Starts the browser with an empty profile.
    pub(crate) async fn start(self, proxy: Option<SocketAddr>) -> LiveBrowser {
        let browser = self.start_if_there(proxy).await;
        browser.unwrap_or_else(|| panic!("{self:?} is missing; {}", self.setup().remedy))
    }

    /// The same for tests that have something to do without it; `None`, with a word to the user,
    /// where there is none. With the variable `CI` set nothing may be left out.
    pub(crate) async fn start_if_there(self, proxy: Option<SocketAddr>) -> Option<LiveBrowser> {
        let setup = self.setup();
        let driver = program(setup.driver);
        let missing: Vec<&str> = [setup.driver]
            .iter()
            .chain(setup.others)
            .copied()
            .filter(|name| program(name).is_none())
            .collect();
        let Some(driver) = driver.filter(|_| missing.is_empty()) else {
            self.say_what_is_left_out(&missing);
            return None;
        };
        let display = setup.has_window.then(Display::start);
        let driver = Driver::start(&driver, display.as_ref()).await;
        let mut capabilities = (setup.capabilities)(proxy);
        capabilities["timeouts"] = json!({ "script": 60_000 });
        capabilities["unhandledPromptBehavior"] = json!("dismiss");
        let session = Session::open(driver.port(), &capabilities).await;
        Some(LiveBrowser { session, _driver: driver, _display: display })
    }

    fn setup(self) -> &'static Setup {
        match self {
            Self::Chromium => &chromium::SETUP,
            Self::Firefox => &firefox::SETUP,
            Self::WebKit => &webkit::SETUP,
        }
    }

    fn say_what_is_left_out(self, missing: &[&str]) {
        static SAID: Mutex<Vec<Engine>> = Mutex::new(Vec::new());
        let missing = missing.join("`, `");
        let remedy = self.setup().remedy;
        let message =
            format!("all that needs {self:?}; not in the PATH: `{missing}`; on Debian {remedy}");
        let is_ci = env::var_os("CI").is_some_and(|value| !value.is_empty());
        assert!(!is_ci, "CI is set, and nothing may be left out: {message}");
        let mut said = SAID.lock().expect("nothing panics with it");
        if !said.contains(&self) {
            said.push(self);
            // past the capture of a passing test's output
            _ = writeln!(io::stderr(), "\nleft out of the tests: {message}\n");
        }
    }
}

/// The path of a program.
fn program(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// The capability that sends all requests through a SOCKS proxy.
fn proxy_capability(proxy: SocketAddr) -> Value {
    json!({ "proxyType": "manual", "socksProxy": proxy.to_string(), "socksVersion": 5 })
}
