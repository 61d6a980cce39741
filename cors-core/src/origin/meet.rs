//! What two patterns have in common.

use super::{OriginPattern, pattern::PortPattern};

impl OriginPattern {
    /// A pattern for origins that both stand for; `None` if there are none.
    ///
    /// It stands for all of them, but for short ones where both are for a part of the same label: `a-*` and `*-b` have
    /// `a-b` in common beside `a-*-b`.
    pub(crate) fn meet(&self, other: &Self) -> Option<Self> {
        if self == other {
            return Some(self.clone());
        }
        let ((scheme, own, own_port), (other_scheme, host, port)) = (self.tuple()?, other.tuple()?);
        let port = match (own_port, port) {
            (PortPattern::Any, port) | (port, PortPattern::Any) => port,
            (one, other) => (one == other).then_some(one)?,
        };
        let port = match port {
            PortPattern::Any => ":*".to_owned(),
            PortPattern::Exactly(port) => port.map_or(String::new(), |port| format!(":{port}")),
        };
        let host = (scheme == other_scheme).then(|| meet_hosts(own, host))??;
        format!("{scheme}://{host}{port}").parse().ok()
    }
}

fn meet_hosts(one: &str, other: &str) -> Option<String> {
    match (one, other) {
        ("*", host) | (host, "*") => return Some(host.to_owned()),
        _ => {}
    }
    let (one, other) = (Labels::read(one), Labels::read(other));
    let is_longer = one.names.len() > other.names.len();
    let (long, short) = if is_longer { (one, other) } else { (other, one) };
    let more = long.names.len() - short.names.len();
    let is_depth_right = if more == 0 {
        long.has_more_before == short.has_more_before
    } else {
        short.has_more_before
    };
    if !is_depth_right {
        return None;
    }
    let (first, last) = long.names.split_at(more);
    let last = last.iter().zip(&short.names).map(|(one, other)| meet_labels(one, other));
    let first = first.iter().map(|label| Some((*label).to_owned()));
    let open = long.has_more_before.then(|| Some("*".to_owned()));
    let labels: Vec<String> = open.into_iter().chain(first).chain(last).collect::<Option<_>>()?;
    Some(labels.join("."))
}

/// The labels of a host.
struct Labels<'a> {
    /// Whether they are those of `*.` and a host.
    has_more_before: bool,
    names: Vec<&'a str>,
}

impl<'a> Labels<'a> {
    fn read(host: &'a str) -> Self {
        let base = host.strip_prefix("*.");
        let names = base.unwrap_or(host).split('.').collect();
        Self { has_more_before: base.is_some(), names }
    }
}

fn meet_labels(one: &str, other: &str) -> Option<String> {
    let (one_parts, other_parts) = (one.split_once('*'), other.split_once('*'));
    let has = |(start, end): (&str, &str), label: &str| {
        label.len() > start.len() + end.len() && label.starts_with(start) && label.ends_with(end)
    };
    match (one_parts, other_parts) {
        (None, None) => (one == other).then(|| one.to_owned()),
        (Some(parts), None) => has(parts, other).then(|| other.to_owned()),
        (None, Some(parts)) => has(parts, one).then(|| one.to_owned()),
        (Some((start, end)), Some((other_start, other_end))) => {
            let start = longer(start, other_start, |long, short| long.starts_with(short))?;
            let end = longer(end, other_end, |long, short| long.ends_with(short))?;
            Some(format!("{start}*{end}"))
        }
    }
}

/// The longer text, if it has the other one in its place.
fn longer<'a>(one: &'a str, other: &'a str, has: impl Fn(&str, &str) -> bool) -> Option<&'a str> {
    let (long, short) = if one.len() > other.len() { (one, other) } else { (other, one) };
    has(long, short).then_some(long)
}

#[cfg(test)]
mod tests {
    use super::OriginPattern;

    #[test]
    fn two_patterns_meet_in_what_both_stand_for() {
        let table = [
            ("null", "null", Some("null")),
            ("null", "file://", None),
            ("https://a.example", "https://a.example", Some("https://a.example")),
            ("https://a.example", "http://a.example", None),
            ("https://a.example", "https://b.example", None),
            ("https://a.example", "https://a.example:8443", None),
            ("https://a.example:*", "https://a.example", Some("https://a.example")),
            ("https://a.example:*", "https://*.example:8443", Some("https://a.example:8443")),
            ("https://*.example:*", "https://*.a.example:*", Some("https://*.a.example:*")),
            ("https://*.example", "https://x.a.example", Some("https://x.a.example")),
            ("https://*.example", "https://*.other", None),
            ("https://*.a.example", "https://a.example", None),
            ("https://*.a.example", "https://example", None),
            ("https://*.a.example", "https://ba.example", None),
            ("https://*.example", "https://x.pr-*.example", Some("https://x.pr-*.example")),
            ("https://*.pr-1.example", "https://x.pr-*.example", Some("https://x.pr-1.example")),
            ("https://*.pr-1.example", "https://pr-*.example", None),
            ("https://*.pr-.example", "https://x.pr-*.example", None),
            ("https://pr-*.example", "https://pr-1.example", Some("https://pr-1.example")),
            ("https://pr-*.example", "https://pr-.example", None),
            ("https://pr-*.example", "https://*-x.example", Some("https://pr-*-x.example")),
            ("https://pr-*.example", "https://pr-1*.example", Some("https://pr-1*.example")),
            ("https://pr-*.example", "https://app-*.example", None),
            ("https://x-*.a-1.example", "https://x-1.a-*.example", Some("https://x-1.a-1.example")),
            ("app://*", "app://*.X", Some("app://*.X")),
            ("app://*", "app://X:8080", None),
            ("app://*", "other://*", None),
            ("http://[::1]:*", "http://[::1]:9090", Some("http://[::1]:9090")),
        ];
        for (one, other, expected) in table {
            let [a, b]: [OriginPattern; 2] = [one, other].map(|text| text.parse().unwrap());
            for met in [a.meet(&b), b.meet(&a)] {
                assert_eq!(met.as_ref().map(OriginPattern::as_str), expected, "{one} {other}");
            }
        }
    }
}
