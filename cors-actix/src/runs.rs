//! Patterns such as `/versions/{number:[0-9]+}`, whose own expressions say how many characters of a class
//! come next, and what stands between. For ASCII paths that takes no regular expression.

use std::{iter, ops::RangeInclusive};

use actix_web::dev::ResourceDef;
use regex_syntax::{
    ParserBuilder,
    hir::{Class, ClassBytes, Hir, HirKind},
};

use crate::{index::literal_start, segments::split_segment};

/// What a pattern consists of, where each run goes on as long as its characters do.
#[derive(Debug)]
pub(crate) struct Runs {
    /// What comes before the first of them.
    start: String,
    all: Vec<Run>,
    /// Whether something may follow that begins with a slash.
    is_prefix: bool,
}

/// Characters of one class.
#[derive(Debug)]
struct Run {
    class: [bool; 256],
    lengths: RangeInclusive<usize>,
    /// What comes behind it.
    behind: String,
}

impl Runs {
    /// `None` where the definition matches something else.
    pub(crate) fn of(definition: &ResourceDef) -> Option<Self> {
        let mut rest = definition.pattern()?;
        let mut own =
            Self { start: String::new(), all: Vec::new(), is_prefix: definition.is_prefix() };
        loop {
            let literal = literal_start(rest);
            own.text().push_str(literal);
            rest = &rest[literal.len()..];
            if rest.is_empty() {
                break;
            }
            let (expression, after) = split_segment(rest)?;
            own.add(&parse(expression.unwrap_or("[^/]+"))?)?;
            rest = after;
        }
        (own.end_by_themselves() && own.agree_with(definition)).then_some(own)
    }

    /// What comes behind all that there is yet.
    fn text(&mut self) -> &mut String {
        self.all.last_mut().map_or(&mut self.start, |last| &mut last.behind)
    }

    fn add(&mut self, expression: &Hir) -> Option<()> {
        match expression.kind() {
            HirKind::Literal(own) => self.text().push_str(str::from_utf8(&own.0).ok()?),
            HirKind::Concat(parts) => return parts.iter().try_for_each(|part| self.add(part)),
            HirKind::Class(Class::Bytes(class)) => self.all.push(Run::new(class, 1..=1)),
            HirKind::Repetition(own) => {
                let HirKind::Class(Class::Bytes(class)) = own.sub.kind() else { return None };
                let max = own.max.map_or(usize::MAX, |max| max as usize);
                self.all.push(Run::new(class, own.min as usize..=max));
            }
            _ => return None,
        }
        Some(())
    }

    /// Whether what comes behind each is not of its class.
    fn end_by_themselves(&self) -> bool {
        self.all.split_last().is_some_and(|(last, others)| {
            let ends = |run: &Run| run.behind.bytes().next().map(|byte| !run.has(byte));
            let last_ends = || !(self.is_prefix && last.has(b'/'));
            ends(last).unwrap_or_else(last_ends)
                && others.iter().all(|run| ends(run).unwrap_or_default())
        })
    }

    /// Whether the definition gives the same answers, each run as short and as long as it may be, and
    /// beyond. Another release of actix might take a segment for something else.
    fn agree_with(&self, definition: &ResourceDef) -> bool {
        let with_ends = ["", "/", "x"].map(|end| self.path(|_| None) + end);
        let changed = self.all.iter().enumerate().flat_map(|(changed, run)| {
            let path = move |sample: String| {
                self.path(|number| (number == changed).then(|| sample.clone()))
            };
            run.samples().map(path)
        });
        with_ends
            .into_iter()
            .chain(changed)
            .all(|path| self.match_length(&path) == definition.find_match(&path))
    }

    /// A path with these texts for runs; any other is as short as it may be.
    fn path(&self, text: impl Fn(usize) -> Option<String>) -> String {
        let runs = self.all.iter().enumerate().map(|(number, run)| {
            text(number).unwrap_or_else(|| run.of_length(*run.lengths.start())) + &run.behind
        });
        iter::once(self.start.clone()).chain(runs).collect()
    }

    /// How much of an ASCII path they match.
    pub(crate) fn match_length(&self, path: &str) -> Option<usize> {
        let mut rest = path.strip_prefix(&*self.start)?;
        for run in &self.all {
            rest = run.eat(rest)?;
        }
        let is_over = rest.is_empty() || (self.is_prefix && rest.starts_with('/'));
        is_over.then(|| path.len() - rest.len())
    }
}

/// As actix has it parsed, but for ASCII: no class needs to say more. `None` for one with a group, whose
/// flags may say something else to each parser (`(?i)`).
fn parse(expression: &str) -> Option<Hir> {
    if expression.contains('(') {
        return None;
    }
    let mut parser = ParserBuilder::new();
    parser.dot_matches_new_line(true).unicode(false).utf8(false);
    parser.build().parse(expression).ok()
}

impl Run {
    fn new(of: &ClassBytes, lengths: RangeInclusive<usize>) -> Self {
        let mut class = [false; 256];
        for range in of.iter() {
            for byte in range.start()..=range.end().min(127) {
                class[usize::from(byte)] = true;
            }
        }
        Self { class, lengths, behind: String::new() }
    }

    #[inline]
    fn has(&self, byte: u8) -> bool {
        self.class[usize::from(byte)]
    }

    /// What follows in a text behind it.
    #[inline]
    fn eat<'p>(&self, text: &'p str) -> Option<&'p str> {
        let length = text.bytes().position(|byte| !self.has(byte)).unwrap_or(text.len());
        let rest = self.lengths.contains(&length).then(|| &text[length..]);
        rest?.strip_prefix(&*self.behind)
    }

    fn of_length(&self, length: usize) -> String {
        let graphic = (b'!'..=b'~').chain(0..128).find(|byte| self.has(*byte));
        iter::repeat_n(char::from(graphic.unwrap_or(b'/')), length).collect()
    }

    fn samples(&self) -> impl Iterator<Item = String> {
        let (min, max) = (*self.lengths.start(), *self.lengths.end());
        let longest = if max == usize::MAX { min + 2 } else { max };
        let lengths = [min.saturating_sub(1), longest, longest + 1];
        let other = |last: char| self.of_length(longest.max(1) - 1) + last.encode_utf8(&mut [0; 4]);
        let others = ['a', '0', '-', '/'].map(other);
        lengths.map(|length| self.of_length(length)).into_iter().chain(others)
    }
}

#[cfg(test)]
mod tests {
    use super::{ResourceDef, Runs};

    #[test]
    fn classes_need_no_regular_expression() {
        let runs = [
            r"/{x:\d+}",
            "/{x:[0-9]}",
            "/v{x:[0-9]{2,4}}/a",
            "/{x:[0-9]*}/{y}",
            r"/{x:\d+}.{y:\d+}",
            "/{x:[^/.]+}.json",
            "/{x:[[:alpha:]]+?}/b",
            "/{x:.+}",
            "/{x:[^/1]+}",
            "/{x:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}}",
            r"/{x:\d{4}-\d{1,2}}/{y:v\d+/a}",
        ];
        let others = [
            "/a",
            "/*",
            "/{x:a|b}",
            "/{x:(a)+}",
            "/{x:[0-9]+(-[0-9]+)*}",
            "/{x:[0-9]+[a-z]+}",
            r"/{x:\d\d?}",
            "/{x:[0-9]+|a}",
            "/{x:[à-ü]+}",
            "/{x:é}",
            "/{x:^[0-9]+}",
            "/{x:(?i)[a-z]+}",
            "/{x>a?)(?P<y:[0-9]+}",
            "/{x:[a-z]+}a",
            "/{x:[0-9]+}{y:[a-z]+}",
            "/{x:.+}/a",
            "/{x}.a",
            "/{x:[0-9]+}/{y}*",
        ];
        for (patterns, are_runs) in [(&runs[..], true), (&others[..], false)] {
            for pattern in patterns {
                let own = Runs::of(&ResourceDef::new(*pattern));
                assert_eq!(own.is_some(), are_runs, "{pattern}");
            }
        }
        for (prefix, are_runs) in [(r"/{x:\d+}", true), ("/{x:.+}", false)] {
            assert_eq!(Runs::of(&ResourceDef::prefix(prefix)).is_some(), are_runs, "{prefix}");
        }
    }

    /// As another release of actix could take it for something else.
    #[test]
    fn the_definition_has_the_last_word() {
        let runs = Runs::of(&ResourceDef::new("/{x:[0-9]{2,3}}/a{y:[a-z]+}")).unwrap();
        let table = [
            ("/{x:[0-9][0-9]{1,2}}/a{y:[a-z]+}", true),
            ("/{x:[0-9]{1,3}}/a{y:[a-z]+}", false),
            ("/{x:[0-9]{3}}/a{y:[a-z]+}", false),
            ("/{x:[0-9]{2}}/a{y:[a-z]+}", false),
            ("/{x:[0-9]{2,4}}/a{y:[a-z]+}", false),
            ("/{x:[0-9]{2,3}}/a{y:[a-z]*}", false),
            ("/{x:[0-9]{2,3}}/a{y:[a-z0-9]+}", false),
            ("/{x:[0-9]{2,3}}/a{y:[^/]+}", false),
            ("/{x:[0-9]{2,3}}/a{y:.+}", false),
            ("/{x:[0-9]{2,3}}/a{y:[a-z]+}/", false),
        ];
        for (other, agrees) in table {
            assert_eq!(runs.agree_with(&ResourceDef::new(other)), agrees, "{other}");
        }
        assert!(!runs.agree_with(&ResourceDef::prefix("/{x:[0-9]{2,3}}/a{y:[a-z]+}")));
    }
}
