//! Policies that are replaced while requests are served.

mod demo;
mod files;
mod load;
mod memory;

use actix_web::{App, HttpResponse, HttpServer, get, web};
use cors_actix::{ConfigErrors, Cors, CorsBuilder, CorsHandle, Override, cors};

use crate::support::{
    ADMIN, APP, EVIL, expect, get as get_from, granted, preflight, refused, refused_preflight,
    serve, shared,
};

#[cors(expose_headers += ["X-Own"])]
#[get("/own")]
async fn own() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_credentials = true)]
#[get("/with-credentials")]
async fn with_credentials() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn base(origin: &str) -> CorsBuilder {
    Cors::builder().allow_origins([origin]).allow_credentials(true)
}

fn codes<T>(result: Result<T, ConfigErrors>) -> Vec<&'static str> {
    result.err().iter().flatten().map(cors_actix::ConfigError::code).collect()
}

/// Serves a plain route and an annotated one.
fn serve_both(builder: &CorsBuilder) -> (String, CorsHandle, Cors) {
    let (cors, handle) = builder.build_reloadable().unwrap();
    let own_cors = cors.clone();
    let url = serve!(move || {
        let api = web::scope("/api").route("/plain", web::put().to(plain)).service(own);
        App::new().service(api).wrap(cors.clone())
    });
    (url, handle, own_cors)
}

#[actix_web::test]
async fn base_policy_scopes_and_entries_are_replaced_together() {
    let (url, handle, cors) = serve_both(&base(APP));
    expect(get_from(&url, "/api/own", APP), 200, &shared(APP, true, "X-Own")).await;
    let scope = || Override::builder().add_expose_headers(["X-Scope"]);
    let entry = || Override::builder().add_allow_headers(["X-Entry"]);
    let with_all = base(ADMIN).scope("/api", scope()).route("/api/plain", ["PUT"], entry());
    handle.replace(&with_all).unwrap();
    let ask = |headers| preflight(&url, "/api/plain", ADMIN, "PUT", headers);
    expect(get_from(&url, "/api/own", APP), 200, &refused()).await;
    expect(get_from(&url, "/api/own", ADMIN), 200, &shared(ADMIN, true, "X-Own, X-Scope")).await;
    expect(get_from(&url, "/api/none", ADMIN), 404, &shared(ADMIN, true, "X-Scope")).await;
    expect(ask("x-entry"), 204, &granted(ADMIN, "PUT", "X-Entry", "")).await;
    assert_eq!(cors.reports().len(), 1);
    assert_eq!(cors.reports()[0].scopes.len(), 1);

    handle.replace(&base(ADMIN)).unwrap();
    expect(get_from(&url, "/api/own", ADMIN), 200, &shared(ADMIN, true, "X-Own")).await;
    expect(get_from(&url, "/api/none", ADMIN), 404, &shared(ADMIN, true, "")).await;
    // no entry says any more that the route serves PUT
    expect(ask(""), 403, &refused_preflight()).await;
    assert_eq!(cors.reports()[0].scopes.len(), 0);
    // a policy that is off and on again
    handle.replace(&base(ADMIN).disable(true)).unwrap();
    expect(get_from(&url, "/api/own", ADMIN), 200, &refused()).await;
    handle.replace(&base(ADMIN).allow_methods(["*"])).unwrap();
    let mut any = granted(ADMIN, "", "", "");
    any.push("access-control-allow-methods: PUT".to_owned());
    expect(ask(""), 204, &any).await;
}

#[actix_web::test]
async fn an_application_without_any_entry_gets_some() {
    let (cors, handle) = base(APP).build_reloadable().unwrap();
    let url = serve!(move || App::new().route("/plain", web::get().to(plain)).wrap(cors.clone()));
    expect(get_from(&url, "/plain", APP), 200, &shared(APP, true, "")).await;
    let entry = Override::builder().add_expose_headers(["X-Entry"]);
    handle.replace(&base(APP).route("/plain", ["GET"], entry)).unwrap();
    expect(get_from(&url, "/plain", APP), 200, &shared(APP, true, "X-Entry")).await;
    expect(get_from(&url, "/other", APP), 404, &shared(APP, true, "")).await;
}

#[actix_web::test]
async fn what_is_wrong_changes_nothing_and_is_all_returned() {
    let (cors, handle) = base(APP).build_reloadable().unwrap();
    let kept = cors.clone();
    let url =
        serve!(move || { App::new().service(own).service(with_credentials).wrap(cors.clone()) });
    let own_answer = shared(APP, true, "X-Own");
    expect(get_from(&url, "/own", APP), 200, &own_answer).await;
    let wrong = base("app.example.com").allow_headers(["E Tag"]).scope("/", Override::builder());
    assert_eq!(codes(handle.replace(&wrong)), ["CORS003", "CORS040", "CORS068"]);
    // right by itself, but the handler wants credentials
    let any = Cors::builder().allow_origins(["*"]);
    assert_eq!(codes(handle.replace(&any)), ["CORS019"]);
    expect(get_from(&url, "/own", APP), 200, &own_answer).await;
    expect(get_from(&url, "/own", EVIL), 200, &refused()).await;
    assert!(kept.start_error().is_none());
    // it is not what is read again either
    assert_eq!(codes(handle.reload()), [""; 0]);
    expect(get_from(&url, "/own", APP), 200, &own_answer).await;
}

/// Before the first request it is known what is registered, and what does not fit that is refused as well.
#[actix_web::test]
async fn policies_are_replaced_before_the_first_request() {
    let (cors, handle) = base(APP).build_reloadable().unwrap();
    let app = App::new().service(own).service(with_credentials).wrap(cors);
    let app = actix_web::test::init_service(app).await;
    let any = Cors::builder().allow_origins(["*"]);
    assert_eq!(codes(handle.replace(&any)), ["CORS019"]);
    handle.replace(&base(ADMIN)).unwrap();
    for (origin, is_allowed) in [(ADMIN, true), (APP, false)] {
        let request = actix_web::test::TestRequest::with_uri("/own");
        let request = request.insert_header(("origin", origin)).to_request();
        let response = actix_web::test::call_service(&app, request).await;
        let header = response.headers().get("access-control-allow-origin");
        assert_eq!(header.is_some(), is_allowed, "{origin}");
    }
}

/// A request whose answer comes after a reload has the policy that it began with.
#[actix_web::test]
async fn a_request_ends_with_the_policy_that_it_began_with() {
    let (cors, handle) = base(APP).build_reloadable().unwrap();
    let handle = web::Data::new(handle);
    let url = serve!(move || {
        let replace = |handle: web::Data<CorsHandle>| async move {
            handle.replace(&base(ADMIN)).unwrap();
            HttpResponse::Ok().finish()
        };
        let app = App::new().app_data(handle.clone()).route("/replace", web::get().to(replace));
        app.wrap(cors.clone())
    });
    expect(get_from(&url, "/replace", APP), 200, &shared(APP, true, "")).await;
    expect(get_from(&url, "/replace", APP), 200, &refused()).await;
}

#[actix_web::test]
async fn all_workers_answer_by_the_new_policies_at_once() {
    let (cors, handle) = base(APP).build_reloadable().unwrap();
    let server = HttpServer::new(move || App::new().service(own).wrap(cors.clone()))
        .workers(3)
        .bind(("127.0.0.1", 0))
        .unwrap();
    let url = format!("http://{}", server.addrs()[0]);
    actix_web::rt::spawn(server.run());
    for round in 0..4 {
        let (origin, other) = if round % 2 == 0 { (APP, ADMIN) } else { (ADMIN, APP) };
        handle.replace(&base(origin)).unwrap();
        // each connection is given to the next worker
        for _ in 0..6 {
            expect(get_from(&url, "/own", origin), 200, &shared(origin, true, "X-Own")).await;
            expect(get_from(&url, "/own", other), 200, &refused()).await;
        }
    }
}

/// A handler outside of the middleware was answered by the policies of the last request that came through it.
#[actix_web::test]
async fn a_handshake_is_admitted_by_the_policies_of_the_moment() {
    async fn socket(request: actix_web::HttpRequest, cors: web::Data<Cors>) -> HttpResponse {
        if cors.admits(&request) { HttpResponse::Ok() } else { HttpResponse::Forbidden() }.finish()
    }
    let (cors, handle) = base(APP).around_scope(true).build_reloadable().unwrap();
    let url = serve!(move || {
        let scope = web::scope("/api").service(own).wrap(cors.clone());
        let data = web::Data::new(cors.clone());
        App::new().app_data(data).service(scope).route("/socket", web::get().to(socket))
    });
    let ask = |origin| get_from(&url, "/socket", origin);
    expect(get_from(&url, "/api/own", APP), 200, &shared(APP, true, "X-Own")).await;
    expect(ask(APP), 200, &[]).await;
    handle.replace(&base(ADMIN)).unwrap();
    expect(ask(APP), 403, &[]).await;
    expect(ask(ADMIN), 200, &[]).await;
}
