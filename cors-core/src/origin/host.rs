//! The host of a pattern, with its wildcard.

use super::grammar;

/// The hosts that a pattern stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostPattern<'a> {
    /// `app.example.com`
    Exactly(&'a str),
    /// `*.example.com`, by what follows the dot.
    Below(&'a str),
    /// `app-*.example.com`
    Part(LabelPart<'a>),
    /// `*`, all that an application's scheme has.
    Any,
}

/// A host with a wildcard for a part of one label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LabelPart<'a> {
    /// All before the wildcard.
    pub(crate) start: &'a str,
    /// All after it.
    pub(crate) end: &'a str,
}

impl<'a> HostPattern<'a> {
    /// Reads the host of a pattern; `None` if a `*` stands where none may. What else is in it is not checked.
    pub(crate) fn read(scheme: &str, host: &'a str) -> Option<Self> {
        let is_of_web = grammar::is_of_web(scheme);
        if host == "*" {
            return (!is_of_web).then_some(Self::Any);
        }
        let Some((start, end)) = host.split_once('*') else { return Some(Self::Exactly(host)) };
        if end.contains('*') {
            return None;
        }
        if start.is_empty() && end.starts_with('.') {
            return Some(Self::Below(&end[1..]));
        }
        let part = LabelPart { start, end };
        (is_of_web && part.is_well_placed()).then_some(Self::Part(part))
    }
}

impl<'a> LabelPart<'a> {
    /// The labels before that with the wildcard, each with its dot.
    pub(crate) fn left(self) -> &'a str {
        &self.start[..self.start.rfind('.').map_or(0, |dot| dot + 1)]
    }

    /// What the label begins with.
    pub(crate) fn prefix(self) -> &'a str {
        &self.start[self.left().len()..]
    }

    /// What the label ends with.
    pub(crate) fn suffix(self) -> &'a str {
        &self.end[..self.end.len() - self.right().len()]
    }

    /// The labels after it, each with the dot before it.
    pub(crate) fn right(self) -> &'a str {
        &self.end[self.end.find('.').unwrap_or(self.end.len())..]
    }

    /// The domain that the label is in.
    pub(crate) fn domain(self) -> &'a str {
        self.right().strip_prefix('.').unwrap_or_default()
    }

    /// Whether the label is none of these: the last one, the wildcard alone, or punycode, whose parts mean
    /// nothing.
    fn is_well_placed(self) -> bool {
        let has_others = !matches!(self.right(), "" | ".");
        let is_alone = self.prefix().is_empty() && self.suffix().is_empty();
        has_others && !is_alone && !self.prefix().starts_with("xn--")
    }
}

/// Whether a byte may stand for the wildcard in a label, or for a part of it.
pub(crate) fn is_part_of_label(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')
}

#[cfg(test)]
mod tests {
    use super::{HostPattern, LabelPart};

    #[test]
    fn a_wildcard_has_its_places() {
        let part = |start, end| Some(HostPattern::Part(LabelPart { start, end }));
        let table = [
            ("https", "example.com", Some(HostPattern::Exactly("example.com"))),
            ("https", "*.example.com", Some(HostPattern::Below("example.com"))),
            ("https", "app-*.example.com", part("app-", ".example.com")),
            ("https", "*-app.example.com", part("", "-app.example.com")),
            ("https", "a.b*c.d.example.com.", part("a.b", "c.d.example.com.")),
            ("app", "*", Some(HostPattern::Any)),
            ("app", "*.x", Some(HostPattern::Below("x"))),
            ("https", "*", None),
            ("https", "app-*", None),
            ("https", "app-*.", None),
            ("https", "www.app-*", None),
            ("https", "10.0.0.*", None),
            ("https", "app.*.example.com", None),
            ("https", "*.*.example.com", None),
            ("https", "a*b*.example.com", None),
            ("https", "xn--*.example.com", None),
            ("app", "a*.x", None),
            ("app", "a*", None),
        ];
        for (scheme, host, expected) in table {
            assert_eq!(HostPattern::read(scheme, host), expected, "{scheme} {host}");
        }
    }

    #[test]
    fn a_label_with_a_wildcard_is_taken_apart() {
        let table = [
            ("app-", ".example.com", ["", "app-", "", ".example.com", "example.com"]),
            ("", "-app.example.com", ["", "", "-app", ".example.com", "example.com"]),
            ("a.b.x-", "-y.c.d.", ["a.b.", "x-", "-y", ".c.d.", "c.d."]),
        ];
        for (start, end, expected) in table {
            let part = LabelPart { start, end };
            let own = [part.left(), part.prefix(), part.suffix(), part.right(), part.domain()];
            assert_eq!(own, expected, "{start}*{end}");
        }
    }
}
