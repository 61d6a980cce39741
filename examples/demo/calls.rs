//! The calls that the page makes and `--check` repeats, each with what the policies say of it.

use serde::Serialize;

/// A call to the API by a script on a page.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Call {
    /// What it shows.
    pub(crate) title: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) headers: &'static [(&'static str, &'static str)],
    pub(crate) body: &'static str,
    /// Whether cookies go along: `credentials: "include"`.
    pub(crate) credentials: bool,
    /// `None` for the demo's page.
    pub(crate) origin: Option<&'static str>,
    pub(crate) expected: Expected,
}

/// What the browser has to let the script have, by the policies.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Expected {
    /// The status the script reads; `None` if it gets nothing.
    pub(crate) status: Option<u16>,
    /// Response headers that it can read.
    pub(crate) readable: &'static [&'static str],
    /// Response headers that it cannot.
    pub(crate) hidden: &'static [&'static str],
    /// The policy's words.
    pub(crate) because: &'static str,
}

const fn readable(
    status: u16,
    readable: &'static [&'static str],
    because: &'static str,
) -> Expected {
    Expected { status: Some(status), readable, hidden: &[], because }
}

const fn blocked(because: &'static str) -> Expected {
    Expected { status: None, readable: &[], hidden: &[], because }
}

/// A GET of the page's without cookies, the start of every row.
const GET: Call = Call {
    title: "",
    method: "GET",
    path: "",
    headers: &[],
    body: "",
    credentials: false,
    origin: None,
    expected: blocked(""),
};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const USER: &str = r#"{"name":"Ada"}"#;
const USER_1: &str = "/api/users/1";
const FILE: &str = "/tenants/acme/files/notes.txt";
const ADMIN: Option<&str> = Some("https://admin.example.com");

pub(crate) const CALLS: &[Call] = &[
    Call {
        title: "A plain route has the base policy",
        path: "/health",
        expected: readable(200, &["x-request-id"], "the page's origin is in the base policy"),
        ..GET
    },
    Call {
        title: "A route exposes more headers, and no others",
        path: USER_1,
        credentials: true,
        expected: Expected {
            hidden: &["x-internal"],
            ..readable(
                200,
                &["etag", "x-ratelimit-remaining", "x-request-id"],
                "expose_headers += [ETag, X-RateLimit-Remaining]",
            )
        },
        ..GET
    },
    Call {
        title: "PUT with If-Match is preflighted and allowed",
        method: "PUT",
        path: USER_1,
        headers: &[JSON, ("If-Match", "\"7\"")],
        body: USER,
        credentials: true,
        expected: readable(200, &["x-request-id"], "allow_headers += [If-Match]"),
        ..GET
    },
    Call {
        title: "An error status can be read",
        method: "PUT",
        path: USER_1,
        headers: &[JSON],
        body: USER,
        credentials: true,
        expected: readable(412, &["x-request-id"], "every response carries its route's policy"),
        ..GET
    },
    Call {
        title: "A header that the route does not allow",
        path: USER_1,
        headers: &[("X-Unknown", "1")],
        expected: blocked("X-Unknown is in no allow_headers"),
        ..GET
    },
    Call {
        title: "DELETE is for the admin application",
        method: "DELETE",
        path: USER_1,
        credentials: true,
        expected: blocked("allow_origins = [https://admin.example.com]"),
        ..GET
    },
    Call {
        title: "The admin application deletes",
        method: "DELETE",
        path: USER_1,
        headers: &[("X-Csrf-Token", "t")],
        credentials: true,
        origin: ADMIN,
        expected: readable(204, &[], "allow_headers += [X-Csrf-Token]"),
        ..GET
    },
    Call {
        title: "The admin application is not in the base policy",
        path: USER_1,
        origin: ADMIN,
        expected: blocked("the base policy does not list it"),
        ..GET
    },
    Call {
        title: "Behind authentication, with the token",
        path: "/api/me",
        headers: &[("Authorization", "Bearer demo")],
        credentials: true,
        expected: readable(200, &["x-request-id"], "the preflight needs no token"),
        ..GET
    },
    Call {
        title: "Behind authentication, without it: the 401 can be read",
        path: "/api/me",
        credentials: true,
        expected: readable(401, &[], "a middleware's error carries the route's policy"),
        ..GET
    },
    Call {
        title: "A created resource tells where it is",
        method: "POST",
        path: "/api/orders",
        headers: &[JSON],
        body: r#"{"item":"tea"}"#,
        credentials: true,
        expected: readable(201, &["location", "x-request-id"], "expose_headers += [Location]"),
        ..GET
    },
    Call {
        title: "A refused body can be read about",
        method: "POST",
        path: "/api/orders",
        headers: &[JSON],
        body: "{",
        credentials: true,
        expected: readable(400, &["x-request-id"], "an extractor's error carries the policy"),
        ..GET
    },
    Call {
        title: "A public route is open to every origin",
        path: "/public/rates",
        expected: Expected {
            hidden: &["x-request-id"],
            ..readable(200, &["etag", "x-ratelimit-limit"], "allow_origins = [*]")
        },
        ..GET
    },
    Call {
        title: "… of any site",
        path: "/public/rates",
        origin: Some("https://anybody.example"),
        expected: readable(200, &["etag"], "allow_origins = [*]"),
        ..GET
    },
    Call {
        title: "… but not with cookies",
        path: "/public/rates",
        credentials: true,
        expected: blocked("allow_credentials = false"),
        ..GET
    },
    Call {
        title: "CORS is off for a route",
        path: "/internal/report",
        expected: blocked("disable"),
        ..GET
    },
    Call {
        title: "A failure can be read",
        path: "/api/fail",
        expected: readable(500, &["x-request-id"], "every response carries its route's policy"),
        ..GET
    },
    Call {
        title: "A redirect is followed",
        path: "/api/moved",
        credentials: true,
        expected: readable(200, &["etag"], "the 302 carries its route's policy too"),
        ..GET
    },
    Call {
        title: "A route in nested scopes",
        path: FILE,
        expected: readable(
            200,
            &["content-disposition", "x-request-id"],
            "expose_headers += [Content-Disposition]",
        ),
        ..GET
    },
    Call {
        title: "PATCH of the same path has another policy",
        method: "PATCH",
        path: FILE,
        headers: &[("If-Match", "\"1\"")],
        credentials: true,
        expected: blocked("allow_origins = [https://admin.example.com]"),
        ..GET
    },
    Call {
        title: "… which lets the admin application in",
        method: "PATCH",
        path: FILE,
        headers: &[("If-Match", "\"1\"")],
        credentials: true,
        origin: ADMIN,
        expected: readable(204, &[], "allow_headers += [If-Match]"),
        ..GET
    },
    Call {
        title: "A preview of the application",
        path: USER_1,
        credentials: true,
        origin: Some("https://pr-7.preview.example.com"),
        expected: readable(200, &["etag"], "https://*.preview.example.com"),
        ..GET
    },
    Call {
        title: "A site that looks like one",
        path: USER_1,
        origin: Some("https://preview.example.com.evil.example"),
        expected: blocked("patterns are anchored"),
        ..GET
    },
    Call {
        title: "A path that does not exist: the 404 can be read",
        path: "/nowhere",
        expected: readable(404, &["x-request-id"], "the base policy covers it"),
        ..GET
    },
];
