//! Route entries: overrides by pattern and method, for routes without `#[cors]` and on top of it.

use actix_service::{IntoServiceFactory, ServiceFactory};
use actix_web::{App, HttpResponse, delete, dev::AppConfig, http::Method, put, route, web};
use cors_actix::{Cors, CorsBuilder, Override, cors};

use crate::support::{
    ADMIN, APP, EVIL, call, expect, granted, granted_alone, preflight, refused, refused_preflight,
    send, serve, shared,
};

fn base() -> CorsBuilder {
    Cors::builder().allow_origins([APP]).allow_credentials(true)
}

async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(expose_headers = ["X-Handler"], max_age = 60)]
#[route("/both", method = "GET", method = "PUT")]
async fn both() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn plain_routes_have_the_policy_of_their_entry() {
    let admin = || Override::builder().allow_origins([ADMIN]).add_expose_headers(["ETag"]);
    let cors = base()
        .route("/files/{name}", ["PUT", "DELETE"], admin())
        .route("second", ["*"], Override::builder().add_expose_headers(["X-Second"]))
        .route("/off", ["*"], Override::builder().disable())
        .build()
        .unwrap();
    let url = serve!(move || {
        let files =
            web::resource("/{name}").route(web::get().to(plain)).route(web::put().to(plain));
        App::new()
            .service(web::scope("/files").service(files))
            .service(web::resource(["/first", "/second", "/{x}/third"]).to(plain))
            .route("/off", web::get().to(plain))
            .wrap(cors.clone())
    });
    let rows = [
        ("PUT", "/files/a", ADMIN, shared(ADMIN, true, "ETag")),
        ("PUT", "/files/a", APP, refused()),
        // served by the resource's 405
        ("DELETE", "/files/a", ADMIN, shared(ADMIN, true, "ETag")),
        ("GET", "/files/a", APP, shared(APP, true, "")),
        ("GET", "/files/a", ADMIN, refused()),
        ("GET", "/first", APP, shared(APP, true, "")),
        ("GET", "/second", APP, shared(APP, true, "X-Second")),
        ("GET", "/x/third", APP, shared(APP, true, "")),
        ("GET", "/off", APP, refused()),
        ("GET", "/nowhere", APP, shared(APP, true, "")),
    ];
    for (method, path, origin, cors) in rows {
        let status = match (method, path) {
            ("DELETE", _) => 405,
            (_, "/nowhere") => 404,
            _ => 200,
        };
        expect(call(method, &url, path, origin), status, &cors).await;
    }
    let rows = [
        ("PUT", "/files/a", ADMIN, 204, granted(ADMIN, "DELETE, PUT", "", "")),
        ("PUT", "/files/a", APP, 403, refused_preflight()),
        ("GET", "/files/a", APP, 204, granted(APP, "", "", "")),
        ("GET", "/files/a", ADMIN, 403, refused_preflight()),
        // its methods are not known
        ("PUT", "/second", APP, 403, refused_preflight()),
        ("GET", "/second", APP, 204, granted(APP, "", "", "")),
        ("GET", "/off", APP, 403, refused_preflight()),
    ];
    for (method, path, origin, status, cors) in rows {
        expect(preflight(&url, path, origin, method, ""), status, &cors).await;
    }
}

#[actix_web::test]
async fn entries_lie_on_attributes_and_later_ones_on_earlier_ones() {
    let add = |name: &str| Override::builder().add_expose_headers([name]);
    let cors = base()
        .route("/s/both", ["PUT"], add("X-First").max_age(std::time::Duration::from_secs(2 * 60)))
        .route("/s/both", ["*"], add("X-Second"))
        .route("/s/both", ["PUT"], Override::builder().remove_expose_headers(["X-First"]))
        .route("/both", ["PUT"], Override::builder().add_allow_headers(["X-A"]))
        .build()
        .unwrap();
    let report = cors.clone();
    let url = serve!(move || App::new()
        .service(web::scope("/s").service(both))
        .service(both)
        .wrap(cors.clone()));
    let rows = [
        ("GET", "/s/both", "X-Handler, X-Second", granted(APP, "GET", "", "60")),
        ("PUT", "/s/both", "X-Handler, X-Second", granted_alone(APP, "HEAD, POST, PUT", "", "120")),
        ("GET", "/both", "X-Handler", granted(APP, "GET", "", "60")),
        ("PUT", "/both", "X-Handler", granted_alone(APP, "HEAD, POST, PUT", "X-A", "60")),
    ];
    for (method, path, exposed, cors) in rows {
        expect(call(method, &url, path, APP), 200, &shared(APP, true, exposed)).await;
        expect(preflight(&url, path, APP, method, ""), 204, &cors).await;
    }
    let text = report.reports()[0].to_string();
    let line = "    max_age               120 s  [= route entry at tests/actix/entries.rs:";
    assert!(text.contains(line), "{text}");
    assert_eq!(text.matches("/s/both  `").count(), 2, "{text}");
}

#[cors(allow_origins = ["*"], allow_credentials = false)]
#[put("/open")]
async fn open() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn an_entry_that_does_not_fit_keeps_the_application_from_starting() {
    let with =
        |pattern: &str, overrides| base().route(pattern, ["PUT"], overrides).build().unwrap();
    let credentials = || Override::builder().allow_credentials(true);
    let rows = [
        (with("/open", credentials()), true),
        (with("/open", credentials().allow_origins([EVIL])), false),
        (with("/plain", credentials().allow_origins(["*"])), true),
        (with("/open", Override::builder()), false),
    ];
    for (index, (cors, fails)) in rows.into_iter().enumerate() {
        let wrapped = cors.clone();
        let app = App::new().service(open).route("/plain", web::put().to(plain)).wrap(wrapped);
        let app = app.into_factory().new_service(AppConfig::default());
        assert_eq!(app.await.is_err(), fails, "row {index}");
        let message = cors.start_error().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(message.contains("route entry at tests/actix/entries.rs:"), fails, "{message}");
    }
}

#[test]
fn everything_wrong_in_entries_is_said_at_once() {
    let wrong = Override::builder().allow_headers(["a b"]).allow_headers(["X-A"]);
    let errors = Cors::builder()
        .allow_origins(["https://app.example.com/"])
        .route("/x", ["PU T", "TRACE"], wrong)
        .route("/y", [""; 0], Override::builder().disable().allow_credentials(true))
        .route("/z", ["*", "GET"], Override::builder())
        .build()
        .unwrap_err();
    let found: Vec<String> = errors
        .iter()
        .map(|error| {
            format!("{} {}", error.code(), error.source.to_string().replace(char::is_numeric, ""))
        })
        .collect();
    let place = "route entry at tests/actix/entries.rs:";
    let expected = [
        ("CORS005", "base policy"),
        ("CORS030", place),
        ("CORS031", place),
        ("CORS040", place),
        ("CORS075", place),
        ("CORS067", place),
        ("CORS066", place),
        ("CORS018", place),
    ];
    assert_eq!(found, expected.map(|(code, source)| format!("{code} {source}")));
}

#[actix_web::test]
async fn strict_routes_refuse_what_is_not_declared() {
    let cors = base()
        .allow_methods(["GET", "PUT", "PATCH"])
        .route("/plain", ["PATCH"], Override::builder())
        .strict_routes(true)
        .build()
        .unwrap();
    let url = serve!(move || App::new()
        .service(both)
        .route("/plain", web::patch().to(plain))
        .route("/other", web::put().to(plain))
        .route("/{x}/{y}", web::put().to(plain))
        .wrap(cors.clone()));
    let rows = [
        ("/both", "PUT", 204, None),
        ("/both", "PATCH", 405, Some("GET, PUT")),
        ("/both", "POST", 405, Some("GET, PUT")),
        ("/plain", "PATCH", 204, None),
        ("/plain", "PUT", 405, Some("PATCH")),
        ("/other", "PUT", 403, None),
        ("/other", "GET", 403, None),
        ("/nowhere", "GET", 403, None),
    ];
    for (path, method, status, allow) in rows {
        let answer = preflight(&url, path, APP, method, "").send().await.unwrap();
        assert_eq!((answer.status, answer.get("allow").as_deref()), (status, allow), "{path}");
        let is_silent = answer.cors() == refused_preflight();
        assert_eq!(is_silent, status != 204, "{path} {method} {:?}", answer.cors());
    }
    // actual requests go on as before
    expect(call("PUT", &url, "/other", APP), 200, &shared(APP, true, "")).await;
    expect(call(Method::OPTIONS.as_str(), &url, "/both", APP), 404, &shared(APP, true, "")).await;
}

/// The search went on one step too far behind a resource whose methods are declared.
#[actix_web::test]
async fn what_stands_behind_a_declared_resource_counts() {
    #[cors(disable)]
    #[delete("/{any}")]
    async fn any() -> &'static str {
        "annotated"
    }
    let methods = ["GET", "DELETE"];
    let cors = base().route("/x", methods, Override::builder()).build().unwrap();
    let between = serve!(move || App::new()
        .route("/x", web::get().to(plain))
        .service(any)
        .route("/x", web::delete().to(plain))
        .wrap(cors.clone()));
    expect(call("DELETE", &between, "/x", APP), 200, &refused()).await;
    expect(preflight(&between, "/x", APP, "DELETE", ""), 403, &refused_preflight()).await;
    let layer = Override::builder().allow_origins([ADMIN]);
    let cors = base().route("/x", methods, layer.clone()).build().unwrap();
    let behind = serve!(move || App::new()
        .route("/x", web::get().to(plain))
        .route("/x", web::delete().to(plain))
        .route("/{tail:.*}", web::get().to(plain))
        .wrap(cors.clone()));
    let cors = base().route("/s/x", methods, layer).unguarded_scopes(true).build().unwrap();
    let in_scope = serve!(move || App::new()
        .service(
            web::scope("/s").route("/x", web::get().to(plain)).route("/x", web::delete().to(plain))
        )
        .route("/{tail:.*}", web::get().to(plain))
        .wrap(cors.clone()));
    for (url, path) in [(&behind, "/x"), (&in_scope, "/s/x")] {
        let answer = send(call("DELETE", url, path, ADMIN)).await;
        assert_eq!(answer.get("access-control-allow-origin").as_deref(), Some(ADMIN), "{path}");
        assert_eq!(send(preflight(url, path, ADMIN, "DELETE", "")).await.status, 204, "{path}");
    }
}

/// The methods of the handler were left out of what the plain route was said to serve, and then it
/// was believed to serve no others.
#[actix_web::test]
async fn an_entry_for_a_plain_route_and_a_handler_of_one_pattern_declares_neither() {
    #[cors(allow_origins = ["https://admin.example.com"])]
    #[put("/x")]
    async fn put_x() -> &'static str {
        "annotated"
    }
    let cors = base().route("/x", ["GET", "PUT"], Override::builder()).build().unwrap();
    let takes_put = serve!(move || App::new()
        .service(web::resource("/x").get(plain).put(plain))
        .service(put_x)
        .wrap(cors.clone()));
    expect(call("PUT", &takes_put, "/x", ADMIN), 200, &refused()).await;
    expect(preflight(&takes_put, "/x", ADMIN, "PUT", ""), 403, &refused_preflight()).await;
    let cors = base().route("/x", ["*"], Override::builder().add_expose_headers(["ETag"]));
    let cors = cors.build().unwrap();
    let wrapped = cors.clone();
    let leaves_put = serve!(move || App::new()
        .route("/x", web::get().to(plain))
        .service(put_x)
        .wrap(wrapped.clone()));
    expect(call("PUT", &leaves_put, "/x", APP), 200, &refused()).await;
    expect(preflight(&leaves_put, "/x", APP, "PUT", ""), 403, &refused_preflight()).await;
    assert!(cors.misuses().iter().all(|own| own.code() != "CORS206"), "{:?}", cors.misuses());
}
