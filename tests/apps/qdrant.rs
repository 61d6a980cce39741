//! qdrant, a vector database: any origin, method and header; routes by macros alone, and a scope of files; the whole of
//! CORS switched by a setting.
//!
//! `src/actix` of qdrant/qdrant at `74f3e85b9473c62560006c043e13737ce6b48412`: 1 scope of files, 7 layers, 101 routes
//! by macros (2 of them behind a feature) in 18 functions for `configure`. Here the scope, the layers and 35 routes
//! (9 GET, 10 POST, 7 PUT, 2 PATCH, 7 DELETE); 66 of the same kinds are left out.

use actix_files::Files;
use actix_web::{
    App,
    dev::HttpServiceFactory,
    middleware::{Compress, Condition, DefaultHeaders, Logger, NormalizePath, from_fn},
    web,
};
use cors_actix::{ConfigErrors, Cors};
use cors_tests::client::Response;

use crate::{
    application::{Application, Original, application, serve},
    difference::Difference,
    question::{Question, actual, any_origin, ask, preflight},
    spies::{ask_for_key, passes, spies},
};

fn theirs() -> actix_cors::Cors {
    actix_cors::Cors::default().allow_any_origin().allow_any_method().allow_any_header()
}

fn ours() -> Result<Cors, ConfigErrors> {
    Cors::builder().allow_origins(["*"]).allow_methods(["*"]).allow_headers(["*"]).build()
}

const DIFFERENCES: &[Difference] = &[
    Difference::NoContent,
    Difference::AnyOrigin,
    Difference::WithoutOrigin,
    Difference::AnyMethod,
    Difference::AnyHeader,
    Difference::ShorterVary,
];

spies! {
    index: get "/";
    telemetry: get "/telemetry";
    healthz: get "/healthz";
    collections: get "/collections";
    collection: get "/collections/{collection_name}";
    create_collection: put "/collections/{collection_name}";
    update_collection: patch "/collections/{collection_name}";
    delete_collection: delete "/collections/{collection_name}";
    update_aliases: post "/collections/aliases";
    collection_cluster: post "/collections/{collection_name}/cluster";
    create_vector: put "/collections/{collection_name}/vectors/{vector_name}";
    delete_vector: delete "/collections/{collection_name}/vectors/{vector_name}";
    snapshots: get "/snapshots";
    create_snapshot: post "/snapshots";
    snapshot: get "/snapshots/{snapshot_name}";
    delete_snapshot: delete "/snapshots/{snapshot_name}";
    recover_snapshot: put "/collections/{collection_name}/snapshots/recover";
    upsert_points: put "/collections/{collection_name}/points";
    delete_points: post "/collections/{collection_name}/points/delete";
    overwrite_payload: put "/collections/{collection_name}/points/payload";
    set_payload: post "/collections/{collection_name}/points/payload";
    create_index: put "/collections/{collection_name}/index";
    delete_index: delete "/collections/{collection_name}/index/{field_name}";
    peer: delete "/cluster/peer/{peer_id}";
    cluster_key: put "/cluster/metadata/keys/{key}";
    delete_cluster_key: delete "/cluster/metadata/keys/{key}";
    search_points: post "/collections/{collection_name}/points/search";
    query_points: post "/collections/{collection_name}/points/query";
    issues: get "/issues";
    clear_issues: delete "/issues";
    update_debugger: patch "/debugger";
    scroll_points: post "/collections/{collection_name}/points/scroll";
    count_points: post "/collections/{collection_name}/points/count";
    point: get "/collections/{collection_name}/points/{id}";
    points: post "/collections/{collection_name}/points";
}

fn collections_api(config: &mut web::ServiceConfig) {
    config.service(collections).service(collection).service(create_collection);
    config.service(update_collection).service(delete_collection).service(update_aliases);
    config.service(collection_cluster);
}

fn vectors_and_snapshots(config: &mut web::ServiceConfig) {
    config.service(create_vector).service(delete_vector);
    config.service(snapshots).service(create_snapshot).service(snapshot).service(delete_snapshot);
    config.service(recover_snapshot);
}

fn updates(config: &mut web::ServiceConfig) {
    config.service(upsert_points).service(delete_points).service(overwrite_payload);
    config.service(set_payload).service(create_index).service(delete_index);
}

fn cluster_and_service(config: &mut web::ServiceConfig) {
    config.service(peer).service(cluster_key).service(delete_cluster_key);
    config.service(telemetry).service(healthz);
}

fn searches_and_issues(config: &mut web::ServiceConfig) {
    config.service(search_points).service(query_points);
    config.service(issues).service(clear_issues).service(update_debugger);
}

/// The database's own pages.
fn pages() -> impl HttpServiceFactory {
    web::scope("/dashboard")
        .wrap(DefaultHeaders::new().add(("X-Frame-Options", "DENY")))
        .service(Files::new("/", "browser/served").index_file("worker.js"))
}

macro_rules! app {
    ($cors:expr) => {
        App::new()
            .wrap(Compress::default())
            .wrap(from_fn(ask_for_key))
            .wrap(NormalizePath::trim())
            .wrap($cors)
            .wrap(Logger::default().exclude("/").exclude("/healthz"))
            .wrap(from_fn(passes))
            .service(index)
            .configure(collections_api)
            .configure(vectors_and_snapshots)
            .configure(updates)
            .configure(cluster_and_service)
            .configure(searches_and_issues)
            .service(scroll_points)
            .service(count_points)
            .service(point)
            .service(points)
            .service(pages())
    };
}

const CONSOLE: &str = "https://console.example.com";
const SHARED: [&str; 1] = ["access-control-allow-origin: *"];

/// What any page gets that asks for a method and headers.
fn granted(method: &str, headers: &str) -> Vec<String> {
    any_origin(method, headers, "")
}

fn questions() -> Vec<Question> {
    vec![
        preflight("PUT /collections/books", CONSOLE, "api-key,content-type")
            .gets(204, &granted("PUT", "api-key,content-type")),
        preflight("PATCH /debugger", CONSOLE, "api-key").gets(204, &granted("PATCH", "api-key")),
        preflight("DELETE /snapshots/1", CONSOLE, "api-key")
            .gets(204, &granted("DELETE", "api-key")),
        preflight("POST /collections/books/points/query/", CONSOLE, "content-type")
            .gets(204, &granted("POST", "content-type")),
        actual("PUT /collections/books", CONSOLE).header("api-key", "k").gets(200, &SHARED),
        actual("POST /collections/books/points", CONSOLE).header("api-key", "k").gets(200, &SHARED),
        // what the layer of keys answers, the router, and the files
        actual("GET /collections", CONSOLE).gets(401, &SHARED),
        actual("GET /no/such/path", CONSOLE).header("api-key", "k").gets(404, &SHARED),
        actual("PUT /snapshots", CONSOLE).header("api-key", "k").gets(404, &SHARED),
        actual("GET /dashboard/", CONSOLE).header("api-key", "k").gets(200, &SHARED),
        actual("GET /dashboard/none.js", CONSOLE).header("api-key", "k").gets(404, &SHARED),
        actual("GET /", "").header("api-key", "k").gets(200, &SHARED),
    ]
}

pub(crate) async fn application() -> Application {
    let original = Original {
        name: "qdrant",
        repository: "qdrant/qdrant",
        commit: "74f3e85b9473c62560006c043e13737ce6b48412",
        file: "src/actix/mod.rs",
        lines: 4,
        counts: "1 scope of files, 7 layers and 101 routes by macros; here 35 of the routes",
        codes: &[],
        note: "",
    };
    application!(original, DIFFERENCES, |cors| app!(Condition::new(true, cors())))
}

/// The setting that turns CORS off may stay where it is, and can be one of the builder.
#[actix_web::test]
async fn off_by_a_setting() {
    let open = || Cors::builder().allow_origins(["*"]).allow_methods(["*"]);
    for (way, is_wrapped, builder, status) in [
        ("not wrapped", false, open(), 404),
        ("disabled", true, open().disable(true), 403),
        ("external", true, open().external(true), 204),
    ] {
        let kept = builder.build().unwrap();
        let cors = kept.clone();
        let url = serve!(move || app!(Condition::new(is_wrapped, cors.clone())));
        let questions = vec![
            preflight("PUT /collections/books", CONSOLE, "api-key").header("api-key", "k"),
            actual("PUT /collections/books", CONSOLE).header("api-key", "k"),
        ];
        let answers: Vec<_> =
            ask(questions, &url, &url).await.into_iter().map(|it| it.ours).collect();
        let statuses: Vec<u16> = answers.iter().map(|own| own.status).collect();
        assert_eq!(statuses, [status, 200], "{way}");
        let is_shared = |own: &Response| own.get("access-control-allow-origin").is_some();
        assert!(!answers.iter().any(is_shared), "{way}");
        assert_eq!(kept.misuses(), [], "{way}");
    }
}
