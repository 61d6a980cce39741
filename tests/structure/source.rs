//! What the modules of a file say of other modules. What is there in tests alone is left out.

use std::mem;

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Attribute, ImplItem, Item, ItemMod, ItemUse, Macro, UseTree, VisRestricted, Visibility,
    visit::{self, Visit},
};

/// A module, in a file of its own or written out within one.
#[derive(Debug, Default)]
pub(crate) struct Module {
    /// The names from the root of the crate to it.
    pub(crate) path: Vec<String>,
    pub(crate) file: String,
    pub(crate) imports: Vec<Import>,
    /// Paths of two or more names, outside of `use`.
    pub(crate) paths: Vec<Vec<String>>,
    /// Whether it has anything but imports and modules.
    pub(crate) defines: bool,
    /// Its modules that are there in tests alone.
    pub(crate) tests: Vec<String>,
}

/// What one name of a `use` stands for.
#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) name: String,
    pub(crate) path: Vec<String>,
    pub(crate) is_re_export: bool,
}

/// The modules of a file, its own first.
///
/// # Panics
///
/// If the text is not Rust.
pub(crate) fn modules(file: &str, text: &str) -> Vec<Module> {
    let parsed = syn::parse_file(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let module = Module { path: path_of(file), file: file.to_owned(), ..Module::default() };
    let mut reader = Reader { module, finished: Vec::new() };
    reader.read(&parsed.items);
    reader.finished.insert(0, reader.module);
    reader.finished
}

/// `a/b.rs` and `a/b/mod.rs` are the module `a::b`, `lib.rs` is the root.
fn path_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|name| *name != "lib").map(str::to_owned).collect()
}

struct Reader {
    /// The module that is being read.
    module: Module,
    /// Those within it that have been.
    finished: Vec<Module>,
}

impl Reader {
    fn read(&mut self, items: &[Item]) {
        for item in items {
            let passes = matches!(item, Item::Use(_) | Item::Mod(_)) || is_for_tests(item);
            self.module.defines |= !passes;
            self.visit_item(item);
        }
    }

    fn import(&mut self, before: &[String], tree: &UseTree, is_re_export: bool) {
        let path = |name: &str| [before, &[name.to_owned()]].concat();
        let (name, path) = match tree {
            UseTree::Path(tree) => {
                return self.import(&path(&tree.ident.to_string()), &tree.tree, is_re_export);
            }
            UseTree::Group(group) => {
                return group.items.iter().for_each(|tree| self.import(before, tree, is_re_export));
            }
            UseTree::Name(tree) if tree.ident == "self" => {
                (before.last().cloned().unwrap_or_default(), before.to_vec())
            }
            UseTree::Name(tree) => (tree.ident.to_string(), path(&tree.ident.to_string())),
            UseTree::Rename(tree) => (tree.rename.to_string(), path(&tree.ident.to_string())),
            UseTree::Glob(_) => ("*".to_owned(), before.to_vec()),
        };
        self.module.imports.push(Import { name, path, is_re_export });
    }

    /// The paths from the root or the parent in the tokens of a macro.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut rest = tokens.as_slice();
        while let [first, after @ ..] = rest {
            rest = after;
            match first {
                TokenTree::Group(group) => self.read_tokens(group.stream()),
                TokenTree::Ident(start) if *start == "crate" || *start == "super" => {
                    let mut path = vec![start.to_string()];
                    while let [
                        TokenTree::Punct(one),
                        TokenTree::Punct(two),
                        TokenTree::Ident(name),
                        after @ ..,
                    ] = rest
                        && [one.as_char(), two.as_char()] == [':', ':']
                    {
                        path.push(name.to_string());
                        rest = after;
                    }
                    // in tokens that a macro writes, either may stand alone
                    if path.len() > 1 {
                        self.module.paths.push(path);
                    }
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(item) {
            visit::visit_item(self, item);
        } else if let Item::Mod(module) = item {
            self.module.tests.push(module.ident.to_string());
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let is_test = matches!(item, ImplItem::Fn(own) if has_test(&own.attrs));
        if !is_test {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if let Some((_, items)) = &item.content {
            let mut path = self.module.path.clone();
            path.push(item.ident.to_string());
            let inner = Module { path, file: self.module.file.clone(), ..Module::default() };
            let outer = mem::replace(&mut self.module, inner);
            self.read(items);
            self.finished.push(mem::replace(&mut self.module, outer));
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            self.import(&[], &item.tree, !matches!(item.vis, Visibility::Inherited));
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names = path.segments.iter().map(|segment| segment.ident.to_string());
        if path.leading_colon.is_none() && path.segments.len() > 1 {
            self.module.paths.push(names.collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, own: &'ast Macro) {
        visit::visit_macro(self, own);
        self.read_tokens(own.tokens.clone());
    }

    // neither imports anything
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_vis_restricted(&mut self, _: &'ast VisRestricted) {}
}

fn is_for_tests(item: &Item) -> bool {
    has_test(match item {
        Item::Const(own) => &own.attrs,
        Item::Enum(own) => &own.attrs,
        Item::Fn(own) => &own.attrs,
        Item::Impl(own) => &own.attrs,
        Item::Macro(own) => &own.attrs,
        Item::Mod(own) => &own.attrs,
        Item::Static(own) => &own.attrs,
        Item::Struct(own) => &own.attrs,
        Item::Trait(own) => &own.attrs,
        Item::Type(own) => &own.attrs,
        Item::Use(own) => &own.attrs,
        _ => &[],
    })
}

/// Whether an attribute is `#[cfg(test)]` or `#[test]`.
fn has_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|own| {
        own.path().is_ident("test")
            || own.path().is_ident("cfg")
                && own.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}
