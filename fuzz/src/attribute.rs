//! The tokens of `#[cors(...)]`, and of the item below after a NUL byte.

use proc_macro2::TokenStream;

/// Types nested a few thousand deep overflow the stack of `syn`, as they do under any attribute.
const MAX_LEN: usize = 1024;

/// Whatever is written, the attribute answers with an item or with errors, and both parse.
pub fn attribute(input: &[u8]) {
    if input.len() > MAX_LEN {
        return;
    }
    let Ok(text) = std::str::from_utf8(input) else { return };
    let (args, item) = text.split_once('\0').unwrap_or((text, HANDLER));
    let (Ok(args), Ok(item)) = (args.parse::<TokenStream>(), item.parse::<TokenStream>()) else {
        return;
    };
    let output = crate::expansion::expand(args, &item);
    let is_expanded = output.to_string().contains("cors_actix");
    let is_error = output.to_string().contains("compile_error");
    let is_marked = output.to_string() == item.to_string();
    assert!(is_expanded || is_error || is_marked, "{output}");
    // the compiler calls an attribute only with an item that parses
    if syn::parse2::<syn::Item>(item).is_ok() {
        assert!(syn::parse2::<syn::File>(output.clone()).is_ok(), "{output}");
    }
}

const HANDLER: &str = "#[get(\"/\")] async fn index() -> HttpResponse { HttpResponse::Ok() }";
