//! TOML.

use std::{borrow::Cow, collections::BTreeSet, sync::Arc};

use toml::{
    Spanned,
    de::{DeTable, DeValue, Error},
};

use super::{
    format::FileFormat,
    text::Text,
    tree::{Member, Node, Value, error, too_deep},
};
use crate::{
    error::{ConfigError, Problem},
    source::FilePlace,
};

/// How many mistakes of notation are told at once, one for each line, since one leads to others. For each the text may
/// be read once more.
const MOST_ERRORS: usize = 16;

pub(super) fn parse(text: &Text<'_>) -> Result<Node, Vec<ConfigError>> {
    let (table, mut errors) = DeTable::parse_recoverable(text.whole);
    if errors.is_empty() {
        let place = text.at(0);
        return Ok(Node { place, value: Value::Table(members(text, table.into_inner())) });
    }
    errors.sort_by_key(start);
    let mut lines = BTreeSet::new();
    let first_of_line = |own: &&Error| lines.insert(text.at(start(own)).line);
    Err(errors
        .iter()
        .filter(first_of_line)
        .take(MOST_ERRORS)
        .map(|own| explained(text, table.get_ref(), own))
        .collect())
}

fn start(found: &Error) -> usize {
    found.span().map_or(0, |span| span.start)
}

fn members(text: &Text<'_>, table: DeTable<'_>) -> Vec<Member> {
    let mut members: Vec<(usize, Member)> = table
        .into_iter()
        .map(|(key, value)| {
            let start = key.span().start;
            let member = Member {
                key: key.into_inner().into_owned(),
                place: text.at(start),
                node: node(text, value),
            };
            (start, member)
        })
        .collect();
    // the parser keeps them in the order of their names
    members.sort_by_key(|(start, _)| *start);
    members.into_iter().map(|(_, member)| member).collect()
}

fn node(text: &Text<'_>, value: Spanned<DeValue<'_>>) -> Node {
    let place = text.at(value.span().start);
    let value = match value.into_inner() {
        DeValue::String(own) => Value::Text(own.into_owned()),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Integer(own) => match u64::from_str_radix(own.as_str(), own.radix()) {
            Ok(number) => Value::Number(number),
            Err(_) => Value::of_number(&own.to_string()),
        },
        DeValue::Float(own) => Value::of_number(own.as_str()),
        DeValue::Datetime(own) => Value::Other(own.to_string()),
        DeValue::Array(own) => Value::List(own.into_iter().map(|own| node(text, own)).collect()),
        DeValue::Table(own) => Value::Table(members(text, own)),
    };
    Node { place, value }
}

/// `read` is what can be made of the text in spite of the mistakes.
fn explained(text: &Text<'_>, read: &DeTable<'_>, found: &Error) -> ConfigError {
    let place = text.at(start(found));
    match found.message() {
        "duplicate key" => {
            let written = found.span().and_then(|span| text.whole.get(span)).unwrap_or_default();
            let key = unquoted(written);
            let first = first_place(text, read, &key, start(found));
            error(&place, &*key, Problem::FileKeyTwice { first })
        }
        message if message.contains("recursion depth") => too_deep(&place),
        message => {
            let problem = Problem::FileSyntax { format: FileFormat::Toml.as_str() };
            error(&place, message.replace('\n', ", "), problem)
        }
    }
}

/// The key that is written so.
fn unquoted(written: &str) -> Cow<'_, str> {
    let line = format!("{written} = 0");
    let read = DeTable::parse(&line).ok().and_then(|table| {
        let (key, _) = table.into_inner().into_iter().next()?;
        Some(key.into_inner().into_owned())
    });
    read.map_or(Cow::Borrowed(written), Cow::Owned)
}

/// Where the key stands before: the nearest one of this name. The head of a table that stands twice takes the place of
/// the first, which is then in what can be made of the lines before.
fn first_place(
    text: &Text<'_>,
    read: &DeTable<'_>,
    key: &str,
    second: usize,
) -> Option<Arc<FilePlace>> {
    let lines = text.whole.get(..second)?.rfind('\n').and_then(|end| text.whole.get(..=end));
    let (before, _) = DeTable::parse_recoverable(lines.unwrap_or_default());
    let found = nearest(read, key, second).max(nearest(before.get_ref(), key, second));
    found.map(|start| text.at(start))
}

fn nearest(table: &DeTable<'_>, key: &str, before: usize) -> Option<usize> {
    let own = table.iter().filter(|(name, _)| *name.get_ref() == key);
    let own = own.map(|(name, _)| name.span().start).filter(|start| *start < before);
    let within = table.iter().filter_map(|(_, value)| nearest_within(value.get_ref(), key, before));
    own.chain(within).max()
}

fn nearest_within(value: &DeValue<'_>, key: &str, before: usize) -> Option<usize> {
    match value {
        DeValue::Table(own) => nearest(own, key, before),
        DeValue::Array(own) => {
            own.iter().filter_map(|own| nearest_within(own.get_ref(), key, before)).max()
        }
        _ => None,
    }
}
