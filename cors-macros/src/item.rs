//! What the attribute stands on: a handler with actix's route attributes below.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, MetaNameValue, Signature, Token,
    Visibility,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

pub(crate) struct Handler {
    pub(crate) attributes: Vec<Annotation>,
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    /// The body is not looked into, so that half-written code keeps its completion.
    pub(crate) body: TokenStream,
}

pub(crate) enum Annotation {
    Route(Route),
    Other(Attribute),
}

/// `#[get("/path", name = "…", guard = "…")]` and its siblings.
pub(crate) struct Route {
    pub(crate) attribute: Attribute,
    pub(crate) path: LitStr,
    /// The `name = "…"` of the resource; actix takes the handler's without one.
    pub(crate) name: Option<String>,
    pub(crate) methods: Vec<LitStr>,
    pub(crate) guarded: bool,
}

impl ToTokens for Annotation {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Route(Route { attribute, .. }) | Self::Other(attribute) => {
                attribute.to_tokens(tokens);
            }
        }
    }
}

impl Handler {
    pub(crate) fn routes(&self) -> impl Iterator<Item = &Route> {
        self.attributes.iter().filter_map(|annotation| match annotation {
            Annotation::Route(route) => Some(route),
            Annotation::Other(_) => None,
        })
    }
}

struct Function {
    attributes: Vec<Attribute>,
    visibility: Visibility,
    signature: Signature,
    body: TokenStream,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self {
            attributes: input.call(Attribute::parse_outer)?,
            visibility: input.parse()?,
            signature: input.parse()?,
            body: input.parse()?,
        })
    }
}

const NO_HANDLER: &str = "`#[cors]` belongs on a handler: a function, not a method, with a route \
                          attribute such as `#[get(\"/\")]`; or on a module of handlers";

const NEEDS_ROUTE: &str = "`#[cors]` needs a route attribute such as `#[get(\"/\")]` below it; if \
                           one stands above, move `#[cors]` above it";

const UNREADABLE: &str = "`#[cors]` cannot read this route attribute; write the path as a string \
                          literal, then `name = \"…\"` and the like";

const FOREIGN: &str = "this is not the route attribute of actix-web, which has the path first, as in `#[put(\"/a\")]`; \
                       a route that another crate registers gets its policy by `.route(pattern, methods, ..)` on the \
                       builder";

/// Crates with route attributes of the same names.
const FOREIGN_CRATES: [&str; 4] = ["apistos", "ntex", "paperclip", "rocket"];

pub(crate) fn parse(tokens: TokenStream, errors: &mut Vec<syn::Error>) -> Option<Handler> {
    let Ok(function) = syn::parse2::<Function>(tokens) else {
        errors.push(syn::Error::new(Span::call_site(), NO_HANDLER));
        return None;
    };
    if function.signature.receiver().is_some() {
        errors.push(syn::Error::new_spanned(&function.signature, NO_HANDLER));
        return None;
    }
    if let Some(error) = given_twice(&function.attributes) {
        errors.push(error);
        return None;
    }
    let attributes: Vec<Annotation> = function.attributes.into_iter().map(annotation).collect();
    let handler = Handler {
        attributes,
        visibility: function.visibility,
        signature: function.signature,
        body: function.body,
    };
    let other = handler.attributes.iter().filter_map(|annotation| match annotation {
        Annotation::Other(attribute) => Some(attribute),
        Annotation::Route(_) => None,
    });
    let unreadable = other.filter_map(|attribute| Some((attribute, unreadable(&attribute.meta)?)));
    let found = errors.len();
    errors.extend(unreadable.map(|(attribute, why)| syn::Error::new_spanned(attribute, why)));
    if errors.len() > found {
        return None;
    }
    if handler.routes().next().is_none() {
        errors.push(syn::Error::new(Span::call_site(), NEEDS_ROUTE));
        return None;
    }
    Some(handler)
}

/// The methods of actix's single-method attributes.
const METHODS: [&str; 10] =
    ["connect", "delete", "get", "head", "options", "patch", "post", "put", "query", "trace"];

fn is_route(path: &syn::Path) -> bool {
    is_named(path, "route") || METHODS.iter().any(|method| is_named(path, method))
}

/// What is wrong with an attribute that should be one of actix's for a route.
fn unreadable(meta: &Meta) -> Option<&'static str> {
    if is_foreign(meta) {
        return Some(FOREIGN);
    }
    is_surely_route(meta).then_some(UNREADABLE)
}

/// Whether it is a route attribute of another crate: by that crate's name, or by `path = "…"`, which actix's have not.
fn is_foreign(meta: &Meta) -> bool {
    let Meta::List(list) = meta else { return false };
    let of_crate = |name: &&str| list.path.segments.first().is_some_and(|own| own.ident == name);
    let is_qualified = list.path.segments.len() > 1 && FOREIGN_CRATES.iter().any(of_crate);
    let mut tokens = list.tokens.clone().into_iter();
    let is_path = |token: &TokenTree| matches!(token, TokenTree::Ident(own) if own == "path");
    let is_equals =
        |token: &TokenTree| matches!(token, TokenTree::Punct(own) if own.as_char() == '=');
    let starts_with_path = tokens.next().as_ref().is_some_and(is_path)
        && tokens.next().as_ref().is_some_and(is_equals);
    is_route(&list.path) && (is_qualified || starts_with_path)
}

/// By its name alone; `trace` is the name of other crates' attributes too.
fn is_surely_route(meta: &Meta) -> bool {
    let path = meta.path();
    path.get_ident().is_some() && is_route(path) && !is_named(path, "trace")
}

/// Whether it makes a handler of a function, or would if it were written right.
pub(crate) fn makes_handler(meta: &Meta) -> bool {
    is_surely_route(meta) || route_arguments(meta).is_some()
}

pub(crate) fn is_named(path: &syn::Path, name: &str) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == name)
}

/// The error of an item with another `#[cors]` below.
pub(crate) fn given_twice(attributes: &[Attribute]) -> Option<syn::Error> {
    let again = attributes.iter().find(|attribute| is_named(attribute.path(), "cors"))?;
    let message = "`#[cors]` is given twice; put all settings into one";
    Some(syn::Error::new_spanned(again.path(), message))
}

fn annotation(attribute: Attribute) -> Annotation {
    match route_arguments(&attribute.meta) {
        Some(RouteArguments { path, options }) => {
            let methods = methods(&attribute, &options);
            let guarded = options.iter().any(|option| option.path.is_ident("guard"));
            let name = strings(&options, "name").next().map(LitStr::value);
            Annotation::Route(Route { attribute, path, name, methods, guarded })
        }
        None => Annotation::Other(attribute),
    }
}

fn route_arguments(meta: &Meta) -> Option<RouteArguments> {
    match meta {
        Meta::List(list) if is_route(&list.path) && !is_foreign(meta) => {
            syn::parse2(list.tokens.clone()).ok()
        }
        _ => None,
    }
}

struct RouteArguments {
    path: LitStr,
    options: Punctuated<MetaNameValue, Token![,]>,
}

impl Parse for RouteArguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let path = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        Ok(Self { path, options: input.parse_terminated(MetaNameValue::parse, Token![,])? })
    }
}

fn methods(attribute: &Attribute, options: &Punctuated<MetaNameValue, Token![,]>) -> Vec<LitStr> {
    if let Some(own) = METHODS.iter().find(|method| is_named(attribute.path(), method)) {
        return vec![LitStr::new(&own.to_ascii_uppercase(), Span::call_site())];
    }
    strings(options, "method").cloned().collect()
}

/// The string literals given for an option of a route attribute.
fn strings<'a>(
    options: &'a Punctuated<MetaNameValue, Token![,]>,
    name: &'a str,
) -> impl Iterator<Item = &'a LitStr> {
    let named = options.iter().filter(move |option| option.path.is_ident(name));
    named.filter_map(|option| match &option.value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text),
        _ => None,
    })
}

impl Route {
    /// The route attribute with one more `wrap`, which is called before all others.
    pub(crate) fn with_wrap(&self, wrap: &str) -> TokenStream {
        let Meta::List(list) = &self.attribute.meta else {
            return self.attribute.to_token_stream();
        };
        let mut list = list.clone();
        let is_comma =
            |token: &TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == ',');
        let ends_with_comma = list.tokens.clone().into_iter().last().as_ref().is_some_and(is_comma);
        let comma = (!ends_with_comma).then(<Token![,]>::default);
        list.tokens.extend(quote::quote!(#comma wrap = #wrap));
        Attribute { meta: Meta::List(list), ..self.attribute.clone() }.into_token_stream()
    }
}

impl Handler {
    pub(crate) fn name(&self) -> &Ident {
        &self.signature.ident
    }

    pub(crate) fn docs(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.iter().filter_map(|annotation| match annotation {
            Annotation::Other(attribute) if attribute.path().is_ident("doc") => Some(attribute),
            _ => None,
        })
    }
}
