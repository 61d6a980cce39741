//! Origin groups: an attribute that names one is opened for development by a variable, and by nothing else.

use actix_service::{IntoServiceFactory, ServiceFactory};
use actix_web::{App, HttpResponse, delete, dev::AppConfig, get, put, web};
use cors_actix::{CorsBuilder, Override, PolicyBuilder, cors};

use crate::support::{
    ADMIN, APP, EVIL, call, expect, granted, preflight, refused, refused_preflight, serve, shared,
};

const DEV: &str = "http://localhost:5173";

#[cors(allow_origins = ["@admin"], allow_credentials = ["@admin"])]
#[put("/users")]
async fn admins_only() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_origins += ["@admin"])]
#[get("/more")]
async fn admins_too() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_origins -= ["@app"])]
#[delete("/less")]
async fn app_not() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[cors(allow_origins = ["@admins"])]
#[get("/misspelt")]
async fn misspelt() -> HttpResponse {
    HttpResponse::Ok().finish()
}

async fn plain() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// Groups `admin` and `app`, with the variables.
fn base(variables: &'static [(&str, &str)]) -> CorsBuilder {
    let policy = PolicyBuilder::default()
        .origin_group("admin", [ADMIN])
        .origin_group("app", [APP])
        .allow_origins(["@app", EVIL])
        .from_env_with(|name| {
            variables.iter().find(|(own, _)| *own == name).map(|(_, value)| value.into())
        });
    CorsBuilder::from(policy)
}

async fn serve_with(variables: &'static [(&str, &str)]) -> String {
    let admin = || Override::builder().allow_origins(["@admin"]);
    let cors = base(variables).scope("/scope", admin()).route("/entry", ["GET"], admin());
    let cors = cors.build().unwrap();
    serve!(move || {
        App::new()
            .service((admins_only, admins_too, app_not))
            .service(web::scope("/scope").route("/plain", web::get().to(plain)))
            .route("/entry", web::get().to(plain))
            .wrap(cors.clone())
    })
}

#[actix_web::test]
async fn an_attribute_that_names_a_group_is_opened_by_its_variable() {
    let of_code = serve_with(&[]).await;
    let replaced: &[(&str, &str)] = &[("CORS_ORIGINS_ADMIN", DEV)];
    let of_variable = serve_with(replaced).await;
    for (url, admin, stranger) in [(&of_code, ADMIN, DEV), (&of_variable, DEV, ADMIN)] {
        let rows = [
            ("PUT", "/users", admin, shared(admin, true, "")),
            ("PUT", "/users", stranger, refused()),
            ("PUT", "/users", APP, refused()),
            ("GET", "/more", admin, shared(admin, false, "")),
            ("GET", "/more", APP, shared(APP, false, "")),
            ("GET", "/more", stranger, refused()),
            ("DELETE", "/less", EVIL, shared(EVIL, false, "")),
            ("DELETE", "/less", APP, refused()),
            ("GET", "/scope/plain", admin, shared(admin, false, "")),
            ("GET", "/scope/plain", stranger, refused()),
            ("GET", "/entry", admin, shared(admin, false, "")),
            ("GET", "/entry", APP, refused()),
        ];
        for (method, path, origin, cors) in rows {
            expect(call(method, url, path, origin), 200, &cors).await;
        }
        let ask = |origin: &str| preflight(url, "/users", origin, "PUT", "");
        expect(ask(admin), 204, &granted(admin, "PUT", "", "")).await;
        expect(ask(stranger), 403, &refused_preflight()).await;
    }
}

#[actix_web::test]
async fn a_variable_that_needs_a_consent_keeps_the_application_from_starting() {
    let variable: &[(&str, &str)] = &[("CORS_ORIGINS_ADMIN", "https://a.example,http://b.example")];
    let cors = base(variable).build().unwrap();
    let app = App::new().service(admins_only).wrap(cors.clone());
    assert!(app.into_factory().new_service(AppConfig::default()).await.is_err());
    let error = cors.start_error().unwrap().to_string();
    let place = "origin group `admin` of environment variable CORS_ORIGINS_ADMIN: origin `http://b.example`";
    assert!(error.starts_with("[CORS017] #[cors] on `actix::groups::admins_only` at "), "{error}");
    assert!(error.contains(place), "{error}");
}

#[actix_web::test]
async fn a_group_that_is_not_defined_keeps_the_application_from_starting() {
    let cors = base(&[]).build().unwrap();
    let app = App::new().service(misspelt).wrap(cors.clone());
    assert!(app.into_factory().new_service(AppConfig::default()).await.is_err());
    let error = cors.start_error().unwrap().to_string();
    let start = "[CORS091] #[cors] on `actix::groups::misspelt` at ";
    let rest = ": origin group `@admins` is not defined; write `@admin`, or define it by ";
    assert!(error.starts_with(start) && error.contains(rest), "{error}");
}

/// Where they apply to nothing, too, so that a mistake does not wait for the route.
#[test]
fn entries_with_a_group_that_is_not_defined_are_refused_when_the_middleware_is_built() {
    let wrong = || Override::builder().allow_origins(["@admins"]).allow_credentials(["@ops"]);
    let built = base(&[]).scope("/none", wrong()).route("/none", ["GET"], wrong()).build();
    let errors: Vec<String> = built
        .unwrap_err()
        .iter()
        .map(|error| {
            format!("{} {}", error.code(), error.to_string().split(" at ").next().unwrap())
        })
        .collect();
    let (scope, route) = ("CORS091 scope entry", "CORS091 route entry");
    assert_eq!(errors, [scope, scope, route, route]);
}
