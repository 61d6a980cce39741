//! What a page's script does: a call to a server.

use serde::Serialize;
use serde_json::{Value, json};

/// A call to a server of another origin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call {
    pub(crate) kind: Kind,
    pub(crate) method: &'static str,
    pub(crate) host: &'static str,
    /// The path, perhaps with a query.
    pub(crate) path: &'static str,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) body: &'static str,
    pub(crate) credentials: Credentials,
}

/// The interface that makes the call; `served/runner.js` has a function for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Kind {
    Fetch,
    /// `fetch` that is given up after a while.
    Impatient,
    /// `mode: "no-cors"`.
    NoCors,
    Keepalive,
    Xhr,
    /// `XMLHttpRequest` with a listener on its upload.
    Upload,
    /// `fetch` of a `ReadableStream`.
    StreamedBody,
    EventSource,
    /// `<script crossorigin>`.
    Script,
    /// `<script>`.
    PlainScript,
    /// `<script type=module crossorigin>`.
    Module,
    /// `<img crossorigin>`.
    Image,
    /// `<img>`.
    PlainImage,
    Font,
    WebSocket,
    Beacon,
}

/// A credentials mode; for elements, `Include` is `crossorigin=use-credentials`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Credentials {
    Omit,
    SameOrigin,
    Include,
}

/// The conformance server.
pub(crate) const API: &str = "api.site.example";

/// `fetch` with a method, of a path of the conformance server.
pub(crate) const fn fetch(method: &'static str, path: &'static str) -> Call {
    Call {
        kind: Kind::Fetch,
        method,
        host: API,
        path,
        headers: &[],
        body: "",
        credentials: Credentials::SameOrigin,
    }
}

/// The same through another interface.
pub(crate) const fn by(kind: Kind, method: &'static str, path: &'static str) -> Call {
    Call { kind, ..fetch(method, path) }
}

impl Call {
    pub(crate) const fn to(self, host: &'static str) -> Self {
        Self { host, ..self }
    }

    pub(crate) const fn with(self, headers: &'static [(&'static str, &'static str)]) -> Self {
        Self { headers, ..self }
    }

    pub(crate) const fn sending(self, body: &'static str) -> Self {
        Self { body, ..self }
    }

    pub(crate) const fn including(self) -> Self {
        Self { credentials: Credentials::Include, ..self }
    }

    pub(crate) const fn omitting(self) -> Self {
        Self { credentials: Credentials::Omit, ..self }
    }

    /// The URL, with a mark by which the server knows the row.
    pub(crate) fn url(&self, id: &str) -> String {
        let separator = if self.path.contains('?') { '&' } else { '?' };
        format!("http://{}{}{separator}id={id}", self.host, self.path)
    }

    /// What the script in the browser is told.
    pub(crate) fn to_json(self, id: &str) -> Value {
        json!({
            "kind": self.kind,
            "method": self.method,
            "url": self.url(id),
            "headers": self.headers,
            "body": self.body,
            "credentials": self.credentials,
        })
    }
}

impl Kind {
    /// Whether the use-CORS-preflight flag is set.
    pub(crate) fn forces_preflight(self) -> bool {
        matches!(self, Self::Upload | Self::StreamedBody)
    }

    /// Whether the call is one of mode "cors", which the model speaks of.
    pub(crate) fn is_cors(self) -> bool {
        !matches!(
            self,
            Self::NoCors | Self::PlainScript | Self::PlainImage | Self::WebSocket | Self::Beacon
        )
    }

    /// Whether the script gets a response with its headers, not only the use of it.
    pub(crate) fn answers_response(self) -> bool {
        matches!(
            self,
            Self::Fetch
                | Self::Impatient
                | Self::Keepalive
                | Self::Xhr
                | Self::Upload
                | Self::StreamedBody
        )
    }
}
