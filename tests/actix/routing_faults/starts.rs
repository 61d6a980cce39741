//! Applications that start while another one lives on the thread whose policies do not fit: they failed
//! to start, or would have had the other's.

use actix_http::Request;
use actix_service::{IntoServiceFactory, ServiceFactory};
use actix_web::{App, HttpResponse, dev::AppConfig, get, web};
use cors_actix::{Cors, cors};
use futures_util::{
    future::{join, pending},
    poll,
};

use super::{BASE, ONE, Running, call, cors as base_cors, plain, ran, start};
use crate::{lifecycle::Slow, support::shared};

/// It does not go with a base policy that allows everybody.
#[cors(allow_credentials = true)]
#[get("/x")]
async fn private_x() -> HttpResponse {
    ran("private")
}

#[cors(expose_headers = ["x-ran"])]
#[get("/x")]
async fn exposed_x() -> HttpResponse {
    ran("exposed")
}

/// Everybody is allowed, without credentials.
fn open() -> Cors {
    Cors::builder().allow_origins(["*"]).build().unwrap()
}

fn open_lines(exposes: &str) -> Vec<String> {
    let mut lines = vec!["access-control-allow-origin: *".to_owned()];
    if !exposes.is_empty() {
        lines.push(format!("access-control-expose-headers: {exposes}"));
    }
    lines
}

/// An application with the handler that does not fit, and no middleware.
macro_rules! foreign {
    () => {
        App::new().service(private_x)
    };
}

/// It has the policies of the plain route alone, from the first request on.
async fn expect_plain(app: &Running) {
    for _ in 0..2 {
        app.expect(call("GET", "/x", ONE), "plain", open_lines("")).await;
        let answer = app.send(super::preflight("PUT", "/x", ONE)).await;
        assert_eq!((answer.status, answer.get("access-control-allow-credentials")), (403, None));
    }
}

async fn expect_exposed(app: &Running) {
    for _ in 0..2 {
        app.expect(call("GET", "/x", ONE), "exposed", open_lines("x-ran")).await;
    }
}

/// The private handler's own policy: the base policy's origin, with credentials.
async fn expect_private(app: &Running) {
    for _ in 0..2 {
        app.expect(call("GET", "/x", BASE), "private", shared(BASE, true, "")).await;
        let answer = app.send(super::preflight("GET", "/x", ONE)).await;
        assert_eq!(answer.status, 403);
    }
}

async fn start_plain() -> Running {
    start(App::new().route("/x", web::get().to(plain)).wrap(open())).await
}

async fn start_exposed() -> Running {
    start(App::new().service(exposed_x).wrap(open())).await
}

#[actix_web::test]
async fn beside_a_factory_that_is_held() {
    let factory = IntoServiceFactory::<_, Request>::into_factory(foreign!());
    let service = factory.new_service(AppConfig::default()).await.unwrap();
    expect_plain(&start_plain().await).await;
    expect_exposed(&start_exposed().await).await;
    drop((service, factory));
}

/// Nothing of it serves, and it is not gone.
#[actix_web::test]
async fn beside_a_factory_whose_service_is_gone() {
    let factory = IntoServiceFactory::<_, Request>::into_factory(foreign!());
    drop(factory.new_service(AppConfig::default()).await.unwrap());
    expect_plain(&start_plain().await).await;
    expect_exposed(&start_exposed().await).await;
    drop(factory);
}

#[actix_web::test]
async fn beside_a_service_whose_factory_is_gone() {
    let service = start(foreign!()).await;
    expect_plain(&start_plain().await).await;
    expect_exposed(&start_exposed().await).await;
    service.expect(call("GET", "/x", ONE), "private", Vec::new()).await;
}

/// Its start waits for something and may never end.
#[actix_web::test]
async fn beside_an_application_whose_start_is_pending() {
    let waiting = foreign!().data_factory(pending::<Result<(), ()>>);
    let waiting = IntoServiceFactory::<_, Request>::into_factory(waiting);
    let mut starting = waiting.new_service(AppConfig::default());
    assert!(poll!(&mut starting).is_pending());
    expect_plain(&start_plain().await).await;
    expect_exposed(&start_exposed().await).await;

    let waiting = IntoServiceFactory::<_, Request>::into_factory(foreign!().wrap(Slow(u32::MAX)));
    let mut later = waiting.new_service(AppConfig::default());
    assert!(poll!(&mut later).is_pending());
    expect_plain(&start_plain().await).await;
    expect_exposed(&start_exposed().await).await;
    drop((starting, later));
}

#[actix_web::test]
async fn beside_a_pending_start_of_an_application_with_the_middleware() {
    let waiting = foreign!().wrap(Slow(5)).wrap(base_cors());
    let waiting = IntoServiceFactory::<_, Request>::into_factory(waiting);
    let mut starting = waiting.new_service(AppConfig::default());
    assert!(poll!(&mut starting).is_pending());
    let plain = start_plain().await;
    let exposed = start_exposed().await;
    let private = Running::of(starting.await.unwrap());
    expect_plain(&plain).await;
    expect_exposed(&exposed).await;
    expect_private(&private).await;
}

/// Both wait for as many polls as one likes, in either order, with the middleware around what waits.
#[actix_web::test]
async fn two_that_start_interleaved() {
    for (first, second) in [(0, 0), (1, 1), (1, 3), (3, 1), (5, 0), (0, 5)] {
        let one = || App::new().service(private_x).wrap(Slow(first)).wrap(base_cors());
        let two = || App::new().service(exposed_x).wrap(Slow(second)).wrap(open());
        let (private, exposed) = join(start(one()), start(two())).await;
        expect_private(&private).await;
        expect_exposed(&exposed).await;
        let (exposed, private) = join(start(two()), start(one())).await;
        // the other one is asked first
        expect_exposed(&exposed).await;
        expect_private(&private).await;
    }
}

#[actix_web::test]
async fn two_that_start_interleaved_with_one_that_has_no_handlers() {
    for (first, second, third) in [(1, 1, 1), (1, 2, 3), (3, 2, 1), (2, 0, 1), (0, 2, 0)] {
        let one = App::new().service(private_x).wrap(Slow(first)).wrap(base_cors());
        let bare = App::new().route("/x", web::get().to(plain)).wrap(Slow(second)).wrap(open());
        let two = App::new().service(exposed_x).wrap(Slow(third)).wrap(open());
        let ((private, bare), exposed) = join(join(start(one), start(bare)), start(two)).await;
        expect_plain(&bare).await;
        expect_exposed(&exposed).await;
        expect_private(&private).await;
    }
}

/// The first has no middleware and does not fit; the others have clones of one. The last has no handlers.
#[actix_web::test]
async fn three_that_start_interleaved_with_clones_of_one_middleware() {
    let cors = open();
    let one = foreign!().wrap(Slow(5));
    let two = App::new().service(exposed_x).wrap(cors.clone());
    let three = App::new().route("/x", web::get().to(plain)).wrap(Slow(1)).wrap(cors.clone());
    let ((_one, exposed), bare) = join(join(start(one), start(two)), start(three)).await;
    expect_exposed(&exposed).await;
    expect_plain(&bare).await;
}

/// The second, which has no handlers, claims the third's application; the third was then left with the first,
/// which does not fit.
#[actix_web::test]
async fn one_whose_application_another_middleware_has_claimed() {
    let cors = open();
    let one = foreign!().wrap(Slow(5));
    // its middleware is made once the first has registered its handlers
    let two = async {
        let app = App::new().route("/x", web::get().to(plain)).wrap(Slow(1));
        start(app.wrap(base_cors())).await
    };
    let three = App::new().service(exposed_x).wrap(Slow(1)).wrap(cors);
    let ((_one, _two), exposed) = join(join(start(one), two), start(three)).await;
    expect_exposed(&exposed).await;
}

/// It registered its handlers before the clone was made, so that it cannot be the clone's application.
#[actix_web::test]
async fn a_clone_that_is_made_beside_a_factory_that_is_held() {
    let cors = open();
    let held = IntoServiceFactory::<_, Request>::into_factory(foreign!());
    let _service = held.new_service(AppConfig::default()).await.unwrap();
    let app = App::new().route("/x", web::get().to(plain)).wrap(cors.clone());
    expect_plain(&start(app).await).await;
}

/// Scopes, whose markers take part.
#[actix_web::test]
async fn two_that_start_interleaved_with_handlers_in_scopes() {
    for (first, second) in [(0, 0), (1, 3), (3, 1), (5, 0)] {
        let one = App::new().service(web::scope("/s").service(private_x));
        let two = App::new().service(web::scope("/s").service(exposed_x));
        let one = one.wrap(Slow(first)).wrap(base_cors());
        let two = two.wrap(Slow(second)).wrap(open());
        let (private, exposed) = join(start(one), start(two)).await;
        let request = |origin| call("GET", "/s/x", origin);
        exposed.expect(request(ONE), "exposed", open_lines("x-ran")).await;
        private.expect(request(BASE), "private", shared(BASE, true, "")).await;
    }
}

/// What does not fit the application's own middleware still keeps it from starting.
#[actix_web::test]
async fn what_is_its_own_and_does_not_fit() {
    let app = IntoServiceFactory::<_, Request>::into_factory(foreign!().wrap(open()));
    assert!(app.new_service(AppConfig::default()).await.is_err());
}
