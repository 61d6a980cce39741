//! What stands before a route or behind its scope, and whether its preflights need both policies.

use std::{
    path::{Path, PathBuf},
    sync::LazyLock,
};

use actix_files::Files;
use actix_web::{App, HttpResponse, get, put, web};
use cors_actix::{Cors, CorsBuilder, Misuse, Override, cors, read_only};

use crate::support::{
    ADMIN, APP, call, expect, informed, preflight, refused, refused_preflight, send, serve, shared,
};

fn base() -> CorsBuilder {
    informed(Cors::builder().allow_origins([APP]))
}

async fn plain() -> HttpResponse {
    HttpResponse::Ok().body("plain")
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[get("/static/{name}")]
async fn get_static() -> &'static str {
    "annotated"
}

#[cors(allow_origins = ["https://admin.example.com"])]
#[put("/static/{name}")]
async fn put_static() -> &'static str {
    "annotated"
}

#[cors(allow_headers += ["X-Token"])]
#[put("/users/{id}")]
async fn put_user() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Written once: a worker must not find a file empty because another writes it anew.
fn folder() -> &'static Path {
    static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("scope_guards");
        std::fs::create_dir_all(folder.join("static")).unwrap();
        std::fs::write(folder.join("file.txt"), "from a file").unwrap();
        std::fs::write(folder.join("static/file.txt"), "from a file").unwrap();
        folder
    });
    &FOLDER
}

/// They were taken for a resource of exactly that path, so that what they served had the policy of the
/// handler behind them, and its preflights were granted.
#[actix_web::test]
async fn files_before_a_handler_take_what_lies_below_them() {
    let root = "the service at the root, which has the pattern \"\",";
    for (mount, named) in [("/static", "the route `/static`"), ("/", root)] {
        let cors = base().build().unwrap();
        let wrapped = cors.clone();
        let url = serve!(move || App::new()
            .service(Files::new(mount, folder()))
            .service((get_static, put_static))
            .wrap(wrapped.clone()));
        let from_file = |origin| call("GET", &url, "/static/file.txt", origin);
        // actix does not tell that they took it, so that both policies have to agree on the response
        for origin in [APP, ADMIN] {
            let answer = expect(from_file(origin), 200, &refused()).await;
            assert_eq!(answer.body, "from a file");
        }
        let asks = preflight(&url, "/static/file.txt", ADMIN, "PUT", "");
        expect(asks, 403, &refused_preflight()).await;
        let texts: Vec<_> = cors.misuses().iter().map(ToString::to_string).collect();
        let named = format!("{named} comes before");
        assert!(texts.iter().all(|text| text.starts_with(&named)), "{texts:?}");
        assert_eq!(texts.len(), 2, "{texts:?}");
    }
}

/// Actix does not tell if a scope has a guard. If it has one, what comes after it gets its requests.
#[actix_web::test]
async fn what_comes_after_a_scope_has_to_allow_its_preflights_unless_no_scope_has_a_guard() {
    let api = || web::scope("/api").service(put_user);
    macro_rules! case {
        ($cors:expr, $app:expr, $status:expr, $codes:expr) => {{
            let cors = $cors.build().unwrap();
            let wrapped = cors.clone();
            let url = serve!(move || $app.wrap(wrapped.clone()));
            let answer = send(preflight(&url, "/api/users/1", APP, "PUT", "x-token")).await;
            let codes: Vec<_> = cors.misuses().iter().map(Misuse::code).collect();
            assert_eq!((answer.status, codes), ($status, Vec::<&str>::from($codes)));
            if $status == 403 {
                assert_eq!(answer.cors(), refused_preflight());
            }
            cors
        }};
    }
    let catch_all = move || App::new().service(api()).route("/{tail:.*}", web::get().to(plain));
    let files = move || App::new().service(api()).service(Files::new("/", folder()));
    let is_known = cfg!(feature = "introspection");
    let (status, codes) = if is_known { (204, vec![]) } else { (403, vec!["CORS211"]) };
    let cors = case!(base(), catch_all(), status, codes.clone());
    if !is_known {
        let text = cors.misuses()[0].to_string();
        let start = "the route `/{tail:.*}` comes after PUT /api/users/{id} (`actix::scope_guards::put_user`";
        assert!(text.starts_with(start), "{text}");
    }
    case!(base(), files(), status, codes);
    // each remedy that the message names
    let read_only = move || App::new().service(api()).service(read_only(Files::new("/", folder())));
    case!(base(), read_only(), 204, []);
    case!(base().unguarded_scopes(true), catch_all(), 204, []);
    case!(base().unguarded_scopes(true), files(), 204, []);
    let named = || base().route("/{tail:.*}", ["GET"], Override::builder());
    case!(named(), catch_all(), 204, []);
    case!(base().route("", ["GET"], Override::builder()), files(), 204, []);
    let default = move || App::new().service(api()).default_service(web::to(plain));
    case!(base(), default(), 204, []);
    // what is before the scope is another matter
    let before = move || App::new().route("/{tail:.*}", web::get().to(plain)).service(api());
    case!(base().unguarded_scopes(true), before(), 403, ["CORS207"]);
    case!(named(), before(), 204, []);
}

/// An entry suffers as an attribute does, and nothing was said.
#[actix_web::test]
async fn what_comes_after_the_scope_of_an_entry_is_named_too() {
    let overrides = || Override::builder().allow_headers(["X-Token"]);
    for is_wrapped in [false, true] {
        let cors = base().route("/api/plain", ["PUT"], overrides()).build().unwrap();
        let wrapped = cors.clone();
        let url = serve!(move || {
            let api = web::scope("/api").route("/plain", web::put().to(plain));
            let app = App::new().service(api);
            let files = || Files::new("/", folder());
            let add = |config: &mut web::ServiceConfig| {
                if is_wrapped {
                    config.service(read_only(files()));
                } else {
                    config.service(files());
                }
            };
            app.configure(add).wrap(wrapped.clone())
        });
        let answer = send(preflight(&url, "/api/plain", APP, "PUT", "x-token")).await;
        let texts: Vec<_> = cors.misuses().iter().map(ToString::to_string).collect();
        if is_wrapped || cfg!(feature = "introspection") {
            assert_eq!((answer.status, texts), (204, Vec::new()));
        } else {
            assert_eq!((answer.status, texts.len()), (403, 1), "{texts:?}");
            let start =
                "the service at the root, which has the pattern \"\", comes after PUT /api/plain";
            assert!(texts[0].starts_with(start), "{texts:?}");
        }
    }
}

/// The promise about scopes says nothing of a resource, and an entry for the route does.
#[actix_web::test]
async fn a_plain_route_under_the_policy_of_a_scope_may_have_a_guard_of_its_own() {
    let closed = || Override::builder().disable();
    let promised = || base().unguarded_scopes(true);
    let scope = promised().scope("/docs", closed());
    let entry = promised().route("/docs/api.json", ["GET"], closed());
    for (builder, codes) in [(scope, vec!["CORS211"]), (entry, vec![])] {
        let cors = builder.build().unwrap();
        let wrapped = cors.clone();
        let url = serve!(move || App::new()
            .service(web::resource("/docs/api.json").route(web::get().to(plain)))
            .service(Files::new("/", folder()))
            .wrap(wrapped.clone()));
        expect(call("GET", &url, "/docs/api.json", APP), 200, &refused()).await;
        let misuses = cors.misuses();
        let found: Vec<_> = misuses.iter().map(Misuse::code).collect();
        assert_eq!(found, codes, "{misuses:?}");
        for misuse in misuses {
            let text = misuse.to_string();
            assert!(text.contains("/docs/api.json"), "{text}");
            assert!(text.contains("a guard of that route or of its scope"), "{text}");
        }
    }
}

/// The policies agree, so nothing is lost.
#[actix_web::test]
async fn a_doubt_that_costs_nothing_is_not_said() {
    #[cors]
    #[put("/users/{id}")]
    async fn put_user() -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
    let cors = base().build().unwrap();
    let wrapped = cors.clone();
    let url = serve!(move || App::new()
        .service(web::scope("/api").service(put_user))
        .route("/{tail:.*}", web::get().to(plain))
        .wrap(wrapped.clone()));
    assert_eq!(send(preflight(&url, "/api/users/1", APP, "PUT", "")).await.status, 204);
    assert_eq!(cors.misuses(), []);
}

/// Actix tells no pattern for a path that a scope takes whole, and the 404 was kept even from the base policy's origins
/// if a handler had another policy and a plain route had an entry.
#[actix_web::test]
async fn a_scope_that_takes_all_of_a_path_answers_by_the_base_policy() {
    #[cors(allow_origins = ["https://admin.example.com"])]
    #[put("/a/b")]
    async fn for_admins() -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
    let cors = base().unguarded_scopes(true).route("/a/b", ["DELETE"], Override::builder());
    let cors = cors.build().unwrap();
    let url = serve!(move || App::new()
        .service(web::scope("/{name}/b"))
        .service(for_admins)
        .route("/a/b", web::delete().to(plain))
        .wrap(cors.clone()));
    expect(call("PUT", &url, "/a/b", APP), 404, &shared(APP, false, "")).await;
    expect(call("PUT", &url, "/a/b", ADMIN), 404, &refused()).await;
}

/// It has the name and the first pattern of a handler, and lost its second pattern.
#[actix_web::test]
async fn a_plain_resource_of_two_patterns_keeps_both() {
    #[cors(allow_origins = ["https://admin.example.com"])]
    #[put("/{any}")]
    async fn any() -> &'static str {
        "any"
    }
    #[cors]
    #[put("/x")]
    async fn x() -> &'static str {
        "x"
    }
    let cors = base().build().unwrap();
    let url = serve!(move || App::new()
        .service(web::resource(["/x", "/y"]).name("x").to(plain))
        .service((x, any))
        .wrap(cors.clone()));
    let answer = expect(call("PUT", &url, "/y", APP), 200, &shared(APP, false, "")).await;
    assert_eq!(answer.body, "plain");
    expect(preflight(&url, "/y", ADMIN, "PUT", ""), 403, &refused_preflight()).await;
}

/// Without a dynamic segment such a pattern is a regular expression, and was looked up as it is
/// written.
#[actix_web::test]
async fn a_scope_whose_pattern_ends_in_a_star_is_found() {
    #[cors(allow_origins = ["https://admin.example.com"])]
    #[put("/users")]
    async fn users() -> &'static str {
        "annotated"
    }
    let cors = base().build().unwrap();
    let url = serve!(move || App::new()
        .service(web::scope("/api*").route("/users", web::to(plain)))
        .service(users)
        .wrap(cors.clone()));
    for path in ["/users", "/api/users", "/apiii/users", "/ap/users"] {
        let ran = send(call("PUT", &url, path, ADMIN)).await;
        let asked = send(preflight(&url, path, ADMIN, "PUT", "")).await;
        let is_readable = ran.get("access-control-allow-origin").is_some();
        assert!(is_readable || asked.status == 403, "{path}: {ran:?} {asked:?}");
        assert_eq!(is_readable, ran.body == "annotated", "{path}");
    }
}

/// Each level of scopes takes its share of the stack, so that very deep ones overflowed it.
#[actix_web::test]
async fn scopes_that_are_nested_too_deeply_are_not_looked_into() {
    const MANY: usize = 300;
    let nested = |depth: usize| {
        let scope = web::scope("/a").service(put_user);
        (0..depth).fold(scope, |inner, _| web::scope("/a").service(inner))
    };
    for depth in [10, MANY] {
        let cors = base().build().unwrap();
        let app = App::new().service(nested(depth)).route("/plain", web::put().to(plain));
        let app = actix_web::test::init_service(app.wrap(cors)).await;
        let path = "/a".repeat(depth + 1) + "/users/1";
        for (path, status) in [(path.as_str(), 204), ("/plain", 403)] {
            let request = actix_web::test::TestRequest::with_uri(path)
                .method(actix_web::http::Method::OPTIONS)
                .insert_header(("origin", APP))
                .insert_header(("access-control-request-method", "PUT"))
                .insert_header(("access-control-request-headers", "x-token"));
            let answer = actix_web::test::call_service(&app, request.to_request()).await;
            // where nothing is known, the base policy has to allow it everywhere
            let expected = if depth == MANY { 403 } else { status };
            assert_eq!(answer.status().as_u16(), expected, "{depth} {path:.20}");
        }
    }
}

/// It has the same effect as a plain one, and was not named.
#[actix_web::test]
async fn an_annotated_catch_all_behind_a_scope_is_named_too() {
    #[cors(allow_origins = ["https://admin.example.com"])]
    #[put("/{tail:.*}")]
    async fn put_all() -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
    let cors = base().build().unwrap();
    let wrapped = cors.clone();
    let url = serve!(move || App::new()
        .service(web::scope("/api").service(put_user))
        .service(put_all)
        .wrap(wrapped.clone()));
    let answer = send(preflight(&url, "/api/users/1", APP, "PUT", "x-token")).await;
    let texts: Vec<_> = cors.misuses().iter().map(ToString::to_string).collect();
    if cfg!(feature = "introspection") {
        assert_eq!((answer.status, texts), (204, Vec::new()));
    } else {
        assert_eq!((answer.status, texts.len()), (403, 1), "{texts:?}");
        let start = "PUT /{tail:.*} (`actix::scope_guards::put_all`";
        assert!(texts[0].starts_with(start), "{texts:?}");
    }
}
