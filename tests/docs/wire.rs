//! What requests get from actix-cors and from this crate, in the table of the page on moving over.

use actix_http::Request;
use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    dev::{Service, ServiceResponse},
    get,
    http::{Method, header::HeaderMap},
    put,
    test::{TestRequest, init_service},
    web,
};
use cors_actix::{Cors, cors};

const APP: &str = "https://app.example.com";
const OTHER: &str = "https://other.example";

/// A request, as the table calls it.
struct Row {
    what: &'static str,
    method: &'static str,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    /// Whether it is sent to applications that are open to any origin.
    is_open: bool,
}

const fn row(
    what: &'static str,
    (method, path): (&'static str, &'static str),
    headers: &'static [(&'static str, &'static str)],
) -> Row {
    Row { what, method, path, headers, is_open: false }
}

const fn open(mut row: Row) -> Row {
    row.is_open = true;
    row
}

const ORIGIN: (&str, &str) = ("Origin", APP);
const OF_OTHER: (&str, &str) = ("Origin", OTHER);
const PUT: (&str, &str) = ("Access-Control-Request-Method", "PUT");
const DELETE: (&str, &str) = ("Access-Control-Request-Method", "DELETE");
const QUERY: (&str, &str) = ("Access-Control-Request-Method", "QUERY");
const CONTENT_TYPE: (&str, &str) = ("Access-Control-Request-Headers", "content-type");

const ROWS: &[Row] = &[
    row("a granted preflight", ("OPTIONS", "/items"), &[ORIGIN, PUT, CONTENT_TYPE]),
    row("a preflight of another origin", ("OPTIONS", "/items"), &[OF_OTHER, PUT]),
    row("a preflight for DELETE, which is not allowed", ("OPTIONS", "/items"), &[ORIGIN, DELETE]),
    row("a preflight for a path without a route", ("OPTIONS", "/nowhere"), &[ORIGIN, PUT]),
    row("GET from the allowed origin", ("GET", "/items"), &[ORIGIN]),
    row("GET from another origin", ("GET", "/items"), &[OF_OTHER]),
    row("GET without `Origin`", ("GET", "/items"), &[]),
    row("GET of a response with two `Vary` lines", ("GET", "/varying"), &[ORIGIN]),
    open(row("any origin: GET", ("GET", "/items"), &[ORIGIN])),
    open(row("any method: a preflight for QUERY", ("OPTIONS", "/items"), &[ORIGIN, QUERY])),
];

#[cors]
#[put("/items")]
async fn put_item() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

#[cors]
#[get("/items")]
async fn get_item() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn varying() -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.append_header(("Vary", "Accept-Language")).append_header(("Vary", "Cookie"));
    response.finish()
}

fn their_cors(is_open: bool) -> actix_cors::Cors {
    if is_open {
        return actix_cors::Cors::default().allow_any_origin().allow_any_method();
    }
    actix_cors::Cors::default()
        .allowed_origin(APP)
        .allowed_methods(["PUT"])
        .allowed_header("content-type")
        .expose_headers(["etag"])
        .supports_credentials()
        .max_age(600)
}

fn our_cors(is_open: bool) -> Cors {
    let cors = if is_open {
        Cors::builder().allow_origins(["*"]).allow_methods(["*"])
    } else {
        Cors::builder()
            .allow_origins([APP])
            .allow_headers(["Content-Type"])
            .expose_headers(["ETag"])
            .allow_credentials(true)
            .max_age(std::time::Duration::from_secs(10 * 60))
    };
    cors.build().unwrap()
}

async fn theirs(row: &Row) -> String {
    let items = web::resource("/items").get(HttpResponse::Ok).put(HttpResponse::NoContent);
    let app = App::new().service(items).route("/varying", web::get().to(varying));
    ask(&init_service(app.wrap(their_cors(row.is_open))).await, row).await
}

async fn ours(row: &Row) -> String {
    let app = App::new().service(get_item).service(put_item);
    let app = app.route("/varying", web::get().to(varying));
    ask(&init_service(app.wrap(our_cors(row.is_open))).await, row).await
}

/// The status and the CORS headers, as a cell.
async fn ask<S, B>(app: &S, row: &Row) -> String
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let method = Method::from_bytes(row.method.as_bytes()).unwrap();
    let request = TestRequest::with_uri(row.path).method(method);
    let request = row.headers.iter().fold(request, |request, own| request.insert_header(*own));
    match app.call(request.to_request()).await {
        Ok(response) => cell(response.status().as_u16(), response.headers()),
        Err(error) => {
            let response = error.error_response();
            cell(response.status().as_u16(), response.headers())
        }
    }
}

fn cell(status: u16, headers: &HeaderMap) -> String {
    let is_cors = |name: &str| name == "vary" || name.starts_with("access-control-");
    let lines = headers.iter().filter(|(name, _)| is_cors(name.as_str()));
    let mut lines: Vec<String> = lines
        .map(|(name, value)| format!("`{}: {}`", name.as_str(), value.to_str().unwrap()))
        .collect();
    lines.sort();
    lines.insert(0, status.to_string());
    lines.join("<br>")
}

#[actix_web::test]
async fn the_table_says_what_both_answer() {
    let path = cors_tests_docs::root().join("docs/moving-from-actix-cors.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("<!-- answers -->\n").expect("the table's beginning");
    let (table, after) = rest.split_once("<!-- end of answers -->").expect("the table's end");
    let mut seen = "\n| request | actix-cors 0.7.2 | cors-actix |\n|---|---|---|\n".to_owned();
    for row in ROWS {
        let cells = [row.what.to_owned(), theirs(row).await, ours(row).await];
        seen.extend(["| ", &cells.join(" | "), " |\n"]);
    }
    seen.push('\n');
    if std::env::var_os("UPDATE").is_some() {
        let page = [before, "<!-- answers -->\n", &seen, "<!-- end of answers -->", after].concat();
        std::fs::write(path, page).unwrap();
        return;
    }
    assert_eq!(table, seen, "`UPDATE=1 cargo test -p cors-tests-docs wire` writes it");
}

/// Every setting of actix-cors 0.7 that a user may come from.
#[test]
fn every_setting_of_actix_cors_has_a_row() {
    let page =
        std::fs::read_to_string(cors_tests_docs::root().join("docs/moving-from-actix-cors.md"));
    let page = page.unwrap();
    for name in [
        "Cors::default()",
        "Cors::permissive()",
        "allowed_origin(",
        "allowed_origin_fn(",
        "allow_any_origin()",
        "allowed_methods(",
        "allow_any_method()",
        "allowed_header(",
        "allowed_headers(",
        "allow_any_header()",
        "expose_headers(",
        "expose_any_header()",
        "supports_credentials()",
        "max_age(",
        "send_wildcard()",
        "disable_preflight()",
        "disable_vary_header()",
        "block_on_origin_mismatch(",
        "allow_private_network_access()",
    ] {
        let is_own = |line: &&str| line.starts_with("| ") && line.contains(name);
        assert!(page.lines().any(|line| is_own(&line)), "{name}");
    }
}
