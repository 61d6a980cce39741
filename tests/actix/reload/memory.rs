//! What a handle costs, and what reloads leave behind.

use actix_web::{
    App, HttpResponse, put,
    test::{TestRequest, call_service, init_service},
    web,
};
use allocation_counter::measure;
use cors_actix::{Cors, CorsBuilder, Override, cors};
use futures_util::FutureExt;

use crate::support::APP;

#[cors(expose_headers += ["X-Handler"])]
#[put("/handler")]
async fn handler() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn version(number: usize) -> CorsBuilder {
    let origins = (0..100).map(|own| format!("https://{own}.example.com"));
    Cors::builder()
        .allow_origins(origins.chain([APP.to_owned()]))
        .expose_headers([format!("X-Base-{}", 100 + number % 100)])
        .scope("/api", Override::builder().add_expose_headers(["X-Scope"]))
}

/// Starts an application around a middleware, and gives it to a block as what answers one request.
macro_rules! asked {
    ($cors:expr) => {{
        let api = web::scope("/api").service(handler);
        let app = init_service(App::new().service(api).wrap($cors)).await;
        move || {
            let request = TestRequest::put().uri("/api/handler").insert_header(("origin", APP));
            let answer = call_service(&app, request.to_request());
            let response = answer.now_or_never().expect("an answer at once");
            assert!(response.headers().contains_key("access-control-allow-origin"));
        }
    }};
}

#[actix_web::test]
async fn a_request_allocates_nothing_more_for_the_handle() {
    let plain = asked!(version(0).build().unwrap());
    let (cors, handle) = version(0).build_reloadable().unwrap();
    let reloadable = asked!(cors);
    let count = |ask: &dyn Fn()| {
        ask();
        measure(ask).count_total
    };
    let expected = count(&plain);
    assert_eq!(count(&reloadable), expected);
    handle.replace(&version(1)).unwrap();
    assert_eq!(count(&reloadable), expected);
}

#[actix_web::test]
async fn a_thousand_reloads_leave_nothing_behind() {
    let (cors, handle) = version(0).build_reloadable().unwrap();
    let kept = cors.clone();
    let ask = asked!(cors);
    let reload = |numbers: std::ops::Range<usize>| {
        for number in numbers {
            handle.replace(&version(number)).unwrap();
            ask();
        }
    };
    // until buffers have their size
    reload(0..100);
    let info = measure(|| reload(100..1_100));
    assert!(info.bytes_current.abs() < 10_000, "{info:?}");
    assert_eq!(kept.reports().len(), 1);
}
