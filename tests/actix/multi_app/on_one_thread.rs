//! Applications of `actix_web::test`, created and dropped by the hundred, and at once.

use std::{collections::VecDeque, rc::Rc};

use actix_web::{
    App, Error,
    dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse},
    http::Method,
    rt::System,
    test::{TestRequest, call_service, init_service},
};
use allocation_counter::measure;
use cors_actix::Cors;
use futures_util::future::{join, join_all};

use super::{Kind, OTHER, app_cors, wait};
use crate::support::{APP, listen_to_log};

/// An application whose start waits for as many polls as its number says.
fn app(
    number: usize,
    held: Rc<()>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse,
        Error = Error,
        InitError = (),
    >,
> {
    App::new()
        .app_data(held)
        .data_factory(move || wait(number % 5))
        .configure(Kind::of(number).configure)
}

fn request(method: &Method, path: &str, origin: &str) -> TestRequest {
    TestRequest::with_uri(path).method(method.clone()).insert_header(("origin", origin))
}

/// What is allowed to an origin and exposed to it, by an answer's headers.
fn shared_with<B>(answer: &ServiceResponse<B>) -> [Option<&str>; 2] {
    ["access-control-allow-origin", "access-control-expose-headers"]
        .map(|name| answer.headers().get(name).map(|value| value.to_str().unwrap()))
}

/// Sends a preflight and a request to each route. `finish` is [`TestRequest::to_request`], whose
/// output actix-web does not name.
async fn expect_own_policies<S, R, B>(
    app: &S,
    finish: fn(TestRequest) -> R,
    kind: Kind,
    origin: &str,
) where
    S: Service<R, Response = ServiceResponse<B>, Error = Error>,
{
    for (method, path, exposed) in kind.routes() {
        let asks = request(&Method::OPTIONS, path, origin);
        let asks = asks.insert_header(("access-control-request-method", method.as_str()));
        let answer = call_service(app, finish(asks)).await;
        assert_eq!((answer.status().as_u16(), shared_with(&answer)), (204, [Some(origin), None]));
        let methods = answer.headers().get("access-control-allow-methods");
        // GET of the same path has a policy of its own
        let listed = if method == Method::PUT { "HEAD, POST, PUT" } else { "GET, HEAD, POST" };
        assert_eq!(methods.unwrap(), listed);
        let answer = call_service(app, finish(request(&method, path, origin))).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(shared_with(&answer), [Some(origin), Some(&*exposed)], "{method} {path}");
    }
}

/// Starts and drops applications, of which a few live at any time, and asks them between.
async fn come_and_go(count: usize, cors: &[(&str, Cors)], held: &Rc<()>) {
    let mut living = VecDeque::new();
    for number in 0..count {
        let (origin, cors) = &cors[number % cors.len()];
        let own = init_service(app(number, Rc::clone(held)).wrap(cors.clone())).await;
        living.push_back((own, Kind::of(number), origin));
        if number % 3 == 0 {
            // without the middleware, and with two layers of it
            let bare = init_service(app(number, Rc::clone(held))).await;
            let request = request(&Method::GET, "/s/x", origin).to_request();
            assert_eq!(shared_with(&call_service(&bare, request).await), [None, None]);
            let layered = app(number + 1, Rc::clone(held)).wrap(cors.clone()).wrap(cors.clone());
            let layered = init_service(layered).await;
            let kind = Kind::of(number + 1);
            expect_own_policies(&layered, TestRequest::to_request, kind, origin).await;
        }
        let (any, kind, origin) = &living[number * 5 % living.len()];
        expect_own_policies(any, TestRequest::to_request, *kind, origin).await;
        if living.len() == 7 {
            living.pop_front();
        }
    }
}

#[test]
fn hundreds_of_applications_leave_nothing_behind() {
    // otherwise what is said goes where the test's output is kept
    listen_to_log();
    let system = System::new();
    let cors = [(APP, app_cors(APP)), (OTHER, app_cors(OTHER)), (APP, app_cors(APP))];
    let held = Rc::new(());
    let batch = |count| measure(|| system.block_on(come_and_go(count, &cors, &held)));
    // names and tables that are kept are those of the distinct applications: 8 times 3
    batch(60);
    let left = batch(300);
    assert_eq!(Rc::strong_count(&held), 1, "data of an application lives on");
    assert!(left.bytes_total > 1_000_000, "the allocations of this thread are counted");
    // less than a byte for each application: all that may differ is how long the last names are
    assert!(left.bytes_current.abs() < 300, "{left:?}");
    assert!(left.count_current.abs() < 10, "{left:?}");
}

#[actix_web::test]
async fn applications_that_start_at_once_on_one_thread_do_not_mix() {
    let cors = [(APP, app_cors(APP)), (OTHER, app_cors(OTHER))];
    for shift in 0..5 {
        let held = Rc::new(());
        let with = (0..12).map(|number| {
            let (origin, cors) = &cors[number % 2];
            let app = app(number * (shift + 1), Rc::clone(&held)).wrap(cors.clone());
            async move { (init_service(app).await, Kind::of(number * (shift + 1)), *origin) }
        });
        let bare = (0..6).map(|number| init_service(app(number + shift, Rc::clone(&held))));
        let (mut with, bare) = join(join_all(with), join_all(bare)).await;
        for bare in &bare {
            let request = request(&Method::GET, "/x", APP).to_request();
            assert_eq!(shared_with(&call_service(bare, request).await), [None, None]);
        }
        drop(bare);
        while let Some((last, kind, origin)) = with.pop() {
            expect_own_policies(&last, TestRequest::to_request, kind, origin).await;
            drop(last);
            if let Some((first, kind, origin)) = with.first() {
                expect_own_policies(first, TestRequest::to_request, *kind, origin).await;
            }
        }
        drop(with);
        assert_eq!(Rc::strong_count(&held), 1);
    }
}
