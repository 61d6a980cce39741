//! Which scope a handler is in: handlers that are registered one after the other share what marks
//! their scope, and some scopes cannot be told apart before the first request.

use actix_web::{App, HttpResponse, delete, get, put, web};
use cors_actix::{Cors, Override, cors, report::Report};

use crate::support::{
    ADMIN, APP, EVIL, call, expect, granted, granted_alone, preflight, refused, refused_preflight,
    serve, shared,
};

#[cors(allow_headers = ["X-Token"])]
#[put("/x")]
async fn x() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[get("/y/{id}")]
async fn y() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

#[cors]
#[delete("/z")]
async fn z() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

async fn plain() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

fn patterns(report: &Report) -> Vec<&str> {
    report.routes.iter().map(|route| route.pattern.as_str()).collect()
}

/// One of its routes has an entry.
fn base(pattern: &str) -> Cors {
    let evil = Override::builder().allow_origins([EVIL]);
    let base = Cors::builder().allow_origins([APP]).allow_credentials(true);
    base.route(pattern, ["PUT"], evil).build().unwrap()
}

/// The route that takes PUT has this origin, and its preflight too.
async fn expect_put(url: &str, path: &str, origin: &str) {
    // with a twin in its scope, it is answered by its own method alone
    let expected = if path == "/d/x" { granted_alone } else { granted };
    let own = expected(origin, "PUT", "X-Token", "");
    expect(preflight(url, path, origin, "PUT", "x-token"), 204, &own).await;
    expect(call("PUT", url, path, origin), 204, &shared(origin, true, "")).await;
}

/// Scopes with default services of their own look the same while they register.
#[actix_web::test]
async fn scopes_one_after_the_other_with_default_services_of_their_own() {
    let cors = base("/b/x");
    let wrapped = cors.clone();
    let url = serve!(move || {
        let scope = |prefix| web::scope(prefix).default_service(web::to(plain));
        App::new()
            .service(scope("/a").service((x, y)).route("/plain", web::get().to(plain)))
            .service(scope("/b").service((x, z)))
            .service(scope("/c").service(scope("/in").service((z, x))).service(y))
            .service(web::scope("/d").service((x, x)))
            .service(web::scope("/e").service(x))
            .service(scope("/f").service(x))
            .wrap(wrapped.clone())
    });
    for (path, origin) in [
        ("/a/x", APP),
        ("/b/x", EVIL),
        ("/c/in/x", APP),
        ("/d/x", APP),
        ("/e/x", APP),
        ("/f/x", APP),
    ] {
        expect_put(&url, path, origin).await;
    }
    expect(call("PUT", &url, "/b/x", APP), 204, &refused()).await;
    for path in ["/a/y/1", "/c/y/1"] {
        expect(call("GET", &url, path, ADMIN), 204, &shared(ADMIN, true, "")).await;
        let own = granted(ADMIN, "GET", "", "");
        expect(preflight(&url, path, ADMIN, "GET", ""), 204, &own).await;
    }
    expect(preflight(&url, "/b/y/1", ADMIN, "GET", ""), 403, &refused_preflight()).await;
    let reports = cors.reports();
    assert_eq!(reports.len(), 1, "what was taken for right before is forgotten");
    let expected = [
        "/a/x",
        "/a/y/{id}",
        "/b/x",
        "/b/z",
        "/c/in/z",
        "/c/in/x",
        "/c/y/{id}",
        "/d/x",
        "/d/x",
        "/e/x",
        "/f/x",
    ];
    assert_eq!(patterns(&reports[0]), expected);
    assert_eq!(cors.misuses(), []);
}

/// They looked the same as long as nothing else took the memory where the name of the host had been
/// kept for the one before, and a handler in the second had the first one's path.
#[actix_web::test]
async fn scopes_that_look_the_same_are_told_apart_by_the_first_request() {
    let cors = base("/s1/x");
    let wrapped = cors.clone();
    let app = move || {
        let scope = |number| {
            let scope = web::scope(&format!("/s{number}")).default_service(web::to(plain));
            scope.service(x).service(z)
        };
        App::new().service(scope(0)).service(scope(1)).service(scope(2)).wrap(wrapped.clone())
    };
    // no other text has such a length
    let server = actix_web::HttpServer::new(app).server_hostname("h".repeat(900)).workers(1);
    let server = server.bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    let server = server.run();
    let handle = server.handle();
    actix_web::rt::spawn(server);
    for (path, origin) in [("/s1/x", EVIL), ("/s0/x", APP), ("/s2/x", APP)] {
        expect_put(&url, path, origin).await;
    }
    expect(call("PUT", &url, "/s1/x", APP), 204, &refused()).await;
    let reports = cors.reports();
    assert_eq!(reports.len(), 1);
    let expected = ["/s0/x", "/s0/z", "/s1/x", "/s1/z", "/s2/x", "/s2/z"];
    assert_eq!(patterns(&reports[0]), expected);
    handle.stop(false).await;
}
