//! `Logger`: the same lines with the same contents, inside of the middleware and outside.

use actix_web::{
    App, HttpRequest, HttpResponse, error::ErrorBadRequest, get, middleware::Logger, rt, web,
};

use super::pair::{HOST, PATIENCE, Pair, pair, twice};
use crate::support::{APP, call, listen_to_log, logged, preflight, send};

twice! {
    #[get("/logged/{size}")]
    async fn sized(size: web::Path<usize>) -> HttpResponse {
        HttpResponse::Ok().insert_header(("x-echo", size.to_string())).body("x".repeat(*size))
    }

    #[get("/failing")]
    async fn failing(_: HttpRequest) -> Result<HttpResponse, actix_web::Error> {
        Err(ErrorBadRequest("no"))
    }
}

fn logger(target: &'static str) -> Logger {
    let format = r#"%{x-run}i %a "%r" %s %b %U "%{Referer}i" %{x-echo}o %{length}xi %{NO_VAR}e"#;
    let length = |request: &actix_web::dev::ServiceRequest| request.path().len().to_string();
    Logger::new(format).custom_request_replace("length", length).log_target(target)
}

/// The lines that one request leaves at both servers.
async fn lines(
    pair: &Pair,
    run: &str,
    (method, path): (&str, &str),
    count: usize,
) -> [Vec<String>; 2] {
    let mut lines = [Vec::new(), Vec::new()];
    for (lines, (url, side)) in
        lines.iter_mut().zip([(&pair.with, "with"), (&pair.without, "without")])
    {
        let run = format!("<{run} {method} {path} {side}>");
        send(call(method, url, path, APP).header("x-run", &run).header("host", HOST)).await;
        // a line is written when the body is dropped, perhaps after its last byte has arrived
        let written = async {
            while logged(&run).len() < count {
                rt::task::yield_now().await;
            }
        };
        rt::time::timeout(PATIENCE, written).await.expect("a line for each logger");
        lines.extend(logged(&run).iter().map(|line| line.replace(&run, "")));
    }
    lines
}

const CALLS: [(&str, &str, &str); 6] = [
    ("GET", "/logged/0", r#"INFO  127.0.0.1 "GET /logged/0 HTTP/1.1" 200 0 /logged/0 "-" 0 9 -"#),
    ("GET", "/logged/70000?q=1", r#""GET /logged/70000?q=1 HTTP/1.1" 200 70000 /logged/70000 "-""#),
    ("GET", "/logged/x", "404"),
    ("GET", "/failing", r#""GET /failing HTTP/1.1" 400 2"#),
    ("POST", "/failing", "404 0"),
    ("OPTIONS", "/nothing", r#""OPTIONS /nothing HTTP/1.1" 404 0"#),
];

#[actix_web::test]
async fn lines_are_the_same() {
    listen_to_log();
    let routes = |config: &mut web::ServiceConfig| {
        config.route("/plain", web::get().to(HttpResponse::Ok));
    };
    let pairs = [
        (
            "inside",
            pair!(
                App::new()
                    .configure(routes)
                    .service((handlers::sized, handlers::failing))
                    .wrap(logger("cors_tests"))
            ),
        ),
        (
            "outside",
            pair!(
                App::new().configure(routes).service((handlers::sized, handlers::failing));
                .wrap(logger("cors_tests"))
            ),
        ),
        (
            "scope",
            pair!(
                App::new().service(
                    web::scope("")
                        .service((handlers::sized, handlers::failing))
                        .wrap(logger("cors_tests"))
                )
            ),
        ),
        (
            "two",
            pair!(
                App::new()
                    .service((handlers::sized, handlers::failing))
                    .wrap(logger("cors_tests").exclude("/failing"));
                .wrap(logger("cors_tests"))
            ),
        ),
    ];
    for (place, pair) in pairs {
        for (method, path, part) in CALLS {
            let count = if place == "two" && path != "/failing" { 2 } else { 1 };
            let [with, without] = lines(&pair, place, (method, path), count).await;
            assert_eq!(with, without, "{place} {method} {path}");
            assert!(with.iter().all(|line| line.contains(part)), "{with:?} without {part}");
            assert_eq!(with.len(), count, "{place} {method} {path}");
        }
    }
}

/// What is answered by the middleware is seen by what stands outside of it.
#[actix_web::test]
async fn preflights_are_logged_outside_and_only_there() {
    listen_to_log();
    let inside = pair!(App::new().service(handlers::sized).wrap(logger("cors_tests")));
    let outside = pair!(App::new().service(handlers::sized); .wrap(logger("cors_tests")));
    for (pair, run, lines) in [(inside, "<quiet>", 0), (outside, "<loud>", 1)] {
        send(preflight(&pair.with, "/logged/1", APP, "GET", "").header("x-run", run)).await;
        let seen = logged(run);
        assert_eq!(seen.len(), lines, "{seen:?}");
        assert!(seen.iter().all(|line| line.contains("OPTIONS /logged/1 HTTP/1.1\" 204 0")));
    }
}
