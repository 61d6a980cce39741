//! `#[cors]` on a module: laid over the base policy, and under what its handlers say themselves.

use std::time::Duration;

use actix_web::{App, HttpResponse, get, routes, scope, web};
use cors_actix::{Cors, cors, report::Key};

use crate::support::{
    ADMIN, APP, call, expect, get as get_from, granted, preflight, refused, refused_preflight,
    send, serve, shared,
};

fn app_cors() -> Cors {
    let builder = Cors::builder().allow_origins([APP]).expose_headers(["X-Base"]);
    builder.allow_credentials(true).max_age(Duration::from_secs(60)).build().unwrap()
}

#[cors(allow_origins = ["https://admin.example.com"], expose_headers += ["X-Admin"], max_age = 5)]
mod admin {
    //! Documented inside.

    use actix_web::{HttpResponse, guard::GuardContext};

    use super::{cors, get, routes};

    /// Inherits all.
    #[get("/stats")]
    pub(super) async fn stats() -> HttpResponse {
        answer()
    }

    #[cors(max_age = "10m", expose_headers -= ["X-Base"])]
    #[get("/own")]
    pub(super) async fn own() -> HttpResponse {
        answer()
    }

    #[cors]
    #[get("/bare")]
    pub(super) async fn bare() -> HttpResponse {
        answer()
    }

    #[cors(disable)]
    #[get("/off")]
    pub(super) async fn off() -> HttpResponse {
        answer()
    }

    #[routes]
    #[get("/one", name = "one")]
    #[put("/two")]
    pub(super) async fn several() -> HttpResponse {
        answer()
    }

    #[cfg(not(test))]
    #[get("/qualified")]
    pub(super) async fn qualified() -> HttpResponse {
        HttpResponse::Gone().finish()
    }

    #[cfg(test)]
    #[actix_web::get("/qualified", guard = "always")]
    pub(super) fn qualified() -> impl Future<Output = HttpResponse> {
        std::future::ready(answer())
    }

    fn always(_: &GuardContext<'_>) -> bool {
        true
    }

    #[must_use]
    fn answer() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    pub(super) mod nested {
        pub(in super::super) mod inner {
            use actix_web::{HttpResponse, get};
            use cors_actix::cors;

            #[get("/deep")]
            pub(in super::super::super) async fn deep() -> HttpResponse {
                HttpResponse::Ok().finish()
            }

            #[cors(expose_headers += ["X-Inner"])]
            pub(in super::super::super) mod layered {
                use actix_web::{HttpResponse, get};
                use cors_actix::cors;

                #[cors(expose_headers += ["X-Own"], max_age = 7)]
                #[get("/layered")]
                pub(in super::super::super::super) async fn layered() -> HttpResponse {
                    HttpResponse::Ok().finish()
                }
            }
        }
    }
}

fn of_admin(exposed: &str) -> Vec<String> {
    shared(ADMIN, true, exposed)
}

#[actix_web::test]
async fn handlers_inherit_and_say_the_rest_themselves() {
    use admin::nested::inner::{deep, layered::layered};
    let cors = app_cors();
    let url = serve!(move || {
        let admin = (admin::stats, admin::own, admin::bare, admin::off, admin::several);
        let scope = web::scope("/admin").service(admin).service((deep, layered));
        App::new()
            .service(scope)
            .service(admin::qualified)
            .route("/plain", web::get().to(HttpResponse::Ok))
            .wrap(cors.clone())
    });
    for (method, path, exposed, max_age) in [
        ("GET", "/admin/stats", "X-Admin, X-Base", "5"),
        ("GET", "/admin/own", "X-Admin", "600"),
        ("GET", "/admin/bare", "X-Admin, X-Base", "5"),
        ("GET", "/admin/one", "X-Admin, X-Base", "5"),
        ("PUT", "/admin/two", "X-Admin, X-Base", "5"),
        ("GET", "/admin/deep", "X-Admin, X-Base", "5"),
        ("GET", "/admin/layered", "X-Admin, X-Base, X-Inner, X-Own", "7"),
    ] {
        expect(call(method, &url, path, ADMIN), 200, &of_admin(exposed)).await;
        expect(call(method, &url, path, APP), 200, &refused()).await;
        let request = preflight(&url, path, ADMIN, method, "");
        expect(request, 204, &granted(ADMIN, method, "", max_age)).await;
        expect(preflight(&url, path, APP, method, ""), 403, &refused_preflight()).await;
    }
    expect(get_from(&url, "/qualified", ADMIN), 200, &of_admin("X-Admin, X-Base")).await;
    expect(get_from(&url, "/qualified", APP), 200, &refused()).await;
    for origin in [APP, ADMIN] {
        expect(get_from(&url, "/admin/off", origin), 200, &refused()).await;
        let request = preflight(&url, "/admin/off", origin, "GET", "");
        expect(request, 403, &refused_preflight()).await;
    }
    expect(get_from(&url, "/plain", APP), 200, &shared(APP, true, "X-Base")).await;
}

/// `disable` stays, whatever stands further in.
#[cors(disable)]
mod closed {
    use super::{HttpResponse, cors, get};

    #[get("/closed")]
    pub(super) async fn closed() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(allow_origins = ["https://app.example.com"], expose_headers = ["X-Open"])]
    #[get("/reopened")]
    pub(super) async fn reopened() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

#[actix_web::test]
async fn a_disabled_module_stays_disabled() {
    let cors = app_cors();
    let url =
        serve!(move || App::new().service((closed::closed, closed::reopened)).wrap(cors.clone()));
    for path in ["/closed", "/reopened"] {
        expect(get_from(&url, path, APP), 200, &refused()).await;
        expect(preflight(&url, path, APP, "GET", ""), 403, &refused_preflight()).await;
    }
}

#[cors(expose_headers = ["X-Scoped"])]
#[scope("/below")]
mod cors_above_scope {
    use super::{HttpResponse, cors, get};

    pub(super) fn scope_of_layer() -> Option<&'static str> {
        __CORS_LAYER.scope
    }

    #[get("/x")]
    pub(super) async fn plain() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(expose_headers += ["X-Own"])]
    #[get("/own")]
    pub(super) async fn own() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

#[scope("/above")]
#[cors(expose_headers = ["X-Scoped"])]
mod scope_above_cors {
    use super::{HttpResponse, cors, get, scope};

    pub(super) fn scope_of_layer() -> Option<&'static str> {
        __CORS_LAYER.scope
    }

    #[get("/x")]
    pub(super) async fn plain() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(expose_headers += ["X-Own"])]
    #[get("/own")]
    pub(super) async fn own() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[scope("/inner")]
    pub(super) mod inner {
        use super::{HttpResponse, get};

        #[get("/x")]
        pub(in super::super) async fn plain() -> HttpResponse {
            HttpResponse::Ok().finish()
        }
    }
}

#[actix_web::test]
async fn the_scope_attribute_stands_above_or_below() {
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service((cors_above_scope::plain, cors_above_scope::own))
        .service((scope_above_cors::plain, scope_above_cors::own, scope_above_cors::inner::plain))
        .wrap(cors.clone()));
    for (path, exposed) in [
        ("/below/x", "X-Scoped"),
        ("/below/own", "X-Own, X-Scoped"),
        ("/above/x", "X-Scoped"),
        ("/above/own", "X-Own, X-Scoped"),
        ("/inner/x", "X-Scoped"),
    ] {
        expect(get_from(&url, path, APP), 200, &shared(APP, true, exposed)).await;
        expect(preflight(&url, path, APP, "GET", ""), 204, &granted(APP, "GET", "", "60")).await;
    }
    assert_eq!(send(get_from(&url, "/x", APP)).await.status, 404);
}

#[cors]
#[cfg_attr(test, actix_web::scope("/outer"))]
mod scope_in_scope {
    use super::cors;

    pub(super) fn scope_of_layer() -> Option<&'static str> {
        __CORS_LAYER.scope
    }

    #[cors]
    #[actix_web::scope("/inner")]
    pub(super) mod inner {
        use super::super::{HttpResponse, get};

        pub(in super::super) fn scope_of_layer() -> Option<&'static str> {
            __CORS_LAYER.scope
        }

        #[get("/x")]
        pub(in super::super) async fn plain() -> HttpResponse {
            HttpResponse::Ok().finish()
        }
    }
}

#[actix_web::test]
async fn a_layer_knows_the_prefix_that_is_put_before_its_handlers() {
    assert_eq!(cors_above_scope::scope_of_layer(), Some("/below"));
    assert_eq!(scope_above_cors::scope_of_layer(), None);
    assert_eq!(scope_in_scope::scope_of_layer(), Some("/outer"));
    assert_eq!(scope_in_scope::inner::scope_of_layer(), Some("/inner"));
    let cors = app_cors();
    let url = serve!(move || App::new().service(scope_in_scope::inner::plain).wrap(cors.clone()));
    expect(get_from(&url, "/inner/x", APP), 200, &shared(APP, true, "X-Base")).await;
}

/// A module as a macro by example makes it.
macro_rules! module {
    ($visibility:vis $name:ident { $($item:item)* } $route:meta $body:block) => {
        #[cors(expose_headers = ["X-Made"])]
        mod $name {
            use actix_web::{HttpResponse, get};

            $($item)*

            #[$route]
            $visibility async fn last() -> HttpResponse $body
        }
    };
}

module! {
    pub(super) made {
        #[get("/first")]
        pub(super) async fn first() -> HttpResponse {
            HttpResponse::Ok().finish()
        }

        pub(super) mod inner {
            #[actix_web::get("/inner")]
            pub(in super::super) async fn inner() -> actix_web::HttpResponse {
                actix_web::HttpResponse::Ok().finish()
            }
        }
    }
    get("/last") { HttpResponse::Ok().finish() }
}

#[actix_web::test]
async fn a_module_may_come_from_a_macro() {
    let cors = app_cors();
    let url = serve!(move || App::new()
        .service((made::first, made::inner::inner, made::last))
        .wrap(cors.clone()));
    for path in ["/first", "/inner", "/last"] {
        expect(get_from(&url, path, APP), 200, &shared(APP, true, "X-Made")).await;
    }
}

fn line_of(text: &str) -> u32 {
    let line = include_str!("modules.rs").lines().position(|line| line.contains(text)).unwrap();
    u32::try_from(line).unwrap()
}

#[actix_web::test]
async fn the_report_names_each_layer() {
    use admin::nested::inner::layered::layered;
    let cors = app_cors();
    let app = App::new().service((admin::stats, layered)).wrap(cors.clone());
    drop(actix_web::test::init_service(app).await);
    let reports = cors.reports();
    let [of_stats, of_layered] = reports[0].routes.as_slice() else { panic!("two routes") };
    let at = |line: u32| format!("tests/actix/modules.rs:{line}");
    let stats_line = line_of("async fn stats()");
    let expected = format!("`actix::modules::admin::stats` at {}", at(stats_line));
    assert_eq!(of_stats.source.to_string(), format!("#[cors] on {expected}"));
    let exposed = of_layered.policy.contributions(Key::ExposeHeaders);
    let sources: Vec<String> = exposed.iter().map(|layer| layer.source.to_string()).collect();
    let admin = "actix::modules::admin";
    assert_eq!(
        sources,
        [
            "base policy".to_owned(),
            format!("#[cors] on `{admin}` at {}", at(line_of("mod admin {"))),
            format!(
                "#[cors] on `{admin}::nested::inner::layered` at {}",
                at(line_of("mod layered {"))
            ),
            format!(
                "#[cors] on `{admin}::nested::inner::layered::layered` at {}",
                at(line_of("async fn layered()") - 1)
            ),
        ]
    );
    assert_eq!(exposed[3].source, of_layered.source);
}

#[cors(allow_origins = ["*"])]
mod open {
    use super::{HttpResponse, cors, get};

    #[get("/a")]
    pub(super) async fn first() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    #[cors(max_age = 9)]
    #[get("/b")]
    pub(super) async fn second() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

#[cors(allow_origins = ["http://insecure.example"], allow_credentials = false)]
mod insecure {
    use super::{HttpResponse, cors, get};

    #[cors(allow_credentials = true)]
    #[get("/c")]
    pub(super) async fn sessions() -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

#[actix_web::test]
async fn a_merge_that_fails_names_the_module_once_or_the_handler() {
    let cors = app_cors();
    let wrapped = cors.clone();
    let server = actix_web::HttpServer::new(move || {
        let handlers = (open::first, open::second, insecure::sessions);
        App::new().service(handlers).wrap(wrapped.clone())
    });
    let server = server.workers(1).bind(("127.0.0.1", 0)).unwrap();
    let ended = actix_web::rt::time::timeout(Duration::from_secs(60), server.run()).await;
    assert!(ended.expect("it does not run").is_err());
    let error = cors.start_error().unwrap();
    let module = "actix::modules::insecure";
    let line = line_of("mod insecure {");
    assert_eq!(
        error.to_string().lines().collect::<Vec<_>>(),
        [
            format!(
                "[CORS019] #[cors] on `actix::modules::open` at tests/actix/modules.rs:{}: \
                 `allow_origins = [\"*\"]` (here) cannot be combined with `allow_credentials = \
                 true` (base policy); list the origins, or name those that may send cookies, \
             as in `allow_credentials = [\"https://app.example.com\"]`",
                line_of("mod open {")
            ),
            format!(
                "[CORS017] #[cors] on `{module}::sessions` at tests/actix/modules.rs:{}: origin \
                 `http://insecure.example` (#[cors] on `{module}` at \
                 tests/actix/modules.rs:{line}) is not https while `allow_credentials = true` \
                 (here); write `https://insecure.example`, or set \
                 `dangerously_allow_insecure_origins = true` in the base policy",
                line_of("async fn sessions()") - 1
            ),
        ]
    );
}
