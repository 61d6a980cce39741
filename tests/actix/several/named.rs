//! What is said of a middleware inside of another one, and of one around a scope.

use actix_web::{
    App, HttpResponse, Scope, get, guard,
    http::Method,
    middleware::{DefaultHeaders, NormalizePath},
    test::TestRequest,
    web,
};
use cors_actix::{Cors, CorsBuilder, cors};

use super::{codes, plain};
use crate::{
    started::Started,
    support::{APP, listen_to_log, logged},
};

fn base() -> CorsBuilder {
    Cors::builder().allow_origins([APP]).allow_methods(["PUT"])
}

#[cors]
#[get("/x")]
async fn x() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Asks an application for a path, as the page of an allowed origin does, and sends its preflight.
async fn ask(app: &Started, path: &str) {
    let request =
        |method| TestRequest::with_uri(path).method(method).insert_header(("origin", APP));
    let preflight = request(Method::OPTIONS);
    let preflight = preflight.insert_header(("access-control-request-method", "PUT"));
    app.call(preflight).await.unwrap();
    app.call(request(Method::GET)).await.unwrap();
}

#[actix_web::test]
async fn two_around_one_application_are_named_at_start_and_nothing_else_is() {
    listen_to_log();
    let outer = base().build().unwrap();
    let (inner, line) = (base().build().unwrap(), line!());
    let app = App::new().service(x).route("/plain", web::get().to(plain));
    let app = app.wrap(inner.clone()).wrap(NormalizePath::trim());
    let app = Started::start(app.wrap(outer.clone())).await.unwrap();
    let start = format!("the `Cors` built at tests/actix/several/named.rs:{line} is inside of");
    let text = outer.misuses()[0].to_string();
    assert!(text.starts_with(&start) && text.contains("keep the outer one"), "{text}");
    for path in ["/x", "/plain", "/none"] {
        ask(&app, path).await;
        assert_eq!((codes(&outer), codes(&inner)), (vec!["CORS202"], vec!["CORS202"]), "{path}");
    }
    assert_eq!(logged(&start).len(), 1, "both keep it, and it is said once");
}

#[actix_web::test]
async fn one_around_a_scope_inside_of_another_one_is_named_and_nothing_else_is() {
    listen_to_log();
    // what is inside of a service of another type has no name, so that only a request shows it
    macro_rules! expect_named {
        ($scope:expr, $path:expr) => {{
            let outer = base().build().unwrap();
            let (inner, line) = (base().build().unwrap(), line!());
            let app = App::new().service($scope.wrap(inner.clone())).wrap(outer.clone());
            let app = Started::start(app).await.unwrap();
            assert_eq!(codes(&outer), [""; 0]);
            ask(&app, $path).await;
            assert_eq!(codes(&outer), ["CORS202"], "{}", $path);
            assert_eq!(codes(&inner), ["CORS203", "CORS202"], "{}", $path);
            let start =
                format!("the `Cors` built at tests/actix/several/named.rs:{line} is inside of");
            assert_eq!(logged(&start).len(), 1, "{}", $path);
        }};
    }
    expect_named!(web::scope("/s").service(x), "/s/x");
    // without any handler
    expect_named!(web::scope("/t").route("/x", web::get().to(plain)), "/t/x");
    expect_named!(web::scope("").route("/x", web::get().to(plain)), "/x");
    expect_named!(web::resource("/r").to(plain), "/r");
}

#[actix_web::test]
async fn one_around_a_scope_in_another_one_s_scope_is_named() {
    let (inner, outer) = (base().build().unwrap(), base().build().unwrap());
    let scope = web::scope("/in").service(x).wrap(inner.clone());
    let scope = web::scope("/out").service(scope).wrap(outer.clone());
    let app = Started::start(App::new().service(scope)).await.unwrap();
    ask(&app, "/out/in/x").await;
    assert_eq!(codes(&inner), ["CORS203", "CORS202"]);
    assert_eq!(codes(&outer), ["CORS203", "CORS202"]);
}

#[actix_web::test]
async fn those_beside_each_other_are_not_taken_for_one_inside_of_the_other() {
    let tenant = |host: &'static str| web::scope("/t").guard(guard::Host(host)).service(x);
    let beside: [(Scope, &str); 3] = [
        (tenant("one.example"), "/t/x"),
        (web::scope("/s").service(x), "/s/x"),
        (tenant("two.example"), "/t/x"),
    ];
    let all: Vec<Cors> = beside.iter().map(|_| base().build().unwrap()).collect();
    let app = beside
        .into_iter()
        .zip(&all)
        .fold(App::new(), |app, ((scope, _), cors)| app.service(scope.wrap(cors.clone())));
    let app = Started::start(app).await.unwrap();
    for (host, path) in [("one.example", "/t/x"), ("", "/s/x"), ("two.example", "/t/x")] {
        let request = TestRequest::with_uri(path).insert_header(("host", host));
        app.call(request.insert_header(("origin", APP))).await.unwrap();
    }
    for cors in all {
        assert_eq!(codes(&cors), ["CORS203"]);
    }
}

/// A handler's own headers are a mistake beside the other one, once that is gone.
#[actix_web::test]
async fn headers_set_by_hand_are_named_where_one_middleware_is_alone() {
    let cors = base().build().unwrap();
    let own = DefaultHeaders::new().add(("access-control-allow-origin", "*"));
    let scope = web::scope("/s").service(x).wrap(own);
    let app = Started::start(App::new().service(scope).wrap(cors.clone())).await.unwrap();
    ask(&app, "/s/x").await;
    assert_eq!(codes(&cors), ["CORS205"]);
}

/// It takes nothing of the path.
#[actix_web::test]
async fn one_around_a_scope_without_a_path_is_named() {
    let cors = base().build().unwrap();
    let scope = web::scope("").service(x).wrap(cors.clone());
    let app = App::new().service(scope).route("/plain", web::get().to(plain));
    ask(&Started::start(app).await.unwrap(), "/x").await;
    assert_eq!(codes(&cors), ["CORS203"]);
    // without handlers
    let cors = base().build().unwrap();
    let scope = web::scope("").route("/x", web::get().to(plain)).wrap(cors.clone());
    ask(&Started::start(App::new().service(scope)).await.unwrap(), "/x").await;
    assert_eq!(codes(&cors), ["CORS203"]);
    // it looks like one around an application that has such a scope
    let cors = base().build().unwrap();
    let scope = web::scope("").service(x).wrap(NormalizePath::trim()).wrap(cors.clone());
    ask(&Started::start(App::new().service(scope)).await.unwrap(), "/x").await;
    assert_eq!(codes(&cors), [""; 0]);
}

#[actix_web::test]
async fn a_handler_beside_a_scope_without_a_path_is_outside_of_its_middleware() {
    #[cors]
    #[get("/beside")]
    async fn beside_open() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    #[cors]
    #[get("/inside")]
    async fn inside_open() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    listen_to_log();
    let scope = web::scope("").service(inside_open).wrap(base().build().unwrap());
    // a scope without a path gets all, so that it comes last
    let app = App::new().service(beside_open).service(scope);
    let app = Started::start(app).await.unwrap();
    ask(&app, "/inside").await;
    ask(&app, "/beside").await;
    assert_eq!(logged("::inside_open`").len(), 0);
    let lines = logged("::beside_open`");
    assert!(lines.len() == 1 && lines[0].contains("[CORS201]"), "{lines:?}");
}
