//! A row of the table: calls, and what browsers and servers make of them.

use crate::{call::Call, engine::Engine};

/// Calls of a page and what comes of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// What it shows.
    pub(crate) name: &'static str,
    pub(crate) page: Page,
    /// Made one after the other, each when the one before is done.
    pub(crate) calls: &'static [Call],
    /// What the script gets of the last call, by the standard.
    pub(crate) expected: Expected,
    /// All requests that the server sees, by the standard, in the words of [`crate::spy::Spy::seen`].
    pub(crate) seen: &'static [&'static str],
    /// What engines do that differ from the standard.
    pub(crate) except: &'static [Exception],
}

/// A page by its origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// An ordinary page.
    At(&'static str),
    /// A sandboxed frame, whose origin is opaque.
    Sandboxed,
    /// A page whose own header sandboxes it.
    SandboxedByHeader,
    /// A page at a `data:` URL, whose origin is opaque; in a frame, because Chromium counts one in
    /// a window as public and keeps it from servers on this machine.
    /// Source: <https://wicg.github.io/local-network-access/>.
    Data,
    /// A page of [`LOCAL`] whose calls a service worker makes.
    Worker,
}

/// An origin that the base policy lists.
pub(crate) const APP: &str = "http://app.site.example";
/// Another, with a port and on another site.
pub(crate) const SECOND: &str = "http://second.example:8443";
/// Another that is a secure context without TLS, as service workers want it.
pub(crate) const LOCAL: &str = "http://app.site.localhost";
/// An origin that no list has.
pub(crate) const EVIL: &str = "http://evil.example";

impl Page {
    /// The origin as it is sent.
    pub(crate) fn origin(self) -> &'static str {
        match self {
            Self::At(origin) => origin,
            Self::Worker => LOCAL,
            Self::Sandboxed | Self::SandboxedByHeader | Self::Data => "null",
        }
    }
}

/// What a script gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// A response, and which of [`NAMES`] it can read.
    Readable { status: u16, names: &'static [&'static str] },
    /// What was loaded can be used like the page's own.
    Used,
    /// What was loaded or sent cannot be looked into.
    Opaque,
    /// An error that tells nothing.
    Blocked,
    /// Nothing yet: the browser waits for its user.
    Waiting,
}

/// Response headers of the servers that are not readable by themselves.
pub(crate) const NAMES: [&str; 4] = ["etag", "set-cookie", "x-hidden", "x-shown"];

/// What engines do instead of what the standard says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exception {
    pub(crate) engines: &'static [Engine],
    pub(crate) expected: Expected,
    pub(crate) seen: &'static [&'static str],
    /// Why, with a reference where there is one.
    pub(crate) reason: &'static str,
}

/// An exception from a row.
pub(crate) const fn except(
    engines: &'static [Engine],
    expected: Expected,
    seen: &'static [&'static str],
    reason: &'static str,
) -> Exception {
    Exception { engines, expected, seen, reason }
}

impl Row {
    /// What an engine's script gets, and what the server sees of it.
    pub(crate) fn of(&self, engine: Engine) -> (Expected, &'static [&'static str]) {
        let exception = self.except.iter().find(|exception| exception.engines.contains(&engine));
        exception.map_or((self.expected, self.seen), |it| (it.expected, it.seen))
    }
}

/// The status 200 and one exposed header, as most routes have it.
pub(crate) const SHOWN: Expected = Expected::Readable { status: 200, names: &["x-shown"] };

/// A readable response with a status.
pub(crate) const fn status(status: u16) -> Expected {
    Expected::Readable { status, names: &["x-shown"] }
}

/// The start of a row: one GET of [`APP`]'s that can be read.
pub(crate) const ROW: Row =
    Row { name: "", page: Page::At(APP), calls: &[], expected: SHOWN, seen: &[], except: &[] };
