//! From a path to what the file says.

use std::{
    fs::File,
    io::{self, ErrorKind, Read},
    path::Path,
    sync::Arc,
};

use super::{
    format::FileFormat,
    layout::lay_out,
    text::Text,
    tree::{self, Node, error},
};
use crate::{
    error::{ConfigError, Problem},
    policy::{Policy, PolicyBuilder, PolicyFile, whole},
    source::Source,
};

/// How many bytes a file may have.
const LARGEST: u64 = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Policy {
    /// Starts with what a file says: [`PolicyBuilder::from_file`] on a builder that says nothing yet.
    #[must_use]
    pub fn from_file(path: impl AsRef<Path>) -> PolicyBuilder {
        Self::builder().from_file(path)
    }
}

impl PolicyBuilder {
    /// Lets a file replace what the code says, setting by setting; its format is told by its extension.
    ///
    /// The layers of the base policy, later ones win, wherever these calls stand: the code, the file, the
    /// [environment](Self::from_env). What is nearer to where the program runs knows more: the code is the same
    /// everywhere, a file is the operator's, a variable is set for one process. Entries for scopes and routes in the file
    /// stand after those in code for the same reason.
    ///
    /// The keys of the file are the names of the methods here. [`disable`](Self::disable) and consents are
    /// flags. Beside them there are lists of tables for parts of the application, with the keys of
    /// [`OverrideBuilder`](crate::OverrideBuilder) and `disable` or `external`: `scopes` with a `path`, and `routes` with
    /// a `path` and `methods`, which are `["*"]` for all. [`SCHEMA`](crate::SCHEMA) says the same to editors.
    ///
    /// ```
    /// # #[cfg(feature = "toml")] {
    /// use cors_core::Policy;
    ///
    /// let folder = std::env::temp_dir().join(format!("cors-{}", std::process::id()));
    /// std::fs::create_dir_all(&folder).unwrap();
    /// let path = folder.join("cors.toml");
    /// std::fs::write(&path, r#"
    /// allow_origins = ["https://app.example.com", "admin.example.com"]
    ///
    /// [[routes]]
    /// path = "/users/{id}"
    /// methods = ["PUT"]
    /// add_expose_header = ["ETag"]
    /// "#).unwrap();
    ///
    /// let errors = Policy::builder().allow_headers(["X Id"]).from_file(&path).build().unwrap_err();
    /// let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    /// let path = path.display();
    /// assert_eq!(errors, [
    ///     "header `X Id` is no RFC 9110 field name; write one like `X-Request-Id`".to_owned(),
    ///     format!(
    ///         "{path}:2:45: origin `admin.example.com` has no scheme; write `https://admin.example.com`"
    ///     ),
    ///     format!("{path}:7:1: unknown key `add_expose_header`; did you mean `add_expose_headers`?"),
    /// ]);
    /// # std::fs::remove_dir_all(folder).unwrap();
    /// # }
    /// ```
    ///
    /// The file is read now, and everything that is wrong with it comes out of [`build`](Self::build). A file of more
    /// than 1 MiB is not read. A second call is an error, since a policy has one file.
    ///
    /// The entries are checked here and applied by the framework's adapter, which finds them in [`file`](Self::file).
    #[must_use]
    pub fn from_file(self, path: impl AsRef<Path>) -> Self {
        let mut file = PolicyFile::read(path);
        if self.file().is_some() {
            let error = ConfigError::new("from_file", Problem::CalledTwice);
            file.errors.insert(0, error);
        }
        self.with_file(file)
    }
}

impl PolicyFile {
    /// Reads a file, whose format is told by its extension. What is wrong with it comes out of
    /// [`PolicyBuilder::build`](crate::PolicyBuilder::build).
    #[must_use]
    pub fn read(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let name = path.display().to_string();
        let Some(format) = FileFormat::of_path(path) else {
            return Self::failed(&name, "", Problem::FileFormat { feature: None });
        };
        match contents(path) {
            Ok(contents) if contents.trim_ascii().is_empty() => {
                Self::failed(&name, "", Problem::FileEmpty)
            }
            Ok(contents) => Self::parse(&name, format, contents),
            Err(error) => {
                let problem = Problem::FileUnreadable { kind: error.kind() };
                Self::failed(&name, &error.to_string(), problem)
            }
        }
    }

    /// Reads what is in a file, for tests and for what has the contents already. `name` stands in messages.
    ///
    /// Contents that say nothing are right here. [`read`](Self::read) refuses an empty file, since it is one that is
    /// about to be written.
    ///
    /// ```
    /// # #[cfg(feature = "yaml")] {
    /// use cors_core::{FileFormat, Policy, PolicyFile};
    ///
    /// let text = "allow_origins:\n  - https://app.example.com\n  - app.example.com\n";
    /// let file = PolicyFile::parse("cors.yaml", FileFormat::Yaml, text);
    /// assert_eq!(
    ///     Policy::builder().with_file(file).build().unwrap_err().first().to_string(),
    ///     "cors.yaml:3:5: origin `app.example.com` has no scheme; write `https://app.example.com`",
    /// );
    /// # }
    /// ```
    #[must_use]
    pub fn parse(name: &str, format: FileFormat, contents: impl AsRef<[u8]>) -> Self {
        let contents = contents.as_ref();
        if contents.len() as u64 > LARGEST {
            return Self::failed(name, "", Problem::FileTooLarge { limit: LARGEST });
        }
        let contents = contents.strip_prefix(BYTE_ORDER_MARK).unwrap_or(contents);
        let mut file = Self::new(name);
        match std::str::from_utf8(contents) {
            Ok(text) => file.take(format, text),
            Err(found) => {
                let valid = contents.get(..found.valid_up_to()).unwrap_or_default();
                let valid = str::from_utf8(valid).unwrap_or_default();
                let place = Text::new(&file.name, valid).at(valid.len());
                file.errors.push(error(&place, "", Problem::FileNotText));
            }
        }
        file
    }

    fn take(&mut self, format: FileFormat, text: &str) {
        let name = Arc::clone(&self.name);
        match parse(format, &Text::new(&name, text)) {
            Ok(root) => {
                tree::check(&root, 0, &mut self.errors);
                if self.errors.is_empty() {
                    lay_out(self, root);
                }
            }
            Err(errors) => self.errors = errors,
        }
    }

    /// One of which nothing is known but what is wrong with it as a whole.
    fn failed(name: &str, value: &str, problem: Problem) -> Self {
        let mut file = Self::new(name);
        let source = Source::File(whole(&file.name));
        file.errors.push(ConfigError::new(value, problem).in_layer(&source));
        file
    }
}

fn parse(format: FileFormat, text: &Text<'_>) -> Result<Node, Vec<ConfigError>> {
    match format {
        #[cfg(feature = "toml")]
        FileFormat::Toml => super::toml::parse(text),
        #[cfg(feature = "json")]
        FileFormat::Json => super::json::parse(text),
        #[cfg(feature = "yaml")]
        FileFormat::Yaml => super::yaml::parse(text),
        #[cfg(not(all(feature = "toml", feature = "json", feature = "yaml")))]
        other => {
            let problem = Problem::FileFormat { feature: Some(other.feature()) };
            Err(vec![error(&whole(text.name), "", problem)])
        }
    }
}

/// At most one byte more than a file may have.
fn contents(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if metadata.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    // a pipe may never end, nor begin
    if !metadata.is_file() {
        return Err(io::Error::other("it is a pipe, a socket or a device"));
    }
    let mut contents = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut contents)?;
    Ok(contents)
}
