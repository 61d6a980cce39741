//! What users see of actix stays as it is: names, patterns, URLs, parameters.

use actix_web::{App, HttpRequest, get, middleware::NormalizePath, web};
use cors_actix::{Cors, cors};

use crate::support::{APP, get as get_from, send, serve};

fn describe(request: &HttpRequest) -> String {
    let url = request.url_for("item", ["a", "7"]);
    format!(
        "{:?} {:?} {:?} {}",
        request.match_pattern(),
        request.match_name(),
        request.match_info().iter().collect::<Vec<_>>(),
        url.map_or_else(|error| error.to_string(), |url| url.path().to_owned()),
    )
}

#[cors]
#[get("/items/{id}", name = "item")]
async fn annotated(request: HttpRequest) -> String {
    describe(&request)
}

#[get("/items/{id}", name = "item")]
async fn plain(request: HttpRequest) -> String {
    describe(&request)
}

async fn other(request: HttpRequest) -> String {
    describe(&request)
}

#[actix_web::test]
async fn patterns_names_and_urls_are_the_same_with_and_without() {
    let cors = Cors::builder().allow_origins([APP]).build().unwrap();
    let with = serve!(move || {
        let scope =
            web::scope("/{tenant}").service(annotated).route("/other", web::get().to(other));
        App::new()
            .service(scope)
            .default_service(web::to(other))
            .wrap(cors.clone())
            .wrap(NormalizePath::trim())
    });
    let without = serve!(|| {
        let scope = web::scope("/{tenant}").service(plain).route("/other", web::get().to(other));
        App::new().service(scope).default_service(web::to(other)).wrap(NormalizePath::trim())
    });
    let paths = [
        "/acme/items/7",
        "/acme/items/7/",
        "/acme//items/a%20b",
        "/acme/other",
        "/x",
        "/acme/nothing",
    ];
    for path in paths {
        let (one, two) = (get_from(&with, path, APP), get_from(&without, path, APP));
        assert_eq!(send(one).await.body, send(two).await.body, "{path}");
    }
    assert!(
        send(get_from(&with, "/acme/items/7", APP)).await.body.contains("/{tenant}/items/{id}")
    );
}
