//! Handlers that send requests to applications in the same process: what those are dispatched to is
//! theirs alone.

use std::{cell::RefCell, rc::Rc};

use actix_web::{
    App, Error, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse},
    get,
    middleware::{Next, from_fn},
    test::{TestRequest, call_service, init_service},
    web,
};
use cors_actix::{Cors, cors};
use futures_util::future::LocalBoxFuture;

use crate::support::{APP, EVIL, call, listen_to_log, logged, send, serve};

type Send = dyn Fn(&'static str) -> LocalBoxFuture<'static, u16>;

thread_local! {
    /// Sends a request to the other application.
    static OTHER: RefCell<Option<Rc<Send>>> = const { RefCell::new(None) };
}

fn base() -> Cors {
    Cors::builder().allow_origins([APP]).build().unwrap()
}

/// Lets handlers reach an application.
fn set_other<S, B>(app: &Rc<S>)
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error> + 'static,
    S::Future: 'static,
    B: MessageBody,
{
    let app = Rc::downgrade(app);
    OTHER.set(Some(Rc::new(move |path| {
        let app = app.upgrade().expect("an application");
        let request = TestRequest::with_uri(path).insert_header(("origin", EVIL)).to_request();
        Box::pin(async move { app.call(request).await.map_or(0, |own| own.status().as_u16()) })
    })));
}

async fn send_to_other(path: &'static str) -> HttpResponse {
    let send = OTHER.with_borrow(std::clone::Clone::clone).expect("another application");
    HttpResponse::Ok().body(send(path).await.to_string())
}

#[cors(disable)]
#[get("/closed")]
async fn closed() -> HttpResponse {
    send_to_other("/wide").await
}

#[cors(allow_origins = ["https://evil.example"])]
#[get("/wide")]
async fn wide() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Whom the answer of `/closed` allows.
async fn allowed<S, B>(app: &S) -> Option<String>
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let request = TestRequest::with_uri("/closed").insert_header(("origin", EVIL)).to_request();
    let response = call_service(app, request).await.map_into_boxed_body();
    let origin = response.headers().get("access-control-allow-origin").cloned();
    let body = actix_web::test::read_body(response).await;
    assert_eq!(body, "200", "the other application was reached");
    origin.map(|value| value.to_str().unwrap().to_owned())
}

/// Its route took the place of the one that had sent it, in a table that it was not of.
#[actix_web::test]
async fn a_request_to_an_application_with_its_own_middleware() {
    let other = Rc::new(init_service(App::new().service((wide, closed)).wrap(base())).await);
    set_other(&other);
    let app = init_service(App::new().service((wide, closed)).wrap(base())).await;
    assert_eq!(allowed(&app).await, None);
}

#[actix_web::test]
async fn a_request_to_an_application_without() {
    mod bare {
        use actix_web::{HttpResponse, get};

        #[cors_actix::cors(allow_origins = ["https://evil.example"])]
        #[get("/wide")]
        pub(super) async fn wide() -> HttpResponse {
            HttpResponse::Ok().finish()
        }
    }
    listen_to_log();
    let other = Rc::new(init_service(App::new().service(bare::wide)).await);
    set_other(&other);
    let app = init_service(App::new().service((wide, closed)).wrap(base())).await;
    assert_eq!(allowed(&app).await, None);
    // being called from within one is not being wrapped
    assert_eq!(logged("CORS201] `actix::in_process").len(), 1);
}

#[actix_web::test]
async fn a_request_to_the_application_itself() {
    let app = Rc::new(init_service(App::new().service((wide, closed)).wrap(base())).await);
    set_other(&app);
    assert_eq!(allowed(&*app).await, None);
}

async fn spawn(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let task = async move { next.call(request).await.map(ServiceResponse::map_into_boxed_body) };
    actix_web::rt::spawn(task).await.expect("a task that ends")
}

/// A request that was made anew, with the other still there.
async fn make_anew(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let fresh = TestRequest::with_uri(request.path()).to_srv_request();
    next.call(fresh).await.map(ServiceResponse::map_into_boxed_body)
}

/// Its route ran outside of the middleware's calls, so that the response had the base policy.
#[actix_web::test]
async fn a_middleware_that_moves_a_request_to_another_task() {
    #[cors(disable)]
    #[get("/quiet")]
    async fn quiet() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    listen_to_log();
    let cors = base();
    let wrapped = cors.clone();
    let url = serve!(move || App::new()
        .service((quiet, wide))
        .service(web::scope("/s").wrap(from_fn(spawn)).service((quiet, wide)))
        .wrap(from_fn(spawn))
        .wrap(wrapped.clone()));
    for prefix in ["", "/s"] {
        for origin in [APP, EVIL] {
            let answer = send(call("GET", &url, &format!("{prefix}/quiet"), origin)).await;
            assert_eq!((answer.status, answer.get("access-control-allow-origin")), (200, None));
        }
        let answer = send(call("GET", &url, &format!("{prefix}/wide"), EVIL)).await;
        assert_eq!(answer.get("access-control-allow-origin").as_deref(), Some(EVIL));
    }
    assert_eq!(cors.misuses(), []);
    assert_eq!(logged("in_process::a_middleware_that_moves").len(), 0, "it is wrapped");
}

#[actix_web::test]
async fn a_middleware_that_makes_a_request_anew() {
    #[cors(disable)]
    #[get("/quiet")]
    async fn quiet() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    let app = App::new().service(quiet).wrap(from_fn(make_anew)).wrap(base());
    let app = init_service(app).await;
    let request = TestRequest::with_uri("/quiet").insert_header(("origin", APP)).to_request();
    let response = call_service(&app, request).await;
    assert_eq!(response.headers().get("access-control-allow-origin"), None);
}
