//! Which application a middleware takes for its own while several start on one thread.

use actix_service::{IntoServiceFactory, ServiceFactory};
use actix_web::{
    App, HttpResponse,
    dev::AppConfig,
    get,
    http::Method,
    middleware::Condition,
    test::{TestRequest, call_service, init_service},
    web,
};
use cors_actix::{Cors, Override, cors, report::Report};
use futures_util::future::join;

use super::app_cors;
use crate::{
    lifecycle::Slow,
    support::{ADMIN, APP},
};

#[cors]
#[actix_web::route("/two", method = "GET", method = "PUT")]
async fn two() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_credentials = true)]
#[get("/private")]
async fn private() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// PUT has a policy of its own, so that the route's methods are several routes of the table.
fn with_entry() -> Cors {
    let admin = Override::builder().allow_origins([ADMIN]);
    Cors::builder().allow_origins([APP]).route("/two", ["PUT"], admin).build().unwrap()
}

/// Whom `PUT /two` allows.
macro_rules! allowed {
    ($app:expr) => {{
        let mut found = Vec::new();
        for origin in [APP, ADMIN] {
            let request = TestRequest::with_uri("/two").method(Method::PUT);
            let request = request.insert_header(("origin", origin)).to_request();
            let response = call_service($app, request).await;
            if response.headers().contains_key("access-control-allow-origin") {
                found.push(origin);
            }
        }
        found
    }};
}

/// The other one has no handlers of its own. It took those of the application beside it, and the
/// numbers of their routes were then its own for good.
#[actix_web::test]
async fn an_application_that_waits_around_its_middleware_keeps_its_routes() {
    for polls in [0, 5] {
        let other = app_cors(APP);
        let app = App::new().service(two).wrap(with_entry()).wrap(Slow(polls));
        let beside =
            App::new().route("/metrics", web::get().to(HttpResponse::Ok)).wrap(other.clone());
        let (app, _beside) = join(init_service(app), init_service(beside)).await;
        assert_eq!(allowed!(&app), [ADMIN]);
        let reports = other.reports();
        assert_eq!(reports.len(), 1);
        assert!(reports[0].routes.is_empty(), "{}", reports[0]);
    }
}

/// The same where the claim is wrong, until the first request shows it.
#[actix_web::test]
async fn an_application_that_waits_inside_of_its_middleware_keeps_its_routes() {
    for polls in [0, 5] {
        let (own, other) = (with_entry(), app_cors(APP));
        let app = App::new().service(two).wrap(Slow(polls)).wrap(own.clone());
        let beside =
            App::new().route("/metrics", web::get().to(HttpResponse::Ok)).wrap(other.clone());
        let (app, beside) = join(init_service(app), init_service(beside)).await;
        assert_eq!(allowed!(&app), [ADMIN]);
        let metrics = TestRequest::with_uri("/metrics").insert_header(("origin", APP));
        call_service(&beside, metrics.to_request()).await;
        assert_eq!(allowed!(&app), [ADMIN]);
        let of_two = |cors: &Cors| {
            let routes = |report: &Report| {
                report.routes.iter().filter(|route| route.pattern == "/two").count()
            };
            cors.reports().iter().map(routes).collect::<Vec<_>>()
        };
        assert_eq!((of_two(&own), of_two(&other)), (vec![2], vec![0]));
    }
}

/// Its base policy does not go with the attributes of the other application.
#[actix_web::test]
async fn an_application_starts_beside_one_whose_policies_would_not_fit() {
    let other = app_cors("*");
    let app = App::new().service(private).wrap(app_cors(APP)).wrap(Slow(5));
    let beside = App::new().route("/metrics", web::get().to(HttpResponse::Ok)).wrap(other.clone());
    let start = async {
        let factory = IntoServiceFactory::<_, actix_http::Request>::into_factory(beside);
        factory.new_service(AppConfig::default()).await.is_ok()
    };
    let (_app, has_started) = join(init_service(app), start).await;
    assert!(has_started, "{:?}", other.start_error());
}

/// The table that was made last had the say on the numbers of the routes.
#[actix_web::test]
async fn two_layers_with_different_entries_have_their_own_tables() {
    for (inner, outer, expected) in
        [(with_entry(), app_cors(APP), vec![APP]), (app_cors(APP), with_entry(), vec![ADMIN])]
    {
        let app = App::new().service(two).wrap(inner).wrap(outer);
        let app = init_service(app).await;
        assert_eq!(allowed!(&app), expected);
    }
}

/// A middleware that a condition keeps out takes nothing.
#[actix_web::test]
async fn policies_that_do_not_fit_keep_an_application_from_starting() {
    macro_rules! starts {
        ($app:expr) => {{
            let factory = IntoServiceFactory::<_, actix_http::Request>::into_factory($app);
            factory.new_service(AppConfig::default()).await.is_ok()
        }};
    }
    let (own, other) = (|| app_cors("*"), || app_cors(APP));
    assert!(!starts!(App::new().service(private).wrap(own())));
    let kept_out = Condition::new(false, other());
    assert!(!starts!(App::new().service(private).wrap(kept_out).wrap(own())));
    let scope = web::scope("/s").service(private).wrap(own());
    assert!(!starts!(App::new().service(scope)));
    // and the report is there from the start
    let cors = other();
    let app = App::new().service(two).wrap(Condition::new(false, other())).wrap(cors.clone());
    assert!(starts!(app));
    assert_eq!(cors.reports()[0].routes.len(), 1);
    assert_eq!(cors.misuses(), []);
}

/// Where another middleware has claimed the handlers, it is not certain at start whose they are: the
/// first request says so, and what does not fit stays closed.
#[actix_web::test]
async fn policies_that_do_not_fit_stay_closed_beside_another_middleware() {
    macro_rules! expect_closed {
        ($app:expr, $path:expr, $own:expr) => {{
            let app = init_service($app).await;
            assert!($own.start_error().is_none());
            for method in [Method::GET, Method::PUT] {
                let request = TestRequest::with_uri($path).method(method);
                let request = request.insert_header(("origin", APP)).to_request();
                let response = call_service(&app, request).await;
                assert!(!response.headers().contains_key("access-control-allow-origin"));
            }
            let error = $own.start_error().expect("it does not fit");
            assert_eq!(error.errors().first().code(), "CORS019");
        }};
    }
    let own = app_cors("*");
    let app = App::new().service(private).wrap(app_cors(APP)).wrap(own.clone());
    expect_closed!(app, "/private", own);
    let own = app_cors("*");
    let scope = web::scope("/s").service(private).wrap(app_cors(APP));
    expect_closed!(App::new().service(scope).wrap(own.clone()), "/s/private", own);
}
