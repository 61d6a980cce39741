//! The report of the merged table.

use actix_web::{App, HttpResponse, get, test::init_service, web};
use cors_actix::{
    Cors, cors,
    report::{Key, Source},
};

use crate::support::APP;

#[cors(expose_headers += ["ETag"], max_age = 60)]
#[get("/users/{id}", guard = "always")]
async fn user() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(disable)]
#[get("/secret")]
async fn secret() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[get("/plain")]
async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn always(_: &actix_web::guard::GuardContext<'_>) -> bool {
    true
}

#[actix_web::test]
async fn it_says_what_each_route_got_and_from_where() {
    let cors = Cors::builder().allow_origins([APP]).expose_headers(["X-A"]).build().unwrap();
    let scope = web::scope("/{tenant}").service((user, secret));
    drop(init_service(App::new().service(scope).service(plain).wrap(cors.clone())).await);
    let reports = cors.reports();
    let [report] = reports.as_slice() else { panic!("one report") };
    let lines = ["user", "secret", "plain"].map(|name| {
        let text = include_str!("report.rs");
        let function = format!("async fn {name}()");
        text.lines().position(|line| line.contains(&function)).unwrap() - 1
    });
    let [user_line, secret_line, plain_line] = lines;
    let expected = format!(
        "\
base policy (any route not listed below)
    allow_origins         https://app.example.com  [= base policy]
    allow_methods         as routed
    allow_headers         none
    expose_headers        X-A  [= base policy]
    allow_credentials     false
    max_age               left to the browser
GET /{{tenant}}/users/{{id}} (guarded)  `actix::report::user` at tests/actix/report.rs:{user_line}
    expose_headers        ETag, X-A  [= base policy, += #[cors]]
    max_age               60 s  [= #[cors]]
GET /{{tenant}}/secret  `actix::report::secret` at tests/actix/report.rs:{secret_line}
    CORS disabled
GET /plain  `actix::report::plain` at tests/actix/report.rs:{plain_line}
    as the base policy
"
    );
    assert_eq!(report.to_string(), expected);
    let route = &report.routes[0];
    assert_eq!(
        (route.methods.join(","), route.pattern.as_str()),
        ("GET".into(), "/{tenant}/users/{id}")
    );
    let exposed = route.policy.contributions(Key::ExposeHeaders);
    assert_eq!(exposed[0].source, Source::Base);
    assert_eq!(exposed[1].source, route.source);
}
