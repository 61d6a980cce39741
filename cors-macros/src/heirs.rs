//! What inherits from a module with `#[cors]`: the handlers in it, and the modules in it.
//!
//! Each gets a `#[cors]` that begins with the path of the module's layer. Items are not parsed, so
//! everything else keeps its tokens.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Ident, Lit, Meta, MetaList, Path, Token, Visibility,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
};

use crate::{
    calls, item,
    module::{self, Module, Written, starts_module},
};

const NO_HANDLERS: &str = "`#[cors]` finds no handler in this module: no function with a route \
                           attribute such as `#[get(\"/\")]`, here or in a module within";

const CONDITIONAL: &str = "`#[cors]` on a module cannot tell whether this attribute applies; write \
                           `#[cfg(…)]` on one handler for each case";

/// Gives everything in the module that inherits from it the path of its layer.
pub(crate) fn hand_on(module: Module, errors: &mut Vec<syn::Error>) -> Module {
    let mut heirs = Heirs { found: false, in_tests: false, errors: Vec::new() };
    let items = heirs.items(module.items, 0);
    if !heirs.found && heirs.errors.is_empty() {
        heirs.errors.push(syn::Error::new(Span::call_site(), NO_HANDLERS));
    }
    errors.extend(heirs.errors);
    Module { items, ..module }
}

struct Heirs {
    found: bool,
    /// Whether what is being read is compiled for tests alone.
    in_tests: bool,
    errors: Vec<syn::Error>,
}

impl Heirs {
    /// The items of a module; `depth` says how many modules it is below the one with the layer.
    fn items(&mut self, tokens: TokenStream, depth: usize) -> TokenStream {
        let copy = |input: ParseStream<'_>| {
            let inner = input.call(Attribute::parse_inner)?;
            let mut copied = quote!(#(#inner)*);
            let mut starts_item = true;
            while !input.is_empty() {
                let next = self.next(input, depth, starts_item)?;
                starts_item = ends_item(&next);
                copied.extend(next);
            }
            Ok(copied)
        };
        copy.parse2(tokens).unwrap_or_else(|error| {
            self.errors.push(error);
            TokenStream::new()
        })
    }

    /// The attributes of an item, a module, the path of a macro that is called, or any other token.
    fn next(
        &mut self,
        input: ParseStream<'_>,
        depth: usize,
        starts_item: bool,
    ) -> syn::Result<TokenStream> {
        let attributes = input.call(Attribute::parse_outer)?;
        if starts_module(input) {
            return Ok(self.module(&attributes, &input.parse()?, depth));
        }
        if starts_item && calls::starts_call(input) {
            let path = input.call(Path::parse_mod_style)?;
            let unseen = calls::unseen(&attributes, &path).filter(|_| !self.in_tests);
            self.errors.extend(unseen);
            return Ok(quote!(#(#attributes)* #path));
        }
        if attributes.is_empty() {
            return Ok(input.parse::<TokenTree>()?.into());
        }
        if starts_function(input) {
            return Ok(self.function(&attributes, depth));
        }
        Ok(quote!(#(#attributes)*))
    }

    fn module(&mut self, attributes: &[Attribute], module: &Written, depth: usize) -> TokenStream {
        let head = module.head();
        let around = self.in_tests;
        self.in_tests |= attributes.iter().any(module::is_for_tests);
        let body = match &module.body {
            // one with a layer of its own hands on both, and says itself whether it has handlers
            TokenTree::Group(body) if !attributes.iter().any(is_cors) => {
                regroup(body, self.items(body.stream(), depth + 1))
            }
            body => body.to_token_stream(),
        };
        self.in_tests = around;
        let attributes = self.told(attributes, depth + 1);
        quote!(#attributes #head #body)
    }

    /// The attributes of a function.
    fn function(&mut self, attributes: &[Attribute], depth: usize) -> TokenStream {
        let route = attributes.iter().find(|attribute| item::makes_handler(&attribute.meta));
        let has_own = attributes.iter().any(is_cors);
        let own = route.filter(|_| !has_own).map(|route| own_attribute(route, depth));
        self.found |= own.is_some();
        let attributes = self.told(attributes, depth);
        quote!(#own #attributes)
    }

    /// The same attributes, `#[cors]` among them told of the layer.
    fn told(&mut self, attributes: &[Attribute], depth: usize) -> TokenStream {
        let mut told = TokenStream::new();
        for attribute in attributes {
            if is_cors(attribute) {
                self.found = true;
                told.extend(with_layer(attribute, depth));
                continue;
            }
            if is_conditional(attribute) {
                self.errors.push(syn::Error::new_spanned(attribute, CONDITIONAL));
            }
            attribute.to_tokens(&mut told);
        }
        told
    }
}

/// `#[cors]` for a handler without one, in the place of its route attribute.
fn own_attribute(route: &Attribute, depth: usize) -> TokenStream {
    let layer = layer(depth);
    let pound = Token![#](route.pound_token.span);
    let mut brackets = Group::new(Delimiter::Bracket, quote!(::cors_actix::cors(@ #layer)));
    brackets.set_span(route.bracket_token.span.join());
    quote!(#pound #brackets)
}

/// The same attribute with the layer that its own lies on before the arguments.
fn with_layer(attribute: &Attribute, depth: usize) -> TokenStream {
    let layer = layer(depth);
    let list = match &attribute.meta {
        Meta::List(list) => {
            let arguments = &list.tokens;
            MetaList { tokens: quote!(@ #layer #arguments), ..list.clone() }
        }
        Meta::Path(path) => MetaList {
            path: path.clone(),
            delimiter: syn::MacroDelimiter::Paren(syn::token::Paren(path.span())),
            tokens: quote!(@ #layer),
        },
        Meta::NameValue(_) => return attribute.to_token_stream(),
    };
    Attribute { meta: Meta::List(list), ..attribute.clone() }.into_token_stream()
}

/// In parentheses, the path to the layer of a module so many modules above.
fn layer(depth: usize) -> TokenStream {
    let up = std::iter::repeat_n(quote!(super::), depth);
    quote!((self::#(#up)*__CORS_LAYER))
}

/// Whether an item may be at its end; a call that follows would be an item.
fn ends_item(tokens: &TokenStream) -> bool {
    match tokens.clone().into_iter().last() {
        Some(TokenTree::Punct(punct)) => punct.as_char() == ';',
        // an item that a macro by example has matched is in a group without delimiters
        Some(TokenTree::Group(group)) => {
            matches!(group.delimiter(), Delimiter::Brace | Delimiter::None)
        }
        _ => false,
    }
}

fn starts_function(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    if ahead.parse::<Visibility>().is_err() {
        return false;
    }
    let is_qualifier = || ahead.call(Ident::parse_any).is_ok() || ahead.parse::<Lit>().is_ok();
    while !ahead.peek(Token![fn]) {
        if !is_qualifier() {
            return false;
        }
    }
    true
}

fn is_cors(attribute: &Attribute) -> bool {
    item::is_named(attribute.path(), "cors")
}

/// Whether it makes a handler, or has something to say about one, only under a condition.
fn is_conditional(attribute: &Attribute) -> bool {
    let Meta::List(list) = &attribute.meta else { return false };
    let metas = Punctuated::<Meta, Token![,]>::parse_terminated.parse2(list.tokens.clone());
    let is_ours = |meta: &Meta| item::is_named(meta.path(), "cors") || item::makes_handler(meta);
    attribute.path().is_ident("cfg_attr")
        && metas.is_ok_and(|metas| metas.iter().skip(1).any(is_ours))
}

fn regroup(group: &Group, stream: TokenStream) -> TokenStream {
    let mut regrouped = Group::new(group.delimiter(), stream);
    regrouped.set_span(group.span());
    TokenTree::from(regrouped).into()
}
