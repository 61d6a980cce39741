//! What the attribute stands on: a module with handlers in it.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, Ident, Token, Visibility,
    parse::{Parse, ParseStream, Parser},
};

use crate::{item, scope};

/// A module with everything in its braces.
pub(crate) struct Module {
    pub(crate) head: TokenStream,
    /// What actix's `#[scope]` puts before the paths of its handlers.
    pub(crate) scope: Option<String>,
    pub(crate) items: TokenStream,
}

/// `pub mod name { … }`, or `mod name;`.
pub(crate) struct Written {
    visibility: Visibility,
    unsafety: Option<Token![unsafe]>,
    keyword: Token![mod],
    name: Ident,
    pub(crate) body: TokenTree,
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            visibility: input.parse()?,
            unsafety: input.parse()?,
            keyword: input.parse()?,
            name: input.parse()?,
            body: input.parse()?,
        })
    }
}

impl Written {
    pub(crate) fn head(&self) -> TokenStream {
        let Self { visibility, unsafety, keyword, name, .. } = self;
        quote!(#visibility #unsafety #keyword #name)
    }
}

const NO_BODY: &str = "`#[cors]` needs to see the handlers of a module; write `mod name { … }` \
                       with them in the braces, or put `#[cors]` on each handler in the file";

pub(crate) fn is_module(item: &TokenStream) -> bool {
    let after_attributes = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        let is_module = starts_module(input);
        input.parse::<TokenStream>()?;
        Ok(is_module)
    };
    after_attributes.parse2(item.clone()).unwrap_or(false)
}

pub(crate) fn parse(tokens: TokenStream, errors: &mut Vec<syn::Error>) -> Option<Module> {
    let parts = |input: ParseStream<'_>| Ok((Attribute::parse_outer(input)?, input.parse()?));
    let (attributes, module): (Vec<Attribute>, Written) =
        parts.parse2(tokens).map_err(|error| errors.push(error)).ok()?;
    if let Some(error) = item::given_twice(&attributes) {
        errors.push(error);
        return None;
    }
    let TokenTree::Group(body) = &module.body else {
        errors.push(syn::Error::new(module.name.span(), NO_BODY));
        return None;
    };
    let head = module.head();
    Some(Module {
        head: quote!(#(#attributes)* #head),
        scope: scope::prefix(&attributes),
        items: body.stream(),
    })
}

pub(crate) fn starts_module(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let is_read =
        ahead.parse::<Visibility>().is_ok() && ahead.parse::<Option<Token![unsafe]>>().is_ok();
    is_read && ahead.peek(Token![mod])
}

pub(crate) fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<Ident>().is_ok_and(|condition| condition == "test")
}
