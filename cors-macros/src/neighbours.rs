//! Attributes of other macros on a handler. They are put above `#[cors]`, so that they see a function with its route
//! attribute, and that what they make beside it, such as utoipa's `__path_…`, is where the handler is.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

use crate::item::{self, Annotation, Handler};

/// What the compiler itself reads, which stays on the function.
const BUILT_IN: [&str; 19] = [
    "allow",
    "cfg",
    "cfg_attr",
    "cold",
    "deny",
    "deprecated",
    "doc",
    "expect",
    "export_name",
    "forbid",
    "inline",
    "link_section",
    "must_use",
    "no_mangle",
    "optimize",
    "target_feature",
    "track_caller",
    "unsafe",
    "warn",
];

/// What other tools read, by the first name of their paths.
const TOOLS: [&str; 5] = ["clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt"];

/// The same handler with the attributes of other macros first, and `#[cors]` behind them; `None` if there are none.
pub(crate) fn first(args: &TokenStream, handler: &Handler) -> Option<TokenStream> {
    let is_of_macro =
        |annotation: &&Annotation| matches!(annotation, Annotation::Other(own) if is_of_macro(own));
    let (others, own): (Vec<&Annotation>, Vec<&Annotation>) =
        handler.attributes.iter().partition(is_of_macro);
    if others.is_empty() {
        return None;
    }
    let Handler { visibility, signature, body, .. } = handler;
    Some(quote! {
        #(#others)*
        #[::cors_actix::cors(#args)]
        #(#own)*
        #visibility #signature #body
    })
}

fn is_of_macro(attribute: &Attribute) -> bool {
    let path = attribute.path();
    // it belongs to the route attributes below it
    if item::is_named(path, "routes") {
        return false;
    }
    match path.get_ident() {
        Some(name) => !BUILT_IN.iter().any(|own| name == own),
        None => path.segments.first().is_none_or(|tool| !TOOLS.iter().any(|own| tool.ident == own)),
    }
}
