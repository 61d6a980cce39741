//! Tenants on one path: each scope has a guard for its host, and a middleware of its own.

use actix_web::{App, HttpResponse, Scope, get, guard, put, web};
use cors_actix::{Cors, Override, cors, for_scope};
use cors_tests::client::Request;

use super::{codes, in_scope, plain};
use crate::support::{
    call, expect, granted_alone, listen_to_log, logged, preflight, refused, refused_preflight,
    send, serve, shared,
};

const ONE: &str = "https://one.example";
const TWO: &str = "https://two.example";
const PARTNER: &str = "https://partner.example";

#[cors(expose_headers = ["ETag"])]
#[get("/users")]
async fn users() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_headers = ["X-Token"], max_age = "1h")]
#[put("/users")]
async fn put_users() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

fn tenant(path: &str, host: &'static str) -> Scope {
    web::scope(path).guard(guard::Host(host))
}

fn to(host: &str, request: Request) -> Request {
    request.header("host", host)
}

/// What a granted preflight carries, which names these methods alone.
fn granted(origin: &str, methods: &str, headers: &str, max_age: &str) -> Vec<String> {
    let lines = granted_alone(origin, methods, headers, max_age);
    lines.into_iter().filter(|line| !line.contains("credentials")).collect()
}

#[actix_web::test]
async fn each_is_answered_by_its_own_policy_alone() {
    for path in ["/api", ""] {
        let (one, two) = (in_scope(ONE).build().unwrap(), in_scope(TWO).build().unwrap());
        let wrapped = (one.clone(), two.clone());
        let url = serve!(move || {
            let handlers = |scope: Scope| {
                scope.service((users, put_users)).route("/plain", web::get().to(plain))
            };
            App::new()
                .service(handlers(tenant(path, "one.example")).wrap(wrapped.0.clone()))
                .service(handlers(tenant(path, "two.example")).wrap(wrapped.1.clone()))
        });
        for (host, own, other) in [("one.example", ONE, TWO), ("two.example", TWO, ONE)] {
            let rows = [
                ("GET", "/users", 200, shared(own, false, "ETag")),
                ("PUT", "/users", 204, shared(own, false, "")),
                ("GET", "/plain", 200, shared(own, false, "")),
                ("GET", "/none", 404, shared(own, false, "")),
                ("PATCH", "/users", 404, shared(own, false, "")),
            ];
            for (method, rest, status, cors) in rows {
                let full = format!("{path}{rest}");
                expect(to(host, call(method, &url, &full, own)), status, &cors).await;
                expect(to(host, call(method, &url, &full, other)), status, &refused()).await;
            }
            let asks = |origin, rest: &str, method, headers| {
                to(host, preflight(&url, &format!("{path}{rest}"), origin, method, headers))
            };
            let put = granted(own, "PUT", "X-Token", "3600");
            expect(asks(own, "/users", "PUT", "x-token"), 204, &put).await;
            expect(asks(other, "/users", "PUT", "x-token"), 403, &refused_preflight()).await;
            expect(asks(own, "/users", "PATCH", ""), 403, &refused_preflight()).await;
            expect(asks(own, "/plain", "PUT", ""), 403, &refused_preflight()).await;
            expect(asks(own, "/none", "GET", ""), 204, &granted(own, "GET, HEAD, POST", "", ""))
                .await;
            expect(asks(other, "/none", "GET", ""), 403, &refused_preflight()).await;
        }
        for cors in [one, two] {
            // of the preflight for the plain route
            assert_eq!((codes(&cors), cors.start_error()), (vec!["CORS218"], None), "{path}");
        }
        // neither of the two gets it
        let elsewhere = to("three.example", call("GET", &url, &format!("{path}/users"), ONE));
        assert_eq!(send(elsewhere).await.cors(), [""; 0]);
    }
}

mod of_one {
    use super::{HttpResponse, cors, put};

    #[cors(allow_origins = ["https://partner.example"])]
    #[put("/x")]
    pub(super) async fn x() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(allow_origins = ["https://partner.example"], allow_headers = ["X-Token"])]
    #[put("/only-one")]
    pub(super) async fn only_one() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

mod of_one_alone {
    use super::{HttpResponse, cors, put};

    #[cors(allow_origins = ["https://partner.example"])]
    #[put("/alone")]
    pub(super) async fn alone() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

mod of_two {
    use super::{HttpResponse, cors, put};

    #[cors]
    #[put("/x")]
    pub(super) async fn x() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

/// It is not known which of the two scopes a preflight has come to. A handler's mark shows which has answered.
#[actix_web::test]
async fn where_their_handlers_differ_preflights_need_the_policies_of_both() {
    let (one, two) = (in_scope(ONE).build().unwrap(), in_scope(TWO).build().unwrap());
    let wrapped = (one.clone(), two.clone());
    let url = serve!(move || {
        let first = tenant("/api", "one.example").service((of_one::x, of_one::only_one));
        let second = tenant("/api", "two.example").service(of_two::x);
        let second = second.route("/only-one", web::put().to(plain));
        App::new().service(first.wrap(wrapped.0.clone())).service(second.wrap(wrapped.1.clone()))
    });
    let rows = [
        ("one.example", "/api/x", PARTNER),
        ("one.example", "/api/only-one", PARTNER),
        ("two.example", "/api/x", TWO),
        ("two.example", "/api/only-one", TWO),
    ];
    for (host, path, allowed) in rows {
        for origin in [ONE, TWO, PARTNER] {
            let expected = if origin == allowed { shared(origin, false, "") } else { refused() };
            expect(to(host, call("PUT", &url, path, origin)), 200, &expected).await;
            let request = to(host, preflight(&url, path, origin, "PUT", ""));
            expect(request, 403, &refused_preflight()).await;
            // no route has answered, so that the path decides
            let expected = if host.starts_with(&origin[8..11]) {
                shared(origin, false, "")
            } else {
                refused()
            };
            expect(to(host, call("PATCH", &url, path, origin)), 404, &expected).await;
        }
    }
    for cors in [one, two] {
        assert_eq!(codes(&cors), ["CORS219"], "{:?}", cors.misuses());
        let text = cors.misuses()[0].to_string();
        assert!(text.contains("PUT /api/x (`actix::several::tenants::of_one::x`"), "{text}");
        assert!(text.contains("of_two::x`"), "{text}");
    }
}

/// The other scope has nothing there, and would answer by itself.
#[actix_web::test]
async fn what_only_the_other_one_has_is_never_answered_by_its_policy() {
    let (one, two) = (in_scope(ONE).build().unwrap(), in_scope(TWO).build().unwrap());
    let wrapped = (one.clone(), two.clone());
    let url = serve!(move || {
        let first = tenant("/api", "one.example").service(of_one_alone::alone);
        let second = tenant("/api", "two.example").service(users);
        App::new().service(first.wrap(wrapped.0.clone())).service(second.wrap(wrapped.1.clone()))
    });
    for origin in [ONE, TWO, PARTNER] {
        let shares = if origin == PARTNER { shared(PARTNER, false, "") } else { refused() };
        let own = to("one.example", call("PUT", &url, "/api/alone", origin));
        expect(own, 200, &shares).await;
        let other = to("two.example", call("PUT", &url, "/api/alone", origin));
        expect(other, 404, &refused()).await;
        for host in ["one.example", "two.example"] {
            let asks = to(host, preflight(&url, "/api/alone", origin, "PUT", ""));
            expect(asks, 403, &refused_preflight()).await;
        }
    }
    assert_eq!((codes(&one), codes(&two)), (vec!["CORS219"], vec!["CORS219"]));
}

/// The item is in one of them, and patterns do not tell in which.
#[actix_web::test]
async fn items_in_scopes_of_one_path_turn_cors_off() {
    let two = in_scope(TWO).build().unwrap();
    let wrapped = two.clone();
    let url = serve!(move || {
        let item = for_scope(Override::builder().allow_origins([PARTNER]));
        let inner = web::scope("/v1").service(item).route("/own", web::get().to(plain));
        let first = tenant("/api", "one.example").service(inner);
        let second = tenant("/api", "two.example").route("/v1/plain", web::get().to(plain));
        App::new()
            .service(first.wrap(in_scope(ONE).build().unwrap()))
            .service(second.wrap(wrapped.clone()))
    });
    for origin in [TWO, PARTNER] {
        let request = to("two.example", call("GET", &url, "/api/v1/plain", origin));
        expect(request, 200, &refused()).await;
    }
    let beside = to("two.example", call("GET", &url, "/api/none", TWO));
    expect(beside, 404, &shared(TWO, false, "")).await;
    assert_eq!(codes(&two), ["CORS215"]);
    let text = two.misuses()[0].to_string();
    assert!(text.contains("there are several scopes of the path `/api`"), "{text}");
}

mod with_credentials {
    use super::{HttpResponse, cors, get};

    #[cors(allow_credentials = true)]
    #[get("/private")]
    pub(super) async fn private() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

/// Any origin from the base policy of the one, credentials from a handler of the other.
#[actix_web::test]
async fn a_handler_that_fits_in_one_alone_closes_nothing_else_in_the_other() {
    listen_to_log();
    let one = in_scope(ONE).build().unwrap();
    let any = Cors::builder().allow_origins(["*"]).around_scope(true).build().unwrap();
    let wrapped = (one.clone(), any.clone());
    let url = serve!(move || {
        let first = tenant("/misfit", "one.example").service(with_credentials::private);
        let second = tenant("/misfit", "two.example").service(users);
        App::new().service(first.wrap(wrapped.0.clone())).service(second.wrap(wrapped.1.clone()))
    });
    let own = to("one.example", call("GET", &url, "/misfit/private", ONE));
    expect(own, 200, &shared(ONE, true, "")).await;
    let any_origin = ["access-control-allow-origin: *", "access-control-expose-headers: ETag"];
    let other = to("two.example", call("GET", &url, "/misfit/users", PARTNER));
    expect(other, 200, &any_origin.map(str::to_owned)).await;
    let closed = to("two.example", preflight(&url, "/misfit/private", PARTNER, "GET", ""));
    expect(closed, 403, &refused_preflight()).await;
    assert_eq!(one.start_error(), None);
    assert_eq!(any.start_error().unwrap().errors().first().code(), "CORS019");
    let lines = logged("there are several scopes of the path `/misfit`");
    assert!(lines.len() == 1 && lines[0].starts_with("ERROR"), "{lines:?}");
}

/// Only one of them has the inner scope, which is off there.
#[actix_web::test]
async fn an_inner_scope_that_is_off_stays_off() {
    let off = Override::builder().disable();
    let two = in_scope(TWO).scope("/api/v1", off).build().unwrap();
    let url = serve!(move || {
        let inner = web::scope("/v1").service(users).route("/plain", web::get().to(plain));
        App::new()
            .service(tenant("/api", "one.example").wrap(in_scope(ONE).build().unwrap()))
            .service(tenant("/api", "two.example").service(inner).wrap(two.clone()))
    });
    for (path, status) in [("/users", 200), ("/plain", 200), ("/none", 404)] {
        let path = format!("/api/v1{path}");
        expect(to("two.example", call("GET", &url, &path, TWO)), status, &refused()).await;
        let asks = to("two.example", preflight(&url, &path, TWO, "GET", ""));
        expect(asks, 403, &refused_preflight()).await;
    }
    let beside = to("two.example", call("GET", &url, "/api/none", TWO));
    expect(beside, 404, &shared(TWO, false, "")).await;
}
