//! From the tokens of the attribute and its item to the tokens that take their place.

use proc_macro2::TokenStream;

use crate::{args, expand, heirs, item, module, validate};

pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Vec::new();
    let args = args::parse(args, &mut errors);
    validate::check(&args, &mut errors);
    let expanded = if module::is_module(item) {
        let module = module::parse(item.clone(), &mut errors);
        let module = module.map(|module| heirs::hand_on(module, &mut errors));
        module.map(|module| expand::module(&args, &module))
    } else {
        let handler = item::parse(item.clone(), &mut errors);
        handler.map(|handler| expand::handler(&args, &handler))
    };
    match expanded {
        Some(expanded) if errors.is_empty() => expanded,
        _ => expand::unchanged(item, &errors),
    }
}
