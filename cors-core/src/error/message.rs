//! The words for each problem: ``thing `value` is what; do this``.

use super::Problem;
use crate::{setting::Key, source::Source};

impl Problem {
    /// The message: what is wrong and what to write instead. `own` is the layer that is at fault.
    pub(super) fn describe(&self, key: Option<Key>, value: &str, own: &Source) -> String {
        match self {
            Self::MethodToken | Self::MethodForbidden => self.describe_method(value),
            Self::HeaderToken
            | Self::RequestHeaderForbidden
            | Self::ResponseHeaderForbidden
            | Self::HeaderOfProtocol => self.describe_header(value),
            Self::AnyOriginWithCredentials { .. }
            | Self::ExposeAnyWithCredentials { .. }
            | Self::OriginNullWithCredentials { .. }
            | Self::OriginInsecure { .. }
            | Self::OriginPublicSuffix { .. }
            | Self::TakeFromAny { .. } => self.describe_conflict(key, value, own),
            Self::MaxAge
            | Self::Flag
            | Self::Switch
            | Self::UnknownKey { .. }
            | Self::KeyTwice
            | Self::Operator
            | Self::ValueKind
            | Self::WildcardChange
            | Self::WildcardBesideOthers
            | Self::DisableBesideOthers
            | Self::EntryWithoutMethods
            | Self::NotUnicode
            | Self::VariableTwice { .. } => self.describe_setting(key, value),
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
            Self::OriginWildcard => {
                "has a misplaced `*`; write `https://*.example.com` or `https://example.com:*`"
                    .into()
            }
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
            Self::OriginFile => "is sent as `null` by browsers; serve the page over https".into(),
            _ => "is shared by unrelated pages (sandboxed frames, files); leave it out, or call \
                  `dangerously_allow_null_origin(true)` on the base policy"
                .into(),
        };
        format!("origin `{value}` {what}")
    }

    fn describe_method(&self, value: &str) -> String {
        match self {
            Self::MethodForbidden => {
                format!("method `{value}` is never sent by a browser's script; leave it out")
            }
            _ => format!("method `{value}` is no RFC 9110 token; write one like `PUT`"),
        }
    }

    fn describe_header(&self, value: &str) -> String {
        let what = match self {
            Self::RequestHeaderForbidden => "cannot be set by a script; leave it out",
            Self::ResponseHeaderForbidden => "can never be read by a script; leave it out",
            Self::HeaderOfProtocol => "belongs to the CORS protocol itself; leave it out",
            _ => "is no RFC 9110 field name; write one like `X-Request-Id`",
        };
        format!("header `{value}` {what}")
    }

    fn describe_conflict(&self, key: Option<Key>, value: &str, own: &Source) -> String {
        // the place of an attribute stands before the message already
        let place = |source: &Source| match source {
            Source::Attribute(_) if source == own => "here".to_owned(),
            other => other.to_string(),
        };
        match self {
            Self::AnyOriginWithCredentials { origins, credentials } => format!(
                "`allow_origins = [\"*\"]` ({}) cannot be combined with `allow_credentials = true` \
                 ({}); list the origins, or set `allow_credentials = false`",
                place(origins),
                place(credentials),
            ),
            Self::ExposeAnyWithCredentials { exposed, credentials } => format!(
                "`expose_headers = [\"*\"]` ({}) means nothing beside `allow_credentials = true` \
                 ({}); list the headers",
                place(exposed),
                place(credentials),
            ),
            Self::OriginNullWithCredentials { origins, credentials } => format!(
                "origin `null` ({}) cannot be combined with `allow_credentials = true` ({}); leave \
                 `null` out, or set `allow_credentials = false`",
                place(origins),
                place(credentials),
            ),
            Self::OriginInsecure { origins, credentials } => format!(
                "origin `{value}` ({}) is not https while `allow_credentials = true` ({}); write \
                 `{}`, or call `dangerously_allow_insecure_origins(true)` on the base policy",
                place(origins),
                place(credentials),
                self.correction(value).unwrap_or_default(),
            ),
            Self::OriginPublicSuffix { origins, credentials, .. }
                if !cfg!(feature = "public-suffix") =>
            {
                format!(
                    "origin `{value}` ({}) may cover names that anybody can register, which cannot be \
                     told without the feature `public-suffix` of `cors-policy-core`, while \
                     `allow_credentials = true` ({}); turn the feature on, list your own, or call \
                     `dangerously_allow_public_suffixes(true)` on the base policy",
                    place(origins),
                    place(credentials),
                )
            }
            Self::OriginPublicSuffix { stranger, origins, credentials } => format!(
                "origin `{value}` ({}) covers names that anybody can register{}, while \
                 `allow_credentials = true` ({}); list your own, or call \
                 `dangerously_allow_public_suffixes(true)` on the base policy",
                place(origins),
                such_as(stranger.as_deref()),
                place(credentials),
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

    fn describe_setting(&self, key: Option<Key>, value: &str) -> String {
        let name = key.map_or("setting", Key::as_str);
        match self {
            Self::MaxAge => format!(
                "`{name}` is `{value}`, which is no whole number of seconds; write `600` or `\"10m\"`"
            ),
            Self::Flag => format!("`{name}` is `{value}`; write `true` or `false`"),
            Self::Switch => format!("`{value}` expects `true` or `false`"),
            Self::UnknownKey { did_you_mean: Some(key) } => {
                format!("unknown key `{value}`; did you mean `{key}`?")
            }
            Self::UnknownKey { did_you_mean: None } => {
                let keys: Vec<String> = Key::ALL.iter().map(|key| format!("`{key}`")).collect();
                let keys = keys.join(", ");
                format!("unknown key `{value}`; the keys are {keys} and `disable`")
            }
            Self::KeyTwice => format!("`{value}` is given twice; keep one"),
            Self::Operator => format!("`{name}` holds one value, not a list; write `{name} = …`"),
            Self::ValueKind => key.map_or_else(String::new, Key::expects),
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
            Self::DisableBesideOthers => {
                "`disable` turns CORS off, so no other setting belongs beside it; remove one".into()
            }
            Self::EntryWithoutMethods => format!(
                "the route entry `{value}` names no method; list them, or write `[\"*\"]` for all"
            ),
            Self::NotUnicode => "the value is not UTF-8; write ASCII".into(),
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
