//! Servers with several workers and addresses, at once on one system.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::{
    App, HttpServer,
    dev::ServerHandle,
    middleware::DefaultHeaders,
    rt::{self, task::yield_now},
};
use futures_util::future::{join, join_all};

use super::{Kind, OTHER, app_cors, wait};
use crate::support::{APP, call, expect, preflight, refused, refused_preflight, send, shared};

/// A server of two workers and two addresses.
struct Running {
    urls: Vec<String>,
    kind: Kind,
    /// Whom it allows; nobody without the middleware.
    origin: Option<&'static str>,
    held: Arc<()>,
    handle: ServerHandle,
}

/// Starts a server, with the middleware or without.
macro_rules! start {
    ($number:expr, $origin:expr $(, $cors:ident)?) => {{
        let (kind, held) = (Kind::of($number), Arc::new(()));
        let data = Arc::clone(&held);
        $(let $cors = $cors.clone();)?
        let server = HttpServer::new(move || {
            App::new()
                .app_data(Arc::clone(&data))
                .data_factory(|| wait($number))
                .configure(kind.configure)
                $(.wrap($cors.clone()))?
        });
        let bound = server.workers(2).bind(("127.0.0.1", 0)).unwrap().bind(("127.0.0.1", 0)).unwrap();
        let urls = bound.addrs().iter().map(|address| format!("http://{address}")).collect();
        let running = bound.disable_signals().run();
        let handle = running.handle();
        rt::spawn(running);
        Running { urls, kind, origin: $origin, held, handle }
    }};
}

/// Sends every kind of request to all servers at once.
async fn hammer(servers: &[Running], times: usize) {
    let calls = servers.iter().flat_map(|server| {
        server.urls.iter().flat_map(move |url| (0..times).map(move |_| ask(server, url)))
    });
    join_all(calls).await;
}

async fn ask(server: &Running, url: &str) {
    for (method, path, exposed) in server.kind.routes() {
        for origin in [APP, OTHER] {
            let request = call(method.as_str(), url, path, origin);
            let asks = preflight(url, path, origin, method.as_str(), "");
            match server.origin {
                None => {
                    expect(request, 200, &[]).await;
                }
                Some(allowed) if allowed == origin => {
                    expect(request, 200, &shared(origin, false, &exposed)).await;
                    let answer = send(asks).await;
                    assert_eq!(answer.get("access-control-allow-origin").as_deref(), Some(origin));
                }
                Some(_) => {
                    expect(request, 200, &refused()).await;
                    expect(asks, 403, &refused_preflight()).await;
                }
            }
        }
    }
}

#[actix_web::test]
async fn servers_that_start_and_stop_at_once_keep_their_own_policies() {
    let (one, two) = (app_cors(APP), app_cors(OTHER));
    let mut servers = vec![
        start!(0, Some(APP), one),
        start!(1, Some(OTHER), two),
        start!(2, None),
        start!(3, Some(APP), one),
        start!(0, Some(OTHER), two),
    ];
    hammer(&servers, 3).await;
    let stopped = servers.split_off(3);
    join(join_all(stopped.iter().map(|server| server.handle.stop(true))), hammer(&servers, 2))
        .await;
    for server in &stopped {
        // its threads end a little later
        let gone = async {
            while Arc::strong_count(&server.held) > 1 {
                yield_now().await;
            }
        };
        rt::time::timeout(Duration::from_secs(60), gone).await.expect("its data is dropped");
    }
    hammer(&servers, 1).await;
}

/// Actix builds an application for each worker and address; here each of them is another one.
#[actix_web::test]
async fn addresses_of_one_worker_with_applications_of_their_own() {
    let (cors, next) = (app_cors(APP), Arc::new(AtomicUsize::new(0)));
    let server = HttpServer::new(move || {
        let number = next.fetch_add(1, Ordering::SeqCst);
        let kind = Kind::of(number);
        App::new()
            .data_factory(move || wait(7 - number % 8))
            .configure(kind.configure)
            .wrap(DefaultHeaders::new().add(("x-app", kind.exposed)))
            .wrap(cors.clone())
    });
    let mut server = server.workers(2);
    for _ in 0..4 {
        server = server.bind(("127.0.0.1", 0)).unwrap();
    }
    let urls: Vec<_> = server.addrs().iter().map(|address| format!("http://{address}")).collect();
    rt::spawn(server.run());
    let mut seen = HashSet::new();
    for url in urls.iter().cycle().take(80) {
        for path in ["/x", "/s/x"] {
            let answer = send(call("GET", url, path, APP)).await;
            let own = answer.get("x-app").unwrap();
            assert_eq!(answer.get("access-control-expose-headers").as_ref(), Some(&own));
            seen.insert(own);
        }
    }
    assert!(seen.len() >= 4, "at least one for each address: {seen:?}");
}
