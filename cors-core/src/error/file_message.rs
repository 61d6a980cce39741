//! The words for what is wrong with a file. Its name and the place stand before them.

use std::io;

use super::{Endless, Problem};

impl Problem {
    /// Of a file as a whole, and of how it is put together.
    pub(super) fn describe_file(&self, value: &str) -> String {
        match self {
            Self::FileUnreadable { kind: io::ErrorKind::NotFound } => {
                "the file does not exist; create it, or correct the path".into()
            }
            Self::FileUnreadable { kind: io::ErrorKind::IsADirectory } => {
                "this is a directory; name a file in it".into()
            }
            Self::FileUnreadable { kind: io::ErrorKind::PermissionDenied } => {
                "the file may not be read; let the user of this process read it".into()
            }
            Self::FileUnreadable { .. } => {
                format!("the file cannot be read ({value}); name a regular file")
            }
            Self::FileFormat { feature: Some(feature) } => format!(
                "the file is not read without the feature `{feature}` of `cors-policy-core`; turn it on, here or \
                 in the crate that is built on it"
            ),
            Self::FileFormat { feature: None } => {
                "the extension does not tell the format; end the name in `.toml`, `.json`, `.yaml` or `.yml`"
                    .into()
            }
            Self::FileTooLarge { limit } => {
                format!("the file has more than {limit} bytes; list patterns in place of single origins")
            }
            Self::FileNotText => "the file is not UTF-8; save it as UTF-8".into(),
            Self::FileEmpty => {
                "the file is empty, as one is that is about to be written; write a setting into it".into()
            }
            Self::FileSyntax { format } => format!("this cannot be read as {format} ({value}); correct it"),
            Self::FileKeyTwice { first } => {
                let first = first.as_ref().map(|place| format!(", first at {place}"));
                format!("`{value}` is given twice{}; keep one", first.unwrap_or_default())
            }
            Self::FileEndless { what: Endless::Nesting, limit } => {
                format!("values stand more than {limit} deep in each other; no setting needs that, take them apart")
            }
            Self::FileEndless { what: Endless::Aliases, limit } => {
                format!("aliases repeat more than {limit} bytes; write them out, or name a group of origins")
            }
            Self::KeyElsewhere { belongs } => {
                format!("`{value}` does not belong here; move it {belongs}")
            }
            Self::FileShape { of, expected } => format!("{of} is `{value}`, and should be {expected}"),
            Self::KeyMissing { key, write } => {
                format!("an entry of `{value}` lacks `{key}`; write `{write}`")
            }
            _ => String::new(),
        }
    }
}
