//! The formats, by the extensions of files.

use std::{fmt, path::Path};

/// What a file is written in.
///
/// ```
/// use cors_core::FileFormat;
///
/// assert_eq!(FileFormat::of_path("config/cors.yml"), Some(FileFormat::Yaml));
/// assert_eq!(FileFormat::of_path("cors.conf"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileFormat {
    /// TOML, in files that end in `.toml`.
    Toml,
    /// JSON as RFC 8259 has it, in files that end in `.json`.
    Json,
    /// YAML 1.2, in files that end in `.yaml` or `.yml`.
    Yaml,
}

impl FileFormat {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Toml, Self::Json, Self::Yaml];

    /// The one that the extension tells.
    #[must_use]
    pub fn of_path(path: impl AsRef<Path>) -> Option<Self> {
        match path.as_ref().extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }

    /// The name, such as `TOML`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Toml => "TOML",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
        }
    }

    /// The crate feature that reads it.
    #[cfg(not(all(feature = "toml", feature = "json", feature = "yaml")))]
    pub(super) const fn feature(self) -> &'static str {
        match self {
            Self::Toml => "toml",
            Self::Json => "json",
            Self::Yaml => "yaml",
        }
    }
}

impl fmt::Display for FileFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
