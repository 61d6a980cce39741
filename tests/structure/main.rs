//! Who may import from whom: no circles among the files of a crate, and folders in an order. And how long the README
//! may be.

mod arrows;
mod source;

use std::path::Path;

use arrows::Arrows;

fn arrows(files: &[(&str, &str)]) -> Arrows {
    let owned = files.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned()));
    Arrows::of(&owned.collect::<Vec<_>>())
}

/// Two files, `a.rs` with this text and `b.rs`, which imports from it.
fn circles_of_two(text: &str) -> Vec<String> {
    let root = "mod a; mod b;";
    arrows(&[("lib.rs", root), ("a.rs", text), ("b.rs", "use crate::a::A; struct B;")]).circles()
}

#[test]
fn files_that_import_from_each_other_are_a_circle() {
    let circle = ["a.rs → b.rs → a.rs"];
    for text in [
        "use crate::b::B; struct A;",
        "use crate::{b::{B as Other}}; struct A;",
        "use super::b; struct A;",
        "struct A; fn f(b: crate::b::B) {}",
        "struct A; mod inner { use super::super::b::B; }",
        "struct A; fn f() { use crate::b::B; }",
        "struct A; fn f() -> bool { matches!(1, crate::b::B) }",
        "macro_rules! a { () => { $crate::b::B } }",
        "struct A; #[cfg(feature = \"test\")] use crate::b::B;",
    ] {
        assert_eq!(circles_of_two(text), circle, "{text}");
    }
}

#[test]
fn other_crates_tests_and_comments_are_no_arrows() {
    for text in [
        "use b::B; struct A;",
        "use ::b::B; struct A;",
        "/// Like [`B`](crate::b::B).\nstruct A; // use crate::b::B",
        "struct A; #[cfg(test)] use crate::b::B;",
        "struct A; #[cfg(test)] mod tests { use crate::b::B; }",
        "struct A; #[cfg(test)] fn f() -> crate::b::B {}",
        "struct A; impl A { #[cfg(test)] fn f() -> crate::b::B {} }",
        "struct A; pub(in crate::b) fn f() {}",
        "struct A; fn f() { quote!(super::#name) }",
    ] {
        assert_eq!(circles_of_two(text), [""; 0], "{text}");
    }
}

#[test]
fn a_file_for_tests_may_import_anything() {
    let files = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "#[cfg(test)] mod tests; use crate::a::tests::T; struct A;"),
        ("a/tests/mod.rs", "mod table;"),
        ("a/tests/table.rs", "use crate::a::A; struct T;"),
    ];
    assert_eq!(arrows(&files).circles(), [""; 0]);
}

#[test]
fn declaring_and_re_exporting_a_child_is_no_arrow_and_using_it_is() {
    let with = |parent: &str| {
        let files =
            [("lib.rs", "mod a;"), ("a/mod.rs", parent), ("a/b.rs", "use super::A; struct B;")];
        arrows(&files).circles()
    };
    assert_eq!(with("mod b; struct A;"), [""; 0]);
    assert_eq!(with("mod b; pub(crate) use b::B; struct A;"), [""; 0]);
    assert_eq!(with("mod b; pub use self::b::B; struct A;"), [""; 0]);
    let circle = ["a/b.rs → a/mod.rs → a/b.rs"];
    assert_eq!(with("mod b; use b::B; struct A;"), circle);
    assert_eq!(with("mod b; struct A; fn f() { b::f() }"), circle);
}

/// An import leads to what defines the name, not to what passes it on.
#[test]
fn re_exports_are_followed() {
    let siblings = [
        ("lib.rs", "mod a; pub use a::B;"),
        ("a/mod.rs", "mod b; mod c; pub use b::B; pub use c::C;"),
        ("a/b.rs", "use super::C; struct B;"),
    ];
    let with = |c: &str| arrows(&[&siblings[..], &[("a/c.rs", c)]].concat()).circles();
    assert_eq!(with("struct C;"), [""; 0]);
    let circle = ["a/b.rs → a/c.rs → a/b.rs"];
    for c in ["use super::B; struct C;", "use crate::B; struct C;", "use crate::a; type C = a::B;"]
    {
        assert_eq!(with(c), circle, "{c}");
    }
    // a parent that imports for itself passes on as well
    let private = [
        ("lib.rs", "mod a; mod d;"),
        ("a/mod.rs", "mod b; use crate::d::D; struct A;"),
        ("a/b.rs", "use super::D; struct B;"),
        ("d.rs", "use crate::a::b::B; struct D;"),
    ];
    assert_eq!(arrows(&private).circles(), ["a/b.rs → d.rs → a/b.rs"]);
}

#[test]
fn folders_import_only_from_those_before_them() {
    let files = [
        ("lib.rs", "mod a; mod b; mod test; use b::B;"),
        ("a/mod.rs", "mod inner; pub use inner::A;"),
        ("a/inner.rs", "use crate::b::B; struct A;"),
        ("b.rs", "use crate::a::A; struct B;"),
        ("test.rs", "use crate::a::A; struct T;"),
        ("other.rs", "struct Other;"),
    ];
    let arrows = arrows(&files);
    let lost = "other.rs has no place in the order";
    assert_eq!(arrows.against(&["a", "b"], &["lib", "test"]), ["a/inner.rs → b.rs", lost]);
    assert_eq!(arrows.against(&["b", "a"], &["lib", "test"]), ["b.rs → a/inner.rs", lost]);
    assert_eq!(arrows.against(&["test", "a", "b", "other"], &["lib"]).len(), 2);
    assert_eq!(arrows.between(&["b", "other"], "a"), ["b.rs → a/inner.rs"]);
    assert_eq!(arrows.between(&["other"], "a"), [""; 0]);
}

/// All crates whose sources are looked at.
const CRATES: [&str; 4] = ["cors-core", "cors-macros", "cors-actix", "benches"];

/// A crate's folders in the order in which they may import from each other: from those before.
const ORDERS: [(&str, &[&str]); 1] =
    [("cors-actix", &["handler", "startup", "routing", "diagnosis", "serving", "builder"])];

/// Files that may import from all folders of an order, and that none of them imports from.
const LAST: [&str; 4] = ["lib", "test", "report", "__private"];

/// Folders and files of a crate that never import from another of its folders.
const LEAVES: [(&str, &[&str], &str); 1] =
    [("cors-core", &["token", "fields", "headers", "methods", "max_age", "vary"], "policy")];

/// More than that nobody reads before trying; the rest is in `docs/`.
#[test]
fn the_readme_is_short() {
    let text = std::fs::read_to_string("../README.md").unwrap();
    let words = text.split_whitespace().count();
    assert!(words <= 1100, "README.md has {words} words");
}

#[test]
fn the_workspace_flows_one_way() {
    let arrows = |name: &str| Arrows::of_folder(&Path::new("..").join(name).join("src"));
    let mut wrong = Vec::new();
    let mut add = |name: &str, found: Vec<String>| {
        wrong.extend(found.into_iter().map(|arrow| format!("{name}: {arrow}")));
    };
    for name in CRATES {
        add(name, arrows(name).circles());
    }
    for (name, order) in ORDERS {
        add(name, arrows(name).against(order, &LAST));
    }
    for (name, leaves, target) in LEAVES {
        add(name, arrows(name).between(leaves, target));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
