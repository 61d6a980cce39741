//! Patterns such as `/versions/{number:[0-9]+}`, whose own expressions say how many characters of a class
//! come next, and what stands between. For ASCII paths that takes no regular expression.

use std::iter;

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
    /// By byte; none is in it that is not ASCII.
    class: [bool; 256],
    min: usize,
    max: usize,
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
            HirKind::Class(Class::Bytes(class)) => self.all.push(Run::new(class, 1, 1)),
            HirKind::Repetition(own) => {
                let HirKind::Class(Class::Bytes(class)) = own.sub.kind() else { return None };
                let max = own.max.map_or(usize::MAX, |max| max as usize);
                self.all.push(Run::new(class, own.min as usize, max));
            }
            _ => return None,
        }
        Some(())
    }

    /// Whether what comes behind each is not of its class.
    fn end_by_themselves(&self) -> bool {
        let Some(last) = self.all.len().checked_sub(1) else { return false };
        self.all.iter().enumerate().all(|(number, run)| match run.behind.bytes().next() {
            Some(byte) => !run.has(byte),
            None => number == last && !(self.is_prefix && run.has(b'/')),
        })
    }

    /// Whether the definition gives the same answers, each run as short and as long as it may be, and
    /// beyond. Another release of actix might take a segment for something else.
    fn agree_with(&self, definition: &ResourceDef) -> bool {
        let shortest: Vec<_> = self.all.iter().map(|run| run.of_length(run.min)).collect();
        let changed = |number: usize, sample| {
            let mut texts = shortest.clone();
            texts[number] = sample;
            self.path(&texts)
        };
        let agrees = |path: String| self.match_length(&path) == definition.find_match(&path);
        ["", "/", "x"].into_iter().all(|end| agrees(self.path(&shortest) + end))
            && (0..shortest.len()).all(|number| {
                self.all[number].samples().all(|sample| agrees(changed(number, sample)))
            })
    }

    /// A path with a text for each run.
    fn path(&self, texts: &[String]) -> String {
        let runs = self.all.iter().zip(texts);
        runs.fold(self.start.clone(), |path, (run, text)| path + text + &run.behind)
    }

    /// How much of a path they match. `None` may be wrong for a path that is not ASCII, of which a class may
    /// have more characters.
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
    fn new(of: &ClassBytes, min: usize, max: usize) -> Self {
        let mut class = [false; 256];
        for range in of.iter() {
            for byte in range.start()..=range.end().min(127) {
                class[usize::from(byte)] = true;
            }
        }
        Self { class, min, max, behind: String::new() }
    }

    #[inline]
    fn has(&self, byte: u8) -> bool {
        self.class[usize::from(byte)]
    }

    /// What follows in a text behind it.
    #[inline]
    fn eat<'p>(&self, text: &'p str) -> Option<&'p str> {
        let length = text.bytes().position(|byte| !self.has(byte)).unwrap_or(text.len());
        let rest = (self.min..=self.max).contains(&length).then(|| &text[length..]);
        rest?.strip_prefix(&*self.behind)
    }

    fn of_length(&self, length: usize) -> String {
        let graphic = (b'!'..=b'~').chain(0..128).find(|byte| self.has(*byte));
        iter::repeat_n(char::from(graphic.unwrap_or(b'/')), length).collect()
    }

    fn samples(&self) -> impl Iterator<Item = String> {
        let longest = if self.max == usize::MAX { self.min + 2 } else { self.max };
        let lengths = [self.min.saturating_sub(1), longest, longest + 1];
        let other = |last: char| self.of_length(longest.max(1) - 1) + last.encode_utf8(&mut [0; 4]);
        let others = ['a', '0', '-', '/'].map(other);
        lengths.map(|length| self.of_length(length)).into_iter().chain(others)
    }
}

#[cfg(test)]
mod tests {
    use super::{ResourceDef, Runs};

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
        let runs = Runs::of(&ResourceDef::new("/{x:[0-9]+}/a")).unwrap();
        for other in ["/{x:[0-9]+}/a", "/{x:[0-9]+}/a{y:.*}"].map(ResourceDef::prefix) {
            assert!(!runs.agree_with(&other), "{other:?}");
        }
    }
}
