//! Policies from files: the base policy within a file of the application, and files of settings over what code says.

use std::path::PathBuf;

use actix_web::{App, HttpResponse, get, web};
use cors_actix::{Cors, CorsBuilder, FileFormat, Override, PolicyBuilder, PolicyFile, cors};

use crate::support::{ADMIN, APP, EVIL, call, expect, get, refused, serve, shared};

#[derive(serde::Deserialize)]
struct Settings {
    cors: PolicyBuilder,
}

/// The first block of the guide's page on policies that is of this language and holds this text.
fn guide(language: &str, part: &str) -> String {
    let start = format!("```{language}\n");
    let blocks = include_str!("../../docs/policies.md").split(&start).skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap());
    blocks.into_iter().find(|block| block.contains(part)).expect("a block").to_owned()
}

#[actix_web::test]
async fn the_guides_file_is_a_base_policy() {
    let settings: Settings = toml::from_str(&guide("toml", "[cors]")).unwrap();
    let cors = CorsBuilder::from(settings.cors).build().unwrap();
    let url =
        serve!(move || App::new().route("/", web::get().to(HttpResponse::Ok)).wrap(cors.clone()));
    expect(get(&url, "/", APP), 200, &shared(APP, false, "ETag")).await;
}

#[test]
fn a_wrong_file_is_refused_with_every_problem() {
    let text = "[cors]\nallow_origins = [\"app.example.com\"]\nmax_ages = 5\n";
    let settings: Settings = toml::from_str(text).unwrap();
    let errors = CorsBuilder::from(settings.cors).build().unwrap_err();
    let mut codes: Vec<&str> = errors.iter().map(cors_actix::ConfigError::code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["CORS003", "CORS060"]);
}

/// A file of this name and text.
fn written(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[cors(expose_headers += ["X-Handler"])]
#[get("/handled")]
async fn handled() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// What is said last of a route counts: code, file, for each of base policy, scopes and entries; the handler between.
#[actix_web::test]
async fn a_file_lies_over_the_code_layer_by_layer() {
    let path = written(
        "layers.toml",
        r#"
        expose_headers = ["X-File"]

        [[scopes]]
        path = "/api"
        add_expose_headers = ["X-File-Scope"]

        [[scopes]]
        path = "/internal"
        disable = true

        [[routes]]
        path = "/api/handled"
        methods = ["GET"]
        allow_origins = ["https://admin.example.com"]

        [[routes]]
        path = "/api/plain"
        methods = ["*"]
        remove_expose_headers = ["X-Code-Entry"]
        "#,
    );
    let cors = Cors::builder()
        .allow_origins([APP])
        .expose_headers(["X-Code"])
        .from_file(path)
        .scope("/api", Override::builder().add_expose_headers(["X-Code-Scope"]))
        .route("/api/handled", ["GET"], Override::builder().allow_origins([EVIL]))
        .route("/api/plain", ["*"], Override::builder().add_expose_headers(["X-Code-Entry"]))
        .build()
        .unwrap();
    let url = serve!(move || {
        let plain = || web::get().to(HttpResponse::Ok);
        App::new()
            .service(web::scope("/api").service(handled).route("/plain", plain()))
            .route("/", plain())
            .route("/internal/x", plain())
            .wrap(cors.clone())
    });
    let in_scope = "X-Code-Scope, X-File, X-File-Scope";
    let rows = [
        ("/", APP, shared(APP, false, "X-File")),
        (
            "/api/handled",
            ADMIN,
            shared(ADMIN, false, "X-Code-Scope, X-File, X-File-Scope, X-Handler"),
        ),
        ("/api/handled", EVIL, refused()),
        ("/api/plain", APP, shared(APP, false, in_scope)),
    ];
    for (path, origin, cors) in rows {
        expect(get(&url, path, origin), 200, &cors).await;
    }
    expect(call("GET", &url, "/internal/x", APP), 200, &refused()).await;
}

#[test]
fn what_is_wrong_in_code_and_file_is_said_at_once() {
    let text = "allow_origins: [app.example.com]\nroutes:\n- path: /x\n  methods: [PUT]\n  max_age: soon\n";
    let builder = || Cors::builder().scope("/", Override::builder()).allow_headers(["X Y"]);
    let path = written("wrong.yaml", text);
    let errors = builder().from_file(&path).build().unwrap_err();
    let found: Vec<String> =
        errors.iter().map(|own| format!("{} {:#}", own.code(), own.source)).collect();
    let name = path.display();
    let expected = [
        "CORS040 base policy".to_owned(),
        format!("CORS003 {name}"),
        format!("CORS050 {name}"),
        "CORS068 scope entry".to_owned(),
    ];
    assert_eq!(found, expected);
    // the same from memory, and another file in its place
    let file = |text: &str| PolicyFile::parse("cors.yaml", FileFormat::Yaml, text);
    let count = |builder: CorsBuilder| builder.build().unwrap_err().iter().count();
    assert_eq!(count(builder().with_file(file(text))), 4);
    assert_eq!(count(builder().with_file(file(text)).with_file(file("max_age: 5"))), 2);
}
