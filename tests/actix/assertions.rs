//! What users' own tests can say: the assertions on calls, and the table as text and as JSON.

use actix_web::{
    App, Error, HttpResponse, delete, error::ErrorUnauthorized, get, middleware::from_fn,
    test::init_service, web,
};
use cors_actix::{
    Cors, Override, cors,
    test::{Blocked, Call},
};

use crate::support::{ADMIN, APP, EVIL};

#[cors(expose_headers += ["ETag"])]
#[get("/users/{id}")]
async fn get_user() -> HttpResponse {
    HttpResponse::Ok().insert_header(("ETag", "\"1\"")).insert_header(("X-Secret", "1")).finish()
}

#[cors(allow_origins = ["https://admin.example.com"], allow_headers += ["X-Csrf-Token"])]
#[delete("/users/{id}")]
async fn delete_user() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

fn base() -> Cors {
    Cors::builder()
        .allow_origins([APP])
        .allow_credentials(true)
        .max_age(std::time::Duration::from_secs(10 * 60))
        .route("/plain", ["GET"], Override::builder().disable())
        .build()
        .unwrap()
}

#[actix_web::test]
async fn a_call_is_judged_as_a_browser_does() {
    let app = App::new()
        .service((get_user, delete_user))
        .route("/plain", web::get().to(HttpResponse::Ok))
        .wrap(base());
    let app = init_service(app).await;
    let get = || Call::new("GET", "/users/1");
    let delete = || Call::new("DELETE", "/users/1").header("X-Csrf-Token", "t");

    let outcome = get().from(APP).send(&app).await;
    outcome.assert_readable();
    assert!(outcome.exposes("etag") && !outcome.exposes("x-secret"));
    assert_eq!(
        outcome.to_string(),
        "GET /users/1 from https://app.example.com\n  response 200\n    \
         access-control-allow-credentials: true\n    \
         access-control-allow-origin: https://app.example.com\n    \
         access-control-expose-headers: ETag\n    vary: Origin\n  readable: etag"
    );
    get().from(APP).with_credentials().send(&app).await.assert_readable();
    let outcome = get().from(EVIL).send(&app).await;
    outcome.assert_blocked();
    assert_eq!((outcome.status(), outcome.exposes("etag")), (Some(200), false));

    delete().from(ADMIN).send(&app).await.assert_readable();
    let outcome = delete().from(APP).send(&app).await;
    assert!(matches!(outcome.blocked(), Some(Blocked::PreflightOrigin(_))), "{outcome}");
    assert_eq!(outcome.status(), None, "the request was not sent");
    let outcome = delete().header("X-Other", "1").from(ADMIN).send(&app).await;
    assert_eq!(
        outcome.to_string(),
        "DELETE /users/1 from https://admin.example.com\n  preflight 403\n    vary: Origin, \
         Access-Control-Request-Method, Access-Control-Request-Headers\n  blocked: preflight: no \
         Access-Control-Allow-Origin"
    );
    Call::new("GET", "/plain").from(APP).send(&app).await.assert_blocked();
}

#[actix_web::test]
async fn an_error_of_a_middleware_is_an_answer_too() {
    let refuse = from_fn(
        |request: actix_web::dev::ServiceRequest, _next: actix_web::middleware::Next<_>| async move {
            let _ = request;
            Err::<actix_web::dev::ServiceResponse<actix_web::body::BoxBody>, Error>(
                ErrorUnauthorized("no"),
            )
        },
    );
    let app = init_service(App::new().service(get_user).wrap(refuse).wrap(base())).await;
    let outcome = Call::new("GET", "/users/1").from(APP).send(&app).await;
    outcome.assert_readable();
    assert_eq!(outcome.status(), Some(401));
}

#[actix_web::test]
#[should_panic(
    expected = "no script should get the response\nGET /users/1 from https://app.example.com"
)]
async fn a_call_that_should_be_blocked_shows_the_exchange() {
    let app = init_service(App::new().service(get_user).wrap(base())).await;
    Call::new("GET", "/users/1").from(APP).send(&app).await.assert_blocked();
}

#[actix_web::test]
async fn the_table_is_text_and_json() {
    let cors = base();
    drop(
        init_service(App::new().service(web::scope("/s").service(delete_user)).wrap(cors.clone()))
            .await,
    );
    let report = &cors.reports()[0];
    let text = "\
base policy (any route not listed below)
    allow_origins         https://app.example.com  [= base policy]
    allow_methods         as routed
    allow_headers         none
    expose_headers        none
    allow_credentials     true  [= base policy]
    max_age               600 s  [= base policy]
DELETE /s/users/{id}  `actix::assertions::delete_user`
    allow_origins         https://admin.example.com  [= #[cors]]
    allow_headers         X-Csrf-Token  [+= #[cors]]
GET /plain  route entry
    CORS disabled
";
    assert_eq!(format!("{report:#}"), text);
    let json = serde_json::to_value(report).unwrap();
    assert_eq!(json["base"]["policy"]["allow_origins"][0], APP);
    let route = &json["routes"][0];
    assert_eq!(
        (&route["methods"][0], &route["pattern"]),
        (&"DELETE".into(), &"/s/users/{id}".into())
    );
    assert_eq!((&route["guarded"], &route["policy"]["max_age"]), (&false.into(), &600.into()));
    let layer = route["layers"]["allow_headers"][0].as_str().unwrap();
    let start = "+= #[cors] on `actix::assertions::delete_user` at tests/actix/assertions.rs:";
    assert!(layer.starts_with(start), "{layer}");
    assert_eq!(json["routes"][1]["policy"]["disable"], true);
}
