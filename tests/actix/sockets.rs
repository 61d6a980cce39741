//! `WebSocket` handshakes: which pages may open one, by the check for handlers and by the setting.

use std::sync::atomic::{AtomicUsize, Ordering};

use actix_web::{
    App, Error, HttpRequest, HttpResponse, get, guard,
    http::{Method, StatusCode},
    test::{TestRequest, call_service, init_service},
    web,
};
use cors_actix::{Cors, CorsBuilder, Override, cors};
use cors_tests::client::handshake;

use crate::support::{ADMIN, APP, EVIL, call, raw, send, serve};

const HANDSHAKE: [&[u8]; 4] = [
    b"upgrade: websocket",
    b"connection: keep-alive, Upgrade",
    b"sec-websocket-version: 13",
    b"sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
];

static RUNS: AtomicUsize = AtomicUsize::new(0);

async fn socket(request: HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
    RUNS.fetch_add(1, Ordering::SeqCst);
    let (response, session, _messages) = actix_ws::handle(&request, body)?;
    session.close(None).await.map_err(actix_web::error::ErrorInternalServerError)?;
    Ok(response)
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[get("/admin")]
async fn admin(request: HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
    socket(request, body).await
}

fn base() -> CorsBuilder {
    Cors::builder().allow_origins([APP])
}

/// What is answered to a handshake on a socket that closes at once: the status is not the one of a real client.
async fn open(url: &str, path: &str, headers: &[String]) -> (u16, Vec<String>) {
    let headers = headers.iter().map(String::as_bytes);
    let headers: Vec<&[u8]> = HANDSHAKE.into_iter().chain(headers).collect();
    let (status, cors, _) = raw(url, &format!("GET {path}"), &headers).await;
    (status, cors)
}

#[actix_web::test]
async fn handshakes_of_foreign_pages_are_refused_if_the_builder_is_told_so() {
    let told = base().reject_foreign_handshakes(true).build().unwrap();
    let silent = base().build().unwrap();
    let urls = [told, silent].map(|cors| {
        serve!(move || App::new()
            .route("/plain", web::get().to(socket))
            .service(admin)
            .wrap(cors.clone()))
    });
    let origin = |value: &str| format!("origin: {value}");
    let site = |value: &str| format!("sec-fetch-site: {value}");
    let own = "https://api.example.com";
    let rows: Vec<(&str, Vec<String>, bool)> = vec![
        ("/plain", vec![origin(APP)], true),
        ("/plain", vec![origin(APP), site("cross-site")], true),
        ("/plain", vec![origin(EVIL)], false),
        ("/plain", vec![origin(ADMIN)], false),
        ("/plain", vec![origin("null")], false),
        ("/plain", vec![origin(APP), origin(APP)], false),
        // a client that is no browser, and a page of the server's own
        ("/plain", vec![], true),
        ("/plain", vec![origin(own)], true),
        ("/plain", vec![origin(own), site("same-origin")], true),
        ("/plain", vec![origin("http://api.example.com"), site("cross-site")], false),
        ("/plain", vec![origin("https://www.example"), site("same-origin")], true),
        // by the policy of the route
        ("/admin", vec![origin(ADMIN)], true),
        ("/admin", vec![origin(APP)], false),
        ("/no-such-path", vec![origin(EVIL)], false),
    ];
    for (path, headers, is_admitted) in &rows {
        let before = RUNS.load(Ordering::SeqCst);
        let (status, cors) = open(&urls[0], path, headers).await;
        let is_run = RUNS.load(Ordering::SeqCst) > before;
        assert_eq!((status != 403, is_run), (*is_admitted, *is_admitted), "{path} {headers:?}");
        assert!(*is_admitted || cors == ["vary: Origin"], "{cors:?}");
        // nobody is kept out where it was not said
        let (status, _) = open(&urls[1], path, headers).await;
        assert_ne!(status, 403, "{path} {headers:?}");
    }
    // other requests reach their handlers whatever their origin
    assert_eq!(send(call("GET", &urls[0], "/no-such-path", EVIL)).await.status, 404);
    // of a real client
    for (origin, is_admitted) in [(APP, true), (EVIL, false), ("", true)] {
        let opened = handshake(&format!("{}/plain", urls[0]), origin).await;
        assert_eq!(opened.map(|own| own.status).ok(), is_admitted.then_some(101), "{origin}");
    }
}

/// Asks as a handler does.
async fn asks(request: HttpRequest, cors: web::Data<Cors>) -> HttpResponse {
    let status = if cors.admits(&request) { StatusCode::OK } else { StatusCode::FORBIDDEN };
    HttpResponse::new(status)
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[get("/annotated")]
async fn annotated_asks(request: HttpRequest, cors: web::Data<Cors>) -> HttpResponse {
    asks(request, cors).await
}

#[actix_web::test]
async fn a_handler_is_told_by_the_policy_of_its_route() {
    let cors = base()
        .scope("/scope", Override::builder().allow_origins([ADMIN]))
        .route("/entry/{id}", ["GET"], Override::builder().allow_origins([ADMIN]))
        .route("/open", ["GET"], Override::builder().allow_origins(["*"]))
        .route(
            "/some",
            ["GET"],
            Override::builder().allow_origins(["*"]).allow_credentials([ADMIN]),
        )
        .route("/off", ["GET"], Override::builder().disable())
        .build()
        .unwrap();
    let app = App::new()
        .app_data(web::Data::new(cors.clone()))
        .service(annotated_asks)
        .service(web::scope("/scope").route("/plain", web::get().to(asks)))
        .route("/entry/{id}", web::get().to(asks))
        .route("/open", web::get().to(asks))
        .route("/some", web::get().to(asks))
        .route("/off", web::get().to(asks))
        .route("/plain", web::get().to(asks))
        .wrap(cors);
    let app = init_service(app).await;
    let rows: [(&str, &[&str]); 7] = [
        ("/plain", &[APP]),
        ("/annotated", &[ADMIN]),
        ("/scope/plain", &[ADMIN]),
        ("/entry/7", &[ADMIN]),
        ("/open", &[APP, ADMIN, EVIL]),
        // a handshake has cookies
        ("/some", &[ADMIN]),
        ("/off", &[]),
    ];
    for (path, admitted) in rows {
        for origin in [APP, ADMIN, EVIL, "https://api.example.com", ""] {
            let mut request =
                TestRequest::with_uri(path).insert_header(("Host", "api.example.com"));
            if !origin.is_empty() {
                request = request.insert_header(("Origin", origin));
            }
            let status = call_service(&app, request.to_request()).await.status();
            let is_own = ["https://api.example.com", ""].contains(&origin);
            let is_admitted = is_own || admitted.contains(&origin);
            assert_eq!(status == 200, is_admitted, "{path} {origin}");
        }
    }
}

/// Of two applications of one thread, and of one that the middleware is not around.
#[actix_web::test]
async fn a_handler_is_told_by_its_own_application() {
    let [one, other] =
        [APP, ADMIN].map(|own| Cors::builder().allow_origins([own]).build().unwrap());
    let wrapped = |cors: &Cors| {
        App::new()
            .app_data(web::Data::new(cors.clone()))
            .route("/", web::get().to(asks))
            .wrap(cors.clone())
    };
    let (first, second) = (init_service(wrapped(&one)).await, init_service(wrapped(&other)).await);
    let bare = App::new().app_data(web::Data::new(one.clone())).route("/", web::get().to(asks));
    let bare = init_service(bare).await;
    let request = |origin: &str| TestRequest::get().insert_header(("Origin", origin)).to_request();
    for (origin, expected) in [(APP, [200, 403, 403]), (ADMIN, [403, 200, 403]), (EVIL, [403; 3])] {
        let statuses = [
            call_service(&first, request(origin)).await.status(),
            call_service(&second, request(origin)).await.status(),
            call_service(&bare, request(origin)).await.status(),
        ];
        assert_eq!(statuses.map(|own| own.as_u16()), expected, "{origin}");
    }
    let no_browser = call_service(&bare, TestRequest::get().to_request()).await;
    assert_eq!(no_browser.status(), 200);
}

/// The route that a guard leaves is not known before the router has chosen, so each has to admit the page.
#[actix_web::test]
async fn a_handshake_has_to_be_admitted_by_every_route_that_could_serve_it() {
    #[cors(allow_origins = ["https://admin.example.com"])]
    #[get("/guarded", guard = "keeps_out")]
    async fn guarded() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    fn keeps_out(_: &guard::GuardContext<'_>) -> bool {
        false
    }
    let cors = base().reject_foreign_handshakes(true).build().unwrap();
    let app =
        App::new().service(guarded).route("/guarded", web::get().to(HttpResponse::Ok)).wrap(cors);
    let app = init_service(app).await;
    for (origin, upgrade, expected) in [
        (APP, "websocket", 403),
        (ADMIN, "websocket", 403),
        (EVIL, "h2c, WebSocket", 403),
        (EVIL, "h2c", 200),
    ] {
        let request = TestRequest::with_uri("/guarded").method(Method::GET);
        let request = request.insert_header(("Upgrade", upgrade)).insert_header(("Origin", origin));
        let status = call_service(&app, request.to_request()).await.status();
        assert_eq!(status, expected, "{origin} {upgrade}");
    }
}
