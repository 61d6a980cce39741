//! From the tokens of the attribute and its item to the tokens that take their place.

use proc_macro2::TokenStream;

use crate::{args, expand, item, validate};

pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Vec::new();
    let args = args::parse(args, &mut errors);
    validate::check(&args, &mut errors);
    let handler = item::parse(item.clone(), &mut errors);
    match handler {
        Some(handler) if errors.is_empty() => expand::handler(&args, &handler),
        _ => expand::unchanged(item, &errors),
    }
}
