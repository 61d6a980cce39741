//! Patterns of usual segments, of which a text can be taken off without a regular expression.

use std::iter;

use actix_web::dev::ResourceDef;

use crate::index::literal_start;

/// What a pattern such as `/users/{id}/posts/{tail}*` consists of.
#[derive(Debug)]
pub(crate) struct Segments {
    /// What comes before the first dynamic segment.
    start: Box<str>,
    /// What comes behind each; one goes on to the next slash.
    behind: Box<[Box<str>]>,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Nothing may follow.
    Path,
    /// Something may that begins with a slash.
    Prefix,
    /// Anything may.
    Tail,
}

/// What has to come for a path to match.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rest<'a> {
    /// Whether a dynamic segment has begun, which goes on to the next slash.
    is_in_segment: bool,
    literal: &'a str,
    /// What comes behind each dynamic segment after that.
    behind: &'a [Box<str>],
    end: End,
}

impl Segments {
    /// `None` where the definition matches something else.
    pub(crate) fn of(definition: &ResourceDef) -> Option<Self> {
        let text = definition.pattern()?;
        let start = literal_start(text);
        let mut end = if definition.is_prefix() { End::Prefix } else { End::Path };
        let mut behind = Vec::new();
        let mut rest = &text[start.len()..];
        while let Some((expression, after)) = split_segment(rest) {
            match (expression, after) {
                (None, "*") | (Some(".*"), "") => (end, rest) = (End::Tail, ""),
                (None | Some("[^/]+"), _) => {
                    let literal = literal_start(after);
                    behind.push(literal.into());
                    rest = &after[literal.len()..];
                }
                _ => return None,
            }
        }
        let own = Self { start: start.into(), behind: behind.into(), end };
        (rest.is_empty() && own.are_usual() && own.agree_with(definition)).then_some(own)
    }

    /// Those of a pattern in a scope with these. `None` if it begins with something else than a slash, which
    /// a scope leaves to none of its services, or its segments go beyond slashes; and if these take all of
    /// a path, of which nothing is left to compare.
    pub(crate) fn join(&self, inner: &Self) -> Option<Self> {
        let is_empty = inner.rest().is_over() || inner.rest().is_prefix();
        if self.end == End::Tail || (!is_empty && !inner.start.starts_with('/')) {
            return None;
        }
        let (mut start, mut behind) = (self.start.clone(), self.behind.to_vec());
        let last = behind.last_mut().unwrap_or(&mut start);
        *last = format!("{last}{}", inner.start).into();
        behind.extend(inner.behind.iter().cloned());
        let own = Self { start, behind: behind.into(), end: inner.end };
        own.are_usual().then_some(own)
    }

    fn literals(&self) -> impl Iterator<Item = &str> {
        iter::once(&*self.start).chain(self.behind.iter().map(|own| &**own))
    }

    /// Whether each segment ends where the path has a slash or ends.
    fn are_usual(&self) -> bool {
        let begins_with_slash = |text: &str| text.starts_with('/') && !text.contains("//");
        let may_be_last = |text: &str| text.is_empty() && self.end != End::Tail;
        self.behind.split_last().is_none_or(|(last, others)| {
            (may_be_last(last) || begins_with_slash(last))
                && others.iter().all(|own| begins_with_slash(own))
        })
    }

    /// Whether the definition gives the same answers for paths of all kinds. Another release of actix might
    /// take a segment for something else.
    fn agree_with(&self, definition: &ResourceDef) -> bool {
        ["x", "é\n", "", "x/", "x/y"].into_iter().all(|filler| {
            let path = self.path(filler);
            ["", "/", "x", "/é\n"].into_iter().all(|end| {
                let path = path.clone() + end;
                self.match_length(&path) == definition.find_match(&path)
            })
        })
    }

    /// The pattern with a text for each segment.
    pub(crate) fn path(&self, filler: &str) -> String {
        self.literals().collect::<Vec<_>>().join(filler)
    }

    /// How much of a path they match.
    fn match_length(&self, path: &str) -> Option<usize> {
        let (rest, behind) = self.rest().eat(path)?;
        match self.end {
            _ if !rest.may_be_empty() => None,
            End::Path => behind.is_empty().then_some(path.len()),
            End::Prefix => {
                (behind.is_empty() || behind.starts_with('/')).then(|| path.len() - behind.len())
            }
            End::Tail => Some(path.len()),
        }
    }

    /// What a path has behind a prefix of these.
    pub(crate) fn behind<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.match_length(path).map(|length| &path[length..])
    }

    /// What has to come from the first byte on.
    pub(crate) fn rest(&self) -> Rest<'_> {
        Rest { is_in_segment: false, literal: &self.start, behind: &self.behind, end: self.end }
    }
}

impl<'a> Rest<'a> {
    pub(crate) fn is_match(self, text: &str) -> bool {
        self.after(text).is_some_and(Self::may_be_empty)
    }

    /// What has to come after a text; `None` if nothing can.
    pub(crate) fn after(self, text: &str) -> Option<Self> {
        let (rest, behind) = self.eat(text)?;
        match self.end {
            _ if behind.is_empty() => Some(rest),
            End::Path => None,
            End::Prefix => behind.starts_with('/').then_some(Self { end: End::Tail, ..rest }),
            End::Tail => Some(rest),
        }
    }

    /// Takes off as much of a text as there is to come.
    fn eat(mut self, mut text: &str) -> Option<(Self, &str)> {
        loop {
            if self.is_in_segment {
                text = &text[segment_length(text)..];
                self.is_in_segment = text.is_empty();
                if text.is_empty() {
                    return Some((self, text));
                }
            }
            let Some(behind) = text.strip_prefix(self.literal) else {
                self.literal = self.literal.strip_prefix(text)?;
                return Some((self, ""));
            };
            (self.literal, text) = ("", behind);
            match self.in_segment() {
                Some(_) if text.starts_with('/') => return None,
                Some(within) if !text.is_empty() => self = within,
                _ => return Some((self, text)),
            }
        }
    }

    /// Within the dynamic segment that comes next.
    fn in_segment(self) -> Option<Self> {
        let (literal, behind) = self.behind.split_first()?;
        Some(Self { is_in_segment: true, literal, behind, ..self })
    }

    /// Whether nothing more has to come.
    pub(crate) fn may_be_empty(self) -> bool {
        self.literal.is_empty() && self.behind.is_empty()
    }

    /// Whether nothing more may come.
    pub(crate) fn is_over(self) -> bool {
        self.may_be_empty() && !self.is_in_segment && self.end == End::Path
    }

    /// Whether nothing more may come that does not begin with a slash.
    pub(crate) fn is_prefix(self) -> bool {
        self.may_be_empty() && !self.is_in_segment && self.end == End::Prefix
    }

    /// Whether anything may come: a tail begins behind a slash, or without a segment before.
    pub(crate) fn takes_anything(self) -> bool {
        self.may_be_empty() && self.end == End::Tail
    }

    /// What has to come behind the dynamic segment that comes next, and whether that has begun; `None`
    /// if something else comes next.
    pub(crate) fn behind_segment(self) -> Option<(Self, bool)> {
        let within = match self {
            Self { is_in_segment: true, .. } => Some(self),
            Self { literal: "", .. } => self.in_segment(),
            _ => None,
        };
        within.map(|own| (Self { is_in_segment: false, ..own }, self.is_in_segment))
    }

    /// What has to come before the next dynamic segment.
    pub(crate) fn literal(self) -> &'a str {
        self.literal
    }
}

/// The expression of the dynamic segment that a pattern begins with, if it has one of its own, and what
/// comes behind the segment; `None` where it begins with something else, or the name of the segment is more
/// than a name: actix makes it part of a regular expression.
pub(crate) fn split_segment(pattern: &str) -> Option<(Option<&str>, &str)> {
    let mut open = 0;
    let end = pattern.bytes().position(|byte| {
        match byte {
            b'{' => open += 1,
            b'}' => open -= 1,
            _ => {}
        }
        open == 0
    })?;
    let segment = pattern[..end].strip_prefix('{')?;
    let (name, expression) = match segment.split_once(':') {
        Some((name, own)) => (name, Some(own)),
        None => (segment, None),
    };
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then(|| (expression, &pattern[end + 1..]))
}

/// Where the segment ends that a text begins in.
#[inline]
pub(crate) fn segment_length(text: &str) -> usize {
    text.bytes().position(|byte| byte == b'/').unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::{ResourceDef, Segments};

    /// As another release of actix could take it for something else.
    #[test]
    fn the_definition_has_the_last_word() {
        let segments = Segments::of(&ResourceDef::new("/{x}/a")).unwrap();
        let table = [
            ("/{x:[^/]+}/a", true),
            ("/{x:[^/]*}/a", false),
            ("/{x:.+}/a", false),
            ("/{x:[a-z]+}/a", false),
            ("/{x}/a{y:.*}", false),
            ("/{x}/a{y:/?}", false),
        ];
        for (other, agrees) in table {
            assert_eq!(segments.agree_with(&ResourceDef::new(other)), agrees, "{other}");
        }
        let tail = Segments::of(&ResourceDef::new("/a{x}*")).unwrap();
        for (other, agrees) in [
            ("/a{x:.*}", true),
            ("/a{x:.+}", false),
            ("/a{x:[^/]*}", false),
            ("/a{x:[^\n]*}", false),
        ] {
            assert_eq!(tail.agree_with(&ResourceDef::new(other)), agrees, "{other}");
        }
        assert!(!segments.agree_with(&ResourceDef::prefix("/{x}/a")));
        let prefix = Segments::of(&ResourceDef::prefix("/{x}/a")).unwrap();
        for (other, agrees) in [("/{x:[^/]+}/a", true), ("/{x}/a{y:.*}", false), ("/{x}", false)] {
            assert_eq!(prefix.agree_with(&ResourceDef::prefix(other)), agrees, "{other}");
        }
    }

    #[test]
    fn a_text_is_taken_off() {
        let table = [
            ("/a/{x}/b", "/a", Some("/")),
            ("/a/{x}/b", "/a/", Some("{x}/b")),
            ("/a/{x}/b", "/a/c", Some("…/b")),
            ("/a/{x}/b", "/a/c/", Some("b")),
            ("/a/{x}/b", "/a//", None),
            ("/a/{x}/b", "/b", None),
            ("/{x}", "/a", Some("…")),
            ("/{x}/{y}", "/a/b", Some("…")),
            ("/{x}/{y}/", "/a/", Some("{y}/")),
            ("/{x}/b", "/a/b", Some("")),
            ("/{x}/b", "/a/b/", None),
            ("/{x}/{y}*", "/a", Some("…/")),
            ("/{x}/{y}*", "/a/", Some("*")),
            ("/{x}/{y}*", "/a/b//c", Some("*")),
        ];
        for (pattern, text, expected) in table {
            let segments = Segments::of(&ResourceDef::new(pattern)).unwrap();
            let rest = segments.rest().after(text).map(|rest| {
                let begun =
                    rest.behind_segment().map(|(behind, is_begun)| (behind.literal, is_begun));
                match begun {
                    _ if rest.takes_anything() => "*".to_owned(),
                    Some((literal, true)) => format!("…{literal}"),
                    Some((literal, false)) => format!("{{y}}{literal}"),
                    None => rest.literal.to_owned(),
                }
            });
            let expected = expected.map(|own| own.replace("{x}", "{y}"));
            assert_eq!(rest, expected, "{pattern} {text}");
        }
    }
}
