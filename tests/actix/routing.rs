//! A preflight is judged by the policy of the route that the request will reach; where that is not
//! certain, by all that it may reach.

use actix_web::{App, HttpResponse, delete, get, put, web};
use cors_actix::{Cors, cors};

use crate::support::{
    ADMIN, APP, call, expect, granted, granted_alone, preflight, refused, refused_preflight, serve,
    shared,
};

fn base() -> Cors {
    Cors::builder().allow_origins([APP]).allow_credentials(true).build().unwrap()
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[put("/items/{id}")]
async fn for_admins() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[get("/items/{id}")]
async fn for_all() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[delete("/items/special")]
async fn special() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// The origin of an annotated route must not be granted what a plain route before it will get.
#[actix_web::test]
async fn a_plain_route_before_an_annotated_one_has_a_say() {
    let cors = base();
    let before = cors.clone();
    let before = serve!(move || App::new()
        .route("/items/{any}", web::put().to(plain))
        .service((for_all, for_admins))
        .wrap(before.clone()));
    let after = cors.clone();
    let after = serve!(move || App::new()
        .service((for_all, for_admins))
        .route("/items/{any}", web::put().to(plain))
        .wrap(after.clone()));
    // it serves no PUT, but that is not known
    let between = serve!(move || App::new()
        .service(for_all)
        .route("/items/{any}", web::post().to(plain))
        .service(for_admins)
        .wrap(cors.clone()));
    // GET has another policy
    let put = granted_alone(ADMIN, "HEAD, POST, PUT", "", "");
    expect(preflight(&after, "/items/1", ADMIN, "PUT", ""), 204, &put).await;
    expect(call("PUT", &after, "/items/1", ADMIN), 200, &shared(ADMIN, true, "")).await;
    for url in [&before, &between] {
        expect(preflight(url, "/items/1", ADMIN, "PUT", ""), 403, &refused_preflight()).await;
    }
    expect(call("PUT", &before, "/items/1", APP), 200, &shared(APP, true, "")).await;
    // what the plain route cannot take is left to its own route
    let own = granted(APP, "GET", "", "");
    expect(preflight(&after, "/items/1", APP, "GET", ""), 204, &own).await;
}

/// Two handlers for one path, registered apart, and a route of another pattern before them.
#[actix_web::test]
async fn the_order_of_registration_decides_between_patterns() {
    let cors = base();
    let url = serve!(move || App::new()
        .service(special)
        .service(web::scope("/items").route("/special", web::delete().to(plain)))
        .service(for_all)
        .wrap(cors.clone()));
    let cors = granted_alone(ADMIN, "DELETE", "", "");
    expect(preflight(&url, "/items/special", ADMIN, "DELETE", ""), 204, &cors).await;
    expect(call("DELETE", &url, "/items/special", ADMIN), 200, &shared(ADMIN, true, "")).await;
    // the scope may have a guard, so the handler behind it may be meant, or the plain route in it;
    // browsers need no list for a GET
    let cors = granted(APP, "", "", "");
    expect(preflight(&url, "/items/special", APP, "GET", ""), 204, &cors).await;
}

/// Name and pattern do not tell them apart, and the plain one comes first.
#[actix_web::test]
async fn a_plain_twin_of_an_annotated_handler_has_a_say() {
    #[put("/items/{id}")]
    async fn for_admins() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
    let cors = base();
    let url =
        serve!(move || App::new().service(for_admins).service(self::for_admins).wrap(cors.clone()));
    expect(call("PUT", &url, "/items/1", APP), 200, &shared(APP, true, "")).await;
    expect(preflight(&url, "/items/1", ADMIN, "PUT", ""), 403, &refused_preflight()).await;
}

fn is_blue(context: &actix_web::guard::GuardContext<'_>) -> bool {
    context.head().headers().contains_key("x-blue")
}

#[cors(allow_origins = ["https://app.example.com", "https://admin.example.com"], allow_headers += ["X-Blue"])]
#[put("/guarded", guard = "is_blue")]
async fn guarded_wide() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_credentials = false, allow_headers += ["X-Blue", "X-Red"], expose_headers += ["X-Narrow"])]
#[put("/guarded", guard = "is_red")]
async fn guarded_narrow() -> HttpResponse {
    HttpResponse::Ok().finish()
}

fn is_red(context: &actix_web::guard::GuardContext<'_>) -> bool {
    context.head().headers().contains_key("x-red")
}

/// No preflight has the headers that the guards look at.
#[actix_web::test]
async fn two_guarded_handlers_of_one_path_and_method_have_to_agree() {
    let cors =
        Cors::builder().allow_origins([APP]).allow_headers(["X-Blue"]).allow_credentials(true);
    let cors = cors.build().unwrap();
    let url =
        serve!(move || App::new().service(guarded_wide).service(guarded_narrow).wrap(cors.clone()));
    let rows = [
        (APP, "x-blue", 204),
        (APP, "", 204),
        // only one of them allows it
        (APP, "x-red", 403),
        (ADMIN, "x-blue", 403),
    ];
    for (origin, headers, status) in rows {
        let answer = preflight(&url, "/guarded", origin, "PUT", headers).send().await.unwrap();
        assert_eq!(answer.status, status, "{origin} {headers}");
        // credentials that one refuses are not allowed, and nothing is to be remembered
        assert_eq!(answer.get("access-control-allow-credentials"), None);
        let asked = (status == 204 && !headers.is_empty()).then_some(headers);
        assert_eq!(answer.get("access-control-allow-headers").as_deref(), asked);
    }
    let reached = [("x-blue", shared(ADMIN, true, "")), ("x-red", vec!["vary: Origin".into()])];
    for (header, cors) in reached {
        let request = call("PUT", &url, "/guarded", ADMIN).header(header, "1");
        expect(request, 200, &cors).await;
    }
    let request = call("PUT", &url, "/guarded", APP).header("x-red", "1");
    expect(request, 200, &shared(APP, false, "X-Narrow")).await;
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[delete("")]
async fn delete_all() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors]
#[delete("/files/{name}")]
async fn delete_file() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// A scope whose prefix ends in a tail takes every path below, and an empty pattern in it too. Its
/// route was thought to be met at `/files/` alone, and the next one's policy granted the preflight.
#[actix_web::test]
async fn a_scope_that_takes_all_paths_stands_before_what_comes_after_it() {
    let cors = base();
    for prefix in ["/files/{all}*", "/files/{all:.*}"] {
        let cors = cors.clone();
        let url = serve!(move || App::new()
            .service(web::scope(prefix).service(delete_all))
            .service(delete_file)
            .wrap(cors.clone()));
        expect(preflight(&url, "/files/a", APP, "DELETE", ""), 403, &refused_preflight()).await;
        expect(call("DELETE", &url, "/files/a", APP), 200, &refused()).await;
        expect(call("DELETE", &url, "/files/a", ADMIN), 200, &shared(ADMIN, true, "")).await;
    }
}

#[cors]
#[delete(r"/v/{version:\d+(\.(?P<minor>\d+))?}")]
async fn delete_version() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[delete("/v/{any}")]
async fn delete_any_version() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Actix passes a resource over if a named group of its expression took no part in the match. The
/// preflight was granted by its policy, and the request went to the next.
#[actix_web::test]
async fn a_resource_whose_named_group_is_missing_is_passed_over() {
    let cors = base();
    let url =
        serve!(move || App::new().service((delete_version, delete_any_version)).wrap(cors.clone()));
    expect(preflight(&url, "/v/1", APP, "DELETE", ""), 403, &refused_preflight()).await;
    expect(call("DELETE", &url, "/v/1", APP), 200, &refused()).await;
    let own = granted(ADMIN, "DELETE", "", "");
    expect(preflight(&url, "/v/1", ADMIN, "DELETE", ""), 204, &own).await;
    let own = granted_alone(APP, "DELETE", "", "");
    expect(preflight(&url, "/v/1.2", APP, "DELETE", ""), 204, &own).await;
    expect(call("DELETE", &url, "/v/1.2", APP), 200, &shared(APP, true, "")).await;
}
