//! What inherits from a module with `#[cors]`: the handlers in it, and the modules in it.
//!
//! Each gets a `#[cors]` that begins with the path of the module's layer. Items are not parsed, so
//! everything else keeps its tokens.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Ident, Lit, Meta, MetaList, Token, Visibility,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
    spanned::Spanned,
};

use crate::{
    item,
    module::{Module, Written, starts_module},
};

const NO_HANDLERS: &str = "`#[cors]` finds no handler in this module: no function with a route \
                           attribute such as `#[get(\"/\")]`, here or in a module within";

const CONDITIONAL: &str = "`#[cors]` on a module cannot tell whether this attribute applies; write \
                           `#[cfg(…)]` on one handler for each case";

/// Gives everything in the module that inherits from it the path of its layer.
pub(crate) fn hand_on(module: Module, errors: &mut Vec<syn::Error>) -> Module {
    let mut heirs = Heirs { found: false, errors: Vec::new() };
    let items = heirs.items(module.items, 0);
    if !heirs.found && heirs.errors.is_empty() {
        heirs.errors.push(syn::Error::new(Span::call_site(), NO_HANDLERS));
    }
    errors.extend(heirs.errors);
    Module { items, ..module }
}

struct Heirs {
    found: bool,
    errors: Vec<syn::Error>,
}

impl Heirs {
    /// The items of a module; `depth` says how many modules it is below the one with the layer.
    fn items(&mut self, tokens: TokenStream, depth: usize) -> TokenStream {
        let copy = |input: ParseStream<'_>| {
            let mut copied = TokenStream::new();
            while !input.is_empty() {
                copied.extend(self.next(input, depth)?);
            }
            Ok(copied)
        };
        copy.parse2(tokens).unwrap_or_else(|error| {
            self.errors.push(error);
            TokenStream::new()
        })
    }

    /// The attributes of an item, a module, or any other token.
    fn next(&mut self, input: ParseStream<'_>, depth: usize) -> syn::Result<TokenStream> {
        if input.peek(Token![#]) && input.peek2(syn::token::Bracket) {
            let attributes = input.call(Attribute::parse_outer)?;
            if starts_module(input) {
                return Ok(self.module(&attributes, &input.parse()?, depth));
            }
            if starts_function(input) {
                return Ok(self.function(&attributes, depth));
            }
            return Ok(quote!(#(#attributes)*));
        }
        if starts_module(input) {
            return Ok(self.module(&[], &input.parse()?, depth));
        }
        Ok(input.parse::<TokenTree>()?.into())
    }

    fn module(&mut self, attributes: &[Attribute], module: &Written, depth: usize) -> TokenStream {
        let head = module.head();
        let body = match &module.body {
            // one with a layer of its own hands on both, and says itself whether it has handlers
            TokenTree::Group(body) if !attributes.iter().any(is_cors) => {
                regroup(body, self.items(body.stream(), depth + 1))
            }
            body => body.to_token_stream(),
        };
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
