//! Routes without `#[cors]`, whose methods actix does not tell.

use actix_files::Files;
use actix_web::{App, HttpResponse, put, web};
use cors_actix::{Cors, CorsBuilder, Misuse, Override, cors, read_only};

use crate::support::{
    ADMIN, APP, call, expect, granted, granted_alone, preflight, refused, refused_preflight, send,
    serve, shared,
};

fn base() -> CorsBuilder {
    Cors::builder().allow_origins([APP]).allow_credentials(true).allow_headers(["X-Token"])
}

async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Of `cors`, those that tell of refusals for want of knowledge.
fn unknown(cors: &Cors) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for misuse in cors.misuses() {
        if let Misuse::MethodUnknown { method, pattern } = misuse {
            found.push((method, pattern));
        }
    }
    found.sort();
    found
}

/// Nothing in the log said why.
#[actix_web::test]
async fn a_preflight_that_is_refused_only_for_want_of_knowledge_is_named_once() {
    let cors = base().route("/known", ["PUT"], Override::builder()).build().unwrap();
    let wrapped = cors.clone();
    let url = serve!(move || App::new()
        .service(web::scope("/api").route("/files/{name}", web::put().to(plain)))
        .route("/known", web::put().to(plain))
        .service(Files::new("/static", "."))
        .wrap(wrapped.clone()));
    let ask = |path: &'static str, origin, method, headers| {
        let request = preflight(&url, path, origin, method, headers);
        async move { expect(request, 403, &refused_preflight()).await }
    };
    // for other reasons, or for several
    ask("/api/files/7", ADMIN, "PUT", "").await;
    ask("/api/files/7", APP, "PUT", "x-other").await;
    ask("/known", APP, "DELETE", "").await;
    ask("/nowhere", APP, "PUT", "").await;
    ask("/api/nowhere", APP, "PUT", "").await;
    assert_eq!(unknown(&cors), []);
    for path in ["/api/files/7", "/api/files/8"] {
        for method in ["PUT", "DELETE", "PROPFIND", "MADE-UP", "PUT"] {
            ask(path, APP, method, "x-token").await;
        }
    }
    ask("/static/a/b", APP, "PUT", "").await;
    // of unusual methods, which anybody can make up, one is named
    let row = |method: &str, pattern: &str| (method.to_owned(), pattern.to_owned());
    let expected = [
        row("DELETE", "/api/files/{name}"),
        row("PROPFIND", "/api/files/{name}"),
        row("PUT", "/api/files/{name}"),
        row("PUT", "/static"),
    ];
    assert_eq!(unknown(&cors), expected);
    expect(preflight(&url, "/known", APP, "PUT", ""), 204, &granted(APP, "PUT", "X-Token", ""))
        .await;
}

#[actix_web::test]
async fn each_way_out_that_is_named_is_one() {
    let ways = [
        base().allow_methods(["PUT"]),
        base().scope("/api", Override::builder().allow_methods(["PUT"])),
        base().route("/api/plain", ["PUT"], Override::builder()),
    ];
    for builder in ways {
        let cors = builder.build().unwrap();
        let wrapped = cors.clone();
        let url = serve!(move || {
            let api = web::scope("/api").route("/plain", web::put().to(plain));
            App::new().service(api).wrap(wrapped.clone())
        });
        assert_eq!(send(preflight(&url, "/api/plain", APP, "PUT", "")).await.status, 204);
        assert_eq!(cors.misuses(), []);
    }
    // a list that lacks the method is no want of knowledge
    let cors = base().allow_methods(["PATCH"]).build().unwrap();
    let wrapped = cors.clone();
    let url = serve!(move || App::new().route("/x", web::put().to(plain)).wrap(wrapped.clone()));
    expect(preflight(&url, "/x", APP, "PUT", ""), 403, &refused_preflight()).await;
    assert_eq!(unknown(&cors), []);
}

/// The first route of the path was named, by its first pattern, whichever was in the way.
#[actix_web::test]
async fn the_route_is_named_whose_methods_are_missed() {
    let cors = base().scope("/api", Override::builder().allow_methods(["PUT"])).build().unwrap();
    let wrapped = cors.clone();
    let url = serve!(move || App::new()
        .service(web::scope("/api").route("/x", web::put().to(plain)))
        .service(web::resource(["/one", "/other"]).to(plain))
        .route("/{rest:a.*}", web::to(plain))
        .wrap(wrapped.clone()));
    let rows = [
        ("/api/x", "PUT", Some("/{rest:a.*}")),
        ("/other", "PUT", Some("/other")),
        // no route serves it
        ("/one", "patch", None),
    ];
    for (path, method, pattern) in rows {
        let before = unknown(&cors);
        expect(preflight(&url, path, APP, method, ""), 403, &refused_preflight()).await;
        let said: Vec<_> = unknown(&cors).into_iter().filter(|it| !before.contains(it)).collect();
        let expected = pattern.map(|own| (method.to_owned(), own.to_owned()));
        assert_eq!(said, Vec::from_iter(expected), "{method} {path}");
    }
}

/// Pages lost their credentials there, and nothing said why.
#[actix_web::test]
async fn a_plain_route_of_a_scope_policy_is_named_that_something_behind_the_scope_may_take() {
    let own = || Override::builder().allow_credentials(true);
    for is_read_only in [false, true] {
        let cors = Cors::builder().allow_origins([APP]).scope("/api", own()).build().unwrap();
        let wrapped = cors.clone();
        let url = serve!(move || {
            let api = web::scope("/api").route("/{id}", web::get().to(plain));
            let files = Files::new("/", ".");
            let app = App::new().service(api).configure(move |config| {
                if is_read_only {
                    config.service(read_only(files));
                } else {
                    config.service(files);
                }
            });
            app.wrap(wrapped.clone())
        });
        expect(call("GET", &url, "/api/7", APP), 200, &shared(APP, true, "")).await;
        let expected = Misuse::Doubtful {
            route: "`/api/{id}`".to_owned(),
            by: "the service at the root, which has the pattern \"\",".to_owned(),
        };
        let expected = if is_read_only { Vec::new() } else { vec![expected] };
        assert_eq!(cors.misuses(), expected);
    }
}

#[cors]
#[put("/lots")]
async fn lots() -> &'static str {
    "lots"
}

#[cors]
#[put("/lots/")]
async fn lots_with_slash() -> &'static str {
    "lots/"
}

#[cors]
#[put("/{tail:.*}")]
async fn tail() -> &'static str {
    "tail"
}

/// Both were refused, although it makes no difference which of them runs.
#[actix_web::test]
async fn routes_that_are_answered_alike_do_not_make_each_other_ambiguous() {
    for wrapped in [false, true] {
        let cors = base().build().unwrap();
        let kept = cors.clone();
        let url = serve!(move || {
            let routes = |config: &mut web::ServiceConfig| {
                config.service((lots, lots_with_slash));
                if wrapped {
                    config.service(tail);
                }
            };
            App::new()
                .service(web::scope("/in").configure(routes))
                .configure(routes)
                .wrap(kept.clone())
        });
        let tails: &[&str] = if wrapped { &["/other", "/other/"] } else { &[] };
        for path in ["/lots", "/lots/", "/in/lots", "/in/lots/"].iter().chain(tails) {
            let request = preflight(&url, path, APP, "PUT", "x-token");
            // the catch-all, or what is behind a scope that may have a guard, is another candidate
            let is_alone = !(path.starts_with("/in/") || wrapped && path.starts_with("/lots"));
            let own = if is_alone { granted } else { granted_alone };
            expect(request, 204, &own(APP, "PUT", "X-Token", "")).await;
            expect(call("PUT", &url, path, APP), 200, &shared(APP, true, "")).await;
        }
        expect(call("PUT", &url, "/lots", ADMIN), 200, &refused()).await;
        assert_eq!(cors.misuses(), []);
    }
}
