//! An annotated route that a plain one keeps from every request. The methods of such a route counted
//! for the plain one: a preflight of its path was granted that was refused on every other path.

use actix_web::{App, HttpResponse, delete, put, web};
use cors_actix::{Cors, cors};

use super::{BASE, ONE, base, cors, plain, ran, start};

#[cors]
#[put("/m")]
async fn put_m() -> HttpResponse {
    ran("put_m")
}

#[cors]
#[delete("/m")]
async fn delete_m() -> HttpResponse {
    ran("delete_m")
}

#[cors(allow_origins = ["https://one.example"])]
#[put("/m")]
async fn put_m_for_one() -> HttpResponse {
    ran("put_m_for_one")
}

fn listing() -> Cors {
    base().allow_methods(["PUT"]).build().unwrap()
}

fn any() -> actix_web::Route {
    web::to(plain)
}

/// Both run the same plain route, whose policy lists no methods.
macro_rules! expect_refused {
    ($app:expr, $($path:expr),+) => {
        let app = start($app.wrap(cors())).await;
        for path in [$($path),+] {
            app.expect_refused("PUT", path, BASE).await;
            app.expect_refused("PUT", path, ONE).await;
            app.expect_readable("PUT", path, "plain", BASE).await;
        }
    };
}

#[actix_web::test]
async fn behind_a_catch_all() {
    expect_refused!(App::new().route("/{tail:.*}", any()).service(put_m), "/m", "/n");
}

#[actix_web::test]
async fn behind_a_catch_all_of_its_scope() {
    let scope = web::scope("/s").route("/{tail:.*}", any()).service(put_m);
    expect_refused!(App::new().service(scope), "/s/m", "/s/n");
}

#[actix_web::test]
async fn behind_a_route_of_the_same_path() {
    expect_refused!(App::new().route("/m", any()).service(put_m), "/m");
    expect_refused!(App::new().route("/{any}", any()).service((put_m, delete_m)), "/m", "/n");
}

/// The handlers of another method between do not matter.
#[actix_web::test]
async fn behind_a_handler_of_another_method_and_a_catch_all() {
    let app = App::new().service(delete_m).route("/{tail:.*}", any()).service(put_m);
    let app = start(app.wrap(cors())).await;
    app.expect_granted_alone("DELETE", "/m", BASE).await;
    app.expect_refused("PUT", "/m", BASE).await;
    app.expect_refused("PUT", "/n", BASE).await;
    app.expect_readable("PUT", "/m", "plain", BASE).await;
}

#[actix_web::test]
async fn before_the_catch_all_it_takes_its_own() {
    let app = App::new().service(put_m).route("/{tail:.*}", any()).wrap(cors());
    let app = start(app).await;
    app.expect_granted("PUT", "/m", BASE, "PUT").await;
    app.expect_readable("PUT", "/m", "put_m", BASE).await;
    app.expect_refused("PUT", "/n", BASE).await;
    app.expect_readable("PUT", "/n", "plain", BASE).await;
}

#[actix_web::test]
async fn a_plain_route_counts_with_the_methods_its_own_policy_lists() {
    let app = App::new().route("/{tail:.*}", any()).service(put_m).wrap(listing());
    let app = start(app).await;
    for path in ["/m", "/n"] {
        app.expect_refused("DELETE", path, BASE).await;
    }
    app.expect_granted_alone("PUT", "/m", BASE).await;
    app.expect_granted("PUT", "/n", BASE, "PUT").await;
    // it may be the plain one that has a guard: both are asked
    let app = App::new().route("/{tail:.*}", any()).service(put_m_for_one).wrap(listing());
    let app = start(app).await;
    app.expect_refused("PUT", "/m", BASE).await;
    app.expect_refused("PUT", "/m", ONE).await;
    app.expect_granted("PUT", "/n", BASE, "PUT").await;
}

/// It cannot be told which of the two is the handler, whose method counted for the plain one before it.
#[actix_web::test]
async fn behind_a_plain_resource_that_looks_like_it() {
    let twin = web::resource("/m").name("put_m").to(plain);
    let scope = web::scope("/two").service(twin).service(put_m).default_service(any());
    let app = App::new().service(web::scope("/one").service(delete_m)).service(scope);
    let app = start(app.wrap(cors())).await;
    app.expect_refused("PUT", "/two/m", BASE).await;
    app.expect_readable("PUT", "/two/m", "plain", BASE).await;
}
