//! Collecting and merging at start: workers, addresses, several applications, and mistakes.

use std::{
    cell::Cell,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    App, Error, HttpResponse, HttpServer,
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
    get,
    http::Method,
    test::{TestRequest, call_service, init_service},
    web,
};
use cors_actix::{Cors, cors};

use crate::support::{
    APP, expect, get as get_from, granted, listen_to_log, logged, preflight, send, shared,
};

#[cors(expose_headers += ["X-One"])]
#[get("/x")]
async fn one() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(expose_headers += ["X-Two"])]
#[get("/x")]
async fn two() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn app_cors() -> Cors {
    Cors::builder().allow_origins([APP]).allow_credentials(true).build().unwrap()
}

#[test]
fn the_value_is_shared_by_workers() {
    fn is_shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    is_shared(&app_cors());
}

#[actix_web::test]
async fn workers_and_addresses_answer_alike() {
    let cors = app_cors();
    let app = cors.clone();
    let server = HttpServer::new(move || {
        App::new().service(web::scope("/s").service(one)).service(two).wrap(app.clone())
    })
    .workers(3)
    .bind(("127.0.0.1", 0))
    .and_then(|server| server.bind(("127.0.0.1", 0)))
    .unwrap();
    let urls: Vec<String> = server.addrs().iter().map(|addr| format!("http://{addr}")).collect();
    actix_web::rt::spawn(server.run());
    for _ in 0..8 {
        for url in &urls {
            expect(get_from(url, "/s/x", APP), 200, &shared(APP, true, "X-One")).await;
            expect(get_from(url, "/x", APP), 200, &shared(APP, true, "X-Two")).await;
            expect(preflight(url, "/s/x", APP, "GET", ""), 204, &granted(APP, "GET", "", "")).await;
        }
    }
    assert_eq!(cors.reports().len(), 1, "all of them have one table");
}

#[actix_web::test]
async fn two_applications_with_one_value_keep_their_own_routes() {
    let cors = app_cors();
    let first = init_service(App::new().service(one).wrap(cors.clone())).await;
    let second = init_service(App::new().service(two).wrap(cors.clone())).await;
    let none =
        init_service(App::new().route("/x", web::get().to(HttpResponse::Ok)).wrap(cors.clone()));
    let none = none.await;
    let request = || TestRequest::with_uri("/x").insert_header(("origin", APP)).to_request();
    let exposed = |response: &ServiceResponse<_>| {
        let value = response.headers().get("access-control-expose-headers");
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(exposed(&call_service(&first, request()).await).as_deref(), Some("X-One"));
    assert_eq!(exposed(&call_service(&second, request()).await).as_deref(), Some("X-Two"));
    assert_eq!(exposed(&call_service(&none, request()).await), None);
    assert_eq!(cors.reports().len(), 3);
}

/// A middleware whose start takes several polls, so that applications start interleaved.
pub(crate) struct Slow(pub(crate) u32);

impl<S> Transform<S, ServiceRequest> for Slow
where
    S: Service<ServiceRequest, Error = Error> + 'static,
{
    type Response = S::Response;
    type Error = Error;
    type InitError = ();
    type Transform = S;
    type Future = SlowStart<S>;

    fn new_transform(&self, service: S) -> SlowStart<S> {
        SlowStart(Cell::new(self.0), Some(Box::new(service)))
    }
}

pub(crate) struct SlowStart<S>(Cell<u32>, Option<Box<S>>);

impl<S> Future for SlowStart<S> {
    type Output = Result<S, ()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some(rest) = self.0.get().checked_sub(1) {
            self.0.set(rest);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Ok(*self.1.take().expect("polled after completion")))
    }
}

/// Router 1, router 2, middleware 1, middleware 2: the first request puts it right.
#[actix_web::test]
async fn applications_that_start_interleaved_get_their_own_routes() {
    let cors = app_cors();
    let start = |slow, number: u8| {
        let scope = web::scope("/s");
        let scope = if number == 1 { scope.service(one) } else { scope.service(two) };
        init_service(App::new().service(scope).wrap(Slow(slow)).wrap(cors.clone()))
    };
    for (slow_one, slow_two) in [(0, 0), (1, 1), (2, 1), (1, 3), (5, 0)] {
        let (first, second) =
            futures_util::future::join(start(slow_one, 1), start(slow_two, 2)).await;
        let preflight = || {
            TestRequest::with_uri("/s/x")
                .method(Method::OPTIONS)
                .insert_header(("origin", APP))
                .insert_header(("access-control-request-method", "GET"))
                .to_request()
        };
        let request = || TestRequest::with_uri("/s/x").insert_header(("origin", APP)).to_request();
        assert_eq!(call_service(&first, preflight()).await.status(), 204);
        assert_eq!(call_service(&second, preflight()).await.status(), 204);
        let response = call_service(&first, request()).await;
        assert_eq!(response.headers().get("access-control-expose-headers").unwrap(), "X-One");
        let response = call_service(&second, request()).await;
        assert_eq!(response.headers().get("access-control-expose-headers").unwrap(), "X-Two");
    }
}

#[actix_web::test]
async fn hundreds_of_applications_come_and_go() {
    let cors = app_cors();
    for _ in 0..300 {
        let app =
            init_service(App::new().service(web::scope("/s").service(one)).wrap(cors.clone()));
        let request = TestRequest::with_uri("/s/x").insert_header(("origin", APP)).to_request();
        let response = call_service(&app.await, request).await;
        assert_eq!(response.headers().get("access-control-expose-headers").unwrap(), "X-One");
    }
    assert_eq!(cors.reports().len(), 1);
}

#[cors(allow_origins = ["*"])]
#[get("/open")]
async fn open() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_credentials = true)]
#[get("/session")]
async fn session() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_origins += ["http://insecure.example"])]
#[get("/insecure")]
async fn insecure() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// A real server with two workers, whose `run` ends with an error.
macro_rules! fails_to_start {
    ($factory:expr) => {
        let server = HttpServer::new($factory).workers(2).bind(("127.0.0.1", 0)).unwrap();
        assert!(server.run().await.is_err());
    };
}

#[actix_web::test]
async fn an_invalid_merge_keeps_the_server_from_starting() {
    listen_to_log();
    let sessions = app_cors();
    let public = Cors::builder().allow_origins(["*"]).build().unwrap();
    let wrapped = sessions.clone();
    fails_to_start!(move || App::new()
        .service(web::scope("/s").service(open))
        .service(insecure)
        .service(one)
        .wrap(wrapped.clone()));
    let messages: Vec<String> =
        sessions.start_error().unwrap().to_string().lines().map(str::to_owned).collect();
    let place = |line: u32, name: &str| {
        format!("#[cors] on `actix::lifecycle::{name}` at tests/actix/lifecycle.rs:{line}")
    };
    let line = |name: &str| {
        let text = include_str!("lifecycle.rs");
        let function = text.lines().position(|line| line.contains(&format!("async fn {name}()")));
        u32::try_from(function.unwrap() - 1).unwrap()
    };
    let (open_place, insecure_place) =
        (place(line("open"), "open"), place(line("insecure"), "insecure"));
    assert_eq!(
        messages,
        [
            format!(
                "[CORS019] {open_place}: `allow_origins = [\"*\"]` (here) cannot be combined \
             with `allow_credentials = true` (base policy); list the origins, or name those that may send cookies, \
             as in `allow_credentials = [\"https://app.example.com\"]`"
            ),
            format!(
                "[CORS017] {insecure_place}: origin `http://insecure.example` (here) is \
             not https while `allow_credentials = true` (base policy); write `https://insecure.example`, or set \
             `dangerously_allow_insecure_origins = true` in the base policy"
            ),
        ]
    );

    for message in &messages {
        let logged = logged(message);
        assert!(logged.iter().any(|line| line.starts_with("ERROR ")), "{message}");
    }

    let wrapped = public.clone();
    fails_to_start!(move || App::new().service(session).wrap(wrapped.clone()));
    let place = place(line("session"), "session");
    assert_eq!(
        public.start_error().unwrap().to_string(),
        format!(
            "[CORS019] {place}: `allow_origins = [\"*\"]` (base policy) cannot be combined with \
             `allow_credentials = true` (here); list the origins, or name those that may send cookies, \
             as in `allow_credentials = [\"https://app.example.com\"]`"
        )
    );
}

/// An application without the middleware is as it was without the attribute.
#[actix_web::test]
async fn without_the_middleware_nothing_happens() {
    let app = init_service(App::new().service(web::scope("/s").service(one))).await;
    let request = TestRequest::with_uri("/s/x").insert_header(("origin", APP)).to_request();
    let response = call_service(&app, request).await;
    assert_eq!(response.status(), 200);
    assert!(response.headers().get("access-control-allow-origin").is_none());
}

/// The router of the application before was the last to be constructed, but it has no middleware.
#[actix_web::test]
async fn routes_of_an_application_without_the_middleware_are_not_taken_for_those_of_the_next() {
    let bare = init_service(App::new().service(web::scope("/s").service(one))).await;
    let cors = Cors::builder().allow_origins(["https://b.example"]).build().unwrap();
    let routes = App::new().route("/s/x", web::get().to(HttpResponse::Ok));
    let next = init_service(routes.wrap(cors)).await;
    let request = TestRequest::with_uri("/s/x")
        .method(Method::OPTIONS)
        .insert_header(("origin", "https://b.example"))
        .insert_header(("access-control-request-method", "GET"))
        .to_request();
    let response = call_service(&next, request).await;
    assert_eq!(response.status(), 204);
    let listed = response.headers().get("access-control-allow-methods").unwrap();
    assert_eq!(listed, "GET, HEAD, POST", "of no known route");
    drop(bare);
}

/// What such an application leaves behind is no reason for the next one not to start.
#[actix_web::test]
async fn an_application_without_the_middleware_does_not_keep_the_next_from_starting() {
    drop(init_service(App::new().service(open)).await);
    let cors = app_cors();
    let app = App::new().route("/x", web::get().to(HttpResponse::Ok)).wrap(cors.clone());
    drop(init_service(app).await);
    assert_eq!(cors.start_error(), None);
    assert!(cors.reports()[0].routes.is_empty());
}

/// Its middleware took the other application for its own, so that the mistake shows only now.
#[actix_web::test]
async fn an_application_whose_policies_turn_out_not_to_merge_shares_nothing() {
    let cors = app_cors();
    let invalid = App::new().service(web::scope("/a").service((open, one)));
    let valid = App::new().service(web::scope("/b").service(two));
    let (invalid, _valid) = futures_util::future::join(
        init_service(invalid.wrap(Slow(1)).wrap(cors.clone())),
        init_service(valid.wrap(Slow(1)).wrap(cors.clone())),
    )
    .await;
    assert_eq!(cors.start_error(), None, "nothing is known of it yet");
    for path in ["/a/open", "/a/x", "/nowhere"] {
        let request = TestRequest::with_uri(path).insert_header(("origin", APP)).to_request();
        let response = call_service(&invalid, request).await;
        assert!(response.headers().get("access-control-allow-origin").is_none(), "{path}");
    }
    assert!(cors.start_error().unwrap().to_string().contains("actix::lifecycle::open"));
}

/// Together more than one pattern of actix's may have.
#[actix_web::test]
async fn scopes_and_handlers_may_have_many_dynamic_segments() {
    #[cors(expose_headers += ["X-Deep"])]
    #[get("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}")]
    async fn deep() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    let cors = app_cors();
    let url = crate::support::serve!(move || {
        let scope = web::scope("/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}");
        App::new().service(scope.service(deep)).wrap(cors.clone())
    });
    let path = "/x".repeat(17);
    expect(get_from(&url, &path, APP), 200, &shared(APP, true, "X-Deep")).await;
    expect(preflight(&url, &path, APP, "GET", ""), 204, &granted(APP, "GET", "", "")).await;
}

#[actix_web::test]
async fn requests_of_two_origins_do_not_mix() {
    let cors = Cors::builder().allow_origins([APP, "https://b.example"]).build().unwrap();
    let url = crate::support::serve!(move || App::new().service(one).wrap(cors.clone()));
    let requests = (0..40).map(|n| if n % 2 == 0 { APP } else { "https://b.example" });
    let answers = requests.map(|origin| {
        let request = get_from(&url, "/x", origin);
        async move { (origin, send(request).await.get("access-control-allow-origin")) }
    });
    for (origin, allowed) in futures_util::future::join_all(answers).await {
        assert_eq!(allowed.as_deref(), Some(origin));
    }
}
