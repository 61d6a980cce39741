//! Actix's `#[scope("/x")]`, where it stands below `#[cors]` on the same module.

use syn::{Attribute, LitStr};

use crate::item;

/// What is put before the paths of the handlers in the module, with a slash first as actix registers
/// them; `None` if nothing is. What actix refuses is left to its own message.
pub(crate) fn prefix(attributes: &[Attribute]) -> Option<String> {
    let literals = attributes.iter().filter(|attribute| item::is_named(attribute.path(), "scope"));
    let literals = literals.filter_map(|attribute| attribute.parse_args::<LitStr>().ok());
    // the lowest of several is expanded last, so its text comes first
    let prefix = literals.fold(String::new(), |below, literal| literal.value() + &below);
    match prefix.chars().next() {
        Some('/') => Some(prefix),
        Some(_) => Some(format!("/{prefix}")),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;
    use syn::{Attribute, parse::Parser};

    use super::prefix;

    #[test]
    fn the_prefix_is_what_actix_puts_before_the_paths() {
        let table = [
            (quote!(#[scope("/x")]), Some("/x")),
            (quote!(#[actix_web::scope(r"/a/{id}/b")]), Some("/a/{id}/b")),
            (quote!(#[allow(dead_code)] #[::actix_web::scope("/x")] #[doc = "/y"]), Some("/x")),
            (quote!(#[scope("x")]), Some("/x")),
            (quote!(#[scope("/inner")] #[scope("/outer")]), Some("/outer/inner")),
            (quote!(#[scope("")]), None),
            (quote!(#[scopes("/x")] #[scope::other("/x")]), None),
            (quote!(#[scope]), None),
            (quote!(#[scope(PREFIX)]), None),
            (quote!(#[scope = "/x"]), None),
            (quote!(), None),
        ];
        for (written, expected) in table {
            let attributes = Attribute::parse_outer.parse2(written.clone()).unwrap();
            assert_eq!(prefix(&attributes).as_deref(), expected, "{written}");
        }
    }
}
