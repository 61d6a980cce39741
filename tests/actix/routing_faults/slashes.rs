//! Middlewares inside of `Cors` that change the slashes of a path, where no type's name shows them. A
//! preflight was granted by the annotated route of its path, and the request ran a plain one.

use actix_web::{
    App, Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::Uri,
    middleware::{Next, NormalizePath, TrailingSlash, from_fn},
    put, web,
};
use cors_actix::cors;

use super::{BASE, ONE, base, cors, plain, ran, start};

#[cors(allow_origins = ["https://one.example"])]
#[put("/a")]
async fn without() -> HttpResponse {
    ran("without")
}

#[cors(allow_origins = ["https://one.example"])]
#[put("/a/")]
async fn with() -> HttpResponse {
    ran("with")
}

#[cors(allow_origins = ["https://one.example"])]
#[put("/{tail:.*}")]
async fn tail() -> HttpResponse {
    ran("tail")
}

async fn pass_through(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    next.call(request).await
}

/// Sets another path where a scope may have taken the beginning of it.
fn set_path(request: &mut ServiceRequest, path: &str) {
    let uri: Uri = path.parse().expect("a path");
    request.match_info_mut().get_mut().update(&uri);
    request.head_mut().uri = uri;
}

async fn add_slash(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    if !request.path().ends_with('/') {
        let path = format!("{}/", request.path());
        set_path(&mut request, &path);
    }
    next.call(request).await
}

async fn trim_slash(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let path = request.path().trim_end_matches('/').to_owned();
    set_path(&mut request, &path);
    next.call(request).await
}

/// Middlewares that nothing but their effect shows, around the services of an application or a scope.
macro_rules! hidden {
    ($app:expr, $style:ident) => {
        $app.wrap(NormalizePath::new(TrailingSlash::$style)).wrap(from_fn(pass_through))
    };
}

/// The request runs the plain route, so that the annotated one grants nothing.
macro_rules! expect_plain {
    ($app:expr, $path:expr) => {
        let app = start($app.wrap(cors())).await;
        app.expect_refused("PUT", $path, ONE).await;
        app.expect_readable("PUT", $path, "plain", BASE).await;
        app.expect_refused("PUT", $path, ONE).await;
    };
}

#[actix_web::test]
async fn a_hidden_middleware_that_adds_a_slash() {
    let services = || App::new().service(without).route("/a/", web::put().to(plain));
    expect_plain!(hidden!(services(), Always), "/a");
    expect_plain!(services().wrap(from_fn(add_slash)), "/a");
}

/// Both have the base policy, which does not list the method of the plain one.
#[actix_web::test]
async fn the_method_of_a_handler_says_nothing_of_a_plain_route_with_a_slash() {
    #[cors]
    #[put("/a")]
    async fn inherits() -> HttpResponse {
        ran("inherits")
    }
    let services = || App::new().service(inherits).route("/a/", web::put().to(plain));
    for (cors, methods) in [
        (base(), None),
        (base().allow_methods(["PUT"]), Some("PUT")),
        (base().unrewritten_paths(true), Some("GET, HEAD, POST, PUT")),
    ] {
        let cors = cors.build().unwrap();
        let app = start(services().wrap(from_fn(pass_through)).wrap(cors.clone())).await;
        if let Some(methods) = methods {
            app.expect_listed("PUT", "/a", BASE, methods).await;
            assert_eq!(cors.misuses(), []);
        } else {
            app.expect_refused("PUT", "/a", BASE).await;
            let codes: Vec<_> = cors.misuses().iter().map(cors_actix::Misuse::code).collect();
            assert_eq!(codes, ["CORS213"]);
        }
    }
}

#[actix_web::test]
async fn a_hidden_middleware_that_trims_a_slash() {
    let services = || App::new().service(with).route("/a", web::put().to(plain));
    expect_plain!(hidden!(services(), Trim), "/a/");
    expect_plain!(services().wrap(from_fn(trim_slash)), "/a/");
}

/// The path was judged as it is and as `NormalizePath` makes it, which merges slashes as well.
#[actix_web::test]
async fn a_hidden_middleware_that_trims_and_does_not_merge() {
    let cors = base().allow_methods(["PUT"]).build().unwrap();
    let app = App::new().service(web::scope("/").service(without));
    let app = start(app.wrap(from_fn(trim_slash)).wrap(cors)).await;
    app.expect_refused("PUT", "//a/", BASE).await;
    app.expect_readable("PUT", "//a/", "without", ONE).await;
}

#[actix_web::test]
async fn a_hidden_middleware_that_merges_slashes() {
    for path in ["//a", "///a"] {
        let services = || App::new().route("/a", web::put().to(plain)).service(tail);
        expect_plain!(hidden!(services(), MergeOnly), path);
        expect_plain!(hidden!(services(), Trim), path);
        let services = || App::new().route("/a/", web::put().to(plain)).service(tail);
        expect_plain!(hidden!(services(), Always), path);
    }
    let services = || App::new().route("/a/", web::put().to(plain)).service(tail);
    expect_plain!(hidden!(services(), MergeOnly), "/a//");
}

#[actix_web::test]
async fn a_middleware_of_a_scope_that_adds_a_slash() {
    let scope = || web::scope("/s").service(without).route("/a/", web::put().to(plain));
    let normalized = || scope().wrap(NormalizePath::new(TrailingSlash::Always));
    expect_plain!(App::new().service(normalized()), "/s/a");
    expect_plain!(App::new().service(scope().wrap(from_fn(add_slash))), "/s/a");
    let outer = || web::scope("/o").service(normalized());
    expect_plain!(App::new().service(outer()), "/o/s/a");
}

#[actix_web::test]
async fn a_middleware_of_a_scope_that_trims_a_slash() {
    let scope = || web::scope("/s").service(with).route("/a", web::put().to(plain));
    let normalized = || scope().wrap(NormalizePath::trim());
    expect_plain!(App::new().service(normalized()), "/s/a/");
    expect_plain!(App::new().service(scope().wrap(from_fn(trim_slash))), "/s/a/");
}

#[actix_web::test]
async fn a_middleware_of_a_scope_that_merges_slashes() {
    let scope = web::scope("/s").route("/a", web::put().to(plain)).service(tail);
    let scope = scope.wrap(NormalizePath::new(TrailingSlash::MergeOnly));
    expect_plain!(App::new().service(scope), "/s//a");
}

/// What no other route takes is still granted by its own.
#[actix_web::test]
async fn a_route_that_every_form_of_its_path_leads_to() {
    let app = start(hidden!(App::new().service(without), Trim).wrap(cors())).await;
    app.expect_granted("PUT", "/a", ONE, "PUT").await;
    app.expect_readable("PUT", "/a", "without", ONE).await;
    app.expect_readable("PUT", "/a/", "without", ONE).await;
}

/// The scope has taken all of the path, and would take the slash as well. The path with the slash led
/// nowhere, so that the base policy alone granted the preflight.
#[actix_web::test]
async fn behind_a_prefix_that_takes_slashes() {
    let scope = || web::scope("/{deep:.+}").service(tail);
    let listing = || base().allow_methods(["PUT"]).build().unwrap();
    let app = App::new().service(scope().wrap(from_fn(add_slash_behind)));
    let app = start(app.wrap(listing())).await;
    app.expect_refused("PUT", "/b/a", BASE).await;
    app.expect_readable("PUT", "/b/a", "tail", ONE).await;
    // a prefix that takes one segment takes the same of both
    let app = App::new().service(web::scope("/{id:[0-9]+}").service(without));
    let app = start(app.wrap(cors())).await;
    app.expect_granted("PUT", "/7/a", ONE, "PUT").await;
    app.expect_readable("PUT", "/7/a", "without", ONE).await;
}

/// Adds a slash, of which what was taken of the path stays taken.
async fn add_slash_behind(
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, Error> {
    let uri: Uri = format!("{}/", request.path()).parse().expect("a path");
    *request.match_info_mut().get_mut() = actix_web::dev::Url::new(uri);
    next.call(request).await
}
