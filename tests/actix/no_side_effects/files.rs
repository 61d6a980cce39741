//! `actix-files`: contents, conditions, ranges, indexes and listings.

use std::{fs, path::PathBuf};

use actix_files::{Files, NamedFile};
use actix_web::{App, HttpRequest, HttpResponse, get, web};
use cors_tests::client::Request;

use super::pair::{get, pair, twice};

/// A folder with a few files, made anew for each test.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("sub")).unwrap();
    let digits = (0..20_000).map(|number| number.to_string()).collect::<Vec<_>>().join(" ");
    for (file, content) in [
        ("index.html", "<p>index</p>"),
        ("digits.txt", &digits),
        ("empty.json", ""),
        ("a b.txt", "blank"),
        (".hidden", "hidden"),
        ("sub/page.html", "<p>page</p>"),
    ] {
        fs::write(folder.join(file), content).unwrap();
    }
    folder
}

twice! {
    #[get("/named/{name}")]
    async fn named(name: web::Path<String>, folder: web::Data<PathBuf>) -> std::io::Result<NamedFile> {
        NamedFile::open(folder.join(name.as_str()))
    }

    #[get("/static/special")]
    async fn special(request: HttpRequest) -> HttpResponse {
        HttpResponse::Ok().body(format!("{:?}", request.match_pattern()))
    }
}

#[actix_web::test]
async fn files_conditions_and_ranges() {
    let folder = folder("files");
    let pair = pair!(sharing { folder } {
        App::new()
            .app_data(web::Data::new(folder.clone()))
            .service((handlers::named, handlers::special))
            .service(Files::new("/static", folder.clone()).index_file("index.html"))
            .service(Files::new("/listed", folder.clone()).show_files_listing().prefer_utf8(true))
            .service(Files::new("/", folder.clone()).use_hidden_files().disable_content_disposition())
    });
    for path in [
        "/static/",
        "/static",
        "/static/index.html",
        "/static/digits.txt",
        "/static/empty.json",
        "/static/a%20b.txt",
        "/static/.hidden",
        "/static/sub",
        "/static/sub/",
        "/static/../files.rs",
        "/static/%2e%2e/x",
        "/static/nothing",
        "/static/special",
        "/listed/sub/",
        "/listed/digits.txt",
        "/named/digits.txt",
        "/named/nothing",
        "/.hidden",
        "/sub/page.html",
        "/nothing",
    ] {
        pair.same(&get(path)).await;
        pair.same(&Request::new("HEAD", path)).await;
        pair.same(&Request::new("POST", path)).await;
    }
    for path in ["/static/digits.txt", "/named/digits.txt"] {
        let whole = pair.same(&get(path)).await;
        assert_eq!(whole.status, 200);
        let etag = whole.get("etag").unwrap();
        let modified = whole.get("last-modified").unwrap();
        for (header, value, status) in [
            ("if-none-match", etag.as_str(), 304),
            ("if-none-match", "\"other\"", 200),
            ("if-modified-since", &modified, 304),
            ("if-modified-since", "Thu, 01 Jan 1970 00:00:00 GMT", 200),
            ("if-match", "\"other\"", 412),
            ("if-unmodified-since", "Thu, 01 Jan 1970 00:00:00 GMT", 412),
            ("range", "bytes=0-4", 206),
            ("range", "bytes=-5", 206),
            ("range", "bytes=70000-", 206),
            ("range", "bytes=9999999-", 416),
            ("range", "lines=1-2", 200),
        ] {
            let answer = pair.same(&get(path).header(header, value)).await;
            assert_eq!(answer.status, status, "{path} {header}: {value}");
        }
        let part = pair.same(&get(path).header("range", "bytes=0-4")).await;
        assert_eq!((part.body.as_str(), part.body.len()), ("0 1 2", 5));
        assert!(part.get("content-range").unwrap().starts_with("bytes 0-4/"));
    }
}

#[actix_web::test]
async fn files_in_a_scope_with_a_handler_of_its_own() {
    let folder = folder("files-in-a-scope");
    let fallback = || {
        web::to(async |request: HttpRequest| {
            HttpResponse::NotFound().body(format!("no {}", request.path()))
        })
    };
    let pair = pair!(sharing { folder } {
        let files = Files::new("/static", folder.clone());
        let files = files.path_filter(|path, _| path.extension().is_none_or(|end| end != "json"));
        App::new()
            .app_data(web::Data::new(folder.clone()))
            .service(web::scope("/s").service(handlers::named).service(
                files.index_file("index.html").redirect_to_slash_directory().default_handler(
                    actix_web::dev::fn_service(|request: actix_web::dev::ServiceRequest| async {
                        Ok(request.into_response(HttpResponse::Gone()))
                    }),
                ),
            ))
            .default_service(fallback())
    });
    for path in [
        "/s/static",
        "/s/static/",
        "/s/static/sub",
        "/s/static/empty.json",
        "/s/static/digits.txt",
        "/s/static/nothing",
        "/s/named/digits.txt",
        "/s/nothing",
        "/nothing",
    ] {
        pair.same(&get(path)).await;
    }
}
