//! Macro calls among the items of a module with `#[cors]`, whose handlers it would not see.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Ident, Path, Token,
    parse::{ParseStream, Parser},
};

use crate::item;

/// What stands alone in a `#[cors(…)]` before a call that makes no handlers.
pub(crate) const MARK: &str = "no_handlers";

const UNSEEN: &str = "what this macro makes does not inherit from the module with `#[cors]` around it; \
                      move the call out of the module or, if it makes no handlers, write \
                      `#[cors(no_handlers)]` above it";

pub(crate) fn starts_call(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.call(Path::parse_mod_style).is_ok() && ahead.peek(Token![!]) && !ahead.peek(Token![!=])
}

/// The error of a call that may make handlers.
pub(crate) fn unseen(attributes: &[Attribute], path: &Path) -> Option<syn::Error> {
    let makes_none = attributes.iter().any(is_mark) || is_known(path);
    (!makes_none).then(|| syn::Error::new_spanned(path, UNSEEN))
}

/// Whether the item is a call, and the arguments say of it that it makes no handlers. It is left as it is,
/// in a module with `#[cors]` or not: the mark is for the module's attribute alone to read.
pub(crate) fn is_marked(args: &TokenStream, item: &TokenStream) -> bool {
    let after_attributes = |input: ParseStream<'_>| {
        input.call(Attribute::parse_outer)?;
        let is_call = starts_call(input);
        input.parse::<TokenStream>()?;
        Ok(is_call)
    };
    says_none(args) && after_attributes.parse2(item.clone()).unwrap_or(false)
}

fn is_mark(attribute: &Attribute) -> bool {
    item::is_named(attribute.path(), "cors")
        && attribute.meta.require_list().is_ok_and(|list| says_none(&list.tokens))
}

fn says_none(args: &TokenStream) -> bool {
    syn::parse2::<Ident>(args.clone()).is_ok_and(|ident| ident == MARK)
}

/// Macros of the standard library, and assertions on types and constants such as `const_assert!`.
fn is_known(path: &Path) -> bool {
    let names = ["macro_rules", "thread_local", "compile_error"];
    let is_assertion = |name: &str| name.starts_with("assert_") || name.starts_with("const_assert");
    names.iter().any(|name| item::is_named(path, name))
        || path.segments.last().is_some_and(|last| is_assertion(&last.ident.to_string()))
}
