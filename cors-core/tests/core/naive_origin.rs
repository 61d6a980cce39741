//! Origins and patterns as the documentation has them, slow and obvious: texts are split by hand, and hosts of
//! addresses are a list.

/// The addresses that tests use, as browsers write them.
const ADDRESSES: [&str; 4] = ["127.0.0.1", "10.0.0.1", "[::1]", "[::ffff:7f00:1]"];

/// Scheme, host and port with its colon.
pub(crate) fn split(origin: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = origin.split_once("://")?;
    let host_end = rest.find(']').map_or(0, |end| end + 1);
    let colon = rest[host_end..].find(':').map(|colon| host_end + colon);
    let (host, port) = colon.map_or((rest, ""), |colon| rest.split_at(colon));
    Some((scheme, host, port))
}

/// Whether a browser, or an application, could have this origin.
pub(crate) fn is_serialised(origin: &str) -> bool {
    if ["null", "file://"].contains(&origin) {
        return true;
    }
    let Some((scheme, host, port)) = split(origin) else { return false };
    let number: Option<u16> = port.strip_prefix(':').and_then(|digits| digits.parse().ok());
    let is_port = port.is_empty()
        || number.is_some_and(|number| {
            number > 0
                && format!(":{number}") == port
                && !matches!((scheme, number), ("https", 443) | ("http", 80))
        });
    is_scheme(scheme) && is_host(scheme, host) && is_port
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '+' | '-' | '.'))
        && scheme != "file"
}

fn is_of_web(scheme: &str) -> bool {
    ["http", "https"].contains(&scheme)
}

fn is_host(scheme: &str, host: &str) -> bool {
    if host.contains('[') || host.contains(']') {
        return ADDRESSES.contains(&host);
    }
    if !is_of_web(scheme) {
        let is_own = |c: char| c.is_ascii_alphanumeric() || "-._~%!$&()+=".contains(c);
        return (1..=253).contains(&host.len()) && host.chars().all(is_own);
    }
    let labels: Vec<&str> = host.strip_suffix('.').unwrap_or(host).split('.').collect();
    let is_number = |label: &str| {
        let hex = label.strip_prefix("0x");
        let is_decimal = !label.is_empty() && label.chars().all(|c| c.is_ascii_digit());
        is_decimal || hex.is_some_and(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()))
    };
    if labels.last().is_some_and(|last| is_number(last)) {
        return ADDRESSES.contains(&host);
    }
    let is_own = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '_' | '-');
    let is_label = |label: &&str| (1..=63).contains(&label.len()) && label.chars().all(is_own);
    host.len() <= 253 && labels.iter().all(is_label)
}

/// Whether this may be configured, as far as names in punycode are not concerned.
pub(crate) fn is_pattern(text: &str) -> bool {
    let Some((scheme, host, port)) = split(text) else { return is_serialised(text) };
    if scheme == "file" {
        return text == "file://";
    }
    let sockets_and_documents =
        ["ws", "wss", "ftp", "blob", "filesystem", "data", "javascript", "about"];
    if sockets_and_documents.contains(&scheme) {
        return false;
    }
    let port = if port == ":*" { "" } else { port };
    let is_site = |host: &str| is_serialised(&format!("{scheme}://{host}{port}"));
    match host.matches('*').count() {
        0 => is_site(host),
        1 if host == "*" => !is_of_web(scheme) && is_scheme(scheme) && text.ends_with("://*"),
        1 if host.starts_with("*.") => {
            let is_address = ADDRESSES.contains(&&host[2..]);
            let is_name = !is_of_web(scheme) && !host.contains('[');
            is_site(&host[2..]) && (!is_address || is_name) && host.len() <= 253
        }
        1 => {
            let labels: Vec<&str> = host.strip_suffix('.').unwrap_or(host).split('.').collect();
            let is_last = labels.last().is_some_and(|last| last.contains('*'));
            is_of_web(scheme)
                && !labels.contains(&"*")
                && !labels.iter().any(|label| label.starts_with("xn--") && label.contains('*'))
                && !is_last
                && is_site(&host.replace('*', "a"))
        }
        _ => false,
    }
}

/// Whether a pattern stands for an origin, both of which are right.
pub(crate) fn covers(pattern: &str, origin: &str) -> bool {
    let (Some(own), Some(other)) = (split(pattern), split(origin)) else {
        return pattern == origin;
    };
    let is_port = own.2 == ":*" || own.2 == other.2;
    own.0 == other.0 && is_port && covers_host(own.1, other.1)
}

fn covers_host(pattern: &str, host: &str) -> bool {
    let Some((start, end)) = pattern.split_once('*') else { return pattern == host };
    let fits =
        host.starts_with(start) && host.ends_with(end) && host.len() > start.len() + end.len();
    if pattern == "*" || pattern.starts_with("*.") {
        return fits;
    }
    fits && host[start.len()..host.len() - end.len()]
        .chars()
        .all(|c| matches!(c, 'a'..='z' | '0'..='9' | '-'))
}
