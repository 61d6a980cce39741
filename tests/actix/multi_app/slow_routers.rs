//! Applications on one thread whose routers wait, because middleware of a scope takes several polls
//! to start: the handlers of both are constructed before either is claimed. At the root nothing but
//! name and path tells whose they are, and here those are the same.

use actix_web::{
    App, HttpResponse,
    test::{TestRequest, call_service, init_service},
    web,
};
use futures_util::future::join;

use super::app_cors;
use crate::{lifecycle::Slow, support::APP};

mod open {
    use actix_web::{HttpResponse, get};

    #[cors_actix::cors(expose_headers += ["X-Open"])]
    #[get("/x")]
    pub(super) async fn x() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

mod closed {
    use actix_web::{HttpResponse, get};

    #[cors_actix::cors(disable)]
    #[get("/x")]
    pub(super) async fn x() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

/// Starts two applications at once; answers whom `GET /x` of each allows, and what it exposes.
macro_rules! answers {
    ($first:expr, $second:expr, $polls:expr) => {{
        let cors = app_cors(APP);
        let slow =
            || web::scope("/slow").wrap(Slow($polls)).default_service(web::to(HttpResponse::Ok));
        let (first, second) = join(
            init_service(App::new().service($first).service(slow()).wrap(cors.clone())),
            init_service(App::new().service($second).service(slow()).wrap(cors.clone())),
        )
        .await;
        let request = || TestRequest::with_uri("/x").insert_header(("origin", APP)).to_request();
        [call_service(&first, request()).await, call_service(&second, request()).await].map(
            |answer| {
                ["access-control-allow-origin", "access-control-expose-headers"].map(|name| {
                    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
                })
            },
        )
    }};
}

#[actix_web::test]
async fn one_application_twice() {
    for polls in [0, 1, 3] {
        let own = [None, None];
        assert_eq!(answers!(closed::x, closed::x, polls), [own.clone(), own], "{polls} polls");
        let own = [Some(APP.to_owned()), Some("X-Open".to_owned())];
        assert_eq!(answers!(open::x, open::x, polls), [own.clone(), own], "{polls} polls");
    }
}

#[actix_web::test]
async fn two_applications_with_handlers_of_one_name_and_path() {
    for polls in [0, 1, 3] {
        let (open, closed) = ([Some(APP.to_owned()), Some("X-Open".to_owned())], [None, None]);
        assert_eq!(
            answers!(open::x, closed::x, polls),
            [open.clone(), closed.clone()],
            "{polls} polls"
        );
        assert_eq!(answers!(closed::x, open::x, polls), [closed, open], "{polls} polls");
    }
}
