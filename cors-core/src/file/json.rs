//! JSON, and nothing beyond it.

use jsonc_parser::{
    CollectOptions, ParseOptions, ast, common::Ranged, errors::ParseErrorKind, parse_to_ast,
};

use super::{
    format::FileFormat,
    text::Text,
    tree::{Member, Node, Value, error, too_deep},
};
use crate::error::{ConfigError, Problem};

/// What RFC 8259 does not have is off.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn parse(text: &Text<'_>) -> Result<Node, Vec<ConfigError>> {
    match parse_to_ast(text.whole, &CollectOptions::default(), &STRICT) {
        Ok(parsed) => match parsed.value {
            Some(value) => Ok(node(text, value)),
            None => Err(vec![error(&text.at(0), "", Problem::FileEmpty)]),
        },
        Err(found) => {
            let place = text.at(found.range().start);
            if matches!(found.kind(), ParseErrorKind::NestingDepthExceeded) {
                return Err(vec![too_deep(&place)]);
            }
            let problem = Problem::FileSyntax { format: FileFormat::Json.as_str() };
            Err(vec![error(&place, in_lower_case(&found.kind().to_string()), problem)])
        }
    }
}

fn node(text: &Text<'_>, value: ast::Value<'_>) -> Node {
    let place = text.at(value.start());
    let value = match value {
        ast::Value::BooleanLit(own) => Value::Flag(own.value),
        ast::Value::NumberLit(own) => Value::of_number(own.value),
        ast::Value::StringLit(own) => Value::Text(own.value.into_owned()),
        ast::Value::NullKeyword(_) => Value::Other("null".to_owned()),
        ast::Value::Array(own) => {
            Value::List(own.elements.into_iter().map(|element| node(text, element)).collect())
        }
        ast::Value::Object(own) => Value::Table(
            own.properties.into_iter().map(|property| member(text, property)).collect(),
        ),
    };
    Node { place, value }
}

fn member(text: &Text<'_>, property: ast::ObjectProp<'_>) -> Member {
    let place = text.at(property.name.start());
    let key = property.name.into_string();
    Member { key, place, node: node(text, property.value) }
}

/// As messages are written here.
fn in_lower_case(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().map(|own| own.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}
