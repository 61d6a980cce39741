//! `cors-actix/CODES.md`: the page is made from the applications below and from what the log says of
//! them, so that it cannot go stale. `UPDATE=1 cargo test -p cors-tests --test actix codes` writes it
//! anew.

use std::{collections::BTreeSet, fmt::Write, time::Duration};

use actix_web::{
    App, Error, HttpResponse,
    body::MessageBody,
    dev::{Service, ServiceRequest, ServiceResponse},
    get, guard,
    http::Method,
    middleware::{DefaultHeaders, Logger, Next, NormalizePath, from_fn},
    put,
    test::{TestRequest, init_service},
    web,
};
use cors_actix::{Cors, CorsBuilder, Misuse, Override, cors, for_scope, read_only};

use crate::support::{APP, listen_to_log, logged};

/// A code, what it is about, why it matters, an application that shows it, and one that does not.
struct Entry {
    code: &'static str,
    about: &'static str,
    why: &'static str,
    shows: Application,
    instead: Application,
}

/// An application as it is written, with the codes and messages of what was found in it.
struct Application {
    source: String,
    found: Vec<(String, String)>,
}

fn base() -> CorsBuilder {
    // no browser remembers a preflight from before the start
    Cors::builder().allow_origins([APP]).max_age(Duration::ZERO)
}

#[cors(allow_headers += ["Authorization"])]
#[put("/users/{id}")]
async fn put_user() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

#[cors]
#[get("/users/{id}")]
async fn get_user() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[get("/users/me")]
async fn get_me() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn page() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn check_token(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.headers().contains_key("authorization") {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    Ok(request.into_response(HttpResponse::Unauthorized()).map_into_boxed_body())
}

/// Sends what a browser sends for a PUT with a token, as often as it takes to miss preflights.
async fn call<S, B>(app: &S, path: &str)
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
{
    for _ in 0..20 {
        let request =
            |method| TestRequest::with_uri(path).method(method).insert_header(("origin", APP));
        let preflight = request(Method::OPTIONS)
            .insert_header(("access-control-request-method", "PUT"))
            .insert_header(("access-control-request-headers", "authorization"));
        let actual = request(Method::PUT).insert_header(("authorization", "Bearer x"));
        for request in [preflight, actual] {
            _ = app.call(request.to_request()).await;
        }
    }
}

/// Starts an application with `cors`, which the builder makes, and calls a path of it.
macro_rules! application {
    ($builder:expr, |$cors:pat_param| $app:expr, $path:expr) => {{
        let kept = $builder.build().unwrap();
        let make = |$cors: Cors| $app;
        let app = init_service(make(kept.clone())).await;
        call(&app, $path).await;
        let found = |misuse: &Misuse| (misuse.code().to_owned(), misuse.to_string());
        Application {
            source: source(stringify!($builder), stringify!($app)),
            found: kept.misuses().iter().map(found).collect(),
        }
    }};
}

/// What a reader has to see: the builder, if it says anything, and the application.
fn source(builder: &str, app: &str) -> String {
    if builder == "base()" {
        return in_lines(app);
    }
    let cors = format!("let cors = {}.build()?;", builder.replace("base()", "base"));
    format!("{}\n{}", in_lines(&cors), in_lines(app))
}

/// A chain of calls: in one line if it is short, otherwise with a line for each call.
fn in_lines(chain: &str) -> String {
    let chain = chain.split_whitespace().collect::<Vec<_>>().join(" ");
    if chain.len() <= 80 {
        return chain;
    }
    let (mut lines, mut depth) = (String::new(), 0_usize);
    for character in chain.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            '.' if depth == 0 => lines += "\n    ",
            _ => {}
        }
        lines.push(character);
    }
    lines
}

/// What the log says of handlers outside of any middleware.
fn not_wrapped() -> Vec<(String, String)> {
    let line = logged("`actix::codes::put_user`").pop();
    let message = line.and_then(|line| Some(line.split_once("[CORS201] ")?.1.to_owned()));
    message.into_iter().map(|message| ("CORS201".to_owned(), message)).collect()
}

async fn entries() -> Vec<Entry> {
    let mut entries = positions().await;
    entries.extend(several().await);
    entries.extend(in_scopes().await);
    entries.extend(routes().await);
    entries.extend(doubts().await);
    entries.extend(scopes().await);
    entries.extend(hidden().await);
    entries.extend(unknown().await);
    entries.sort_by_key(|entry| entry.code);
    entries
}

/// Where the middleware stands, and what others do.
async fn positions() -> Vec<Entry> {
    listen_to_log();
    let wrapped = application!(base(), |cors| App::new().service(put_user).wrap(cors), "/users/1");
    // since then, no middleware was made that could be left out on purpose
    call(&init_service(App::new().service(put_user)).await, "/users/1").await;
    let alone =
        Application { source: "App::new().service(put_user)".to_owned(), found: not_wrapped() };
    vec![
        Entry {
            code: "CORS201",
            about: "Handler without the middleware",
            why: "`#[cors]` only describes a policy; the middleware applies it. Found at the first \
                  request to the handler, and said in the log alone. One that was made for the application \
                  and then left out, as by `Condition::new(false, cors)`, is no mistake.",
            shows: alone,
            instead: wrapped,
        },
        Entry {
            code: "CORS204",
            about: "Preflights do not arrive",
            why: "A browser sends no token with a preflight, so an authentication outside of the \
                  middleware refuses it. Found when twenty requests that need a preflight have come from \
                  other origins without one.",
            shows: application!(
                base(),
                |cors| App::new().service(put_user).wrap(cors).wrap(from_fn(check_token)),
                "/users/1"
            ),
            instead: application!(
                base(),
                |cors| App::new().service(put_user).wrap(from_fn(check_token)).wrap(cors),
                "/users/1"
            ),
        },
        Entry {
            code: "CORS205",
            about: "CORS headers set by hand",
            why: "Two values of one header make browsers refuse the response, so the policy's replace \
                  them. Found when a response has them.",
            shows: application!(
                base(),
                |cors| App::new()
                    .service(put_user)
                    .wrap(DefaultHeaders::new().add(("Access-Control-Allow-Origin", "*")))
                    .wrap(cors),
                "/users/1"
            ),
            instead: application!(
                base(),
                |cors| App::new().service(put_user).wrap(cors),
                "/users/1"
            ),
        },
        Entry {
            code: "CORS210",
            about: "Paths changed inside of the middleware",
            why: "A preflight never gets as far as an inner middleware, so its path stays as it was, and \
                  may lead to another route. Found when a request comes back with another path or method.",
            shows: application!(
                base(),
                |cors| App::new().service(put_user).wrap(NormalizePath::trim()).wrap(cors),
                "/users/1/"
            ),
            instead: application!(
                base(),
                |cors| App::new().service(put_user).wrap(cors).wrap(NormalizePath::trim()),
                "/users/1/"
            ),
        },
    ]
}

/// Where there are several middlewares, or one in a scope.
async fn several() -> Vec<Entry> {
    vec![
        Entry {
            code: "CORS202",
            about: "Two middlewares",
            why: "The outer one replaces every header that the inner one writes, and answers all \
                  preflights. Found at start, or at the first request if the inner one is around a scope or \
                  something else hides it. It is kept in both, and CORS205 is not said of the outer one.",
            shows: application!(
                base(),
                |cors| App::new().service(put_user).wrap(cors.clone()).wrap(cors),
                "/"
            ),
            instead: application!(base(), |cors| App::new().service(put_user).wrap(cors), "/"),
        },
        Entry {
            code: "CORS203",
            about: "Middleware around a scope",
            why: "It cannot answer for other paths, and a guard of the scope keeps preflights out. Found \
                  at the first request; around `web::scope(\"\")`, which takes nothing of the path, only if \
                  nothing stands between the two.",
            shows: application!(
                base(),
                |cors| App::new().service(web::scope("/api").wrap(cors).service(put_user)),
                "/api/users/1"
            ),
            instead: application!(
                base(),
                |cors| App::new().service(web::scope("/api").service(put_user)).wrap(cors),
                "/api/users/1"
            ),
        },
    ]
}

/// Middlewares that are told to be around a scope.
async fn in_scopes() -> Vec<Entry> {
    vec![
        Entry {
            code: "CORS216",
            about: "Middleware for a scope around the application",
            why: "It does not know at start what it is wrapped around, so that policies which do not fit keep no \
                  application from starting. Found at the first request.",
            shows: application!(
                base().around_scope(true),
                |cors| App::new().service(web::scope("/api").service(put_user)).wrap(cors),
                "/api/users/1"
            ),
            instead: application!(
                base().around_scope(true),
                |cors| App::new().service(web::scope("/api").service(put_user).wrap(cors)),
                "/api/users/1"
            ),
        },
        Entry {
            code: "CORS219",
            about: "Scopes of one path with different handlers",
            why: "Actix does not tell which of them a middleware is wrapped around. The policy of a response is \
                  that of the handler which made it, all the same. Found at the first request.",
            shows: application!(
                base().around_scope(true),
                |cors| App::new()
                    .service(
                        web::scope("/api").guard(guard::Host("one.example.com")).service(get_user)
                    )
                    .service(web::scope("/api").service(put_user).wrap(cors)),
                "/api/users/1"
            ),
            instead: application!(
                base().around_scope(true),
                |cors| App::new()
                    .service(
                        web::scope("/one").guard(guard::Host("one.example.com")).service(get_user)
                    )
                    .service(web::scope("/api").service(put_user).wrap(cors)),
                "/api/users/1"
            ),
        },
    ]
}

/// Routes that are not reached, and entries without a route.
async fn routes() -> Vec<Entry> {
    vec![
        Entry {
            code: "CORS206",
            about: "Route that is never reached",
            why: "Actix runs the first route that takes a request. Found at the first request.",
            shows: application!(
                base(),
                |cors| App::new().service(get_user).service(get_me).wrap(cors),
                "/users/1"
            ),
            instead: application!(
                base(),
                |cors| App::new().service(get_me).service(get_user).wrap(cors),
                "/users/1"
            ),
        },
        Entry {
            code: "CORS208",
            about: "Route entry without a route",
            why: "An entry applies to the route that has exactly its pattern, so a misspelt one changes \
                  nothing. Found at the first request.",
            shows: application!(
                base().route("/users/{id}", ["PUT"], Override::builder().allow_credentials(true)),
                |cors| App::new().service(web::scope("/api").service(put_user)).wrap(cors),
                "/api/users/1"
            ),
            instead: application!(
                base().route(
                    "/api/users/{id}",
                    ["PUT"],
                    Override::builder().allow_credentials(true)
                ),
                |cors| App::new().service(web::scope("/api").service(put_user)).wrap(cors),
                "/api/users/1"
            ),
        },
        Entry {
            code: "CORS209",
            about: "Route entry for a method that is not served",
            why: "Its preflights would be granted, and the requests answered with 404 or 405. Found at \
                  the first request.",
            shows: application!(
                base().route(
                    "/users/{id}",
                    ["PUT", "DELETE"],
                    Override::builder().allow_credentials(true)
                ),
                |cors| App::new().service(put_user).wrap(cors),
                "/users/1"
            ),
            instead: application!(
                base().route("/users/{id}", ["PUT"], Override::builder().allow_credentials(true)),
                |cors| App::new().service(put_user).wrap(cors),
                "/users/1"
            ),
        },
    ]
}

/// Where more than one route could serve a request.
async fn doubts() -> Vec<Entry> {
    vec![
        Entry {
            code: "CORS207",
            about: "Plain route before an annotated one",
            why: "Actix does not tell which methods a route without `#[cors]` serves, so it could be the \
                  one that runs. Found at the first request.",
            shows: application!(
                base(),
                |cors| App::new()
                    .route("/users/{id}", web::get().to(page))
                    .service(put_user)
                    .wrap(cors),
                "/users/1"
            ),
            instead: application!(
                base(),
                |cors| App::new()
                    .service(put_user)
                    .route("/users/{id}", web::get().to(page))
                    .wrap(cors),
                "/users/1"
            ),
        },
        Entry {
            code: "CORS211",
            about: "Catch-all after a scope",
            why: "Actix does not tell whether a scope has a guard, and what a guard refuses goes on to \
                  the next service. Found at the first request.",
            shows: application!(
                base(),
                |cors| App::new()
                    .service(web::scope("/api").service(put_user))
                    .route("/{tail:.*}", web::get().to(page))
                    .wrap(cors),
                "/api/users/1"
            ),
            instead: application!(
                base().unguarded_scopes(true),
                |cors| App::new()
                    .service(web::scope("/api").service(put_user))
                    .route("/{tail:.*}", web::get().to(page))
                    .wrap(cors),
                "/api/users/1"
            ),
        },
        Entry {
            code: "CORS212",
            about: "Plain route that looks like a handler",
            why: "Actix lists its resources without their handlers, so handlers are told from plain \
                  routes by name, pattern and order. Found at the first request.",
            shows: application!(
                base(),
                |cors| App::new()
                    .service(web::scope("/v2").service(get_me).service(put_user))
                    .service(
                        web::scope("/v1")
                            .service(web::resource("/users/{id}").name("put_user").put(page))
                    )
                    .wrap(cors),
                "/v2/users/1"
            ),
            instead: application!(
                base(),
                |cors| App::new()
                    .service(web::scope("/v2").service(get_me).service(put_user))
                    .service(
                        web::scope("/v1")
                            .service(web::resource("/users/{id}").name("old_user").put(page))
                    )
                    .wrap(cors),
                "/v2/users/1"
            ),
        },
        Entry {
            code: "CORS213",
            about: "Path that leads elsewhere with a slash",
            why: "Any inner middleware may change slashes as `NormalizePath` does; actix does not tell \
                  which do. Found at the first request.",
            shows: application!(
                base(),
                |cors| App::new()
                    .service(put_user)
                    .route("/{tail:.*}", web::get().to(page))
                    .wrap(Logger::default())
                    .wrap(cors),
                "/users/1"
            ),
            instead: application!(
                base().unrewritten_paths(true),
                |cors| App::new()
                    .service(put_user)
                    .route("/{tail:.*}", web::get().to(page))
                    .wrap(Logger::default())
                    .wrap(cors),
                "/users/1"
            ),
        },
    ]
}

/// What is not known of plain routes.
async fn unknown() -> Vec<Entry> {
    vec![Entry {
        code: "CORS218",
        about: "Preflight for a plain route whose methods are not known",
        why: "Actix does not tell which methods a route serves. Said when such a preflight has been refused, \
              once for each route and method.",
        shows: application!(
            base().allow_headers(["Authorization"]),
            |cors| App::new().route("/page", web::put().to(page)).wrap(cors),
            "/page"
        ),
        instead: application!(
            base().allow_headers(["Authorization"]).allow_methods(["PUT"]),
            |cors| App::new().route("/page", web::put().to(page)).wrap(cors),
            "/page"
        ),
    }]
}

/// What takes the place of something else.
async fn hidden() -> Vec<Entry> {
    vec![Entry {
        code: "CORS217",
        about: "Something behind `read_only`",
        why: "`read_only` takes every path that is left, so nothing behind it is reached. Found at the first \
              request.",
        shows: application!(
            base(),
            |cors| App::new()
                .service(read_only(web::resource("/").to(page)))
                .route("/late", web::get().to(page))
                .wrap(cors),
            "/late"
        ),
        instead: application!(
            base(),
            |cors| App::new()
                .route("/late", web::get().to(page))
                .service(read_only(web::resource("/").to(page)))
                .wrap(cors),
            "/late"
        ),
    }]
}

/// Overrides for scopes.
async fn scopes() -> Vec<Entry> {
    vec![
        Entry {
            code: "CORS214",
            about: "Scope entry without a scope",
            why: "A scope entry applies to patterns that begin with its path, so a misspelt one changes \
                  nothing but what unknown paths get. Found at the first request.",
            shows: application!(
                base().scope("/users", Override::builder().allow_credentials(true)),
                |cors| App::new().service(web::scope("/api").service(put_user)).wrap(cors),
                "/api/users/1"
            ),
            instead: application!(
                base().scope("/api/users", Override::builder().allow_credentials(true)),
                |cors| App::new().service(web::scope("/api").service(put_user)).wrap(cors),
                "/api/users/1"
            ),
        },
        Entry {
            code: "CORS215",
            about: "Overrides in one of several scopes of the same path",
            why: "A route is known by its full pattern, which is the same in both. Found at the first request.",
            shows: application!(
                base(),
                |cors| App::new()
                    .service(
                        web::scope("/api")
                            .guard(guard::Host("one.example.com"))
                            .service(for_scope(Override::builder().allow_credentials(true)))
                            .route("/page", web::get().to(page))
                    )
                    .service(web::scope("/api").route("/page", web::get().to(page)))
                    .wrap(cors),
                "/api/page"
            ),
            instead: application!(
                base().scope("/api", Override::builder().allow_credentials(true)),
                |cors| App::new()
                    .service(
                        web::scope("/api")
                            .guard(guard::Host("one.example.com"))
                            .route("/page", web::get().to(page))
                    )
                    .service(web::scope("/api").route("/page", web::get().to(page)))
                    .wrap(cors),
                "/api/page"
            ),
        },
    ]
}

const HEAD: &str = "# Codes of cors-actix

Mistakes in how an application uses the middleware have codes that stay the same from release to \
release. Each mistake is written to the log once, and kept in `Cors::misuses`, where a test can look. \
What is wrong with a policy itself, wherever it is written, is in [the core's list](../cors-core/CODES.md), \
CORS001 to CORS115; its lints are in `Cors::misuses` too.

Every application here is run by the tests, and every message is what the code says. In all of them \
`put_user` is a handler with `#[cors(allow_headers += [\"Authorization\"])]` for PUT `/users/{id}`, \
`get_user` one with `#[cors]` for GET `/users/{id}`, `get_me` one with `#[cors]` for GET `/users/me`, \
and `page` a function without `#[cors]`. `cors` is built from `base`, a builder that allows \
`https://app.example.com`.
";

fn page_of(entries: &[Entry]) -> String {
    let mut page = HEAD.to_owned();
    for Entry { code, about, why, shows, instead } in entries {
        let messages = shows.found.iter().filter(|(own, _)| own == code);
        let message = messages.map(|(_, message)| without_places(message)).next();
        write!(
            page,
            "\n## {code}: {about}\n\n{why}\n\n{}\n> {}\n\nInstead:\n\n{}",
            block(&shows.source),
            message.unwrap_or_default(),
            block(&instead.source),
        )
        .unwrap();
    }
    page
}

fn block(source: &str) -> String {
    format!("```rust,ignore\n{source}\n```\n")
}

/// A message as an application of one file would get it.
fn without_places(message: &str) -> String {
    let mut parts = message.split("tests/actix/codes.rs:");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text += "src/main.rs:LINE";
        text += part.trim_start_matches(|character: char| character.is_ascii_digit());
    }
    text.replace("actix::codes::", "api::")
}

#[actix_web::test]
async fn every_application_shows_its_code_and_none_does_instead() {
    for Entry { code, shows, instead, .. } in entries().await {
        let codes: BTreeSet<&str> = shows.found.iter().map(|(own, _)| own.as_str()).collect();
        assert_eq!(codes, BTreeSet::from([code]), "{code}: {:?}", shows.found);
        assert_eq!(instead.found, [], "{code}");
    }
}

#[actix_web::test]
async fn every_misuse_is_on_the_page() {
    let source = include_str!("../../cors-actix/src/diagnosis/warning.rs");
    let arms = source.lines().filter_map(|line| line.trim().split_once("=> \"CORS"));
    let known: BTreeSet<String> = arms.map(|(_, rest)| format!("CORS{}", &rest[..3])).collect();
    let listed = entries().await.into_iter().map(|entry| entry.code.to_owned()).collect();
    assert_eq!(known, listed);
}

#[actix_web::test]
async fn the_page_is_what_the_log_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../cors-actix/CODES.md");
    let page = page_of(&entries().await);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page, "CODES.md is stale; write it anew with UPDATE=1");
}
