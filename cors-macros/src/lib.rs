//! The `#[cors(...)]` attribute; its documentation is on the re-export in `cors-actix`.
//!
//! Data flows one way: `args`, `item` and `module` parse to a spanned tree and collect what does
//! not parse, `heirs` tells the handlers in a module of its settings, `validate` asks `cors-core`, `expand`
//! writes tokens and cannot fail. Whatever is wrong, the user's item is emitted, so that one
//! mistake gives one message.

mod args;
mod attribute;
mod expand;
mod heirs;
mod item;
mod module;
mod validate;

use proc_macro::TokenStream;

#[expect(missing_docs, reason = "documented on the re-export, where its examples can run")]
#[proc_macro_attribute]
pub fn cors(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand(args.into(), &item.into()).into()
}
