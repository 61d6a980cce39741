//! Faults that random applications have found, each by its title.

use actix_web::{App, HttpResponse, guard, put, web};
use cors_actix::{Override, cors};

use super::{admin, base, plain};
use crate::support::{
    ADMIN, APP, call, expect, granted, preflight, refused, refused_preflight, serve, shared,
};

#[cors]
#[put("/{page}")]
async fn put_page() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Scopes within each other may use a name twice; one pattern of actix must not.
#[actix_web::test]
async fn a_path_that_names_two_segments_alike_panicked_at_the_first_unrouted_request() {
    let cors = base()
        .scope("/{id}/{id}", admin())
        .scope("/{cut", admin())
        .scope("/{not:[closed}", admin())
        .build()
        .unwrap();
    let url = serve!(move || {
        let outer = web::scope("/{id}").route("/{id}/x", web::get().to(plain));
        App::new().service(outer).wrap(cors.clone())
    });
    let own = || shared(ADMIN, true, "ETag");
    expect(call("GET", &url, "/1/2/x", ADMIN), 200, &own()).await;
    expect(call("GET", &url, "/1/2/none", ADMIN), 404, &own()).await;
    expect(call("GET", &url, "/1", APP), 404, &shared(APP, false, "")).await;
}

/// Actix tells the first pattern, whichever matches.
#[actix_web::test]
async fn a_resource_of_several_patterns_was_answered_under_the_scope_of_the_first() {
    let cors = base().scope("/api", admin()).build().unwrap();
    let url = serve!(move || {
        let both = || web::resource(["/x", "/api/x"]).route(web::get().to(plain));
        let reversed = || web::resource(["/api/y", "/y"]).route(web::get().to(plain));
        App::new().service(both()).service(reversed()).wrap(cors.clone())
    });
    for path in ["/api/x", "/api/y"] {
        expect(call("GET", &url, path, ADMIN), 200, &shared(ADMIN, true, "ETag")).await;
        expect(call("GET", &url, path, APP), 200, &refused()).await;
    }
    for path in ["/x", "/y"] {
        expect(call("GET", &url, path, ADMIN), 200, &refused()).await;
        expect(call("GET", &url, path, APP), 200, &shared(APP, false, "")).await;
    }
}

/// Actix tells the pattern of the page for it, since the path matches that, too.
#[actix_web::test]
async fn a_404_of_a_scope_s_own_path_was_taken_for_the_answer_of_a_route_before_the_scope() {
    let cors = base().scope("/api", admin()).build().unwrap();
    let url = serve!(move || {
        App::new()
            .service(put_page)
            .route("/{page}", web::post().to(plain))
            .service(web::scope("/api").route("/x", web::get().to(plain)))
            .wrap(cors.clone())
    });
    expect(call("GET", &url, "/api", ADMIN), 404, &shared(ADMIN, true, "ETag")).await;
    expect(call("GET", &url, "/api", APP), 404, &refused()).await;
    expect(call("POST", &url, "/api", APP), 200, &shared(APP, false, "")).await;
}

/// Its guard had refused the request.
#[actix_web::test]
async fn a_404_of_a_scope_had_the_policy_of_another_scope_before_it() {
    let cors = base().scope("/{tenant}", admin()).build().unwrap();
    let url = serve!(move || {
        let inside = guard::Header("x-inside", "1");
        App::new()
            .service(web::scope("/{tenant}").guard(inside).route("/x", web::get().to(plain)))
            .service(web::scope("/api").route("/x", web::get().to(plain)))
            .wrap(cors.clone())
    });
    expect(call("GET", &url, "/api/none", ADMIN), 404, &refused()).await;
    expect(call("GET", &url, "/api/none", APP), 404, &shared(APP, false, "")).await;
    let inside = call("GET", &url, "/api/none", ADMIN).header("x-inside", "1");
    expect(inside, 404, &shared(ADMIN, true, "ETag")).await;
}

/// The route serves another method.
#[actix_web::test]
async fn a_404_outside_of_a_guarded_scope_had_its_policy_where_a_route_in_it_has_the_path() {
    let cors = base().scope("/api", admin()).build().unwrap();
    let url = serve!(move || {
        let inside = guard::Header("x-inside", "1");
        App::new().service(web::scope("/api").guard(inside).service(put_page)).wrap(cors.clone())
    });
    for origin in [ADMIN, APP] {
        expect(call("GET", &url, "/api/page", origin), 404, &refused()).await;
    }
    let inside = call("GET", &url, "/api/page", ADMIN).header("x-inside", "1");
    expect(inside, 404, &shared(ADMIN, true, "ETag")).await;
}

/// No scope of actix has the path, and the plain route does not serve the method.
#[actix_web::test]
async fn a_404_below_a_scope_s_path_had_the_policy_of_a_plain_route_of_another_method() {
    let cors = base().scope("/api", admin()).build().unwrap();
    let url = serve!(move || {
        App::new()
            .route("/api/{id}", web::get().to(plain))
            .route("/{tail:.*}", web::get().to(plain))
            .wrap(cors.clone())
    });
    for origin in [ADMIN, APP] {
        expect(call("PUT", &url, "/api/none/x", origin), 404, &refused()).await;
    }
    expect(call("GET", &url, "/api/none/x", APP), 200, &shared(APP, false, "")).await;
}

/// Two paths may be meant for what is unrouted there, but a route is.
#[actix_web::test]
async fn a_preflight_of_a_route_was_refused_where_it_is_not_known_which_scope_the_path_would_be_in()
{
    let cors = base()
        .scope("/{tenant}/{page}", admin())
        .scope("/acme", Override::builder().disable())
        .build()
        .unwrap();
    let url = serve!(move || {
        App::new().service(web::scope("/{tenant}").service(put_page)).wrap(cors.clone())
    });
    // the route's own pattern is the first path
    let put = granted(ADMIN, "PUT", "X-Token", "");
    expect(preflight(&url, "/acme/7", ADMIN, "PUT", ""), 204, &put).await;
    expect(call("PUT", &url, "/acme/7", ADMIN), 200, &shared(ADMIN, true, "ETag")).await;
    expect(preflight(&url, "/acme", APP, "PUT", ""), 403, &refused_preflight()).await;
}
