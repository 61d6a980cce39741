//! Names, patterns, URLs and parameters, as handlers see them and middleware before and after.

use actix_web::{
    App, HttpRequest, dev::Service as _, get, http::header::HeaderValue, middleware::NormalizePath,
    route, web,
};

use super::pair::{get, pair, twice};

/// All that a request tells of its route.
fn describe(request: &HttpRequest) -> String {
    let urls = ["item", "both", "search", "other", "annotated"];
    let url = |name| request.url_for(name, ["a", "7"]).map(|url| url.to_string());
    format!(
        "{:?} {:?} {:?} {:?} {:?}",
        request.match_pattern(),
        request.match_name(),
        request.match_info().iter().collect::<Vec<_>>(),
        request.match_info().unprocessed(),
        urls.map(|name| url(name).map_err(|error| error.to_string())),
    )
}

/// What a middleware sees, as a header of the response: before and after the router.
macro_rules! watch {
    ($name:literal) => {
        |request, service| {
            let before = describe(request.request());
            let response = service.call(request);
            async move {
                let mut response = response.await?;
                let seen = format!("{before} / {}", describe(response.request()));
                let header = actix_web::http::header::HeaderName::from_static($name);
                response.headers_mut().insert(header, HeaderValue::from_str(&seen).unwrap());
                Ok(response)
            }
        }
    };
}

twice! {
    #[get("/items/{id}", name = "item")]
    async fn item(request: HttpRequest) -> String { describe(&request) }

    #[get("/search/{tail:.*}")]
    async fn search(request: HttpRequest) -> String { describe(&request) }

    #[route("/both", method = "GET", method = "PUT", name = "both")]
    async fn both(request: HttpRequest) -> String { describe(&request) }

    #[get("")]
    async fn bare(request: HttpRequest) -> String { describe(&request) }
}

async fn other(request: HttpRequest) -> String {
    describe(&request)
}

const PATHS: [&str; 16] = [
    "/acme",
    "/acme/",
    "/acme/items/7",
    "/acme/items/7/",
    "/acme//items/a%20b",
    "/acme/search/a/b/c",
    "/acme/search/",
    "/acme/both",
    "/acme/deep/items/7",
    "/acme/deep/nothing",
    "/acme/other",
    "/x/y/z",
    "/",
    "/acme/nothing",
    // what marks a scope for the middleware is nothing a request can reach
    "/acme/%01cors-scope-0",
    "/acme/%01cors-marker-0",
];

macro_rules! scope {
    () => {
        web::scope("/{tenant}")
            .service(handlers::bare)
            .service(handlers::item)
            .route("/other", web::get().to(other))
            .service((handlers::search, handlers::both))
            .service(
                web::scope("/deep").service(handlers::item).wrap_fn(watch!("seen-in-deep-scope")),
            )
            .wrap_fn(watch!("seen-in-scope"))
    };
}

#[actix_web::test]
async fn patterns_names_and_urls_are_the_same() {
    let pair = pair!(
        App::new()
            .service(scope!())
            .default_service(web::to(other))
            .wrap_fn(watch!("seen-inside"));
        .wrap_fn(watch!("seen-outside"))
    );
    for path in PATHS {
        pair.same(&get(path)).await;
    }
    let answer = pair.same(&get("/acme/items/7")).await;
    assert!(answer.body.starts_with(r#"Some("/{tenant}/items/{id}") Some("item") [("tenant", "#));
    let seen = answer.get("seen-outside").unwrap();
    assert_eq!(seen.matches(r#"Some("item")"#).count(), 2, "before and after: {seen}");
}

#[actix_web::test]
async fn they_are_the_same_where_paths_are_normalised() {
    let inside = pair!(
        App::new()
            .service(scope!())
            .default_service(web::to(other))
            .wrap_fn(watch!("seen-inside"))
            .wrap(NormalizePath::trim())
    );
    let outside = pair!(
        App::new().service(scope!()).default_service(web::to(other));
        .wrap_fn(watch!("seen-between")).wrap(NormalizePath::trim())
    );
    for path in PATHS {
        inside.same(&get(path)).await;
        outside.same(&get(path)).await;
    }
}

#[actix_web::test]
async fn handlers_at_the_root_have_the_same_names() {
    let pair = pair!(
        App::new()
            .service(handlers::item)
            .service(web::resource("/plain").name("other").to(other))
            .service((handlers::both, handlers::search))
            .wrap_fn(watch!("seen-inside"))
    );
    for path in ["/items/7", "/plain", "/both", "/search/x", "/nothing", "/"] {
        pair.same(&get(path)).await;
    }
}
