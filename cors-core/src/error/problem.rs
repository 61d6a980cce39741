//! Each thing that can be wrong, with its code and the spelling that would be right.

use std::{io, sync::Arc};

use crate::source::{FilePlace, Source};

/// What is wrong with a value.
///
/// Fields named `write` hold the spelling that would be accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The origin is empty or blank.
    OriginEmpty,
    /// The origin is longer than any origin can be.
    OriginTooLong,
    /// `app.example.com` instead of `https://app.example.com`.
    OriginWithoutScheme {
        /// The same host with a scheme.
        write: String,
    },
    /// The scheme is not one of RFC 3986 in lower case.
    OriginScheme,
    /// `https://app.example.com/`.
    OriginTrailingSlash {
        /// The same origin without the slash.
        write: String,
    },
    /// A path, a query or a fragment follows the host.
    OriginPath {
        /// The origin without it.
        write: String,
    },
    /// `user@` stands before the host.
    OriginUserinfo,
    /// Scheme or host hold upper-case letters.
    OriginUpperCase {
        /// The same origin in lower case.
        write: String,
    },
    /// The host holds characters outside ASCII.
    OriginNotAscii {
        /// The same origin with the host's `xn--` form, where that is known.
        write: Option<String>,
    },
    /// The host is no domain name and no IP address in canonical form, or has an `xn--` label while
    /// the crate feature `idna` is off.
    OriginHost,
    /// The port is no number from 1 to 65535 without leading zeros.
    OriginPort,
    /// `:443` after https or `:80` after http, which browsers never send.
    OriginDefaultPort {
        /// The same origin without the port.
        write: String,
    },
    /// Blanks stand before or after the origin.
    OriginBlanks {
        /// The same origin without them.
        write: String,
    },
    /// An IP address in a form that browsers never send.
    OriginAddress {
        /// The same origin with the address as browsers write it.
        write: String,
    },
    /// A `*` that is neither the first label of the host, nor a part of another label than the last, nor the whole
    /// port, nor the whole host of an application's scheme.
    OriginWildcard,
    /// The path of a file: browsers send `null` for `file:` pages, and some `WebView`s `file://`.
    OriginFile,
    /// `file://` without the builder's consent.
    OriginFileWithoutConsent,
    /// `file://` in a policy with credentials.
    OriginFileWithCredentials {
        /// Where the origins were set.
        origins: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// Any host of an application's scheme, such as `vscode-webview://*`, in a policy with credentials.
    OriginAnyHostWithCredentials {
        /// Where the origins were set.
        origins: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// A scheme that no page has as its origin, such as `ftp` or `wss`.
    OriginWithoutPages {
        /// For web sockets, the origin of a page at the same host.
        write: Option<String>,
    },
    /// `null` without the builder's consent.
    OriginNull,
    /// `null` in a policy with credentials.
    OriginNullWithCredentials {
        /// Where the origins were set.
        origins: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// A plain-http origin in a policy with credentials.
    OriginInsecure {
        /// Where the origins were set.
        origins: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// Subdomains that strangers can register, such as `https://*.github.io` or `https://*.amazonaws.com`, in
    /// a policy with credentials; any subdomains where the crate feature `public-suffix` is off.
    OriginPublicSuffix {
        /// A name among them that a stranger can register, where one is known.
        stranger: Option<Box<str>>,
        /// Where the origins were set.
        origins: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// `*` in one list with other values.
    WildcardBesideOthers,
    /// `any` or `all` instead of `*`.
    WildcardByName,
    /// Any origin in a policy with credentials.
    AnyOriginWithCredentials {
        /// Where the origins were set.
        origins: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// `expose_headers = ["*"]` in a policy with credentials.
    ExposeAnyWithCredentials {
        /// Where the exposed headers were set.
        exposed: Source,
        /// Where credentials were allowed.
        credentials: Source,
    },
    /// Not a method token of RFC 9110.
    MethodToken,
    /// A `'` or `|`, which may stand in a method and does in none.
    MethodCharacter,
    /// CONNECT, TRACE or TRACK, which browsers never send.
    MethodForbidden,
    /// Not a field name of RFC 9110.
    HeaderToken,
    /// A `'` or `|`, which may stand in a field name and does in none.
    HeaderCharacter,
    /// A response header that scripts can never read.
    ResponseHeaderForbidden,
    /// A header of the CORS protocol itself.
    HeaderOfProtocol,
    /// Not a duration in whole seconds.
    MaxAge,
    /// Not `true` or `false`, and no list of origins.
    Credentials,
    /// `allow_credentials = ["*"]`, which would be any site.
    CredentialsOfAny,
    /// `disable`, `external`, or one of the settings whose names start with `dangerously_`, is not a flag.
    Switch {
        /// Its name.
        of: Box<str>,
    },
    /// No such setting.
    UnknownKey {
        /// What may stand there and has the closest name.
        did_you_mean: Option<&'static str>,
    },
    /// The setting was given twice.
    KeyTwice,
    /// A method of a builder that sets a value was called twice.
    CalledTwice,
    /// An override takes from a list that it also sets or adds to.
    AddedAndRemoved,
    /// `+=` or `-=` on a setting that holds a single value.
    Operator,
    /// A list where a single value belongs, or the other way round.
    ValueKind,
    /// An element of a list is no text.
    ElementKind,
    /// A route's pattern has more named groups than the router takes.
    PatternGroups {
        /// How many it takes.
        limit: usize,
    },
    /// `+= ["*"]` or `-= ["*"]`.
    WildcardChange,
    /// `-=` from an inherited `*`, which has no members to take away.
    TakeFromAny {
        /// Where the `*` came from.
        inherited: Source,
    },
    /// `disable` or `external` beside settings, which have no meaning then.
    OffBesideOthers,
    /// `disable` and `external` in one layer.
    BothOff,
    /// A route entry with an empty list of methods.
    EntryWithoutMethods,
    /// A scope that is the whole application.
    ScopeOfAll,
    /// The path of a scope with something at its end that stands for what is below.
    ScopePath {
        /// The path without it.
        write: String,
    },
    /// An environment variable that is not UTF-8.
    NotUnicode,
    /// An environment variable with quotes or brackets, or with other separators than commas.
    Notation {
        /// What its author means.
        write: String,
    },
    /// Two environment variables for one setting, with different values.
    VariableTwice {
        /// The other variable.
        other: &'static str,
    },
    /// A file that is missing, that is none, or that the system does not let the process read.
    FileUnreadable {
        /// What kind of failure it is.
        kind: io::ErrorKind,
    },
    /// A file of which it cannot be told what it is written in, or whose format is not built in.
    FileFormat {
        /// The crate feature that reads it.
        feature: Option<&'static str>,
    },
    /// A file that is larger than settings ever are.
    FileTooLarge {
        /// How many bytes it may have.
        limit: u64,
    },
    /// A file that is not UTF-8.
    FileNotText,
    /// A file with nothing in it, as one that is about to be written.
    FileEmpty,
    /// A file that is not written as its format wants it.
    FileSyntax {
        /// The name of the format.
        format: &'static str,
    },
    /// A key that stands twice in one table.
    FileKeyTwice {
        /// Where it stands first, if that is known.
        first: Option<Arc<FilePlace>>,
    },
    /// Values in values without end, or aliases that stand for more and more.
    FileEndless {
        /// What there is too much of.
        what: Endless,
        /// How many there may be.
        limit: usize,
    },
    /// A key that has its place elsewhere in the file.
    KeyElsewhere {
        /// The place.
        belongs: &'static str,
    },
    /// Something else in a file where a table, a list of them, or a text belongs.
    FileShape {
        /// What it is.
        of: Box<str>,
        /// What belongs there.
        expected: &'static str,
    },
    /// A scope without its path, or a route without its path or its methods.
    KeyMissing {
        /// The key.
        key: &'static str,
        /// The key with a value for an example.
        write: &'static str,
    },
    /// An origin group whose name is none: lower-case letters, digits, `-` and `_`, beginning with a letter.
    GroupName {
        /// A name like it that would be accepted.
        write: Option<String>,
    },
    /// `@name` in a list of origins, where no origin group has the name.
    GroupUndefined {
        /// The group with the closest name.
        did_you_mean: Option<Box<str>>,
    },
    /// An origin group that is defined twice.
    GroupTwice,
    /// `*` or another group in the list of an origin group.
    GroupElement {
        /// The name of the group.
        group: Box<str>,
    },
    /// Two origin groups with one environment variable, such as `admin-ui` and `admin_ui`.
    GroupVariableShared {
        /// The other group.
        other: Box<str>,
    },
}

/// What a file may have without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endless {
    /// Lists and tables in each other.
    Nesting,
    /// Bytes of values that aliases repeat.
    Aliases,
}

impl Problem {
    /// The spelling of the value that would be accepted, where one is known.
    pub(super) fn correction(&self, value: &str) -> Option<String> {
        match self {
            Self::OriginWithoutScheme { write }
            | Self::OriginTrailingSlash { write }
            | Self::OriginPath { write }
            | Self::OriginUpperCase { write }
            | Self::OriginDefaultPort { write }
            | Self::OriginBlanks { write }
            | Self::OriginAddress { write }
            | Self::OriginNotAscii { write: Some(write) }
            | Self::OriginWithoutPages { write: Some(write) }
            | Self::ScopePath { write }
            | Self::Notation { write } => Some(write.clone()),
            Self::GroupName { write } => write.clone(),
            Self::GroupUndefined { did_you_mean } => {
                did_you_mean.as_ref().map(|name| format!("@{name}"))
            }
            Self::WildcardByName => Some("*".to_owned()),
            Self::OriginInsecure { .. } => over_https(value),
            _ => None,
        }
    }

    /// The stable code, such as `CORS005`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OriginEmpty => "CORS001",
            Self::OriginTooLong => "CORS002",
            Self::OriginWithoutScheme { .. } => "CORS003",
            Self::OriginScheme => "CORS004",
            Self::OriginTrailingSlash { .. } => "CORS005",
            Self::OriginPath { .. } => "CORS006",
            Self::OriginUserinfo => "CORS007",
            Self::OriginUpperCase { .. } => "CORS008",
            Self::OriginNotAscii { .. } => "CORS009",
            Self::OriginHost => "CORS010",
            Self::OriginPort => "CORS011",
            Self::OriginDefaultPort { .. } => "CORS012",
            Self::OriginWildcard => "CORS013",
            Self::OriginFile => "CORS014",
            Self::OriginNull => "CORS015",
            Self::OriginNullWithCredentials { .. } => "CORS016",
            Self::OriginInsecure { .. } => "CORS017",
            Self::OriginPublicSuffix { .. } => "CORS021",
            Self::OriginBlanks { .. } => "CORS022",
            Self::OriginAddress { .. } => "CORS023",
            Self::OriginWithoutPages { .. } => "CORS024",
            Self::OriginFileWithoutConsent => "CORS025",
            Self::OriginFileWithCredentials { .. } => "CORS026",
            Self::OriginAnyHostWithCredentials { .. } => "CORS027",
            Self::WildcardBesideOthers => "CORS018",
            Self::AnyOriginWithCredentials { .. } => "CORS019",
            Self::ExposeAnyWithCredentials { .. } => "CORS020",
            Self::MethodToken => "CORS030",
            Self::MethodForbidden => "CORS031",
            Self::MethodCharacter => "CORS032",
            Self::HeaderToken => "CORS040",
            Self::HeaderCharacter => "CORS044",
            Self::ResponseHeaderForbidden => "CORS042",
            Self::HeaderOfProtocol => "CORS043",
            Self::MaxAge => "CORS050",
            Self::Credentials => "CORS051",
            Self::CredentialsOfAny => "CORS053",
            Self::Switch { .. } => "CORS052",
            Self::UnknownKey { .. } => "CORS060",
            Self::KeyTwice => "CORS061",
            Self::CalledTwice => "CORS075",
            Self::AddedAndRemoved => "CORS078",
            Self::ElementKind => "CORS076",
            Self::PatternGroups { .. } => "CORS077",
            Self::Operator => "CORS062",
            Self::ValueKind => "CORS063",
            Self::WildcardChange => "CORS064",
            Self::TakeFromAny { .. } => "CORS065",
            Self::OffBesideOthers => "CORS066",
            Self::EntryWithoutMethods => "CORS067",
            Self::ScopeOfAll => "CORS068",
            Self::ScopePath { .. } => "CORS069",
            Self::BothOff => "CORS072",
            Self::NotUnicode => "CORS070",
            Self::VariableTwice { .. } => "CORS071",
            Self::Notation { .. } => "CORS073",
            Self::WildcardByName => "CORS074",
            Self::FileUnreadable { .. } => "CORS079",
            Self::FileFormat { .. } => "CORS080",
            Self::FileTooLarge { .. } => "CORS081",
            Self::FileNotText => "CORS082",
            Self::FileSyntax { .. } => "CORS083",
            Self::FileKeyTwice { .. } => "CORS084",
            Self::FileEndless { .. } => "CORS085",
            Self::KeyElsewhere { .. } => "CORS086",
            Self::FileShape { .. } => "CORS087",
            Self::KeyMissing { .. } => "CORS088",
            Self::FileEmpty => "CORS089",
            Self::GroupName { .. } => "CORS090",
            Self::GroupUndefined { .. } => "CORS091",
            Self::GroupTwice => "CORS092",
            Self::GroupElement { .. } => "CORS093",
            Self::GroupVariableShared { .. } => "CORS094",
        }
    }
}

/// The same origin over https instead of http. Whatever is insecure has passed the grammar.
fn over_https(origin: &str) -> Option<String> {
    let authority = origin.strip_prefix("http://")?;
    // the port that https implies
    Some(format!("https://{}", authority.strip_suffix(":443").unwrap_or(authority)))
}

#[cfg(test)]
mod tests {
    use super::over_https;

    #[test]
    fn an_insecure_origin_keeps_its_host_and_a_port_that_https_does_not_imply() {
        let table = [
            ("http://a.example", "https://a.example"),
            ("http://*.a.example:8080", "https://*.a.example:8080"),
            ("http://a.example:*", "https://a.example:*"),
            ("http://[2001:db8::1]:443", "https://[2001:db8::1]"),
        ];
        for (origin, expected) in table {
            assert_eq!(over_https(origin).as_deref(), Some(expected), "{origin}");
        }
        assert_eq!(over_https("https://a.example"), None);
    }
}
