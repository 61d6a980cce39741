//! A middleware that is told to be around a scope: it answers for what is in there, and for nothing else.

use actix_web::{
    App, HttpResponse, get, guard,
    http::Method,
    middleware::{Condition, NormalizePath, from_fn},
    put,
    test::TestRequest,
    web,
};
use cors_actix::{Cors, Override, cors, for_scope, report::Report};

use super::{codes, in_scope, plain};
use crate::{
    started::{Started, head},
    support::{
        ADMIN, APP, EVIL, call, expect, get as get_from, granted, listen_to_log, logged, preflight,
        refused, refused_preflight, serve, shared,
    },
};

#[cors(expose_headers = ["ETag"])]
#[get("/x")]
async fn x() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_headers = ["X-Token"], allow_credentials = true)]
#[put("/private")]
async fn private() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(disable)]
#[put("/closed")]
async fn closed() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn patterns(report: &Report) -> Vec<&str> {
    report.routes.iter().map(|route| route.pattern.as_str()).collect()
}

/// The status and CORS headers of an answer to an application's request.
async fn answer(app: &Started, method: Method, path: &str, origin: &str) -> (u16, Vec<String>) {
    let request = TestRequest::with_uri(path).method(method).insert_header(("origin", origin));
    let response = app.call(request).await.unwrap();
    let response = head(response.response());
    (response.status, response.cors())
}

#[actix_web::test]
async fn it_merges_what_is_in_its_scope_and_nothing_else() {
    let (one, two) = (in_scope(APP).build().unwrap(), in_scope("*").build().unwrap());
    let wrapped = (one.clone(), two.clone());
    let url = serve!(move || {
        App::new()
            .service(web::scope("/open").service(x).wrap(wrapped.1.clone()))
            // it does not fit the other one, and comes before what is around the scope of that
            .service(web::scope("/own").service((x, private)).wrap(wrapped.0.clone()))
            .service(closed)
            .route("/{tail:.*}", web::to(plain))
    });
    expect(get_from(&url, "/own/x", APP), 200, &shared(APP, false, "ETag")).await;
    expect(get_from(&url, "/own/x", EVIL), 200, &refused()).await;
    expect(get_from(&url, "/own/none", APP), 404, &shared(APP, false, "")).await;
    // the catch-all does not get what is in the scope, so its policy does not matter
    let asks = preflight(&url, "/own/private", APP, "PUT", "x-token");
    expect(asks, 204, &granted(APP, "PUT", "X-Token", "")).await;
    let any = ["access-control-allow-origin: *", "access-control-expose-headers: ETag"];
    expect(get_from(&url, "/open/x", EVIL), 200, &any.map(str::to_owned)).await;
    // outside
    expect(call("PUT", &url, "/closed", APP), 200, &[]).await;
    expect(get_from(&url, "/none", APP), 200, &[]).await;
    expect(preflight(&url, "/none", APP, "PUT", ""), 200, &[]).await;
    for (cors, expected) in [(one, vec!["/own/x", "/own/private"]), (two, vec!["/open/x"])] {
        let reports = cors.reports();
        assert_eq!(reports.iter().map(patterns).collect::<Vec<_>>(), [expected]);
        assert_eq!((codes(&cors), cors.start_error()), (vec![], None));
    }
}

/// Any origin from here, credentials from there.
#[actix_web::test]
async fn what_does_not_fit_closes_its_scope_alone() {
    listen_to_log();
    let (own, beside) = (in_scope("*").build().unwrap(), in_scope(APP).build().unwrap());
    let app = App::new()
        .service(web::scope("/misfit-scope").service((x, private)).wrap(own.clone()))
        .service(web::scope("/beside").service(x).wrap(beside.clone()));
    let app = Started::start(app).await.expect("it starts");
    for path in ["/misfit-scope/x", "/misfit-scope/none"] {
        let (_, cors) = answer(&app, Method::GET, path, APP).await;
        assert!(cors.iter().all(|line| line.starts_with("vary")), "{cors:?}");
    }
    let expected = (200, shared(APP, false, "ETag"));
    let (status, mut cors) = answer(&app, Method::GET, "/beside/x", APP).await;
    cors.sort();
    assert_eq!((status, cors), (expected.0, sorted(expected.1)));
    assert_eq!(own.start_error().unwrap().errors().first().code(), "CORS019");
    assert_eq!(beside.start_error(), None);
    let lines = logged("below `/misfit-scope`, because policies do not fit");
    assert!(lines.len() == 1 && lines[0].starts_with("ERROR"), "{lines:?}");
}

/// It was taken to be certain whose handlers these are.
#[actix_web::test]
async fn alone_in_its_application_it_keeps_that_from_starting_no_more_than_beside_others() {
    let own = in_scope("*").build().unwrap();
    let app = App::new().service(web::scope("/s").service(private).wrap(own.clone()));
    let app = Started::start(app).await.expect("it starts");
    assert_eq!((own.start_error(), own.reports()), (None, vec![]));
    assert_eq!(answer(&app, Method::PUT, "/s/private", APP).await, (200, refused()));
    assert_eq!(own.start_error().unwrap().errors().first().code(), "CORS019");
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[actix_web::test]
async fn handlers_inside_are_inside_of_a_middleware_and_others_are_not() {
    #[cors]
    #[get("/x")]
    async fn own_scope() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    #[cors]
    #[get("/x")]
    async fn other_scope() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    #[cors]
    #[get("/x")]
    async fn no_scope() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    listen_to_log();
    let app = App::new()
        .service(
            web::scope("/own")
                .service(web::scope("/in").service(own_scope))
                .wrap(in_scope(APP).build().unwrap()),
        )
        // its path begins with that of the scope, and it is not in there
        .service(web::scope("/own-not").service(other_scope))
        .service(no_scope);
    let app = Started::start(app).await.unwrap();
    for path in ["/own/in/x", "/own-not/x", "/x"] {
        answer(&app, Method::GET, path, APP).await;
    }
    let said = |name: &str| logged(&format!("around_scope::{name}` at")).len();
    assert_eq!([said("own_scope"), said("other_scope"), said("no_scope")], [0, 1, 1]);
    let expected = sorted(shared(APP, false, ""));
    assert_eq!(answer(&app, Method::GET, "/own/in/x", APP).await.1.len(), expected.len());
}

/// Scopes whose paths look as if one were in the other, and a pattern that fits both.
#[actix_web::test]
async fn each_scope_is_told_from_others_whose_paths_are_alike() {
    let make = |origin: &str| in_scope(origin).build().unwrap();
    let (inner, outer, dynamic) = (make(ADMIN), make(APP), make(EVIL));
    let wrapped = (inner.clone(), outer.clone(), dynamic.clone());
    let url = serve!(move || {
        let dynamic = web::scope("/{tenant}").guard(guard::Header("x-tenant", "1"));
        App::new()
            .service(dynamic.service((x, private)).wrap(wrapped.2.clone()))
            .service(web::scope("/api/v1").service(x).wrap(wrapped.0.clone()))
            .service(web::scope("/api").service(x).wrap(wrapped.1.clone()))
    });
    for (path, origin) in [("/api/v1/x", ADMIN), ("/api/x", APP)] {
        expect(get_from(&url, path, origin), 200, &shared(origin, false, "ETag")).await;
        expect(get_from(&url, path, EVIL), 200, &refused()).await;
    }
    let tenant = get_from(&url, "/api/x", EVIL).header("x-tenant", "1");
    expect(tenant, 200, &shared(EVIL, false, "ETag")).await;
    for (cors, expected) in [
        (inner, vec!["/api/v1/x"]),
        (outer, vec!["/api/x"]),
        (dynamic, vec!["/{tenant}/x", "/{tenant}/private"]),
    ] {
        assert_eq!(cors.reports().iter().map(patterns).collect::<Vec<_>>(), [expected]);
        assert_eq!(codes(&cors), [""; 0]);
    }
}

/// One value is around several scopes, so that what is said for one of them is nothing wrong in another.
#[actix_web::test]
async fn entries_and_items_of_its_scope_count_and_others_do_not() {
    let admin = || Override::builder().allow_origins([ADMIN]);
    let cors = in_scope(APP)
        .route("/a/in/x", ["GET"], admin())
        .scope("/a/in", Override::builder().allow_credentials(true))
        .scope("/b", admin())
        .route("/b/plain", ["GET"], Override::builder().expose_headers(["ETag"]))
        .build()
        .unwrap();
    let wrapped = cors.clone();
    let url = serve!(move || {
        let inner = web::scope("/in").service(x);
        let item = web::scope("/item").service(for_scope(admin())).service(x);
        let a = web::scope("/a").service(inner).service(item);
        let b = web::scope("/b").route("/plain", web::get().to(plain));
        App::new().service(a.wrap(wrapped.clone())).service(b.wrap(wrapped.clone()))
    });
    let rows = [
        ("/a/in/x", 200, ADMIN, true, "ETag"),
        ("/a/in/none", 404, APP, true, ""),
        ("/a/item/x", 200, ADMIN, false, "ETag"),
        ("/a/none", 404, APP, false, ""),
        ("/b/plain", 200, ADMIN, false, "ETag"),
        ("/b/none", 404, ADMIN, false, ""),
    ];
    for (path, status, origin, credentials, exposed) in rows {
        expect(get_from(&url, path, origin), status, &shared(origin, credentials, exposed)).await;
        let other = if origin == APP { ADMIN } else { APP };
        expect(get_from(&url, path, other), status, &refused()).await;
    }
    assert_eq!(codes(&cors), [""; 0], "{:?}", cors.misuses());
}

#[actix_web::test]
async fn entries_that_are_for_nothing_in_the_application_are_named() {
    let any = Override::builder;
    let cors = in_scope(APP).route("/x", ["GET"], any()).scope("/none", any()).build().unwrap();
    let app = App::new().service(web::scope("/s").service(x).wrap(cors.clone()));
    answer(&Started::start(app).await.unwrap(), Method::GET, "/s/x", APP).await;
    assert_eq!(codes(&cors), ["CORS208", "CORS214"]);
    assert!(cors.misuses()[0].to_string().ends_with("did you mean `/s/x`?"));
}

#[actix_web::test]
async fn around_the_application_it_is_named() {
    macro_rules! found {
        ($app:expr, $path:expr) => {{
            let cors = in_scope(APP).build().unwrap();
            let make = |cors: Cors| $app(cors);
            let app = Started::start(make(cors.clone())).await.unwrap();
            answer(&app, Method::GET, $path, APP).await;
            codes(&cors)
        }};
    }
    let between = || Condition::new(true, NormalizePath::trim());
    assert_eq!(found!(|cors| App::new().service(x).wrap(cors), "/x"), ["CORS216"]);
    assert_eq!(found!(|cors| App::new().service(x).wrap(between()).wrap(cors), "/x"), ["CORS216"]);
    let app = || App::new().route("/x", web::get().to(plain));
    assert_eq!(found!(|cors| app().wrap(cors), "/x"), ["CORS216"]);
    // the scopes beside do not matter
    let app = || App::new().service(web::scope("").service(x));
    assert_eq!(found!(|cors| app().wrap(cors), "/x"), ["CORS216"]);
    // a scope without a path takes nothing of it
    let scope = || web::scope("").service(x);
    assert_eq!(found!(|cors| App::new().service(scope().wrap(cors)), "/x"), [""; 0]);
    let wrapped = || scope().wrap(between());
    assert_eq!(found!(|cors| App::new().service(wrapped().wrap(cors)), "/x"), [""; 0]);
    // a resource is no scope
    let resource = || web::resource("/x").to(plain);
    assert_eq!(found!(|cors| App::new().service(resource().wrap(cors)), "/x"), ["CORS203"]);
    let of_its_own = || web::scope("/x").service(web::resource("").to(plain));
    assert_eq!(found!(|cors| App::new().service(of_its_own().wrap(cors)), "/x"), [""; 0]);
}

/// It is taken to be around the scope, and gets the response of a handler that is not in there.
#[actix_web::test]
async fn a_response_of_a_handler_outside_of_its_scope_is_not_shared() {
    let cors = in_scope(APP).allow_methods(["PUT"]).build().unwrap();
    let app = App::new().service((closed, private)).service(web::scope("").service(x));
    let app = app.wrap(Condition::new(true, NormalizePath::trim())).wrap(cors);
    let app = Started::start(app).await.unwrap();
    answer(&app, Method::GET, "/x", APP).await;
    for path in ["/closed", "/private"] {
        assert_eq!(answer(&app, Method::PUT, path, APP).await, (200, refused()), "{path}");
    }
}

/// What a middleware of the scope answers has the policy of what the path leads to in the scope.
#[actix_web::test]
async fn answers_of_middlewares_inside_have_the_policies_of_the_scope() {
    let cors = in_scope(APP).build().unwrap();
    let url = serve!(move || {
        let refuse = from_fn(
            async |request: actix_web::dev::ServiceRequest,
                   _next: actix_web::middleware::Next<actix_web::body::BoxBody>| {
                Ok::<_, actix_web::Error>(request.into_response(HttpResponse::Unauthorized()))
            },
        );
        let inner = web::scope("/in").service(closed_own).service(closed).wrap(refuse);
        App::new().service(web::scope("/api").service(inner).wrap(cors.clone()))
    });
    for path in ["/api/in/closed", "/api/in"] {
        expect(call("PUT", &url, path, APP), 401, &refused()).await;
        expect(preflight(&url, path, APP, "PUT", ""), 403, &refused_preflight()).await;
    }
    expect(get_from(&url, "/api/in/none", APP), 401, &shared(APP, false, "")).await;
}

#[cors(disable)]
#[put("")]
async fn closed_own() -> HttpResponse {
    HttpResponse::Ok().finish()
}
