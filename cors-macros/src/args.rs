//! The arguments in the parentheses: `disable`, `external`, or settings of the form `key operator value`.
//!
//! Before them, in what the attribute of a module has written, the layer that these lie on:
//! `@(path)`.

use cors_core::{Key, Off, Operator};
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Ident, Lit, LitBool, LitInt, LitStr, Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use crate::calls;

const MISPLACED_MARK: &str = "`no_handlers` belongs before a macro call in a module with `#[cors]`; write it \
                              alone";

const NOT_CALCULATED: &str = "nothing is calculated here; write the result, such as `600`, or a text with a \
                              unit, such as `\"10m\"`";

pub(crate) struct Args {
    /// The path to the layer of the module around.
    pub(crate) over: Option<Path>,
    pub(crate) off: Vec<(Off, Ident)>,
    pub(crate) settings: Vec<SpannedSetting>,
}

impl Args {
    /// Whether it says `disable`, and so nothing of its own.
    pub(crate) fn is_switch(&self) -> bool {
        !self.off.is_empty()
    }
}

/// A setting whose tokens are kept, so that any later message can point at them.
pub(crate) struct SpannedSetting {
    pub(crate) key: Ident,
    pub(crate) operator: Operator,
    pub(crate) operator_span: Span,
    pub(crate) value: SpannedValue,
}

pub(crate) enum SpannedValue {
    List(Span, Vec<LitStr>),
    Text(LitStr),
    Number(LitInt),
    Flag(LitBool),
}

impl SpannedValue {
    pub(crate) fn span(&self) -> Span {
        match self {
            Self::List(span, _) => *span,
            Self::Text(text) => text.span(),
            Self::Number(number) => number.span(),
            Self::Flag(flag) => flag.span(),
        }
    }
}

enum Argument {
    Off(Off, Ident),
    /// With what is wrong within its list.
    Setting(SpannedSetting, Vec<syn::Error>),
}

/// Parses all arguments; one that does not parse is reported and the next one is tried.
pub(crate) fn parse(tokens: TokenStream, errors: &mut Vec<syn::Error>) -> Args {
    let (over, tokens) = split_at_layer(tokens);
    let mut args = Args { over, off: Vec::new(), settings: Vec::new() };
    for argument in split_at_commas(tokens) {
        match argument_of.parse2(argument) {
            Ok(Argument::Off(off, ident)) => args.off.push((off, ident)),
            Ok(Argument::Setting(setting, wrong)) => {
                args.settings.push(setting);
                errors.extend(wrong);
            }
            Err(error) => errors.push(error),
        }
    }
    args
}

/// Splits off the path of the module's layer, which `heirs` has put first. Anything else in its place is
/// left, to be refused as an argument.
fn split_at_layer(tokens: TokenStream) -> (Option<Path>, TokenStream) {
    let mut rest = tokens.clone().into_iter();
    match (rest.next(), rest.next()) {
        (Some(TokenTree::Punct(at)), Some(TokenTree::Group(path))) if at.as_char() == '@' => {
            match Path::parse_mod_style.parse2(path.stream()) {
                Ok(path) => (Some(path), rest.collect()),
                Err(_) => (None, tokens),
            }
        }
        _ => (None, tokens),
    }
}

fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut arguments = vec![TokenStream::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(punct) if punct.as_char() == ',' => arguments.push(TokenStream::new()),
            _ => arguments.last_mut().expect("never empty").extend([token]),
        }
    }
    arguments.retain(|argument| !argument.is_empty());
    arguments
}

fn argument_of(input: ParseStream<'_>) -> syn::Result<Argument> {
    let key: Ident = input.parse().map_err(|error| {
        syn::Error::new(error.span(), "expected a setting such as `expose_headers += [\"ETag\"]`")
    })?;
    if let Some(off) = Off::parse(&key.to_string()) {
        if !input.is_empty() {
            return Err(input.error(format!("`{off}` takes no value; write it alone")));
        }
        return Ok(Argument::Off(off, key));
    }
    if key == calls::MARK {
        return Err(syn::Error::new(key.span(), MISPLACED_MARK));
    }
    let (operator, operator_span) = operator(input, &key)?;
    let (value, wrong) = value(input, &key)?;
    if !input.is_empty() {
        let message = match &value {
            SpannedValue::Number(number) => behind_number(input, number),
            _ => None,
        };
        let message = message.unwrap_or_else(|| "expected a comma before the next setting".into());
        return Err(input.error(message));
    }
    Ok(Argument::Setting(SpannedSetting { key, operator, operator_span, value }, wrong))
}

/// What to write where a number is not the whole value; none if it is, and a comma is missing.
fn behind_number(input: ParseStream<'_>, number: &LitInt) -> Option<String> {
    if !input.peek(Ident::peek_any) || input.peek(Token![as]) {
        return Some(NOT_CALCULATED.into());
    }
    let ahead = input.fork();
    let unit = ahead.call(Ident::parse_any).ok()?.to_string();
    let is_unit = ahead.is_empty() && ["s", "m", "h", "d"].contains(&unit.as_str());
    is_unit
        .then(|| format!("a text has a unit, a number is in seconds; write `\"{number}{unit}\"`"))
}

fn operator(input: ParseStream<'_>, key: &Ident) -> syn::Result<(Operator, Span)> {
    if let Some(token) = input.parse::<Option<Token![=]>>()? {
        return Ok((Operator::Set, token.span));
    }
    if let Some(token) = input.parse::<Option<Token![+=]>>()? {
        return Ok((Operator::Add, token.spans[0]));
    }
    if let Some(token) = input.parse::<Option<Token![-=]>>()? {
        return Ok((Operator::Remove, token.spans[0]));
    }
    let message = format!("expected `=`, `+=` or `-=` and a value after `{key}`");
    let span = if input.is_empty() { key.span() } else { input.span() };
    Err(syn::Error::new(span, message))
}

fn value(input: ParseStream<'_>, key: &Ident) -> syn::Result<(SpannedValue, Vec<syn::Error>)> {
    if input.peek(syn::token::Bracket) {
        let content;
        let bracket = syn::bracketed!(content in input);
        let (elements, wrong) = strings(content.parse()?);
        return Ok((SpannedValue::List(bracket.span.join(), elements), wrong));
    }
    let span = input.span();
    let value = match input.parse::<Lit>() {
        Ok(Lit::Str(text)) => SpannedValue::Text(text),
        Ok(Lit::Int(number)) if !number.suffix().is_empty() => {
            return Err(syn::Error::new(span, with_suffix(&number)));
        }
        Ok(Lit::Int(number)) if number.base10_parse::<u64>().is_ok() => {
            SpannedValue::Number(number)
        }
        Ok(Lit::Bool(flag)) => SpannedValue::Flag(flag),
        _ => return Err(syn::Error::new(span, not_literal(key))),
    };
    Ok((value, Vec::new()))
}

/// What to write in place of something that is no value of an attribute, such as `-1`, `1.5` or a constant.
fn not_literal(key: &Ident) -> String {
    match Key::parse(&key.to_string()) {
        Some(key) => format!("`{key}` holds {}, written out here", key.expects()),
        None => "expected a list of strings, a string, a whole number, `true` or `false`".into(),
    }
}

/// What to write for a number with letters behind it, which the compiler takes for the name of a type.
fn with_suffix(number: &LitInt) -> String {
    let digits = number.base10_digits();
    match number.suffix() {
        "s" | "m" | "h" | "d" => {
            format!("a text has a unit, a number is in seconds; write `\"{number}\"`")
        }
        suffix if suffix.starts_with(['u', 'i', 'f']) => {
            format!("a number has no type here; write `{digits}`")
        }
        suffix => format!(
            "`{suffix}` is no unit; write `{digits}` for seconds, or a text with `s`, `m`, `h` or `d`, such \
             as `\"{digits}s\"`"
        ),
    }
}

/// The elements of a list that are strings, and an error for each of the others.
fn strings(tokens: TokenStream) -> (Vec<LitStr>, Vec<syn::Error>) {
    let (mut elements, mut wrong) = (Vec::new(), Vec::new());
    for element in split_at_commas(tokens) {
        match syn::parse2(element.clone()) {
            Ok(text) => elements.push(text),
            Err(_) => wrong.push(syn::Error::new_spanned(element, "expected a string literal")),
        }
    }
    (elements, wrong)
}
