//! Origins that a pattern stands for.

use super::{
    OriginPattern,
    host::LabelPart,
    pattern::{Parts, PortPattern},
};

impl OriginPattern {
    /// Origins that the pattern stands for, the plainest first; at the limits of lengths also texts that are none.
    ///
    /// They differ in all that the pattern leaves open. So a pattern that does not cover this one stands for one of
    /// them at most, or, if both are for a part of the same label, for those that begin or end with the same byte.
    pub(crate) fn instances(&self) -> impl Iterator<Item = String> + '_ {
        let parts = self.parts();
        (0..).map_while(move |number| self.instance(&parts, number))
    }

    fn instance(&self, parts: &Parts<'_>, number: usize) -> Option<String> {
        match *parts {
            Parts::Null | Parts::Exact => (number == 0).then(|| self.as_str().to_owned()),
            Parts::AnyPort(origin) => Some(format!("{origin}{}", port(PortPattern::Any, number)?)),
            Parts::Subdomains { scheme, base, port: allowed } => {
                Some(format!("{scheme}://{}.{base}{}", labels(number), port(allowed, number)?))
            }
            Parts::Part { scheme, label: LabelPart { start, end }, port: allowed } => {
                let own = part_of_label(number);
                Some(format!("{scheme}://{start}{own}{end}{}", port(allowed, number)?))
            }
            Parts::AnyHost { scheme } if number == 0 => Some(format!("{scheme}://a")),
            Parts::AnyHost { scheme } => Some(format!("{scheme}://a{number}")),
        }
    }
}

/// Origins that no short list has all of, the plainest first: they differ in every label.
pub(crate) fn strangers() -> impl Iterator<Item = String> {
    let others = (1..).map(|number| format!("https://a{number}.evil{number}"));
    std::iter::once("https://evil.example".to_owned()).chain(others)
}

/// The port with its colon; `None` if there are no more.
fn port(pattern: PortPattern, number: usize) -> Option<String> {
    const USUAL: usize = 8443;
    match (pattern, number) {
        (PortPattern::Exactly(None), _) | (PortPattern::Any, 0) => Some(String::new()),
        (PortPattern::Exactly(Some(port)), _) => Some(format!(":{port}")),
        (PortPattern::Any, _) => {
            let port = u16::try_from(USUAL - 1 + number).ok()?;
            Some(format!(":{port}"))
        }
    }
}

/// The first two are the same, since they may differ in their port.
fn labels(number: usize) -> String {
    if number < 2 { "a".to_owned() } else { format!("a{number}.b{number}") }
}

fn part_of_label(number: usize) -> String {
    const BYTES: &[u8; 37] = b"abcdefghijklmnopqrstuvwxyz0123456789-";
    let Some(number) = number.checked_sub(2) else { return "1".to_owned() };
    let (round, byte) = (number / BYTES.len(), char::from(BYTES[number % BYTES.len()]));
    if round == 0 { byte.to_string() } else { format!("{byte}{round}{byte}") }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{OriginPattern, strangers};
    use crate::origin::OriginSet;

    #[test]
    fn the_plainest_origins_come_first() {
        let table: [(&str, &[&str]); 9] = [
            ("null", &["null"]),
            ("file://", &["file://"]),
            ("https://a.example", &["https://a.example"]),
            ("http://localhost:*", &["http://localhost", "http://localhost:8443"]),
            ("https://*.a.example:8443", &["https://a.a.example:8443", "https://a.a.example:8443"]),
            (
                "https://*.a.example:*",
                &[
                    "https://a.a.example",
                    "https://a.a.example:8443",
                    "https://a2.b2.a.example:8444",
                    "https://a3.b3.a.example:8445",
                ],
            ),
            (
                "https://pr-*-x.a.example",
                &[
                    "https://pr-1-x.a.example",
                    "https://pr-1-x.a.example",
                    "https://pr-a-x.a.example",
                ],
            ),
            ("app://*", &["app://a", "app://a1", "app://a2"]),
            ("app://*.x", &["app://a.x", "app://a.x", "app://a2.b2.x"]),
        ];
        for (pattern, first) in table {
            let pattern: OriginPattern = pattern.parse().unwrap();
            let instances: Vec<String> = pattern.instances().take(first.len()).collect();
            assert_eq!(instances, first);
        }
    }

    #[test]
    fn a_pattern_stands_for_its_instances() {
        for pattern in [
            "http://[::1]:*",
            "https://*.a.example",
            "https://*.a.example:*",
            "https://x.pr-*.a.example.:*",
            "app://*",
            "app://*.X",
        ] {
            let pattern: OriginPattern = pattern.parse().unwrap();
            let set = OriginSet::new(&Arc::from([pattern.clone()]));
            for origin in pattern.instances().take(500) {
                assert!(set.allows(origin.as_bytes()), "{pattern} {origin}");
            }
        }
        assert_eq!(strangers().next().unwrap(), "https://evil.example");
        let mut strangers = strangers().take(500);
        assert!(strangers.all(|origin| origin.parse::<OriginPattern>().is_ok()));
    }
}
