//! Requests that one route runs for certain, where no scope has a guard. They were refused, because the
//! search went past the end of the scope that held the route.

use actix_web::{App, HttpResponse, put, web};
use cors_actix::{Cors, cors};

use super::{BASE, ONE, base, plain, ran, start};

#[cors(allow_origins = ["https://one.example"])]
#[put("/{x}/{y}")]
async fn behind() -> HttpResponse {
    ran("behind")
}

#[cors(allow_origins = ["https://one.example"])]
#[put("/{tail:.*}")]
async fn catch_all() -> HttpResponse {
    ran("catch_all")
}

fn unguarded() -> Cors {
    base().allow_methods(["GET", "PUT"]).unguarded_scopes(true).build().unwrap()
}

fn dynamic() -> actix_web::Scope {
    web::scope("/{x}").route("/{y}", web::put().to(plain))
}

/// The plain route runs, the base policy lists the method, and nothing else is granted.
macro_rules! expect_granted {
    ($app:expr, $path:expr) => {
        let app = start($app.wrap(unguarded())).await;
        app.expect_granted("PUT", $path, BASE, "GET, PUT").await;
        app.expect_refused("PUT", $path, ONE).await;
        app.expect_refused("DELETE", $path, BASE).await;
        app.expect_readable("PUT", $path, "plain", BASE).await;
    };
}

#[actix_web::test]
async fn a_plain_route_of_a_scope_in_a_scope() {
    expect_granted!(
        App::new().service(web::scope("/b").service(dynamic()).service(behind)),
        "/b/x/y"
    );
}

#[actix_web::test]
async fn the_same_with_the_annotated_route_outside_of_both() {
    let scope = web::scope("/b").service(dynamic());
    expect_granted!(App::new().service(scope).service(catch_all), "/b/x/y");
}

#[actix_web::test]
async fn the_same_with_the_annotated_route_in_the_outermost_of_three() {
    let scope = web::scope("/c").service(web::scope("/b").service(dynamic())).service(catch_all);
    expect_granted!(App::new().service(scope), "/c/b/x/y");
}

#[actix_web::test]
async fn a_plain_route_of_a_scope() {
    let app = App::new().service(dynamic()).service(behind);
    expect_granted!(app, "/x/y");
}

/// The annotated one is in a second scope that may have the path, after the first.
#[actix_web::test]
async fn a_second_scope_of_the_path() {
    let first = web::scope("/b").service(dynamic());
    let second = web::scope("/{any}").service(behind);
    expect_granted!(App::new().service(first).service(second), "/b/x/y");
}

/// It is not certain if a scope may have a guard.
#[actix_web::test]
async fn it_is_refused_where_scopes_may_have_guards() {
    let cors = base().allow_methods(["GET", "PUT"]).build().unwrap();
    let scope = web::scope("/b").service(dynamic()).service(behind);
    let app = start(App::new().service(scope).wrap(cors)).await;
    app.expect_refused("PUT", "/b/x/y", BASE).await;
    app.expect_refused("PUT", "/b/x/y", ONE).await;
}
