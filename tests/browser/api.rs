//! The conformance server's routes: one for each kind of policy, and what they serve.

use std::{convert::Infallible, time::Duration};

use actix_web::{
    Error, HttpRequest, HttpResponse, Responder,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    error::{ErrorInternalServerError, ErrorUnauthorized},
    get,
    http::{StatusCode, header},
    middleware::{Next, from_fn},
    route, web,
};
use cors_actix::{Cors, Override, cors, for_scope};
use futures_util::stream;

use crate::row::EVIL;

/// The policy of routes that say nothing else.
pub(crate) fn cors(debug: bool, strict: bool) -> Cors {
    Cors::builder()
        .allow_origins([
            "http://app.site.example",
            "http://second.example:8443",
            "http://app.site.localhost",
            "http://[::1]:8080",
            "http://*.preview.example",
        ])
        .allow_headers(["Content-Type", "Authorization", "X-One", "X-Two"])
        .expose_headers(["X-Shown"])
        .allow_credentials(true)
        .max_age(Duration::from_secs(10 * 60))
        .dangerously_allow_insecure_origins(true)
        .dangerously_allow_null_origin(true)
        .scope("/partners", Override::builder().allow_origins([EVIL]).allow_methods(["PUT"]))
        .scope("/closed", Override::builder().disable())
        .scope("/edge", Override::builder().external())
        .debug(debug)
        .strict_routes(strict)
        .build()
        .expect("a valid policy")
}

/// Every route.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(items)
        .service(open)
        .service(named)
        .service(sandboxed)
        .service(off)
        .service(unremembered)
        .service(brief)
        .service(coded)
        .service(password)
        .service(guarded)
        .service(fail)
        .service(redirect)
        .service(login)
        .service(streamed)
        .service(events)
        .service(script)
        .service(open_script)
        .service(image)
        .service(font)
        .service(socket)
        .route("/plain", web::route().to(answer));
    config.service(web::resource("/readable").route(web::get().to(answer)));
    for scope in ["/partners", "/closed", "/edge"] {
        config.service(web::scope(scope).route("/plain", web::route().to(answer)));
    }
    let lone = for_scope(Override::builder().allow_credentials(false));
    config.service(web::scope("/lone").service(lone).route("/plain", web::route().to(answer)));
}

/// An answer with headers to read, or not.
async fn answer() -> HttpResponse {
    with_headers(StatusCode::OK)
}

fn with_headers(status: StatusCode) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(("ETag", "\"7\""))
        .insert_header(("X-Shown", "1"))
        .insert_header(("X-Hidden", "1"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .append_header((header::SET_COOKIE, "seen=1; Path=/unused"))
        .content_type("text/plain")
        .body("answer")
}

#[cors]
#[route(
    "/items",
    method = "GET",
    method = "HEAD",
    method = "POST",
    method = "PUT",
    method = "PATCH",
    method = "DELETE",
    method = "OPTIONS",
    method = "QUERY",
    method = "PROPFIND"
)]
async fn items() -> HttpResponse {
    answer().await
}

/// Any origin, any method, any header, without credentials.
#[cors(
    allow_origins = ["*"],
    allow_methods = ["*"],
    allow_headers = ["*"],
    expose_headers = ["*"],
    allow_credentials = false,
)]
#[route("/open", method = "GET", method = "PUT", method = "PATCH", method = "PROPFIND")]
async fn open() -> HttpResponse {
    answer().await
}

/// Named origins, and all else by name, without credentials.
#[cors(expose_headers += ["ETag"], allow_credentials = false)]
#[route("/named", method = "GET", method = "POST", method = "PUT")]
async fn named() -> HttpResponse {
    answer().await
}

#[cors(allow_origins = ["null"], allow_credentials = false)]
#[route("/sandboxed", method = "GET", method = "PUT")]
async fn sandboxed() -> HttpResponse {
    answer().await
}

#[cors(disable)]
#[route("/off", method = "GET", method = "PUT")]
async fn off() -> HttpResponse {
    answer().await
}

#[cors(max_age = 0)]
#[route("/unremembered", method = "GET", method = "PUT")]
async fn unremembered() -> HttpResponse {
    answer().await
}

// long enough for a few calls on a busy machine
#[cors(max_age = 3)]
#[route("/brief", method = "PUT")]
async fn brief() -> HttpResponse {
    answer().await
}

#[cors]
#[route("/status/{code}", method = "GET", method = "PUT")]
async fn coded(code: web::Path<u16>) -> HttpResponse {
    with_headers(StatusCode::from_u16(*code).expect("a status"))
}

/// Asks for a password by HTTP's own means.
#[cors]
#[get("/password")]
async fn password() -> HttpResponse {
    let mut response = with_headers(StatusCode::UNAUTHORIZED);
    let challenge = header::HeaderValue::from_static("Basic realm=\"api\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    response
}

#[cors]
#[route("/guarded", method = "GET", method = "PUT", wrap = "from_fn(require_token)")]
async fn guarded() -> HttpResponse {
    answer().await
}

/// Middleware that fails with `Err` where nobody is authorised.
async fn require_token(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        next.call(request).await
    } else {
        Err(ErrorUnauthorized("send a token"))
    }
}

#[cors]
#[route("/fail", method = "GET", method = "PUT")]
async fn fail() -> Result<HttpResponse, Error> {
    Err(ErrorInternalServerError("out of order"))
}

/// Sends to a path of a host, with the query that names the row.
#[cors]
#[route("/redirect/{status}/{host}/{path:.*}", method = "GET", method = "POST", method = "PUT")]
async fn redirect(request: HttpRequest, path: web::Path<(u16, String, String)>) -> HttpResponse {
    send_to(&request, path.into_inner())
}

/// Redirects with a status to a path of a host.
pub(crate) fn send_to(
    request: &HttpRequest,
    (status, host, path): (u16, String, String),
) -> HttpResponse {
    let query = request.query_string();
    HttpResponse::build(StatusCode::from_u16(status).expect("a status"))
        .insert_header((header::LOCATION, format!("http://{host}/{path}?{query}")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

#[cors]
#[get("/login")]
async fn login() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::SET_COOKIE, "session=1; Path=/; SameSite=Lax"))
        .finish()
}

#[cors]
#[get("/streamed")]
async fn streamed() -> HttpResponse {
    let chunks = ["first ", "second ", "third"].map(|text| Ok::<_, Infallible>(text.into()));
    HttpResponse::Ok().insert_header(("X-Shown", "1")).streaming(stream::iter(chunks))
}

#[cors]
#[get("/events")]
async fn events() -> HttpResponse {
    HttpResponse::Ok().content_type("text/event-stream").body("data: hello\n\n")
}

/// The console of a page that may read the script learns what it throws.
const SCRIPT: &str = "throw new Error(\"told\");";

#[cors]
#[get("/script.js")]
async fn script() -> impl Responder {
    HttpResponse::Ok().content_type("text/javascript").body(SCRIPT)
}

#[cors(allow_origins = ["*"], allow_credentials = false)]
#[get("/open.js")]
async fn open_script() -> impl Responder {
    HttpResponse::Ok().content_type("text/javascript").body(SCRIPT)
}

#[cors]
#[get("/pixel.gif")]
async fn image() -> impl Responder {
    let pixel: &[u8] =
        b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0!\xf9\x04\x01\0\0\0\0,\0\0\0\0\
                         \x01\0\x01\0\0\x02\x02D\x01\0;";
    let mut response = HttpResponse::Ok();
    // kept by the browser, so that `Vary` matters
    response.insert_header((header::CACHE_CONTROL, "max-age=600"));
    response.content_type("image/gif").body(pixel)
}

#[cors]
#[get("/triangle.ttf")]
async fn font() -> impl Responder {
    let font: &[u8] = include_bytes!("served/triangle.ttf");
    HttpResponse::Ok().content_type("font/ttf").body(font)
}

#[cors]
#[get("/socket")]
async fn socket(request: HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
    let (response, session, _messages) = actix_ws::handle(&request, body)?;
    actix_web::rt::spawn(session.close(None));
    Ok(response)
}
