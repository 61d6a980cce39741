//! Off, in two ways: nobody may call, or another layer answers, such as nginx in front of the application.

use actix_web::{
    App, HttpResponse, get,
    http::Method,
    middleware::{Condition, DefaultHeaders, NormalizePath, from_fn},
    put,
    test::TestRequest,
    web,
};
use cors_actix::{Cors, CorsBuilder, Misuse, Override, PolicyBuilder, PreflightStatus, cors};

use crate::{
    started::Started,
    support::{
        ADMIN, APP, EVIL, call, expect, get as get_from, granted, listen_to_log, logged, preflight,
        raw, refused, refused_preflight, serve, shared,
    },
};

/// What an answer carries that is left to another layer.
const NOTHING: &[String] = &[];

fn list() -> CorsBuilder {
    Cors::builder().allow_origins([APP]).allow_methods(["PUT"]).allow_credentials(true)
}

fn file(text: &str) -> CorsBuilder {
    let policy: PolicyBuilder = toml::from_str(text).unwrap();
    CorsBuilder::from(policy)
}

fn environment(name: &str) -> CorsBuilder {
    let policy: PolicyBuilder = toml::from_str("allow_origins = [\"https://a.example\"]").unwrap();
    CorsBuilder::from(policy.from_env_with(|own| (own == name).then(|| "true".into())))
}

#[cors(expose_headers += ["ETag"])]
#[put("/annotated")]
async fn annotated() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// It answers CORS by itself, and depends on more than CORS does.
#[cors]
#[get("/own")]
async fn own_headers() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header(("access-control-allow-origin", "*"))
        .insert_header(("vary", "Accept"))
        .finish()
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .service((annotated, own_headers))
        .service(web::scope("/s").service(annotated))
        .service(web::resource("/plain").route(web::get().to(HttpResponse::Ok)));
}

/// Every path of an application, with the method of its route, and the status of a GET and of that.
const PATHS: [(&str, &str, u16, u16); 5] = [
    ("/annotated", "PUT", 404, 200),
    ("/s/annotated", "PUT", 404, 200),
    ("/plain", "DELETE", 200, 405),
    ("/nowhere", "PUT", 404, 404),
    ("/s", "PUT", 404, 404),
];

#[actix_web::test]
async fn an_application_that_leaves_cors_to_another_layer_adds_nothing() {
    for builder in [
        list().external(true),
        list().external(true).debug(true).strict_routes(true),
        file("allow_origins = [\"https://a.example\"]\nexternal = true"),
        environment("CORS_EXTERNAL"),
    ] {
        let cors = builder.build().unwrap();
        let kept = cors.clone();
        let url = serve!(move || App::new().configure(routes).wrap(cors.clone()));
        for (path, method, of_get, of_method) in PATHS {
            for origin in [APP, EVIL, "null", ""] {
                expect(get_from(&url, path, origin), of_get, NOTHING).await;
                expect(call(method, &url, path, origin), of_method, NOTHING).await;
            }
            for (origin, header) in [(APP, ""), (EVIL, "x-any"), ("<odd>", "x y")] {
                for asked in [method, "PURGE", "P UT"] {
                    let request = preflight(&url, path, origin, asked, header);
                    expect(request, 204, NOTHING).await;
                }
            }
        }
        let own = ["access-control-allow-origin: *", "vary: Accept"].map(str::to_owned);
        expect(get_from(&url, "/own", APP), 200, &own).await;
        // an OPTIONS request that is no preflight is the application's
        expect(call("OPTIONS", &url, "/plain", APP), 405, NOTHING).await;
        assert_eq!(kept.misuses(), []);
    }
}

#[actix_web::test]
async fn no_form_of_a_preflight_is_refused_or_repeated() {
    async fn refuse(
        request: actix_web::dev::ServiceRequest,
        _: actix_web::middleware::Next<impl actix_web::body::MessageBody + 'static>,
    ) -> Result<actix_web::dev::ServiceResponse, actix_web::Error> {
        Ok(request.into_response(HttpResponse::Unauthorized()))
    }
    let cors = list().external(true).preflight_status(PreflightStatus::Ok).build().unwrap();
    let url = serve!(move || App::new()
        .configure(routes)
        .wrap(from_fn(refuse))
        .wrap(NormalizePath::trim())
        .wrap(cors.clone()));
    let method: &[u8] = b"access-control-request-method: PUT";
    let names: &[u8] = b"access-control-request-headers: x-a";
    let rows: [&[&[u8]]; 6] = [
        &[b"origin: https://a.example", method, names],
        &[b"origin: https://a.example", b"origin: https://b.example", method, method],
        &[b"origin: \xff", b"access-control-request-method: \xff"],
        &[b"origin:", b"access-control-request-method:"],
        &[b"origin: null", method, names, names, b"access-control-request-headers: (,,,;"],
        &[b"origin: *", b"access-control-request-method: *", b"access-control-request-headers: *"],
    ];
    let long = format!("//{}/", "x".repeat(3000));
    for path in ["/annotated", "/nowhere", "//annotated//", &long] {
        for headers in rows {
            let answer = raw(&url, &format!("OPTIONS {path}"), headers).await;
            assert_eq!(answer, (200, vec![], None), "{headers:?}");
        }
    }
    // the authentication's own answer is left alone as well
    expect(get_from(&url, "/annotated", APP), 401, NOTHING).await;
}

#[cors(external)]
#[put("/left")]
async fn left() -> HttpResponse {
    HttpResponse::Ok().insert_header(("access-control-allow-origin", "*")).finish()
}

#[cors]
#[put("/by-entry")]
async fn by_entry() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(external)]
mod module {
    use super::{HttpResponse, cors, get, put};

    #[get("/module")]
    pub(super) async fn inherits() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(disable)]
    #[put("/module")]
    pub(super) async fn stricter() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

fn is_red(context: &actix_web::guard::GuardContext<'_>) -> bool {
    context.head().headers().contains_key("x-red")
}

#[cors(external)]
#[put("/guarded", guard = "is_red")]
async fn guarded() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn a_route_alone_is_left_to_another_layer() {
    let cors = list()
        .route("/entry", ["*"], Override::builder().external())
        .route("/by-entry", ["PUT"], Override::builder().external())
        .build()
        .unwrap();
    let kept = cors.clone();
    let url = serve!(move || App::new()
        .service((left, module::inherits, module::stricter, guarded, by_entry))
        .service(web::resource("/entry").route(web::get().to(HttpResponse::Ok)))
        .service(web::resource("/plain").route(web::get().to(HttpResponse::Ok)))
        .wrap(cors.clone()));
    let own = ["access-control-allow-origin: *".to_owned()];
    let rows: [(&str, &str, u16, &[String]); 10] = [
        ("PUT", "/left", 200, &own),
        ("GET", "/left", 404, &shared(APP, true, "")),
        ("GET", "/module", 200, NOTHING),
        ("PUT", "/module", 200, &refused()),
        ("PUT", "/by-entry", 200, NOTHING),
        ("GET", "/entry", 200, NOTHING),
        ("DELETE", "/entry", 405, NOTHING),
        ("GET", "/plain", 200, &shared(APP, true, "")),
        ("DELETE", "/plain", 405, &shared(APP, true, "")),
        ("GET", "/nowhere", 404, &shared(APP, true, "")),
    ];
    for (method, path, status, cors) in rows {
        expect(call(method, &url, path, APP), status, cors).await;
    }
    let rows: [(&str, &str, u16, &[String]); 9] = [
        ("PUT", "/left", 204, NOTHING),
        ("DELETE", "/left", 403, &refused_preflight()),
        ("GET", "/module", 204, NOTHING),
        ("PUT", "/module", 403, &refused_preflight()),
        ("PUT", "/by-entry", 204, NOTHING),
        ("PUT", "/entry", 204, NOTHING),
        ("P UT", "/entry", 204, NOTHING),
        // what the guard refuses is answered under the base policy
        ("PUT", "/guarded", 403, &refused_preflight()),
        ("PUT", "/plain", 204, &granted(APP, "PUT", "", "")),
    ];
    for (method, path, status, cors) in rows {
        expect(preflight(&url, path, APP, method, ""), status, cors).await;
    }
    expect(preflight(&url, "/left", EVIL, "PUT", "x-any"), 204, NOTHING).await;
    assert_eq!(kept.misuses(), []);
}

#[actix_web::test]
async fn an_application_that_nobody_may_call_refuses_preflights() {
    for builder in [
        list().disable(true),
        file("allow_origins = [\"https://a.example\"]\ndisable = true"),
        environment("CORS_DISABLE"),
    ] {
        let cors = builder.build().unwrap();
        let kept = cors.clone();
        let url = serve!(move || App::new().configure(routes).wrap(cors.clone()));
        for (path, method, of_get, of_method) in PATHS {
            expect(get_from(&url, path, APP), of_get, &refused()).await;
            expect(call(method, &url, path, APP), of_method, &refused()).await;
            expect(preflight(&url, path, APP, method, ""), 403, &refused_preflight()).await;
        }
        let own = ["vary: Accept", "vary: Origin"].map(str::to_owned);
        expect(get_from(&url, "/own", APP), 200, &own).await;
        assert_eq!(kept.misuses(), []);
    }
}

/// An application with mistakes of every kind that comes to nothing where CORS is off.
async fn codes_of(cors: &Cors) -> Vec<&'static str> {
    let app = App::new()
        .route("/{any}", web::get().to(HttpResponse::Ok))
        .service((annotated, own_headers, annotated, own_headers))
        .service(web::scope("/api").service(annotated))
        .route("/{tail:.*}", web::get().to(HttpResponse::Ok))
        .wrap(DefaultHeaders::new().add(("access-control-allow-origin", "*")))
        .wrap(NormalizePath::trim())
        .wrap(cors.clone());
    let app = Started::start(app).await.unwrap();
    for path in ["/annotated", "/annotated/", "/own"].repeat(20) {
        let request = TestRequest::with_uri(path).method(Method::PUT);
        _ = app.call(request.insert_header(("origin", APP))).await;
    }
    let mut codes: Vec<_> = cors.misuses().iter().map(Misuse::code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

#[actix_web::test]
async fn nothing_is_said_of_the_use_of_a_middleware_that_is_off() {
    listen_to_log();
    let base = || {
        let entry = Override::builder().allow_origins([ADMIN]);
        list().max_age(std::time::Duration::ZERO).route("/nowhere", ["GET"], entry)
    };
    let (on, line_of_on) = (base().build().unwrap(), line!());
    let codes = ["CORS204", "CORS205", "CORS207", "CORS208", "CORS210", "CORS211"];
    assert_eq!(codes_of(&on).await, codes);
    let said = |line: u32| logged(&format!("built at tests/actix/off.rs:{line}")).len();
    assert_eq!(said(line_of_on), 2);
    let (off, line_of_off) = (base().disable(true).build().unwrap(), line!());
    let (external, line_of_external) = (base().external(true).build().unwrap(), line!());
    for (cors, line) in [(off, line_of_off), (external, line_of_external)] {
        assert_eq!((codes_of(&cors).await, said(line)), (vec![], 0));
    }
}

/// Each stands in an application of its own, so that the log says which is meant.
macro_rules! handlers {
    ($($name:ident)*) => { $(
        #[cors]
        #[get("/x")]
        async fn $name() -> HttpResponse {
            HttpResponse::Ok().finish()
        }
    )* };
}

handlers! { conditional conditional_again beside_off forgotten }

/// `Condition::new(false, cors)` said CORS201 in every worker.
#[actix_web::test]
async fn a_middleware_that_was_made_and_not_used_is_no_mistake() {
    listen_to_log();
    let ask = async |app: Option<Started>| {
        let request = TestRequest::with_uri("/x").insert_header(("origin", APP));
        app.unwrap().call(request).await.unwrap().headers().len()
    };
    let said = |name: &str| logged(&format!("`actix::off::{name}`")).len();
    let cors = list().build().unwrap();
    let of_condition = |is_on: bool| Condition::new(is_on, cors.clone());
    let app = App::new().service(conditional).wrap(of_condition(false));
    assert_eq!(ask(Started::start(app).await).await, 0);
    let app = App::new().service(conditional_again).wrap(of_condition(false));
    assert_eq!(ask(Started::start(app).await).await, 0);
    let app = App::new().service(conditional).wrap(of_condition(true));
    assert_eq!(ask(Started::start(app).await).await, 3);
    assert_eq!((said("conditional"), said("conditional_again")), (0, 0));
    // one that is off for all, around a scope
    let off = list().external(true).build().unwrap();
    let app = App::new().service(web::scope("/s").wrap(off)).service(beside_off);
    assert_eq!(ask(Started::start(app).await).await, 0);
    assert_eq!(said("beside_off"), 0);
    // no middleware was made for this one
    assert_eq!(ask(Started::start(App::new().service(forgotten)).await).await, 0);
    assert_eq!(said("forgotten"), 1);
}
