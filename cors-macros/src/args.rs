//! The arguments in the parentheses: `disable`, or settings of the form `key operator value`.
//!
//! Before them, in what the attribute of a module has written, the layer that these lie on:
//! `@(path)`.

use cors_core::Operator;
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{
    Ident, Lit, LitBool, LitInt, LitStr, Path, Token,
    parse::{ParseStream, Parser},
};

pub(crate) struct Args {
    /// The path to the layer of the module around.
    pub(crate) over: Option<Path>,
    pub(crate) disable: Vec<Ident>,
    pub(crate) settings: Vec<SpannedSetting>,
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
    Disable(Ident),
    /// With what is wrong within its list.
    Setting(SpannedSetting, Vec<syn::Error>),
}

/// Parses all arguments; one that does not parse is reported and the next one is tried.
pub(crate) fn parse(tokens: TokenStream, errors: &mut Vec<syn::Error>) -> Args {
    let (over, tokens) = split_at_layer(tokens);
    let mut args = Args { over, disable: Vec::new(), settings: Vec::new() };
    for argument in split_at_commas(tokens) {
        match argument_of.parse2(argument) {
            Ok(Argument::Disable(ident)) => args.disable.push(ident),
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
    if key == "disable" {
        if !input.is_empty() {
            return Err(input.error("`disable` takes no value; write it alone"));
        }
        return Ok(Argument::Disable(key));
    }
    let (operator, operator_span) = operator(input, &key)?;
    let (value, wrong) = value(input)?;
    if !input.is_empty() {
        return Err(input.error("expected a comma before the next setting"));
    }
    Ok(Argument::Setting(SpannedSetting { key, operator, operator_span, value }, wrong))
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

fn value(input: ParseStream<'_>) -> syn::Result<(SpannedValue, Vec<syn::Error>)> {
    if input.peek(syn::token::Bracket) {
        let content;
        let bracket = syn::bracketed!(content in input);
        let (elements, wrong) = strings(content.parse()?);
        return Ok((SpannedValue::List(bracket.span.join(), elements), wrong));
    }
    let span = input.span();
    let value = match input.parse::<Lit>() {
        Ok(Lit::Str(text)) => SpannedValue::Text(text),
        Ok(Lit::Int(number)) if number.base10_parse::<u64>().is_ok() => {
            SpannedValue::Number(number)
        }
        Ok(Lit::Bool(flag)) => SpannedValue::Flag(flag),
        _ => {
            let message = "expected a list of strings, a string, a whole number, `true` or `false`";
            return Err(syn::Error::new(span, message));
        }
    };
    Ok((value, Vec::new()))
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
