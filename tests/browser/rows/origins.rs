//! Which pages may read, by their origin.

use crate::{
    call::{Call, fetch},
    row::{EVIL, Expected, LOCAL, Page, ROW, Row, SECOND},
    run::run,
};

#[actix_web::test]
async fn pages_of_the_listed_origins_read_and_no_others() {
    run("origins", ROWS).await;
}

const OPEN: Expected = Expected::Readable { status: 200, names: &["etag", "x-hidden", "x-shown"] };

const READ_WHAT_IS_OPEN: &[Call] = &[fetch("GET", "/items"), fetch("PUT", "/open")];
const GET_AND_PUT: &[Call] = &[fetch("GET", "/items"), fetch("PUT", "/items")];

/// A page that reads, with a preflight.
const fn allowed(name: &'static str, origin: &'static str) -> Row {
    Row {
        name,
        page: Page::At(origin),
        calls: GET_AND_PUT,
        seen: &["GET", "preflight PUT", "PUT"],
        ..ROW
    }
}

/// A page that does not read.
const fn refused(name: &'static str, page: Page) -> Row {
    Row {
        name,
        page,
        calls: GET_AND_PUT,
        expected: Expected::Blocked,
        seen: &["GET", "preflight PUT"],
        ..ROW
    }
}

/// An origin that browsers send in this spelling, whether or not a policy can list it.
const fn unlisted(name: &'static str, origin: &'static str) -> Row {
    Row {
        name,
        page: Page::At(origin),
        calls: READ_WHAT_IS_OPEN,
        expected: OPEN,
        seen: &["GET", "preflight PUT", "PUT"],
        ..ROW
    }
}

const ROWS: &[Row] = &[
    allowed("a listed origin", "http://app.site.example"),
    allowed("a listed origin with a port, on another site", SECOND),
    allowed("a subdomain by pattern", "http://pr-7.preview.example"),
    allowed("a deeper subdomain by pattern", "http://a.b.preview.example"),
    refused("another origin", Page::At(EVIL)),
    refused("another port", Page::At("http://app.site.example:8443")),
    refused("no port", Page::At("http://second.example")),
    refused("a trailing dot", Page::At("http://app.site.example.")),
    refused("a longer name", Page::At("http://app.site.example.evil.example")),
    refused("a name with a prefix", Page::At("http://xapp.site.example")),
    refused("the pattern's own domain", Page::At("http://preview.example")),
    refused("a name that ends like the pattern", Page::At("http://xpreview.example")),
    refused("a pattern's subdomain in front", Page::At("http://a.preview.example.evil.example")),
    refused("a sandboxed frame", Page::Sandboxed),
    refused("a page that its header sandboxes", Page::SandboxedByHeader),
    refused("a page at a data: URL", Page::Data),
    allowed("an address in brackets", "http://[::1]:8080"),
    refused("an address in brackets without the port", Page::At("http://[::1]")),
    refused("another address of the same machine", Page::At("http://127.0.0.1:8080")),
    allowed("a host of this machine with a name", LOCAL),
    refused("another host of this machine", Page::At("http://other.localhost")),
    unlisted("a label that ends in a hyphen", "http://pr-.localhost"),
    unlisted("a label that starts with a hyphen", "http://-pr.localhost"),
    unlisted("an underscore", "http://my_app.site.example"),
    unlisted("an address of IPv4 in one of IPv6", "http://[::ffff:7f00:1]:8080"),
    Row {
        name: "a route without CORS",
        calls: &[fetch("GET", "/off"), fetch("PUT", "/off")],
        expected: Expected::Blocked,
        seen: &["GET", "preflight PUT"],
        ..ROW
    },
    Row {
        name: "an open route for any page",
        page: Page::At(EVIL),
        calls: &[fetch("PUT", "/open")],
        expected: OPEN,
        seen: &["preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "an open route for a sandboxed frame",
        page: Page::Sandboxed,
        calls: &[fetch("PUT", "/open")],
        expected: OPEN,
        seen: &["preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "an open route for a data: page",
        page: Page::Data,
        calls: &[fetch("PUT", "/open")],
        expected: OPEN,
        seen: &["preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "a route for null, and a sandboxed frame",
        page: Page::Sandboxed,
        calls: &[fetch("PUT", "/sandboxed")],
        seen: &["preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "a route for null, and a data: page",
        page: Page::Data,
        calls: &[fetch("PUT", "/sandboxed")],
        seen: &["preflight PUT", "PUT"],
        ..ROW
    },
    Row {
        name: "a route for null has no credentials",
        page: Page::Sandboxed,
        calls: &[fetch("PUT", "/sandboxed").including()],
        expected: Expected::Blocked,
        seen: &["preflight PUT"],
        ..ROW
    },
    Row {
        name: "a route for null is none for a page with a name",
        calls: &[fetch("GET", "/sandboxed"), fetch("PUT", "/sandboxed")],
        expected: Expected::Blocked,
        seen: &["GET", "preflight PUT"],
        ..ROW
    },
];
