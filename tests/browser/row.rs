//! A row of the table: calls, and what browser and server make of them.

use crate::call::Call;

/// Calls of a page and what comes of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    /// What it shows.
    pub(crate) name: &'static str,
    pub(crate) page: Page,
    /// Made one after the other, each when the one before is done.
    pub(crate) calls: &'static [Call],
    /// What the script gets of the last call.
    pub(crate) expected: Expected,
    /// All requests that the server sees, in the words of [`crate::spy::Spy::seen`].
    pub(crate) seen: &'static [&'static str],
    /// What the standard asks for, where Chromium does something else.
    pub(crate) standard: Option<Standard>,
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
    /// A page of [`APP`] whose calls a service worker makes.
    Worker,
}

/// An origin that the base policy lists.
pub(crate) const APP: &str = "http://app.site.example";
/// Another, with a port and on another site.
pub(crate) const SECOND: &str = "http://second.example:8443";
/// An origin that no list has.
pub(crate) const EVIL: &str = "http://evil.example";

impl Page {
    /// The origin as it is sent.
    pub(crate) fn origin(self) -> &'static str {
        match self {
            Self::At(origin) => origin,
            Self::Worker => APP,
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

/// What the standard says, where Chromium differs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Standard {
    pub(crate) expected: Expected,
    pub(crate) seen: &'static [&'static str],
    pub(crate) reference: &'static str,
}

/// The status 200 and one exposed header, as most routes have it.
pub(crate) const SHOWN: Expected = Expected::Readable { status: 200, names: &["x-shown"] };

/// A readable response with a status.
pub(crate) const fn status(status: u16) -> Expected {
    Expected::Readable { status, names: &["x-shown"] }
}

/// The start of a row: one GET of [`APP`]'s that can be read.
pub(crate) const ROW: Row =
    Row { name: "", page: Page::At(APP), calls: &[], expected: SHOWN, seen: &[], standard: None };
