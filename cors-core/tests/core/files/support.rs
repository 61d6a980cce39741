//! Files that are not on a disk.

use cors_core::{ConfigErrors, FileFormat, Policy, PolicyBuilder, PolicyFile};

pub(crate) use FileFormat::{Json, Toml, Yaml};

/// The name that a file of a format has in the tests.
pub(crate) fn name(format: FileFormat) -> &'static str {
    match format {
        Json => "cors.json",
        Yaml => "cors.yaml",
        _ => "cors.toml",
    }
}

pub(crate) fn file(format: FileFormat, contents: impl AsRef<[u8]>) -> PolicyFile {
    PolicyFile::parse(name(format), format, contents)
}

pub(crate) fn over_nothing(format: FileFormat, contents: impl AsRef<[u8]>) -> PolicyBuilder {
    Policy::builder().with_file(file(format, contents))
}

/// Everything that is wrong with a file, a line for each.
pub(crate) fn errors(format: FileFormat, contents: impl AsRef<[u8]>) -> Vec<String> {
    lines(over_nothing(format, contents).build())
}

pub(crate) fn lines<T>(result: Result<T, ConfigErrors>) -> Vec<String> {
    let errors = result.err().into_iter().flatten();
    errors.map(|error| format!("[{}] {error}", error.code())).collect()
}

/// The codes of everything that is wrong with a file.
pub(crate) fn codes(format: FileFormat, contents: impl AsRef<[u8]>) -> Vec<&'static str> {
    let errors = over_nothing(format, contents).build().err();
    errors.into_iter().flatten().map(|error| error.code()).collect()
}
