//! Elements that load from another origin, with and without `crossorigin`, and fonts.

use crate::{
    call::{Call, Kind, by, fetch},
    engine::Engine::{Firefox, WebKit},
    row::{EVIL, Exception, Expected, Page, ROW, Row, except},
    run::run,
};

#[actix_web::test]
async fn what_elements_load_can_be_used_where_the_policy_allows_the_page() {
    run("elements", ROWS).await;
}

const fn get(kind: Kind, path: &'static str) -> Call {
    by(kind, "GET", path)
}

/// A page of the policy's, which can use what it loads.
const fn own(name: &'static str, calls: &'static [Call]) -> Row {
    Row { name, calls, expected: Expected::Used, seen: &["GET"], ..ROW }
}

/// The same on a page that gets nothing.
const fn others(name: &'static str, calls: &'static [Call]) -> Row {
    Row { page: Page::At(EVIL), expected: Expected::Blocked, ..own(name, calls) }
}

const SCRIPT: &[Call] = &[get(Kind::Script, "/script.js")];
const MODULE: &[Call] = &[get(Kind::Module, "/script.js")];
const IMAGE: &[Call] = &[get(Kind::Image, "/pixel.gif")];
const FONT: &[Call] = &[get(Kind::Font, "/triangle.ttf")];

const FONTS_OF_WEBKIT: &[Exception] = &[except(
    &[WebKit],
    Expected::Used,
    &["GET without origin"],
    "fonts are loaded without CORS; https://drafts.csswg.org/css-fonts/#font-fetching-requirements",
)];

const ROWS: &[Row] = &[
    own("<script crossorigin>", SCRIPT),
    others("<script crossorigin> on another origin's page", SCRIPT),
    own("<script type=module>", MODULE),
    others("<script type=module> on another origin's page", MODULE),
    own("<img crossorigin>", IMAGE),
    others("<img crossorigin> on another origin's page", IMAGE),
    Row { except: FONTS_OF_WEBKIT, ..own("a font", FONT) },
    Row { except: FONTS_OF_WEBKIT, ..others("a font on another origin's page", FONT) },
    Row {
        name: "<script> alone runs, and its errors are muted",
        page: Page::At(EVIL),
        calls: &[get(Kind::PlainScript, "/script.js")],
        expected: Expected::Opaque,
        seen: &["GET without origin"],
        except: &[except(
            &[Firefox],
            Expected::Used,
            &["GET without origin"],
            "what is thrown is told; https://html.spec.whatwg.org/#muted-errors",
        )],
    },
    Row {
        name: "<img> alone shows, and cannot be read",
        page: Page::At(EVIL),
        calls: &[get(Kind::PlainImage, "/pixel.gif")],
        expected: Expected::Opaque,
        seen: &["GET without origin"],
        ..ROW
    },
    Row {
        name: "<img> alone, on a page of the policy's: the same",
        calls: &[get(Kind::PlainImage, "/pixel.gif")],
        expected: Expected::Opaque,
        seen: &["GET without origin"],
        ..ROW
    },
    Row {
        name: "an image without and then with crossorigin: the first is not taken for the second",
        calls: &[get(Kind::PlainImage, "/pixel.gif"), get(Kind::Image, "/pixel.gif")],
        expected: Expected::Used,
        seen: &["GET without origin", "GET"],
        ..ROW
    },
    Row {
        name: "<script crossorigin=use-credentials>",
        calls: &[fetch("GET", "/login").including(), get(Kind::Script, "/script.js").including()],
        expected: Expected::Used,
        seen: &["GET", "GET with cookie"],
        ..ROW
    },
    Row {
        name: "<script crossorigin=anonymous> goes without cookies",
        calls: &[get(Kind::Script, "/script.js")],
        expected: Expected::Used,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "<img crossorigin=use-credentials>",
        calls: &[get(Kind::Image, "/pixel.gif").including()],
        expected: Expected::Used,
        seen: &["GET with cookie"],
        ..ROW
    },
    Row {
        name: "an open script, with credentials",
        calls: &[get(Kind::Script, "/open.js").including()],
        expected: Expected::Blocked,
        seen: &["GET with cookie"],
        ..ROW
    },
    Row {
        name: "an open script, anywhere",
        page: Page::At(EVIL),
        calls: &[get(Kind::Script, "/open.js")],
        expected: Expected::Used,
        seen: &["GET"],
        ..ROW
    },
    Row {
        name: "an open module, in a sandboxed frame",
        page: Page::Sandboxed,
        calls: &[get(Kind::Module, "/open.js")],
        expected: Expected::Used,
        seen: &["GET"],
        ..ROW
    },
];
