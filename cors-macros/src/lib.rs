//! The `#[cors(...)]` attribute; its documentation is on the re-export in `cors-actix`.
//!
//! Data flows one way: `args`, `item`, `module` and `scope` parse to a spanned tree and collect what does
//! not parse, `heirs` tells the handlers in a module of its settings, `calls` and `registrations`
//! refuse what would not be told, `neighbours` puts other macros' attributes first, `validate` asks `cors-core`, `expand` writes tokens and cannot fail.
//! Whatever is wrong, the user's item is emitted, so that one mistake gives one message.

mod args;
mod attribute;
mod calls;
mod expand;
mod heirs;
mod item;
mod module;
mod neighbours;
mod registrations;
mod scope;
mod validate;

use proc_macro::TokenStream;

#[expect(missing_docs, reason = "documented on the re-export, where its examples can run")]
#[proc_macro_attribute]
pub fn cors(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand(args.into(), &item.into()).into()
}
