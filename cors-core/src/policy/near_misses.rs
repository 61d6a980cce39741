//! Environment variables with nearly the name of one that is read, which would else do nothing in silence.

use std::ffi::OsString;

/// A variable that is set and not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ignored {
    pub(crate) name: &'static str,
    /// The variable that is read.
    pub(crate) write: &'static str,
}

/// What deployments of other CORS libraries use, by the variable that it stands for here.
const NAMES: [(&str, &[&str]); 7] = [
    (
        "CORS_ALLOW_ORIGINS",
        &[
            "CORS_ORIGINS",
            "CORS_ORIGIN",
            "CORS_ALLOW_ORIGIN",
            "CORS_ALLOWED_ORIGIN",
            "CORS_ALLOW_ALL_ORIGINS",
            "CORS_ALLOWED_ORIGIN_PATTERNS",
            "CORS_ORIGIN_WHITELIST",
            "CORS_WHITELIST",
            "CORS_ALLOWLIST",
            "CORS_DOMAINS",
            "CORS_ALLOWED_DOMAINS",
        ],
    ),
    (
        "CORS_ALLOW_METHODS",
        &["CORS_METHODS", "CORS_METHOD", "CORS_ALLOW_METHOD", "CORS_ALLOWED_METHOD"],
    ),
    (
        "CORS_ALLOW_HEADERS",
        &["CORS_HEADERS", "CORS_HEADER", "CORS_ALLOW_HEADER", "CORS_ALLOWED_HEADER"],
    ),
    (
        "CORS_EXPOSE_HEADERS",
        &["CORS_EXPOSE_HEADER", "CORS_EXPOSED_HEADER", "CORS_EXPOSE", "CORS_EXPOSED"],
    ),
    (
        "CORS_ALLOW_CREDENTIALS",
        &[
            "CORS_CREDENTIALS",
            "CORS_ALLOW_CREDENTIAL",
            "CORS_ALLOWED_CREDENTIALS",
            "CORS_SUPPORT_CREDENTIALS",
            "CORS_SUPPORTS_CREDENTIALS",
        ],
    ),
    ("CORS_MAX_AGE", &["CORS_MAXAGE", "CORS_MAX_AGE_SECONDS", "CORS_MAX_AGE_SECS"]),
    ("CORS_DISABLE", &["CORS_DISABLED", "CORS_ENABLE", "CORS_ENABLED"]),
];

/// The variables that are set under such a name, where what they stand for is not set.
pub(super) fn find(
    lookup: impl Fn(&str) -> Option<OsString>,
    is_read: impl Fn(&str) -> bool,
) -> Vec<Ignored> {
    let missing = NAMES.into_iter().filter(|(write, _)| !is_read(write));
    let names =
        missing.flat_map(|(write, names)| names.iter().map(move |name| Ignored { name, write }));
    names.filter(|ignored| lookup(ignored.name).is_some()).collect()
}
