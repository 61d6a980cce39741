//! Origins: the pattern of a developer on the first line, the origin of a request after it.

use cors_core::{Origin, PathMatch, Policy, Presented, Reason, RouteTable};

/// What is accepted can match, what is refused is explained, and nothing matches that should not.
pub fn origin(input: &[u8]) {
    let cut = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (pattern, request) = (&input[..cut], input.get(cut + 1..).unwrap_or_default());
    if let Some(origin) = Origin::parse(request) {
        check_parts(&origin, request);
    }
    let Ok(pattern) = std::str::from_utf8(pattern) else { return };
    let policy = Policy::builder()
        .allow_origins([pattern])
        .dangerously_allow_null_origin(true)
        .dangerously_allow_file_origin(true)
        .build()
        .map_err(|errors| crate::check_errors(&errors));
    let Ok(policy) = policy else { return };
    let table = RouteTable::new(&policy, &[], str::to_owned);
    let allows = |origin: &[u8]| {
        let decision = table.actual(PathMatch::NONE, "GET", Presented::One(origin));
        matches!(decision.reason(), Reason::OriginAllowed | Reason::AnyOrigin)
    };
    assert_eq!(allows(request), covers(pattern, request), "{pattern:?} {request:?}");
    if pattern != "*" {
        let example = pattern.replace(":*", ":8443").replace('*', "x");
        // one more label may be one too many for a host
        assert!(allows(example.as_bytes()) || pattern.len() > 240, "{pattern:?}");
    }
}

fn check_parts(origin: &Origin<'_>, value: &[u8]) {
    let origin = match origin {
        Origin::Null => return assert_eq!(value, b"null"),
        Origin::File => return assert_eq!(value, b"file://"),
        Origin::Tuple(origin) => origin,
    };
    let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
    let whole = format!("{}://{}{port}", origin.scheme(), origin.host());
    assert_eq!(whole.as_bytes(), value);
    assert!(value.iter().all(u8::is_ascii_graphic));
    assert!(!origin.host().bytes().any(|byte| b"/?#@\\*,;\"'<>^|`{}".contains(&byte)), "{whole}");
    // the hosts of applications are opaque
    if matches!(origin.scheme(), "http" | "https") {
        let is_own = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-[]:".contains(&byte)
        };
        assert!(origin.host().bytes().all(is_own), "{whole}");
    }
}

/// The naive rule: an origin by its grammar, then text against text.
fn covers(pattern: &str, request: &[u8]) -> bool {
    if pattern == "*" {
        return true;
    }
    let Some(origin) = Origin::parse(request) else { return false };
    let origin = match origin {
        Origin::Null => return pattern == "null",
        Origin::File => return pattern == "file://",
        Origin::Tuple(origin) => origin,
    };
    let whole = origin.as_str();
    let (pattern, any_port) =
        pattern.strip_suffix(":*").map_or((pattern, false), |pattern| (pattern, true));
    let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
    let whole = if any_port { whole.strip_suffix(&port).unwrap_or(whole) } else { whole };
    let Some((start, end)) = pattern.split_once('*') else { return whole == pattern };
    let own = whole.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    own.filter(|own| !own.is_empty()).is_some_and(|own| {
        // a whole label stands for several, and a whole host for all
        let is_whole = start.ends_with("://") && (end.is_empty() || end.starts_with('.'));
        let is_without_port = !end.is_empty() || port.is_empty();
        let is_part = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if is_whole { is_without_port } else { own.bytes().all(is_part) }
    })
}
