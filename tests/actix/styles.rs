//! Every way to register an annotated handler, each told apart by a header it alone exposes.

use actix_web::{
    App, HttpResponse, connect, delete, get, guard::GuardContext, head, middleware::DefaultHeaders,
    options, patch, post, put, query, route, routes, scope, trace, web,
};
use cors_actix::{Cors, cors};

use crate::support::{
    APP, call, expect, granted, granted_alone, preflight, refused_preflight, send, serve, shared,
};

fn cors_of_app() -> Cors {
    Cors::builder().allow_origins([APP]).allow_credentials(true).build().unwrap()
}

/// A handler that exposes a header named after itself.
macro_rules! handlers {
    ($($(#[$route:meta])+ $name:ident exposes $header:literal;)*) => {
        $(
            #[cors(expose_headers = [$header])]
            $(#[$route])+
            async fn $name() -> HttpResponse {
                HttpResponse::Ok().finish()
            }
        )*
    };
}

handlers! {
    #[get("/m")] on_get exposes "X-Get";
    #[post("/m")] on_post exposes "X-Post";
    #[put("/m")] on_put exposes "X-Put";
    #[patch("/m")] on_patch exposes "X-Patch";
    #[delete("/m")] on_delete exposes "X-Delete";
    #[head("/m")] on_head exposes "X-Head";
    #[options("/m")] on_options exposes "X-Options";
    #[query("/m")] on_query exposes "X-Query";
    #[trace("/m")] on_trace exposes "X-Trace";
    #[connect("/m")] on_connect exposes "X-Connect";
    #[route("/route", method = "GET", method = "PUT", method = "PURGE")] on_route exposes "X-Route";
    #[route("/mixed", method = "PUT", method = "TRACE")] on_mixed exposes "X-Mixed";
    #[routes] #[get("/one")] #[put("/two")] on_routes exposes "X-Routes";
    #[get("/path/{id}")] by_path exposes "X-Path";
    #[get("no-slash")] no_slash exposes "X-No-Slash";
    #[get("")] of_scope exposes "X-Empty";
    #[actix_web::get("/qualified")] qualified exposes "X-Qualified";
}

#[cors(expose_headers = ["X-Future"])]
#[get("/future")]
fn of_a_future() -> impl Future<Output = HttpResponse> {
    std::future::ready(HttpResponse::Ok().finish())
}

fn is_blue(context: &GuardContext<'_>) -> bool {
    context.head().headers().contains_key("x-blue")
}

#[cors(expose_headers = ["X-Args"])]
#[get(
    "/args/{id:[0-9]{2}}",
    name = "named",
    guard = "is_blue",
    wrap = "DefaultHeaders::new().add((\"X-Wrapped\", \"yes\"))"
)]
async fn with_arguments(request: actix_web::HttpRequest) -> String {
    request.url_for("named", ["42"]).unwrap().path().to_owned()
}

/// Handlers in a module with a prefix of its own.
#[scope("/module")]
mod module {
    use super::{HttpResponse, cors};

    #[cors(expose_headers = ["X-Module"])]
    #[actix_web::get("/x")]
    pub(super) async fn other() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(expose_headers = ["X-Module"])]
    #[get("/x")]
    pub(super) async fn in_module() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    use actix_web::get;
}

#[actix_web::test]
async fn every_route_attribute() {
    let cors = cors_of_app();
    let url = serve!(move || {
        App::new()
            .service((on_get, on_post, on_put, on_patch, on_delete, on_head, on_options, on_query))
            .service((on_trace, on_connect, on_route, on_mixed, on_routes, qualified, of_a_future))
            .service(module::in_module)
            .service(module::other)
            .wrap(cors.clone())
    });
    let table = [
        ("GET", "/m", "X-Get"),
        ("POST", "/m", "X-Post"),
        ("PUT", "/m", "X-Put"),
        ("PATCH", "/m", "X-Patch"),
        ("DELETE", "/m", "X-Delete"),
        ("HEAD", "/m", "X-Head"),
        ("OPTIONS", "/m", "X-Options"),
        ("QUERY", "/m", "X-Query"),
        ("GET", "/route", "X-Route"),
        ("PUT", "/route", "X-Route"),
        ("PURGE", "/route", "X-Route"),
        ("PUT", "/mixed", "X-Mixed"),
        ("GET", "/one", "X-Routes"),
        ("PUT", "/two", "X-Routes"),
        ("GET", "/module/x", "X-Module"),
        ("GET", "/qualified", "X-Qualified"),
        ("GET", "/future", "X-Future"),
    ];
    for (method, path, exposed) in table {
        expect(call(method, &url, path, APP), 200, &shared(APP, true, exposed)).await;
        let methods = if path == "/route" { "GET, PURGE, PUT" } else { method };
        // other routes of the path have policies of their own
        let own = if path == "/m" { granted_alone } else { granted };
        let cors = own(APP, methods, "", "");
        expect(preflight(&url, path, APP, method, ""), 204, &cors).await;
    }
    // TRACE is served, but no script can send it
    expect(call("TRACE", &url, "/m", APP), 200, &shared(APP, true, "X-Trace")).await;
    expect(preflight(&url, "/m", APP, "TRACE", ""), 403, &refused_preflight()).await;
    // the other half of `#[routes]`
    expect(preflight(&url, "/one", APP, "PUT", ""), 403, &refused_preflight()).await;
}

#[actix_web::test]
async fn route_arguments_keep_their_meaning() {
    let cors = cors_of_app();
    let url = serve!(move || App::new()
        .service(web::scope("/s").service(with_arguments))
        .wrap(cors.clone()));
    let request = call("GET", &url, "/s/args/12", APP).header("x-blue", "1");
    let response = expect(request, 200, &shared(APP, true, "X-Args")).await;
    assert_eq!(response.body, "/s/args/42");
    assert_eq!(response.get("x-wrapped").as_deref(), Some("yes"));
    let cors = granted_alone(APP, "GET", "", "");
    expect(preflight(&url, "/s/args/12", APP, "GET", ""), 204, &cors).await;
    assert_eq!(send(call("GET", &url, "/s/args/12", APP)).await.status, 404);
    assert_eq!(send(call("GET", &url, "/s/args/123", APP)).await.status, 404);
}

#[actix_web::test]
async fn scopes_resources_and_configure() {
    let cors = cors_of_app();
    let url = serve!(move || {
        let users = web::scope("/{user}").service(by_path).service(no_slash).service(of_scope);
        App::new()
            .service(web::scope("/a").service(web::scope("/b").service(users)))
            .service(web::scope("c").service(by_path))
            .configure(|config| {
                config.service(web::scope("/e").configure(|config| {
                    config.service(by_path);
                }));
            })
            .service(no_slash)
            // the same segment name in scope and resource
            .service(web::scope("/f/{id}").service(by_path))
            // an empty prefix takes all that is left
            .service(web::scope("").service(web::scope("/d").service(by_path)))
            .wrap(cors.clone())
    });
    let table = [
        ("/a/b/ada/path/1", "X-Path"),
        ("/a/b/ada/no-slash", "X-No-Slash"),
        ("/a/b/ada", "X-Empty"),
        ("/c/path/1", "X-Path"),
        ("/d/path/1", "X-Path"),
        ("/e/path/1", "X-Path"),
        ("/no-slash", "X-No-Slash"),
        ("/f/9/path/1", "X-Path"),
        ("/a/b/a%2Fb/path/%31", "X-Path"),
    ];
    for (path, exposed) in table {
        expect(call("GET", &url, path, APP), 200, &shared(APP, true, exposed)).await;
        let cors = granted(APP, "GET", "", "");
        expect(preflight(&url, path, APP, "GET", ""), 204, &cors).await;
    }
    for path in ["/path/1", "/a/path/1", "/a/b/ada/path", "/a/b/x/y/path/1"] {
        let response = send(call("GET", &url, path, APP)).await;
        assert_eq!(
            (response.status, response.cors()),
            (404, {
                let mut cors = shared(APP, true, "");
                cors.sort();
                cors
            })
        );
    }
}

/// The same handler under two policies: its path decides, through the scope's other handler.
#[actix_web::test]
async fn two_handlers_of_one_name_stay_apart() {
    mod first {
        use super::{HttpResponse, cors, get};

        #[cors(expose_headers = ["X-First"])]
        #[get("/same")]
        pub(super) async fn handler() -> HttpResponse {
            HttpResponse::Ok().finish()
        }
    }
    mod second {
        use super::{HttpResponse, cors, get};

        #[cors(expose_headers = ["X-Second"])]
        #[get("/same")]
        pub(super) async fn handler() -> HttpResponse {
            HttpResponse::Ok().finish()
        }
    }
    let cors = cors_of_app();
    let url = serve!(move || {
        App::new()
            .service(web::scope("/1").service(first::handler))
            .service(
                web::scope("/2")
                    .default_service(web::to(HttpResponse::Gone))
                    .service(second::handler),
            )
            .service(first::handler)
            .wrap(cors.clone())
    });
    let table = [("/1/same", "X-First"), ("/2/same", "X-Second"), ("/same", "X-First")];
    for (path, exposed) in table {
        expect(call("GET", &url, path, APP), 200, &shared(APP, true, exposed)).await;
        expect(preflight(&url, path, APP, "GET", ""), 204, &granted(APP, "GET", "", "")).await;
    }
}
