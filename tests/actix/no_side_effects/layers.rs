//! Actix's other middleware, inside of ours and outside: `NormalizePath`, `from_fn`, `wrap_fn`,
//! `DefaultHeaders`, `ErrorHandlers`, `Condition`.

use actix_web::{
    App, Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, EitherBody, MessageBody},
    dev::{Service as _, ServiceRequest, ServiceResponse},
    error::ErrorBadRequest,
    get,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
    middleware::{
        Condition, DefaultHeaders, ErrorHandlerResponse, ErrorHandlers, Next, NormalizePath,
        TrailingSlash, from_fn,
    },
    web,
};

use super::pair::{get, pair, twice};

twice! {
    #[get("/status/{code}")]
    async fn status(code: web::Path<u16>) -> Result<HttpResponse, Error> {
        match code.into_inner() {
            400 => Err(ErrorBadRequest("bad")),
            code => Ok(HttpResponse::new(StatusCode::from_u16(code).unwrap())),
        }
    }

    #[get("/slash/")]
    async fn slash(request: HttpRequest) -> String { request.uri().to_string() }

    #[get("/seen")]
    async fn seen(request: HttpRequest) -> String {
        let mark = request.extensions().get::<u32>().copied();
        format!("{mark:?} {} {:?}", request.uri(), request.headers().get("x-added"))
    }

    #[get("/own", wrap = "DefaultHeaders::new().add((\"x-resource\", \"1\"))")]
    async fn own() -> HttpResponse {
        HttpResponse::Ok().insert_header(("x-version", "own")).finish()
    }
}

macro_rules! routes {
    () => {
        App::new()
            .service(web::scope("/s").service((handlers::status, handlers::slash, handlers::own)))
            .service((handlers::status, handlers::slash, handlers::seen, handlers::own))
    };
}

const PATHS: [&str; 13] = [
    "/status/200",
    "/status/204",
    "/status/304",
    "/status/400",
    "/status/418",
    "/status/503",
    "/status/x",
    "/s/status/400",
    "/seen?q=1",
    "/own",
    "/s/own",
    "/nothing",
    "/s/nothing",
];

#[actix_web::test]
async fn every_way_to_normalise_paths() {
    let paths = [
        "/slash",
        "/slash/",
        "/slash//",
        "//slash/",
        "/s/slash",
        "/s//slash/",
        "/seen/?q=1",
        "/status/200/",
        "//status//200",
        "/",
        "//",
        "/s/",
        "/nothing/",
    ];
    for mode in [TrailingSlash::Trim, TrailingSlash::MergeOnly, TrailingSlash::Always] {
        let inside = pair!(routes!().wrap(NormalizePath::new(mode)));
        let outside = pair!(routes!(); .wrap(NormalizePath::new(mode)));
        for path in paths {
            inside.same(&get(path)).await;
            outside.same(&get(path)).await;
        }
    }
}

/// Changes all it can of a request and a response.
async fn change(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    request.extensions_mut().insert(7_u32);
    let name = HeaderName::from_static("x-added");
    request.headers_mut().insert(name, HeaderValue::from_static("in"));
    if request.path() == "/rewritten" {
        let uri: actix_web::http::Uri = "/seen?rewritten".parse().unwrap();
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
    let (http_request, payload) = request.into_parts();
    let request = ServiceRequest::from_parts(http_request, payload);
    let mut response = next.call(request).await?;
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-changed"), HeaderValue::from_static("1"));
    Ok(response.map_body(|_, body| body.boxed()))
}

/// Answers some requests itself, with a response and with an error.
async fn refuse(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody, BoxBody>>, Error> {
    match request.query_string() {
        "error" => Err(ErrorBadRequest("refused")),
        "answer" => {
            Ok(request.into_response(HttpResponse::Forbidden().body("no")).map_into_right_body())
        }
        _ => Ok(next.call(request).await?.map_into_left_body()),
    }
}

#[actix_web::test]
async fn functions_as_middleware() {
    let pairs = [
        pair!(routes!().wrap(from_fn(refuse)).wrap(from_fn(change))),
        pair!(routes!(); .wrap(from_fn(refuse)).wrap(from_fn(change))),
        pair!(routes!().wrap(from_fn(refuse)); .wrap(from_fn(change))),
        pair!(
            App::new()
                .service(
                    web::scope("/s")
                        .service((handlers::status, handlers::own))
                        .wrap(from_fn(refuse))
                )
                .service(handlers::seen)
                .wrap_fn(|request, service| {
                    request.extensions_mut().insert(1_u32);
                    service.call(request)
                })
        ),
    ];
    for (number, pair) in pairs.iter().enumerate() {
        for path in PATHS.into_iter().chain(["/rewritten"]) {
            pair.same(&get(path)).await;
        }
        if number != 1 {
            for path in [
                "/seen?answer",
                "/nothing?answer",
                "/s/own?answer",
                "/s/nothing?error",
                "/own?error",
            ] {
                pair.same(&get(path)).await;
            }
        }
    }
    let seen = pairs[0].same(&get("/rewritten")).await.body;
    assert_eq!(seen, r#"Some(7) /seen?rewritten Some("in")"#);
}

#[actix_web::test]
async fn default_headers() {
    let defaults = || DefaultHeaders::new().add(("x-version", "0.2")).add_content_type();
    let inside = pair!(routes!().wrap(defaults()));
    let outside = pair!(routes!(); .wrap(defaults()));
    let varying = pair!(routes!().wrap(DefaultHeaders::new().add(("vary", "Accept"))));
    for path in PATHS {
        inside.same(&get(path)).await;
        outside.same(&get(path)).await;
        varying.same(&get(path)).await;
    }
    assert_eq!(inside.same(&get("/own")).await.get("x-version").as_deref(), Some("own"));
}

#[expect(clippy::unnecessary_wraps, reason = "`ErrorHandlers` asks for a result")]
fn page<B>(response: ServiceResponse<B>) -> actix_web::Result<ErrorHandlerResponse<B>> {
    let (request, response) = response.into_parts();
    let page = format!("{} at {}", response.status(), request.path());
    let response = response.set_body(page).map_into_boxed_body().map_into_right_body();
    Ok(ErrorHandlerResponse::Response(ServiceResponse::new(request, response)))
}

#[expect(clippy::unnecessary_wraps, reason = "`ErrorHandlers` asks for a result")]
fn mark<B: 'static>(
    mut response: ServiceResponse<B>,
) -> actix_web::Result<ErrorHandlerResponse<B>> {
    let (name, value) = (HeaderName::from_static("x-marked"), HeaderValue::from_static("1"));
    response.headers_mut().insert(name, value);
    Ok(ErrorHandlerResponse::Future(Box::pin(async { Ok(response.map_into_left_body()) })))
}

fn pages_and_marks<B: MessageBody + 'static>() -> ErrorHandlers<B> {
    ErrorHandlers::new()
        .handler(StatusCode::NOT_FOUND, page)
        .handler(StatusCode::SERVICE_UNAVAILABLE, page)
        .default_handler_client(mark)
}

#[actix_web::test]
async fn error_handlers() {
    let inside = pair!(routes!().wrap(pages_and_marks()));
    let outside = pair!(routes!(); .wrap(pages_and_marks()));
    let both =
        pair!(routes!().wrap(from_fn(refuse)).wrap(pages_and_marks()); .wrap(from_fn(change)));
    for path in PATHS {
        inside.same(&get(path)).await;
        outside.same(&get(path)).await;
        both.same(&get(path)).await;
    }
    both.same(&get("/own?error")).await;
    assert_eq!(inside.same(&get("/nothing")).await.body, "404 Not Found at /nothing");
}

#[actix_web::test]
async fn conditions() {
    for is_on in [true, false] {
        let inside = pair!(routes!().wrap(Condition::new(is_on, NormalizePath::trim())));
        let outside = pair!(routes!(); .wrap(Condition::new(is_on, DefaultHeaders::new().add(("x-on", "1")))));
        for path in PATHS.into_iter().chain(["/seen/", "/slash"]) {
            inside.same(&get(path)).await;
            outside.same(&get(path)).await;
        }
    }
}
