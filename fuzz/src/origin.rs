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
        let example = pattern.replace("//*.", "//x.").replace(":*", ":8443");
        // one more label may be one too many for a host
        assert!(allows(example.as_bytes()) || pattern.len() > 240, "{pattern:?}");
    }
}

fn check_parts(origin: &Origin<'_>, value: &[u8]) {
    let Origin::Tuple(origin) = origin else {
        assert_eq!(value, b"null");
        return;
    };
    let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
    let whole = format!("{}://{}{port}", origin.scheme(), origin.host());
    assert_eq!(whole.as_bytes(), value);
    assert!(value.iter().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase()));
    assert!(!value.iter().any(|byte| b"/?#@\\%*,; \"<>()".contains(byte)) || whole.contains("://"));
    assert!(!origin.host().bytes().any(|byte| b"/?#@\\%*,;\"<>()".contains(&byte)), "{whole}");
}

/// The naive rule: an origin by its grammar, then text against text.
fn covers(pattern: &str, request: &[u8]) -> bool {
    if pattern == "*" {
        return true;
    }
    let Some(origin) = Origin::parse(request) else { return false };
    let Origin::Tuple(origin) = origin else { return pattern == "null" };
    let whole = origin.as_str();
    let (pattern, any_port) =
        pattern.strip_suffix(":*").map_or((pattern, false), |pattern| (pattern, true));
    let port = origin.port().map(|port| format!(":{port}")).unwrap_or_default();
    let whole = if any_port { whole.strip_suffix(&port).unwrap_or(whole) } else { whole };
    match pattern.split_once("://*.") {
        None => whole == pattern,
        Some((scheme, base)) => whole
            .strip_prefix(scheme)
            .and_then(|rest| rest.strip_prefix("://"))
            .and_then(|rest| rest.strip_suffix(base))
            .is_some_and(|labels| labels.len() > 1 && labels.ends_with('.')),
    }
}
