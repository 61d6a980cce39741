//! The words for each problem: ``thing `value` is what; do this``.

use super::Problem;
use crate::{
    setting::{Key, Off},
    source::Source,
};

impl Problem {
    /// The message: what is wrong and what to write instead. `own` is the layer that is at fault.
    pub(super) fn describe(&self, key: Option<Key>, value: &str, own: &Source) -> String {
        match self {
            Self::MethodToken | Self::MethodForbidden | Self::MethodCharacter => {
                self.describe_method(value)
            }
            Self::HeaderToken
            | Self::HeaderCharacter
            | Self::ResponseHeaderForbidden
            | Self::HeaderOfProtocol => self.describe_header(value),
            Self::AnyOriginWithCredentials { .. }
            | Self::ExposeAnyWithCredentials { .. }
            | Self::OriginNullWithCredentials { .. }
            | Self::OriginFileWithCredentials { .. }
            | Self::OriginAnyHostWithCredentials { .. }
            | Self::OriginInsecure { .. }
            | Self::OriginPublicSuffix { .. }
            | Self::TakeFromAny { .. } => self.describe_conflict(key, value, own),
            Self::MaxAge
            | Self::Credentials
            | Self::CredentialsOfAny
            | Self::Switch { .. }
            | Self::ValueKind
            | Self::ElementKind
            | Self::WildcardByName
            | Self::NotUnicode
            | Self::Notation { .. } => self.describe_value(key, value),
            Self::UnknownKey { .. }
            | Self::KeyTwice
            | Self::CalledTwice
            | Self::AddedAndRemoved
            | Self::Operator
            | Self::PatternGroups { .. }
            | Self::WildcardChange
            | Self::WildcardBesideOthers
            | Self::OffBesideOthers
            | Self::BothOff
            | Self::EntryWithoutMethods
            | Self::ScopeOfAll
            | Self::ScopePath { .. }
            | Self::VariableTwice { .. } => self.describe_setting(key, value),
            Self::FileUnreadable { .. }
            | Self::FileFormat { .. }
            | Self::FileTooLarge { .. }
            | Self::FileNotText
            | Self::FileEmpty
            | Self::FileSyntax { .. }
            | Self::FileKeyTwice { .. }
            | Self::FileEndless { .. }
            | Self::KeyElsewhere { .. }
            | Self::FileShape { .. }
            | Self::KeyMissing { .. } => self.describe_file(value),
            Self::GroupName { .. }
            | Self::GroupUndefined { .. }
            | Self::GroupTwice
            | Self::GroupElement { .. }
            | Self::GroupVariableShared { .. } => self.describe_group(value),
            _ => self.describe_origin(value),
        }
    }

    fn describe_origin(&self, value: &str) -> String {
        let what = match self {
            Self::OriginEmpty => {
                return "an origin is empty; write one like `https://app.example.com`".to_owned();
            }
            Self::OriginTooLong => "is longer than an origin can be; shorten the host".into(),
            Self::OriginWithoutScheme { write } => format!("has no scheme; write `{write}`"),
            Self::OriginScheme => {
                "has an invalid scheme; start it with `https://` in lower case".into()
            }
            Self::OriginTrailingSlash { write } => {
                format!("has a trailing slash; write `{write}`")
            }
            Self::OriginPath { write } => {
                format!("has more than scheme, host and port; write `{write}`")
            }
            Self::OriginUserinfo => "holds user information; leave out all before the `@`".into(),
            Self::OriginUpperCase { write } => format!("has upper-case letters; write `{write}`"),
            Self::OriginNotAscii { write: Some(write) } => {
                format!("holds characters outside ASCII; write `{write}`")
            }
            Self::OriginNotAscii { write: None } => {
                "holds characters outside ASCII; write the host's `xn--` form".into()
            }
            Self::OriginHost if !cfg!(feature = "idna") && value.contains("xn--") => {
                "has an `xn--` label, which cannot be checked without the feature `idna` of \
                 `cors-policy-core`; turn it on"
                    .into()
            }
            Self::OriginHost => {
                "has an invalid host; write a domain name or a canonical IP address".into()
            }
            Self::OriginPort => "has an invalid port; write a number from 1 to 65535 or `*`".into(),
            Self::OriginDefaultPort { write } => {
                format!("names the default port, which browsers leave out; write `{write}`")
            }
            Self::OriginWildcard => misplaced_wildcard(value),
            Self::OriginBlanks { write } => format!("has blanks around it; write `{write}`"),
            Self::OriginAddress { write } => {
                format!("holds an address that browsers write otherwise; write `{write}`")
            }
            Self::OriginWithoutPages { write: Some(write) } => {
                format!("has a scheme that no page has; write `{write}`")
            }
            Self::OriginWithoutPages { write: None } => {
                "has a scheme that no page has; write the origin of the page".into()
            }
            Self::OriginFile => {
                "is sent as `null` by browsers, and as `file://` by some web views; serve the page over \
                 https, or write `file://`"
                    .into()
            }
            Self::OriginFileWithoutConsent => {
                "is shared by all pages from disk; leave it out, or set \
                 `dangerously_allow_file_origin = true` in the base policy"
                    .into()
            }
            _ => "is shared by unrelated pages (sandboxed frames, files); leave it out, or set \
                  `dangerously_allow_null_origin = true` in the base policy"
                .into(),
        };
        format!("origin `{value}` {what}")
    }

    fn describe_method(&self, value: &str) -> String {
        match self {
            Self::MethodForbidden => {
                format!("method `{value}` is never sent by a browser's script; leave it out")
            }
            Self::MethodCharacter => format!(
                "method `{value}` has a quote or a `|`, which no method has; write each method by itself, such \
                 as `PUT`"
            ),
            _ => format!("method `{value}` is no RFC 9110 token; write one like `PUT`"),
        }
    }

    fn describe_header(&self, value: &str) -> String {
        let what = match self {
            Self::HeaderCharacter => {
                "has a quote or a `|`, which no header has; write each name by itself, such as \
                 `X-Request-Id`"
            }
            Self::ResponseHeaderForbidden => "can never be read by a script; leave it out",
            Self::HeaderOfProtocol => "belongs to the CORS protocol itself; leave it out",
            _ => "is no RFC 9110 field name; write one like `X-Request-Id`",
        };
        format!("header `{value}` {what}")
    }

    fn describe_conflict(&self, key: Option<Key>, value: &str, own: &Source) -> String {
        // the place of an attribute stands before the message already
        let place = |source: &Source| match source {
            Source::Attribute(_) if source == own.layer() => "here".to_owned(),
            other => other.to_string(),
        };
        // a list of origins, in place of `true`
        let is_listed = key == Some(Key::AllowCredentials);
        let beside = |credentials: &Source| {
            if is_listed {
                return "beside credentials".to_owned();
            }
            format!("while `allow_credentials = true` ({})", place(credentials))
        };
        match self {
            Self::AnyOriginWithCredentials { origins, credentials } => format!(
                "`allow_origins = [\"*\"]` ({}) cannot be combined with `allow_credentials = true` \
                 ({}); list the origins, or name those that may send \
                 cookies, as in `allow_credentials = [\"https://app.example.com\"]`",
                place(origins),
                place(credentials),
            ),
            Self::ExposeAnyWithCredentials { exposed, credentials } => format!(
                "`expose_headers = [\"*\"]` ({}) means nothing beside `allow_credentials` ({}); \
                 list the headers, or set `dangerously_expose_any_header = true` in its place",
                place(exposed),
                place(credentials),
            ),
            Self::OriginNullWithCredentials { origins, .. } if is_listed => {
                format!("origin `null` ({}) cannot have credentials; leave it out", place(origins))
            }
            Self::OriginNullWithCredentials { origins, credentials } => format!(
                "origin `null` ({}) cannot be combined with `allow_credentials = true` ({}); leave \
                 `null` out, or set `allow_credentials = false`",
                place(origins),
                place(credentials),
            ),
            Self::OriginFileWithCredentials { origins, credentials } => format!(
                "origin `file://` ({}) cannot be combined with `allow_credentials = true` ({}); leave \
                 `file://` out, or set `allow_credentials = false`",
                place(origins),
                place(credentials),
            ),
            Self::OriginAnyHostWithCredentials { origins, credentials } => format!(
                "origin `{value}` ({}) is whatever application or extension is installed with this scheme, while \
                 `allow_credentials = true` ({}); list the hosts, or set \
                 `dangerously_allow_scheme_wildcards = true` in the base policy",
                place(origins),
                place(credentials),
            ),
            Self::OriginInsecure { origins, credentials } => format!(
                "origin `{value}` ({}) is not https {}; write `{}`, or set \
                 `dangerously_allow_insecure_origins = true` in the base policy",
                place(origins),
                beside(credentials),
                self.correction(value).unwrap_or_default(),
            ),
            Self::OriginPublicSuffix { origins, credentials, .. }
                if !cfg!(feature = "public-suffix") =>
            {
                format!(
                    "origin `{value}` ({}) may cover names that anybody can register, which cannot be \
                     told without the feature `public-suffix` of `cors-policy-core`, {}; turn the feature \
                     on, list your own, or set `dangerously_allow_public_suffixes = true` in the base \
                     policy",
                    place(origins),
                    beside(credentials),
                )
            }
            Self::OriginPublicSuffix { stranger, origins, credentials } => format!(
                "origin `{value}` ({}) covers names that anybody can register{}, {}; list your own, or \
                 set `dangerously_allow_public_suffixes = true` in the base policy",
                place(origins),
                such_as(stranger.as_deref()),
                beside(credentials),
            ),
            Self::TakeFromAny { inherited } => format!(
                "`{} -= [\"{value}\"]` has nothing to take from the inherited `*` ({}); set the list \
                 with `=`",
                key.map_or("list", Key::as_str),
                place(inherited),
            ),
            _ => String::new(),
        }
    }

    /// Of a value that is none of its setting.
    fn describe_value(&self, key: Option<Key>, value: &str) -> String {
        let name = key.map_or("setting", Key::as_str);
        match self {
            Self::MaxAge if value.starts_with('-') => format!(
                "`{name}` is `{value}`, which is less than nothing; write `0`, so that browsers remember no \
                 preflight"
            ),
            Self::MaxAge => format!(
                "`{name}` is `{value}`, which is no whole number of seconds; write `600` or `\"10m\"`"
            ),
            Self::Credentials => {
                format!("`{name}` is `{value}`; write `true`, `false` or a list of origins")
            }
            Self::CredentialsOfAny => {
                "`*` in `allow_credentials` would let any site use its visitors' cookies; list the origins, or \
                 write `true` for all of `allow_origins`"
                    .into()
            }
            Self::Switch { of } => format!("`{of}` is `{value}`; write `true` or `false`"),
            Self::ValueKind => {
                let expected = key.map_or("", Key::expects);
                format!("`{name}` is `{value}`, and should be {expected}")
            }
            Self::ElementKind => {
                let expected = key.map_or("", Key::expects);
                format!("`{name}` has the element `{value}`, which is no text; it holds {expected}")
            }
            Self::WildcardByName => format!(
                "`{name}` is `{value}`, which would stand for something of this name; write `*` for all"
            ),
            Self::Notation { write } => {
                let rule = if key.is_some_and(Key::is_list) {
                    "commas alone separate the elements of a list"
                } else {
                    "the value is read as it is"
                };
                format!("`{value}` has quotes, brackets or other separators, and {rule}; write `{write}`")
            }
            Self::NotUnicode => "the value is not UTF-8; write ASCII".into(),
            _ => String::new(),
        }
    }

    /// Of settings, entries and layers.
    fn describe_setting(&self, key: Option<Key>, value: &str) -> String {
        let name = key.map_or("setting", Key::as_str);
        match self {
            Self::UnknownKey { did_you_mean: Some(key) } => {
                format!("unknown key `{value}`; did you mean `{key}`?")
            }
            Self::UnknownKey { did_you_mean: None } => {
                // what is dangerous is not offered to those who look for something else
                let keys = Key::ALL.iter().filter(|key| **key != Key::ExposeAnyHeader);
                let keys: Vec<String> = keys.map(|key| format!("`{key}`")).collect();
                let keys = keys.join(", ");
                format!("unknown key `{value}`; the keys are {keys}, `disable` and `external`")
            }
            Self::KeyTwice => format!("`{value}` is given twice; keep one"),
            Self::AddedAndRemoved => format!(
                "`remove_{value}` stands beside `{value}` or `add_{value}` in one override; write the list that is \
                 meant, or put the two into layers of their own"
            ),
            Self::CalledTwice => {
                let remedy = match key.filter(|key| key.is_list()) {
                    Some(list) => format!("give one list, or add to it in a loop by `add_{list}`"),
                    None => "keep one".to_owned(),
                };
                format!("`{value}` is called twice, and one call would replace the other; {remedy}")
            }
            Self::Operator if key == Some(Key::AllowCredentials) => {
                format!("`{name}` is set as a whole; write `{name} = …`")
            }
            Self::Operator => format!("`{name}` holds one value, not a list; write `{name} = …`"),
            Self::PatternGroups { limit } => format!(
                "the pattern `{value}` has more than {limit} named groups, at which the router panics; write `(?:…)` \
                 for a group that needs no name"
            ),
            Self::WildcardChange => format!(
                "`*` cannot be added to or taken from `{name}`; to allow all write `{name} = [\"*\"]`"
            ),
            Self::WildcardBesideOthers => {
                let list = key.map_or(value, |key| key.as_str());
                format!(
                    "`*` stands beside other values in `{list}`; write `{list} = [\"*\"]` or leave it \
                     out"
                )
            }
            Self::OffBesideOthers => {
                let what = match Off::parse(value) {
                    Some(Off::External) => "leaves CORS to another layer",
                    _ => "turns CORS off",
                };
                format!("`{value}` {what}, so no other setting belongs beside it; remove one")
            }
            Self::BothOff => {
                "`disable` refuses preflights, and `external` leaves them to another layer; \
                              keep one of the two"
                    .into()
            }
            Self::EntryWithoutMethods => format!(
                "the route entry `{value}` names no method; list them, or write `[\"*\"]` for all"
            ),
            Self::ScopeOfAll => {
                "the whole application is no scope of its own; set it in the base policy, or give the scope a \
                 path such as `/api`"
                    .into()
            }
            Self::ScopePath { write } => {
                format!("scope `{value}` covers everything below by itself; write `{write}`")
            }
            Self::VariableTwice { other } => {
                format!("{other} is set as well, to another value; keep one of the two")
            }
            _ => String::new(),
        }
    }
}

fn such_as(example: Option<&str>) -> String {
    example.map_or_else(String::new, |example| format!(", such as `{example}`"))
}

/// The wildcards that a scheme has.
fn misplaced_wildcard(origin: &str) -> String {
    match origin.split_once("://") {
        Some((scheme, _)) if !matches!(scheme, "http" | "https") => {
            format!("has a misplaced `*`; write `{scheme}://*` for all hosts of the scheme")
        }
        Some((_, "*" | "*:*")) => "stands for all sites; write `*` alone for any origin, or \
                                   `https://*.example.com`"
            .into(),
        _ => "has a misplaced `*`; write `https://*.example.com`, `https://app-*.example.com` or \
              `https://example.com:*`"
            .into(),
    }
}
