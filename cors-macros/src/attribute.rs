//! From the tokens of the attribute and its item to the tokens that take their place.

use proc_macro2::TokenStream;

use crate::{args, calls, expand, heirs, item, module, neighbours, registrations, validate};

pub(crate) fn expand(args: TokenStream, item: &TokenStream) -> TokenStream {
    if calls::is_marked(&args, item) {
        return item.clone();
    }
    let mut errors = Vec::new();
    let written = args.clone();
    let args = args::parse(args, &mut errors);
    validate::check(&args, &mut errors);
    let expanded = if module::is_module(item) {
        let module = module::parse(item.clone(), &mut errors);
        if let Some(module) = module.as_ref().filter(|_| args.is_switch()) {
            registrations::refuse(&module.items, &mut errors);
        }
        let module = module.map(|module| heirs::hand_on(module, &mut errors));
        module.map(|module| expand::module(&args, &module))
    } else {
        let handler = item::parse(item.clone(), &mut errors);
        handler.map(|handler| {
            let behind_others = neighbours::first(&written, &handler);
            behind_others.unwrap_or_else(|| expand::handler(&args, &handler))
        })
    };
    match expanded {
        Some(expanded) if errors.is_empty() => expanded,
        _ => expand::unchanged(item, &errors),
    }
}
