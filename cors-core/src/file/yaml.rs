//! YAML 1.2: one document, whose plain values mean what the core schema says.

use std::{collections::HashMap, sync::Arc};

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};

use super::{
    format::FileFormat,
    text::Text,
    tree::{DEEPEST, Member, Node, Value, error, too_deep},
};
use crate::{
    error::{ConfigError, Endless, Problem},
    source::FilePlace,
};

/// How many bytes aliases may repeat, all together: as many as a file may have.
const MOST_REPEATED: usize = 1 << 20;

pub(super) fn parse(text: &Text<'_>) -> Result<Node, Vec<ConfigError>> {
    Reader::new(text).read().map_err(|error| vec![error])
}

/// Puts the events of the parser together, without calling itself: what is open is on a list.
struct Reader<'a> {
    text: &'a Text<'a>,
    parser: Parser<'a, StrInput<'a>>,
    open: Vec<Open>,
    /// What is complete and has an anchor, with its size.
    anchors: HashMap<usize, (Node, usize)>,
    repeated: usize,
}

/// A list or a table that is not complete.
struct Open {
    place: Arc<FilePlace>,
    anchor: usize,
    /// The bytes of its values, and one for each.
    size: usize,
    parts: Parts,
}

enum Parts {
    List(Vec<Node>),
    /// The members, and a key that has no value yet.
    Table(Vec<Member>, Option<(String, Arc<FilePlace>)>),
}

impl<'a> Reader<'a> {
    fn new(text: &'a Text<'a>) -> Self {
        let parser = Parser::new_from_str(text.whole);
        Self { text, parser, open: Vec::new(), anchors: HashMap::new(), repeated: 0 }
    }

    fn read(mut self) -> Result<Node, ConfigError> {
        let mut root = None;
        while let Some(event) = self.parser.next_event() {
            let (event, span) = event.map_err(|found| self.scan_error(&found))?;
            let place = self.place(&span);
            if let (Event::DocumentStart(_), Some(_)) = (&event, &root) {
                return Err(refuse(&place, "a second document begins"));
            }
            if let Some(complete) = self.take(event, place)? {
                root = Some(complete);
            }
        }
        let nothing = || Node { place: self.text.at(0), value: Value::Table(Vec::new()) };
        Ok(root.unwrap_or_else(nothing))
    }

    /// Takes in an event, and returns the value of the whole document once that is complete.
    fn take(
        &mut self,
        event: Event<'_>,
        place: Arc<FilePlace>,
    ) -> Result<Option<Node>, ConfigError> {
        let tag = match &event {
            Event::Scalar(.., tag) | Event::SequenceStart(_, tag) | Event::MappingStart(_, tag) => {
                tag.as_deref()
            }
            _ => None,
        };
        if tag.is_some_and(|tag: &Tag| !tag.handle.is_empty() || !tag.suffix.is_empty()) {
            return Err(refuse(&place, "a tag, which no setting has"));
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let value = match style {
                    ScalarStyle::Plain => of_plain(&text),
                    _ => Value::Text(text.clone().into_owned()),
                };
                Ok(self.complete(Node { place, value }, &text, anchor, 1 + text.len()))
            }
            Event::SequenceStart(anchor, _) => self.open(place, anchor, Parts::List(Vec::new())),
            Event::MappingStart(anchor, _) => {
                self.open(place, anchor, Parts::Table(Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => Ok(self.close()),
            Event::Alias(anchor) => self.repeat(&place, anchor),
            _ => Ok(None),
        }
    }

    fn open(
        &mut self,
        place: Arc<FilePlace>,
        anchor: usize,
        parts: Parts,
    ) -> Result<Option<Node>, ConfigError> {
        if self.open.len() > DEEPEST {
            return Err(too_deep(&place));
        }
        if let Some(Open { parts: Parts::Table(_, None), .. }) = self.open.last() {
            return Err(refuse(&place, "a key that is no text"));
        }
        self.open.push(Open { place, anchor, size: 1, parts });
        Ok(None)
    }

    fn close(&mut self) -> Option<Node> {
        let Open { place, anchor, size, parts } = self.open.pop()?;
        let value = match parts {
            Parts::List(elements) => Value::List(elements),
            Parts::Table(members, _) => Value::Table(members),
        };
        self.complete(Node { place, value }, "", anchor, size)
    }

    /// What an alias stands for. What is not complete stands for itself without end, and has no value yet.
    fn repeat(
        &mut self,
        place: &Arc<FilePlace>,
        anchor: usize,
    ) -> Result<Option<Node>, ConfigError> {
        let Some((node, size)) = self.anchors.get(&anchor) else {
            return Err(refuse(place, "an alias within what it stands for"));
        };
        self.repeated += size;
        if self.repeated > MOST_REPEATED {
            let problem = Problem::FileEndless { what: Endless::Aliases, limit: MOST_REPEATED };
            return Err(error(place, "", problem));
        }
        let (node, size) = (node.clone(), *size);
        let Value::Text(text) = &node.value else {
            if let Some(Open { parts: Parts::Table(_, None), .. }) = self.open.last() {
                return Err(refuse(place, "a key that is no text"));
            }
            return Ok(self.complete(node, "", 0, size));
        };
        let text = text.clone();
        Ok(self.complete(node, &text, 0, size))
    }

    /// Puts a complete value where it belongs: as a key, a value, or an element; `text` is what it is as a key.
    fn complete(&mut self, node: Node, text: &str, anchor: usize, size: usize) -> Option<Node> {
        if anchor > 0 {
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let Some(open) = self.open.last_mut() else { return Some(node) };
        open.size += size;
        match &mut open.parts {
            Parts::List(elements) => elements.push(node),
            Parts::Table(members, key) => match key.take() {
                Some((key, place)) => members.push(Member { key, place, node }),
                None => *key = Some((text.to_owned(), node.place)),
            },
        }
        None
    }

    fn place(&self, span: &Span) -> Arc<FilePlace> {
        self.text.at_line(span.start.line(), span.start.col() + 1)
    }

    fn scan_error(&self, found: &ScanError) -> ConfigError {
        let place = self.text.at_line(found.marker().line(), found.marker().col() + 1);
        if found.info().contains("recursion limit") {
            return too_deep(&place);
        }
        refuse(&place, found.info())
    }
}

fn refuse(place: &Arc<FilePlace>, what: &str) -> ConfigError {
    error(place, what, Problem::FileSyntax { format: FileFormat::Yaml.as_str() })
}

/// YAML 1.2.2 §10.3.2.
fn of_plain(text: &str) -> Value {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let radix =
        |prefix, radix| digits.strip_prefix(prefix).map(|own| u64::from_str_radix(own, radix));
    match text {
        "true" | "True" | "TRUE" => return Value::Flag(true),
        "false" | "False" | "FALSE" => return Value::Flag(false),
        "" | "~" | "null" | "Null" | "NULL" => return Value::Other("null".to_owned()),
        _ => {}
    }
    if let Some(Ok(number)) = radix("0x", 16).or_else(|| radix("0o", 8)).filter(|_| digits == text)
    {
        return Value::Number(number);
    }
    let special =
        [".inf", ".Inf", ".INF"].contains(&digits) || [".nan", ".NaN", ".NAN"].contains(&text);
    let is_decimal = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.chars().all(|c| c.is_ascii_digit() || "+-.eE".contains(c))
        && digits.parse::<f64>().is_ok();
    match (special, is_decimal) {
        (true, _) => Value::Other(text.to_owned()),
        (_, true) => Value::of_number(text),
        _ => Value::Text(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, of_plain};

    #[test]
    fn plain_values_are_those_of_the_core_schema() {
        let table = [
            ("true", "Flag(true)"),
            ("FALSE", "Flag(false)"),
            ("yes", "Text(\"yes\")"),
            ("no", "Text(\"no\")"),
            ("600", "Number(600)"),
            ("+5", "Number(5)"),
            ("0x10", "Number(16)"),
            ("0o17", "Number(15)"),
            ("-0x10", "Text(\"-0x10\")"),
            ("2.0", "Number(2)"),
            ("-1", "Other(\"-1\")"),
            ("1.5", "Other(\"1.5\")"),
            (".inf", "Other(\".inf\")"),
            ("-.INF", "Other(\"-.INF\")"),
            (".nan", "Other(\".nan\")"),
            ("inf", "Text(\"inf\")"),
            ("nan", "Text(\"nan\")"),
            ("10m", "Text(\"10m\")"),
            ("1_000", "Text(\"1_000\")"),
            ("1.2.3", "Text(\"1.2.3\")"),
            ("~", "Other(\"null\")"),
            ("", "Other(\"null\")"),
        ];
        for (text, expected) in table {
            assert_eq!(format!("{:?}", of_plain(text)), expected, "{text}");
        }
        assert!(matches!(of_plain("null"), Value::Other(_)));
    }
}
