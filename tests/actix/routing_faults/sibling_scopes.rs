//! Scopes beside each other that look alike: each has a default service of its own and the same
//! handler. What a route entry says of one of them was true of the other as well, for some lengths of the
//! host's name and not for others.

use actix_web::{App, HttpResponse, HttpServer, dev::HttpServiceFactory, put, rt, web};
use cors_actix::{Cors, Override, cors};

use super::{BASE, ONE, TWO, base, plain, ran};
use crate::support::{call, preflight, refused, refused_preflight, send, shared};

/// Lengths of the name that the server is told it has.
const HOSTS: [usize; 9] = [0, 1, 14, 40, 100, 200, 333, 1000, 5000];

#[cors(allow_origins = ["https://one.example"])]
#[put("/a")]
async fn handler() -> HttpResponse {
    ran("handler")
}

/// For the handler in one of the scopes: whoever it allows, allows [`TWO`] there.
fn with_entry(pattern: &str) -> Cors {
    let entry = Override::builder().allow_origins([TWO]);
    base().route(pattern, ["PUT"], entry).build().unwrap()
}

fn default_service() -> actix_web::Route {
    web::to(|| async { ran("default") })
}

/// A scope with a default service of its own and the handler.
fn scope(prefix: &str) -> actix_web::Scope {
    web::scope(prefix).service(handler).default_service(default_service())
}

/// The same with a plain resource that has the handler's name and pattern; it takes no `PUT`.
fn scope_with_twin(prefix: &str, is_first: bool) -> actix_web::Scope {
    let is_get = actix_web::guard::Get();
    let twin = web::resource("/a").name("handler").guard(is_get).to(plain);
    let scope = web::scope(prefix);
    let scope = if is_first {
        scope.service(twin).service(handler)
    } else {
        scope.service(handler).service(twin)
    };
    scope.default_service(default_service())
}

/// Starts a server that has a name of some length.
macro_rules! serve {
    ($length:expr, $cors:expr, $($service:expr),+) => {{
        let cors = $cors;
        let server = HttpServer::new(move || App::new()$(.service($service))+.wrap(cors.clone()));
        let server = server.workers(1).server_hostname("h".repeat($length));
        let server = server.bind(("127.0.0.1", 0)).expect("a free port");
        let url = format!("http://{}", server.addrs()[0]);
        rt::spawn(server.disable_signals().run());
        url
    }};
}

/// `PUT` of a path runs the handler, and one origin may read its answer; nobody else is granted it.
async fn expect(url: &str, path: &str, by: &str, what: &str) {
    for origin in [ONE, TWO, BASE] {
        let mut expected = if origin == by { shared(origin, false, "") } else { refused() };
        expected.sort();
        if origin != by {
            let answer = send(preflight(url, path, origin, "PUT", "")).await;
            let seen = (answer.status, answer.cors());
            assert_eq!(seen, (403, refused_preflight()), "{path} from {origin}, {what}");
        }
        let answer = send(call("PUT", url, path, origin)).await;
        let seen = (answer.get("x-ran"), answer.cors());
        assert_eq!(seen, (Some("handler".to_owned()), expected), "{path} from {origin}, {what}");
    }
}

/// The one that has the entry, and the others, in either order.
async fn expect_all(url: &str, own: &str, others: &[&str], length: usize) {
    for path in others {
        expect(url, path, ONE, &format!("{length} bytes")).await;
    }
    expect(url, own, TWO, &format!("{length} bytes")).await;
    for path in others {
        expect(url, path, ONE, &format!("{length} bytes, again")).await;
    }
}

/// Once the routes have run, it is known which is which.
async fn expect_granted(url: &str, path: &str, by: &str, length: usize) {
    let answer = send(preflight(url, path, by, "PUT", "")).await;
    let allowed = answer.get("access-control-allow-origin");
    assert_eq!((answer.status, allowed.as_deref()), (204, Some(by)), "{path}, {length} bytes");
}

#[actix_web::test]
async fn two_scopes() {
    for length in HOSTS {
        for (own, other) in [("/one/a", "/two/a"), ("/two/a", "/one/a")] {
            let url = serve!(length, with_entry(own), scope("/one"), scope("/two"));
            expect_all(&url, own, &[other], length).await;
            expect_granted(&url, own, TWO, length).await;
            expect_granted(&url, other, ONE, length).await;
        }
    }
}

#[actix_web::test]
async fn two_scopes_and_a_plain_resource_that_looks_alike() {
    for length in HOSTS {
        for is_first in [true, false] {
            let two = move || scope_with_twin("/two", is_first);
            let url = serve!(length, with_entry("/one/a"), scope("/one"), two());
            expect_all(&url, "/one/a", &["/two/a"], length).await;
            let url = serve!(length, with_entry("/two/a"), scope("/one"), two());
            expect_all(&url, "/two/a", &["/one/a"], length).await;
            // the plain one stands in the first of them
            let url = serve!(length, with_entry("/one/a"), two(), scope("/one"));
            expect_all(&url, "/one/a", &["/two/a"], length).await;
        }
    }
}

#[actix_web::test]
async fn three_scopes() {
    for length in HOSTS {
        for own in ["/one/a", "/two/a", "/three/a"] {
            let others: Vec<_> =
                ["/one/a", "/two/a", "/three/a"].into_iter().filter(|path| *path != own).collect();
            let url = serve!(
                length,
                with_entry(own),
                scope("/one"),
                scope_with_twin("/two", false),
                scope("/three")
            );
            expect_all(&url, own, &others, length).await;
            expect_granted(&url, own, TWO, length).await;
            expect_granted(&url, others[0], ONE, length).await;
            expect_granted(&url, others[1], ONE, length).await;
        }
    }
}

#[actix_web::test]
async fn scopes_in_a_scope() {
    fn nested() -> impl HttpServiceFactory {
        web::scope("/o").service(scope("/one")).service(scope_with_twin("/two", true))
    }
    for length in HOSTS {
        for (own, other) in [("/o/one/a", "/o/two/a"), ("/o/two/a", "/o/one/a")] {
            let url = serve!(length, with_entry(own), nested());
            expect_all(&url, own, &[other], length).await;
        }
    }
}

/// The second scope is further in than the first.
#[actix_web::test]
async fn scopes_of_different_depth() {
    fn deep() -> impl HttpServiceFactory {
        web::scope("/o").service(scope_with_twin("/two", true)).default_service(default_service())
    }
    for length in HOSTS {
        for (own, other) in [("/one/a", "/o/two/a"), ("/o/two/a", "/one/a")] {
            let url = serve!(length, with_entry(own), scope("/one"), deep());
            expect_all(&url, own, &[other], length).await;
        }
    }
}
